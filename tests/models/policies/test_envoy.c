/* SPDX-License-Identifier: GPL-3.0-or-later
   Envoy's balancers that count, draw and weigh, pick by pick; sequences without a derivation
   are those of Envoy's own tests (test/extensions/load_balancing_policies/). */
#include "tests/models/policies/bare.h"

static const sim_time second = 1000000000;

/* Weights as digits, one a pod. */
static void open_weighted(struct bare *bare, const char *policy, const char *weights)
{
    uint32_t count = (uint32_t)strlen(weights);
    bare_open(bare, policy, count);
    for (uint32_t i = 0; i < count; i++)
        bare->list[i].weight = weights[i] - '0';
    backends_update(&bare->backends);
}

/* Begins anew, with pods as the list describes them now. */
static void begin_anew(struct bare *bare)
{
    struct backends *backends = &bare->backends;
    memset(backends->state, 0, backends->ops->state_size);
    backends->ops->init(backends->state, scene_policy(&bare->scene, 0)->config, &backends->view,
                        &backends->rng, &bare->arena);
    backends_update(backends);
}

static void set_member(struct bare *bare, backend_id backend, bool member)
{
    backends_set_member(&bare->backends, backend, member);
    backends_update(&bare->backends);
}

/* So many requests are outstanding at a pod. */
static void load(struct bare *bare, backend_id backend, uint32_t outstanding)
{
    while (bare->backends.outstanding[backend] < outstanding)
        backends_sent(&bare->backends, backend);
    while (bare->backends.outstanding[backend] > outstanding)
        backends_done(&bare->backends, backend);
}

/* How an attempt sent to a pod ended at `now`; a report where `rate` is above 0. */
static void answer(struct bare *bare, sim_time now, backend_id backend, sim_time first_byte,
                   double rate)
{
    struct load_report report = {.backend = backend, .rate = rate, .utilisation = 1};
    struct outcome_report outcome = {.backend = backend,
                                     .success = true,
                                     .status = 200,
                                     .first_byte = first_byte,
                                     .load = rate > 0 ? &report : NULL};
    struct backends *backends = &bare->backends;
    backends->view.now = now;
    backends->ops->learn(backends->state, &backends->view, &outcome);
}

static backend_id pick_at(struct bare *bare, sim_time now)
{
    return backends_pick(&bare->backends, now, &(struct request){0});
}

/* The next picks at `now`; none is counted. */
static void expect_at(struct bare *bare, sim_time now, const char *expected)
{
    char found[128] = "";
    for (size_t i = 0; expected[i] != '\0'; i++)
        found[i] = bare->list[pick_at(bare, now)].name[0];
    assert_string_equal(found, expected);
}

/* Of `picks` picks at `now` each pod gets its share, to within `slack`. */
static void expect_shares(struct bare *bare, sim_time now, int picks, const double *shares,
                          double slack)
{
    double found[BARE_MOST] = {0};
    for (int i = 0; i < picks; i++)
        found[pick_at(bare, now)]++;
    for (uint32_t i = 0; i < bare->backends.view.count; i++)
        ASSERT_NEAR(found[i], picks * shares[i], slack);
}

/* -- round robin -- */

static void test_index(void **state)
{
    (void)state;
    struct bare bare;
    bare_open(&bare, "envoy.round_robin: {start: first}", 4);
    backends_set_member(&bare.backends, 2, false);
    set_member(&bare, 3, false);
    bare_expect_idle(&bare, "ababa");
    set_member(&bare, 2, true);
    bare_expect_idle(&bare, "cabc");
    set_member(&bare, 3, true);
    bare_expect(&bare, "bcd");
    bare_close(&bare);
    bare_open(&bare, "envoy.round_robin: {start: first, skip: 1}", 3);
    bare_expect(&bare, "bcab");
    bare_close(&bare);
}

