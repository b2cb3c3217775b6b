/* SPDX-License-Identifier: GPL-3.0-or-later
   Rules of autoscalers, on replica tables worked out by hand. */
#include "models/autoscale.h"
#include "tests/models/kind_bind.h"

/* What a rule remembers between decisions. */
struct scale {
    struct kind_bound bound;
    struct autoscale config;
    struct autoscale_memory memory;
};

static void scale_open(struct scale *scale, const char *rule, uint64_t min, uint64_t max)
{
    *scale = (struct scale){.bound = kind_bind(&autoscale_kinds, rule)};
    scale->config = (struct autoscale){"web", min, max, scale->bound.kind};
    autoscale_open(&scale->memory, &scale->config, &scale->bound.arena);
}

static uint32_t scale_decide(struct scale *scale, int seconds,
                             struct autoscale_metrics metrics)
{
    return autoscale_decide(&scale->config, &scale->memory, seconds * SIM_SECOND, &metrics);
}

/* One decision from scratch, of `ready` pods at `utilisation` each. */
static uint32_t scale_once(const char *rule, struct autoscale_metrics metrics)
{
    struct scale scale;
    scale_open(&scale, rule, 1, 1000);
    uint32_t replicas = scale_decide(&scale, 15, metrics);
    arena_free(&scale.bound.arena);
    return replicas;
}

#define HPA_FREE \
    "{hpa: {target: 60%, stabilisation: 0s, scale_up_pods: 1000, scale_up_percent: 100%}}"

/* ceil(pods * utilisation / 60 %), and nothing between 54 % and 66 %, both included. */
static void the_ratio(void **state)
{
    (void)state;
    static const struct {
        uint32_t pods;
        int percent;
        uint32_t expected;
    } cases[] = {
        {4, 60, 4},  {4, 66, 4},  {4, 67, 5},  {4, 54, 4},  {4, 53, 4},   {4, 45, 3},
        {4, 30, 2},  {4, 0, 1},   {4, 90, 6},  {4, 100, 7}, {3, 80, 4},   {10, 100, 17},
        {10, 53, 9}, {10, 6, 1},  {10, 7, 2},  {100, 67, 112},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t pods = cases[i].pods;
        uint32_t found = scale_once(
            HPA_FREE, (struct autoscale_metrics){.replicas = pods, .ready = pods,
                                                 .usage = pods * (cases[i].percent / 100.0)});
        if (found != cases[i].expected)
            fail_msg("%u pods at %d %%: found %u, expected %u", pods, cases[i].percent, found,
                     cases[i].expected);
    }
}

/* The metric is a whole percentage: 66.9 % is 66 %, within tolerance. */
static void the_metric_is_whole_percents(void **state)
{
    (void)state;
    assert_int_equal(scale_once(HPA_FREE, (struct autoscale_metrics){
                                              .replicas = 4, .ready = 4, .usage = 4 * 0.669}),
                     4);
}

