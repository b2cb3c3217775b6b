/* SPDX-License-Identifier: GPL-3.0-or-later
   Conservation through one to four tiers, per request and per connection, with defences in the
   last one and faults at the pods: every request ends once, its stages are in order, and
   (checked after each run by the world itself) every instance of every tier counts what is
   there.  Some have DNS in front.  Half of the scenarios have all times in whole milliseconds,
   so that answers, time-outs and the ends of connections meet at one instant. */
#include "tests/models/attempts.h"

static const char *const arrivals[] = {
    "poisson: {rate: 2/ms}", "deterministic: {rate: 1/ms}", "closed: {users: 8, think: 1ms}",
    "closed: {users: 20, think: {exponential: {mean: 4ms}}}"};
static const char *const connections[] = {
    "", ", connections: {}", ", connections: {count: 3, requests: 4, setup: 2}",
    ", connections: {count: 2, idle_timeout: 5ms, max_age: 9ms, setup: 0}",
    ", connections: {max_age: 10ms, jitter: 0%}", ", connections: {protocol: http1, setup: 0}",
    ", connections: {protocol: http1, count: 3, requests: 4, idle_timeout: 2ms, max_age: 9ms}"};
static const char *const delays[] = {"0s", "0s", "1ms", "{exponential: {mean: 300us}}"};
static const char *const timeouts[] = {"none", "4ms", "9ms"};
static const char *const limits[] = {"unlimited", "1", "3"};
static const char *const counts[] = {"1", "2", "5"};
static const char *const spreads[] = {"random", "round_robin", "by_user"};
static const char *const stickies[] = {"", "", ", sticky: cookie", ", sticky: client_ip"};
static const char *const costs[] = {
    "0s", "0s", "1ms", "20us", "{iptables: {services: 100, sync_period: 5ms}}"};
static const char *const outer[] = {"round_robin", "p2c", "least_connections", "envoy.maglev",
                                    "random", "haproxy.leastconn"};
static const char *const defences[] = {
    "", ", hedge: 1ms", ", hedge: {after: {after: 2ms, max: 7, cancel: false}}",
    ", retry: {custom: {attempts: 2, base: 0s, per_try_timeout: 2ms}}, hedge: 1ms",
    ", retry: {custom: {attempts: 3, base: 1ms, jitter: none}}, cancel: true",
    ", retry: envoy, cancel: true, pool: {idle_timeout: 3ms}", ", pool: {setup: 2}, hedge: 1ms",
    ", circuit_breakers: {max_requests: 3}", ", shed: 6"};
static const char *const faults[] = {
    "", "{kind: crash, from: 10ms, up: 7ms, lasts: 3ms}", "{kind: errors, share: 40%, after: 1ms}",
    "{kind: partition, on: pod-2, from: 20ms, to: 30ms}", "{kind: hang, on: pod-0, to: 40ms}"};
static const char *const changes[] = {
    "", "membership: [{at: 12ms, remove: {pods: pod, count: 2, grace: 3ms}}]\n",
    "membership: [{at: 9ms, remove: {pods: pod}}, {at: 30ms, add: {pods: pod}}]\n"};
static const char *const dns[] = {
    "", "", "", "dns: {policy: round_robin, ttl: 0s}\n",
    "dns: {policy: consistent_hash, ttl: 5ms, lookup: 1ms, resolvers: {uniform: {count: 2}}}\n",
    "dns: {policy: {topology: {rules: {a: a}}}, ttl: 3ms, "
    "health_check: {interval: 2ms, timeout: 1ms, fall: 1, rise: 1}, "
    "lookup: {exponential: {mean: 2ms}}}\n",
    "dns: {policy: geo, ttl: 2ms, client_cache: {share: 50%, time: 10ms}}\n"};

#define DRAW(rng, list) list[rng_below(rng, sizeof list / sizeof *list)]

struct draft {
    char *text;
    size_t size, used;
    struct rng rng;
    const char *dns;
};

static __attribute__((format(printf, 2, 3))) void add(struct draft *draft, const char *format,
                                                      ...)
{
    va_list list;
    va_start(list, format);
    draft->used += (size_t)vsnprintf(draft->text + draft->used, draft->size - draft->used,
                                     format, list);
    va_end(list);
    assert_true(draft->used < draft->size);
}

static void add_balancers(struct draft *draft, bool connected)
{
    struct rng *rng = &draft->rng;
    uint64_t tiers = 1 + rng_below(rng, 4);
    uint64_t per_connection = connected ? rng_below(rng, tiers + 1) : 0;
    for (uint64_t tier = 1; tier <= tiers; tier++) {
        bool last = tier == tiers, per = tier <= per_connection;
        bool placed = tier == 1 && draft->dns[0] != '\0';
        add(draft, "  - {name: tier%d, %scount: %s, spread: %s, per: %s, decision_cost: %s%s",
            (int)tier, placed ? "zones: [a, b], " : "", DRAW(rng, counts), DRAW(rng, spreads),
            per ? "connection" : "request", DRAW(rng, costs), DRAW(rng, stickies));
        if (!per)
            add(draft, ", max_in_flight: %s, queue: {limit: %s, timeout: %s}",
                DRAW(rng, limits), DRAW(rng, limits), DRAW(rng, timeouts));
        bool local = last && rng_below(rng, 3) == 0;
        if (local)
            add(draft, ", nodes: [node-0, node-2], reach: node");
        if (last)
            add(draft, "%s, policy: [round_robin, nginx.least_conn, prequal, %s, "
                       "finagle.peak_ewma, envoy.maglev]}\n", per ? "" : DRAW(rng, defences),
                local ? "random" : "central_queue");
        else
            add(draft, ", to_backend: %s, policy: %s}\n", DRAW(rng, delays), DRAW(rng, outer));
    }
}

