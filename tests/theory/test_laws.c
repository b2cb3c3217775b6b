/* SPDX-License-Identifier: GPL-3.0-or-later
   Conservation, order, limits and work conservation over a few hundred random scenarios,
   under every policy; and Little's law. */
#include "tests/theory/laws.h"

#include "models/policy.h"
#include "sim/engine/rng.h"
#include "tests/theory/theory.h"

/* -- one row -- */

static void check_order(const struct laws *laws, const struct trace_row *row)
{
    LAWS_HOLD(laws, row, row->due <= row->sent);
    LAWS_HOLD(laws, row, row->sent <= row->received);
    LAWS_HOLD(laws, row, row->received <= row->dispatched);
    LAWS_HOLD(laws, row, row->dispatched <= row->arrived);
    LAWS_HOLD(laws, row, row->arrived <= row->started);
    LAWS_HOLD(laws, row, row->started <= row->served);
    LAWS_HOLD(laws, row, row->due <= row->ended);
    if (row->outcome != OUTCOME_TIMEOUT && row->outcome != OUTCOME_UNFINISHED)
        LAWS_HOLD(laws, row, row->served <= row->ended);
}

static void check_outcome(const struct laws *laws, const struct trace_row *row)
{
    const struct scenario_client *client =
        PARAM_ITEM(laws->scenario->clients, struct scenario_client, row->client);
    const struct scenario_balancer *tier =
        PARAM_ITEM(laws->scenario->balancers, struct scenario_balancer, 0);
    bool ps = laws->discipline == POD_PS;
    sim_time service = sim_time_of((double)row->demand / laws->speed);
    if (client->timeout != SIM_NEVER)
        LAWS_HOLD(laws, row, row->ended <= row->due + client->timeout);
    switch ((enum outcome)row->outcome) {
    case OUTCOME_OK:
        LAWS_HOLD(laws, row, row->pod < laws->pod_count);
        LAWS_HOLD(laws, row, ps || row->served - row->started == service);
        LAWS_HOLD(laws, row, row->served - row->started >= service - 2);
        break;
    case OUTCOME_REJECTED:
        LAWS_HOLD(laws, row, laws->queue_limit != UINT32_MAX);
        LAWS_HOLD(laws, row, row->pod < laws->pod_count);
        LAWS_HOLD(laws, row, row->served == row->arrived);
        break;
    case OUTCOME_TIMEOUT:
        LAWS_HOLD(laws, row, row->ended == row->due + client->timeout);
        break;
    case OUTCOME_OVERFLOW:
        LAWS_HOLD(laws, row, tier->queue.limit != UINT64_MAX && row->pod == ROW_NO_POD);
        LAWS_HOLD(laws, row, row->dispatched == row->received);
        break;
    case OUTCOME_QUEUE_TIMEOUT:
        LAWS_HOLD(laws, row, row->pod == ROW_NO_POD);
        LAWS_HOLD(laws, row, row->dispatched == row->received + tier->queue.timeout);
        break;
    case OUTCOME_UNFINISHED:
        LAWS_HOLD(laws, row, row->phase != PHASE_MEASURE ||
                                 row->ended >= 2 * laws->scenario->run.duration);
        break;
    case OUTCOME_NO_BACKEND: case OUTCOME_COUNT:
        LAWS_HOLD(laws, row, row->outcome != row->outcome);
    }
}

/* Every request ends once, in the phase that it was due in. */
static void check_rows(const struct laws *laws)
{
    const struct scene_rows *rows = &laws->rows;
    LAWS_HOLD(laws, NULL, rows->count == rows->account.requests);
    LAWS_HOLD(laws, NULL, rows->count == rows->account.rows);
    LAWS_HOLD(laws, NULL, !rows->account.stopped);
    bool capped;
    sim_time begin = scenario_warmup(laws->scenario, &capped);
    for (size_t i = 0; i < rows->count; i++) {
        const struct trace_row *row = &rows->rows[i];
        LAWS_HOLD(laws, row, row->request == i && row->attempt == 0 && row->last == 1);
        LAWS_HOLD(laws, row, (row->phase == PHASE_WARMUP) == (row->due < begin));
        LAWS_HOLD(laws, row, (row->phase == PHASE_COOLDOWN) ==
                                 (row->due >= laws->scenario->run.duration));
        check_order(laws, row);
        check_outcome(laws, row);
    }
}

