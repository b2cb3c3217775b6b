/* SPDX-License-Identifier: GPL-3.0-or-later
   Hit rates around membership changes, of rows by hand. */
#include "sim/report/churn_hits.h"

#include "tests/sim/report/rows.h"
#include "tests/test.h"

/* Changes at 1000 and 3000; the window ends at 4000. */
enum { TEST_END = 4000, TEST_SPANS = 3 };

static struct churn_plan test_plan(void)
{
    static struct churn_change changes[TEST_SPANS - 1] = {{.at = 1000}, {.at = 3000}};
    return (struct churn_plan){changes, TEST_SPANS - 1};
}

static void test_add(struct churn_span_hits *spans, sim_time end, sim_time dispatched,
                     unsigned cache)
{
    struct churn_plan plan = test_plan();
    struct trace_row row = rows_ok(dispatched - 8, 0, 0, 1);
    row.cache = cache & 3;
    churn_hits_add(spans, &plan, end, dispatched < 1000 ? 0 : dispatched < 3000 ? 1 : 2, &row);
}

static void test_hits(struct hits hits, uint64_t found, uint64_t asked)
{
    assert_int_equal(hits.found, found);
    assert_int_equal(hits.asked, asked);
}

static struct churn_hits test_around(const struct churn_span_hits *spans, sim_time end,
                                     size_t change)
{
    struct churn_plan plan = test_plan();
    return churn_hits_around(spans, &plan, end, change);
}

static void spans_are_summed_and_the_lowest_tenth_is_told(void **state)
{
    (void)state;
    struct churn_span_hits spans[TEST_SPANS] = {0};
    static const struct {
        sim_time dispatched;
        unsigned cache;
    } rows[] = {
        {8, LOOKUP_MISS},    {999, LOOKUP_HIT},   {500, LOOKUP_HIT}, /* 2 of 3 before */
        {1000, LOOKUP_MISS}, {1199, LOOKUP_HIT},                     /* tenth 0: 1 of 2 */
        {1200, LOOKUP_MISS}, {1399, LOOKUP_HIT},  {1300, LOOKUP_MISS}, /* tenth 1: 1 of 3 */
        {2999, LOOKUP_HIT},                                          /* tenth 9: 1 of 1 */
        {3000, LOOKUP_HIT},  {3999, LOOKUP_MISS},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        test_add(spans, TEST_END, rows[i].dispatched, rows[i].cache);
    struct churn_hits first = test_around(spans, TEST_END, 0);
    struct churn_hits second = test_around(spans, TEST_END, 1);
    test_hits(first.before, 2, 3);
    test_hits(first.after, 3, 6);
    test_hits(first.lowest, 1, 3);
    test_hits(second.before, 3, 6);
    test_hits(second.after, 1, 2);
    test_hits(second.lowest, 0, 1);
}

static void only_the_measured_window_counts(void **state)
{
    (void)state;
    struct churn_span_hits spans[TEST_SPANS] = {0};
    struct churn_plan plan = test_plan();
    struct trace_row row = rows_ok(100, 0, 0, 1);
    row.cache = LOOKUP_HIT;
    row.phase = PHASE_WARMUP;
    churn_hits_add(spans, &plan, TEST_END, 0, &row);
    test_hits(test_around(spans, TEST_END, 0).before, 0, 0);
}

static void without_an_end_the_last_time_has_no_lowest(void **state)
{
    (void)state;
    struct churn_span_hits spans[TEST_SPANS] = {0};
    test_add(spans, SIM_NEVER, 2000, LOOKUP_MISS);
    test_add(spans, SIM_NEVER, 3500, LOOKUP_HIT);
    test_hits(test_around(spans, SIM_NEVER, 0).lowest, 0, 1);
    test_hits(test_around(spans, SIM_NEVER, 1).after, 1, 1);
    test_hits(test_around(spans, SIM_NEVER, 1).lowest, 0, 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(spans_are_summed_and_the_lowest_tenth_is_told),
    cmocka_unit_test(only_the_measured_window_counts),
    cmocka_unit_test(without_an_end_the_last_time_has_no_lowest),
};

TEST_MAIN(tests)
