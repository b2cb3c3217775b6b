/* SPDX-License-Identifier: GPL-3.0-or-later
   Chooses the pods of each fault and carries its episodes out:

     from -> [well for `up`] -> episode begins -> … steps … -> ends -> [well for `up`] …  to

   A pod that is broken by an episode starts again when it ends, and so do the faults that
   follow starts. */
#include "models/fault_plan.h"

#include "models/fault_note.h"
#include "models/state.h"
#include "sim/engine/dist.h"

#include <string.h>

enum fault_verb { FAULT_BEGINS, FAULT_ENDS, FAULT_STEPS, FAULT_WATCH };

static const struct scenario_fault *fault_plan_item(const struct scenario *scenario, size_t i)
{
    return PARAM_ITEM(scenario->faults, struct scenario_fault, i);
}

static unsigned fault_plan_traits(const struct scenario_fault *fault)
{
    return fault_ops(&fault->kind)->traits;
}

/* -- whom a fault is on -- */

static bool fault_plan_is_on(const struct scenario *scenario,
                             const struct scenario_fault *fault,
                             const struct membership_pod *pod)
{
    const struct scenario_pods *group =
        PARAM_ITEM(scenario->pods, struct scenario_pods, pod->group);
    char node[SCENARIO_NODE_BYTES];
    scenario_node(group, pod->number, node);
    return (fault->on == NULL || membership_is_called(scenario, pod, fault->on)) &&
           (fault->zone == NULL ||
            (group->zone != NULL && strcmp(fault->zone, group->zone) == 0)) &&
           (fault->node == NULL || strcmp(fault->node, node) == 0);
}

/* Takes `limit` of the slots at random; they stay in order. */
static uint32_t fault_plan_draw(uint32_t *slots, uint32_t count, uint64_t limit,
                                struct rng *rng)
{
    uint32_t taken = 0;
    for (uint32_t i = 0; i < count && taken < limit; i++)
        if (rng_below(rng, count - i) < limit - taken)
            slots[taken++] = slots[i];
    return taken;
}

static uint32_t fault_plan_find(const struct scenario *scenario,
                                const struct membership *membership,
                                const struct scenario_fault *fault, uint32_t *slots)
{
    uint32_t count = 0;
    for (uint32_t slot = 0; slot < membership->pod_count; slot++)
        if (fault_plan_is_on(scenario, fault, &membership->pods[slot]) &&
            (fault->pick == UINT64_MAX || membership->pods[slot].joined != SIM_NEVER))
            slots[count++] = slot;
    return count;
}

void fault_plan_check(const struct scenario *scenario, const struct membership *membership,
                      const struct config *config, struct problems *problems)
{
    struct arena arena = {0};
    uint32_t *slots = arena_take(&arena, membership->pod_count, sizeof *slots);
    for (size_t i = 0; i < scenario->faults.count; i++) {
        const struct scenario_fault *fault = fault_plan_item(scenario, i);
        uint32_t count = fault_plan_find(scenario, membership, fault, slots);
        if (count == 0) {
            problem_add(problems, config_mark(config, fault), "the fault is on no pod");
            problem_hint(problems, "`on` is a group of pods or one of them, as in '%s' or "
                                   "'%s-0'; `zone` and `node` narrow it",
                         PARAM_ITEM(scenario->pods, struct scenario_pods, 0)->name,
                         PARAM_ITEM(scenario->pods, struct scenario_pods, 0)->name);
        } else if (fault->pick != UINT64_MAX && fault->pick > count) {
            problem_add(problems, config_mark(config, &fault->pick),
                        "%llu pods cannot be drawn from %u", (unsigned long long)fault->pick,
                        count);
        }
        if (fault->to <= fault->from) {
            problem_add(problems, config_mark(config, &fault->to),
                        "the fault ends before it begins");
            problem_hint(problems, "make `to` later than `from`");
        }
    }
    arena_free(&arena);
}

/* -- building -- */