/* replicas, ready, unready, missing, usage: target 60 %. */
static void unready_and_missing(void **state)
{
    (void)state;
    static const struct {
        struct autoscale_metrics metrics;
        uint32_t expected;
        const char *about;
    } cases[] = {
        {{8, 4, 4, 0, 4.0, 0}, 8, "4 at 100 %, 4 idle ones: 50 % speaks for fewer, so nothing"},
        {{6, 4, 2, 0, 4.0, 0}, 6, "4.0 / 6 = 66 %, within tolerance"},
        {{5, 4, 1, 0, 4.0, 0}, 7, "4.0 / 5 = 80 %: ceil(5 * 1.333)"},
        {{6, 4, 2, 0, 1.2, 0}, 2, "30 %: unready ones do not matter going down"},
        {{5, 4, 0, 1, 4.0, 0}, 7, "missing is 0 going up: 80 % of 5"},
        {{6, 4, 0, 2, 1.2, 0}, 6, "missing is all busy going down: 3.2 / 6 = 53 %: ceil(5.3)"},
        {{6, 4, 0, 2, 0.4, 0}, 4, "0.4 + 2 over 6 = 40 %: ceil(6 * 0.667)"},
        {{6, 4, 0, 2, 2.0, 0}, 6, "50 % turns into 66 %: nothing"},
        {{4, 0, 4, 0, 0.0, 0}, 4, "no metrics at all: nothing"},
        {{4, 0, 0, 4, 0.0, 0}, 4, "likewise"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t found = scale_once(HPA_FREE, cases[i].metrics);
        if (found != cases[i].expected)
            fail_msg("%s: found %u, expected %u", cases[i].about, found, cases[i].expected);
    }
}

/* All pods are busy, target 50 %: the ratio doubles them, the limits are max(4 pods, 100 %) for
   each 15 s. */
static void it_grows_by_four_or_doubles(void **state)
{
    (void)state;
    static const uint32_t expected[] = {2, 4, 8, 16, 32, 64, 100, 100};
    struct scale scale;
    scale_open(&scale, "{hpa: {target: 50%}}", 1, 100);
    uint32_t pods = 1;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        pods = scale_decide(&scale, 15 * (int)(i + 1),
                            (struct autoscale_metrics){
                                .replicas = pods, .ready = pods, .usage = pods});
        assert_int_equal(pods, expected[i]);
    }
    arena_free(&scale.bound.arena);
    /* Target 10 %: wanted is tenfold, so that only the limits speak: 1 + 4, 5 + 5, 10 + 10. */
    static const uint32_t limited[] = {5, 10, 20, 40};
    scale_open(&scale, "{hpa: {target: 10%}}", 1, 100);
    pods = 1;
    for (size_t i = 0; i < sizeof limited / sizeof *limited; i++) {
        pods = scale_decide(&scale, 15 * (int)(i + 1),
                            (struct autoscale_metrics){
                                .replicas = pods, .ready = pods, .usage = pods});
        assert_int_equal(pods, limited[i]);
    }
    arena_free(&scale.bound.arena);
}

/* In a period of 60 s with decisions every 15 s, 4 pods and no more. */
static void limits_are_for_the_period(void **state)
{
    (void)state;
    static const uint32_t expected[] = {14, 14, 14, 14, 18};
    struct scale scale;
    scale_open(&scale, "{hpa: {target: 50%, period: 60s, scale_up_percent: 0%}}", 1, 100);
    uint32_t pods = 10;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        pods = scale_decide(&scale, 15 * (int)(i + 1),
                            (struct autoscale_metrics){
                                .replicas = pods, .ready = pods, .usage = pods});
        assert_int_equal(pods, expected[i]);
    }
    arena_free(&scale.bound.arena);
}

/* Recommended at 15 s: 8, at 30 s: 6, then 2.  The highest of the last 60 s counts: 8 until that is
   60 s old (75 s), then 6 (until 90 s), then 2. */
static void it_shrinks_by_the_highest_of_the_window(void **state)
{
    (void)state;
    static const struct {
        double usage;
        uint32_t expected;
    } cases[] = {{4.0, 8}, {3.0, 8}, {1.0, 8}, {1.0, 8}, {1.0, 6}, {1.0, 2}, {1.0, 2}};
    struct scale scale;
    scale_open(&scale, "{hpa: {target: 50%, stabilisation: 60s}}", 1, 100);
    uint32_t pods = 8;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pods = scale_decide(&scale, 15 * (int)(i + 1),
                            (struct autoscale_metrics){
                                .replicas = pods, .ready = pods, .usage = cases[i].usage});
        if (pods != cases[i].expected)
            fail_msg("decision %zu: found %u, expected %u", i, pods, cases[i].expected);
    }
    arena_free(&scale.bound.arena);
}

/* Going down by at most a quarter at once: 8, 6, then 4.5, which is cut to 4. */
static void it_shrinks_within_its_limit(void **state)
{
    (void)state;
    static const uint32_t expected[] = {6, 4, 3, 2, 1, 1};
    struct scale scale;
    scale_open(&scale, "{hpa: {target: 50%, stabilisation: 0s, scale_down_percent: 25%}}", 1,
               100);
    uint32_t pods = 8;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        pods = scale_decide(&scale, 15 * (int)(i + 1),
                            (struct autoscale_metrics){.replicas = pods, .ready = pods});
        assert_int_equal(pods, expected[i]);
    }
    arena_free(&scale.bound.arena);
}

