/* SPDX-License-Identifier: GPL-3.0-or-later
   Clients and the network: timeouts at every stage, closed loops, phases, on runs worked out
   by hand.  Microseconds; columns: received, dispatched, arrived, started, served, ended. */
#include "tests/models/script.h"

#define NETWORK "network: {to_balancer: 100us, to_pod: 50us}\n"
#define ONE_OF_EACH "pods: [{count: 1}]\nbalancers: [{policy: round_robin}]\n"

static void test_way(void **state)
{
    (void)state;
    SCRIPT(("0,1000,0,0\n", "none", NETWORK ONE_OF_EACH),
           {100, 100, 150, 150, 1150, 1300, 0, OUTCOME_OK});
    SCRIPT(("0,1000,0,0\n", "1301us", NETWORK ONE_OF_EACH),
           {100, 100, 150, 150, 1150, 1300, 0, OUTCOME_OK});
}

/* On the way to the balancer, to the pod, in service, on the way back to the balancer and to
   the client: the latency is the timeout, and from the pod on nobody is stopped. */
static void test_timeout_anywhere(void **state)
{
    (void)state;
    SCRIPT(("0,1000,0,0\n", "50us", NETWORK ONE_OF_EACH),
           {100, 100, 100, 100, 100, 50, -1, OUTCOME_TIMEOUT});
    SCRIPT(("0,1000,0,0\n", "120us", NETWORK ONE_OF_EACH),
           {100, 100, 150, 150, 1150, 120, 0, OUTCOME_TIMEOUT});
    SCRIPT(("0,1000,0,0\n", "600us", NETWORK ONE_OF_EACH),
           {100, 100, 150, 150, 1150, 600, 0, OUTCOME_TIMEOUT});
    SCRIPT(("0,1000,0,0\n", "1180us", NETWORK ONE_OF_EACH),
           {100, 100, 150, 150, 1150, 1180, 0, OUTCOME_TIMEOUT});
    SCRIPT(("0,1000,0,0\n", "1250us", NETWORK ONE_OF_EACH),
           {100, 100, 150, 150, 1150, 1250, 0, OUTCOME_TIMEOUT});
}

/* A refusal takes the way back too. */
static void test_refusals_travel(void **state)
{
    (void)state;
    SCRIPT(("0,1000,0,0\n200,1000,0,0\n", "none",
            NETWORK "pods: [{count: 1, queue: 0}]\nbalancers: [{policy: round_robin}]\n"),
           {100, 100, 150, 150, 1150, 1300, 0, OUTCOME_OK},
           {300, 300, 350, 350, 350, 500, 0, OUTCOME_REJECTED});
    SCRIPT(("0,1000,0,0\n200,1000,0,0\n", "none",
            NETWORK "pods: [{count: 1}]\nbalancers: [{policy: round_robin, max_in_flight: 1, "
            "queue: {limit: 0}}]\n"),
           {100, 100, 150, 150, 1150, 1300, 0, OUTCOME_OK},
           {300, 300, 300, 300, 300, 400, -1, OUTCOME_OVERFLOW});
}

/* Work that nobody waits for burns the pod. */
static void test_abandoned_work_is_done(void **state)
{
    (void)state;
    SCRIPT(("0,3000,0,0\n100,1000,0,0\n2500,499,0,0\n", "2ms", ONE_OF_EACH),
           {0, 0, 0, 0, 3000, 2000, 0, OUTCOME_TIMEOUT},
           {100, 100, 100, 3000, 4000, 2100, 0, OUTCOME_TIMEOUT},
           {2500, 2500, 2500, 4000, 4499, 4499, 0, OUTCOME_OK});
}

static void assert_dues(const struct scene_rows *rows, const int *user, const int *due_ms,
                        const int *started_ms, size_t count)
{
    assert_true(rows->count >= count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(rows->rows[i].user, user[i]);
        assert_int_equal(rows->rows[i].due, due_ms[i] * SIM_MILLISECOND);
        assert_int_equal(rows->rows[i].started, started_ms[i] * SIM_MILLISECOND);
    }
}

/* Two users think 1 ms and ask for 2 ms of one worker; both think first. */
static void test_closed_loop(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, "run: {duration: 10ms, warmup: 0s, replications: 1, seed: 1}\n"
                       "clients: [{arrivals: {closed: {users: 2, think: 1ms}}, demand: 2ms}]\n"
                       ONE_OF_EACH);
    struct scene_rows rows = scene_run(&scene, 0, 1);
    scene_sort(&rows);
    assert_dues(&rows, (const int[]){0, 1, 0, 1, 0}, (const int[]){1, 1, 4, 6, 8},
                (const int[]){1, 3, 5, 7, 9}, 5);
    free(rows.rows);
    scene_close(&scene);
}

/* A user whose request is given up thinks and asks again, while the pod still works. */
static void test_closed_loop_gives_up(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, "run: {duration: 10ms, warmup: 0s, replications: 1, seed: 1}\n"
                       "clients: [{arrivals: {closed: {users: 1, think: 1ms}}, demand: 4ms, "
                       "timeout: 2ms}]\n" ONE_OF_EACH);
    struct scene_rows rows = scene_run(&scene, 0, 1);
    scene_sort(&rows);
    assert_dues(&rows, (const int[]){0, 0, 0}, (const int[]){1, 4, 7}, (const int[]){1, 5, 9},
                3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(rows.rows[i].outcome, OUTCOME_TIMEOUT);
        assert_int_equal(rows.rows[i].ended, rows.rows[i].due + 2 * SIM_MILLISECOND);
    }
    free(rows.rows);
    scene_close(&scene);
}