static void fault_plan_add_site(struct world *world, const struct scenario_fault *fault,
                                const uint32_t *slots, uint32_t count)
{
    struct fault_plan *plan = &world->plan;
    struct fault_site *site = &plan->sites[plan->site_count];
    *site = (struct fault_site){
        .fault = fault, .count = count, .began = SIM_NEVER, .step = SIM_NEVER};
    site->slots = arena_take(&world->arena, count, sizeof *site->slots);
    memcpy(site->slots, slots, count * sizeof *slots);
    size_t index =
        (size_t)(fault - PARAM_ITEM(world->scenario->faults, struct scenario_fault, 0));
    uint64_t key = rng_key(world->key, "fault", index);
    rng_open(&site->rng, key, world->roster.pods[slots[0]].name, 0);
    plan->site_count++;
}

static bool fault_plan_is_single(const struct scenario_fault *fault)
{
    bool by_pod = (fault_plan_traits(fault) & (FAULT_AT_START | FAULT_BY_LOAD)) != 0;
    return !by_pod && (fault->together || fault->up.kind == NULL);
}

/* Lists each pod's sites: counts, then places. */
static void fault_plan_index(struct world *world)
{
    struct fault_plan *plan = &world->plan;
    plan->first = arena_take(&world->arena, (size_t)world->pod_count + 1, sizeof *plan->first);
    size_t total = 0;
    for (uint32_t i = 0; i < plan->site_count; i++) {
        total += plan->sites[i].count;
        for (uint32_t k = 0; k < plan->sites[i].count; k++)
            plan->first[plan->sites[i].slots[k] + 1]++;
    }
    for (uint32_t slot = 0; slot < world->pod_count; slot++)
        plan->first[slot + 1] += plan->first[slot];
    plan->at = arena_take(&world->arena, total + 1, sizeof *plan->at);
    struct arena brief = {0};
    uint32_t *filled = arena_take(&brief, world->pod_count, sizeof *filled);
    for (uint32_t i = 0; i < plan->site_count; i++)
        for (uint32_t k = 0; k < plan->sites[i].count; k++) {
            uint32_t slot = plan->sites[i].slots[k];
            plan->at[plan->first[slot] + filled[slot]++] = i;
        }
    arena_free(&brief);
}

static void fault_plan_push(struct world *world, uint32_t index, sim_time at,
                            enum fault_verb verb)
{
    event_push(world->queue, at, EVENT_FAULT, index, world->plan.sites[index].ticket, verb);
}

/* The next episode of a site that is well since `since`. */
static void fault_plan_await(struct world *world, uint32_t index, sim_time since)
{
    struct fault_site *site = &world->plan.sites[index];
    const struct scenario_fault *fault = site->fault;
    sim_time at = since;
    if (fault->up.kind != NULL)
        at += sim_time_of(dist_draw(&fault->up, &site->rng));
    if (at < fault->to)
        fault_plan_push(world, index, at, FAULT_BEGINS);
}

static void fault_plan_schedule(struct world *world, uint32_t index)
{
    const struct fault_site *site = &world->plan.sites[index];
    const struct scenario_fault *fault = site->fault;
    unsigned traits = fault_plan_traits(fault);
    if (traits & FAULT_BY_LOAD) {
        fault_plan_push(world, index, fault->from, FAULT_WATCH);
        if (fault->to != SIM_NEVER)
            fault_plan_push(world, index, fault->to, FAULT_WATCH);
    } else if (traits & FAULT_AT_START) {
        sim_time joined = roster_life(&world->roster, site->slots[0])->joined;
        if (joined > 0 && joined != SIM_NEVER && joined >= fault->from && joined < fault->to)
            fault_plan_push(world, index, joined, FAULT_BEGINS);
    } else {
        fault_plan_await(world, index, fault->from);
    }
}

