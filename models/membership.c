/* SPDX-License-Identifier: GPL-3.0-or-later
   Plans membership changes and carries them out.  `pods` of a change names a group or one of
   its pods; a group grows by the next numbers and shrinks from the highest, as a StatefulSet
   does. */
#include "models/membership.h"

#include "models/state.h"

#include <stdlib.h>
#include <string.h>

/* A plan under way. */
struct membership_draft {
    struct membership *membership;
    const struct scenario *scenario;
    struct arena *arena;
    const struct config *config;
    struct problems *problems;
    uint32_t *next_number; /* by group */
};

static const struct scenario_pods *membership_group(const struct scenario *scenario,
                                                    uint32_t group)
{
    return PARAM_ITEM(scenario->pods, struct scenario_pods, group);
}

static void membership_add_pod(struct membership_draft *draft, uint32_t group, sim_time joined)
{
    draft->membership->pods[draft->membership->pod_count++] = (struct membership_pod){
        .group = group,
        .number = draft->next_number[group]++,
        .joined = joined,
        .left = SIM_NEVER,
    };
}

bool membership_is_called(const struct scenario *scenario, const struct membership_pod *pod,
                          const char *name)
{
    const char *group = membership_group(scenario, pod->group)->name;
    size_t length = strlen(group);
    if (strncmp(name, group, length) != 0)
        return false;
    if (name[length] == '\0')
        return true;
    char *end;
    return name[length] == '-' && name[length + 1] != '\0' &&
           strtoul(name + length + 1, &end, 10) == pod->number && *end == '\0';
}

static void membership_complain(const struct membership_draft *draft, const char *const *name,
                                const char *what)
{
    if (draft->problems == NULL)
        return;
    problem_add(draft->problems, config_mark(draft->config, name), "%s '%s'", what, *name);
    problem_hint(draft->problems,
                 "a group of pods, or one of its pods, as in '%s' or '%s-0'",
                 membership_group(draft->scenario, 0)->name,
                 membership_group(draft->scenario, 0)->name);
}

static bool membership_is_there(const struct membership_pod *pod, sim_time at)
{
    return pod->joined <= at && at < pod->left;
}

/* The group to add to; problems are said. */
static uint32_t membership_find_group(const struct membership_draft *draft,
                                      const char *const *name)
{
    for (uint32_t group = 0; group < draft->scenario->pods.count; group++)
        if (strcmp(membership_group(draft->scenario, group)->name, *name) == 0)
            return group;
    membership_complain(draft, name, "there is no group of pods to add to called");
    return UINT32_MAX;
}

static void membership_plan_add(struct membership_draft *draft, struct membership_step *step,
                                const struct scenario_resize *resize)
{
    uint32_t group = membership_find_group(draft, &resize->pods);
    if (group == UINT32_MAX)
        return;
    step->slots = arena_take(draft->arena, resize->count, sizeof *step->slots);
    for (uint64_t i = 0; i < resize->count; i++) {
        step->slots[step->count++] = draft->membership->pod_count;
        membership_add_pod(draft, group, step->at);
    }
}

/* Those of that name who are there, the last `limit` of them, highest numbers first. */
static void membership_choose(struct membership_draft *draft, struct membership_step *step,
                              const char *const *name, uint64_t limit)
{
    struct membership *membership = draft->membership;
    step->slots = arena_take(draft->arena, membership->pod_count, sizeof *step->slots);
    for (uint32_t slot = membership->pod_count; slot-- > 0 && step->count < limit;) {
        const struct membership_pod *pod = &membership->pods[slot];
        if (membership_is_there(pod, step->at) &&
            membership_is_called(draft->scenario, pod, *name))
            step->slots[step->count++] = slot;
    }
    if (step->count == 0)
        membership_complain(draft, name, "no pod is there by then that is called");
}

static void membership_plan_remove(struct membership_draft *draft,
                                   struct membership_step *step,
                                   const struct scenario_removal *removal)
{
    step->grace = removal->grace;
    membership_choose(draft, step, &removal->pods, removal->count);
    for (uint32_t i = 0; i < step->count; i++)
        draft->membership->pods[step->slots[i]].left = step->at;
}

static void membership_plan_step(struct membership_draft *draft,
                                 const struct scenario_change *change)
{
    struct membership_step *step =
        &draft->membership->steps[draft->membership->step_count++];
    *step = (struct membership_step){.at = change->at, .grace = SIM_NEVER};
    if (change->add.pods != NULL) {
        step->change = MEMBERSHIP_ADD;
        membership_plan_add(draft, step, &change->add);
    } else if (change->remove.pods != NULL) {
        step->change = MEMBERSHIP_REMOVE;
        membership_plan_remove(draft, step, &change->remove);
    } else if (change->weight.pods != NULL) {
        step->change = MEMBERSHIP_WEIGHT;
        step->weight = change->weight.weight;
        membership_choose(draft, step, &change->weight.pods, UINT64_MAX);
    } else {
        bool up = change->up != NULL;
        step->change = up ? MEMBERSHIP_UP : MEMBERSHIP_DOWN;
        membership_choose(draft, step, up ? &change->up : &change->down, UINT64_MAX);
    }
}