static void test_weights(void **state)
{
    (void)state;
    struct bare bare;
    open_weighted(&bare, "envoy.round_robin: {start: first}", "1234");
    backends_set_member(&bare.backends, 2, false);
    set_member(&bare, 3, false);
    bare_expect(&bare, "babbab");
    /* Weights swapped in place: the sequence fails without the 1e-13. */
    bare.list[0].weight = 2;
    bare.list[1].weight = 1;
    bare_expect_idle(&bare, "baabaaba");
    set_member(&bare, 2, true);
    bare_expect_idle(&bare, "cacbaccacbac");
    bare.list[0].weight = 1;
    backends_set_member(&bare.backends, 1, false);
    backends_set_member(&bare.backends, 2, false);
    set_member(&bare, 3, true);
    bare_expect(&bare, "dddaddddad");
    bare_close(&bare);
}

static void test_seed(void **state)
{
    (void)state;
    struct bare bare;
    open_weighted(&bare, "envoy.round_robin: {start: first, skip: 1}", "12");
    bare_expect(&bare, "abbabb");
    bare_close(&bare);
    double picks[3] = {0};
    for (int skip = 0; skip < 10; skip++) {
        char policy[64];
        snprintf(policy, sizeof policy, "envoy.round_robin: {start: first, skip: %d}", skip);
        open_weighted(&bare, policy, "631");
        picks[bare_send(&bare)]++;
        bare_close(&bare);
    }
    ASSERT_NEAR(picks[0], 6, 0);
    ASSERT_NEAR(picks[1], 3, 0);
    ASSERT_NEAR(picks[2], 1, 0);
}

/* With 0 picks in advance a host of weight w first comes at 1 / (w + 1e-13), then each 1 / w:
   where several meet, the lighter goes first. */
static void test_orders(void **state)
{
    (void)state;
    struct bare bare;
    open_weighted(&bare, "envoy.round_robin: {start: first}", "511");
    bare_expect(&bare, "aaaabca");
    bare_close(&bare);
    open_weighted(&bare, "envoy.round_robin: {start: first}", "1234");
    bare_expect(&bare, "dcbdcdabcd");
    bare_close(&bare);
    open_weighted(&bare, "envoy.round_robin: {start: first}", "102");
    bare_expect(&bare, "cabccabc");
    bare_close(&bare);
}

/* A change of health makes the schedule anew, with the same number of picks in advance; the
   index goes on. */
static void test_health(void **state)
{
    (void)state;
    struct bare bare;
    open_weighted(&bare, "envoy.round_robin: {start: first}", "511");
    bare_expect(&bare, "aa");
    bare_set_up(&bare, 0, false);
    bare_expect(&bare, "bcb");
    bare_set_up(&bare, 0, true);
    bare_expect(&bare, "aaaabca");
    bare_set_up(&bare, 0, false);
    bare_expect(&bare, "cb");
    bare_set_up(&bare, 1, false);
    bare_expect(&bare, "cc");
    bare_close(&bare);
}

static void test_random_start(void **state)
{
    (void)state;
    struct bare bare;
    open_weighted(&bare, "envoy.round_robin", "631");
    expect_shares(&bare, 0, 1000, (const double[]){0.6, 0.3, 0.1}, 1);
    bare_close(&bare);
}

/* -- random -- */

static void test_random(void **state)
{
    (void)state;
    struct bare bare;
    open_weighted(&bare, "envoy.random", "9111");
    expect_shares(&bare, 0, 10000, (const double[]){0.25, 0.25, 0.25, 0.25}, 200);
    bare_set_up(&bare, 0, false);
    expect_shares(&bare, 0, 9000, (const double[]){0, 1 / 3.0, 1 / 3.0, 1 / 3.0}, 200);
    bare_close(&bare);
}

/* -- least request -- */

