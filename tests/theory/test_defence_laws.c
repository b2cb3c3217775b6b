/* SPDX-License-Identifier: GPL-3.0-or-later
   Conservation with every defence at once: retries, hedges, cancelling, breakers, shedding,
   grace, sticky sessions, under faults.  Every request ends once, one of its attempts is the
   last, and (checked after each run by the world itself) balancers count what is there.  Half
   of the scenarios have all times in whole milliseconds, so that hedge, answer, time-out,
   crash and the end of grace meet at one instant, in every order. */
#include "tests/models/attempts.h"

static const char *const disciplines[] = {"fifo", "lifo", "ps"};
static const char *const limits[] = {"unlimited", "2", "1"};
static const char *const arrivals[] = {
    "poisson: {rate: 2/ms}", "deterministic: {rate: 1/ms}", "closed: {users: 8, think: 1ms}",
    "bursts: {rate: 1/ms, burst_rate: 9/ms, calm: 10ms, burst: 2ms}"};
static const char *const networks[] = {"0s", "1ms", "{exponential: {mean: 300us}}"};
static const char *const timeouts[] = {"none", "3ms", "4ms", "9ms"};
static const char *const hedges[] = {
    "", ", hedge: 1ms", ", hedge: {after: {after: 2ms, max: 7, cancel: false}}",
    ", hedge: {after: {after: 1ms, max: 3, max_extra_load: 50%}}",
    ", hedge: {percentile: {percentile: 50%, window: 30ms, refresh: 5ms}}",
    ", hedge: {finagle: {max_extra_load: 20%}}"};
static const char *const retries[] = {
    "", ", retry: {custom: {attempts: 3, base: 1ms, jitter: none}}",
    ", retry: {custom: {attempts: 2, base: 0s, per_try_timeout: 2ms}}",
    ", retry: {custom: {attempts: 20, base: 0s, per_try_timeout: 1ms, place: untried}}",
    ", retry: envoy", ", retry: nginx", ", retry: haproxy", ", retry: finagle"};
static const char *const breakers[] = {
    "", ", circuit_breakers: {max_requests: 5}", ", circuit_breakers: {preset: envoy}",
    ", circuit_breakers: {max_pending_requests: 1, max_retries: 1, max_requests: 3}"};
static const char *const sheds[] = {
    "", "", ", shed: 6", ", shed: {codel: {target: 1ms, interval: 2ms}}",
    ", shed: {gradient: {concurrency_update_interval: 2ms}}"};
static const char *const guards[] = {"", ", outlier_detection: nginx",
                                     ", outlier_detection: finagle",
                                     ", health_check: {interval: 2ms, timeout: 1ms}"};
static const char *const faults[] = {
    "{kind: crash, from: 10ms, up: 7ms, lasts: 3ms}", "{kind: hang, on: pod-0, to: 40ms}",
    "{kind: errors, share: 40%, after: 1ms}", "{kind: errors, after: 0s, on: pod-1}",
    "{kind: partition, on: pod-2, from: 20ms, to: 30ms}",
    "{kind: partition, direction: from_pod, on: pod-1, from: 5ms, to: 25ms}",
    "{kind: memory_limit, in_flight: 4, restart: {takes: 2ms, backoff: 1ms}}",
    "{kind: cpu_quota, quota: 1ms, period: 3ms}", "{kind: slowdown, factor: 3, on: pod-3}",
    "{kind: packet_loss, share: 20%, retransmit: 1ms}", "{kind: pause, up: 5ms, lasts: 2ms}"};
static const char *const changes[] = {
    "", "membership: [{at: 12ms, remove: {pods: pod, count: 2, grace: 3ms}}]\n",
    "membership: [{at: 9ms, remove: {pods: pod, grace: 4ms}}, {at: 30ms, add: {pods: pod}}]\n",
    "membership: [{at: 12ms, remove: {pods: pod-0, grace: 0s}}]\n",
    "membership: [{at: 20ms, remove: {pods: pod-1}}, {at: 33ms, down: pod-2}]\n"};

#define DRAW(rng, list) list[rng_below(rng, sizeof list / sizeof *list)]

static void write_text(uint64_t seed, char *text, size_t size)
{
    struct rng rng;
    rng_open(&rng, seed, "defences", 0);
    size_t used = (size_t)snprintf(
        text, size,
        "run: {duration: 60ms, warmup: 0s, replications: 1, seed: %llu}\n"
        "clients: [{arrivals: {%s}, demand: %s, timeout: %s, key: {uniform: {count: 50}}}]\n",
        (unsigned long long)seed, DRAW(&rng, arrivals),
        seed % 2 ? "{exponential: {mean: 1500us}}" : "2ms", DRAW(&rng, timeouts));
    used += (size_t)snprintf(
        text + used, size - used,
        "pods: [{count: 4, queue: %s, discipline: %s, workers: %d}]\n"
        "network: {to_balancer: %s, to_pod: %s}\n%sfaults: [%s",
        DRAW(&rng, limits), DRAW(&rng, disciplines), rng_below(&rng, 2) ? 1 : 2,
        DRAW(&rng, networks), DRAW(&rng, networks), DRAW(&rng, changes), DRAW(&rng, faults));
    for (uint64_t i = rng_below(&rng, 3); i > 0; i--)
        used += (size_t)snprintf(text + used, size - used, ", %s", DRAW(&rng, faults));
    used += (size_t)snprintf(
        text + used, size - used, "]\nbalancers: [{count: 2, max_in_flight: %s, cancel: %s",
        DRAW(&rng, limits), rng_below(&rng, 2) ? "true" : "false");
    used += (size_t)snprintf(text + used, size - used, "%s%s%s%s%s%s, queue: {timeout: %s}",
                             DRAW(&rng, hedges), DRAW(&rng, retries), DRAW(&rng, breakers),
                             DRAW(&rng, sheds), DRAW(&rng, guards),
                             rng_below(&rng, 4) ? "" : ", sticky: cookie", DRAW(&rng, timeouts));
    used += (size_t)snprintf(
        text + used, size - used,
        ", policy: [round_robin, p2c, least_work_left, nginx.least_conn, prequal, "
        "brpc.locality_aware, central_queue, envoy.maglev, finagle.p2c_least_loaded]}]\n");
    assert_true(used < size);
}

static void test_random_defences(void **state)
{
    (void)state;
    uint64_t attempts = 0, cancelled = 0, requests = 0;
    for (uint64_t seed = 1; seed <= 500; seed++) {
        struct scene scene;
        char text[LAWS_TEXT_SIZE];
        write_text(seed, text, sizeof text);
        scene_open(&scene, "%s", text);
        for (size_t policy = 0; policy < scene_policies(&scene); policy++) {
            struct laws laws = laws_open(text, &scene, policy);
            attempts_check_laws(&laws);
            requests += laws.rows.account.requests;
            attempts += laws.rows.count;
            for (size_t i = 0; i < laws.rows.count; i++)
                cancelled += laws.rows.rows[i].outcome == OUTCOME_CANCELLED;
            laws_close(&laws);
        }
        scene_close(&scene);
    }
    print_message("    %llu requests, %llu attempts, %llu cancelled\n",
                  (unsigned long long)requests, (unsigned long long)attempts,
                  (unsigned long long)cancelled);
    assert_true(attempts > requests && cancelled > requests / 100);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_random_defences),
};

TEST_MAIN(tests)
