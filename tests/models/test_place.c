/* SPDX-License-Identifier: GPL-3.0-or-later
   Zones and nodes in a run: what they add to each leg, whom clients go to, whom a balancer
   reaches. */
#include "models/place.h"

#include "models/state.h"
#include "models/tier.h"
#include "tests/law.h"
#include "tests/theory/scene.h"

#define RUN "run: {duration: 20ms, warmup: 0s, replications: 1, seed: 1}\n"
#define CLIENT(zone) "{" zone "arrivals: {deterministic: {rate: 1/ms}}, demand: 100us}"

/* Measured rows only: others may be cut off. */
static struct scene_rows run(const struct scene *scene)
{
    struct scene_rows rows = scene_run(scene, 0, 1);
    scene_sort(&rows);
    size_t count = 0;
    while (count < rows.count && rows.rows[count].phase == PHASE_MEASURE)
        count++;
    rows.count = count;
    assert_true(rows.count > 0);
    return rows;
}

/* -- distances -- */

#define DISTANCES \
    "network: {%s cross_zone: 7us, zones: [{between: [a, b], delay: 300us}, " \
    "{between: [c, b], delay: 50us}]}\n"

/* From a to b and on to c: 300 + 50 and as much back, with or without delays of the legs. */
static void test_every_leg_that_crosses(void **state)
{
    (void)state;
    static const struct {
        const char *legs;
        sim_time to_balancer, to_pod;
    } cases[] = {{"to_balancer: 10us, to_pod: 20us,", 310, 70}, {"", 300, 50}};
    for (size_t c = 0; c < 2; c++) {
        struct scene scene;
        scene_open(&scene, RUN "clients: [" CLIENT("zone: a, ") "]\npods: [{zone: c}]\n"
                   DISTANCES "balancers: [{zones: b, policy: random}]\n", cases[c].legs);
        struct scene_rows rows = run(&scene);
        for (size_t i = 0; i < rows.count; i++) {
            const struct trace_row *row = &rows.rows[i];
            assert_int_equal(row->received - row->sent, cases[c].to_balancer * 1000);
            assert_int_equal(row->dispatched, row->received);
            assert_int_equal(row->arrived - row->dispatched, cases[c].to_pod * 1000);
            assert_int_equal(row->ended - row->served,
                             (cases[c].to_balancer + cases[c].to_pod) * 1000);
        }
        free(rows.rows);
        scene_close(&scene);
    }
}

/* Client a, edge b, inner a, pod c: 10 + 300, 5 + 300, 20 + 7, 100, and the same back: 1384. */
static void test_between_tiers(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, RUN "clients: [" CLIENT("zone: a, ") "]\npods: [{zone: c}]\n" DISTANCES
               "balancers:\n  - {name: edge, zones: b, to_backend: 5us, policy: random}\n"
               "  - {name: inner, zones: a, policy: random}\n",
               "to_balancer: 10us, to_pod: 20us,");
    struct scene_rows rows = run(&scene);
    for (size_t i = 0; i < rows.count; i++) {
        const struct trace_row *row = &rows.rows[i];
        assert_int_equal(row->dispatched - row->sent, 615 * SIM_MICROSECOND);
        assert_int_equal(row->arrived - row->dispatched, 27 * SIM_MICROSECOND);
        assert_int_equal(row->ended - row->due, 1384 * SIM_MICROSECOND);
    }
    free(rows.rows);
    scene_close(&scene);
}

/* On connections the way in is the same, and opening one takes a round trip. */
static void test_on_connections(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, RUN "clients: [" CLIENT("connections: {setup: 1}, zone: a, ") "]\n"
               "pods: [{zone: c}]\n" DISTANCES "balancers: [{zones: b, policy: random}]\n",
               "to_balancer: 10us,");
    struct scene_rows rows = run(&scene);
    for (size_t i = 0; i < rows.count; i++) {
        const struct trace_row *row = &rows.rows[i];
        assert_int_equal(row->sent - row->due, i == 0 ? 620 * SIM_MICROSECOND : 0);
        assert_int_equal(row->received - row->sent, 310 * SIM_MICROSECOND);
        assert_int_equal(row->ended - row->served, 360 * SIM_MICROSECOND);
    }
    free(rows.rows);
    scene_close(&scene);
}

