/* SPDX-License-Identifier: GPL-3.0-or-later
   Figures of mappings by hand. */
#include "sim/cli/churn_figures.h"

#include "tests/test.h"

#include <math.h>

/* a with weight 2, b, c; d joins, b leaves. */
static const struct backend test_pods[] = {
    {"a", "a", "", 0, 2}, {"b", "b", "", 1, 1}, {"c", "c", "", 2, 1}, {"d", "d", "", 3, 4}};
static const uint8_t test_none[4] = {0}, test_b[4] = {0, 1, 0, 0};

static void test_is(double found, double expected)
{
    ASSERT_NEAR(found, expected, 1e-12);
}

static void a_removed_pod_loses_its_keys_and_no_more(void **state)
{
    (void)state;
    static const backend_id before[] = {0, 0, 1, 1, 2, 2, 0, 1}, after[] = {0, 0, 0, 2, 2, 0, 0, 0};
    struct churn_mapping mapping = {test_pods, 3, 3, test_b, true, before, after, 8};
    struct churn_figures figures = churn_figures_make(&mapping);
    assert_int_equal(figures.moved, 4);
    test_is(figures.least, 3);
    assert_int_equal(figures.among, 1);
    assert_int_equal(figures.nowhere_before + figures.nowhere_after, 0);
}

static void an_added_pod_takes_its_share_by_weight_if_that_matters(void **state)
{
    (void)state;
    static const backend_id before[] = {0, 0, 1, 2}, after[] = {3, 3, 1, 2};
    struct churn_mapping mapping = {test_pods, 4, 3, test_none, true, before, after, 4};
    test_is(churn_figures_make(&mapping).least, 2); /* 4 of 8 */
    mapping.weighted = false;
    test_is(churn_figures_make(&mapping).least, 1); /* a quarter */
    assert_int_equal(churn_figures_make(&mapping).among, 0);
}

/* What the removed pod leaves behind is enough for the one that comes in its place. */
static void a_pod_in_place_of_another_needs_no_more_than_its_keys(void **state)
{
    (void)state;
    static const backend_id before[] = {0, 1, 2, 1, 0, 2}, after[] = {0, 3, 2, 3, 0, 2};
    struct churn_mapping mapping = {test_pods, 4, 3, test_b, false, before, after, 6};
    struct churn_figures figures = churn_figures_make(&mapping);
    assert_int_equal(figures.moved, 2);
    test_is(figures.least, 2);
}

static void keys_may_be_mapped_nowhere(void **state)
{
    (void)state;
    static const backend_id before[] = {NO_BACKEND, 0, NO_BACKEND},
                            after[] = {0, NO_BACKEND, NO_BACKEND};
    struct churn_mapping mapping = {test_pods, 3, 3, test_b, true, before, after, 3};
    struct churn_figures figures = churn_figures_make(&mapping);
    uint64_t counts[3];
    assert_int_equal(figures.nowhere_before, 2);
    assert_int_equal(figures.nowhere_after, 2);
    assert_int_equal(figures.moved, 2);
    churn_figures_count(&mapping, true, counts);
    assert_int_equal(counts[0], 1);
    assert_int_equal(counts[1] + counts[2], 0);
}

static void the_peak_is_of_the_fair_load(void **state)
{
    (void)state;
    static const backend_id before[] = {0, 0, 1, 2}, after[] = {0, 2, 2, 2};
    struct churn_mapping mapping = {test_pods, 3, 3, test_b, true, before, after, 4};
    uint64_t counts[3];
    churn_figures_count(&mapping, false, counts);
    test_is(churn_figures_peak(&mapping, false, counts), 1);
    churn_figures_count(&mapping, true, counts);
    test_is(churn_figures_peak(&mapping, true, counts), 3 / (4 / 3.0)); /* c has a third */
    mapping.weighted = false;
    test_is(churn_figures_peak(&mapping, true, counts), 1.5);
    static const struct backend idle[] = {{"a", "a", "", 0, 0}};
    struct churn_mapping none = {idle, 1, 1, test_none, true, before, after, 4};
    assert_true(isnan(churn_figures_peak(&none, false, counts)));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_removed_pod_loses_its_keys_and_no_more),
    cmocka_unit_test(an_added_pod_takes_its_share_by_weight_if_that_matters),
    cmocka_unit_test(a_pod_in_place_of_another_needs_no_more_than_its_keys),
    cmocka_unit_test(keys_may_be_mapped_nowhere),
    cmocka_unit_test(the_peak_is_of_the_fair_load),
};

TEST_MAIN(tests)
