/* SPDX-License-Identifier: GPL-3.0-or-later
   Defences in a run: when a pod is found out, how long it is kept out, and what it gets when it
   is back. */
#include "models/policy.h"
#include "tests/theory/scene.h"

/* A request each millisecond, 10 us of work, two pods in turn; when the last and the first were
   sent to pod 0 around a gap of more than `gap`; 0 where there is none. */
struct absence {
    sim_time last, first;
};

static struct absence absence_of(const struct scene *scene, uint64_t replication, sim_time gap)
{
    struct absence absence = {0, 0};
    sim_time before = 0;
    struct scene_rows rows = scene_run(scene, 0, replication);
    scene_sort(&rows);
    for (size_t i = 0; i < rows.count && absence.first == 0; i++) {
        const struct trace_row *row = &rows.rows[i];
        if (row->pod != 0)
            continue;
        if (row->dispatched - before > gap)
            absence = (struct absence){before, row->dispatched};
        before = row->dispatched;
    }
    if (absence.first == 0)
        absence.last = before;
    free(rows.rows);
    return absence;
}

static void open_scene(struct scene *scene, const char *pods, const char *defence,
                       const char *fault)
{
    scene_open(scene,
               "run: {duration: 4s, warmup: 0s, replications: 1}\n"
               "clients: [{arrivals: {deterministic: {rate: 1/ms}}, demand: 10us, "
               "timeout: 20ms}]\npods: [%s]\n"
               "balancers: [{policy: round_robin, %s}]\nfaults: [%s]\n", pods, defence, fault);
}

/* A hang is found out between (fall - 1) interval + timeout and fall interval + timeout after
   it, evenly over the phases that replications draw; and the pod is back after rise checks. */
static void test_detection_delay(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, "{count: 2}",
               "health_check: {interval: 100ms, timeout: 50ms, fall: 3, rise: 2}",
               "{kind: hang, on: pod-0, from: 1s, to: 2s}");
    double sum = 0, least = 1e9, most = 0;
    enum { RUNS = 200 };
    for (uint64_t replication = 1; replication <= RUNS; replication++) {
        struct absence absence = absence_of(&scene, replication, 50000000);
        double delay = (double)absence.last / 1e6 - 1000, back = (double)absence.first / 1e6;
        if (delay < 248 || delay > 350 || back < 2100 || back > 2202)
            fail_msg("replication %llu: gone %g ms after the hang, back at %g ms",
                     (unsigned long long)replication, delay, back);
        sum += delay;
        least = fmin(least, delay);
        most = fmax(most, delay);
    }
    double mean = sum / RUNS, deviation = 100 / sqrt(12.0 * RUNS);
    if (fabs(mean - 299) > 4 * deviation || least > 254 || most < 346)
        fail_msg("delays from %g to %g ms, mean %g", least, most, mean);
    scene_close(&scene);
}

/* Five errors in a row, one every other millisecond from 1001 on: out after the fifth, for 500 ms
   to the next tick of 100 ms; then at once again, for twice as long. */
static void test_ejection(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, "{count: 2}",
               "outlier_detection: {envoy: {interval: 100ms, base_ejection_time: 500ms, "
               "max_ejection_percent: 50}}",
               "{kind: errors, on: pod-0, from: 1s, after: 0s}");
    struct scene_rows rows = scene_run(&scene, 0, 1);
    scene_sort(&rows);
    sim_time sent[16] = {0};
    size_t count = 0;
    for (size_t i = 0; i < rows.count && count < 16; i++)
        if (rows.rows[i].outcome == OUTCOME_ERROR)
            sent[count++] = rows.rows[i].dispatched;
    assert_true(count >= 11);
    assert_in_range(sent[4] - sent[0], 8000000, 8000000);
    assert_in_range(sent[5] - sent[4], 500000000, 601000000);
    assert_in_range(sent[9] - sent[5], 8000000, 8000000);
    assert_in_range(sent[10] - sent[9], 1000000000, 1101000000);
    free(rows.rows);
    scene_close(&scene);
}

/* Of four pods three are down.  Without panic all goes to the one that is left; with a threshold
   of 50 % a quarter does. */
