/* SPDX-License-Identifier: GPL-3.0-or-later
   Each priority has a set of all its pods and, where zones are chosen, one for each zone.
   Tables of keys know no zones, but Envoy's take the weights of zones into those of hosts:
   source/extensions/load_balancing_policies/common/{load_balancer_impl,thread_aware_lb_impl}.cc.
   Where Envoy would find nobody in a zone, the whole priority is asked. */
#include "models/host_sets.h"

#include "models/blocks/flow.h"
#include "models/zone_weights.h"

#include <stddef.h>
#include <string.h>

struct host_sets_level {
    struct backends all;
    struct backends *zones; /* by zone, ops NULL: no pod is there; NULL: none is chosen */
    struct locality locality;
};

struct host_sets {
    const struct host_sets_plan *plan;
    const struct backends *whole; /* the picture that this is the policy of */
    struct host_sets_level *levels;
    struct backends *last;        /* picked from */
    uint8_t *seen;                /* by slot, as of the last update: enum host_sets_seen */
    double *weights;              /* likewise */
    uint8_t *part;                /* by slot: who is in the set at hand */
    struct backend *list;         /* with weights of zones; NULL: the whole's */
    struct zone_weights zones;    /* for that */
};

enum host_sets_seen { SEEN = 1, SEEN_MEMBER = 2, SEEN_UP = 4 };

static bool host_sets_has_table(const struct param_kind *policy)
{
    return (policy_ops(policy)->traits & POLICY_CONSISTENT) != 0;
}

bool host_sets_heeds(const struct param_kind *policy, const struct param_kind *locality)
{
    return !host_sets_has_table(policy) ||
           (locality_is_weighted(locality) && policy_ops(policy)->traits & POLICY_ZONED);
}

static bool host_sets_merges(const struct host_sets_plan *plan)
{
    return host_sets_has_table(plan->policy) && host_sets_heeds(plan->policy, plan->locality);
}

static bool host_sets_has_zones(const struct host_sets_plan *plan, uint32_t level)
{
    return plan->locality->kind != NULL && !host_sets_has_table(plan->policy) &&
           (level == 0 || locality_is_everywhere(plan->locality));
}

uint32_t host_sets_count(const struct param_kind *locality, uint32_t levels, uint32_t zones)
{
    if (locality->kind == NULL)
        return levels;
    return levels + (locality_is_everywhere(locality) ? levels * zones : zones);
}

/* `zone` may be LOCALITY_ANY. */
static bool host_sets_holds(const struct host_sets_plan *plan, uint32_t level, uint32_t zone,
                            backend_id backend)
{
    return plan->level_of[backend] == level &&
           (zone == LOCALITY_ANY || plan->zone_of[backend] == zone);
}

/* -- building -- */

/* One set, unless nobody will ever be in it. */
static void host_sets_open_one(struct host_sets *sets, struct backends *set, uint32_t level,
                               uint32_t zone, struct arena *arena)
{
    const struct host_sets_plan *plan = sets->plan;
    const struct backends *whole = sets->whole;
    const struct view *view = &whole->view;
    bool any = false;
    for (backend_id i = 0; i < view->count; i++) {
        bool in = host_sets_holds(plan, level, zone, i);
        sets->part[i] = in && whole->is_member[i];
        any = any || in;
    }
    if (!any)
        return;
    uint64_t number = (uint64_t)level * (plan->zone_count + 1) +
                      (zone == LOCALITY_ANY ? plan->zone_count : zone);
    struct backends_place place = {
        .limit = whole->limit,
        .peers = view->peers,
        .peer = view->peer,
        .key = rng_key(rng_key(plan->key, "policy", view->peer), "host set", number),
        .part = sets->part,
        .outstanding = whole->outstanding,
    };
    backends_open(set, plan->policy, sets->list != NULL ? sets->list : view->backends,
                  view->count, place, arena);
}

