/* SPDX-License-Identifier: GPL-3.0-or-later
   Retries worked by hand, attempts per request by formula, and conservation under random
   faults. */
#include "tests/models/attempts.h"
#include "tests/theory/theory.h"

/* In turn to pods 0, 1, 2: pod 0 refuses, pod 1 is next; back-off 5 ms, then 10 ms. */
static void test_refused(void **state)
{
    (void)state;
    static const struct attempt_row tries[] = {
        {0, 0, 0, OUTCOME_REFUSED, 0, 0, false, 0},
        {0, 1, 1, OUTCOME_REFUSED, 5000, 5000, false, 0},
        {0, 2, 2, OUTCOME_OK, 15000, 16000, true, 0},
        {1, 0, 0, OUTCOME_REFUSED, 50000, 50000, false, 0},
        {1, 1, 1, OUTCOME_OK, 55000, 56000, true, 0},
    };
    attempts_assert("0,1000,0,0\n50000,1000,0,0\n", "none",
                    "run: {duration: 1s, warmup: 0s, replications: 1}\npods: [{count: 3}]\n"
                    "balancers: [{policy: round_robin, retry: {custom: {attempts: 2, "
                    "base: 5ms, jitter: none}}}]\n"
                    "faults: [{kind: crash, on: pod-0, to: 1s}, "
                    "{kind: crash, on: pod-1, to: 20ms}]\n",
                    tries, 5);
}

/* One retry only: the second failure is the client's. */
static void test_too_few(void **state)
{
    (void)state;
    static const struct attempt_row tries[] = {
        {0, 0, 0, OUTCOME_ERROR, 0, 1000, false, 0}, {0, 1, 1, OUTCOME_ERROR, 1000, 2000, true, 0}};
    attempts_assert("0,1000,0,0\n", "none",
                    "run: {duration: 1s, warmup: 0s, replications: 1}\npods: [{count: 3}]\n"
                    "balancers: [{policy: round_robin, retry: {custom: {attempts: 1, "
                    "base: 0s}}}]\nfaults: [{kind: errors}]\n",
                    tries, 2);
}

/* Each pick takes 5 us, that for a retry too; a client that gives up meanwhile is not sent. */
static void test_picks_that_take_time(void **state)
{
    (void)state;
    static const char rest[] =
        "run: {duration: 1s, warmup: 0s, replications: 1}\npods: [{count: 3}]\n"
        "balancers: [{policy: round_robin, decision_cost: 5us, "
        "retry: {custom: {attempts: 1, base: 0s}}}]\nfaults: [{kind: errors}]\n";
    static const struct attempt_row tries[] = {
        {0, 0, 0, OUTCOME_ERROR, 0, 1005, false, 0},
        {0, 1, 1, OUTCOME_ERROR, 1005, 2010, true, 0}};
    attempts_assert("0,1000,0,0\n", "none", rest, tries, 2);
    static const struct attempt_row too_late[] = {
        {0, 0, 0, OUTCOME_ERROR, 0, 1005, false, 0},
        {0, 1, ROW_NO_POD, OUTCOME_TIMEOUT, 1005, 1007, true, 0}};
    attempts_assert("0,1000,0,0\n", "1007us", rest, too_late, 2);
}

/* Pod 0 hangs until 300 ms: tried for 20 ms, then pod 1; the hung attempt ends with the pod. */
static void test_per_try_timeout(void **state)
{
    (void)state;
    static const struct attempt_row tries[] = {
        {0, 0, 0, OUTCOME_TIMEOUT, 0, 20000, false, 0},
        {0, 1, 1, OUTCOME_OK, 20000, 21000, true, 0}};
    attempts_assert("0,1000,0,0\n", "500ms",
                    "run: {duration: 1s, warmup: 0s, replications: 1}\npods: [{count: 2}]\n"
                    "balancers: [{policy: round_robin, retry: {custom: {attempts: 1, "
                    "base: 0s, per_try_timeout: 20ms}}}]\n"
                    "faults: [{kind: hang, on: pod-0, to: 300ms}]\n",
                    tries, 2);
}

#define HAPROXY(policy, settings) \
    "run: {duration: 9s, warmup: 0s, replications: 1}\npods: [{count: 2}]\n" \
    "balancers: [{policy: " policy ", retry: {haproxy: {" settings "}}}]\n"

/* HAProxy with option redispatch does not try a server again that refused, where the balancing
   algorithm is no hash: the next in turn gets the request at once.  Without the option it
   comes back to the server each second, and to one that answers 5xx at once. */
