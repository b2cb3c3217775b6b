/* SPDX-License-Identifier: GPL-3.0-or-later
   The checks of a scenario that no single row can make. */
#include "models/arrival.h"
#include "models/autoscale.h"
#include "models/decision.h"
#include "models/fault_plan.h"
#include "models/host_sets_plan.h"
#include "models/membership.h"
#include "models/policy.h"
#include "models/replay.h"
#include "models/scenario.h"
#include "models/scenario_place.h"
#include "models/scenario_tiers.h"

#include <string.h>

#define SCENARIO_CHECK_VIEWS_MAX 2e8 /* pods times balancer instances */

static void scenario_check_client(const struct scenario_client *client,
                                  const struct config *config, struct problems *problems)
{
    bool open = arrival_ops(&client->arrivals)->mode == ARRIVAL_OPEN;
    if (client->demand.kind == NULL && !scenario_replays(client, REPLAY_DEMAND)) {
        problem_add(problems, config_mark(config, client),
                    "client group '%s' has no demand", client->name);
        problem_hint(problems, "add for example `demand: {exponential: {mean: 10ms}}`, or map "
                               "a column of the replay to it");
    }
    if (client->rate.kind != NULL && !open) {
        problem_add(problems, config_mark(config, &client->rate),
                    "a rate curve needs an open arrival process");
        problem_hint(problems, "poisson, deterministic, renewal and bursts are open");
    }
}

static void scenario_check_sizes(const struct scenario *scenario, const struct config *config,
                                 struct problems *problems)
{
    double pods = membership_most(scenario);
    const struct scenario_balancer *tier = NULL;
    double backends = pods * host_sets_plan_count(scenario);
    for (size_t i = scenario->balancers.count; i-- > 0 && tier == NULL;) {
        const struct scenario_balancer *next = scenario_tier(scenario, i);
        if (backends * (double)next->count > SCENARIO_CHECK_VIEWS_MAX)
            tier = next;
        else
            backends = (double)next->count;
    }
    if (pods > SCENARIO_PODS_MAX) {
        problem_add(problems, config_mark(config, scenario->pods.items),
                    "%.0f pods in all are too many", pods);
        problem_hint(problems, "at most %d", SCENARIO_PODS_MAX);
    } else if (tier != NULL) {
        problem_add(problems, config_mark(config, &tier->count),
                    "%llu balancers with a view of %.0f pods each need too much memory",
                    (unsigned long long)tier->count, backends);
        problem_hint(problems, "pods times balancers may be at most %.0f",
                     SCENARIO_CHECK_VIEWS_MAX);
    }
}

static void scenario_check_change(const struct scenario_change *change,
                                  const struct config *config, struct problems *problems)
{
    int kinds = (change->add.pods != NULL) + (change->remove.pods != NULL) +
                (change->roll.pods != NULL) + (change->evict.pods != NULL) +
                (change->down != NULL) + (change->up != NULL) + (change->weight.pods != NULL);
    if (kinds == 1)
        return;
    problem_add(problems, config_mark(config, change),
                kinds == 0 ? "the change does nothing" : "the change does %d things at once",
                kinds);
    problem_hint(problems, "one of add, remove, roll, evict, down, up and weight, as in "
                           "`{at: 5m, add: {pods: NAME, count: 2}}`");
}

static void scenario_check_membership(const struct scenario *scenario,
                                      const struct config *config, struct problems *problems)
{
    size_t errors = problems->errors;
    for (size_t i = 0; i < scenario->membership.count; i++)
        scenario_check_change(PARAM_ITEM(scenario->membership, struct scenario_change, i),
                              config, problems);
    if (problems->errors > errors)
        return;
    struct arena arena = {0};
    struct membership membership;
    membership_plan(&membership, &(struct membership_order){.scenario = scenario,
                                                            .arena = &arena,
                                                            .brief = &arena,
                                                            .config = config,
                                                            .problems = problems});
    if (problems->errors == errors)
        fault_plan_check(scenario, &membership, config, problems);
    arena_free(&arena);
}