static void write_text(uint64_t seed, struct draft *draft)
{
    struct rng *rng = &draft->rng;
    rng_open(rng, seed, "dns", 0);
    draft->dns = DRAW(rng, dns);
    rng_open(rng, seed, "tiers", 0);
    const char *connected = DRAW(rng, connections);
    add(draft, "run: {duration: 60ms, warmup: 0s, replications: 1, seed: %llu}\n"
               "clients: [{%sarrivals: {%s}, demand: %s, timeout: %s, users: %s%s}]\n",
        (unsigned long long)seed, draft->dns[0] ? "zone: a, " : "", DRAW(rng, arrivals),
        seed % 2 ? "{exponential: {mean: 1500us}}" : "2ms", DRAW(rng, timeouts),
        DRAW(rng, counts), connected);
    add(draft, "pods: [{count: 4, nodes: 3, queue: %s}]\n"
               "network: {to_balancer: %s, to_pod: %s}\n%s",
        DRAW(rng, limits), DRAW(rng, delays), DRAW(rng, delays), DRAW(rng, changes));
    add(draft, "faults: [%s]\nbalancers:\n", DRAW(rng, faults));
    add_balancers(draft, connected[0] != '\0');
    add(draft, "%s", draft->dns);
}

static void test_random_tiers(void **state)
{
    (void)state;
    uint64_t requests = 0, answered = 0, late = 0;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        struct scene scene;
        char text[LAWS_TEXT_SIZE];
        struct draft draft = {.text = text, .size = sizeof text};
        write_text(seed, &draft);
        scene_open(&scene, "%s", text);
        for (size_t policy = 0; policy < scene_policies(&scene); policy++) {
            struct laws laws = laws_open(text, &scene, policy);
            attempts_check_laws(&laws);
            requests += laws.rows.account.requests;
            for (size_t i = 0; i < laws.rows.count; i++) {
                answered += laws.rows.rows[i].outcome == OUTCOME_OK;
                late += laws.rows.rows[i].outcome == OUTCOME_TIMEOUT;
            }
            laws_close(&laws);
        }
        scene_close(&scene);
    }
    print_message("    %llu requests, %llu answered, %llu too late\n",
                  (unsigned long long)requests, (unsigned long long)answered,
                  (unsigned long long)late);
    assert_true(answered > requests / 5 && late > requests / 100);
}

/* -- what changes nothing -- */

/* Rows of defended balancers under faults, with something put before them or not. */
static struct scene_rows run_defended(size_t policy, const char *kept,
                                      const char *before)
{
    struct scene scene;
    scene_open(&scene,
               "run: {duration: 200ms, warmup: 0s, replications: 1, seed: 4}\n"
               "clients: [{arrivals: {poisson: {rate: 3/ms}}, demand: {exponential: {mean: "
               "1ms}}, timeout: 9ms, key: {uniform: {count: 50}}%s}]\n"
               "pods: [{count: 4, queue: 5}]\n"
               "network: {to_balancer: {exponential: {mean: 300us}}, to_pod: 100us}\n"
               "faults: [{kind: crash, from: 10ms, up: 70ms, lasts: 3ms}, "
               "{kind: errors, share: 10%%, after: 1ms}]\nbalancers:\n%s"
               "  - {name: inner, max_in_flight: 4, hedge: 2ms, cancel: true, retry: {custom: "
               "{attempts: 2, base: 0s, per_try_timeout: 4ms}}, queue: {timeout: 3ms}, "
               "policy: [p2c, prequal, envoy.maglev]}\n", kept, before);
    scene.scenario->compared = scene.scenario->balancers.count - 1;
    struct scene_rows rows = scene_run(&scene, policy, 1);
    scene_close(&scene);
    return rows;
}

/* Tiers of one instance that take no time, and connections that are there at once, leave every
   row as it is, to the last nanosecond. */
static void test_transparent(void **state)
{
    (void)state;
    static const char *const befores[] = {
        "  - {name: a, policy: random}\n",
        "  - {name: a, policy: p2c}\n  - {name: b, count: 1, policy: least_connections}\n"};
    for (size_t policy = 0; policy < 3; policy++) {
        struct scene_rows plain = run_defended(policy, "", "");
        assert_true(plain.count > 600);
        for (size_t kind = 0; kind < 4; kind++) {
            struct scene_rows other =
                run_defended(policy, kind & 1 ? ", connections: {setup: 0}" : "",
                             kind & 2 ? befores[1] : kind & 1 ? "" : befores[0]);
            assert_int_equal(other.count, plain.count);
            for (size_t i = 0; i < plain.count; i++)
                assert_memory_equal(&other.rows[i], &plain.rows[i], sizeof *plain.rows);
            free(other.rows);
        }
        free(plain.rows);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_transparent),
    cmocka_unit_test(test_random_tiers),
};

TEST_MAIN(tests)
