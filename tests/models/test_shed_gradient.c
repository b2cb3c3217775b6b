/* SPDX-License-Identifier: GPL-3.0-or-later
   Envoy's gradient controller: limits worked out by its formula. */
#include "models/shed.h"
#include "models/shed_gradient.h"
#include "tests/models/kind_bind.h"

#define MS SIM_MILLISECOND

struct bound {
    struct kind_bound kind;
    struct shed_gradient state;
};

static struct bound *bound_open(const char *text)
{
    struct bound *it = calloc(1, sizeof *it);
    it->kind = kind_bind(&shed_kinds, text);
    shed_gradient_open(it->kind.kind.config, &it->state, 1);
    return it;
}

static void bound_close(struct bound *it)
{
    shed_gradient_close(&it->state);
    arena_free(&it->kind.arena);
    free(it);
}

/* `count` latencies of so many ms, the last of which ends at `now`. */
static void teach(struct bound *it, int count, int latency_ms, sim_time now)
{
    for (int i = 0; i < count; i++)
        shed_gradient_learn(it->kind.kind.config, &it->state, now - latency_ms * MS, now);
}

static void assert_limit(struct bound *it, sim_time now, uint64_t expected, int line)
{
    const void *config = it->kind.kind.config;
    bool below = shed_gradient_admit(config, &it->state, expected - 1, now);
    if (!below || shed_gradient_admit(config, &it->state, expected, now))
        fail_msg("line %d: limit %llu, expected %llu", line,
                 (unsigned long long)it->state.limit, (unsigned long long)expected);
}

#define LIMIT(it, now, expected) assert_limit(it, now, expected, __LINE__)

/* Idle: 10 ms, so up to 12.5 ms is fine.  At 10 ms: gradient 1.25, 3 * 1.25 = 3.75, and its
   root 1.94 more: 5.  At 5 ms: 2, 10 and 3.16: 13.  At 100 ms: 0.5, 6.5 and 2.55: 9. */
static void test_limits(void **state)
{
    (void)state;
    struct bound *it = bound_open("{gradient: {request_count: 5}}");
    LIMIT(it, 0, 3);
    teach(it, 4, 10, 20 * MS);
    LIMIT(it, 500 * MS, 3);
    teach(it, 1, 10, 1000 * MS);
    LIMIT(it, 1000 * MS, 3);
    teach(it, 3, 10, 1050 * MS);
    LIMIT(it, 1099 * MS, 3);
    LIMIT(it, 1100 * MS, 5);
    teach(it, 3, 5, 1150 * MS);
    LIMIT(it, 1200 * MS, 13);
    LIMIT(it, 1300 * MS, 13); /* nothing new */
    teach(it, 3, 100, 1350 * MS);
    LIMIT(it, 1400 * MS, 9);
    bound_close(it);
}

/* After 2 s the idle latency is measured again: limit 3, then what it was.  What was sent
   before is no sample of it. */
static void test_measures_again(void **state)
{
    (void)state;
    struct bound *it =
        bound_open("{gradient: {request_count: 2, min_rtt_interval: 2s, jitter: 0%}}");
    teach(it, 2, 10, 100 * MS);
    teach(it, 1, 10, 150 * MS);
    LIMIT(it, 200 * MS, 5);
    LIMIT(it, 2099 * MS, 5);
    LIMIT(it, 2100 * MS, 3);
    teach(it, 2, 500, 2200 * MS);
    LIMIT(it, 2200 * MS, 3);
    teach(it, 2, 20, 2300 * MS);
    LIMIT(it, 2300 * MS, 5);
    ASSERT_NEAR(it->state.idle, 20e6, 0.001 * 20e6);
    bound_close(it);
}

/* Five times in a row at the least: the idle latency must be wrong, and is measured anew. */
static void test_least(void **state)
{
    (void)state;
    struct bound *it =
        bound_open("{gradient: {request_count: 1, min_concurrency: 1, jitter: 0%}}");
    teach(it, 1, 10, 10 * MS);
    for (int i = 0; i < 5; i++) {
        assert_true(it->state.deferred == 0);
        teach(it, 1, 1000, (sim_time)(1050 + 100 * i) * MS);
        assert_int_equal(it->state.limit, 1);
    }
    LIMIT(it, 1600 * MS, 1);
    assert_true(it->state.deferred > 0);
    bound_close(it);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_limits),
    cmocka_unit_test(test_measures_again),
    cmocka_unit_test(test_least),
};

TEST_MAIN(tests)