static void host_sets_open_zones(struct host_sets *sets, uint32_t level, struct rng *rng,
                                 struct arena *arena)
{
    const struct host_sets_plan *plan = sets->plan;
    struct host_sets_level *of = &sets->levels[level];
    struct locality_place place = {.zones = plan->zones,
                                   .callers = plan->callers,
                                   .count = plan->zone_count,
                                   .own = plan->home_of[sets->whole->view.peer],
                                   .overprovisioning = sets->whole->overprovisioning};
    of->zones = arena_take(arena, plan->zone_count, sizeof *of->zones);
    for (uint32_t zone = 0; zone < plan->zone_count; zone++)
        host_sets_open_one(sets, &of->zones[zone], level, zone, arena);
    locality_open(&of->locality, plan->locality, place, rng, arena);
}

static void host_sets_open_list(struct host_sets *sets, struct arena *arena)
{
    const struct host_sets_plan *plan = sets->plan;
    const struct view *view = &sets->whole->view;
    double *given = arena_take(arena, plan->zone_count, sizeof *given);
    for (uint32_t zone = 0; zone < plan->zone_count; zone++)
        given[zone] = locality_weight(plan->locality, plan->zones[zone]);
    sets->zones = (struct zone_weights){
        .zone_of = plan->zone_of,
        .given = given,
        .zone_count = plan->zone_count,
        .sums = arena_take(arena, plan->zone_count, sizeof *sets->zones.sums),
        .has_members = arena_take(arena, plan->zone_count, 1),
    };
    sets->list = arena_take(arena, view->count, sizeof *sets->list);
    memcpy(sets->list, view->backends, view->count * sizeof *sets->list);
}

static void host_sets_init(void *memory, const void *config, const struct view *view,
                           struct rng *rng, struct arena *arena)
{
    struct host_sets *sets = memory;
    const struct host_sets_plan *plan = config;
    sets->plan = plan;
    sets->whole =
        (const struct backends *)((const char *)view - offsetof(struct backends, view));
    sets->levels = arena_take(arena, plan->level_count, sizeof *sets->levels);
    sets->seen = arena_take(arena, view->count, sizeof *sets->seen);
    sets->weights = arena_take(arena, view->count, sizeof *sets->weights);
    sets->part = arena_take(arena, view->count, sizeof *sets->part);
    if (host_sets_merges(plan))
        host_sets_open_list(sets, arena);
    for (uint32_t level = 0; level < plan->level_count; level++) {
        host_sets_open_one(sets, &sets->levels[level].all, level, LOCALITY_ANY, arena);
        if (host_sets_has_zones(plan, level))
            host_sets_open_zones(sets, level, rng, arena);
    }
    sets->last = &sets->levels[0].all;
}

/* -- members, health, weights -- */

/* Which priorities have changed since the last update: the others keep their turns. */
static void host_sets_look(struct host_sets *sets, uint8_t changed[HOST_SETS_LEVELS_MAX])
{
    const struct view *view = &sets->whole->view;
    memset(changed, 0, HOST_SETS_LEVELS_MAX);
    for (backend_id i = 0; i < view->count; i++) {
        unsigned seen = SEEN | (view->is_member[i] ? SEEN_MEMBER : 0u) |
                        (view->is_up[i] ? SEEN_UP : 0u);
        double weight = view->backends[i].weight;
        if (seen != sets->seen[i] || weight != sets->weights[i])
            changed[sets->plan->level_of[i]] = 1;
        sets->seen[i] = (uint8_t)seen;
        sets->weights[i] = weight;
    }
}

/* Weights of zones into those of hosts. */
static void host_sets_merge(struct host_sets *sets, uint32_t level)
{
    const struct view *view = &sets->whole->view;
    for (backend_id i = 0; i < view->count; i++)
        sets->part[i] = host_sets_holds(sets->plan, level, LOCALITY_ANY, i);
    sets->levels[level].all.view.whole =
        zone_weights_merge(&sets->zones, view, sets->part, sets->list);
}

