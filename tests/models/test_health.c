/* SPDX-License-Identifier: GPL-3.0-or-later
   Health checks: sequences of results worked out by hand for each product, the time between
   checks, and how long it takes to notice a pod that hangs. */
#include "models/health.h"
#include "tests/law.h"
#include "tests/models/kind_bind.h"

static const struct health_config *config_of(const struct kind_bound *bound)
{
    return bound->kind.config;
}

/* Results as + (passed), - (silent) and ! (denied); states after each as U (up), f (falling),
   D (down), r (rising). */
static void assert_states(const char *text, const char *results, const char *states)
{
    struct kind_bound bound = kind_bind(&health_kinds, text);
    struct health health;
    health_open(&health, config_of(&bound));
    char found[64] = "";
    for (size_t i = 0; results[i] != '\0'; i++) {
        bool was_up = health.is_up;
        enum health_result result = results[i] == '+'   ? HEALTH_PASSED
                                    : results[i] == '!' ? HEALTH_DENIED
                                                        : HEALTH_SILENT;
        bool changed = health_take(&health, config_of(&bound), result);
        assert_int_equal(changed, was_up != health.is_up);
        found[i] = "UfDr"[health_state(&health)];
    }
    if (strcmp(found, states) != 0)
        fail_msg("%s: %s gives %s, expected %s", text, results, found, states);
    arena_free(&bound.arena);
}

static void test_sequences(void **state)
{
    (void)state;
    assert_states("kubernetes_readiness", "-+--+---+", "DUffUffDU");
    assert_states("{kubernetes_readiness: {success_threshold: 3}}", "++-+++", "rrDrrU");
    assert_states("haproxy", "+--+---+-++-", "UffUffDrDrUf");
    assert_states("haproxy", "-++", "DrU"); /* the first failure of all takes it down */
    assert_states("envoy", "-+-+", "DUDU");
    assert_states("{envoy: {unhealthy_threshold: 3, healthy_threshold: 2}}", "+--+--!++---",
                  "UffUffDrUffD");
    assert_states("{envoy: {unhealthy_threshold: 3, healthy_threshold: 2}}", "-++!", "DrUD");
    assert_states("avi", "--+---++-+++", "ffUffDrrDrrU");
    assert_states("custom", "!!!+-++", "ffDrDrU");
    assert_states("{custom: {first: true, rise: 3}}", "-+++", "DrrU");
    assert_states("{custom: {starts_up: false}}", "++", "rU");
}

/* Seconds to the next check in each state, of checks that take `took`. */
static void assert_gaps(const char *text, double took, const double *gaps)
{
    static const struct health states[HEALTH_STATES] = {
        {.is_up = 1}, {.is_up = 1, .run = 1}, {.is_up = 0}, {.is_up = 0, .run = 1}};
    struct kind_bound bound = kind_bind(&health_kinds, text);
    for (int i = 0; i < HEALTH_STATES; i++) {
        sim_time next = health_next(config_of(&bound), &states[i], sim_time_of(took * 1e9), NULL);
        if (next != sim_time_of(gaps[i] * 1e9))
            fail_msg("%s: state %d: %.9g s, expected %.9g", text, i, sim_seconds(next), gaps[i]);
    }
    arena_free(&bound.arena);
}

#define GAPS(text, took, ...) assert_gaps(text, took, (const double[]){__VA_ARGS__})

static void test_gaps(void **state)
{
    (void)state;
    GAPS("kubernetes_readiness", 0.5, 10, 10, 10, 10);
    GAPS("{kubernetes_readiness: {period_seconds: 1s, timeout_seconds: 3s}}", 3, 3, 3, 3, 3);
    GAPS("haproxy", 0.5, 2.5, 2.5, 2.5, 2.5);
    GAPS("{haproxy: {fastinter: 500ms, downinter: 5s}}", 0.25, 2.25, 0.75, 5.25, 0.75);
    GAPS("{haproxy: {downinter: 5s}}", 0, 2, 2, 5, 2);
    GAPS("{envoy: {unhealthy_interval: 7s}}", 1, 3, 8, 8, 3);
    GAPS("{envoy: {unhealthy_edge_interval: 1s}}", 0, 2, 1, 2, 2);
    GAPS("{envoy: {unhealthy_interval: 7s, unhealthy_edge_interval: 1s, "
         "healthy_edge_interval: 4s}}", 0, 2, 1, 7, 4);
    GAPS("avi", 4, 10, 10, 10, 10);
    GAPS("{custom: {fast_interval: 1s, down_interval: 9s}}", 0, 5, 1, 9, 1);
    GAPS("{custom: {from: end}}", 1, 6, 6, 6, 6);
}

static void test_timeouts(void **state)
{
    (void)state;
    struct kind_bound bound = kind_bind(&health_kinds, "{haproxy: {inter: 3s}}");
    assert_true(health_timeout(config_of(&bound)) == 3 * SIM_SECOND);
    arena_free(&bound.arena);
    bound = kind_bind(&health_kinds, "{haproxy: {inter: 3s, timeout_check: 1s}}");
    assert_true(health_timeout(config_of(&bound)) == SIM_SECOND);
    arena_free(&bound.arena);
    bound = kind_bind(&health_kinds, "{envoy: {initial_jitter: 0s, cost: 2ms}}");
    assert_true(health_phase(config_of(&bound), NULL) == 0);
    assert_true(config_of(&bound)->cost == 2 * SIM_MILLISECOND);
    arena_free(&bound.arena);
    kind_bind_refused(&health_kinds, "{avi: {receive_timeout: 10s}}", "below send_interval");
    kind_bind_refused(&health_kinds, "{haproxy: {fall: 0}}", "fall");
}