/* -- places -- */

static struct laws_steps take_steps(const struct laws *laws)
{
    return (struct laws_steps){calloc(2 * laws->rows.count + 1, sizeof(struct laws_step)), 0};
}

/* Not one that the pod had no room for, whether its client was still there or not. */
static bool was_at_pod(const struct trace_row *row)
{
    return row->pod != ROW_NO_POD && row->served > row->arrived;
}

static void check_limits(const struct laws *laws)
{
    struct laws_steps steps = take_steps(laws);
    bool ps = laws->discipline == POD_PS;
    for (size_t i = 0; i < laws->rows.count; i++) {
        const struct trace_row *row = &laws->rows.rows[i];
        if (was_at_pod(row))
            laws_stay(&steps, row->pod, row->started, row->served);
    }
    int64_t room = laws->queue_limit == UINT32_MAX ? INT64_MAX
                                                   : (int64_t)laws->queue_limit + laws->workers;
    int64_t most = laws_measure(&steps).most;
    LAWS_HOLD(laws, NULL, most <= (ps ? room : laws->workers));
    steps.count = 0;
    for (size_t i = 0; i < laws->rows.count; i++) {
        const struct trace_row *row = &laws->rows.rows[i];
        if (was_at_pod(row))
            laws_stay(&steps, row->pod, row->arrived, row->started);
    }
    most = laws_measure(&steps).most;
    LAWS_HOLD(laws, NULL, most <= (ps ? 0 : laws->queue_limit));
    free(steps.steps);
}

/* What a balancer has under way at a pod, from dispatch to the end of service or to the
   client's end: never more than allowed.  What it holds: never more than the queue's room. */
static void check_balancers(const struct laws *laws)
{
    const struct scenario_balancer *tier =
        PARAM_ITEM(laws->scenario->balancers, struct scenario_balancer, 0);
    struct laws_steps steps = take_steps(laws);
    for (size_t i = 0; i < laws->rows.count; i++) {
        const struct trace_row *row = &laws->rows.rows[i];
        sim_time until = row->served < row->ended ? row->served : row->ended;
        if (row->pod != ROW_NO_POD)
            laws_stay(&steps, row->balancer * laws->pod_count + row->pod, row->dispatched,
                      until);
    }
    uint64_t most = (uint64_t)laws_measure(&steps).most;
    LAWS_HOLD(laws, NULL, most <= tier->max_in_flight);
    steps.count = 0;
    for (size_t i = 0; i < laws->rows.count; i++) {
        const struct trace_row *row = &laws->rows.rows[i];
        laws_stay(&steps, row->balancer, row->received, row->dispatched);
    }
    most = (uint64_t)laws_measure(&steps).most;
    LAWS_HOLD(laws, NULL, most <= tier->queue.limit);
    free(steps.steps);
}

/* Nobody waits at a pod with a free worker, and the order is that of the discipline: who
   starts next is the first (the last) to have come of those who wait. */
static void check_discipline(const struct laws *laws)
{
    const struct scene_rows *rows = &laws->rows;
    for (size_t i = 0; i < rows->count && laws->discipline != POD_PS; i++) {
        const struct trace_row *row = &rows->rows[i];
        if (!was_at_pod(row) || row->started <= row->arrived)
            continue;
        uint32_t busy = 0;
        for (size_t j = 0; j < rows->count; j++) {
            const struct trace_row *other = &rows->rows[j];
            if (i == j || !was_at_pod(other) || other->pod != row->pod)
                continue;
            busy += other->started <= row->arrived && other->served > row->arrived;
            bool came_later = other->arrived > row->arrived && other->arrived < row->started;
            if (laws->discipline == POD_FIFO && came_later)
                LAWS_HOLD(laws, row, other->started >= row->started);
            if (laws->discipline == POD_LIFO && came_later && other->started > other->arrived)
                LAWS_HOLD(laws, row, other->started <= row->started);
        }
        LAWS_HOLD(laws, row, busy >= laws->workers);
    }
}

