/* SPDX-License-Identifier: GPL-3.0-or-later
   The checks of tiers: one of them compares policies, only the last defends itself, and a
   connection ends at the first tier that decides per request. */
#include "models/scenario_tiers.h"

#include "models/policy.h"

#include <stddef.h>

size_t scenario_tiers_compared(const struct scenario *scenario)
{
    size_t last = scenario->balancers.count - 1;
    for (size_t i = 0; i < last; i++)
        if (scenario_tier(scenario, i)->policy.count > 1)
            return i;
    return last;
}

/* A setting of one tier that is given, and where. */
struct scenario_tiers_given {
    const char *key;
    const void *address;
    bool is_given;
};

enum { SCENARIO_TIERS_DEFENCES = 9 };

/* What needs requests to be seen: first those that connections hide. */
static void scenario_tiers_defences(const struct scenario_balancer *tier,
                                    struct scenario_tiers_given given[SCENARIO_TIERS_DEFENCES])
{
    const struct scenario_tiers_given list[SCENARIO_TIERS_DEFENCES] = {
        {"retry", &tier->retry, tier->retry.kind != NULL},
        {"hedge", &tier->hedge, tier->hedge.kind != NULL},
        {"cancel", &tier->cancel, tier->cancel},
        {"circuit_breakers", &tier->circuit_breakers, tier->circuit_breakers.preset.kind != NULL},
        {"shed", &tier->shed, tier->shed.kind != NULL},
        {"outlier_detection", &tier->outlier_detection, tier->outlier_detection.kind != NULL},
        {"health_check", &tier->health_check, tier->health_check.preset.kind != NULL},
        {"slow_start", &tier->slow_start, tier->slow_start.kind != NULL},
        {"panic", &tier->panic, tier->panic > 0},
    };
    for (size_t i = 0; i < SCENARIO_TIERS_DEFENCES; i++)
        given[i] = list[i];
}

enum { SCENARIO_TIERS_BY_REQUEST = 6 }; /* of these */

static void scenario_tiers_check_outer(const struct scenario *scenario, size_t index,
                                       const struct config *config, struct problems *problems)
{
    const struct scenario_balancer *tier = scenario_tier(scenario, index);
    struct scenario_tiers_given given[SCENARIO_TIERS_DEFENCES];
    scenario_tiers_defences(tier, given);
    for (size_t i = 0; i < SCENARIO_TIERS_DEFENCES; i++) {
        if (!given[i].is_given)
            continue;
        problem_add(problems, config_mark(config, given[i].address),
                    "only the last tier can have %s, and '%s' is tier %zu of %zu",
                    given[i].key, tier->name, index + 1, scenario->balancers.count);
        problem_hint(problems, "move it to the last entry of balancers");
    }
    for (size_t i = 0; i < tier->policy.count; i++) {
        const struct param_kind *policy = PARAM_ITEM(tier->policy, struct param_kind, i);
        const struct policy_ops *ops = policy_ops(policy);
        if (!(ops->traits & (POLICY_ORACLE | POLICY_REPORTS | POLICY_HOLDS)) && !ops->probe)
            continue;
        problem_add(problems, config_mark(config, policy),
                    "policy '%s' hears from pods how loaded they are, and the backends of "
                    "tier %zu of %zu are balancers", policy->label, index + 1,
                    scenario->balancers.count);
        problem_hint(problems, "take it in the last tier");
    }
}

/* Per connection a policy hears of no request: it knows how many connections it has opened. */
static void scenario_tiers_check_blind(const struct param_kind *policy,
                                       const struct config *config, struct problems *problems)
{
    const struct policy_ops *ops = policy_ops(policy);
    if (!ops->learn && !ops->probe && !(ops->traits & (POLICY_REPORTS | POLICY_HOLDS)))
        return;
    problem_warn(problems, config_mark(config, policy),
                 "policy '%s' goes by the requests that it sees, and a tier that decides per "
                 "connection sees none", policy->label);
    problem_hint(problems, "take one that counts what it has opened, or `per: request`");
}

/* A tier that decides per connection sees no requests. */
static void scenario_tiers_check_connected(const struct scenario *scenario, size_t index,
                                           const struct config *config,
                                           struct problems *problems)
{
    const struct scenario_balancer *tier = scenario_tier(scenario, index);
    struct scenario_tiers_given given[SCENARIO_TIERS_DEFENCES];
    scenario_tiers_defences(tier, given);
    bool last = index + 1 == scenario->balancers.count;
    for (size_t i = 0; last && i < SCENARIO_TIERS_BY_REQUEST; i++) {
        if (!given[i].is_given)
            continue;
        problem_add(problems, config_mark(config, given[i].address),
                    "a tier that decides per connection sees no requests, which %s needs",
                    given[i].key);
        problem_hint(problems, "leave it out, or decide `per: request`");
    }
    if (tier->max_in_flight < UINT64_MAX) {
        problem_add(problems, config_mark(config, &tier->max_in_flight),
                    "a tier that decides per connection sees no requests, which max_in_flight "
                    "counts");
        problem_hint(problems, "leave it out, or decide `per: request`");
    }
    for (size_t i = 0; i < scenario->clients.count; i++) {
        const struct scenario_client *client =
            PARAM_ITEM(scenario->clients, struct scenario_client, i);
        if (client->connections.count > 0)
            continue;
        problem_add(problems, config_mark(config, client),
                    "balancers decide per connection, and client group '%s' has none",
                    client->name);
        problem_hint(problems, "add `connections: {}`, or for example "
                               "`connections: {count: 2, max_age: 5m}`");
    }
    for (size_t i = 0; i < tier->policy.count; i++)
        scenario_tiers_check_blind(PARAM_ITEM(tier->policy, struct param_kind, i), config,
                                   problems);
    if (index > 0 && scenario_tier(scenario, index - 1)->per == PER_REQUEST) {
        problem_add(problems, config_mark(config, &tier->per),
                    "the clients' connections end at the tier before, which decides per request");
        problem_hint(problems, "tiers that decide per connection come first");
    }
}

/* One tier may have several policies; which tier that is, is in scenario->compared. */
static void scenario_tiers_check_policies(const struct scenario *scenario,
                                          const struct config *config,
                                          struct problems *problems)
{
    for (size_t i = scenario->compared + 1; i < scenario->balancers.count; i++) {
        const struct scenario_balancer *tier = scenario_tier(scenario, i);
        if (tier->policy.count == 1)
            continue;
        problem_add(problems, config_mark(config, &tier->policy),
                    "tier %zu has %zu policies, and tier %zu has several already", i + 1,
                    tier->policy.count, scenario->compared + 1);
        problem_hint(problems, "compare the policies of one tier, and give the others one each");
    }
}

void scenario_tiers_check(const struct scenario *scenario, const struct config *config,
                          struct problems *problems)
{
    size_t count = scenario->balancers.count;
    scenario_tiers_check_policies(scenario, config, problems);
    for (size_t i = 0; i < count; i++) {
        const struct scenario_balancer *tier = scenario_tier(scenario, i);
        if (i + 1 < count)
            scenario_tiers_check_outer(scenario, i, config, problems);
        if (tier->per == PER_CONNECTION)
            scenario_tiers_check_connected(scenario, i, config, problems);
    }
    const struct scenario_balancer *last = scenario_tier(scenario, count - 1);
    if (last->to_backend.kind != NULL) {
        problem_add(problems, config_mark(config, &last->to_backend),
                    "the last tier's backends are the pods");
        problem_hint(problems, "the way to them is network.to_pod");
    }
}
