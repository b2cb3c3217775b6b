/* SPDX-License-Identifier: GPL-3.0-or-later
   Retry budgets worked out by hand in the products' integers, and their windows. */
#include "models/retry_budget.h"
#include "tests/models/kind_bind.h"

struct budget_bound {
    struct kind_bound bound;
    struct retry_budget budget;
};

static void budget_open(struct budget_bound *it, const char *text)
{
    it->bound = kind_bind(&retry_budget_kinds, text);
    retry_budget_open(&it->budget, &it->bound.kind, 0);
}

static void test_of_load(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t active, retries;
        bool may;
    } cases[] = {
        {"concurrent", 1, 2, true},      {"concurrent", 1000, 3, false},
        {"{concurrent: 1}", 1, 1, false}, {"percent", 0, 2, true},
        {"percent", 10, 3, false},       {"percent", 19, 3, false},
        {"percent", 20, 3, true},        {"percent", 24, 4, false},
        {"percent", 25, 4, true},        {"{percent: {min_retry_concurrency: 0}}", 4, 0, false},
        {"none", 1, 1000000, true},      {"{percent: {min_retry_concurrency: 0}}", 5, 0, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct budget_bound it;
        budget_open(&it, cases[i].text);
        const struct retry_load load = {cases[i].active, cases[i].retries};
        if (retry_budget_withdraw(&it.budget, &load, 0) != cases[i].may)
            fail_msg("%s with %llu of %llu: expected %d", cases[i].text,
                     (unsigned long long)load.retries, (unsigned long long)load.active,
                     cases[i].may);
        arena_free(&it.bound.arena);
    }
    const struct param_kind absent = {.kind = NULL};
    struct retry_budget budget;
    retry_budget_open(&budget, &absent, 0);
    assert_true(retry_budget_withdraw(&budget, &(struct retry_load){1, 1000}, 0));
}

static uint64_t withdraw_all(struct retry_budget *budget, sim_time now)
{
    uint64_t count = 0;
    while (retry_budget_withdraw(budget, &(struct retry_load){0, 0}, now) && count < 1000000)
        count++;
    return count;
}

/* 1000 tokens a request, 5000 a retry, a reserve of 10 * 10 * 5000: 100 retries at first, 20
   more of 100 requests, none of 4. */
static void test_finagle(void **state)
{
    (void)state;
    struct budget_bound it;
    budget_open(&it, "finagle");
    assert_true(it.budget.tokens.deposit == 1000 && it.budget.tokens.withdrawal == 5000);
    assert_true(it.budget.tokens.reserve == 500000);
    assert_int_equal(retry_tokens_balance(&it.budget.tokens, 0), 100);
    for (int i = 0; i < 100; i++)
        retry_budget_begin(&it.budget, 0);
    retry_budget_end(&it.budget, 0); /* gives nothing */
    assert_int_equal(withdraw_all(&it.budget, 999 * SIM_MILLISECOND), 120);
    for (int i = 0; i < 4; i++)
        retry_budget_begin(&it.budget, 999 * SIM_MILLISECOND);
    assert_int_equal(withdraw_all(&it.budget, 999 * SIM_MILLISECOND), 0);
    retry_budget_begin(&it.budget, 999 * SIM_MILLISECOND);
    assert_int_equal(withdraw_all(&it.budget, 999 * SIM_MILLISECOND), 1);
    arena_free(&it.bound.arena);
}

/* What came in the first second counts until nine windows of 1 s were closed after its own,
   each when somebody asks: with a question each second, up to 10 s and no longer. */