/* The word that a client has gone takes the same way: a pod works until 1000 + 310 + 70. */
static void test_words_cross_too(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, RUN "clients: [{zone: a, arrivals: {deterministic: {rate: 200/s}}, "
               "demand: 10ms, timeout: 1ms}]\npods: [{zone: c}]\n" DISTANCES
               "balancers: [{zones: b, cancel: true, policy: random}]\n",
               "to_balancer: 10us, to_pod: 20us,");
    struct scene_rows rows = run(&scene);
    for (size_t i = 0; i < rows.count; i++) {
        assert_int_equal(rows.rows[i].outcome, OUTCOME_TIMEOUT);
        assert_int_equal(rows.rows[i].served - rows.rows[i].due, 1380 * SIM_MICROSECOND);
    }
    free(rows.rows);
    scene_close(&scene);
}

/* A check goes there and back, 50 us each, and takes 10 us: 110. */
static void test_checks_cross_too(void **state)
{
    (void)state;
    for (int timeout = 109; timeout <= 111; timeout += 2) {
        struct scene scene;
        scene_open(&scene, RUN "clients: [" CLIENT("zone: a, ") "]\npods: [{zone: c}]\n" DISTANCES
                   "balancers: [{zones: b, policy: random, health_check: {interval: 1ms, "
                   "timeout: %dus, cost: 10us, fall: 1}}]\n", "", timeout);
        struct scene_rows rows = run(&scene);
        unsigned outcome = rows.rows[rows.count - 1].outcome;
        assert_int_equal(outcome, timeout < 110 ? OUTCOME_NO_BACKEND : OUTCOME_OK);
        free(rows.rows);
        scene_close(&scene);
    }
}

/* Who is nowhere in particular is near to all. */
static void test_nowhere_is_near(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, RUN "clients: [" CLIENT("") "]\npods: [{zone: c}, {name: q}]\n" DISTANCES
               "balancers: [{count: 3, zones: [b, a], policy: round_robin}]\n", "");
    struct scene_rows rows = run(&scene);
    for (size_t i = 0; i < rows.count; i++) {
        const struct trace_row *row = &rows.rows[i];
        sim_time more = row->balancer == 1 ? 7 : 50;
        assert_int_equal(row->received, row->sent);
        assert_int_equal(row->arrived - row->dispatched, row->pod == 1 ? 0 : more * 1000);
    }
    free(rows.rows);
    scene_close(&scene);
}

/* Random distances: each leg draws its own. */
static void test_laws(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, "run: {duration: 10s, warmup: 0s, replications: 1, seed: 1}\n"
               "clients: [{zone: a, arrivals: {poisson: {rate: 2/ms}}, demand: 1us}]\n"
               "pods: [{zone: a, workers: 1000}]\n"
               "network: {cross_zone: {exponential: {mean: 1ms}}}\n"
               "balancers: [{zones: b, policy: random}]\n");
    struct scene_rows rows = run(&scene);
    double *in = calloc(rows.count, sizeof *in), *out = calloc(rows.count, sizeof *out);
    double product = 0;
    for (size_t i = 0; i < rows.count; i++) {
        in[i] = (double)(rows.rows[i].received - rows.rows[i].sent);
        out[i] = (double)(rows.rows[i].arrived - rows.rows[i].dispatched);
        product += (in[i] - 1e6) * (out[i] - 1e6);
    }
    double n = (double)rows.count;
    law_assert_moments(in, rows.count, 1e6, 1e12);
    law_assert_moments(out, rows.count, 1e6, 1e12);
    ASSERT_NEAR(product / n / 1e12, 0, 5 / sqrt(n));
    free(in);
    free(out);
    free(rows.rows);
    scene_close(&scene);
}

/* -- whom clients go to -- */

/* Instances: a b a; groups in a, in b, in d where nobody is, and nowhere. */
static void test_clients_stay_in_their_zone(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, RUN "clients: [" CLIENT("name: a, zone: a, ") ", "
               CLIENT("name: b, zone: b, ") ", " CLIENT("name: d, zone: d, ") ", "
               CLIENT("name: n, ") "]\npods: [{}]\n"
               "balancers: [{count: 3, zones: [a, b], spread: round_robin, policy: random}]\n");
    struct scene_rows rows = run(&scene);
    unsigned counts[4][3] = {0};
    for (size_t i = 0; i < rows.count; i++)
        counts[rows.rows[i].client][rows.rows[i].balancer]++;
    assert_int_equal(counts[0][1] + counts[1][0] + counts[1][2], 0);
    assert_in_range(counts[0][0], counts[0][2], counts[0][2] + 1);
    for (int client = 2; client < 4; client++)
        for (int i = 0; i < 3; i++)
            assert_in_range(counts[client][i], 6, counts[0][0]);
    free(rows.rows);
    scene_close(&scene);
}

/* -- reach -- */