static void test_panic(void **state)
{
    (void)state;
    static const char *const panics[] = {"0%", "50%"};
    for (int i = 0; i < 2; i++) {
        struct scene scene;
        char defence[128];
        snprintf(defence, sizeof defence,
                 "panic: %s, health_check: {interval: 100ms, timeout: 50ms, fall: 1, rise: 1}",
                 panics[i]);
        open_scene(&scene, "{name: well}, {count: 3}", defence, "{kind: crash, on: pod, to: 4s}");
        struct scene_rows rows = scene_run(&scene, 0, 1);
        size_t late = 0, well = 0;
        for (size_t k = 0; k < rows.count; k++)
            if (rows.rows[k].due > SIM_SECOND && rows.rows[k].due < 3 * SIM_SECOND) {
                late++;
                well += rows.rows[k].pod == 0;
            }
        if (fabs((double)well / (double)late - (i == 0 ? 1 : 0.25)) > 0.01)
            fail_msg("panic %s: %zu of %zu to the pod that is well", panics[i], well, late);
        free(rows.rows);
        scene_close(&scene);
    }
}

/* Back at about 2.1 s, with HAProxy's sixteenths over 1.6 s: k sixteenths in the k-th second part
   of a full share, so that of the next 1.6 s it gets less than a third, and then a half. */
static void assert_slow_start(const char *defence, const char *fault)
{
    struct scene scene;
    scene_open(&scene,
               "run: {duration: 12s, warmup: 0s, replications: 1}\n"
               "clients: [{arrivals: {deterministic: {rate: 4/ms}}, demand: 10us, "
               "timeout: 20ms}]\npods: [{count: 2, weight: 16}]\n"
               "balancers: [{policy: haproxy.roundrobin, slow_start: {haproxy: {slowstart: 8s}}, "
               "%s}]\nfaults: [%s]\n", defence, fault);
    struct scene_rows rows = scene_run(&scene, 0, 1);
    scene_sort(&rows);
    sim_time back = 0;
    double counts[9] = {0}, shares[9] = {0};
    for (size_t i = 0; i < rows.count; i++) {
        const struct trace_row *row = &rows.rows[i];
        if (back == 0 && row->due > 1500 * SIM_MILLISECOND && row->pod == 0 &&
            row->outcome == OUTCOME_OK)
            back = row->dispatched;
        size_t second = (size_t)((row->dispatched - back) / SIM_SECOND);
        if (back == 0 || second > 8)
            continue;
        counts[second]++;
        shares[second] += row->pod == 0;
    }
    for (size_t second = 0; second <= 8; second++) {
        /* floor((16 t + 8) / 8) sixteenths at t whole seconds */
        double part = second == 0 ? 1 : fmin(16, floor((16.0 * (double)second + 8) / 8));
        double share = shares[second] / counts[second], expected = part / (part + 16);
        if (fabs(share - expected) > 0.02)
            fail_msg("second %zu: a share of %.4f, expected %.4f", second, share, expected);
    }
    free(rows.rows);
    scene_close(&scene);
}

/* A server that health checks, or errors of requests, had taken down. */
static void test_slow_start(void **state)
{
    (void)state;
    assert_slow_start("health_check: {interval: 100ms, timeout: 50ms, fall: 1, rise: 1}",
                      "{kind: crash, on: pod-0, from: 1s, to: 2s}");
    assert_slow_start("outlier_detection: {haproxy: {on_error: mark_down, rise: 1}}",
                      "{kind: errors, on: pod-0, from: 200ms, to: 300ms}");
}

/* Envoy's hosts get their next turn by the weight that they have then, and a slow start that goes
   on changes no turns: 10 requests a second over 11 pods, one of them slow, are 8 to 9 s of turns
   for each of the others in the 9 s, one look at weights to each request. */
static void test_slow_start_keeps_turns(void **state)
{
    (void)state;
    static const char *const policies[] = {"envoy.round_robin", "envoy.subset",
                                           "envoy.least_request: {active_request_bias: 1}"};
    for (size_t k = 0; k < sizeof policies / sizeof *policies; k++) {
        struct scene scene;
        scene_open(&scene,
                   "run: {duration: 12s, warmup: 0s, replications: 1}\n"
                   "clients: [{arrivals: {deterministic: {rate: 10/s}}, demand: 10us, "
                   "timeout: 20ms}]\npods: [{count: 11}]\n"
                   "balancers: [{policy: {%s}, slow_start: {envoy: {slow_start_window: 10s}}, "
                   "health_check: {interval: 100ms, timeout: 50ms, fall: 1, rise: 1}}]\n"
                   "faults: [{kind: crash, on: pod-0, from: 1s, to: 2s}]\n", policies[k]);
        struct scene_rows rows = scene_run(&scene, 0, 1);
        uint32_t counts[11] = {0};
        for (size_t i = 0; i < rows.count; i++)
            if (rows.rows[i].due > 3 * SIM_SECOND)
                counts[rows.rows[i].pod]++;
        for (size_t i = 1; i < 11; i++)
            if (counts[i] < 7 || counts[i] > 10)
                fail_msg("%s: pod %zu has %u requests, expected 7 to 10", policies[k], i,
                         counts[i]);
        free(rows.rows);
        scene_close(&scene);
    }
}