static void test_finagle_windows(void **state)
{
    (void)state;
    struct retry_tokens tokens;
    retry_tokens_open(&tokens, 0.2, 0, 10 * SIM_SECOND, 0);
    assert_false(retry_tokens_take(&tokens, 0));
    for (int i = 0; i < 50; i++)
        retry_tokens_put(&tokens, 0);
    for (int second = 0; second <= 12; second++)
        assert_int_equal(retry_tokens_balance(&tokens, second * SIM_SECOND),
                         second < 10 ? 10 : 0);
    /* Nobody asks for 9.999 s, then for 10 s: 8 windows, then 9, went by unseen. */
    for (int gap = 0; gap < 2; gap++) {
        retry_tokens_open(&tokens, 0.2, 0, 10 * SIM_SECOND, 0);
        for (int i = 0; i < 50; i++)
            retry_tokens_put(&tokens, 0);
        sim_time later = gap == 0 ? 9999 * SIM_MILLISECOND : 10 * SIM_SECOND;
        assert_int_equal(retry_tokens_balance(&tokens, later), gap == 0 ? 10 : 0);
    }
    /* A window begins when it is asked for: of 1.9 s each five last as long as nine should. */
    retry_tokens_open(&tokens, 0.2, 0, 10 * SIM_SECOND, 0);
    retry_tokens_put(&tokens, 0);
    for (int i = 1; i <= 9; i++) {
        sim_time now = i * 1900 * SIM_MILLISECOND;
        retry_tokens_put(&tokens, now);
        assert_int_equal(retry_tokens_balance(&tokens, now), (i + 1) / 5);
    }
    retry_tokens_put(&tokens, 19 * SIM_SECOND);
    assert_int_equal(retry_tokens_balance(&tokens, 19 * SIM_SECOND), 2);
}

/* Retries taken are owed until their window expires. */
static void test_finagle_debts(void **state)
{
    (void)state;
    struct retry_tokens tokens;
    retry_tokens_open(&tokens, 0, 2, 5 * SIM_SECOND, 0);
    assert_true(tokens.deposit == 0 && tokens.withdrawal == 1 && tokens.reserve == 10);
    for (int i = 0; i < 10; i++)
        assert_true(retry_tokens_take(&tokens, 0));
    for (sim_time now = 0; now <= 6 * SIM_SECOND; now += 500 * SIM_MILLISECOND)
        assert_int_equal(retry_tokens_balance(&tokens, now), now < 5 * SIM_SECOND ? 0 : 10);
    retry_tokens_open(&tokens, 2, 0, SIM_SECOND, 0);
    assert_true(tokens.withdrawal == 500);
    retry_tokens_put(&tokens, 0);
    assert_true(retry_tokens_take(&tokens, 0) && retry_tokens_take(&tokens, 0));
    assert_false(retry_tokens_take(&tokens, 0));
}

/* 1 token a success, 5 a retry, a reserve of 10 * 10 * 5. */
static void test_linkerd(void **state)
{
    (void)state;
    struct budget_bound it;
    budget_open(&it, "linkerd");
    assert_true(it.budget.tokens.deposit == 1 && it.budget.tokens.withdrawal == 5);
    assert_true(it.budget.tokens.reserve == 500);
    for (int i = 0; i < 25; i++) {
        retry_budget_begin(&it.budget, 0); /* gives nothing */
        retry_budget_end(&it.budget, 0);
    }
    assert_int_equal(withdraw_all(&it.budget, 0), 105);
    arena_free(&it.bound.arena);
}

/* Asked at the very end of each window its ten are kept, asked later only every other. */
static void test_linkerd_windows(void **state)
{
    (void)state;
    struct retry_tokens tokens;
    retry_tokens_open_tower(&tokens, 0.2, 0, 10 * SIM_SECOND, 0);
    for (int i = 0; i < 5; i++)
        retry_tokens_put(&tokens, 0);
    for (int second = 0; second <= 12; second++)
        assert_int_equal(retry_tokens_balance(&tokens, second * SIM_SECOND),
                         second <= 10 ? 1 : 0);
    retry_tokens_open_tower(&tokens, 0.2, 0, 10 * SIM_SECOND, 0);
    for (int i = 0; i < 5; i++)
        retry_tokens_put(&tokens, 0);
    for (int i = 1; i <= 8; i++)
        assert_int_equal(retry_tokens_balance(&tokens, i * 1001 * SIM_MILLISECOND),
                         i <= 5 ? 1 : 0);
    /* Nobody asks for long: all is forgotten, however long. */
    retry_tokens_put(&tokens, 9 * SIM_SECOND);
    assert_int_equal(retry_tokens_balance(&tokens, SIM_LONGEST), 0);
    retry_tokens_open_tower(&tokens, 2.5, 0, SIM_SECOND, 0);
    assert_true(tokens.deposit == 1000 && tokens.withdrawal == 400);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_of_load),         cmocka_unit_test(test_finagle),
    cmocka_unit_test(test_finagle_windows), cmocka_unit_test(test_finagle_debts),
    cmocka_unit_test(test_linkerd),         cmocka_unit_test(test_linkerd_windows),
};

TEST_MAIN(tests)
