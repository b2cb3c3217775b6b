/* SPDX-License-Identifier: GPL-3.0-or-later
   What a run tells of its faults, and what a report makes of it, where all is known to the
   nanosecond. */
#include "models/fault_note.h"

#include "sim/report/report.h"
#include "tests/theory/scene.h"

static void test_take(void *context, const struct trace_row *rows, size_t count)
{
    tally_rows(*(struct tally **)context, rows, count);
}

/* One run of the first policy. */
static struct report test_report(const struct scene *scene)
{
    struct tally *tally = NULL;
    struct world_order order = {
        .scenario = scene->scenario,
        .policy = scene_policy(scene, 0),
        .replication = 1,
        .sink = {test_take, &tally},
    };
    struct world *world = world_build(&order);
    tally = tally_open(world_roster(world));
    world_run(world);
    tally_close(tally);
    struct report report = {0};
    report_add_policy(&report, "any", &tally, 1);
    tally_free(tally);
    world_free(world);
    return report;
}

static void test_expect(const struct report *report, const char *scope, const char *metric,
                        double expected)
{
    const struct measure *measure = report_find(report, "any", scope, metric);
    assert_non_null(measure);
    if (fabs(measure->value - expected) > 1e-9 * fabs(expected))
        fail_msg("%s of %s: %.17g, expected %.17g", metric, scope, measure->value, expected);
}

/* A request each ms, in turn to two pods; a check each 100.5 ms from 0 on, which is refused at
   once by a pod that is down.  It is so from 1030.25 ms to 2030.25 ms.  The checks at 1105.5,
   1206 and 1306.5 ms fail, and with the third the pod is out: after 276.25 ms, in which of 276
   requests half were sent there.  2110.5 and 2211 ms pass: back after 180.75 ms. */
static void test_detection_is_exact(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene,
               "run: {duration: 4s, warmup: 0s, replications: 1}\n"
               "clients: [{arrivals: {deterministic: {rate: 1/ms}}, demand: 10us, "
               "timeout: 20ms}]\npods: [{count: 2}]\n"
               "balancers: [{policy: round_robin, health_check: {preset: envoy, "
               "interval: 100500us, timeout: 50ms, unhealthy_threshold: 3, "
               "healthy_threshold: 2, cost: 0s}}]\n"
               "faults: [{kind: crash, on: pod-0, from: 1030250us, to: 2030250us}]\n");
    struct report report = test_report(&scene);
    const char *fault = "fault 1";
    test_expect(&report, fault, "fault_episodes", 1);
    assert_string_equal(report_find(&report, "any", fault, "fault_episodes")->note,
                        "crash of pod-0, from 1.03025s to 2.03025s");
    test_expect(&report, fault, "fault_time", 1);
    test_expect(&report, fault, "time_to_detect", 0.27625);
    test_expect(&report, fault, "fault_undetected", 0);
    test_expect(&report, fault, "time_to_recover", 0.18075);
    test_expect(&report, fault, "fault_unrecovered", 0);
    test_expect(&report, fault, "fault_share", 0.138);
    test_expect(&report, fault, "fault_share_fair", 0.5);
    test_expect(&report, fault, "fault_errors", 0.138);
    test_expect(&report, fault, "requests_lost", 138);
    test_expect(&report, fault, "goodput_during", 862);
    test_expect(&report, "window 1200ms..1300ms", "eligible", 2);
    test_expect(&report, "window 1300ms..1400ms", "eligible", 2 - 0.935);
    test_expect(&report, "window 1400ms..1500ms", "eligible", 1);
    test_expect(&report, "window 2200ms..2300ms", "eligible", 2 - 0.11);
    test_expect(&report, "window 1200ms..1300ms", "requests", 100);
    test_expect(&report, "window 1200ms..1300ms", "arrival_rate", 1000);
    test_expect(&report, "window 1200ms..1300ms", "throughput", 500);
    test_expect(&report, "window 1200ms..1300ms", "error_rate", 0.5);
    test_expect(&report, "window 1400ms..1500ms", "mean", 10e-6);
    test_expect(&report, "window 1400ms..1500ms", "in_flight", 0.01);
    report_free(&report);
    scene_close(&scene);
}

/* The same checks, by DNS, whose answers are good for one request.  The site's balancer says
   that it has no pod, and an answer that says no is enough: DNS names the west from 1105.5 to
   2211 ms, just after the request then. */
static void test_detection_by_dns_is_exact(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene,
               "run: {duration: 4s, warmup: 0s, replications: 1}\n"
               "clients: [{arrivals: {deterministic: {rate: 1/ms}}, demand: 10us}]\n"
               "pods: [{name: e, zone: east}, {name: w, zone: west}]\n"
               "balancers: [{count: 2, zones: [east, west], reach: zone, policy: random}]\n"
               "dns: {policy: preference, ttl: 0s, health_check: {preset: envoy, "
               "interval: 100500us, unhealthy_threshold: 3, healthy_threshold: 2, "
               "unhealthy_interval: 100500us}}\n"
               "faults: [{kind: crash, on: e, from: 1030250us, to: 2030250us}]\n");
    struct report report = test_report(&scene);
    const char *fault = "fault 1";
    test_expect(&report, fault, "time_to_detect", 0.07525);
    test_expect(&report, fault, "fault_undetected", 0);
    test_expect(&report, fault, "time_to_recover", 0.18075);
    test_expect(&report, fault, "fault_share", 0.075);
    test_expect(&report, fault, "requests_lost", 75);
    test_expect(&report, "all", "cross_zone", 0);
    test_expect(&report, "group w", "requests", 2211 - 1105);
    report_free(&report);
    scene_close(&scene);
}

/* Nobody watches: nothing is said of detection. */
static void test_no_guard(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene,
               "run: {duration: 4s, warmup: 0s, replications: 1}\n"
               "clients: [{arrivals: {deterministic: {rate: 1/ms}}, demand: 10us}]\n"
               "pods: [{count: 4, zone: eu}, {name: b}]\nbalancers: [{policy: round_robin}]\n"
               "faults: [{kind: slowdown, zone: eu, pick: 2, up: 200ms, lasts: 50ms, "
               "together: true, from: 1s}, {kind: crash}]\n");
    struct report report = test_report(&scene);
    test_expect(&report, "fault 1", "fault_episodes", 2 * 12); /* each 250 ms in 3 s */
    test_expect(&report, "fault 1", "fault_time", 2 * 12 * 0.05);
    test_expect(&report, "fault 1", "fault_share_fair", 0.4);
    assert_null(report_find(&report, "any", "fault 1", "time_to_detect"));
    assert_null(report_find(&report, "any", "fault 1", "fault_undetected"));
    assert_string_equal(report_find(&report, "any", "fault 1", "fault_episodes")->note,
                        "slowdown of 2 of all pods in zone eu, from 1s, again and again, together");
    assert_string_equal(report_find(&report, "any", "fault 2", "fault_episodes")->note,
                        "crash of all pods");
    report_free(&report);
    scene_close(&scene);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_detection_is_exact),
    cmocka_unit_test(test_detection_by_dns_is_exact),
    cmocka_unit_test(test_no_guard),
};

TEST_MAIN(tests)
