/* SPDX-License-Identifier: GPL-3.0-or-later
   What is known of names before a run is what a report has afterwards. */
#include "sim/cli/scope_names.h"

#include "tests/sim/report/measures.h"
#include "tests/test.h"

#include <stdlib.h>

static void names_are(const char *const *names, const char *const *expected)
{
    size_t i = 0;
    for (; names[i] && expected[i]; i++)
        assert_string_equal(names[i], expected[i]);
    if (names[i] || expected[i])
        fail_msg("at %zu found '%s', expected '%s'", i, names[i] ? names[i] : "the end",
                 expected[i] ? expected[i] : "the end");
}

/* 2.1 s are 42 windows of 50 ms, as 21 ms and 20 ms would be too many. */
static void windows_and_faults_follow_from_the_scenario(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct scenario scenario = {.run.duration = 2100 * SIM_SECOND / 1000, .faults.count = 2};
    const char *const *names = scope_names_expected(&scenario, SCOPE_WINDOW, &arena);
    assert_string_equal(names[0], "0ms..50ms");
    assert_string_equal(names[41], "2050ms..2100ms");
    assert_null(names[42]);
    static const char *const faults[] = {"1", "2", NULL}, *const none[] = {NULL};
    names_are(scope_names_expected(&scenario, SCOPE_FAULT, &arena), faults);
    names_are(scope_names_expected(&scenario, SCOPE_CLIENT, &arena), none);
    scenario.faults.count = HARM_FAULTS_MAX + 1;
    names = scope_names_expected(&scenario, SCOPE_FAULT, &arena);
    assert_string_equal(names[HARM_FAULTS_MAX - 1], "64");
    assert_null(names[HARM_FAULTS_MAX]);
    arena_free(&arena);
}

/* Two pods of a group from the beginning on; at 3 s one more comes and one goes, which is one
   change, and at 7 s one goes down; what comes after the end at 10 s is none. */
static void pods_and_changes_follow_from_the_plan(void **state)
{
    (void)state;
    static const char text[] =
        "{version: 1, name: n, run: {duration: 10s},\n"
        " clients: {arrivals: {poisson: {rate: 1/s}}, demand: {exponential: {mean: 1ms}}},\n"
        " pods: [{name: web, count: 2}], balancers: {policy: random},\n"
        " membership: [{at: 3s, add: {pods: web}}, {at: 3s, remove: {pods: web-0}},\n"
        "              {at: 7s, down: web-1}, {at: 11s, up: web-1}]}\n";
    struct arena arena = {0};
    struct problems problems = {0};
    const struct source *source =
        source_of_text("here", text, sizeof text - 1, &arena, &problems);
    struct scenario *scenario = scenario_bind(source, NULL, 0, &arena, &problems);
    assert_non_null(scenario);
    static const char *const pods[] = {"web-0", "web-1", "web-2", NULL};
    static const char *const changes[] = {"1", "2", NULL};
    names_are(scope_names_expected(scenario, SCOPE_POD, &arena), pods);
    names_are(scope_names_expected(scenario, SCOPE_CHANGE, &arena), changes);
    problems_free(&problems);
    arena_free(&arena);
}

/* Two tiers, and three instances of the second. */
static void balancers_and_hops_follow_from_the_tiers(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct scenario_balancer tiers[] = {{.name = "edge", .count = 1},
                                        {.name = "proxy", .count = 3}};
    struct scenario scenario = {
        .balancers = {.items = tiers, .count = 2}};
    static const char *const names[] = {"edge", "proxy", NULL}, *const none[] = {NULL};
    static const char *const each[] = {"proxy-0", "proxy-1", "proxy-2", NULL};
    static const char *const hops[] = {"client", "connection", "client rtt",
                                       "balancer edge", "edge to proxy", "balancer proxy",
                                       "server rtt", "queue", "service",
                                       NULL};
    names_are(scope_names_expected(&scenario, SCOPE_TIER, &arena), names);
    names_are(scope_names_expected(&scenario, SCOPE_BALANCER, &arena), each);
    names_are(scope_names_expected(&scenario, SCOPE_HOP, &arena), hops);
    scenario.balancers.count = 1; /* that with one instance */
    names_are(scope_names_expected(&scenario, SCOPE_TIER, &arena), none);
    names_are(scope_names_expected(&scenario, SCOPE_BALANCER, &arena), none);
    names_are(scope_names_expected(&scenario, SCOPE_HOP, &arena), none);
    arena_free(&arena);
}

static void reports_tell_whom_they_know(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct report report = {0};
    measures_add(&report, "a", "all", "p99", 1, 0);
    measures_add(&report, "a", "window 0s..2s", "p99", 1, 0);
    measures_add(&report, "a", "window 0s..2s", "p50", 1, 0);
    measures_add(&report, "a", "window 2s..4s", "p99", 1, 0);
    measures_add(&report, "a", "fault 1", "fault_share", 1, 0);
    static const char *const windows[] = {"0s..2s", "2s..4s", NULL};
    static const char *const faults[] = {"1", NULL}, *const none[] = {NULL};
    names_are(scope_names_reported(&report, SCOPE_WINDOW, &arena), windows);
    names_are(scope_names_reported(&report, SCOPE_FAULT, &arena), faults);
    names_are(scope_names_reported(&report, SCOPE_CLIENT, &arena), none);
    arena_free(&arena);
    free(report.measures);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(windows_and_faults_follow_from_the_scenario),
    cmocka_unit_test(pods_and_changes_follow_from_the_plan),
    cmocka_unit_test(balancers_and_hops_follow_from_the_tiers),
    cmocka_unit_test(reports_tell_whom_they_know),
};

TEST_MAIN(tests)
