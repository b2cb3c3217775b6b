/* SPDX-License-Identifier: GPL-3.0-or-later
   Keeps the list of eligible backends in slot order: rebuilt when members change, mended in
   place when one becomes full or free. */
#include "models/backends.h"

#include "sim/engine/check.h"

#include <string.h>

static void backends_limit_reach(struct backends *backends, const uint8_t *reached,
                                 uint32_t count, struct arena *arena)
{
    backends->reached = reached;
    if (reached == NULL)
        return;
    backends->is_listed = arena_take(arena, count, sizeof *backends->is_listed);
    memcpy(backends->is_listed, backends->is_member, count);
    for (backend_id i = 0; i < count; i++)
        backends->is_member[i] = backends->is_listed[i] && reached[i];
}

void backends_open(struct backends *backends, const struct param_kind *policy,
                   const struct backend *list, uint32_t count, struct backends_place place,
                   struct arena *arena)
{
    const struct policy_ops *ops = policy_ops(policy);
    *backends = (struct backends){.ops = ops, .panic = place.panic, .limit = place.limit,
                                 .takes_ejected = place.takes_ejected,
                                 .level_of = place.level_of,
                                 .level_count = place.level_count > 0 ? place.level_count : 1};
    backends->minds_counts = place.limit != UINT32_MAX || ops->sent != NULL || ops->done != NULL;
    backends->overprovisioning =
        place.overprovisioning > 0 ? place.overprovisioning : PANIC_OVERPROVISIONING;
    backends->levels = arena_take(arena, backends->level_count, sizeof *backends->levels);
    backends->outstanding = place.outstanding != NULL
                                ? place.outstanding
                                : arena_take(arena, count, sizeof *backends->outstanding);
    backends->is_eligible = arena_take(arena, count, sizeof *backends->is_eligible);
    backends->is_up = arena_take(arena, count, sizeof *backends->is_up);
    backends->eligible = arena_take(arena, count, sizeof *backends->eligible);
    backends->state = arena_take(arena, 1, ops->state_size > 0 ? ops->state_size : 1);
    backends->is_member = arena_take(arena, count, sizeof *backends->is_member);
    backends->marks = arena_take(arena, count, sizeof *backends->marks);
    memset(backends->is_member, 1, place.members > 0 ? place.members : count);
    backends_limit_reach(backends, place.reached, count, arena);
    for (uint32_t i = 0; place.part != NULL && i < count; i++)
        backends->is_member[i] &= place.part[i];
    memcpy(backends->is_up, backends->is_member, count);
    backends->view = (struct view){
        .backends = list,
        .count = count,
        .capacity = count,
        .outstanding = backends->outstanding,
        .is_member = backends->is_member,
        .is_up = backends->is_up,
        .is_eligible = backends->is_eligible,
        .eligible = backends->eligible,
        .peers = place.peers,
        .peer = place.peer,
    };
    rng_seed(&backends->rng, place.key);
    if (ops->init != NULL)
        ops->init(backends->state, policy->config, &backends->view, &backends->rng, arena);
    backends_update(backends);
}

void backends_set_member(struct backends *backends, backend_id backend, bool member)
{
    if (backends->reached != NULL)
        backends->is_listed[backend] = member;
    backends->is_member[backend] = member && backends_is_reached(backends, backend);
}

void backends_reach(struct backends *backends)
{
    for (backend_id i = 0; i < backends->view.count; i++)
        backends->is_member[i] = backends->is_listed[i] && backends->reached[i];
}

void backends_set_up(struct backends *backends, backend_id backend, bool up)
{
    backends_mark(backends, backend, BACKENDS_DOWN, !up);
}

void backends_mark(struct backends *backends, backend_id backend, unsigned mark, bool on)
{
    unsigned others = backends->marks[backend] & ~mark;
    backends->marks[backend] = (uint8_t)(on ? others | mark : others);
}

static struct panic_level *backends_level(const struct backends *backends, backend_id backend)
{
    return &backends->levels[backends->level_of != NULL ? backends->level_of[backend] : 0];
}

/* Spreads the load over priorities by those who have no mark but `forgiven`; with too few of
   them up, those are taken that are not (Envoy's panic).  True: nobody is of use. */
static bool backends_spread(struct backends *backends, unsigned forgiven)
{
    const struct panic_config config = {backends->overprovisioning, backends->panic};
    bool nobody = true;
    memset(backends->levels, 0, backends->level_count * sizeof *backends->levels);
    for (backend_id i = 0; i < backends->view.count; i++) {
        if (!backends->is_member[i])
            continue;
        bool healthy = (backends->marks[i] & ~forgiven) == 0;
        backends_level(backends, i)->hosts++;
        backends_level(backends, i)->healthy += healthy;
        nobody = nobody && !healthy;
    }
    panic_spread(&config, backends->levels, backends->level_count);
    return nobody;
}

/* The marks that do not matter now where there is no panic.  With nobody of use there is one
   everywhere, or nowhere. */
static unsigned backends_forgiven(struct backends *backends)
{
    if (backends->panic == 0 && !backends->takes_ejected && backends->level_of == NULL)
        return 0;
    if (!backends_spread(backends, 0) || !backends->takes_ejected || backends->panic > 0)
        return 0;
    backends_spread(backends, BACKENDS_EJECTED);
    return BACKENDS_EJECTED;
}

void backends_update(struct backends *backends)
{
    struct view *view = &backends->view;
    view->eligible_count = 0;
    backends->up_count = 0;
    unsigned forgiven = backends_forgiven(backends);
    for (backend_id i = 0; i < view->count; i++) {
        unsigned marks = backends_level(backends, i)->panics ? 0 : backends->marks[i] & ~forgiven;
        backends->is_up[i] = backends->is_member[i] && marks == 0;
        backends->up_count += backends->is_up[i];
        bool full = backends->outstanding[i] >= backends->limit;
        backends->is_eligible[i] = backends->is_up[i] && !full;
        if (backends->is_eligible[i])
            backends->eligible[view->eligible_count++] = i;
    }
    if (backends->ops->update != NULL)
        backends->ops->update(backends->state, view, &backends->rng);
}

/* The place in the eligible list of the first slot not below `backend`. */
static uint32_t backends_place(const struct backends *backends, backend_id backend)
{
    uint32_t low = 0, high = backends->view.eligible_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (backends->eligible[middle] < backend)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void backends_fill(struct backends *backends, backend_id backend, bool full)
{
    bool eligible = backends->is_up[backend] && !full;
    if (backends->is_eligible[backend] == eligible)
        return;
    uint32_t place = backends_place(backends, backend);
    backend_id *at = &backends->eligible[place];
    uint32_t after = backends->view.eligible_count - place;
    if (eligible) {
        memmove(at + 1, at, after * sizeof *at);
        *at = backend;
        backends->view.eligible_count++;
    } else {
        memmove(at, at + 1, (after - 1) * sizeof *at);
        backends->view.eligible_count--;
    }
    backends->is_eligible[backend] = eligible;
}

static bool backends_has_full(const struct backends *backends)
{
    const struct view *view = &backends->view;
    for (backend_id i = 0; i < view->count; i++)
        if (view->is_up[i] && !view->is_eligible[i] && view->backends[i].weight > 0)
            return true;
    return false;
}

bool backends_is_refused(const struct backends *backends)
{
    if (backends->up_count == 0)
        return true;
    if (backends->view.eligible_count == 0 || !(backends->ops->traits & POLICY_REFUSES))
        return false;
    return !(backends->ops->traits & POLICY_WAITS) || !backends_has_full(backends);
}