static void scenario_check_costs(const struct scenario_balancer *tier,
                                 const struct config *config, struct problems *problems)
{
    const struct decision_config *decision = tier->decision_cost.config;
    const char *first = NULL;
    size_t count = 0;
    for (size_t i = 0; i < tier->policy.count; i++) {
        const char *name = PARAM_ITEM(tier->policy, struct param_kind, i)->kind->name;
        if (decision_knows(&tier->decision_cost, name))
            continue;
        first = count++ > 0 ? first : name;
    }
    if (count == 0)
        return;
    problem_add(problems, config_mark(config, &tier->decision_cost),
                count > 1 ? "%s: has no costs of policy '%s' and %zu more"
                          : "%s: has no costs of policy '%s'",
                decision->file, first, count - 1);
    problem_hint(problems, "`lbsim bench policies --format csv` measures all, "
                           "`lbsim bench policies --format csv %s` this one", first);
}

/* Slow start works through weights. */
static void scenario_check_slow_start(const struct scenario *scenario,
                                      const struct config *config, struct problems *problems)
{
    const struct scenario_balancer *tier =
        scenario_tier(scenario, scenario->balancers.count - 1);
    for (size_t i = 0; tier->slow_start.kind != NULL && i < tier->policy.count; i++) {
        const struct param_kind *policy = PARAM_ITEM(tier->policy, struct param_kind, i);
        if ((policy_ops(policy)->traits & POLICY_UNWEIGHTED) == 0)
            continue;
        problem_warn(problems, config_mark(config, policy),
                     "slow_start does nothing under %s, which ignores weights", policy->label);
        problem_hint(problems, "leave it out, or take a policy that weights mean something to");
    }
}

static void scenario_check_scale(const struct scenario *scenario, size_t index,
                                 const struct config *config, struct problems *problems)
{
    const struct autoscale *scale = PARAM_ITEM(scenario->autoscale, struct autoscale, index);
    bool known = false, twice = false;
    for (size_t i = 0; i < scenario->pods.count; i++)
        known |= strcmp(PARAM_ITEM(scenario->pods, struct scenario_pods, i)->name,
                        scale->pods) == 0;
    for (size_t i = 0; i < index; i++)
        twice |= strcmp(PARAM_ITEM(scenario->autoscale, struct autoscale, i)->pods,
                        scale->pods) == 0;
    if (!known) {
        problem_add(problems, config_mark(config, &scale->pods),
                    "there is no group of pods to scale called '%s'", scale->pods);
        problem_hint(problems, "the name of a group, as in '%s'",
                     PARAM_ITEM(scenario->pods, struct scenario_pods, 0)->name);
    } else if (twice) {
        problem_add(problems, config_mark(config, &scale->pods),
                    "the group '%s' has an autoscaler already", scale->pods);
        problem_hint(problems, "one autoscaler for each group");
    } else if (scale->min > scale->max) {
        problem_add(problems, config_mark(config, &scale->min),
                    "min %llu is more than max %llu", (unsigned long long)scale->min,
                    (unsigned long long)scale->max);
        problem_hint(problems, "make max at least min");
    }
}

void scenario_check(const struct scenario *scenario, const struct config *config,
                    struct problems *problems)
{
    const struct scenario_run *run = &scenario->run;
    if (run->warmup != SIM_NEVER && run->warmup >= run->duration) {
        problem_add(problems, config_mark(config, &run->warmup),
                    "the warm-up leaves nothing of the duration to measure");
        problem_hint(problems, "make warmup shorter than duration, or leave it to auto");
    }
    for (size_t i = 0; i < scenario->clients.count; i++)
        scenario_check_client(PARAM_ITEM(scenario->clients, struct scenario_client, i), config,
                              problems);
    for (size_t i = 0; i < scenario->autoscale.count; i++)
        scenario_check_scale(scenario, i, config, problems);
    scenario_check_sizes(scenario, config, problems);
    for (size_t i = 0; i < scenario->balancers.count; i++)
        scenario_check_costs(scenario_tier(scenario, i), config, problems);
    scenario_tiers_check(scenario, config, problems);
    scenario_place_check(scenario, config, problems);
    host_sets_plan_check(scenario, config, problems);
    scenario_dns_check(scenario, config, problems);
    scenario_check_slow_start(scenario, config, problems);
    if (problems->errors == 0)
        scenario_check_membership(scenario, config, problems);
}