/* Pods by slot: a-0 a-1 b-0, then one more of each group at 5 and 6 ms: slots 3 and 4. */
static void test_reach_of_a_zone(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, RUN "clients: [" CLIENT("") "]\n"
               "pods: [{name: a, zone: a, count: 2}, {name: b, zone: b}]\n"
               "membership: [{at: 5500us, add: {pods: a}}, {at: 6500us, add: {pods: b}},\n"
               "  {at: 12500us, remove: {pods: b-0}}, {at: 14500us, remove: {pods: b-1}}]\n"
               "balancers: [{zones: b, reach: zone, policy: round_robin}]\n");
    struct scene_rows rows = run(&scene);
    for (size_t i = 0; i < rows.count; i++) {
        const struct trace_row *row = &rows.rows[i];
        sim_time us = row->due / SIM_MICROSECOND;
        uint32_t only = us < 6500 ? 2 : us < 12500 ? UINT32_MAX : us < 14500 ? 4 : ROW_NO_POD;
        assert_int_equal(row->outcome, us < 14500 ? OUTCOME_OK : OUTCOME_NO_BACKEND);
        if (us < 6500 || us >= 12500)
            assert_int_equal(row->pod, only);
        else
            assert_true(row->pod == 2 || row->pod == 4);
    }
    free(rows.rows);
    scene_close(&scene);
}

/* Three pods on two nodes: 0 1 0; an instance on each, and one on a node without a pod. */
static void test_reach_of_a_node(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, RUN "clients: [" CLIENT("") "]\npods: [{count: 3, nodes: 2}, {name: far, "
               "zone: z, nodes: 3}]\nbalancers: [{nodes: each, reach: node, spread: round_robin, "
               "policy: random}]\n");
    struct scene_rows rows = run(&scene);
    for (size_t i = 0; i < rows.count; i++) {
        const struct trace_row *row = &rows.rows[i];
        static const int pods[] = {-1, 1, 3};
        if (row->balancer >= 3)
            assert_int_equal(row->outcome, OUTCOME_NO_BACKEND);
        else if (row->balancer == 0)
            assert_true(row->pod == 0 || row->pod == 2);
        else
            assert_int_equal(row->pod, pods[row->balancer]);
    }
    free(rows.rows);
    scene_close(&scene);
}

/* Edges a b c, inner a b b: those of c find nobody. */
static void test_reach_of_a_tier(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, RUN "clients: [" CLIENT("name: a, zone: a, ") ", "
               CLIENT("name: b, zone: b, ") ", " CLIENT("name: c, zone: c, ") "]\npods: [{}]\n"
               "balancers:\n  - {name: edge, count: 3, zones: [a, b, c], reach: zone, "
               "policy: round_robin}\n  - {count: 3, zones: [a, b, b], policy: random}\n");
    struct scene_rows rows = run(&scene);
    unsigned counts[2] = {0};
    for (size_t i = 0; i < rows.count; i++) {
        const struct trace_row *row = &rows.rows[i];
        if (row->client == 0)
            assert_int_equal(row->balancer, 0);
        else if (row->client == 1 && row->balancer > 0 && row->balancer < 3)
            counts[row->balancer - 1]++;
        else
            assert_int_equal(row->client, 2);
        assert_int_equal(row->outcome, row->client < 2 ? OUTCOME_OK : OUTCOME_NO_BACKEND);
    }
    assert_in_range(counts[0], 9, 11);
    assert_in_range(counts[1], 9, 11);
    free(rows.rows);
    scene_close(&scene);
}

/* Guards watch over those in reach only, and follow who comes and goes. */
static void test_guards_of_those_in_reach(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, "run: {duration: 4s, warmup: 0s, replications: 1, seed: 1}\n"
               "clients: [{arrivals: {deterministic: {rate: 1/ms}}, demand: 1ms}]\n"
               "pods: [{name: a, zone: a, count: 2, start: {start: 10ms}, stop: {}},\n"
               "  {name: b, zone: b, count: 2, start: {start: 10ms}, stop: {}}]\n"
               "endpoints: {delay: {uniform: {min: 0s, max: 300ms}}}\n"
               "membership: [{at: 1s, roll: {pods: a}}, {at: 1s, roll: {pods: b}}]\n"
               "balancers: [{count: 4, zones: [a, b], reach: zone, policy: p2c,\n"
               "  health_check: {interval: 100ms}, outlier_detection: envoy,\n"
               "  slow_start: {envoy: {slow_start_window: 300ms}}}]\n");
    struct scene_rows rows = run(&scene);
    for (size_t i = 0; i < rows.count; i++) {
        const struct trace_row *row = &rows.rows[i];
        uint32_t zone = row->balancer % 2;
        if (row->due > 2 * SIM_SECOND)
            assert_int_equal(row->outcome, OUTCOME_OK);
        if (row->pod < 4)
            assert_int_equal(row->pod / 2, zone);
    }
    free(rows.rows);
    scene_close(&scene);
}

