/* SPDX-License-Identifier: GPL-3.0-or-later
   The checks of tiers: one of them compares policies, only the last defends itself, and a
   connection ends at the first tier that decides per request. */
#include "models/scenario_tiers.h"

#include "models/arrival.h"
#include "models/decision.h"
#include "models/engines.h"
#include "models/panic.h"
#include "models/policy.h"
#include "models/replay.h"
#include "models/scenario_dns.h"

#include <stddef.h>

size_t scenario_tiers_compared(const struct scenario *scenario)
{
    size_t last = scenario->balancers.count - 1;
    for (size_t i = 0; i < last; i++)
        if (scenario_tier(scenario, i)->policy.count > 1)
            return i;
    return last;
}

/* Of the group that has most; 0: only a replay knows. */
static uint64_t scenario_tiers_users(const struct scenario *scenario)
{
    uint64_t most = 1;
    for (size_t i = 0; i < scenario->clients.count; i++) {
        const struct scenario_client *client =
            PARAM_ITEM(scenario->clients, struct scenario_client, i);
        const struct arrival_closed *closed = client->arrivals.config;
        bool is_closed = arrival_ops(&client->arrivals)->mode == ARRIVAL_CLOSED;
        uint64_t users = is_closed ? closed->users : client->users;
        if (scenario_replays(client, REPLAY_USER))
            return 0;
        most = users > most ? users : most;
    }
    return most;
}

void scenario_tiers_count(struct scenario *scenario, const struct config *config,
                          struct problems *problems)
{
    struct scenario_balancer *tiers = scenario->balancers.items;
    uint64_t users = scenario_tiers_users(scenario);
    for (size_t i = 0; i < scenario->balancers.count; i++) {
        if (tiers[i].count != UINT64_MAX)
            continue;
        tiers[i].count = users;
        if (users > 0 && users <= SCENARIO_BALANCERS_MAX)
            continue;
        if (users == 0)
            problem_add(problems, config_mark(config, &tiers[i].count),
                        "how many users there are is up to the replay");
        else
            problem_add(problems, config_mark(config, &tiers[i].count),
                        "%llu users are too many for an instance each",
                        (unsigned long long)users);
        problem_hint(problems, "give a number up to %d, as in `count: 40`",
                     SCENARIO_BALANCERS_MAX);
        tiers[i].count = 1;
    }
}

/* A defence of one tier: where it stands, whether it is given, whether it is about requests,
   which connections hide. */
struct scenario_tiers_defence {
    const char *key;
    const void *address;
    bool is_given, sees_requests;
};

/* Number `at` of them; false past the last. */
static bool scenario_tiers_find_defence(const struct scenario_balancer *tier, size_t at,
                                        struct scenario_tiers_defence *defence)
{
    const struct param_kind *breakers = &tier->circuit_breakers.preset;
    bool overprovisions =
        (uint32_t)(100 * tier->overprovisioning + 0.5) != PANIC_OVERPROVISIONING;
    const struct scenario_tiers_defence list[] = {
        {"scale", &tier->scale, tier->scale.kind != NULL, true},
        {"pool", &tier->pool, tier->pool.setup > 0, true},
        {"retry", &tier->retry, tier->retry.kind != NULL, true},
        {"hedge", &tier->hedge, tier->hedge.kind != NULL, true},
        {"cancel", &tier->cancel, tier->cancel, true},
        {"circuit_breakers", &tier->circuit_breakers, breakers->kind != NULL, true},
        {"shed", &tier->shed, tier->shed.kind != NULL, true},
        {"outlier_detection", &tier->outlier_detection, tier->outlier_detection.kind != NULL,
         true},
        {"health_check", &tier->health_check, tier->health_check.preset.kind != NULL, false},
        {"slow_start", &tier->slow_start, tier->slow_start.kind != NULL, false},
        {"panic", &tier->panic, tier->panic > 0, false},
        {"locality", &tier->locality, tier->locality.kind != NULL, false},
        {"overprovisioning", &tier->overprovisioning, overprovisions, false},
    };
    if (at >= sizeof list / sizeof *list)
        return false;
    *defence = list[at];
    return true;
}

