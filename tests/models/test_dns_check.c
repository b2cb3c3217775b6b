/* SPDX-License-Identifier: GPL-3.0-or-later
   Sites that die and come back, on runs worked out by hand.  pod 0 is in the east, pod 1 in the
   west, and DNS prefers the east. */
#include "tests/models/script.h"

#define AT(time, pod) {time, time, time, time, time + 10, time + 10, pod, OUTCOME_OK}
#define REFUSED(time, pod) {time, time, time, time, time, time, pod, OUTCOME_REFUSED}
#define DNS(settings) \
    "pods: [{name: e, zone: east}, {name: w, zone: west}]\n" \
    "balancers: [{count: 2, zones: [east, west], reach: zone, policy: random}]\n" \
    "dns: {" settings "}\n"

#define CHECKS "health_check: {interval: 1ms, timeout: 500us, fall: 2, rise: 2}"
#define GONE(kind) "faults: [{kind: " kind ", on: e, from: 5ms, to: 10ms}]\n"

/* A check within each ms: the second that fails is between 6 and 7 ms, the second that passes
   again between 11 and 12. */
static void test_site_dies(void **state)
{
    (void)state;
    SCRIPT(("0,10,0,1\n4900,10,0,1\n5900,10,0,1\n7001,10,0,1\n10900,10,0,1\n12001,10,0,1\n",
            "none", DNS("policy: preference, ttl: 0s, " CHECKS) GONE("crash")),
           AT(0, 0), AT(4900, 0), REFUSED(5900, 0), AT(7001, 1), AT(10900, 1), AT(12001, 0));
}

/* Nobody asks how a site is. */
static void test_unchecked(void **state)
{
    (void)state;
    SCRIPT(("0,10,0,1\n7001,10,0,1\n", "none",
            DNS("policy: preference, ttl: 0s") GONE("crash")),
           AT(0, 0), REFUSED(7001, 0));
}

/* A pod that hangs says nothing: each check that it fails takes 500 us, and the second fails
   between 6.5 and 7.5 ms.  What was sent before is served when it goes on. */
static void test_site_hangs(void **state)
{
    (void)state;
    SCRIPT(("0,10,0,1\n6490,10,0,1\n7501,10,0,1\n12501,10,0,1\n", "none",
            DNS("policy: preference, ttl: 0s, " CHECKS) GONE("pause")),
           AT(0, 0), {6490, 6490, 6490, 6490, 10010, 10010, 0, OUTCOME_OK}, AT(7501, 1),
           AT(12501, 0));
}

/* Both are down, so the answer is as if both were up. */
static void test_all_die(void **state)
{
    (void)state;
    SCRIPT(("0,10,0,1\n9000,10,0,1\n", "none",
            DNS("policy: preference, ttl: 0s, " CHECKS)
            "faults: [{kind: crash, from: 5ms, to: 10ms}]\n"),
           AT(0, 0), REFUSED(9000, 0));
}

/* The east has two pods and needs both. */
static void test_pods_needed(void **state)
{
    (void)state;
    SCRIPT(("0,10,0,1\n9000,10,0,1\n", "none",
            "pods: [{name: e, count: 2, zone: east}, {name: w, zone: west}]\n"
            "balancers: [{count: 2, zones: [east, west], reach: zone, policy: round_robin}]\n"
            "dns: {policy: preference, ttl: 0s, " CHECKS
            ", sites: [{zone: east, min_up: 2}, {zone: west}]}\n"
            "faults: [{kind: crash, on: e-1, from: 5ms, to: 10ms}]\n"),
           AT(0, 0), AT(9000, 2));
}

/* Half of the east's pods are out of the list: that is as good as down. */
static void test_members_count(void **state)
{
    (void)state;
    SCRIPT(("0,10,0,1\n9000,10,0,1\n", "none",
            DNS("policy: preference, ttl: 0s, " CHECKS)
            "membership: [{at: 5ms, down: e}]\n"),
           AT(0, 0), AT(9000, 1));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_site_dies),   cmocka_unit_test(test_unchecked),
    cmocka_unit_test(test_site_hangs),  cmocka_unit_test(test_all_die),
    cmocka_unit_test(test_pods_needed), cmocka_unit_test(test_members_count),
};

TEST_MAIN(tests)