/* Both pods of a are down for a second, which one of two instances could notice. */
static void test_nobody_detects_out_of_reach(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, "run: {duration: 3s, warmup: 0s, replications: 1, seed: 1}\n"
               "clients: [{arrivals: {deterministic: {rate: 1/ms}}, demand: 1ms}]\n"
               "pods: [{name: a, zone: a, count: 2}, {name: b, zone: b}]\n"
               "faults: [{kind: crash, on: a, from: 1s, to: 2s}]\n"
               "balancers: [{count: 2, zones: [a, b], reach: zone, policy: random,\n"
               "  health_check: {interval: 100ms}}]\n");
    struct world *world = world_build(&(struct world_order){
        .scenario = scene.scenario, .policy = scene_policy(&scene, 0), .replication = 1});
    const struct roster *roster = world_roster(world);
    static const uint32_t pairs[][2] = {{2, 0}, {0, 1}, {1, 1}}; /* pod, balancer */
    size_t found = 0;
    for (size_t i = 0; i < roster->moment_count && roster->moments[i].at == 0; i++) {
        assert_int_equal(roster->moments[i].kind, ROSTER_AVOIDED);
        assert_int_equal(roster->moments[i].pod, pairs[found][0]);
        assert_int_equal(roster->moments[i].number, pairs[found++][1]);
    }
    assert_int_equal(found, 3);
    world_free(world);
    scene_close(&scene);
}

/* -- who is where -- */

static void test_instances_know_their_place(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, RUN "clients: [" CLIENT("zone: m, ") "]\n"
               "pods: [{zone: k, nodes: 2}, {name: q}]\nbalancers:\n"
               "  - {name: edge, count: 2, zones: [m, b], policy: random}\n"
               "  - {name: last, count: 2, nodes: [k-node-1], policy: random}\n");
    struct world *world = world_build(&(struct world_order){
        .scenario = scene.scenario, .policy = scene_policy(&scene, 0), .replication = 1});
    assert_int_equal(world->places.zone_count, 3); /* b k m */
    assert_int_equal(world->outer[0].instances[0].place.zone_number, 3);
    assert_string_equal(world->outer[0].instances[1].place.zone, "b");
    assert_string_equal(world->outer[0].backends[1].zone, "k");
    assert_string_equal(world->balancers[1].place.node, "k-node-1");
    assert_int_equal(world->balancers[1].place.zone_number, 2);
    assert_int_equal(world->places.pods[0].zone, 2);
    assert_int_equal(world->places.pods[0].node, 1);
    assert_int_equal(world->places.pods[1].zone + world->places.pods[1].node, 0);
    assert_int_equal(world->places.clients[0], 3);
    assert_int_equal(world_roster(world)->place_count, 2);
    assert_string_equal(world_roster(world)->places[1], "k");
    world_free(world);
    scene_close(&scene);
}

/* One that stands for several is nowhere. */
static void test_a_shared_policy_is_nowhere(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, RUN "clients: [" CLIENT("") "]\npods: [{zone: a}]\n"
               "balancers: [{count: 2, zones: [a, b], policy: central_queue}]\n");
    struct world *world = world_build(&(struct world_order){
        .scenario = scene.scenario, .policy = scene_policy(&scene, 0), .replication = 1});
    assert_int_equal(world->balancer_count, 1);
    assert_string_equal(world->balancers[0].place.zone, "");
    assert_int_equal(world_roster(world)->place_count, 0);
    world_free(world);
    scene_close(&scene);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_every_leg_that_crosses),
    cmocka_unit_test(test_between_tiers),
    cmocka_unit_test(test_on_connections),
    cmocka_unit_test(test_words_cross_too),
    cmocka_unit_test(test_checks_cross_too),
    cmocka_unit_test(test_nowhere_is_near),
    cmocka_unit_test(test_laws),
    cmocka_unit_test(test_clients_stay_in_their_zone),
    cmocka_unit_test(test_reach_of_a_zone),
    cmocka_unit_test(test_reach_of_a_node),
    cmocka_unit_test(test_reach_of_a_tier),
    cmocka_unit_test(test_guards_of_those_in_reach),
    cmocka_unit_test(test_nobody_detects_out_of_reach),
    cmocka_unit_test(test_instances_know_their_place),
    cmocka_unit_test(test_a_shared_policy_is_nowhere),
};

TEST_MAIN(tests)
