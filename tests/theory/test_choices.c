/* SPDX-License-Identifier: GPL-3.0-or-later
   Dispatch to many queues.  Exact for a few pods: the balance equations of the queue lengths
   solved by iteration.  For very many: the mean-field limit, where a share rho^(2^i - 1) of
   the pods holds at least i (Vvedenskaya, Dobrushin and Karpelevich 1996; Mitzenmacher 2001).
   Between policies: the order that theory demands. */
#include "tests/theory/queueing.h"
#include "tests/theory/theory.h"

enum { PODS = 3, LONGEST = 24, STATES = LONGEST * LONGEST * LONGEST };

static const int chain_step[PODS] = {1, LONGEST, LONGEST * LONGEST};

/* Share of the arrivals that each pod gets: the least of `choices` distinct ones drawn,
   ties even. */
static void chain_split(const int *length, int choices, double *share)
{
    for (int i = 0; i < PODS; i++)
        share[i] = 0;
    int sets = choices == PODS ? 1 : PODS;
    for (int left_out = 0; left_out < sets; left_out++) {
        int least = LONGEST, ties = 0;
        for (int i = 0; i < PODS; i++) {
            bool drawn = choices == PODS || i != left_out;
            if (drawn && length[i] < least)
                least = length[i];
        }
        for (int i = 0; i < PODS; i++)
            ties += (choices == PODS || i != left_out) && length[i] == least;
        for (int i = 0; i < PODS; i++)
            if ((choices == PODS || i != left_out) && length[i] == least)
                share[i] += 1.0 / sets / ties;
    }
}

/* One step of the chain made uniform: from `now` to `next`. */
static void chain_turn(double load, int choices, const double *now, double *next)
{
    double rate = PODS * load + PODS, share[PODS];
    memset(next, 0, STATES * sizeof *next);
    for (int state = 0; state < STATES; state++) {
        if (now[state] < 1e-18)
            continue;
        int length[PODS] = {state % LONGEST, state / LONGEST % LONGEST,
                            state / LONGEST / LONGEST};
        chain_split(length, choices, share);
        for (int i = 0; i < PODS; i++) {
            bool full = length[i] == LONGEST - 1, empty = length[i] == 0;
            next[state + (full ? 0 : chain_step[i])] +=
                now[state] * share[i] * PODS * load / rate;
            next[state - (empty ? 0 : chain_step[i])] += now[state] / rate;
        }
    }
}

/* Mean response, by Little's law, and what an arrival finds at the pod that it goes to. */
static struct queueing_found chain_solve(double load, int choices)
{
    double *now = calloc(STATES, sizeof *now), *next = calloc(STATES, sizeof *next);
    double share[PODS];
    now[0] = 1;
    for (int turn = 0; turn < 1200; turn++) {
        chain_turn(load, choices, now, next);
        double *swap = now;
        now = next;
        next = swap;
    }
    struct queueing_found law = {.count = LONGEST};
    for (int state = 0; state < STATES; state++) {
        int length[PODS] = {state % LONGEST, state / LONGEST % LONGEST,
                            state / LONGEST / LONGEST};
        chain_split(length, choices, share);
        for (int i = 0; i < PODS; i++)
            law.found[length[i]] += now[state] * share[i];
    }
    free(now);
    free(next);
    return law;
}

static void assert_law(const struct report *report, const char *what, const char *policy,
                       const struct queueing_found *law, double bound)
{
    double p99 = theory_quantile(queueing_found_tail, law, 0.99);
    THEORY_ASSERT(report, what, policy, "mean", 1e-3 * queueing_found_mean(law), bound, 0);
    THEORY_ASSERT(report, what, policy, "p99", 1e-3 * p99, 2 * bound, 0);
}

static void test_three_pods(void **state)
{
    (void)state;
    struct report report;
    THEORY_REPORT(&report,
                  "run: {duration: 45s, warmup: 5s, replications: 20, seed: 12}\n"
                  "clients: [{arrivals: {poisson: {rate: 2.1/ms}}, "
                  "demand: {exponential: {mean: 1ms}}}]\n"
                  "pods: [{count: 3}]\n"
                  "balancers: [{policy: [jsq, least_connections, p2c, "
                  "{p2c: {choices: 3, tie: random}, as: three}, "
                  "{p2c: {tie: random}, as: random_ties}]}]\n");
    struct queueing_found all = chain_solve(0.7, 3), two = chain_solve(0.7, 2);
    assert_law(&report, "all of 3, rho 0.7", "jsq", &all, 0.01);
    assert_law(&report, "all of 3, rho 0.7", "least_connections", &all, 0.01);
    assert_law(&report, "all of 3, rho 0.7", "three", &all, 0.01);
    assert_law(&report, "2 of 3, rho 0.7", "p2c", &two, 0.01);
    assert_law(&report, "2 of 3, rho 0.7", "random_ties", &two, 0.01);
    report_free(&report);
}

/* Of very many pods a share s(i) = rho^((d^i - 1) / (d - 1)) holds i or more; who arrives
   finds i with chance s(i)^d - s(i + 1)^d. */
