/* SPDX-License-Identifier: GPL-3.0-or-later
   Faults worked by hand: requests one by one, and when and how each ends. */
#include "models/fault.h"
#include "tests/theory/scene.h"

/* One client, one balancer; `lines` as scene_open_script wants them. */
static struct scene_rows run_script(const char *lines, const char *timeout, const char *pods,
                                    const char *faults)
{
    struct scene scene;
    char rest[2048];
    int size = snprintf(rest, sizeof rest,
                        "run: {duration: 1s, warmup: 0s, replications: 1}\npods: [%s]\n"
                        "balancers: [{policy: round_robin}]\nfaults: [%s]\n",
                        pods, faults);
    assert_true(size > 0 && (size_t)size < sizeof rest);
    scene_open_script(&scene, lines, timeout, rest);
    struct scene_rows rows = scene_run(&scene, 0, 1);
    scene_close(&scene);
    scene_sort(&rows);
    return rows;
}

struct ending {
    int64_t ended_us; /* for the client */
    enum outcome outcome;
};

static void assert_endings(const struct scene_rows *rows, const struct ending *endings,
                           size_t count)
{
    assert_int_equal(rows->count, count);
    for (size_t i = 0; i < count; i++)
        if (rows->rows[i].ended != endings[i].ended_us * 1000 ||
            rows->rows[i].outcome != endings[i].outcome)
            fail_msg("request %zu ended at %lld ns as %s, expected %lld us as %s", i,
                     (long long)rows->rows[i].ended, outcome_names[rows->rows[i].outcome],
                     (long long)endings[i].ended_us, outcome_names[endings[i].outcome]);
    free(rows->rows);
}

#define ASSERT_ENDINGS(rows, ...) \
    assert_endings(&(rows), (const struct ending[]){__VA_ARGS__}, \
                   sizeof((const struct ending[]){__VA_ARGS__}) / sizeof(struct ending))

/* In service and waiting at 20 ms: both are lost; refused until 50 ms; then served. */
static void test_crash(void **state)
{
    (void)state;
    static const char *const pods[] = {"{}", "{discipline: ps}", "{discipline: lifo}"};
    for (size_t i = 0; i < sizeof pods / sizeof *pods; i++) {
        struct scene_rows rows =
            run_script("0,30000,0,0\n1000,30000,0,0\n20000,1000,0,0\n49999,1000,0,0\n"
                       "50001,1000,0,0\n",
                       "none", pods[i], "{kind: crash, from: 20ms, to: 50ms}");
        ASSERT_ENDINGS(rows, {20000, OUTCOME_RESET}, {20000, OUTCOME_RESET},
                       {20000, OUTCOME_REFUSED}, {49999, OUTCOME_REFUSED},
                       {51001, OUTCOME_OK});
    }
}

/* Well for 10 ms each time; down for 100 ms, then with back-off 200 ms, then 250 ms. */
static void test_crash_again(void **state)
{
    (void)state;
    struct scene_rows rows = run_script(
        "0,10,0,0\n9000,10,0,0\n10001,10,0,0\n109000,10,0,0\n110001,10,0,0\n120001,10,0,0\n"
        "319000,10,0,0\n320001,10,0,0\n330001,10,0,0\n",
        "none", "{}",
        "{kind: crash, up: 10ms, restart: {takes: 100ms, backoff: 100ms, max_backoff: 150ms}}");
    ASSERT_ENDINGS(rows, {10, OUTCOME_OK}, {9010, OUTCOME_OK}, {10001, OUTCOME_REFUSED},
                   {109000, OUTCOME_REFUSED}, {110011, OUTCOME_OK}, {120001, OUTCOME_REFUSED},
                   {319000, OUTCOME_REFUSED}, {320011, OUTCOME_OK},
                   {330001, OUTCOME_REFUSED});
}

/* The client gives up at 100 ms; the pod's connections break at 150 ms. */
static void test_hang(void **state)
{
    (void)state;
    struct scene_rows rows =
        run_script("0,30000,0,0\n60000,1000,0,0\n200000,1000,0,0\n", "100ms", "{}",
                   "{kind: hang, from: 10ms, to: 150ms}");
    ASSERT_ENDINGS(rows, {100000, OUTCOME_TIMEOUT}, {150000, OUTCOME_RESET},
                   {201000, OUTCOME_OK});
}

/* Three pauses of 5 ms each fall into 30 ms of work. */
static void test_pause(void **state)
{
    (void)state;
    static const char *const pods[] = {"{}", "{discipline: ps}"};
    for (size_t i = 0; i < sizeof pods / sizeof *pods; i++) {
        struct scene_rows rows =
            run_script("0,30000,0,0\n", "none", pods[i],
                       "{kind: pause, from: 3ms, to: 100ms, up: 7ms, lasts: 5ms}");
        /* at work 0-10, 15-22, 27-34, 39-45 */
        ASSERT_ENDINGS(rows, {45000, OUTCOME_OK});
    }
}