/* The window is half open: a request due at its end is none of it. */
static void test_phases(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, "run: {duration: 10ms, warmup: 4ms, replications: 1, seed: 1}\n"
                       "clients: [{arrivals: {deterministic: {rate: 1/ms}}, demand: 900us}]\n"
                       "network: {to_pod: 1ms}\n" ONE_OF_EACH);
    struct scene_rows rows = scene_run(&scene, 0, 1);
    scene_sort(&rows);
    assert_true(rows.count >= 10);
    for (size_t i = 0; i < rows.count; i++) {
        sim_time due = rows.rows[i].due;
        assert_int_equal(due, (sim_time)(i + 1) * SIM_MILLISECOND);
        enum phase phase = due < 4 * SIM_MILLISECOND    ? PHASE_WARMUP
                           : due < 10 * SIM_MILLISECOND ? PHASE_MEASURE
                                                        : PHASE_COOLDOWN;
        assert_int_equal(rows.rows[i].phase, phase);
        if (phase == PHASE_MEASURE)
            assert_int_equal(rows.rows[i].outcome, OUTCOME_OK);
    }
    /* The last measured one, due at 9 ms, ends at 11.9 ms; later ones are cut there. */
    assert_int_equal(rows.rows[rows.count - 1].outcome, OUTCOME_UNFINISHED);
    assert_int_equal(rows.rows[rows.count - 1].ended, 11900 * SIM_MICROSECOND);
    free(rows.rows);
    scene_close(&scene);
}

/* At most one more duration is waited for the last ones. */
static void test_overload_ends(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, "run: {duration: 10ms, warmup: 0s, replications: 1, seed: 1}\n"
                       "clients: [{arrivals: {deterministic: {rate: 1/ms}}, demand: 7ms}]\n"
                       ONE_OF_EACH);
    struct scene_rows rows = scene_run(&scene, 0, 1);
    scene_sort(&rows);
    /* Served at 8 and 15 ms; the third would be at 22 ms. */
    for (size_t i = 0; i < rows.count; i++) {
        assert_int_equal(rows.rows[i].outcome, i < 2 ? OUTCOME_OK : OUTCOME_UNFINISHED);
        assert_true(rows.rows[i].ended <= 20 * SIM_MILLISECOND);
    }
    free(rows.rows);
    scene_close(&scene);
}

/* Users of an open group: each request is one's at random. */
static void test_users(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, "run: {duration: 1s, warmup: 0s, replications: 1, seed: 1}\n"
                       "clients: [{arrivals: {poisson: {rate: 10/ms}}, demand: 1us, users: 5}]\n"
                       ONE_OF_EACH);
    struct scene_rows rows = scene_run(&scene, 0, 1);
    double counts[5] = {0};
    for (size_t i = 0; i < rows.count; i++) {
        assert_true(rows.rows[i].user < 5);
        counts[rows.rows[i].user]++;
    }
    for (int i = 0; i < 5; i++) /* 5 standard errors */
        ASSERT_NEAR(counts[i], (double)rows.count / 5, 5 * sqrt(10000 * 0.2 * 0.8));
    free(rows.rows);
    scene_close(&scene);
}

struct patience {
    atomic_bool stop;
    size_t rows;
};

static void lose_patience(void *context, const struct trace_row *rows, size_t count)
{
    (void)rows;
    struct patience *patience = context;
    patience->rows += count;
    if (patience->rows > 500000)
        atomic_store(&patience->stop, true);
}

/* Users who never think and are turned away at once must not ask for ever at one instant:
   such a scenario is refused, or time goes on. */
static void test_closed_loop_goes_on(void **state)
{
    (void)state;
    struct scene scene;
    struct problems problems = {0};
    scene_try(&scene, "version: 1\nname: x\nrun: {duration: 10ms, warmup: 0s}\n"
                      "clients: [{arrivals: {closed: {users: 2}}, demand: 1ms}]\n"
                      "pods: [{queue: 0}]\nbalancers: [{policy: random}]\n", &problems);
    if (scene.scenario != NULL) {
        struct patience patience = {0};
        struct world_order order = {
            .scenario = scene.scenario, .policy = scene_policy(&scene, 0), .replication = 1,
            .sink = {lose_patience, &patience}, .stop = &patience.stop};
        struct world *world = world_build(&order);
        struct world_account account = world_run(world);
        world_free(world);
        if (account.stopped)
            print_error("%zu requests in 10 ms, and no end\n", patience.rows);
        assert_false(account.stopped);
    }
    problems_free(&problems);
    scene_close(&scene);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_way),
    cmocka_unit_test(test_timeout_anywhere),
    cmocka_unit_test(test_refusals_travel),
    cmocka_unit_test(test_abandoned_work_is_done),
    cmocka_unit_test(test_closed_loop),
    cmocka_unit_test(test_closed_loop_gives_up),
    cmocka_unit_test(test_closed_loop_goes_on),
    cmocka_unit_test(test_phases),
    cmocka_unit_test(test_overload_ends),
    cmocka_unit_test(test_users),
};

TEST_MAIN(tests)