static double uniform_cdf(double x, const double *ends)
{
    return fmin(fmax((x - ends[0]) / (ends[1] - ends[0]), 0), 1);
}

enum { DRAWS = 20000 };

static void assert_uniform(const char *what, double *sample, double from, double to)
{
    double least = INFINITY, most = 0;
    for (size_t i = 0; i < DRAWS; i++) {
        least = fmin(least, sample[i]);
        most = fmax(most, sample[i]);
    }
    if (least < from || most > to)
        fail_msg("%s: %.9g to %.9g, expected %.9g to %.9g", what, least, most, from, to);
    double distance = law_distance(sample, DRAWS, uniform_cdf, (const double[]){from, to});
    if (!(distance < law_distance_limit))
        fail_msg("%s: distance %.4g from uniform on %.9g to %.9g", what, distance, from, to);
    law_assert_moments(sample, DRAWS, (from + to) / 2, (to - from) * (to - from) / 12);
}

/* Seconds from when a pod hangs until it is down; before, checks take no time. */
static double detection_delay(const struct health_config *config, struct rng *rng)
{
    struct health health = {.is_up = 1, .is_known = 1};
    sim_time start = (sim_time)rng_below(rng, (uint64_t)config->interval);
    sim_time timeout = health_timeout(config);
    while (!health_take(&health, config, HEALTH_SILENT))
        start += health_next(config, &health, timeout, rng);
    return sim_seconds(start + timeout);
}

static void assert_delay(const char *text, double from, double to)
{
    static double sample[DRAWS];
    struct kind_bound bound = kind_bind(&health_kinds, text);
    struct rng rng;
    rng_open(&rng, 1, text, 0);
    for (size_t i = 0; i < DRAWS; i++)
        sample[i] = detection_delay(config_of(&bound), &rng);
    assert_uniform(text, sample, from, to);
    arena_free(&bound.arena);
}

/* From the start: (fall - 1) interval + timeout to fall interval + timeout.  From the end each
   failed check adds its timeout. */
static void test_detection(void **state)
{
    (void)state;
    assert_delay("kubernetes_readiness", 21, 31);
    assert_delay("avi", 24, 34);
    assert_delay("{custom: {interval: 5s, timeout: 2s, fall: 4}}", 17, 22);
    assert_delay("haproxy", 2 * (2 + 2) + 2, 2 * (2 + 2) + 2 + 2);
    assert_delay("{haproxy: {fastinter: 500ms, timeout_check: 100ms}}", 2 * 0.6 + 0.1,
                 2 * 0.6 + 0.1 + 2);
    assert_delay("{envoy: {unhealthy_threshold: 3, timeout: 1s, interval: 10s}}", 23, 33);
}

static void assert_jitter(const char *text, double from, double to)
{
    static double sample[DRAWS];
    const struct health health = {.is_up = 1, .is_known = 1};
    struct kind_bound bound = kind_bind(&health_kinds, text);
    struct rng rng;
    rng_open(&rng, 2, text, 0);
    for (size_t i = 0; i < DRAWS; i++)
        sample[i] = sim_seconds(health_next(config_of(&bound), &health, 0, &rng));
    assert_uniform(text, sample, from, to);
    arena_free(&bound.arena);
}

static void test_jitter(void **state)
{
    (void)state;
    static double sample[DRAWS];
    assert_jitter("{haproxy: {spread_checks: 10%}}", 1.8, 2.2);
    assert_jitter("{envoy: {interval_jitter_percent: 50%}}", 2, 3);
    assert_jitter("{envoy: {interval_jitter: 500ms}}", 2, 2.5);
    assert_jitter("{custom: {jitter: 20%}}", 4, 6);
    const char *texts[] = {"avi", "{envoy: {initial_jitter: 10s}}"};
    for (size_t t = 0; t < 2; t++) {
        struct kind_bound bound = kind_bind(&health_kinds, texts[t]);
        struct rng rng;
        rng_open(&rng, 3, "phase", t);
        for (size_t i = 0; i < DRAWS; i++)
            sample[i] = sim_seconds(health_phase(config_of(&bound), &rng));
        assert_uniform(texts[t], sample, 0, 10);
        arena_free(&bound.arena);
    }
}

/* HAProxy keeps the checks of four servers 2 s apart at quarters of that, wherever its round is;
   with fastinter, which a server at the start is checked by, of it; one added later waits an
   interval.  With fall 1 who has passed once is quite up. */
static void test_even_phases(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        sim_time phases[4], joined; /* in ms, when the first is checked at 1.6 s */
    } cases[] = {
        {"haproxy", {1600, 100, 600, 1100}, 2000},
        {"{haproxy: {fastinter: 400ms}}", {1600, 1700, 1800, 1900}, 400},
        {"{haproxy: {fastinter: 400ms, fall: 1}}", {1600, 100, 600, 1100}, 2000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct kind_bound bound = kind_bind(&health_kinds, cases[i].text);
        const struct health_config *config = config_of(&bound);
        assert_true(config->even);
        for (uint32_t k = 0; k < 4; k++)
            assert_int_equal(health_even_phase(config, 1600 * SIM_MILLISECOND, k, 4),
                             cases[i].phases[k] * SIM_MILLISECOND);
        assert_int_equal(health_even_phase(config, 0, 1, 1),
                         cases[i].joined * SIM_MILLISECOND);
        arena_free(&bound.arena);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_even_phases),
    cmocka_unit_test(test_sequences), cmocka_unit_test(test_gaps),
    cmocka_unit_test(test_timeouts),  cmocka_unit_test(test_detection),
    cmocka_unit_test(test_jitter),
};

TEST_MAIN(tests)
