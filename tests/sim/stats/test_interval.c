/* SPDX-License-Identifier: GPL-3.0-or-later
   Intervals: values of printed t tables, hand-worked cases, and the coverage on dependent
   data of the kind that they are meant for. */
#include "sim/stats/interval.h"

#include "sim/engine/rng.h"
#include "sim/stats/histogram.h"
#include "tests/test.h"

static void t_quantiles_are_those_of_the_tables(void **state)
{
    (void)state;
    ASSERT_NEAR(interval_t(0.95, 1), 12.706, 0.0005);
    ASSERT_NEAR(interval_t(0.95, 4), 2.776, 0.0005);
    ASSERT_NEAR(interval_t(0.95, 9), 2.262, 0.0005);
    ASSERT_NEAR(interval_t(0.95, 19), 2.093, 0.0005);
    ASSERT_NEAR(interval_t(0.99, 19), 2.861, 0.0005);
    ASSERT_NEAR(interval_t(0.90, 30), 1.697, 0.0005);
    ASSERT_NEAR(interval_t(0.95, 1000000), 1.960, 0.0005);
    assert_true(isnan(interval_t(0.95, 0)));
}

static void an_interval_is_as_worked_by_hand(void **state)
{
    (void)state;
    /* Mean 5.5, sample variance 82.5 / 9, standard error sqrt(82.5 / 90). */
    const double values[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    double half = 2.262157 * sqrt(82.5 / 90);
    struct interval interval = interval_of(6, values, 10); /* around the pooled value */
    ASSERT_NEAR(interval.value, 6, 0);
    ASSERT_NEAR(interval.low, 6 - half, 1e-5);
    ASSERT_NEAR(interval.high, 6 + half, 1e-5);
    assert_false(interval.thin);
    const double equal[] = {3, 3, 3, 3, 3, 3, 3, 3, 3, 3};
    interval = interval_of(3, equal, 10);
    ASSERT_NEAR(interval.low, 3, 0);
    ASSERT_NEAR(interval.high, 3, 0);
}

static void test_absent(struct interval interval)
{
    assert_true(isnan(interval.low));
    assert_true(isnan(interval.high));
}

static void there_is_no_interval_without_enough_values(void **state)
{
    (void)state;
    double values[10] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    test_absent(interval_of(5, values, 9));
    test_absent(interval_of(5, values, 1));
    test_absent(interval_of(5, NULL, 0));
    test_absent(interval_of(NAN, values, 10));
    ASSERT_NEAR(interval_of(5, values, 9).value, 5, 0);
    values[3] = NAN;
    test_absent(interval_of(5, values, 10));
    values[3] = INFINITY;
    test_absent(interval_of(5, values, 10));
}

static void evidence_is_divided_by_the_dispersion(void **state)
{
    (void)state;
    ASSERT_NEAR(interval_evidence(NULL, 0), 0, 0);
    ASSERT_NEAR(interval_evidence((const double[]){17}, 1), 17, 0);
    ASSERT_NEAR(interval_evidence((const double[]){0, 0, 0}, 3), 0, 0);
    /* Even counts: more regular than chance is no more than independent. */
    ASSERT_NEAR(interval_evidence((const double[]){10, 10, 10}, 3), 30, 1e-12);
    /* Mean 10, variance 50: one exceedance in five counts. */
    ASSERT_NEAR(interval_evidence((const double[]){5, 15}, 2), 4, 1e-12);
    /* All in one of four: mean 10, variance 400. */
    ASSERT_NEAR(interval_evidence((const double[]){40, 0, 0, 0}, 4), 1, 1e-12);
}

/* One step of Lindley's recursion for M/M/1, service 1, load 0.7: the difference of service
   and gap has two exponential tails. */
static double test_wait(struct rng *rng, double wait)
{
    const double load = 0.7, up = load / (1 + load);
    double u = rng_uniform_open(rng);
    if (u < up)
        return wait - log(u / up);
    wait += log((u - up) / (1 - up)) / load;
    return wait > 0 ? wait : 0;
}

struct test_runs {
    double mean, p99; /* pooled */
    double means[20], p99s[20];
};

static void test_simulate(struct rng *rng, struct test_runs *runs, struct histogram *one,
                          struct histogram *all)
{
    enum { REQUESTS = 12000, RUNS = 20 };
    histogram_clear(all);
    for (int run = 0; run < RUNS; run++) {
        /* Stationary from the start: 0 with probability 0.3, else exponential, mean 1/0.3. */
        double u = rng_uniform_open(rng);
        double wait = u < 0.3 ? 0 : -log((u - 0.3) / 0.7) / 0.3;
        histogram_clear(one);
        for (int i = 0; i < REQUESTS; i++) {
            histogram_add(one, (sim_time)(wait * 1e6));
            wait = test_wait(rng, wait);
        }
        runs->means[run] = histogram_mean(one) / 1e6;
        runs->p99s[run] = histogram_quantile(one, 0.99) / 1e6;
        histogram_merge(all, one);
    }
    runs->mean = histogram_mean(all) / 1e6;
    runs->p99 = histogram_quantile(all, 0.99) / 1e6;
}

/* With a right method one stream in about 10^3 would miss these bounds: the standard error of
   the share is 1.3 points.  The true values are 0.7 / 0.3 and ln(0.7 / 0.01) / 0.3. */
static void intervals_cover_the_truth_in_95_of_100_cases(void **state)
{
    (void)state;
    enum { CASES = 300 };
    struct rng rng;
    struct histogram one, all;
    struct test_runs runs;
    int means = 0, p99s = 0;
    rng_seed(&rng, 77);
    histogram_init(&one);
    histogram_init(&all);
    for (int i = 0; i < CASES; i++) {
        test_simulate(&rng, &runs, &one, &all);
        struct interval mean = interval_of(runs.mean, runs.means, 20);
        struct interval p99 = interval_of(runs.p99, runs.p99s, 20);
        means += mean.low <= 0.7 / 0.3 && 0.7 / 0.3 <= mean.high;
        p99s += p99.low <= log(70) / 0.3 && log(70) / 0.3 <= p99.high;
    }
    histogram_free(&one);
    histogram_free(&all);
    print_message("coverage of the mean %.1f %%, of p99 %.1f %%\n", 100.0 * means / CASES,
                  100.0 * p99s / CASES);
    ASSERT_NEAR(100.0 * means / CASES, 94.5, 3.5);
    ASSERT_NEAR(100.0 * p99s / CASES, 94.5, 3.5);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(t_quantiles_are_those_of_the_tables),
    cmocka_unit_test(an_interval_is_as_worked_by_hand),
    cmocka_unit_test(there_is_no_interval_without_enough_values),
    cmocka_unit_test(evidence_is_divided_by_the_dispersion),
    cmocka_unit_test(intervals_cover_the_truth_in_95_of_100_cases),
};

TEST_MAIN(tests)
