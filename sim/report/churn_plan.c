/* SPDX-License-Identifier: GPL-3.0-or-later
   Only pods that a change touches are looked at: of the others, who keep their weights, the
   shares fall together when the weight in all grows. */
#include "sim/report/churn_plan.h"

#include "sim/engine/output.h"
#include "sim/report/figure.h"

#include <stdio.h>
#include <stdlib.h>

enum churn_event { CHURN_JOIN, CHURN_LEAVE, CHURN_DOWN, CHURN_UP, CHURN_WEIGHT, CHURN_EVENTS };

struct churn_moment {
    sim_time at;
    enum churn_event event;
    uint32_t pod;
    double weight;
    size_t order; /* among those of one time */
};

struct churn_pod {
    double weight;
    bool is_member, is_down;
    double before;  /* its weight in the balance before the change at hand ... */
    bool was_there; /* ... and whether it was in the balance at all */
    size_t touched; /* number of the last change that touched it, from 1 */
};

struct churn_draft {
    const struct roster *roster;
    struct arena *arena;
    struct churn_moment *moments;
    size_t moment_count;
    struct churn_pod *pods;
    uint32_t *touched; /* by the change at hand */
    size_t touched_count;
    double weight; /* of all in the balance */
};

static int churn_plan_compare(const void *left, const void *right)
{
    const struct churn_moment *a = left, *b = right;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static void churn_plan_add(struct churn_draft *draft, sim_time at, enum churn_event event,
                           uint32_t pod, double weight)
{
    const struct roster *roster = draft->roster;
    if (at == SIM_NEVER || (roster->measure_end != SIM_NEVER && at >= roster->measure_end))
        return;
    size_t order = draft->moment_count++;
    draft->moments[order] = (struct churn_moment){at, event, pod, weight, order};
}

static sim_time churn_plan_first(const struct roster *roster)
{
    sim_time first = SIM_NEVER;
    for (size_t i = 0; i < roster->pod_count; i++)
        if (roster_life(roster, i)->joined < first)
            first = roster_life(roster, i)->joined;
    return first;
}

static void churn_plan_collect(struct churn_draft *draft)
{
    static const enum churn_event events[] = {[ROSTER_DOWN] = CHURN_DOWN,
                                              [ROSTER_UP] = CHURN_UP,
                                              [ROSTER_WEIGHT] = CHURN_WEIGHT};
    const struct roster *roster = draft->roster;
    sim_time first = churn_plan_first(roster);
    for (uint32_t i = 0; i < roster->pod_count; i++) {
        const struct roster_life *life = roster_life(roster, i);
        double weight = roster_kind(roster, i)->weight;
        draft->pods[i].weight = weight;
        draft->pods[i].is_member = life->joined == first;
        draft->weight += life->joined == first ? weight : 0;
        if (life->is_scaled)
            continue;
        if (life->joined != first)
            churn_plan_add(draft, life->joined, CHURN_JOIN, i, 0);
        churn_plan_add(draft, life->left, CHURN_LEAVE, i, 0);
    }
    for (size_t i = 0; i < roster->change_count; i++) {
        const struct roster_change *change = &roster->changes[i];
        churn_plan_add(draft, change->at, events[change->event], change->pod, change->weight);
    }
    qsort(draft->moments, draft->moment_count, sizeof *draft->moments, churn_plan_compare);
}

static double churn_plan_weight(const struct churn_pod *pod)
{
    return pod->is_member && !pod->is_down ? pod->weight : 0;
}

static void churn_plan_apply(struct churn_draft *draft, const struct churn_moment *moment,
                             size_t number)
{
    struct churn_pod *pod = &draft->pods[moment->pod];
    if (pod->touched != number) {
        pod->touched = number;
        pod->before = churn_plan_weight(pod);
        pod->was_there = pod->is_member && !pod->is_down;
        draft->touched[draft->touched_count++] = moment->pod;
    }
    if (moment->event == CHURN_JOIN || moment->event == CHURN_LEAVE)
        pod->is_member = moment->event == CHURN_JOIN;
    else if (moment->event == CHURN_WEIGHT)
        pod->weight = moment->weight;
    else
        pod->is_down = moment->event == CHURN_DOWN;
}

static int churn_plan_compare_pods(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return a < b ? -1 : a > b;
}

static double churn_plan_fall(double share_before, double share_after)
{
    return share_before > share_after ? share_before - share_after : 0;
}

/* Sums up what the touched pods, and the others as one, gave up, and lists who is gone. */
static void churn_plan_balance(struct churn_draft *draft, struct churn_change *change)
{
    double before = draft->weight, after = before, others = before;
    uint32_t *gone = arena_take(draft->arena, draft->touched_count, sizeof *gone);
    qsort(draft->touched, draft->touched_count, sizeof *gone, churn_plan_compare_pods);
    for (size_t i = 0; i < draft->touched_count; i++) {
        const struct churn_pod *pod = &draft->pods[draft->touched[i]];
        after += churn_plan_weight(pod) - pod->before;
        others -= pod->before;
    }
    for (size_t i = 0; i < draft->touched_count && before > 0; i++) {
        const struct churn_pod *pod = &draft->pods[draft->touched[i]];
        if (pod->was_there && (!pod->is_member || pod->is_down))
            gone[change->gone_count++] = draft->touched[i];
        else if (after > 0)
            change->ceded +=
                churn_plan_fall(pod->before / before, churn_plan_weight(pod) / after);
    }
    if (before > 0 && after > 0 && others > 0)
        change->ceded += churn_plan_fall(others / before, others / after);
    change->gone = gone;
    draft->weight = after;
}

/* -- what happened, in words -- */

/* The moments of one kind among those of one time. */
struct churn_told {
    const struct churn_moment *first; /* NULL: there is none */
    size_t more;
    bool is_even; /* all set the same weight */
};

static struct churn_told churn_plan_find(const struct churn_moment *moments, size_t count,
                                         enum churn_event event)
{
    struct churn_told told = {.is_even = true};
    for (size_t i = 0; i < count; i++) {
        if (moments[i].event != event)
            continue;
        told.more += told.first != NULL;
        told.first = told.first != NULL ? told.first : &moments[i];
        told.is_even = told.is_even && !(moments[i].weight < told.first->weight) &&
                       !(moments[i].weight > told.first->weight);
    }
    return told;
}

/* "pod-1 joins", "pod-1 and 3 more get weight 2". */
static void churn_plan_tell(const struct churn_draft *draft, struct churn_told told,
                            struct output *text)
{
    static const char *const verbs[CHURN_EVENTS][2] = {
        [CHURN_JOIN] = {"joins", "join"},         [CHURN_LEAVE] = {"leaves", "leave"},
        [CHURN_DOWN] = {"goes down", "go down"},  [CHURN_UP] = {"comes up", "come up"},
        [CHURN_WEIGHT] = {"gets weight", "get weight"},
    };
    output_format(text, " %s", draft->roster->pods[told.first->pod].name);
    if (told.more > 0)
        output_format(text, " and %zu more", told.more);
    output_format(text, " %s", verbs[told.first->event][told.more > 0]);
    if (told.first->event != CHURN_WEIGHT)
        return;
    output_text(text, told.is_even ? " " : "s of their own");
    if (told.is_even)
        output_double(text, told.first->weight);
}

static const char *churn_plan_about(const struct churn_draft *draft,
                                    const struct churn_moment *moments, size_t count)
{
    struct output *text = output_to_memory();
    char at[FIGURE_SIZE];
    figure_write(at, FIGURE_TIME, sim_seconds(moments[0].at));
    output_format(text, "at %s:", at);
    const char *comma = "";
    for (enum churn_event event = 0; event < CHURN_EVENTS; event++) {
        struct churn_told told = churn_plan_find(moments, count, event);
        if (told.first == NULL)
            continue;
        output_text(text, comma);
        churn_plan_tell(draft, told, text);
        comma = ",";
    }
    size_t size;
    const char *bytes = output_memory(text, &size);
    const char *about = arena_copy_text(draft->arena, bytes, size);
    output_close(text, false);
    return about;
}

/* -- from moments to changes -- */

static size_t churn_plan_together(const struct churn_draft *draft, size_t from)
{
    size_t count = 1;
    while (from + count < draft->moment_count &&
           draft->moments[from + count].at == draft->moments[from].at)
        count++;
    return count;
}

static struct churn_plan churn_plan_group(struct churn_draft *draft)
{
    struct churn_plan plan = {0};
    size_t together;
    for (size_t i = 0; i < draft->moment_count; i += churn_plan_together(draft, i))
        plan.count++;
    plan.changes = arena_take(draft->arena, plan.count, sizeof *plan.changes);
    for (size_t i = 0, number = 1; i < draft->moment_count; i += together, number++) {
        struct churn_change *change = &plan.changes[number - 1];
        const struct churn_moment *moments = &draft->moments[i];
        together = churn_plan_together(draft, i);
        draft->touched_count = 0;
        for (size_t k = 0; k < together; k++)
            churn_plan_apply(draft, &moments[k], number);
        change->at = moments->at;
        change->about = churn_plan_about(draft, moments, together);
        snprintf(change->name, sizeof change->name, "%zu", number);
        churn_plan_balance(draft, change);
    }
    return plan;
}

/* Whether anybody comes later than others, leaves or changes at all. */
static bool churn_plan_is_needed(const struct roster *roster)
{
    bool needed = roster->change_count > 0;
    for (size_t i = 0; i < roster->pod_count && !needed; i++) {
        const struct roster_life *life = roster_life(roster, i);
        needed = !life->is_scaled && (life->left != SIM_NEVER ||
                                      life->joined != roster_life(roster, 0)->joined);
    }
    return needed;
}

struct churn_plan churn_plan_make(const struct roster *roster, struct arena *arena)
{
    struct arena brief = {0};
    if (!churn_plan_is_needed(roster))
        return (struct churn_plan){0};
    size_t most = 2 * roster->pod_count + roster->change_count;
    struct churn_draft draft = {
        .roster = roster,
        .arena = arena,
        .moments = arena_take(&brief, most, sizeof *draft.moments),
        .pods = arena_take(&brief, roster->pod_count, sizeof *draft.pods),
        .touched = arena_take(&brief, roster->pod_count, sizeof *draft.touched),
    };
    churn_plan_collect(&draft);
    struct churn_plan plan = churn_plan_group(&draft);
    arena_free(&brief);
    return plan;
}

bool churn_plan_is_gone(const struct churn_change *change, uint32_t pod)
{
    size_t low = 0, high = change->gone_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (change->gone[middle] < pod)
            low = middle + 1;
        else
            high = middle;
    }
    return low < change->gone_count && change->gone[low] == pod;
}