/* -- random scenarios -- */

enum { TEXT_SIZE = 4096 };

/* Alternatives of one part, by equal chances; ends with NULL. */
static const char *const parts[][7] = {
    {"auto", "0s", "50ms"},
    {"poisson: {rate: 3/ms}", "deterministic: {rate: 3/ms}", "renewal: {rate: 3/ms, cv: 2}",
     "bursts: {rate: 1/ms, burst_rate: 9/ms, calm: 30ms, burst: 10ms}"},
    {"exponential: {mean: 1ms}", "deterministic: {value: 1ms}",
     "lognormal: {mean: 1ms, cv: 2}", "uniform: {min: 0s, max: 2ms}"},
    {"none", "none", "1ms", "2ms", "5ms"},
    {"closed: {users: 5, think: 50us}", "closed: {users: 10, think: {exponential: {mean: 3ms}}}",
     "poisson: {rate: 1/ms}"},
    {"none", "3ms"},
    {"1", "2", "5"},
    {"1", "1", "3"},
    {"unlimited", "unlimited", "0", "3"},
    {"fifo", "fifo", "lifo", "ps"},
    {"1", "0.5", "3"},
    {"0s", "200us", "{exponential: {mean: 300us}}"},
    {"0s", "100us", "{lognormal: {mean: 200us, cv: 1}}"},
    {"1", "1", "3"},
    {"random", "round_robin", "by_user"},
    {"unlimited", "unlimited", "1", "2", "5"},
    {"unlimited", "unlimited", "0", "4"},
    {"none", "none", "1ms", "4ms"},
    {"fifo", "lifo"},
};

/* How the parts, written $, make a scenario. */
static const char outline[] =
    "run: {duration: 150ms, warmup: $, replications: 1, seed: $}\n"
    "clients:\n"
    "  - {name: a, arrivals: {$}, demand: {$}, timeout: $, users: 7, "
    "key: {zipf: {count: 50}}}\n"
    "  - {name: b, arrivals: {$}, demand: {exponential: {mean: 500us}}, timeout: $}\n"
    "pods: [{count: $, workers: $, queue: $, discipline: $, speed: $}]\n"
    "network: {to_balancer: $, to_pod: $}\n"
    "balancers: [{count: $, spread: $, max_in_flight: $, "
    "queue: {limit: $, timeout: $, order: $}, policy: [$]}]\n";

/* All policies that there are, as YAML. */
static void policies_text(char *text, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; policy_kinds.at(i) != NULL; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i > 0 ? ", " : "",
                                 policy_kinds.at(i)->name);
    assert_true(used < size);
}

static const char *draw_part(size_t part, struct rng *rng)
{
    size_t count = 0;
    while (parts[part][count] != NULL)
        count++;
    return parts[part][rng_below(rng, count)];
}

static void random_text(uint64_t seed, char *text, size_t size)
{
    enum { SEED_PLACE = 1, PARTS = sizeof parts / sizeof *parts };
    struct rng rng;
    char number[24], policies[TEXT_SIZE / 2];
    size_t used = 0, place = 0, part = 0;
    rng_open(&rng, seed, "laws", 0);
    snprintf(number, sizeof number, "%llu", (unsigned long long)seed);
    policies_text(policies, sizeof policies);
    for (const char *at = outline; *at != '\0'; at++) {
        const char *word = "";
        if (*at == '$' && place++ == SEED_PLACE)
            word = number;
        else if (*at == '$')
            word = part < PARTS ? draw_part(part++, &rng) : policies;
        used += (size_t)snprintf(text + used, size - used, *at == '$' ? "%s" : "%s%c", word, *at);
        assert_true(used < size);
    }
    assert_int_equal(part, PARTS);
}