/* 10 ms at full speed, 20 ms at a quarter, the rest at full speed again. */
static void test_slowdown(void **state)
{
    (void)state;
    static const char *const pods[] = {"{}", "{discipline: ps}", "{workers: 3}"};
    for (size_t i = 0; i < sizeof pods / sizeof *pods; i++) {
        struct scene_rows rows =
            run_script("0,30000,0,0\n", "none", pods[i],
                       "{kind: slowdown, factor: 2, from: 10ms, to: 30ms}, "
                       "{kind: slowdown, factor: 2, from: 10ms, to: 30ms}");
        ASSERT_ENDINGS(rows, {45000, OUTCOME_OK});
    }
}

/* Errors take no worker and do not wait. */
static void test_errors(void **state)
{
    (void)state;
    struct scene_rows rows =
        run_script("0,30000,0,0\n10000,1000,0,0\n11000,1000,0,0\n25000,1000,0,0\n", "none",
                   "{}", "{kind: errors, after: 2ms, from: 5ms, to: 20ms}");
    ASSERT_ENDINGS(rows, {30000, OUTCOME_OK}, {12000, OUTCOME_ERROR}, {13000, OUTCOME_ERROR},
                   {31000, OUTCOME_OK});
}

/* The third of three kills the pod; it is back 100 ms later. */
static void test_memory_limit(void **state)
{
    (void)state;
    struct scene_rows rows = run_script(
        "0,30000,0,0\n1000,30000,0,0\n2000,30000,0,0\n3000,10,0,0\n101999,10,0,0\n"
        "102000,10,0,0\n",
        "none", "{}",
        "{kind: memory_limit, in_flight: 2, restart: {takes: 100ms}}");
    ASSERT_ENDINGS(rows, {2000, OUTCOME_RESET}, {2000, OUTCOME_RESET}, {2000, OUTCOME_RESET},
                   {3000, OUTCOME_REFUSED}, {101999, OUTCOME_REFUSED}, {102010, OUTCOME_OK});
}

/* After the crash at a tenth of its speed, in 64 steps of 1 ms up to full speed: at step k it
   runs at 0.1 + 0.9 k / 64. */
static void test_warm_up(void **state)
{
    (void)state;
    struct scene_rows rows = run_script(
        "0,1000,0,0\n20001,100,0,0\n40000,5000,0,0\n", "none", "{}",
        "{kind: crash, from: 10ms, to: 20ms}, {kind: warm_up, over: 64ms}");
    /* 100 us of work at a tenth: 1 ms.  At 40 ms step 20: 0.1 + 0.9 * 20 / 64 = 0.38125 ms of
       work done in the first ms, and 0.0140625 more in each next: 5 ms are done in the ninth
       (0.38125 * 9 + 0.0140625 * 36 = 3.9375; the tenth does 0.5078125; so 4.4453125 after
       ten, and the eleventh at 0.521875: 4.9671875; then 0.0328125 / 0.5359375 ms). */
    assert_int_equal(rows.rows[0].ended, 1000000);
    /* 0.999 of the first step, and 1/10 us at 0.1140625 of the second */
    assert_true(llabs(rows.rows[1].ended - 21000877) <= 2);
    double last = 51e6 + 0.0328125 / 0.5359375 * 1e6;
    if (fabs((double)rows.rows[2].ended - last) > 20)
        fail_msg("ended at %lld ns, expected %.0f", (long long)rows.rows[2].ended, last);
    free(rows.rows);
}

/* Requests lost on the way, then answers; nobody is told. */
static void test_partition(void **state)
{
    (void)state;
    struct scene_rows rows = run_script(
        "0,1000,0,0\n10000,1000,0,0\n30000,10000,0,0\n60000,1000,0,0\n", "50ms", "{}",
        "{kind: partition, from: 5ms, to: 20ms}, "
        "{kind: partition, direction: from_pod, from: 35ms, to: 45ms}");
    ASSERT_ENDINGS(rows, {1000, OUTCOME_OK}, {60000, OUTCOME_TIMEOUT},
                   {80000, OUTCOME_TIMEOUT}, {61000, OUTCOME_OK});
}

