/* SPDX-License-Identifier: GPL-3.0-or-later
   What follows from a scenario before anything runs, its defaults, and what is refused. */
#include "tests/theory/scene.h"

#define POISSON "arrivals: {poisson: {rate: 700/s}}"
#define PODS "pods: [{}]\n"
#define BALANCER "balancers: [{policy: random}]\n"
#define HEAD "version: 1\nname: x\n"

static void assert_load(const char *clients, const char *pods, double load)
{
    struct scene scene;
    scene_open(&scene, "clients: [%s]\npods: [%s]\n" BALANCER, clients, pods);
    double found = scenario_load_factor(scene.scenario);
    if (!(isnan(load) ? isnan(found) : fabs(found - load) < 1e-9))
        fail_msg("%s on %s: load %.12g, expected %.12g", clients, pods, found, load);
    scene_close(&scene);
}

static void test_load_factor(void **state)
{
    (void)state;
    assert_load("{" POISSON ", demand: 1ms}", "{}", 0.7);
    assert_load("{" POISSON ", demand: {exponential: {mean: 2ms}}}", "{count: 4}", 0.35);
    assert_load("{" POISSON ", demand: 1ms}",
                "{count: 2, workers: 3, speed: 0.5}, {name: b, speed: 4}", 0.7 / 7);
    assert_load("{name: a, " POISSON ", demand: 1ms}, {name: b, arrivals: {bursts: {rate: 0/s, "
                "burst_rate: 1k/s, calm: 3s, burst: 1s}}, demand: 2ms}", "{}", 1.2);
    assert_load("{arrivals: {closed: {users: 5}}, demand: 1ms}", "{}", (double)NAN);
    /* Over the default of 10 minutes: 5 at 1 and 5 at 3. */
    assert_load("{" POISSON ", demand: 1ms, rate: {steps: {points: [{at: 5m, factor: 3}]}}}",
                "{}", 1.4);
}

static void test_sizes(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, "clients: [{" POISSON ", demand: 1ms}]\n"
                       "pods: [{count: 3, workers: 2}, {name: b, count: 2, speed: 1.5}]\n"
                       BALANCER);
    assert_int_equal(scenario_pod_count(scene.scenario), 5);
    ASSERT_NEAR(scenario_capacity(scene.scenario), 9, 1e-12);
    assert_int_equal(scenario_replications(scene.scenario), 20);
    scene_close(&scene);
    scene_open(&scene, "run: {replications: 7}\nclients: [{" POISSON ", demand: 1ms}]\n" PODS
                       BALANCER);
    assert_int_equal(scenario_replications(scene.scenario), 7);
    scene_close(&scene);
}

static void assert_warmup(const char *run, const char *client, double seconds, bool capped)
{
    struct scene scene;
    bool found_capped;
    scene_open(&scene, "run: {%s}\nclients: [{%s, demand: 1ms}]\npods: [{count: 10}]\n" BALANCER,
               run, client);
    double found = sim_seconds(scenario_warmup(scene.scenario, &found_capped));
    if (fabs(found - seconds) > 1e-6 || found_capped != capped)
        fail_msg("%s, %s: warm-up %.9g s%s, expected %.9g%s", run, client, found,
                 found_capped ? " (capped)" : "", seconds, capped ? " (capped)" : "");
    scene_close(&scene);
}

/* 20 n rho / (1 - rho)^2 requests take 20 n demand / (1 - rho)^2 over n pods. */
static void test_warmup(void **state)
{
    (void)state;
    assert_warmup("duration: 100s, warmup: 3s", "arrivals: {poisson: {rate: 9k/s}}", 3, false);
    assert_warmup("duration: 100s, warmup: 0s", "arrivals: {poisson: {rate: 9k/s}}", 0, false);
    assert_warmup("duration: 100s", "arrivals: {poisson: {rate: 9k/s}}", 10, false);
    assert_warmup("duration: 10s", "arrivals: {poisson: {rate: 9k/s}}",
                  20 * 1e-3 / 0.01, false);
    assert_warmup("duration: 3s", "arrivals: {poisson: {rate: 9k/s}}", 1.5, true);
    assert_warmup("duration: 10s", "arrivals: {poisson: {rate: 10k/s}}", 5, true);
    assert_warmup("duration: 10s", "arrivals: {poisson: {rate: 12k/s}}", 5, true);
    assert_warmup("duration: 10s", "arrivals: {closed: {users: 3}}", 1, false);
}

