/* SPDX-License-Identifier: GPL-3.0-or-later
   Expectations as users write them, and what is said of those that are wrong. */
#include "sim/report/expect.h"

#include "tests/test.h"

#include <string.h>

struct parsed {
    struct arena arena;
    struct expectation expectation;
    struct expect_error error;
};

static struct expectation *parse(struct parsed *parsed, const char *text)
{
    *parsed = (struct parsed){0};
    if (!expect_parse(text, &parsed->expectation, &parsed->arena, &parsed->error))
        fail_msg("'%s' refused: %s", text, parsed->error.message);
    return &parsed->expectation;
}

static void thresholds_are_read(void **state)
{
    (void)state;
    struct parsed parsed;
    struct expectation *it = parse(&parsed, "p99 of p2c < 60ms");
    assert_string_equal(it->left.metric->metric.name, "p99");
    assert_string_equal(it->left.policy, "p2c");
    assert_string_equal(it->left.scope, "all");
    assert_int_equal(it->op, EXPECT_LESS);
    ASSERT_NEAR(it->value, 0.06, 1e-17);
    assert_null(it->right.metric);
    arena_free(&parsed.arena);
}

static void blanks_and_policies_may_be_left_out(void **state)
{
    (void)state;
    struct parsed parsed;
    struct expectation *it = parse(&parsed, " error_rate<=0.5% ");
    assert_null(it->left.policy);
    assert_int_equal(it->op, EXPECT_AT_MOST);
    ASSERT_NEAR(it->value, 0.005, 1e-18);
    arena_free(&parsed.arena);
    assert_null(parse(&parsed, "mean of all > 1us")->left.policy);
    arena_free(&parsed.arena);
}

static void each_unit_has_its_values(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } cases[] = {
        {"throughput >= 1.5k/s", 1500}, {"requests > 100k", 100000},
        {"jain_requests > 0.9", 0.9},   {"max_over_mean_requests < 1.2", 1.2},
        {"churn_excess in change 1 < -1%", -0.01}, {"mean > 0", 0},
        {"mean < 1m30s", 90},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct parsed parsed;
        ASSERT_NEAR(parse(&parsed, cases[i].text)->value, cases[i].value, 1e-12);
        arena_free(&parsed.arena);
    }
}

static void scopes_have_names(void **state)
{
    (void)state;
    struct parsed parsed;
    assert_string_equal(parse(&parsed, "mean of p2c in client web < 1s")->left.scope,
                        "client web");
    arena_free(&parsed.arena);
    assert_string_equal(parse(&parsed, "p99 in group slow<1s")->left.scope, "group slow");
    arena_free(&parsed.arena);
    assert_string_equal(parse(&parsed, "p99 in all < 1s")->left.scope, "all");
    arena_free(&parsed.arena);
}

static void scopes_may_come_first(void **state)
{
    (void)state;
    struct parsed parsed;
    struct expectation *it =
        parse(&parsed, "p99 in window 10s..12s of p2c < 2 * p99 in window 0s..2s of jsq");
    assert_string_equal(it->left.scope, "window 10s..12s");
    assert_string_equal(it->left.policy, "p2c");
    assert_string_equal(it->right.scope, "window 0s..2s");
    assert_string_equal(it->right.policy, "jsq");
    arena_free(&parsed.arena);
    it = parse(&parsed, "fault_share in fault 1 < 5%");
    assert_string_equal(it->left.scope, "fault 1");
    assert_null(it->left.policy);
    arena_free(&parsed.arena);
}

static void the_other_side_may_be_a_policy(void **state)
{
    (void)state;
    struct parsed parsed;
    struct expectation *it = parse(&parsed, "p99 of p2c <= 0.9 * p99.9 of jsq in client web");
    ASSERT_NEAR(it->factor, 0.9, 1e-15);
    assert_string_equal(it->right.metric->metric.name, "p99.9");
    assert_string_equal(it->right.policy, "jsq");
    assert_string_equal(it->right.scope, "client web");
    assert_false(it->right.is_stored);
    arena_free(&parsed.arena);
    it = parse(&parsed, "p99 <= 105%*p99 of baseline");
    ASSERT_NEAR(it->factor, 1.05, 1e-15);
    assert_true(it->right.is_stored);
    assert_null(it->right.policy);
    arena_free(&parsed.arena);
    it = parse(&parsed, "p99 of a <= p99 of b");
    ASSERT_NEAR(it->factor, 1, 0);
    arena_free(&parsed.arena);
}

/* The caret of each mistake stands at the word in question. */
static void mistakes_are_placed(void **state)
{
    (void)state;
    static const struct {
        const char *text, *at, *message;
    } cases[] = {
        {"", "", "expected a metric"},
        {"p98 < 1s", "p98", "unknown metric 'p98'"},
        {"p99 of < 1s", "<", "expected a policy"},
        {"p99 in fleet x < 1s", "fleet", "unknown scope 'fleet'"},
        {"p99 in client < 1s", "client", "'client' needs a name"},
        {"cv in client web < 1", "client", "there is no cv in scope 'client web'"},
        {"p99 == 1s", "=", "expected one of"},
        {"p99", "", "expected one of"},
        {"p99 < 60", "60", "a duration"},
        {"error_rate < 5ms", "5ms", "a ratio"},
        {"p99 <", "", "a duration"},
        {"p99 < 0 * p99 of a", "0", "a factor"},
        {"p99 < 2 p99 * of a", "2", "a factor"},
        {"p99 < 0.5 * p99", "p99", "of which policy"},
        {"p99 < error_rate of a", "error_rate", "different units"},
        {"p99 < p99 of a b", "b", "something follows"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct parsed parsed = {0};
        assert_false(expect_parse(cases[i].text, &parsed.expectation, &parsed.arena,
                                  &parsed.error));
        if (strstr(parsed.error.message, cases[i].message) == NULL)
            fail_msg("%s: found '%s', expected '%s'", cases[i].text, parsed.error.message,
                     cases[i].message);
        const char *at = cases[i].text + parsed.error.offset;
        if (strncmp(at, cases[i].at, strlen(cases[i].at)) != 0)
            fail_msg("%s: the caret is at '%s', expected '%s'", cases[i].text, at, cases[i].at);
        arena_free(&parsed.arena);
    }
}

static void names_are_located(void **state)
{
    (void)state;
    struct parsed parsed;
    struct expectation *it = parse(&parsed, "p99 of jsq < p99 of jsq");
    expect_locate(it, it->left.policy, &parsed.error);
    assert_int_equal(parsed.error.offset, 7);
    expect_locate(it, it->right.policy, &parsed.error);
    assert_int_equal(parsed.error.offset, 20);
    assert_int_equal(parsed.error.length, 3);
    arena_free(&parsed.arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(thresholds_are_read),
    cmocka_unit_test(blanks_and_policies_may_be_left_out),
    cmocka_unit_test(each_unit_has_its_values),
    cmocka_unit_test(scopes_have_names),
    cmocka_unit_test(scopes_may_come_first),
    cmocka_unit_test(the_other_side_may_be_a_policy),
    cmocka_unit_test(mistakes_are_placed),
    cmocka_unit_test(names_are_located),
};

TEST_MAIN(tests)