/* The loaded host is picked only when both draws fall on it. */
static void test_draws_with_replacement(void **state)
{
    (void)state;
    struct bare bare;
    bare_open(&bare, "envoy.least_request", 2);
    load(&bare, 0, 1);
    expect_shares(&bare, 0, 10000, (const double[]){0.25, 0.75}, 200);
    bare_close(&bare);
    bare_open(&bare, "envoy.least_request: {choice_count: 200}", 4);
    for (uint32_t i = 0; i < 4; i++)
        load(&bare, i, 4 - i);
    expect_at(&bare, 0, "dddddddd");
    bare_close(&bare);
}

static void test_full_scan(void **state)
{
    (void)state;
    static const uint32_t loads[] = {4, 3, 2, 1, 5}, ties[] = {3, 3, 1, 1, 1};
    struct bare bare;
    bare_open(&bare, "envoy.least_request: {selection_method: FULL_SCAN}", 5);
    for (uint32_t i = 0; i < 5; i++)
        load(&bare, i, loads[i]);
    expect_at(&bare, 0, "dddd");
    for (uint32_t i = 0; i < 5; i++)
        load(&bare, i, ties[i]);
    expect_shares(&bare, 0, 30000, (const double[]){0, 0, 1 / 3.0, 1 / 3.0, 1 / 3.0}, 300);
    bare_close(&bare);
}

static void test_weighted_by_load(void **state)
{
    (void)state;
    struct bare bare;
    open_weighted(&bare, "envoy.least_request: {start: first}", "12");
    expect_at(&bare, 0, "babbab");
    load(&bare, 1, 1);
    expect_at(&bare, 0, "babab");
    load(&bare, 0, 1);
    load(&bare, 1, 0);
    expect_at(&bare, 0, "abbbabbbba");
    set_member(&bare, 1, false);
    expect_at(&bare, 0, "aaa");
    bare_close(&bare);
}

/* 0 ignores the load; any bias that is set schedules equal weights too.  With 2 the loaded one
   weighs 1/4. */
static void test_bias(void **state)
{
    (void)state;
    struct bare bare;
    open_weighted(&bare, "envoy.least_request: {start: first, active_request_bias: 0}", "12");
    load(&bare, 1, 1);
    expect_at(&bare, 0, "babbab");
    bare_close(&bare);
    bare_open(&bare, "envoy.least_request: {active_request_bias: 1.0}", 2);
    load(&bare, 0, 1);
    expect_shares(&bare, 0, 300, (const double[]){1 / 3.0, 2 / 3.0}, 2);
    bare_close(&bare);
    bare_open(&bare, "envoy.least_request: {active_request_bias: 2}", 2);
    load(&bare, 0, 1);
    expect_shares(&bare, 0, 300, (const double[]){0.2, 0.8}, 2);
    bare_close(&bare);
}

/* Held, 1:2 weigh 1/(a + 1) and 2/(b + 1) when their turns come, the new request not yet
   counted.  a's turns: 1, 2, 4, 7; b's: 1/2, 1, 2, 3.5, 5.5.  At 1 and 2 a goes first. */
static void test_held(void **state)
{
    (void)state;
    struct bare bare;
    open_weighted(&bare, "envoy.least_request: {start: first}", "12");
    bare_expect(&bare, "bababbab");
    bare_close(&bare);
}

/* -- peak EWMA -- */

static const sim_time millisecond = 1000000;

static void test_cost(void **state)
{
    (void)state;
    struct bare bare;
    bare_open(&bare, "envoy.peak_ewma", 2);
    answer(&bare, 1, 0, 25 * millisecond, 0);
    answer(&bare, 2, 1, 10 * millisecond + 999999, 0);
    /* Not aggregated yet: who is busy without an average is avoided. */
    load(&bare, 0, 1);
    expect_at(&bare, 99 * millisecond, "bbbb");
    load(&bare, 0, 0);
    load(&bare, 1, 1);
    expect_at(&bare, 99 * millisecond, "aaaa");
    /* 25 (a + 1) against 10 (b + 1). */
    expect_at(&bare, 100 * millisecond, "bbbb");
    load(&bare, 1, 2);
    expect_at(&bare, 100 * millisecond, "aaaa");
    load(&bare, 0, 1);
    load(&bare, 1, 3);
    expect_at(&bare, 100 * millisecond, "bbbb");
    load(&bare, 1, 5);
    expect_at(&bare, 100 * millisecond, "aaaa");
    bare_close(&bare);
}