static void host_sets_tell(struct host_sets *sets, struct backends *set, uint32_t level,
                           uint32_t zone)
{
    const struct view *view = &sets->whole->view;
    if (set->ops == NULL)
        return;
    for (backend_id i = 0; i < view->count; i++) {
        bool in = host_sets_holds(sets->plan, level, zone, i) &&
                  (sets->list == NULL || sets->list[i].weight > 0);
        backends_set_member(set, i, in && view->is_member[i]);
        backends_set_up(set, i, view->is_up[i]);
    }
    set->view.now = view->now;
    backends_update(set);
}

static void host_sets_count_zones(const struct host_sets *sets, uint32_t level)
{
    const struct view *view = &sets->whole->view;
    struct locality *locality = &sets->levels[level].locality;
    for (uint32_t zone = 0; zone < locality->count; zone++)
        locality->zones[zone].hosts = locality->zones[zone].healthy = 0;
    for (backend_id i = 0; i < view->count; i++) {
        if (!host_sets_holds(sets->plan, level, LOCALITY_ANY, i))
            continue;
        locality->zones[sets->plan->zone_of[i]].hosts += view->is_member[i];
        locality->zones[sets->plan->zone_of[i]].healthy += view->is_up[i];
    }
    locality_update(locality);
}

static void host_sets_refresh(struct host_sets *sets, uint32_t level)
{
    struct host_sets_level *of = &sets->levels[level];
    uint32_t zones = sets->plan->zone_count;
    if (sets->list != NULL)
        host_sets_merge(sets, level);
    host_sets_tell(sets, &of->all, level, LOCALITY_ANY);
    for (uint32_t zone = 0; of->zones != NULL && zone < zones; zone++)
        host_sets_tell(sets, &of->zones[zone], level, zone);
    if (of->zones != NULL)
        host_sets_count_zones(sets, level);
}

static void host_sets_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)view, (void)rng;
    struct host_sets *sets = memory;
    uint8_t changed[HOST_SETS_LEVELS_MAX];
    host_sets_look(sets, changed);
    for (uint32_t level = 0; level < sets->plan->level_count; level++)
        if (changed[level])
            host_sets_refresh(sets, level);
}

/* -- requests -- */

static bool host_sets_fails(const struct host_sets_plan *plan)
{
    return locality_fails(plan->locality) && !host_sets_has_table(plan->policy);
}

/* In a panic zones do not matter.  NULL: the request fails. */
static struct backends *host_sets_choose(struct host_sets *sets, const struct request *request,
                                         struct rng *rng)
{
    const struct host_sets_plan *plan = sets->plan;
    size_t level = 0;
    if (plan->level_count > 1) {
        bool by_key = host_sets_has_table(plan->policy), degraded;
        level = panic_choose(sets->whole->levels, plan->level_count,
                             by_key ? flow_key_hash(request) : rng_next(rng), &degraded);
    }
    struct host_sets_level *of = &sets->levels[level];
    bool panics = sets->whole->levels[level].panics;
    if (panics && host_sets_fails(plan))
        return NULL;
    if (of->zones == NULL || panics)
        return &of->all;
    uint32_t zone = locality_choose(&of->locality, rng);
    if (zone == LOCALITY_ANY || of->zones[zone].up_count == 0)
        return &of->all;
    return &of->zones[zone];
}

static backend_id host_sets_pick(void *memory, const struct view *view,
                                 const struct request *request, struct rng *rng)
{
    struct host_sets *sets = memory;
    struct backends *set = host_sets_choose(sets, request, rng);
    if (set == NULL)
        return NO_BACKEND;
    sets->last = set;
    return backends_pick(set, view->now, request);
}

static uint32_t host_sets_probe(void *memory, const struct view *view, backend_id *targets,
                                struct rng *rng)
{
    (void)view, (void)rng;
    struct backends *set = ((struct host_sets *)memory)->last;
    return set->ops->probe(set->state, &set->view, targets, &set->rng);
}