static void it_stays_between_min_and_max(void **state)
{
    (void)state;
    struct scale scale;
    scale_open(&scale, "{hpa: {target: 50%, stabilisation: 0s}}", 3, 6);
    struct autoscale_metrics busy = {.replicas = 5, .ready = 5, .usage = 5};
    struct autoscale_metrics idle = {.replicas = 5, .ready = 5};
    struct autoscale_metrics many = {.replicas = 9, .ready = 9, .usage = 9};
    struct autoscale_metrics few = {.replicas = 1, .ready = 1};
    assert_int_equal(scale_decide(&scale, 15, busy), 6);
    assert_int_equal(scale_decide(&scale, 30, idle), 3);
    assert_int_equal(scale_decide(&scale, 45, many), 6);
    assert_int_equal(scale_decide(&scale, 60, few), 3);
    arena_free(&scale.bound.arena);
}

/* Spare below 20 %: one more; above 40 %: one fewer; 300 s after any change. */
static void avi_keeps_a_margin(void **state)
{
    (void)state;
    static const struct {
        int at;
        double usage; /* of each of the pods */
        uint32_t expected;
    } cases[] = {{60, 0.85, 5},  {120, 0.85, 5}, {300, 0.9, 5}, {360, 0.9, 6},
                 {660, 0.61, 6}, {720, 0.8, 6},  {780, 0.5, 5}, {840, 0.1, 5},
                 {1080, 0.1, 4}};
    struct scale scale;
    scale_open(&scale, "avi", 1, 10);
    uint32_t pods = 4;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pods = scale_decide(&scale, cases[i].at,
                            (struct autoscale_metrics){.replicas = pods, .ready = pods,
                                                       .usage = pods * cases[i].usage});
        if (pods != cases[i].expected)
            fail_msg("at %d s: found %u, expected %u", cases[i].at, pods, cases[i].expected);
    }
    arena_free(&scale.bound.arena);
}

/* With one to spare: 3 with work want 4, 5 with work and none idle want 6 at once; then 2 with
   work want 3, from when no more were wanted in the last 30 s. */
static void the_surplus_goes(void **state)
{
    (void)state;
    static const struct {
        uint32_t ready, idle, expected;
    } cases[] = {{5, 2, 5}, {5, 0, 6}, {6, 4, 6}, {6, 4, 3}, {3, 0, 4}, {3, 1, 4}};
    struct scale scale;
    scale_open(&scale, "{surplus: {idle_for: 30s}}", 1, 10);
    uint32_t pods = 5;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pods = scale_decide(&scale, 15 * (int)(i + 1),
                            (struct autoscale_metrics){.replicas = pods,
                                                       .ready = cases[i].ready,
                                                       .unready = pods - cases[i].ready,
                                                       .idle = cases[i].idle});
        if (pods != cases[i].expected)
            fail_msg("decision %zu: found %u, expected %u", i, pods, cases[i].expected);
    }
    arena_free(&scale.bound.arena);
}

/* 600 s of at most 10 pods: each lives 300 s and 15 s at least, so 600 / 315 + 1 = 2 lives;
   without a window 30 s, so 21. */
static void a_reserve_is_enough(void **state)
{
    (void)state;
    struct scale scale;
    scale_open(&scale, "{hpa: {target: 50%}}", 1, 10);
    ASSERT_NEAR(autoscale_reserve(&scale.config, 600 * SIM_SECOND), 20, 0);
    arena_free(&scale.bound.arena);
    scale_open(&scale, "{hpa: {target: 50%, stabilisation: 0s}}", 1, 10);
    ASSERT_NEAR(autoscale_reserve(&scale.config, 600 * SIM_SECOND), 210, 0);
    arena_free(&scale.bound.arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_ratio),
    cmocka_unit_test(the_metric_is_whole_percents),
    cmocka_unit_test(unready_and_missing),
    cmocka_unit_test(it_grows_by_four_or_doubles),
    cmocka_unit_test(limits_are_for_the_period),
    cmocka_unit_test(it_shrinks_by_the_highest_of_the_window),
    cmocka_unit_test(it_shrinks_within_its_limit),
    cmocka_unit_test(it_stays_between_min_and_max),
    cmocka_unit_test(avi_keeps_a_margin),
    cmocka_unit_test(the_surplus_goes),
    cmocka_unit_test(a_reserve_is_enough),
};

TEST_MAIN(tests)
