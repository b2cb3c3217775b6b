/* SPDX-License-Identifier: GPL-3.0-or-later
   Arrival processes as streams of gaps: their laws, moments and rates. */
#include "models/arrival.h"
#include "tests/law.h"
#include "tests/theory/scene.h"

enum { COUNT = 200000 };

struct gaps {
    struct scene scene;
    const struct param_kind *arrivals;
    double *gaps; /* ns */
};

static struct gaps open_gaps(const char *arrivals)
{
    struct gaps gaps;
    scene_open(&gaps.scene,
               "clients: [{arrivals: {%s}, demand: 1ms}]\npods: [{}]\n"
               "balancers: [{policy: random}]\n", arrivals);
    gaps.arrivals = &PARAM_ITEM(gaps.scene.scenario->clients, struct scenario_client, 0)->arrivals;
    gaps.gaps = calloc(COUNT, sizeof *gaps.gaps);
    const struct arrival_ops *ops = arrival_ops(gaps.arrivals);
    struct arrival_state state = {0};
    struct rng rng;
    rng_open(&rng, 1, "arrivals", 0);
    if (ops->begin != NULL)
        ops->begin(gaps.arrivals->config, &state, &rng);
    /* In blocks of any size: the stream is the same. */
    for (size_t done = 0, block = 1; done < COUNT; done += block, block = block % 64 + 1) {
        block = block < COUNT - done ? block : COUNT - done;
        ops->gaps(gaps.arrivals->config, &state, &rng, gaps.gaps + done, block);
    }
    return gaps;
}

static void close_gaps(struct gaps *gaps)
{
    free(gaps->gaps);
    scene_close(&gaps->scene);
}

static double exponential_cdf(double x, const double *mean)
{
    return 1 - exp(-x / *mean);
}

static void test_poisson(void **state)
{
    (void)state;
    struct gaps gaps = open_gaps("poisson: {rate: 1k/s}");
    double mean = 1e6;
    ASSERT_NEAR(arrival_ops(gaps.arrivals)->rate(gaps.arrivals->config), 1000, 1e-9);
    law_assert_moments(gaps.gaps, COUNT, mean, mean * mean);
    assert_true(law_distance(gaps.gaps, COUNT, exponential_cdf, &mean) < law_distance_limit);
    close_gaps(&gaps);
}

static void test_deterministic(void **state)
{
    (void)state;
    struct gaps gaps = open_gaps("deterministic: {rate: 4k/s}");
    ASSERT_NEAR(arrival_ops(gaps.arrivals)->rate(gaps.arrivals->config), 4000, 1e-9);
    for (size_t i = 0; i < COUNT; i++)
        assert_true(gaps.gaps[i] == 250000);
    close_gaps(&gaps);
}

static void assert_renewal(double cv)
{
    char text[64];
    snprintf(text, sizeof text, "renewal: {rate: 1k/s, cv: %g}", cv);
    struct gaps gaps = open_gaps(text);
    ASSERT_NEAR(arrival_ops(gaps.arrivals)->rate(gaps.arrivals->config), 1000, 1e-9);
    law_assert_moments(gaps.gaps, COUNT, 1e6, cv * cv * 1e12);
    /* Independent: the lag-one correlation is within 5 standard errors of 0. */
    double product = 0;
    for (size_t i = 0; i + 1 < COUNT; i++)
        product += (gaps.gaps[i] - 1e6) * (gaps.gaps[i + 1] - 1e6);
    ASSERT_NEAR(product / COUNT / (cv * cv * 1e12), 0, 5 / sqrt(COUNT));
    close_gaps(&gaps);
}

static void test_renewal(void **state)
{
    (void)state;
    assert_renewal(0.1);
    assert_renewal(0.7);
    assert_renewal(1);
    assert_renewal(1.5);
    assert_renewal(4);
    struct gaps gaps = open_gaps("renewal: {rate: 1k/s, cv: 1}");
    double mean = 1e6;
    assert_true(law_distance(gaps.gaps, COUNT, exponential_cdf, &mean) < law_distance_limit);
    close_gaps(&gaps);
}

/* MMPP-2 over long windows: variance over mean of the counts tends to 1 + 2 (r1 - r2)^2
   p1 p2 / ((s1 + s2) r), with rates r, shares p, rates of change s, mean rate r. */
static void test_bursts(void **state)
{
    (void)state;
    struct gaps gaps = open_gaps(
        "bursts: {rate: 500/s, burst_rate: 4k/s, calm: 8ms, burst: 2ms}");
    double mean_rate = 0.8 * 500 + 0.2 * 4000;
    ASSERT_NEAR(arrival_ops(gaps.arrivals)->rate(gaps.arrivals->config), mean_rate, 1e-9);
    double dispersion = 1 + 2 * 3500.0 * 3500 * 0.8 * 0.2 / ((125 + 500) * mean_rate);
    const double window = 0.5e9; /* many phases */
    double clock = 0, sum = 0, square = 0, count = 0, windows = 0;
    for (size_t i = 0; i < COUNT; i++) {
        clock += gaps.gaps[i];
        while (clock >= window * (windows + 1)) {
            sum += count;
            square += count * count;
            count = 0;
            windows++;
        }
        count++;
    }
    double mean = sum / windows, variance = square / windows - mean * mean;
    double expected = mean_rate * window / 1e9;
    print_message("    %.0f windows: mean %.1f (%.1f), dispersion %.3g (%.3g)\n", windows, mean,
                  expected, variance / mean, dispersion);
    ASSERT_NEAR(mean, expected, 5 * sqrt(dispersion * expected / windows));
    ASSERT_NEAR(variance / mean, dispersion, 5 * dispersion * sqrt(2 / windows));
    close_gaps(&gaps);
}

/* Silence between bursts is passed over, however many phases it takes. */
static void test_bursts_with_silence(void **state)
{
    (void)state;
    struct gaps gaps = open_gaps("bursts: {rate: 0/s, burst_rate: 2k/s, calm: 9ms, burst: 1ms}");
    double sum = 0;
    for (size_t i = 0; i < COUNT; i++) {
        assert_true(gaps.gaps[i] > 0 && gaps.gaps[i] < 1e12);
        sum += gaps.gaps[i];
    }
    double dispersion = 1 + 2 * 2000.0 * 2000 * 0.1 * 0.9 / ((1e3 + 1e3 / 9) * 200);
    ASSERT_NEAR(COUNT / sum * 1e9, 200, 5 * 200 * sqrt(dispersion / COUNT));
    close_gaps(&gaps);
}

/* Every kind is open, with gaps and a rate, or has none of that. */
static void test_list(void **state)
{
    (void)state;
    size_t count = 0;
    for (; arrival_kinds.at(count) != NULL; count++) {
        const struct arrival_ops *ops = (const struct arrival_ops *)arrival_kinds.at(count);
        assert_non_null(ops->kind.name);
        assert_non_null(ops->kind.summary);
        assert_true((ops->mode == ARRIVAL_OPEN) == (ops->gaps != NULL));
        assert_true((ops->mode == ARRIVAL_CLOSED) == (ops->rate == NULL));
    }
    assert_true(count >= 6);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_poisson),
    cmocka_unit_test(test_deterministic),
    cmocka_unit_test(test_renewal),
    cmocka_unit_test(test_bursts),
    cmocka_unit_test(test_bursts_with_silence),
    cmocka_unit_test(test_list),
};

TEST_MAIN(tests)