/* Changes by time, equal times as written. */
static const struct scenario_change **membership_sort(const struct scenario *scenario,
                                                      struct arena *arena)
{
    size_t count = scenario->membership.count;
    const struct scenario_change **changes = arena_take(arena, count + 1, sizeof *changes);
    for (size_t i = 0; i < count; i++) {
        const struct scenario_change *change =
            PARAM_ITEM(scenario->membership, struct scenario_change, i);
        size_t k = i;
        for (; k > 0 && changes[k - 1]->at > change->at; k--)
            changes[k] = changes[k - 1];
        changes[k] = change;
    }
    return changes;
}

static uint64_t membership_most(const struct scenario *scenario)
{
    uint64_t count = scenario_pod_count(scenario);
    for (size_t i = 0; i < scenario->membership.count; i++) {
        const struct scenario_change *change =
            PARAM_ITEM(scenario->membership, struct scenario_change, i);
        if (change->add.pods != NULL)
            count += change->add.count;
    }
    return count;
}

void membership_plan(struct membership *membership, const struct scenario *scenario,
                     struct arena *arena, struct arena *brief, const struct config *config,
                     struct problems *problems)
{
    struct membership_draft draft = {membership, scenario, arena, config, problems, NULL};
    size_t groups = scenario->pods.count, changes = scenario->membership.count;
    draft.next_number = arena_take(brief, groups, sizeof *draft.next_number);
    *membership = (struct membership){
        .pods = arena_take(brief, membership_most(scenario), sizeof *membership->pods),
        .steps = arena_take(arena, changes + 1, sizeof *membership->steps),
    };
    for (uint32_t group = 0; group < groups; group++)
        for (uint64_t i = 0; i < membership_group(scenario, group)->count; i++)
            membership_add_pod(&draft, group, 0);
    const struct scenario_change **sorted = membership_sort(scenario, brief);
    for (size_t i = 0; i < changes; i++)
        membership_plan_step(&draft, sorted[i]);
}

/* -- in a run -- */

/* Into the roster, for reports; it knows already who joins and leaves. */
static void membership_note(struct roster *roster, const struct membership_step *step)
{
    static const enum roster_event events[] = {[MEMBERSHIP_DOWN] = ROSTER_DOWN,
                                               [MEMBERSHIP_UP] = ROSTER_UP,
                                               [MEMBERSHIP_WEIGHT] = ROSTER_WEIGHT};
    if (step->change == MEMBERSHIP_ADD || step->change == MEMBERSHIP_REMOVE)
        return;
    for (uint32_t i = 0; i < step->count; i++)
        roster_change(roster, (struct roster_change){step->at, events[step->change],
                                                     step->slots[i], step->weight});
}

void membership_schedule(struct world *world)
{
    for (uint32_t i = 0; i < world->membership.step_count; i++) {
        const struct membership_step *step = &world->membership.steps[i];
        event_push(world->queue, step->at, EVENT_MEMBERSHIP, i, 0, 0);
        if (step->grace != SIM_NEVER)
            event_push(world->queue, step->at + step->grace, EVENT_GRACE_ENDS, i, 0, 0);
        membership_note(&world->roster, step);
    }
}

bool membership_has_grace(const struct membership *membership)
{
    for (uint32_t i = 0; i < membership->step_count; i++)
        if (membership->steps[i].grace != SIM_NEVER)
            return true;
    return false;
}

void membership_end_grace(struct world *world, uint32_t index)
{
    const struct membership_step *step = &world->membership.steps[index];
    for (uint32_t i = 0; i < step->count; i++)
        fault_pod_shut_down(world, step->slots[i]);
}

static void membership_change(const struct membership_step *step, struct backends *backends)
{
    for (uint32_t i = 0; i < step->count; i++) {
        backend_id slot = step->slots[i];
        if (step->change == MEMBERSHIP_ADD || step->change == MEMBERSHIP_REMOVE)
            backends_set_member(backends, slot, step->change == MEMBERSHIP_ADD);
        else if (step->change == MEMBERSHIP_DOWN || step->change == MEMBERSHIP_UP)
            backends_set_up(backends, slot, step->change == MEMBERSHIP_UP);
    }
}

void membership_step(struct world *world, uint32_t index)
{
    const struct membership_step *step = &world->membership.steps[index];
    for (uint32_t i = 0; step->change == MEMBERSHIP_WEIGHT && i < step->count; i++)
        world->backends[step->slots[i]].weight = step->weight;
    for (uint32_t i = 0; i < world->balancer_count; i++) {
        membership_change(step, &world->balancers[i].backends);
        for (uint32_t k = 0; world->guards != NULL && k < step->count; k++)
            guard_follow(world, i, step->slots[k]);
        balancer_rebuild(world, i);
    }
    balancer_wake(world);
}