static void fault_plan_add(struct world *world, size_t index, uint32_t *slots)
{
    const struct scenario *scenario = world->scenario;
    const struct scenario_fault *fault = fault_plan_item(scenario, index);
    uint32_t count = fault_plan_find(scenario, &world->membership, fault, slots);
    struct rng rng;
    fault_note_open(world, index);
    rng_open(&rng, world->key, "fault pick", index);
    count = fault_plan_draw(slots, count, fault->pick, &rng);
    if (fault_plan_is_single(fault))
        fault_plan_add_site(world, fault, slots, count);
    else
        for (uint32_t i = 0; i < count; i++)
            fault_plan_add_site(world, fault, &slots[i], 1);
    struct fault_condition tried = fault_condition_well;
    if (fault_ops(&fault->kind)->apply != NULL)
        fault_ops(&fault->kind)->apply(fault->kind.config, 0, &tried);
    world->plan.bends_network |= tried.cut_to > 0 || tried.cut_from > 0 || tried.loss > 0 ||
                                 tried.latency != NULL;
}

static size_t fault_plan_count_sites(const struct world *world, uint32_t *slots)
{
    size_t count = 0;
    for (size_t i = 0; i < world->scenario->faults.count; i++) {
        const struct scenario_fault *fault = fault_plan_item(world->scenario, i);
        count += fault_plan_is_single(fault)
                     ? 1
                     : fault_plan_find(world->scenario, &world->membership, fault, slots);
    }
    return count;
}

void fault_plan_open(struct world *world)
{
    size_t faults = world->scenario->faults.count;
    if (faults == 0)
        return;
    struct arena brief = {0};
    uint32_t *slots = arena_take(&brief, world->pod_count, sizeof *slots);
    world->plan.sites = arena_take(&world->arena, fault_plan_count_sites(world, slots),
                                   sizeof *world->plan.sites);
    for (size_t i = 0; i < faults; i++)
        fault_plan_add(world, i, slots);
    arena_free(&brief);
    fault_plan_index(world);
    for (uint32_t i = 0; i < world->plan.site_count; i++)
        fault_plan_schedule(world, i);
}

/* -- episodes -- */

static bool fault_plan_is_watching(const struct fault_site *site, sim_time now)
{
    return fault_plan_traits(site->fault) & FAULT_BY_LOAD && now >= site->fault->from &&
           now < site->fault->to;
}

/* Puts together what all faults make of a pod. */
static void fault_plan_fold(struct world *world, uint32_t slot)
{
    const struct fault_plan *plan = &world->plan;
    struct fault_condition condition = fault_condition_well;
    for (uint32_t i = plan->first[slot]; i < plan->first[slot + 1]; i++) {
        const struct fault_site *site = &plan->sites[plan->at[i]];
        const struct fault_ops *ops = fault_ops(&site->fault->kind);
        const void *config = site->fault->kind.config;
        sim_time since = site->sound > site->began ? site->sound : site->began;
        if (site->began != SIM_NEVER && ops->apply != NULL)
            ops->apply(config, world->now - since, &condition);
        else if (site->began == SIM_NEVER && fault_plan_is_watching(site, world->now))
            ops->watch(config, &condition);
    }
    fault_pod_set(world, slot, &condition);
}

static void fault_plan_step_later(struct world *world, uint32_t index)
{
    struct fault_site *site = &world->plan.sites[index];
    const struct fault_ops *ops = fault_ops(&site->fault->kind);
    if (ops->next == NULL)
        return;
    sim_time since = site->sound > site->began ? site->sound : site->began;
    sim_time age = ops->next(site->fault->kind.config, world->now - since);
    site->step = age != SIM_NEVER ? since + age : SIM_NEVER;
    if (age != SIM_NEVER)
        fault_plan_push(world, index, site->step, FAULT_STEPS);
}

static sim_time fault_plan_end(struct fault_site *site, sim_time now)
{
    const struct scenario_fault *fault = site->fault;
    const struct fault_ops *ops = fault_ops(&fault->kind);
    bool whole = fault->up.kind == NULL && fault->to != SIM_NEVER;
    sim_time lasts = SIM_NEVER;
    if (fault->lasts.kind != NULL)
        lasts = sim_time_of(dist_draw(&fault->lasts, &site->rng));
    else if (ops->lasts != NULL && (!whole || ops->traits & (FAULT_AT_START | FAULT_BY_LOAD)))
        lasts = ops->lasts(fault->kind.config, site->episodes - 1);
    bool limited = (ops->traits & FAULT_BY_LOAD) == 0;
    if (lasts == SIM_NEVER || (limited && now + lasts > fault->to))
        return limited ? fault->to : SIM_NEVER;
    return now + lasts;
}