static struct queueing_found mean_field(double load, unsigned choices)
{
    struct queueing_found law = {.count = 40};
    double power = 1, exponent = 0;
    for (unsigned i = 0; i < law.count; i++) {
        double here = pow(load, choices * exponent);
        exponent += power;
        power *= choices;
        law.found[i] = here - pow(load, choices * exponent);
    }
    return law;
}

static void assert_mean_field(double load, double bound)
{
    struct report report;
    THEORY_REPORT(&report,
                  "run: {duration: 400ms, warmup: 100ms, replications: 10, seed: 13}\n"
                  "clients: [{arrivals: {poisson: {rate: %.0f/ms}}, "
                  "demand: {exponential: {mean: 1ms}}}]\n"
                  "pods: [{count: 1000}]\n"
                  "balancers: [{policy: [p2c, {p2c: {choices: 3}, as: three}, "
                  "{p2c: {replacement: true}, as: again}]}]\n", load * 1000);
    /* 1000 pods are within about 1 / 1000 of the limit, times 1 / (1 - rho). */
    double slack = 0.001 / (1 - load);
    const char *const policies[] = {"p2c", "again", "three"};
    for (unsigned i = 0; i < 3; i++) {
        struct queueing_found law = mean_field(load, i < 2 ? 2 : 3);
        double p99 = theory_quantile(queueing_found_tail, &law, 0.99);
        char what[48];
        snprintf(what, sizeof what, "%d of 1000, rho %.2g", i < 2 ? 2 : 3, load);
        THEORY_ASSERT(&report, what, policies[i], "mean", 1e-3 * queueing_found_mean(&law),
                      bound, slack);
        THEORY_ASSERT(&report, what, policies[i], "p99", 1e-3 * p99, 2 * bound, slack);
    }
    report_free(&report);
}

static void test_thousand_pods(void **state)
{
    (void)state;
    assert_mean_field(0.7, 0.01);
    assert_mean_field(0.9, 0.01);
}

/* Each of the second row of pairs is better by more than the intervals, or (not worse) at
   least within them. */
static void test_order_of_policies(void **state)
{
    (void)state;
    struct report report;
    THEORY_REPORT(&report,
                  "run: {duration: 8s, warmup: 2s, replications: 20, seed: 15}\n"
                  "clients: [{arrivals: {poisson: {rate: 9/ms}}, "
                  "demand: {exponential: {mean: 1ms}}}]\n"
                  "pods: [{count: 10}]\n"
                  "balancers: [{policy: [random, round_robin, p2c, jsq, central_queue]}]\n");
    const char *const order[] = {"random", "round_robin", "p2c", "jsq", "central_queue"};
    for (unsigned i = 0; i + 1 < sizeof order / sizeof *order; i++) {
        const struct measure *worse = theory_find(&report, order[i], "mean");
        const struct measure *better = theory_find(&report, order[i + 1], "mean");
        print_message("    %s %.4g ms > %s %.4g ms\n", worse->policy, 1e3 * worse->value,
                      better->policy, 1e3 * better->value);
        assert_true(better->high < worse->low);
    }
    report_free(&report);
}

/* Mean latency of the measured requests of one run, ns. */
static double mean_of(const struct scene *scene, size_t policy, uint64_t replication)
{
    struct scene_rows rows = scene_run(scene, policy, replication);
    double sum = 0, count = 0;
    for (size_t i = 0; i < rows.count; i++)
        if (rows.rows[i].phase == PHASE_MEASURE) {
            sum += (double)(rows.rows[i].ended - rows.rows[i].due);
            count++;
        }
    free(rows.rows);
    return sum / count;
}

/* Equal pods, the same requests: nobody beats one queue for all in any replication, within
   the half per cent by which it may deal long ones to different pods. */
static void test_central_queue_is_a_bound(void **state)
{
    (void)state;
    static const char *const demands[] = {"exponential: {mean: 1ms}",
                                          "lognormal: {mean: 1ms, cv: 1.5}",
                                          "deterministic: {value: 1ms}"};
    for (size_t demand = 0; demand < 3; demand++) {
        struct scene scene;
        scene_open(&scene,
                   "run: {duration: 6s, warmup: 1s, replications: 5, seed: 16}\n"
                   "clients: [{arrivals: {poisson: {rate: 7/ms}}, demand: {%s}}]\n"
                   "pods: [{count: 4, workers: 2}]\n"
                   "balancers: [{policy: [central_queue, random, round_robin, p2c, "
                   "least_connections, jsq]}]\n", demands[demand]);
        for (uint64_t replication = 1; replication <= 5; replication++) {
            double bound = mean_of(&scene, 0, replication);
            for (size_t policy = 1; policy < scene_policies(&scene); policy++) {
                double found = mean_of(&scene, policy, replication);
                if (found < bound * 0.995)
                    fail_msg("%s, %s, replication %d: mean %.6g ms, central queue %.6g ms",
                             demands[demand], scene_policy(&scene, policy)->label,
                             (int)replication, found / 1e6, bound / 1e6);
            }
        }
        scene_close(&scene);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_three_pods),
    cmocka_unit_test(test_thousand_pods),
    cmocka_unit_test(test_order_of_policies),
    cmocka_unit_test(test_central_queue_is_a_bound),
};

TEST_MAIN(tests)
