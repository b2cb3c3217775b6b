/* SPDX-License-Identifier: GPL-3.0-or-later
   Resolvers, users and sites on runs worked out by hand.  pod 0 is in the east, pod 1 in the
   west; users have resolvers of their own unless the scenario says otherwise. */
#include "tests/models/script.h"

#define AT(time, pod) {time, time, time, time, time + 10, time + 10, pod, OUTCOME_OK}
#define DNS(settings) \
    "pods: [{name: e, zone: east}, {name: w, zone: west}]\n" \
    "balancers: [{count: 2, zones: [east, west], reach: zone, policy: random}]\n" \
    "dns: {" settings "}\n"

/* Each answer is the next site's: 1 gets the second, as user 9 had the first, and so on until
   user 1, whose answer of 1000 has expired at 1100, gets the fifth. */
static void test_ttl(void **state)
{
    (void)state;
    SCRIPT(("0,10,0,9\n1000,10,0,1\n1020,10,0,2\n1040,10,0,3\n1099,10,0,1\n1115,10,0,1\n",
            "none", DNS("policy: round_robin, ttl: 100us")),
           AT(0, 0), AT(1000, 1), AT(1020, 0), AT(1040, 1), AT(1099, 1), AT(1115, 0));
}

/* Who has no answer waits for it; so does who asks the same resolver meanwhile.  It is kept
   from 1030 to 1130, so that the next is there at 1160. */
static void test_lookup(void **state)
{
    (void)state;
    SCRIPT(("0,10,0,9\n1000,10,0,1\n1010,10,0,2\n1050,10,0,3\n1129,10,0,4\n1145,10,0,1\n",
            "none",
            DNS("policy: round_robin, ttl: 100us, lookup: 30us, resolvers: {uniform: {count: "
                "1}}")),
           AT(0, 0), AT(1030, 1),
           {1030, 1030, 1030, 1040, 1050, 1050, 1, OUTCOME_OK}, /* behind the other */
           {1050, 1050, 1050, 1050, 1060, 1060, 1, OUTCOME_OK}, AT(1129, 1), AT(1175, 0));
}

/* The client gives up before the answer is there. */
static void test_too_late(void **state)
{
    (void)state;
    SCRIPT(("0,10,0,9\n1000,10,0,1\n", "20us",
            DNS("policy: round_robin, ttl: 100us, lookup: 30us")),
           AT(0, 0), {1030, 1030, 1030, 1030, 1030, 1020, -1, OUTCOME_TIMEOUT});
}

/* A TTL of nothing: every request asks. */
static void test_no_ttl(void **state)
{
    (void)state;
    SCRIPT(("0,10,0,1\n100,10,0,1\n200,10,0,1\n", "none", DNS("policy: round_robin, ttl: 0s")),
           AT(0, 0), AT(100, 1), AT(200, 0));
}

/* Two instances of the east take turns within the answer, and each gives its pods turns. */
static void test_instances_of_a_site(void **state)
{
    (void)state;
    SCRIPT(("0,10,0,1\n100,10,0,1\n200,10,0,2\n300,10,0,1\n", "none",
            "pods: [{count: 2}]\n"
            "balancers: [{count: 3, zones: [east, west, east], spread: round_robin, "
            "policy: round_robin}]\n"
            "dns: {policy: preference}\n"),
           AT(0, 0), AT(100, 0), AT(200, 1), AT(300, 1));
}

/* The west is the only one of the higher priority. */
static void test_priority(void **state)
{
    (void)state;
    SCRIPT(("0,10,0,1\n100,10,0,2\n", "none",
            DNS("policy: round_robin, sites: [{zone: east}, {zone: west, priority: 11}]")),
           AT(0, 1), AT(100, 1));
}

#define FAR "network: {zones: [{between: [east, west], delay: 50us}]}\n"

/* Clients in the west go there; where their resolver is in the east, they travel. */
static void test_distance(void **state)
{
    (void)state;
    SCRIPT(("0,10,0,1\n", "none, zone: west", FAR DNS("policy: geo")), AT(0, 1));
    SCRIPT(("0,10,0,1\n", "none, zone: west", FAR DNS("policy: geo, resolver_zone: east")),
           {50, 50, 50, 50, 60, 110, 0, OUTCOME_OK});
    SCRIPT(("0,10,0,1\n", "none, zone: east",
            FAR DNS("policy: {topology: {rules: {east: west}}}")),
           {50, 50, 50, 50, 60, 110, 1, OUTCOME_OK});
}

/* Those that were there before keep answers too: one of user 1 that is kept for 10 ms expires
   within the first, the next at 30 ms at the earliest. */
static void test_users_who_keep(void **state)
{
    (void)state;
    SCRIPT(("0,10,0,9\n20000,10,0,1\n21000,10,0,1\n29000,10,0,1\n31000,10,0,1\n", "none",
            DNS("policy: round_robin, ttl: 0s, client_cache: {share: 100%, time: 10ms}")),
           AT(0, 0), AT(20000, 1), AT(21000, 1), AT(29000, 1), AT(31000, 0));
}

/* A connection stays with its entry, whatever DNS says; a new one asks, and is set up from
   then on. */
static void test_connections(void **state)
{
    (void)state;
    SCRIPT(("0,10,0,1\n9000,10,0,1\n9500,10,0,2\n11000,10,0,1\n",
            "none, connections: {setup: 1, max_age: 9200us, jitter: 0%}",
            "network: {to_balancer: 10us}\n"
            DNS("policy: preference, ttl: 0s, lookup: 5us, health_check: {interval: 1ms, fall: 2}")
            "faults: [{kind: crash, on: e, from: 5ms, to: 10ms}]\n"),
           {35, 35, 35, 35, 45, 55, 0, OUTCOME_OK},
           {9010, 9010, 9010, 9010, 9010, 9020, 0, OUTCOME_REFUSED},
           {9535, 9535, 9535, 9535, 9545, 9555, 1, OUTCOME_OK},
           {11035, 11035, 11035, 11035, 11045, 11055, 1, OUTCOME_OK});
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_ttl),        cmocka_unit_test(test_lookup),
    cmocka_unit_test(test_no_ttl),     cmocka_unit_test(test_instances_of_a_site),
    cmocka_unit_test(test_priority),   cmocka_unit_test(test_users_who_keep),
    cmocka_unit_test(test_connections), cmocka_unit_test(test_too_late),
    cmocka_unit_test(test_distance),
};

TEST_MAIN(tests)
