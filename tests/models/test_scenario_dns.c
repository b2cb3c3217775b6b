/* SPDX-License-Identifier: GPL-3.0-or-later
   What `dns` means where it says little; what is refused is in tests/bad (dns-*). */
#include "models/scenario_dns.h"

#include "models/dns_policy.h"
#include "tests/theory/scene.h"

#define HEAD \
    "clients: [{arrivals: {poisson: {rate: 1/s}}, demand: 1ms, zone: a}]\n" \
    "pods: [{zone: a}]\n"

/* The zones of the sites, as letters. */
static void assert_sites(const char *rest, const char *expected)
{
    struct scene scene;
    scene_open(&scene, HEAD "%s", rest);
    struct param_list sites = scenario_dns_sites(scene.scenario, &scene.arena);
    char found[16] = "";
    for (size_t i = 0; i < sites.count; i++)
        strcat(found, PARAM_ITEM(sites, struct scenario_dns_site, i)->zone);
    assert_string_equal(found, expected);
    scene_close(&scene);
}

/* Four instances are in three of four zones. */
static void test_sites(void **state)
{
    (void)state;
    assert_sites("balancers: [{count: 4, zones: [c, a, c, b, d], policy: random}]\n"
                 "dns: {policy: round_robin}\n", "cab");
    assert_sites("balancers: [{count: 4, zones: [c, a, c, b, d], policy: random}]\n"
                 "dns: {policy: round_robin, sites: [{zone: b}, {zone: c}]}\n", "bc");
    assert_sites("balancers: [{name: vip, zones: [b], policy: random}, "
                 "{zones: [a], policy: random}]\n"
                 "dns: {policy: round_robin}\n", "b");
}

static void test_defaults(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, HEAD "balancers: [{zones: [a], policy: random}]\n"
                            "dns: {policy: {topology: {rules: {a: [a]}}}, sites: [{zone: a}]}\n");
    const struct scenario_dns *dns = &scene.scenario->dns;
    assert_true(scenario_dns_is_used(dns));
    assert_int_equal(dns->ttl, 30 * SIM_SECOND);
    assert_null(dns->health_check.preset.kind);
    assert_null(dns->resolvers.kind);
    assert_null(dns->lookup.kind);
    const struct scenario_dns_site *given = PARAM_ITEM(dns->sites, struct scenario_dns_site, 0);
    struct scenario bare = *scene.scenario;
    bare.dns.sites = (struct param_list){0};
    struct param_list made = scenario_dns_sites(&bare, &scene.arena);
    const struct scenario_dns_site *other = PARAM_ITEM(made, struct scenario_dns_site, 0);
    assert_int_equal(given->priority, other->priority);
    assert_int_equal(given->min_up, other->min_up);
    ASSERT_NEAR(given->ratio, other->ratio, 0);
    const struct dns_topology *topology = dns->policy.config;
    const struct dns_rule *rule = PARAM_ITEM(topology->rules, struct dns_rule, 0);
    assert_string_equal(rule->from, "a");
    assert_string_equal(*PARAM_ITEM(rule->to, char *, 0), "a");
    scene_close(&scene);
}

static void test_absent(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, HEAD "balancers: [{zones: [a], policy: random}]\n");
    assert_false(scenario_dns_is_used(&scene.scenario->dns));
    scene_close(&scene);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_sites),
    cmocka_unit_test(test_defaults),
    cmocka_unit_test(test_absent),
};

TEST_MAIN(tests)