static void fault_plan_begin(struct world *world, uint32_t index)
{
    struct fault_site *site = &world->plan.sites[index];
    unsigned traits = fault_plan_traits(site->fault);
    if (site->began == SIM_NEVER)
        fault_note_site(world, site, ROSTER_FAULT_BEGINS);
    site->ticket++;
    site->episodes++;
    site->began = world->now;
    sim_time end = fault_plan_end(site, world->now);
    if (end != SIM_NEVER)
        fault_plan_push(world, index, end, FAULT_ENDS);
    fault_plan_step_later(world, index);
    for (uint32_t i = 0; i < site->count; i++) {
        fault_plan_fold(world, site->slots[i]);
        if (traits & (FAULT_BREAKS | FAULT_FORGETS))
            fault_pod_forget(world, site->slots[i]);
        if (traits & FAULT_BREAKS)
            fault_pod_break(world, site->slots[i]);
    }
}

/* What follows starts begins, what grows with time begins again. */
void fault_plan_restart(struct world *world, uint32_t slot)
{
    const struct fault_plan *plan = &world->plan;
    for (uint32_t i = plan->first[slot]; i < plan->first[slot + 1]; i++) {
        uint32_t index = plan->at[i];
        struct fault_site *site = &plan->sites[index];
        const struct scenario_fault *fault = site->fault;
        site->sound = world->now;
        if (fault_plan_traits(fault) & FAULT_AT_START && world->now >= fault->from &&
            world->now < fault->to)
            fault_plan_begin(world, index);
        else if (site->began != SIM_NEVER)
            fault_plan_step_later(world, index);
    }
}

static void fault_plan_finish(struct world *world, uint32_t index)
{
    struct fault_site *site = &world->plan.sites[index];
    unsigned traits = fault_plan_traits(site->fault);
    fault_note_site(world, site, ROSTER_FAULT_ENDS);
    site->ticket++;
    site->began = SIM_NEVER;
    for (uint32_t i = 0; i < site->count; i++) {
        uint32_t slot = site->slots[i];
        if (traits & FAULT_BREAKS_LATE) {
            fault_pod_forget(world, slot);
            fault_pod_break(world, slot);
        }
        if (traits & (FAULT_BREAKS | FAULT_BREAKS_LATE))
            fault_plan_restart(world, slot);
        fault_plan_fold(world, slot);
    }
    if (site->fault->up.kind != NULL)
        fault_plan_await(world, index, world->now);
    else if (traits & FAULT_BY_LOAD && site->fault->to != SIM_NEVER &&
             world->now < site->fault->to)
        fault_plan_push(world, index, site->fault->to, FAULT_WATCH);
}

void fault_plan_step(struct world *world, uint32_t index, uint32_t ticket, uint32_t what)
{
    struct fault_site *site = &world->plan.sites[index];
    if (site->ticket != ticket)
        return;
    switch ((enum fault_verb)what) {
    case FAULT_BEGINS:
        fault_plan_begin(world, index);
        return;
    case FAULT_ENDS:
        fault_plan_finish(world, index);
        return;
    case FAULT_STEPS:
        if (site->step != world->now)
            return; /* the pod has started again since */
        fault_plan_step_later(world, index);
        break;
    case FAULT_WATCH:
        break;
    }
    for (uint32_t i = 0; i < site->count; i++)
        fault_plan_fold(world, site->slots[i]);
}

void fault_plan_overload(struct world *world, uint32_t slot)
{
    const struct fault_plan *plan = &world->plan;
    for (uint32_t i = plan->first[slot]; i < plan->first[slot + 1]; i++) {
        const struct fault_site *site = &plan->sites[plan->at[i]];
        if (site->began == SIM_NEVER && fault_plan_is_watching(site, world->now)) {
            fault_plan_begin(world, plan->at[i]);
            return;
        }
    }
}
