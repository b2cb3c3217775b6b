/* SPDX-License-Identifier: GPL-3.0-or-later
   Plans membership changes and carries them out.  `pods` of a change names a group or one of
   its pods; a group grows by the next numbers and shrinks from the highest, as a StatefulSet
   does.  A group that is being rolled is changed again only once that is over. */
#include "models/membership_draft.h"

#include "models/autoscale.h"
#include "models/state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct scenario_pods *membership_group(const struct scenario *scenario,
                                                    uint32_t group)
{
    return PARAM_ITEM(scenario->pods, struct scenario_pods, group);
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

/* -- mistakes -- */

static void membership_complain(const struct membership_draft *draft, const char *const *name,
                                const char *what)
{
    const struct membership_order *order = draft->order;
    if (order->problems == NULL)
        return;
    problem_add(order->problems, config_mark(order->config, name), "%s '%s'", what, *name);
    problem_hint(order->problems,
                 "a group of pods, or one of its pods, as in '%s' or '%s-0'",
                 membership_group(order->scenario, 0)->name,
                 membership_group(order->scenario, 0)->name);
}

static void membership_complain_few(const struct membership_draft *draft,
                                    const struct scenario_resize *resize, uint32_t there)
{
    const struct membership_order *order = draft->order;
    if (order->problems == NULL)
        return;
    problem_add(order->problems, config_mark(order->config, &resize->count),
                "%" PRIu64 " pods are to go, but only %" PRIu32 " of '%s' %s there by then",
                resize->count, there, resize->pods, there == 1 ? "is" : "are");
}

/* Who changes a group that has an autoscaler would be undone by it. */
static bool membership_is_scaled(const struct membership_draft *draft, uint32_t group,
                                 const char *const *name)
{
    const struct membership_order *order = draft->order;
    if (!autoscale_has(order->scenario, membership_group(order->scenario, group)->name))
        return false;
    if (order->problems != NULL) {
        problem_add(order->problems, config_mark(order->config, name),
                    "how many pods '%s' has is up to its autoscaler",
                    membership_group(order->scenario, group)->name);
        problem_hint(order->problems, "take this change out, or the autoscaler");
    }
    return true;
}

static bool membership_limit_is_wrong(const struct membership_draft *draft,
                                      const char *const *text)
{
    uint32_t limit;
    if (rollout_limit(*text, 1, true, &limit))
        return false;
    const struct membership_order *order = draft->order;
    if (order->problems != NULL) {
        problem_add(order->problems, config_mark(order->config, text),
                    "'%s' is no number of pods", *text);
        problem_hint(order->problems, "a share up to 100%% or a whole number, as in 25%% or 1");
    }
    return true;
}

/* -- planning -- */

static bool membership_is_there(const struct membership_pod *pod, sim_time at)
{
    return pod->joined <= at && at < pod->left;
}

/* The group called so; problems are said. */
static uint32_t membership_find_group(const struct membership_draft *draft,
                                      const char *const *name, const char *what)
{
    const struct scenario *scenario = draft->order->scenario;
    for (uint32_t group = 0; group < scenario->pods.count; group++)
        if (strcmp(membership_group(scenario, group)->name, *name) == 0)
            return membership_is_scaled(draft, group, name) ? UINT32_MAX : group;
    membership_complain(draft, name, what);
    return UINT32_MAX;
}

static sim_time membership_later(sim_time one, sim_time other)
{
    return one > other ? one : other;
}

static void membership_plan_add(struct membership_draft *draft, sim_time at,
                                const struct scenario_resize *resize)
{
    uint32_t group = membership_find_group(draft, &resize->pods,
                                           "there is no group of pods to add to called");
    if (group == UINT32_MAX)
        return;
    at = membership_later(at, draft->rolled[group]);
    for (uint64_t i = 0; i < resize->count; i++)
        membership_draft_create(draft, group, at);
}

struct membership_choice {
    uint32_t *slots;
    uint32_t count;
};

/* Those of that name who are there, the last `limit` of them, highest numbers first; owned by
   the brief arena. */
static struct membership_choice membership_choose(struct membership_draft *draft, sim_time at,
                                                  const char *const *name, uint64_t limit)
{
    struct membership *membership = draft->membership;
    struct membership_choice choice = {
        arena_take(draft->order->brief, membership->pod_count, sizeof *choice.slots), 0};
    for (uint32_t slot = membership->pod_count; slot-- > 0 && choice.count < limit;) {
        const struct membership_pod *pod = &membership->pods[slot];
        if (membership_is_there(pod, at) &&
            membership_is_called(draft->order->scenario, pod, *name))
            choice.slots[choice.count++] = slot;
    }
    if (choice.count == 0)
        membership_complain(draft, name, "no pod is there by then that is called");
    return choice;
}

/* When the last roll of any group of that name is over, or `at`. */
static sim_time membership_after_rolls(const struct membership_draft *draft, sim_time at,
                                       const char *name)
{
    const struct membership *membership = draft->membership;
    for (uint32_t slot = 0; slot < membership->pod_count; slot++)
        if (membership_is_called(draft->order->scenario, &membership->pods[slot], name))
            at = membership_later(at, draft->rolled[membership->pods[slot].group]);
    return at;
}

static void membership_plan_remove(struct membership_draft *draft, sim_time at,
                                   const struct scenario_resize *resize, bool replaced)
{
    at = membership_after_rolls(draft, at, resize->pods);
    struct membership_choice choice =
        membership_choose(draft, at, &resize->pods, resize->count);
    if (choice.count > 0 && choice.count < resize->count)
        membership_complain_few(draft, resize, choice.count);
    if (choice.count > 0 &&
        membership_is_scaled(draft, draft->membership->pods[choice.slots[0]].group,
                             &resize->pods))
        return;
    for (uint32_t i = 0; i < choice.count; i++)
        membership_draft_delete(draft, choice.slots[i], at, resize->grace);
    for (uint32_t i = 0; replaced && i < choice.count; i++)
        membership_draft_create(draft, draft->membership->pods[choice.slots[i]].group, at);
}

static void membership_plan_marks(struct membership_draft *draft, sim_time at,
                                  enum membership_change change, const char *const *name,
                                  double weight)
{
    struct membership_choice choice = membership_choose(draft, at, name, UINT64_MAX);
    for (uint32_t i = 0; i < choice.count; i++)
        membership_draft_move(draft, at, change, choice.slots[i])->weight = weight;
}

/* -- rolling updates -- */

/* Of the slots from `first` on: how many are ready at `at`, and when the next one is. */
static uint32_t membership_count_ready(const struct membership *membership, uint32_t first,
                                       sim_time at, sim_time *next)
{
    uint32_t ready = 0;
    *next = SIM_NEVER;
    for (uint32_t slot = first; slot < membership->pod_count; slot++) {
        sim_time joined = membership->pods[slot].joined;
        ready += joined <= at;
        if (joined > at && joined < *next)
            *next = joined;
    }
    return ready;
}

static void membership_roll(struct membership_draft *draft, uint32_t group, sim_time at,
                            const struct rollout_config *config)
{
    struct membership_choice old = membership_choose(draft, at, &config->pods, UINT64_MAX);
    uint32_t first = draft->membership->pod_count;
    struct rollout rollout;
    rollout_open(&rollout, config, old.count);
    while (!rollout_is_over(&rollout)) {
        struct rollout_turn turn = rollout_turn(&rollout);
        for (uint32_t i = 0; i < turn.create; i++)
            membership_draft_create(draft, group, at);
        rollout.fresh += turn.create;
        for (uint32_t i = 0; i < turn.remove; i++)
            membership_draft_delete(draft, old.slots[old.count - rollout.old--], at, SIM_NEVER);
        sim_time next;
        rollout.ready = membership_count_ready(draft->membership, first, at, &next);
        turn = rollout_turn(&rollout);
        if (turn.create + turn.remove == 0 && next != SIM_NEVER)
            at = next;
        rollout.ready = membership_count_ready(draft->membership, first, at, &next);
    }
    draft->rolled[group] = at;
}

static void membership_plan_roll(struct membership_draft *draft, sim_time at,
                                 const struct rollout_config *config)
{
    if (membership_limit_is_wrong(draft, &config->max_surge) ||
        membership_limit_is_wrong(draft, &config->max_unavailable))
        return;
    uint32_t group = membership_find_group(draft, &config->pods,
                                           "there is no group of pods to roll called");
    if (group != UINT32_MAX)
        membership_roll(draft, group, membership_later(at, draft->rolled[group]), config);
}

/* -- the whole plan -- */

static void membership_plan_change(struct membership_draft *draft,
                                   const struct scenario_change *change)
{
    if (change->add.pods != NULL)
        membership_plan_add(draft, change->at, &change->add);
    else if (change->remove.pods != NULL)
        membership_plan_remove(draft, change->at, &change->remove, false);
    else if (change->evict.pods != NULL)
        membership_plan_remove(draft, change->at, &change->evict, true);
    else if (change->roll.pods != NULL)
        membership_plan_roll(draft, change->at, &change->roll);
    else if (change->weight.pods != NULL)
        membership_plan_marks(draft, change->at, MEMBERSHIP_WEIGHT, &change->weight.pods,
                              change->weight.weight);
    else if (change->up != NULL)
        membership_plan_marks(draft, change->at, MEMBERSHIP_UP, &change->up, 0);
    else
        membership_plan_marks(draft, change->at, MEMBERSHIP_DOWN, &change->down, 0);
}

/* What `change` can add at most; a roll creates as many pods as its group has ever had. */
static double membership_most_of(const struct scenario *scenario,
                                 const struct scenario_change *change)
{
    if (change->add.pods != NULL)
        return (double)change->add.count;
    if (change->evict.pods != NULL)
        return (double)change->evict.count;
    if (change->roll.pods == NULL)
        return 0;
    double count = 0;
    for (uint32_t i = 0; i < scenario->pods.count; i++)
        if (strcmp(membership_group(scenario, i)->name, change->roll.pods) == 0)
            count += (double)membership_group(scenario, i)->count;
    for (size_t i = 0; i < scenario->membership.count; i++) {
        const struct scenario_resize *add =
            &PARAM_ITEM(scenario->membership, struct scenario_change, i)->add;
        if (add->pods != NULL && strcmp(add->pods, change->roll.pods) == 0)
            count += (double)add->count;
    }
    return count;
}

double membership_most(const struct scenario *scenario)
{
    double count = (double)scenario_pod_count(scenario);
    for (size_t i = 0; i < scenario->membership.count; i++)
        count += membership_most_of(
            scenario, PARAM_ITEM(scenario->membership, struct scenario_change, i));
    for (size_t i = 0; i < scenario->autoscale.count; i++)
        count += autoscale_reserve(PARAM_ITEM(scenario->autoscale, struct autoscale, i),
                                   scenario->run.duration);
    return count;
}

/* Slots for the pods that autoscalers may make. */
static void membership_keep(struct membership_draft *draft)
{
    const struct scenario *scenario = draft->order->scenario;
    struct membership *membership = draft->membership;
    size_t scalers = scenario->autoscale.count;
    membership->kept = arena_take(draft->order->arena, scalers + 1, sizeof *membership->kept);
    for (size_t i = 0; i < scalers; i++) {
        const struct autoscale *scale = PARAM_ITEM(scenario->autoscale, struct autoscale, i);
        membership->kept[i] = membership->pod_count;
        double count = autoscale_reserve(scale, scenario->run.duration);
        for (uint32_t group = 0; group < scenario->pods.count; group++)
            if (strcmp(membership_group(scenario, group)->name, scale->pods) == 0)
                for (double k = 0; k < count; k++)
                    membership_draft_add(draft, group, SIM_NEVER);
    }
    membership->kept[scalers] = membership->pod_count;
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

void membership_plan(struct membership *membership, const struct membership_order *order)
{
    const struct scenario *scenario = order->scenario;
    struct membership_draft draft = {.membership = membership, .order = order};
    size_t groups = scenario->pods.count;
    draft.next_number = arena_take(order->brief, groups, sizeof *draft.next_number);
    draft.rolled = arena_take(order->brief, groups, sizeof *draft.rolled);
    *membership = (struct membership){
        .pods = arena_take(order->brief, (size_t)membership_most(scenario),
                           sizeof *membership->pods),
    };
    for (uint32_t group = 0; group < groups; group++)
        for (uint64_t i = 0; i < membership_group(scenario, group)->count; i++)
            membership_draft_add(&draft, group, 0);
    const struct scenario_change **sorted = membership_sort(scenario, order->brief);
    for (; draft.source < scenario->membership.count; draft.source++)
        membership_plan_change(&draft, sorted[draft.source]);
    membership_keep(&draft);
    membership_draft_finish(&draft);
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
        membership_note(&world->roster, step);
    }
}

void membership_step(struct world *world, uint32_t index)
{
    const struct membership_step *step = &world->membership.steps[index];
    for (uint32_t i = 0; step->change == MEMBERSHIP_WEIGHT && i < step->count; i++)
        world->backends[step->slots[i]].weight = step->weight;
    endpoints_publish(world, step->change, step->slots, step->count);
    for (uint32_t i = 0; step->change == MEMBERSHIP_REMOVE && i < step->count; i++)
        lifecycle_stop(world, step->slots[i], step->grace);
}
