/* SPDX-License-Identifier: GPL-3.0-or-later
   Metrics by name. */
#include "sim/report/metric_find.h"

#include "tests/test.h"

static void metrics_are_found_by_name(void **state)
{
    (void)state;
    assert_string_equal(metric_find("p99.9")->metric.name, "p99.9");
    assert_null(metric_find("p98"));
    assert_null(metric_find(""));
    assert_string_equal(metric_find_nearest("eror_rate"), "error_rate");
    assert_null(metric_find_nearest("entirely_else"));
}

static void metrics_have_a_direction(void **state)
{
    (void)state;
    assert_int_equal(metric_find_direction(metric_find("p99")), -1);
    assert_int_equal(metric_find_direction(metric_find("throughput")), 1);
    assert_int_equal(metric_find_direction(metric_find("requests")), 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(metrics_are_found_by_name),
    cmocka_unit_test(metrics_have_a_direction),
};

TEST_MAIN(tests)