static void check_seed(uint64_t seed, size_t *policies)
{
    char text[TEXT_SIZE];
    random_text(seed, text, sizeof text);
    struct scene scene;
    scene_open(&scene, "%s", text);
    *policies = scene_policies(&scene);
    for (size_t policy = 0; policy < *policies; policy++) {
        struct laws laws = laws_open(text, &scene, policy);
        check_rows(&laws);
        check_limits(&laws);
        check_balancers(&laws);
        check_discipline(&laws);
        laws_close(&laws);
    }
    scene_close(&scene);
}

/* On failure the scenario printed is the whole of it. */
static void test_random_scenarios(void **state)
{
    (void)state;
    size_t policies = 0;
    for (uint64_t seed = 1; seed <= 200; seed++)
        check_seed(seed, &policies);
    print_message("    200 scenarios under %zu policies each\n", policies);
}

/* -- Little's law -- */

/* From empty to empty the area under the number of requests in the system is the sum of
   their times in it: exactly, for the whole and at the pods. */
static void test_little(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, "run: {duration: 4s, warmup: 0s, replications: 1, seed: 30}\n"
                       "clients: [{arrivals: {poisson: {rate: 2.4/ms}}, "
                       "demand: {exponential: {mean: 1ms}}}]\n"
                       "pods: [{count: 3}]\n"
                       "network: {to_pod: 300us}\n"
                       "balancers: [{policy: p2c}]\n");
    struct laws laws = laws_open("Little", &scene, 0);
    struct laws_steps all = take_steps(&laws), pods = take_steps(&laws);
    double in_system = 0, at_pods = 0;
    for (size_t i = 0; i < laws.rows.count; i++) {
        const struct trace_row *row = &laws.rows.rows[i];
        laws_stay(&all, 0, row->due, row->ended);
        laws_stay(&pods, row->pod, row->arrived, row->served);
        in_system += (double)(row->ended - row->due);
        at_pods += (double)(row->served - row->arrived);
    }
    ASSERT_NEAR(laws_measure(&all).area, in_system, 0);
    ASSERT_NEAR(laws_measure(&pods).area, at_pods, 0);
    free(all.steps);
    free(pods.steps);
    laws_close(&laws);
    scene_close(&scene);
}

/* L = lambda W of the report against the number that a look at random instants finds. */
static void test_little_of_a_report(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, "run: {duration: 22s, warmup: 2s, replications: 10, seed: 31}\n"
                       "clients: [{arrivals: {poisson: {rate: 2.4/ms}}, "
                       "demand: {lognormal: {mean: 1ms, cv: 1.5}}}]\n"
                       "pods: [{count: 3, discipline: ps}]\n"
                       "balancers: [{policy: round_robin}]\n");
    struct report report = theory_report(&scene);
    double number = theory_find(&report, NULL, "throughput")->value *
                    theory_find(&report, NULL, "mean")->value;
    struct scene_rows rows;
    double seen = 0;
    for (uint64_t run = 1; run <= 10; run++) {
        rows = scene_run(&scene, 0, run);
        for (size_t i = 0; i < rows.count; i++) {
            sim_time from = rows.rows[i].due, to = rows.rows[i].ended;
            from = from > 2 * SIM_SECOND ? from : 2 * SIM_SECOND;
            to = to < 22 * SIM_SECOND ? to : 22 * SIM_SECOND;
            seen += to > from ? (double)(to - from) / 20e9 / 10 : 0;
        }
        free(rows.rows);
    }
    /* The edges: a few requests of 48 000. */
    ASSERT_NEAR(number, seen, 0.002 * seen);
    report_free(&report);
    scene_close(&scene);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_random_scenarios),
    cmocka_unit_test(test_little),
    cmocka_unit_test(test_little_of_a_report),
};

TEST_MAIN(tests)
