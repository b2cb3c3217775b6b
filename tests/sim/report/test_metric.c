/* SPDX-License-Identifier: GPL-3.0-or-later
   The list of metrics: complete, unique, and in words that the rest of the program knows. */
#include "sim/report/metric.h"

#include "tests/test.h"

#include <string.h>

static const struct metric *test_find(const char *name)
{
    const struct metric *metric, *found = NULL;
    for (size_t i = 0; (metric = metric_at(i)) != NULL; i++) {
        if (strcmp(metric->name, name) != 0)
            continue;
        assert_null(found); /* names are unique */
        found = metric;
    }
    return found;
}

static bool test_is_one_of(const char *word, const char *const *words)
{
    while (*words != NULL && strcmp(*words, word) != 0)
        words++;
    return *words != NULL;
}

static void every_metric_is_described(void **state)
{
    (void)state;
    static const char *const units[] = {"s", "1/s", "ratio", "count", NULL};
    static const char *const better[] = {"lower", "higher", "", NULL};
    const struct metric *metric;
    for (size_t i = 0; (metric = metric_at(i)) != NULL; i++) {
        assert_ptr_equal(test_find(metric->name), metric);
        assert_true(test_is_one_of(metric->unit, units));
        assert_true(test_is_one_of(metric->better, better));
        assert_true(strlen(metric->help) > 10);
        assert_null(strchr(metric->help, '\n'));
        assert_true(metric_row_at(i)->scopes != 0);
    }
    assert_null(metric_at(SIZE_MAX));
}

static void every_failure_has_a_metric_of_its_name(void **state)
{
    (void)state;
    for (int i = 0; i < OUTCOME_COUNT; i++)
        assert_int_equal(test_find(outcome_names[i]) != NULL,
                         i != OUTCOME_OK && i != OUTCOME_CANCELLED);
    struct summary summary = {.requests = 1000};
    for (int i = 0; i < OUTCOME_COUNT; i++)
        summary.outcomes[i] = (uint64_t)i;
    for (int i = OUTCOME_OK + 1; i < OUTCOME_CANCELLED; i++) {
        const struct metric_row *row =
            (const struct metric_row *)(const void *)test_find(outcome_names[i]);
        ASSERT_NEAR(row->value(row, &summary), i / 1000.0, 1e-15);
    }
}

/* The text renderers stand a row on each scope's requests. */
static void requests_come_first_in_every_scope(void **state)
{
    (void)state;
    assert_string_equal(metric_at(0)->name, "requests");
    assert_int_equal(metric_row_at(0)->scopes, ((1 << SCOPE_CHANGE) - 1) | 1 << SCOPE_WINDOW |
                                                   1 << SCOPE_TIER | 1 << SCOPE_BALANCER);
}

/* What is counted, and so 0 where there is nothing. */
static bool test_is_count(const char *name)
{
    static const char *const names[] = {"requests",   "attempts", "churn_keys", "fault_episodes",
                                        "fault_time", "pods",     "instances",  NULL};
    return test_is_one_of(name, names);
}

static void nothing_gives_no_ratio(void **state)
{
    (void)state;
    struct summary nothing;
    summary_init(&nothing);
    const struct metric_row *row;
    for (size_t i = 0; (row = metric_row_at(i)) != NULL; i++) {
        if (test_is_count(row->metric.name))
            ASSERT_NEAR(row->value(row, &nothing), 0, 0);
        else
            assert_true(isnan(row->value(row, &nothing)));
        assert_int_equal(metric_samples(row, &nothing), 0);
    }
    summary_free(&nothing);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_metric_is_described),
    cmocka_unit_test(every_failure_has_a_metric_of_its_name),
    cmocka_unit_test(requests_come_first_in_every_scope),
    cmocka_unit_test(nothing_gives_no_ratio),
};

TEST_MAIN(tests)
