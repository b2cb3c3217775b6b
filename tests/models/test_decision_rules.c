/* SPDX-License-Identifier: GPL-3.0-or-later
   What kube-proxy's rules cost, by hand. */
#include "models/decision.h"

#include "tests/models/kind_bind.h"
#include "tests/models/script.h"

static void assert_rules(const char *text, uint32_t pods, sim_time pick, sim_time sync)
{
    struct kind_bound bound = kind_bind(&decision_kinds, text);
    const struct decision_rules *rules = decision_syncs(&bound.kind);
    assert_non_null(rules);
    sim_time found = decision_cost(&bound.kind, "anybody", pods).pick;
    if (found != pick || decision_rules_sync(rules, pods) != sync)
        fail_msg("%s at %u pods: expected %lld and %lld ns, found %lld and %lld", text, pods,
                 (long long)pick, (long long)sync, (long long)found,
                 (long long)decision_rules_sync(rules, pods));
    assert_int_equal(rules->sync_period, SIM_SECOND);
    assert_int_equal(decision_cost(&bound.kind, "anybody", pods).rebuild, 0);
    assert_false(decision_is_free(&bound.kind));
    assert_false(decision_is_even(&bound.kind));
    assert_true(decision_knows(&bound.kind, "anybody"));
    arena_free(&bound.arena);
}

/* One service and 3 pods: 1 + 2 rules are tried on average, 1 + 3 written.  5000 services and
   10 pods: 2500.5 + 5.5 rules of 20 ns; 4999 x 11 + 11 = 55000 written.  nftables stays so. */
static void test_costs(void **state)
{
    (void)state;
    assert_rules("iptables", 3, 60, 40000);
    assert_rules("{iptables: {services: 5000}}", 10, 50120, 550 * SIM_MILLISECOND);
    assert_rules("{iptables: {services: 5000, per_rule: 10ns, sync_per_rule: 100us}}", 10, 25060,
                 5500 * SIM_MILLISECOND);
    assert_rules("{iptables: {services: 101, endpoints: 0}}", 1, 1040, 1020000);
    assert_rules("ipvs", 3, 200, 4000);
    assert_rules("{ipvs: {services: 5000}}", 10, 200, 55 * SIM_MILLISECOND);
    assert_rules("nftables", 3, 200, 10 * SIM_MILLISECOND);
    assert_rules("nftables", 3000, 200, 10 * SIM_MILLISECOND);
    struct kind_bound fixed = kind_bind(&decision_kinds, "5us");
    assert_null(decision_syncs(&fixed.kind));
    arena_free(&fixed.arena);
    kind_bind_refused(&decision_kinds, "{nftables: {services: 10}}", "unknown key 'services'");
    kind_bind_refused(&decision_kinds, "{iptables: {services: 0}}", "must");
}

/* Eight services and three pods: 4.5 + 2 rules of 2 us delay the first request of each user's
   connection, and no other. */
static void test_first_packets_pay(void **state)
{
    (void)state;
    SCRIPT(("0,10,0,7\n100,10,0,8\n200,10,0,7\n", "none, connections: {setup: 0}",
            "pods: [{count: 3}]\nbalancers: [{policy: round_robin, per: connection, "
            "decision_cost: {iptables: {services: 8, per_rule: 2us}}}]\n"),
           {0, 13, 13, 13, 23, 23, 0, OUTCOME_OK}, {100, 113, 113, 113, 123, 123, 1, OUTCOME_OK},
           {200, 200, 200, 200, 210, 210, 0, OUTCOME_OK});
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_costs),
    cmocka_unit_test(test_first_packets_pay),
};

TEST_MAIN(tests)