static void test_haproxy(void **state)
{
    (void)state;
    static const struct attempt_row elsewhere[] = {
        {0, 0, 0, OUTCOME_REFUSED, 0, 0, false, 0}, {0, 1, 1, OUTCOME_OK, 0, 1000, true, 0}};
    attempts_assert("0,1000,0,0\n", "none",
                    HAPROXY("haproxy.roundrobin", "retries: 3")
                    "faults: [{kind: crash, on: pod-0, to: 9s}]\n",
                    elsewhere, 2);
    static const struct attempt_row stays[] = {
        {0, 0, 0, OUTCOME_REFUSED, 0, 0, false, 0},
        {0, 1, 0, OUTCOME_REFUSED, 1000000, 1000000, false, 0},
        {0, 2, 0, OUTCOME_OK, 2000000, 2001000, true, 0}};
    attempts_assert("0,1000,0,0\n", "none",
                    HAPROXY("haproxy.roundrobin", "retries: 3, redispatch: 0")
                    "faults: [{kind: crash, on: pod-0, to: 1500ms}]\n",
                    stays, 3);
    static const struct attempt_row errors[] = {
        {0, 0, 0, OUTCOME_ERROR, 0, 1000, false, 0},
        {0, 1, 0, OUTCOME_ERROR, 1000, 2000, false, 0},
        {0, 2, 0, OUTCOME_ERROR, 2000, 3000, true, 0}};
    attempts_assert("0,1000,0,0\n", "none",
                    HAPROXY("haproxy.roundrobin",
                            "retries: 2, redispatch: 0, retry_on: [error]")
                    "faults: [{kind: errors, on: pod-0}]\n",
                    errors, 3);
}

