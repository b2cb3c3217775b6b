/* SPDX-License-Identifier: GPL-3.0-or-later
   Three outcomes by the interval, and those that no interval can decide. */
#include "sim/report/verdict.h"

#include "tests/sim/report/replicated.h"

#include <string.h>

enum { RUNS = 10 };

struct judged {
    struct replicated measures, stored;
    struct verdict_list list;
    struct arena arena;
    struct expectation expectation;
    bool unpaired, partial;
};

static const struct verdict *judge(struct judged *judged, const char *text)
{
    struct expect_error error;
    verdict_free(&judged->list);
    if (!expect_parse(text, &judged->expectation, &judged->arena, &error))
        fail_msg("'%s' refused: %s", text, error.message);
    struct verdict_ground ground = {
        .report = &judged->measures.report,
        .stored = judged->stored.report.count > 0 ? &judged->stored.report : NULL,
        .stored_is_paired = !judged->unpaired,
        .is_partial = judged->partial};
    verdict_judge(&judged->list, &judged->expectation, &ground);
    assert_true(judged->list.count > 0);
    return &judged->list.items[0];
}

static void judged_free(struct judged *judged)
{
    verdict_free(&judged->list);
    arena_free(&judged->arena);
}

static void check(struct judged *judged, const char *text, enum verdict_outcome expected)
{
    enum verdict_outcome found = judge(judged, text)->outcome;
    if (found != expected)
        fail_msg("%s: found %s, expected %s", text, verdict_word(found),
                 verdict_word(expected));
}

/* The interval is 1 -+ 2.262157 * 0.00957427, so 0.978 to 1.022 s. */
static void the_whole_interval_decides(void **state)
{
    (void)state;
    struct judged judged = {0};
    replicated_add(&judged.measures, "a", replicated_plain, RUNS);
    check(&judged, "p99 of a < 1.03s", VERDICT_PASS);
    check(&judged, "p99 of a < 1.01s", VERDICT_UNDECIDED);
    check(&judged, "p99 of a < 0.99s", VERDICT_UNDECIDED);
    check(&judged, "p99 of a < 0.97s", VERDICT_FAIL);
    check(&judged, "p99 of a > 0.97s", VERDICT_PASS);
    check(&judged, "p99 of a > 1s", VERDICT_UNDECIDED);
    check(&judged, "p99 of a >= 1.03s", VERDICT_FAIL);
    judged_free(&judged);
}

/* t(0.9985, 9) = 4.0 or so: 0.962 to 1.038 s. */
static void a_firm_verdict_needs_a_wider_interval(void **state)
{
    (void)state;
    struct judged judged = {0};
    replicated_add(&judged.measures, "a", replicated_plain, RUNS);
    assert_false(judge(&judged, "p99 of a < 1.03s")->is_firm);
    assert_true(judge(&judged, "p99 of a < 1.05s")->is_firm);
    assert_false(judge(&judged, "p99 of a < 0.97s")->is_firm);
    assert_true(judge(&judged, "p99 of a < 0.95s")->is_firm);
    judged_free(&judged);
}

static void equality_matters_where_there_is_no_spread(void **state)
{
    (void)state;
    static const double equal[] = {2, 2, 2, 2, 2, 2, 2, 2, 2, 2};
    struct judged judged = {0};
    replicated_add(&judged.measures, "a", equal, RUNS);
    check(&judged, "p99 of a <= 2s", VERDICT_PASS);
    check(&judged, "p99 of a < 2s", VERDICT_FAIL);
    check(&judged, "p99 of a >= 2s", VERDICT_PASS);
    check(&judged, "p99 of a > 2s", VERDICT_FAIL);
    judged_free(&judged);
}

static void nothing_measured_fails(void **state)
{
    (void)state;
    struct judged judged = {0};
    struct measure *measure = replicated_add(&judged.measures, "a", replicated_plain, RUNS);
    check(&judged, "mean of a < 1s", VERDICT_FAIL);
    check(&judged, "p99 of b < 1s", VERDICT_FAIL);
    check(&judged, "p99 of a in client web < 1s", VERDICT_FAIL);
    measure->samples = 0;
    measure->value = NAN;
    assert_string_equal(judge(&judged, "p99 of a < 1s")->why, "no samples");
    assert_int_equal(judged.list.items[0].outcome, VERDICT_FAIL);
    judged_free(&judged);
}