/* 10 ms, and 110 ms after 10 s: 10 e^-1 + 110 (1 - e^-1) = 73.2 ms, not the peak of 110. */
static void test_no_peak(void **state)
{
    (void)state;
    struct bare bare;
    bare_open(&bare, "envoy.peak_ewma", 3);
    answer(&bare, second, 0, 10 * millisecond, 0);
    answer(&bare, 11 * second, 0, 110 * millisecond, 0);
    answer(&bare, second, 1, 73 * millisecond, 0);
    answer(&bare, second, 2, 74 * millisecond, 0);
    bare_set_up(&bare, 2, false);
    expect_at(&bare, 12 * second, "bbbb");
    bare_set_up(&bare, 2, true);
    bare_set_up(&bare, 1, false);
    expect_at(&bare, 12 * second, "aaaa");
    bare_close(&bare);
}

/* Below a millisecond there is no sample; an idle host without one counts 10 ms, and so does
   one that joins again. */
static void test_without_samples(void **state)
{
    (void)state;
    struct bare bare;
    bare_open(&bare, "envoy.peak_ewma", 2);
    answer(&bare, 1, 0, 999999, 0);
    answer(&bare, 1, 1, 11 * millisecond, 0);
    expect_at(&bare, second, "aaaa");
    answer(&bare, second + 1, 0, 12 * millisecond, 0);
    expect_at(&bare, 2 * second, "bbbb");
    set_member(&bare, 0, false);
    set_member(&bare, 0, true);
    expect_at(&bare, 2 * second, "aaaa");
    expect_at(&bare, 3 * second, "aaaa");
    bare_close(&bare);
}

/* -- client-side weights -- */

static void test_reported_weights(void **state)
{
    (void)state;
    struct bare bare;
    bare_open(&bare, "envoy.client_side_weighted_round_robin: {start: first}", 3);
    for (backend_id i = 0; i < 2; i++)
        answer(&bare, 5 * second, i, 1, i == 0 ? 5 : 42);
    expect_at(&bare, 15 * second - 1, "abca");
    /* 5 and 42; 23 for the other: the median, cut to a whole number. */
    expect_shares(&bare, 15 * second, 70, (const double[]){5 / 70.0, 42 / 70.0, 23 / 70.0}, 0.1);
    /* Reports expire, and then all weigh 1. */
    expect_shares(&bare, 185 * second, 70, (const double[]){5 / 70.0, 42 / 70.0, 23 / 70.0}, 1);
    expect_at(&bare, 186 * second, "bcab");
    bare_close(&bare);
}

/* New weights make the schedule anew, the same ones do not. */
static void test_schedule_is_made_anew(void **state)
{
    (void)state;
    struct bare bare;
    bare_open(&bare,
              "envoy.client_side_weighted_round_robin: {start: first, blackout_period: 0s}", 3);
    for (backend_id i = 0; i < 3; i++)
        answer(&bare, 1, i, 1, i == 0 ? 50 : 10);
    expect_at(&bare, second - 1, "abc");
    expect_at(&bare, second, "aa");
    expect_at(&bare, 2 * second, "aabca");
    expect_at(&bare, 2 * second, "a");
    answer(&bare, 2 * second, 2, 1, 20);
    expect_at(&bare, 3 * second - 1, "aa");
    /* 50:10:20 from the beginning: c at 1/20 meets no other, at 1/10 it meets b and a. */
    expect_at(&bare, 3 * second, "aacaabca");
    bare_close(&bare);
}