/* In Envoy a retry_budget replaces max_retries. */
static void test_envoy_budget(void **state)
{
    (void)state;
    static const struct attempt_row both[] = {
        {0, 0, 0, OUTCOME_ERROR, 0, 1000, false, 0}, {0, 1, 1, OUTCOME_OK, 1000, 2000, true, 0}};
    static const struct attempt_row one[] = {{0, 0, 0, OUTCOME_ERROR, 0, 1000, true, 0}};
    static const struct {
        const char *rest;
        const struct attempt_row *rows;
        size_t count;
    } cases[] = {
#define LIMITED(budget, preset) \
    "run: {duration: 1s, warmup: 0s, replications: 1}\npods: [{count: 2}]\n" \
    "balancers: [{policy: round_robin, retry: {envoy: {base_interval: 1ms, budget: " budget \
    "}}, circuit_breakers: {preset: " preset ", max_retries: 0}}]\n" \
    "faults: [{kind: errors, on: pod-0}]\n"
        {LIMITED("percent", "envoy"), both, 2},
        {LIMITED("concurrent", "envoy"), one, 1},
        {LIMITED("percent", "custom"), one, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        attempts_assert("0,1000,0,0\n", "none", cases[i].rest, cases[i].rows, cases[i].count);
}

/* Two servers that answer 500: the first is out, but at the second, the last try, the status is
   no failure of it; of the next request it is, as that had a further try, for which nobody is
   left. */
static void test_nginx_last_try(void **state)
{
    (void)state;
    static const struct attempt_row tries[] = {
        {0, 0, 0, OUTCOME_ERROR, 0, 1000, false, 0},
        {0, 1, 1, OUTCOME_ERROR, 1000, 2000, true, 0},
        {1, 0, 1, OUTCOME_ERROR, 50000, 51000, true, 0},
        {2, 0, ROW_NO_POD, OUTCOME_NO_BACKEND, 100000, 100000, true, 0}};
    attempts_assert("0,1000,0,0\n50000,1000,0,0\n100000,1000,0,0\n", "none",
                    "run: {duration: 1s, warmup: 0s, replications: 1}\npods: [{count: 2}]\n"
                    "balancers: [{policy: round_robin, "
                    "retry: {nginx: {proxy_next_upstream: [error]}}, "
                    "outlier_detection: {nginx: {next_upstream: [http_500]}}}]\n"
                    "faults: [{kind: errors, status: 500}]\n",
                    tries, 4);
}

/* The client gives up while the third try is under way. */
static void test_client_gives_up(void **state)
{
    (void)state;
    static const struct attempt_row tries[] = {
        {0, 0, 0, OUTCOME_TIMEOUT, 0, 20000, false, 0},
        {0, 1, 0, OUTCOME_TIMEOUT, 20000, 40000, false, 0},
        {0, 2, 0, OUTCOME_TIMEOUT, 40000, 50000, true, 0}};
    attempts_assert("0,1000,0,0\n", "50ms",
                    "run: {duration: 1s, warmup: 0s, replications: 1}\npods: [{}]\n"
                    "balancers: [{policy: round_robin, retry: {custom: {attempts: 5, "
                    "base: 0s, per_try_timeout: 20ms}}}]\n"
                    "faults: [{kind: hang, to: 300ms}]\n",
                    tries, 3);
}

/* Each attempt fails with p = 0.3 and two retries may follow: (1 - p^3) / (1 - p) attempts a
   request, and p^3 of them fail. */
static void test_attempts(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, "run: {duration: 20s, warmup: 1s, replications: 10, seed: 81}\n"
                       "clients: [{arrivals: {poisson: {rate: 1000/s}}, demand: 100us}]\n"
                       "pods: [{count: 4}]\nbalancers: [{policy: random, "
                       "retry: {custom: {attempts: 2, base: 1ms}}}]\n"
                       "faults: [{kind: errors, share: 30%%}]\n");
    struct report report = theory_report(&scene);
    double p = 0.3, exact = (1 - p * p * p) / (1 - p);
    const struct measure *found = theory_find(&report, NULL, "amplification");
    ASSERT_NEAR(found->value, exact, 1.5 * (found->high - found->low) / 2);
    assert_true((found->high - found->low) / 2 < 0.01);
    found = theory_find(&report, NULL, "error_rate");
    ASSERT_NEAR(found->value, p * p * p, 1.5 * (found->high - found->low) / 2);
    report_free(&report);
    scene_close(&scene);
}

/* With a budget of a fifth of the load there is no storm. */
static void test_budget(void **state)
{
    (void)state;
    static const char *const retries[] = {"{custom: {attempts: 3, base: 1ms}}", "linkerd"};
    for (int i = 0; i < 2; i++) {
        struct scene scene;
        scene_open(&scene,
                   "run: {duration: 30s, warmup: 15s, replications: 10, seed: 82}\n"
                   "clients: [{arrivals: {poisson: {rate: 1000/s}}, demand: 100us}]\n"
                   "pods: [{count: 4}]\nbalancers: [{policy: random, retry: %s}]\n"
                   "faults: [{kind: errors}]\n", retries[i]);
        struct report report = theory_report(&scene);
        double found = theory_find(&report, NULL, "amplification")->value;
        bool right = i == 0 ? found == 4 : found > 1 && found < 1.25;
        if (!right)
            fail_msg("%s: %g attempts a request", retries[i], found);
        report_free(&report);
        scene_close(&scene);
    }
}

/* -- conservation -- */

static const char *const retries[] = {
    "{custom: {attempts: 3, base: 200us}}",
    "{custom: {attempts: 2, base: 0s, per_try_timeout: 3ms}}",
    "{custom: {attempts: 20, base: 0s, per_try_timeout: 1ms, place: untried}}",
    "envoy", "nginx", "haproxy", "linkerd", "finagle", "{grpc: {budget: grpc}}"};
static const char *const faults[] = {
    "{kind: crash, up: {exponential: {mean: 10ms}}, lasts: 3ms}",
    "{kind: hang, on: pod-0, to: 60ms}", "{kind: errors, share: 40%}",
    "{kind: errors, after: 0s, on: pod-1}", "{kind: partition, on: pod-2, from: 20ms}",
    "{kind: memory_limit, in_flight: 4, restart: {takes: 2ms, backoff: 1ms}}",
    "{kind: slowdown, on: pod-0}"};
static const char *const limits[] = {"unlimited", "2"};

static void test_random_faults(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        struct rng rng;
        struct scene scene;
        char text[2048];
        rng_open(&rng, seed, "tries", 0);
        const char *one = faults[rng_below(&rng, 7)], *two = faults[rng_below(&rng, 7)];
        snprintf(text, sizeof text,
                 "run: {duration: 80ms, warmup: 0s, replications: 1, seed: %llu}\n"
                 "clients: [{arrivals: {poisson: {rate: 2/ms}}, demand: {exponential: "
                 "{mean: 1ms}}, timeout: %s}]\npods: [{count: 4, queue: %s, discipline: %s}]\n"
                 "network: {to_pod: %s}\nbalancers: [{count: 2, max_in_flight: %s, "
                 "queue: {timeout: 2ms}, outlier_detection: envoy, retry: %s, "
                 "policy: [round_robin, p2c, least_work_left, nginx.least_conn, "
                 "brpc.locality_aware, central_queue]}]\nfaults: [%s, %s]\n",
                 (unsigned long long)seed, rng_below(&rng, 2) ? "none" : "9ms",
                 limits[rng_below(&rng, 2)], rng_below(&rng, 2) ? "fifo" : "ps",
                 rng_below(&rng, 2) ? "0s" : "{exponential: {mean: 100us}}",
                 limits[rng_below(&rng, 2)],
                 retries[rng_below(&rng, sizeof retries / sizeof *retries)], one, two);
        scene_open(&scene, "%s", text);
        for (size_t policy = 0; policy < scene_policies(&scene); policy++) {
            struct laws laws = laws_open(text, &scene, policy);
            attempts_check_laws(&laws);
            laws_close(&laws);
        }
        scene_close(&scene);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_refused),
    cmocka_unit_test(test_too_few),
    cmocka_unit_test(test_picks_that_take_time),
    cmocka_unit_test(test_per_try_timeout), cmocka_unit_test(test_haproxy),
    cmocka_unit_test(test_nginx_last_try), cmocka_unit_test(test_envoy_budget),
    cmocka_unit_test(test_client_gives_up),
    cmocka_unit_test(test_attempts),
    cmocka_unit_test(test_budget),
    cmocka_unit_test(test_random_faults),
};

TEST_MAIN(tests)