static void test_defaults(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, "clients: [{" POISSON ", demand: 1ms}]\n" PODS BALANCER);
    const struct scenario *scenario = scene.scenario;
    const struct scenario_client *client =
        PARAM_ITEM(scenario->clients, struct scenario_client, 0);
    const struct scenario_pods *pods = PARAM_ITEM(scenario->pods, struct scenario_pods, 0);
    const struct scenario_balancer *tier = scene_tier(&scene);
    assert_int_equal(scenario->run.duration, 600 * SIM_SECOND);
    assert_int_equal(scenario->run.warmup, SIM_NEVER);
    assert_int_equal(scenario->run.seed, 1);
    assert_string_equal(client->name, "clients");
    assert_int_equal(client->users, 1);
    assert_int_equal(client->timeout, SIM_NEVER);
    assert_null(client->key.kind);
    assert_null(client->rate.kind);
    assert_int_equal(pods->count, 1);
    assert_int_equal(pods->workers, 1);
    assert_true(pods->speed == 1 && pods->weight == 1 && pods->queue == UINT64_MAX);
    assert_int_equal(pods->discipline, POD_FIFO);
    assert_int_equal(tier->count, 1);
    assert_true(tier->max_in_flight == UINT64_MAX && tier->queue.limit == UINT64_MAX);
    assert_int_equal(tier->queue.timeout, SIM_NEVER);
    assert_int_equal(tier->spread, SPREAD_RANDOM);
    scene_close(&scene);
}

static void assert_refused(const char *text, const char *message, uint32_t line)
{
    struct scene scene;
    struct problems problems = {0};
    scene_try(&scene, text, &problems);
    if (scene.scenario != NULL)
        fail_msg("%s\nwas taken, expected: %s", text, message);
    assert_true(problems.count > 0);
    const struct problem *problem = &problems.items[0];
    if (strcmp(problem->message, message) != 0 || problem->mark.line != line)
        fail_msg("%s\nexpected line %u: %s\nfound    line %u: %s", text, line, message,
                 problem->mark.line, problem->message);
    assert_non_null(problem->hint);
    problems_free(&problems);
    scene_close(&scene);
}

static void test_refusals(void **state)
{
    (void)state;
    assert_refused(HEAD "clients: [{" POISSON "}]\n" PODS BALANCER,
                   "client group 'clients' has no demand", 3);
    assert_refused(HEAD "clients:\n  - {arrivals: {closed: {users: 3}}, demand: 1ms,\n"
                        "     rate: {ramp: {to: 2, end: 1s}}}\n" PODS BALANCER,
                   "a rate curve needs an open arrival process", 5);
    assert_refused(HEAD "run: {duration: 10s,\n  warmup: 10s}\nclients: [{" POISSON
                        ", demand: 1ms}]\n" PODS BALANCER,
                   "the warm-up leaves nothing of the duration to measure", 4);
    assert_refused(HEAD "clients: [{" POISSON ", demand: 1ms}]\n"
                        "pods: [{count: 1M}, {name: more}]\n" BALANCER,
                   "1000001 pods in all are too many", 4);
    assert_refused(HEAD "clients: [{" POISSON ", demand: 1ms}]\npods: [{count: 100k}]\n"
                        "balancers: [{count: 3000, policy: random}]\n",
                   "3000 balancers with a view of 100000 pods each need too much memory", 5);
}

static void assert_varies(const char *vary)
{
    struct scene scene;
    scene_open(&scene, "clients: [{" POISSON ", demand: 1ms}]\n" PODS BALANCER "%s", vary);
    const struct param_list *list = &scene.scenario->vary;
    assert_int_equal(list->count, 2);
    const struct scenario_vary *pods = PARAM_ITEM(*list, struct scenario_vary, 0);
    const struct scenario_vary *law = PARAM_ITEM(*list, struct scenario_vary, 1);
    assert_string_equal(pods->path, "pods.0.count");
    assert_int_equal(pods->values.count, 2);
    assert_string_equal(((const char *const *)pods->values.items)[1], "10");
    assert_string_equal(law->path, "clients.0.demand");
    assert_int_equal(law->values.count, 1);
    assert_string_equal(((const char *const *)law->values.items)[0],
                        "{exponential: {mean: 5ms}}");
    scene_close(&scene);
}

/* As users write it, and as the resolved scenario has it. */
static void test_vary(void **state)
{
    (void)state;
    assert_varies("vary: {pods.0.count: [8, 10],\n"
                  "       clients.0.demand: [{exponential: {mean: 5ms}}]}\n");
    assert_varies("vary:\n  pods.0.count: [8, \"10\"]\n"
                  "  clients.0.demand: '{exponential: {mean: 5ms}}'\n");
    assert_varies("vary: [{path: pods.0.count, values: [\"8\", \"10\"]},\n       "
                  "{path: clients.0.demand, values: [\"{exponential: {mean: 5ms}}\"]}]\n");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_vary),
    cmocka_unit_test(test_load_factor),
    cmocka_unit_test(test_sizes),
    cmocka_unit_test(test_warmup),
    cmocka_unit_test(test_defaults),
    cmocka_unit_test(test_refusals),
};

TEST_MAIN(tests)
