/* SPDX-License-Identifier: GPL-3.0-or-later
   Hedging: when a hedge is due by the windows and percentiles worked out by hand, and how
   many the extra load allows. */
#include "models/hedge.h"
#include "tests/models/kind_bind.h"

#define MS SIM_MILLISECOND

struct hedge_bound {
    struct kind_bound bound;
    struct hedge hedge;
};

static struct hedge_bound *hedge_bind(const char *text)
{
    struct hedge_bound *it = malloc(sizeof *it);
    assert_non_null(it);
    it->bound = kind_bind(&hedge_kinds, text);
    hedge_open(&it->hedge, &it->bound.kind, 0);
    return it;
}

static void hedge_free(struct hedge_bound *it)
{
    hedge_close(&it->hedge);
    arena_free(&it->bound.arena);
    free(it);
}

static void assert_after(struct hedge_bound *it, sim_time now, sim_time expected, int line)
{
    sim_time found = hedge_begin(&it->hedge, now);
    if (found != expected)
        fail_msg("line %d: hedge after %lld ns at %lld ns, expected %lld", line,
                 (long long)found, (long long)now, (long long)expected);
}

#define AFTER(it, now, expected) assert_after(it, now, expected, __LINE__)

static void test_fixed(void **state)
{
    (void)state;
    struct hedge_bound *it = hedge_bind("{after: {after: 20ms, max: 2}}");
    hedge_learn(&it->hedge, 5 * MS, 0);
    AFTER(it, 0, 20 * MS);
    AFTER(it, 100 * SIM_SECOND, 20 * MS);
    assert_true(hedge_may(&it->hedge, 0, 0) && hedge_may(&it->hedge, 1, 0));
    assert_false(hedge_may(&it->hedge, 2, 0));
    assert_true(it->hedge.config->cancel);
    hedge_free(it);
    it = hedge_bind("50ms");
    AFTER(it, 0, 50 * MS);
    hedge_free(it);
    kind_bind_refused(&hedge_kinds, "after", "after");
}

/* Of 1 to 100 ms the 99th of a hundred: 99 ms.  Known at 12 s, the first look after the first
   window closed at 10 s; at 3 s nothing is known yet, which counts as 0. */
static void test_finagle_percentile(void **state)
{
    (void)state;
    struct hedge_bound *it = hedge_bind("finagle");
    AFTER(it, 0, SIM_NEVER);
    for (int i = 1; i <= 100; i++)
        hedge_learn(&it->hedge, i * MS + 999999, SIM_SECOND);
    AFTER(it, 3 * SIM_SECOND - 1, SIM_NEVER);
    AFTER(it, 3 * SIM_SECOND, MS);
    AFTER(it, 12 * SIM_SECOND - 1, MS);
    AFTER(it, 12 * SIM_SECOND, 99 * MS);
    for (int i = 0; i < 300; i++)
        hedge_learn(&it->hedge, 500 * MS, 13 * SIM_SECOND);
    AFTER(it, 20 * SIM_SECOND, 99 * MS);
    AFTER(it, 21 * SIM_SECOND, 500 * MS);
    /* The hundred are gone at 40 s, when a fourth window closes. */
    for (int i = 0; i < 3; i++)
        hedge_learn(&it->hedge, 3 * SIM_SECOND, 22 * SIM_SECOND);
    AFTER(it, 36 * SIM_SECOND, 500 * MS);
    AFTER(it, 42 * SIM_SECOND, 500 * MS); /* rank 299.97 of 303 */
    /* Then three of 2 s and more are all there is. */
    AFTER(it, 51 * SIM_SECOND, SIM_NEVER);
    AFTER(it, 63 * SIM_SECOND, MS);
    hedge_free(it);
}

static void test_percentile(void **state)
{
    (void)state;
    struct hedge_bound *it = hedge_bind(
        "{percentile: {percentile: 50%, window: 3s, refresh: 500ms, min: 2us}}");
    AFTER(it, 900 * MS, SIM_NEVER);
    for (int i = 0; i < 101; i++)
        hedge_learn(&it->hedge, (i + 10) * 10, 900 * MS); /* 100 to 1100 ns, median 600 */
    AFTER(it, 999 * MS, SIM_NEVER);
    AFTER(it, 1000 * MS, 2000);
    for (int i = 0; i < 1000; i++)
        hedge_learn(&it->hedge, 3000, 1001 * MS);
    sim_time after = hedge_begin(&it->hedge, 2000 * MS);
    ASSERT_NEAR(after, 3000, 3);
    AFTER(it, 6000 * MS, SIM_NEVER);
    hedge_free(it);
}

/* 1 % extra: 1000 tokens a request, 100000 a hedge, so one of 100 requests. */
static void test_extra_load(void **state)
{
    (void)state;
    struct hedge_bound *it = hedge_bind("finagle");
    uint64_t hedges = 0;
    for (int i = 0; i < 1000; i++) {
        hedge_begin(&it->hedge, i * MS);
        hedges += hedge_may(&it->hedge, 0, i * MS);
        if (hedges != (uint64_t)(i + 1) / 100)
            fail_msg("%llu hedges of %d requests", (unsigned long long)hedges, i + 1);
    }
    assert_false(hedge_may(&it->hedge, 1, 1000 * MS));
    hedge_free(it);
    it = hedge_bind("{after: {after: 1ms, max_extra_load: 0%}}");
    for (int i = 0; i < 1000; i++)
        hedge_begin(&it->hedge, 0);
    assert_false(hedge_may(&it->hedge, 0, 0));
    hedge_free(it);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_fixed), cmocka_unit_test(test_finagle_percentile),
    cmocka_unit_test(test_percentile), cmocka_unit_test(test_extra_load),
};

TEST_MAIN(tests)