/* What was lost on its way is not under way: an oracle finds pod 0 empty after the partition. */
static void test_oracle_of_lost_requests(void **state)
{
    (void)state;
    struct scene scene;
    scene_open_script(&scene,
                      "0,1000,0,0\n1000,1000,0,0\n2000,1000,0,0\n3000,1000,0,0\n"
                      "60000,9000,0,0\n60001,9000,0,0\n",
                      "30ms",
                      "run: {duration: 1s, warmup: 0s, replications: 1}\npods: [{count: 2}]\n"
                      "balancers: [{policy: jsq}]\n"
                      "faults: [{kind: partition, on: pod-0, to: 50ms}]\n");
    struct scene_rows rows = scene_run(&scene, 0, 1);
    scene_sort(&rows);
    assert_int_equal(rows.rows[4].pod + rows.rows[5].pod, 1);
    assert_int_equal(rows.rows[5].ended, 69001000);
    free(rows.rows);
    scene_close(&scene);
}

static void test_latency(void **state)
{
    (void)state;
    struct scene_rows rows =
        run_script("0,1000,0,0\n20000,1000,0,0\n", "none", "{}",
                   "{kind: latency, extra: 3ms, from: 10ms, to: 22ms}");
    ASSERT_ENDINGS(rows, {1000, OUTCOME_OK}, {24000, OUTCOME_OK});
}

/* Turns go to pods 0, 1, 2, 3 of which node 1 has the odd ones. */
static void test_of_a_node(void **state)
{
    (void)state;
    struct scene_rows rows =
        run_script("0,10,0,0\n100,10,0,0\n200,10,0,0\n300,10,0,0\n", "none",
                   "{count: 4, nodes: 2, zone: a}", "{kind: crash, node: a-node-1, to: 1s}");
    ASSERT_ENDINGS(rows, {10, OUTCOME_OK}, {100, OUTCOME_REFUSED}, {210, OUTCOME_OK},
                   {300, OUTCOME_REFUSED});
}

/* Two of five, other ones in other replications. */
static void test_pick(void **state)
{
    (void)state;
    struct scene scene;
    scene_open_script(&scene, "0,10,0,0\n100,10,0,0\n200,10,0,0\n300,10,0,0\n400,10,0,0\n",
                      "none",
                      "run: {duration: 1s, warmup: 0s, replications: 1}\npods: [{count: 5}]\n"
                      "balancers: [{policy: round_robin}]\n"
                      "faults: [{kind: crash, pick: 2, to: 1s}]\n");
    unsigned seen = 0;
    for (uint64_t replication = 1; replication <= 20; replication++) {
        struct scene_rows rows = scene_run(&scene, 0, replication);
        unsigned failed = 0;
        for (size_t i = 0; i < rows.count; i++)
            if (rows.rows[i].outcome == OUTCOME_REFUSED)
                failed |= 1u << rows.rows[i].pod;
        assert_int_equal(__builtin_popcount(failed), 2);
        seen |= failed;
        free(rows.rows);
    }
    assert_int_equal(seen, 31);
    scene_close(&scene);
}

/* When pods are well does not depend on what is sent there. */
static void test_times_do_not_depend_on_load(void **state)
{
    (void)state;
    static const char *const rates[] = {"1000/s", "1500/s"};
    sim_time first[2] = {0};
    for (int i = 0; i < 2; i++) {
        struct scene scene;
        scene_open(&scene,
                   "run: {duration: 2s, warmup: 0s, replications: 1}\n"
                   "clients: [{arrivals: {deterministic: {rate: %s}}, demand: 1us}]\n"
                   "pods: [{}]\nbalancers: [{policy: random}]\n"
                   "faults: [{kind: crash, up: {exponential: {mean: 300ms}}, "
                   "lasts: {exponential: {mean: 100ms}}}]\n", rates[i]);
        struct scene_rows rows = scene_run(&scene, 0, 1);
        scene_sort(&rows);
        for (size_t k = 0; k < rows.count && first[i] == 0; k++)
            if (rows.rows[k].outcome == OUTCOME_REFUSED)
                first[i] = rows.rows[k].due;
        free(rows.rows);
        scene_close(&scene);
    }
    assert_true(first[0] > 0 && llabs(first[0] - first[1]) <= 2000000);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_crash),
    cmocka_unit_test(test_crash_again),
    cmocka_unit_test(test_hang),
    cmocka_unit_test(test_pause),
    cmocka_unit_test(test_slowdown),
    cmocka_unit_test(test_errors),
    cmocka_unit_test(test_memory_limit),
    cmocka_unit_test(test_warm_up),
    cmocka_unit_test(test_partition),
    cmocka_unit_test(test_oracle_of_lost_requests),
    cmocka_unit_test(test_latency),
    cmocka_unit_test(test_of_a_node),
    cmocka_unit_test(test_pick),
    cmocka_unit_test(test_times_do_not_depend_on_load),
};

TEST_MAIN(tests)