static void scenario_tiers_check_outer(const struct scenario *scenario, size_t index,
                                       const struct config *config, struct problems *problems)
{
    const struct scenario_balancer *tier = scenario_tier(scenario, index);
    struct scenario_tiers_defence defence;
    for (size_t i = 0; scenario_tiers_find_defence(tier, i, &defence); i++) {
        if (!defence.is_given)
            continue;
        problem_add(problems, config_mark(config, defence.address),
                    "only the last tier can have %s, and '%s' is tier %zu of %zu",
                    defence.key, tier->name, index + 1, scenario->balancers.count);
        problem_hint(problems, "move it to the last entry of balancers");
    }
    for (size_t i = 0; i < tier->policy.count; i++) {
        const struct param_kind *policy = PARAM_ITEM(tier->policy, struct param_kind, i);
        const struct policy_ops *ops = policy_ops(policy);
        if (!(ops->traits & (POLICY_TOLD | POLICY_REPORTS | POLICY_HOLDS)) && !ops->probe)
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
    struct scenario_tiers_defence defence;
    bool last = index + 1 == scenario->balancers.count;
    for (size_t i = 0; last && scenario_tiers_find_defence(tier, i, &defence); i++) {
        if (!defence.is_given || !defence.sees_requests)
            continue;
        problem_add(problems, config_mark(config, defence.address),
                    "a tier that decides per connection sees no requests, which %s needs",
                    defence.key);
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

/* Engines that come and go: who sends to them, how busy they are, how many there can be. */
static void scenario_tiers_check_scale(const struct scenario *scenario,
                                       const struct config *config, struct problems *problems)
{
    const struct scenario_balancer *tier = scenario_tier(scenario, scenario->balancers.count - 1);
    const struct engines_config *scale = tier->scale.config;
    if (tier->scale.kind == NULL)
        return;
    if (scenario->balancers.count == 1) {
        problem_add(problems, config_mark(config, &tier->scale),
                    "nobody tells the clients which instances are there: a tier that scales "
                    "needs one before it");
        problem_hint(problems, "put `- {name: router, policy: random}` before this tier");
    }
    if (decision_is_free(&tier->decision_cost)) {
        problem_add(problems, config_mark(config, &tier->scale),
                    "a tier scales by how busy its instances are, and deciding takes them no time");
        problem_hint(problems, "add `decision_cost: {fixed: {pick: 200us, serial: true}}`");
    }
    if (scale->first > tier->count || scale->min > tier->count) {
        bool first = scale->first > tier->count;
        problem_add(problems, config_mark(config, &tier->scale),
                    "%s %llu is more than the count of the tier, %llu", first ? "first" : "min",
                    (unsigned long long)(first ? scale->first : scale->min),
                    (unsigned long long)tier->count);
        problem_hint(problems, "count is how many there can be");
    } else if (scale->first > 0 && scale->first < scale->min) {
        problem_add(problems, config_mark(config, &tier->scale),
                    "first %llu is less than min %llu", (unsigned long long)scale->first,
                    (unsigned long long)scale->min);
        problem_hint(problems, "leave first out, or make it at least min");
    }
}

/* Who sends only to its own zone or node can send to nobody who is nowhere. */
static void scenario_tiers_check_reach(const struct scenario *scenario, size_t index,
                                       const struct config *config, struct problems *problems)
{
    const struct scenario_balancer *tier = scenario_tier(scenario, index);
    const struct scenario_balancer *next = scenario_tier(scenario, index + 1);
    if (tier->reach == REACH_ALL || next->nodes.count > 0 ||
        (tier->reach == REACH_ZONE && next->zones.count > 0))
        return;
    problem_add(problems, config_mark(config, &tier->reach),
                "'%s' sends only to its own %s, and the balancers of '%s' are %s", tier->name,
                tier->reach == REACH_NODE ? "node" : "zone", next->name,
                tier->reach == REACH_NODE ? "on none" : "in none");
    problem_hint(problems, "say where they are, as in `nodes: each`, or leave out reach");
}

void scenario_tiers_check(const struct scenario *scenario, const struct config *config,
                          struct problems *problems)
{
    size_t count = scenario->balancers.count;
    scenario_tiers_check_policies(scenario, config, problems);
    for (size_t i = 0; i < count; i++) {
        const struct scenario_balancer *tier = scenario_tier(scenario, i);
        if (i + 1 < count) {
            scenario_tiers_check_outer(scenario, i, config, problems);
            scenario_tiers_check_reach(scenario, i, config, problems);
        }
        if (tier->per == PER_CONNECTION)
            scenario_tiers_check_connected(scenario, i, config, problems);
    }
    scenario_tiers_check_scale(scenario, config, problems);
    const struct scenario_balancer *last = scenario_tier(scenario, count - 1);
    if (last->to_backend.kind != NULL) {
        problem_add(problems, config_mark(config, &last->to_backend),
                    "the last tier's backends are the pods");
        problem_hint(problems, "the way to them is network.to_pod");
    }
}

/* -- for reports -- */

size_t scenario_tiers_hopped(const struct scenario *scenario)
{
    bool hopped = scenario->balancers.count > 1 || scenario_dns_is_used(&scenario->dns);
    for (size_t i = 0; i < scenario->clients.count; i++)
        hopped |= PARAM_ITEM(scenario->clients, struct scenario_client, i)->connections.count > 0;
    return hopped ? scenario->balancers.count : 0;
}