/* Configured weights hold until weights are read for the first time; no reports: all 1. */
static void test_configured_weights_first(void **state)
{
    (void)state;
    struct bare bare;
    open_weighted(&bare, "envoy.client_side_weighted_round_robin: {start: first}", "12");
    begin_anew(&bare);
    expect_at(&bare, second - 1, "babbab");
    expect_at(&bare, second, "abab");
    bare_close(&bare);
}

/* -- subset -- */

static backend_id ask(struct bare *bare, const char *zone)
{
    struct request request = {.key_text = zone, .key_size = strlen(zone)};
    return backends_pick(&bare->backends, 0, &request);
}

static void expect_zone(struct bare *bare, const char *zone, const char *expected)
{
    char found[64] = "";
    for (size_t i = 0; expected[i] != '\0'; i++) {
        backend_id pick = ask(bare, zone);
        found[i] = pick == NO_BACKEND ? '-' : bare->list[pick].name[0];
    }
    assert_string_equal(found, expected);
}

/* a, c and e in "east", b and d in "west". */
static void open_zones(struct bare *bare, const char *policy, const char *weights)
{
    static const char *const zones[] = {"east", "west", "east", "west", "east"};
    open_weighted(bare, policy, weights);
    for (uint32_t i = 0; i < 5; i++)
        bare->list[i].zone = zones[i];
    begin_anew(bare);
}

static void test_subset(void **state)
{
    (void)state;
    struct bare bare;
    open_zones(&bare, "envoy.subset: {start: first}", "11111");
    expect_zone(&bare, "east", "acea");
    expect_zone(&bare, "west", "bdb");
    expect_zone(&bare, "east", "ce");
    expect_zone(&bare, "north", "abcdea");
    bare_set_up(&bare, 0, false);
    expect_zone(&bare, "east", "cece");
    expect_zone(&bare, "west", "dbd");
    /* Members that are all down are no reason to fall back, no members are. */
    bare_set_up(&bare, 1, false);
    bare_set_up(&bare, 3, false);
    expect_zone(&bare, "west", "--");
    set_member(&bare, 1, false);
    set_member(&bare, 3, false);
    expect_zone(&bare, "west", "cece");
    bare_close(&bare);
}

static void test_subset_fallbacks(void **state)
{
    (void)state;
    struct bare bare;
    open_zones(&bare, "envoy.subset: {start: first, fallback_policy: NO_FALLBACK}", "11111");
    expect_zone(&bare, "north", "--");
    expect_zone(&bare, "", "-");
    expect_zone(&bare, "west", "bd");
    bare_close(&bare);
    open_zones(&bare,
               "envoy.subset: {start: first, fallback_policy: DEFAULT_SUBSET, "
               "default_subset: west}", "11111");
    expect_zone(&bare, "north", "bdb");
    expect_zone(&bare, "west", "bd");
    bare_close(&bare);
    open_zones(&bare, "envoy.subset: {start: first, zone: west}", "13111");
    expect_zone(&bare, "east", "bbdbbbdb");
    bare_close(&bare);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_index),
    cmocka_unit_test(test_weights),
    cmocka_unit_test(test_seed),
    cmocka_unit_test(test_orders),
    cmocka_unit_test(test_health),
    cmocka_unit_test(test_random_start),
    cmocka_unit_test(test_random),
    cmocka_unit_test(test_draws_with_replacement),
    cmocka_unit_test(test_full_scan),
    cmocka_unit_test(test_weighted_by_load),
    cmocka_unit_test(test_bias),
    cmocka_unit_test(test_held),
    cmocka_unit_test(test_cost),
    cmocka_unit_test(test_no_peak),
    cmocka_unit_test(test_without_samples),
    cmocka_unit_test(test_reported_weights),
    cmocka_unit_test(test_schedule_is_made_anew),
    cmocka_unit_test(test_configured_weights_first),
    cmocka_unit_test(test_subset),
    cmocka_unit_test(test_subset_fallbacks),
};

TEST_MAIN(tests)
