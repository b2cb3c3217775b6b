/* SPDX-License-Identifier: GPL-3.0-or-later
   Conservation under faults: in random scenarios with several faults at once every request
   ends once, in order of its stages, and nothing is left at a pod. */
#include "tests/theory/laws_scene.h"
#include "tests/theory/theory.h"

static const char *const kinds[] = {
    "crash, restart: {takes: 3ms, backoff: 2ms, max_backoff: 9ms}",
    "hang, to: 60ms",
    "pause",
    "slowdown, factor: 4",
    "cpu_quota, quota: 1ms, period: 3ms",
    "gray, share: 30%",
    "errors, share: 60%, after: 100us",
    "errors, after: 0s",
    "warm_up, over: 20ms",
    "slow_leak, over: 40ms",
    "memory_limit, in_flight: 3, restart: {takes: 2ms, backoff: 1ms}",
    "cache_loss",
    "partition",
    "partition, balancers: 1, direction: from_pod",
    "packet_loss, share: 20%, retransmit: 1ms",
    "latency, extra: {exponential: {mean: 1ms}}",
};
static const char *const places[] = {"", ", on: pod-0", ", pick: 1", ", node: node-0"};
static const char *const times[] = {
    "", ", from: 30ms", ", up: {exponential: {mean: 10ms}}, lasts: 2ms",
    ", up: 5ms, lasts: {exponential: {mean: 3ms}}, together: true"};
static const char *const disciplines[] = {"fifo", "lifo", "ps"};
static const char *const timeouts[] = {"4ms", "20ms", "none"};
static const char *const networks[] = {"0s", "100us", "{exponential: {mean: 200us}}"};

#define DRAW(rng, list) list[rng_below(rng, sizeof list / sizeof *list)]

static void write_text(uint64_t seed, char *text, size_t size)
{
    struct rng rng;
    rng_open(&rng, seed, "faults", 0);
    const char *network = DRAW(&rng, networks);
    const char *discipline = DRAW(&rng, disciplines);
    size_t used = (size_t)snprintf(
        text, size,
        "run: {duration: 80ms, warmup: 0s, replications: 1, seed: %llu}\n"
        "clients: [{arrivals: {poisson: {rate: 3/ms}}, demand: {exponential: {mean: 1ms}}, "
        "timeout: %s, key: {uniform: {count: 50}}}]\n"
        "pods: [{count: 5, nodes: 2, discipline: %s, queue: %s, "
        "cache: {capacity: 20, miss: 100us}}]\nnetwork: {to_pod: %s}\n"
        "balancers: [{count: 2, max_in_flight: %s, "
        "policy: [round_robin, p2c, least_connections, least_work_left, central_queue, prequal, "
        "nginx.least_conn, haproxy.leastconn, grpc.weighted_round_robin]}]\nfaults:\n",
        (unsigned long long)seed, DRAW(&rng, timeouts), discipline,
        rng_below(&rng, 2) ? "unlimited" : "2", network, rng_below(&rng, 2) ? "unlimited" : "2");
    for (uint64_t i = rng_below(&rng, 4) + 1; i > 0; i--) {
        const char *kind = DRAW(&rng, kinds);
        const char *place = DRAW(&rng, places), *when = DRAW(&rng, times);
        used += (size_t)snprintf(text + used, size - used, "  - {kind: %s%s%s}\n", kind, place,
                                 strstr(kind, "to:") != NULL ? "" : when);
        assert_true(used < size);
    }
}

static void check_row(const struct laws *laws, const struct trace_row *row, size_t index)
{
    LAWS_HOLD(laws, row, row->request == index && row->last == 1);
    LAWS_HOLD(laws, row, row->outcome < OUTCOME_COUNT);
    LAWS_HOLD(laws, row, row->ended >= row->due);
    laws_check_order(laws, row);
    if (row->outcome == OUTCOME_REFUSED)
        LAWS_HOLD(laws, row, row->started == row->arrived && row->served == row->arrived);
    if (row->outcome == OUTCOME_OK)
        LAWS_HOLD(laws, row, row->pod < laws->pod_count && row->served <= row->ended);
}

static void check_scene(const char *text, const struct scene *scene, size_t policy)
{
    struct laws laws = laws_open(text, scene, policy);
    LAWS_HOLD(&laws, NULL, laws.rows.count == laws.rows.account.requests);
    LAWS_HOLD(&laws, NULL, laws.rows.count > 100);
    for (size_t i = 0; i < laws.rows.count; i++)
        check_row(&laws, &laws.rows.rows[i], i);
    if (strstr(text, "errors") == NULL) /* which take no room */
        laws_check_limits(&laws);
    laws_close(&laws);
}

static void test_random_faults(void **state)
{
    (void)state;
    size_t runs = 0;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        char text[LAWS_TEXT_SIZE];
        struct scene scene;
        write_text(seed, text, sizeof text);
        scene_open(&scene, "%s", text);
        for (size_t policy = 0; policy < scene_policies(&scene); policy++, runs++)
            check_scene(text, &scene, policy);
        scene_close(&scene);
    }
    print_message("    300 scenarios, %zu runs\n", runs);
}

/* A pod with breakdowns that only stand still: while it is well it serves exp(mu), and what it
   has is kept.  White and Christie, "Queuing with preemptive priorities or with breakdown",
   Operations Research 6 (1958): with up times exp(f) and down times exp(r), availability
   a = r / (f + r), the mean number in the system is
       rho / (a - rho) * (1 + mu f / (f + r)^2),  rho = lambda / mu. */
static void test_breakdowns(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, "run: {duration: 400s, warmup: 4s, replications: 12, seed: 71}\n"
                       "clients: [{arrivals: {poisson: {rate: 500/s}}, "
                       "demand: {exponential: {mean: 1ms}}}]\npods: [{}]\n"
                       "balancers: [{policy: random}]\n"
                       "faults: [{kind: pause, up: {exponential: {mean: 40ms}}, "
                       "lasts: {exponential: {mean: 10ms}}}]\n");
    double f = 25, r = 100, mu = 1000, lambda = 500, rho = lambda / mu, a = r / (f + r);
    double exact = rho / (a - rho) * (1 + mu * f / ((f + r) * (f + r))) / lambda;
    struct report report = theory_report(&scene);
    THEORY_ASSERT(&report, "M/M/1 with breakdowns", NULL, "mean", exact, 0.05, 0);
    report_free(&report);
    scene_close(&scene);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_random_faults),
    cmocka_unit_test(test_breakdowns),
};

TEST_MAIN(tests)