static void thin_evidence_is_undecided(void **state)
{
    (void)state;
    struct judged judged = {0};
    struct measure *measure = replicated_add(&judged.measures, "a", replicated_plain, RUNS);
    measure->value = measure->low = measure->high = NAN;
    measure->note = "insufficient";
    check(&judged, "p99 of a < 9s", VERDICT_UNDECIDED);
    replicated_add(&judged.measures, "b", replicated_plain, 9);
    check(&judged, "p99 of b < 9s", VERDICT_UNDECIDED);
    judged_free(&judged);
}

static void facts_are_compared_by_value(void **state)
{
    (void)state;
    struct judged judged = {0};
    struct measure *measure = replicated_add(&judged.measures, "a", replicated_plain, RUNS);
    measure->metric = "max";
    measure->low = measure->high = NAN;
    check(&judged, "max of a < 1.001s", VERDICT_PASS);
    check(&judged, "max of a < 0.999s", VERDICT_FAIL);
    judged_free(&judged);
}

/* 1000 requests without an error: the share may be up to 1 - 0.025^(1 / 1000) = 0.37 %. */
static void no_error_at_all_still_has_a_bound(void **state)
{
    (void)state;
    static const double zeros[RUNS] = {0};
    struct judged judged = {0};
    struct measure *measure = replicated_add(&judged.measures, "a", zeros, RUNS);
    measure->metric = "error_rate";
    measure->unit = "ratio";
    check(&judged, "error_rate of a < 0.4%", VERDICT_PASS);
    check(&judged, "error_rate of a < 0.3%", VERDICT_UNDECIDED);
    check(&judged, "error_rate of a <= 0%", VERDICT_PASS);
    ASSERT_NEAR(judge(&judged, "error_rate of a < 1%")->high, 0.0036821, 1e-6);
    judged_free(&judged);
}

static void sides_are_compared_pair_by_pair(void **state)
{
    (void)state;
    double values[RUNS];
    for (int i = 0; i < RUNS; i++)
        values[i] = replicated_plain[i] * (i % 2 ? 0.91 : 0.89);
    struct judged judged = {0};
    replicated_add(&judged.measures, "a", values, RUNS);
    replicated_add(&judged.measures, "b", replicated_plain, RUNS);
    check(&judged, "p99 of a <= p99 of b", VERDICT_PASS);
    check(&judged, "p99 of a <= 0.9 * p99 of b", VERDICT_UNDECIDED);
    check(&judged, "p99 of a <= 0.85 * p99 of b", VERDICT_FAIL);
    char found[VERDICT_FOUND_SIZE];
    verdict_found(&judged.list.items[0], found); /* 900 ms against 0.85 * 1 s */
    assert_non_null(strstr(found, "900ms against 850ms: +5.8"));
    check(&judged, "p99 of b <= p99 of b", VERDICT_PASS);
    check(&judged, "p99 of b < p99 of b", VERDICT_FAIL);
    judged_free(&judged);
}

static void a_stored_result_may_be_the_other_side(void **state)
{
    (void)state;
    struct judged judged = {0};
    replicated_add(&judged.measures, "a", replicated_plain, RUNS);
    check(&judged, "p99 <= p99 of baseline", VERDICT_SKIPPED);
    replicated_add(&judged.stored, "a", replicated_plain, RUNS);
    check(&judged, "p99 <= p99 of baseline", VERDICT_PASS);
    judged.unpaired = true; /* the same values by chance tell nothing */
    check(&judged, "p99 <= p99 of baseline", VERDICT_UNDECIDED);
    check(&judged, "p99 <= 1.1 * p99 of baseline", VERDICT_PASS);
    judged.stored.items[0].value = NAN; /* which no further replication can help */
    judged.stored.items[0].note = "insufficient";
    assert_true(judge(&judged, "p99 <= p99 of baseline")->is_firm);
    assert_int_equal(judged.list.items[0].outcome, VERDICT_UNDECIDED);
    char found[VERDICT_FOUND_SIZE];
    verdict_found(&judged.list.items[0], found);
    assert_string_equal(found, "baseline: insufficient");
    judged_free(&judged);
}