/* Pod 0 hangs and clients give up after 20 ms: that says nothing of the pod.  A balancer that gives
   up itself learns from it. */
static void test_who_gives_up(void **state)
{
    (void)state;
    static const char *const policies[] = {"round_robin", "nginx.round_robin"};
    static const char *const waits[] = {
        "", "retry: {custom: {attempts: 0, per_try_timeout: 10ms}}"};
    for (int i = 0; i < 4; i++) {
        struct scene scene;
        scene_open(&scene,
                   "run: {duration: 1s, warmup: 0s, replications: 1}\n"
                   "clients: [{arrivals: {deterministic: {rate: 1/ms}}, demand: 10us, "
                   "timeout: 20ms}]\npods: [{count: 2}]\n"
                   "balancers: [{policy: %s, %s%s "
                   "outlier_detection: {envoy: {max_ejection_percent: 50}}}]\n"
                   "faults: [{kind: hang, on: pod-0}]\n",
                   policies[i / 2], waits[i % 2], i % 2 ? "," : "");
        struct scene_rows rows = scene_run(&scene, 0, 1);
        size_t late = 0;
        for (size_t k = 0; k < rows.count; k++)
            late += rows.rows[k].outcome == OUTCOME_TIMEOUT;
        if (i % 2 == 0 ? late < rows.count * 45 / 100 : late > 20)
            fail_msg("case %d: %zu of %zu timed out", i, late, rows.count);
        free(rows.rows);
        scene_close(&scene);
    }
}

/* Both pods fail every request.  Once both are out, nginx has nobody to send to but for a
   trial now and then; Finagle sends to them all the same. */
static void test_all_out(void **state)
{
    (void)state;
    static const char *const detections[] = {
        "outlier_detection: {nginx: {next_upstream: [http_500]}}",
        "outlier_detection: {finagle: {num_failures: 2}}"};
    for (int i = 0; i < 2; i++) {
        struct scene scene;
        open_scene(&scene, "{count: 2}", detections[i], "{kind: errors, status: 500}");
        struct scene_rows rows = scene_run(&scene, 0, 1);
        size_t nobody = 0;
        for (size_t k = 0; k < rows.count; k++)
            nobody += rows.rows[k].outcome == OUTCOME_NO_BACKEND;
        if (i == 0 ? nobody < rows.count - 10 : nobody > 0)
            fail_msg("%s: nobody for %zu of %zu", detections[i], nobody, rows.count);
        free(rows.rows);
        scene_close(&scene);
    }
}

/* Ejected at 1009 ms for 30 s: the next health check, within 200 ms, ends that in Envoy, where
   it is not told to leave it. */
static void test_check_ends_ejection(void **state)
{
    (void)state;
    static const char *const words[] = {"true", "false"};
    for (int i = 0; i < 2; i++) {
        struct scene scene;
        char defence[256];
        snprintf(defence, sizeof defence,
                 "health_check: {preset: envoy, interval: 200ms, initial_jitter: 200ms}, "
                 "outlier_detection: {envoy: {max_ejection_percent: 50, "
                 "successful_active_health_check_uneject_host: %s}}", words[i]);
        open_scene(&scene, "{count: 2}", defence,
                   "{kind: errors, on: pod-0, from: 1s, to: 1010ms, after: 0s}");
        struct absence absence = absence_of(&scene, 1, 3000000);
        sim_time out = absence.first - absence.last;
        if (i == 0 ? absence.first == 0 || out > 202 * SIM_MILLISECOND : absence.first != 0)
            fail_msg("%s: out from %lld to %lld ns", words[i], (long long)absence.last,
                     (long long)absence.first);
        scene_close(&scene);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_check_ends_ejection),
    cmocka_unit_test(test_detection_delay),
    cmocka_unit_test(test_ejection),
    cmocka_unit_test(test_panic),
    cmocka_unit_test(test_slow_start),
    cmocka_unit_test(test_slow_start_keeps_turns),
    cmocka_unit_test(test_who_gives_up),
    cmocka_unit_test(test_all_out),
};

TEST_MAIN(tests)