/* The sets that a pod is in: all of its priority, and those of its zone; the time is theirs
   from then on. */
static uint32_t host_sets_of(const struct host_sets *sets, backend_id backend,
                             struct backends *found[2])
{
    struct host_sets_level *of = &sets->levels[sets->plan->level_of[backend]];
    uint32_t count = 0;
    found[count++] = &of->all;
    if (of->zones != NULL)
        found[count++] = &of->zones[sets->plan->zone_of[backend]];
    for (uint32_t i = 0; i < count; i++)
        found[i]->view.now = sets->whole->view.now;
    return count;
}

/* Envoy's tables bound loads by what is active at the hosts of all priorities together: the
   others are told too, who count it and do no more. */
static void host_sets_tell_others(const struct host_sets *sets, backend_id backend, bool sent)
{
    const struct policy_ops *ops = policy_ops(sets->plan->policy);
    if (!(ops->traits & POLICY_ZONED))
        return;
    for (uint32_t level = 0; level < sets->plan->level_count; level++) {
        struct backends *set = &sets->levels[level].all;
        if (level != sets->plan->level_of[backend])
            (sent ? ops->sent : ops->done)(set->state, &set->view, backend);
    }
}

static void host_sets_sent(void *memory, const struct view *view, backend_id backend)
{
    struct backends *found[2];
    uint32_t count = host_sets_of(memory, backend, found);
    host_sets_tell_others(memory, backend, true);
    for (uint32_t i = 0; i < count; i++) {
        if (view->outstanding[backend] == found[i]->limit)
            backends_fill(found[i], backend, true);
        if (found[i]->ops->sent != NULL)
            found[i]->ops->sent(found[i]->state, &found[i]->view, backend);
    }
}

static void host_sets_done(void *memory, const struct view *view, backend_id backend)
{
    struct backends *found[2];
    uint32_t count = host_sets_of(memory, backend, found);
    host_sets_tell_others(memory, backend, false);
    for (uint32_t i = 0; i < count; i++) {
        if (view->outstanding[backend] + 1 == found[i]->limit)
            backends_fill(found[i], backend, false);
        if (found[i]->ops->done != NULL)
            found[i]->ops->done(found[i]->state, &found[i]->view, backend);
    }
}

static void host_sets_learn(void *memory, const struct view *view,
                            const struct outcome_report *outcome)
{
    (void)view;
    struct backends *found[2];
    uint32_t count = host_sets_of(memory, outcome->backend, found);
    for (uint32_t i = 0; i < count; i++)
        found[i]->ops->learn(found[i]->state, &found[i]->view, outcome);
}

static void host_sets_hear(void *memory, const struct view *view,
                           const struct load_report *report)
{
    (void)view;
    struct backends *found[2];
    uint32_t count = host_sets_of(memory, report->backend, found);
    for (uint32_t i = 0; i < count; i++)
        found[i]->ops->hear(found[i]->state, &found[i]->view, report);
}

const struct param_kind *host_sets_join(struct host_sets_plan *plan)
{
    const struct policy_ops *ops = policy_ops(plan->policy);
    plan->ops = *ops;
    plan->ops.traits |= host_sets_fails(plan) ? POLICY_REFUSES : 0;
    plan->ops.state_size = sizeof(struct host_sets);
    plan->ops.init = host_sets_init;
    plan->ops.update = host_sets_update;
    plan->ops.pick = host_sets_pick;
    plan->ops.sent = host_sets_sent;
    plan->ops.done = host_sets_done;
    plan->ops.learn = ops->learn != NULL ? host_sets_learn : NULL;
    plan->ops.hear = ops->hear != NULL ? host_sets_hear : NULL;
    plan->ops.probe = ops->probe != NULL ? host_sets_probe : NULL;
    plan->joined = (struct param_kind){&plan->ops.kind, plan, plan->policy->label};
    return &plan->joined;
}