static void all_policies_are_meant_without_one(void **state)
{
    (void)state;
    struct judged judged = {0};
    replicated_add(&judged.measures, "a", replicated_plain, RUNS);
    replicated_add(&judged.measures, "b", replicated_plain, RUNS);
    judge(&judged, "p99 < 2s");
    assert_int_equal(judged.list.count, 2);
    char title[64], found[VERDICT_FOUND_SIZE];
    verdict_title(&judged.list.items[1], title, sizeof title);
    assert_string_equal(title, "b: p99 < 2s");
    verdict_found(&judged.list.items[1], found);
    assert_string_equal(found, "1.00s (978ms to 1.02s)");
    judge(&judged, "p99 <= p99 of b"); /* b itself is not held against b */
    assert_int_equal(judged.list.count, 1);
    assert_string_equal(judged.list.items[0].policy, "a");
    judged_free(&judged);
}

static void the_gravest_outcome_counts(void **state)
{
    (void)state;
    struct judged judged = {0};
    replicated_add(&judged.measures, "a", replicated_plain, RUNS);
    judge(&judged, "p99 of a < 2s");
    assert_int_equal(verdict_worst(&judged.list), VERDICT_PASS);
    verdict_skip(&judged.list, "p99 of c < 1s", "its policy is not run");
    assert_int_equal(verdict_worst(&judged.list), VERDICT_SKIPPED);
    judge(&judged, "p99 of a < 1s");
    assert_int_equal(verdict_worst(&judged.list), VERDICT_UNDECIDED);
    judge(&judged, "p99 of a < 0.5s");
    assert_int_equal(verdict_worst(&judged.list), VERDICT_FAIL);
    judged_free(&judged);
}

/* Replications that are all the same bring nothing new, however unclear it is; of a single one
   there may be others yet. */
static void sections_are_all_there_is(void **state)
{
    (void)state;
    struct judged judged = {0};
    replicated_add(&judged.measures, "a", replicated_plain, RUNS);
    struct measure *measure = &judged.measures.report.measures[0];
    assert_false(judge(&judged, "p99 of a < 1.01s")->is_firm);
    measure->sections = 20;
    assert_true(judge(&judged, "p99 of a < 1.01s")->is_firm);
    check(&judged, "p99 of a < 1.01s", VERDICT_UNDECIDED);
    measure->value_count = 1;
    assert_false(judge(&judged, "p99 of a < 1.01s")->is_firm);
    measure->sections = 0;
    measure->low = measure->high = (double)NAN;
    measure->note = "no interval: sections say too little";
    assert_string_equal(judge(&judged, "p99 of a < 1.01s")->why, measure->note);
    judged_free(&judged);
}

/* Of a, all is there; of b, which would have come next, nothing: it is neither good nor bad.
   That a has no figures of client x is no matter of time. */
static void a_run_that_was_stopped_decides_nothing_of_the_rest(void **state)
{
    (void)state;
    struct judged judged = {.partial = true};
    replicated_add(&judged.measures, "a", replicated_plain, RUNS);
    check(&judged, "p99 of b < 1.03s", VERDICT_UNDECIDED);
    check(&judged, "p99 of a < p99 of b", VERDICT_UNDECIDED);
    check(&judged, "p99 of b < p99 of a", VERDICT_UNDECIDED);
    check(&judged, "p99 of a < 1.03s", VERDICT_PASS);
    check(&judged, "p99 of a in client x < 1.03s", VERDICT_FAIL);
    judged.partial = false;
    check(&judged, "p99 of b < 1.03s", VERDICT_FAIL);
    judged_free(&judged);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_whole_interval_decides),
    cmocka_unit_test(a_firm_verdict_needs_a_wider_interval),
    cmocka_unit_test(equality_matters_where_there_is_no_spread),
    cmocka_unit_test(nothing_measured_fails),
    cmocka_unit_test(thin_evidence_is_undecided),
    cmocka_unit_test(facts_are_compared_by_value),
    cmocka_unit_test(no_error_at_all_still_has_a_bound),
    cmocka_unit_test(sides_are_compared_pair_by_pair),
    cmocka_unit_test(a_stored_result_may_be_the_other_side),
    cmocka_unit_test(all_policies_are_meant_without_one),
    cmocka_unit_test(a_run_that_was_stopped_decides_nothing_of_the_rest),
    cmocka_unit_test(the_gravest_outcome_counts),
    cmocka_unit_test(sections_are_all_there_is),
};

TEST_MAIN(tests)
