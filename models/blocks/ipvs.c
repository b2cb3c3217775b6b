/* SPDX-License-Identifier: GPL-3.0-or-later
   The list of destinations follows the view as a sequence of single commands, because some
   schedulers depend on the order of these.  Closed connections are counted by 64ths of the
   time that they linger. */
#include "models/blocks/ipvs.h"

#include "sim/engine/hash.h"

#include <string.h>

enum { IPVS_PARTS = 64 };

const struct param ipvs_inactive_params[] = {
    IPVS_PARAM_INACTIVE(struct ipvs_inactive_config),
    PARAM_END,
};

void ipvs_init(struct ipvs *ipvs, const struct view *view, sim_time inactive,
               struct arena *arena)
{
    uint32_t capacity = view->capacity;
    *ipvs = (struct ipvs){
        .list = arena_take(arena, capacity, sizeof *ipvs->list),
        .weight = arena_take(arena, capacity, sizeof *ipvs->weight),
        .last_weight = arena_take(arena, capacity, sizeof *ipvs->last_weight),
        .is_listed = arena_take(arena, capacity, sizeof *ipvs->is_listed),
        .inactive = arena_take(arena, capacity, sizeof *ipvs->inactive),
        .capacity = capacity,
    };
    if (inactive <= 0)
        return;
    ipvs->closed = arena_take(arena, (size_t)capacity * IPVS_PARTS, sizeof *ipvs->closed);
    ipvs->part = inactive / IPVS_PARTS + 1;
    ipvs->parts_done = (uint64_t)(view->now / ipvs->part);
}

/* The kernel's weights are whole; a small one is not none. */
static int32_t ipvs_weight(const struct view *view, backend_id backend)
{
    double weight = view->backends[backend].weight;
    return weight > 0 && weight < 1 ? 1 : (int32_t)(weight + 0.5);
}

static void ipvs_set_weight(struct ipvs *ipvs, backend_id backend, int32_t weight)
{
    ipvs->weight[backend] = weight;
    if (weight != 0)
        ipvs->last_weight[backend] = weight;
}

/* Returns who was before it. */
static backend_id ipvs_delete(struct ipvs *ipvs, backend_id backend)
{
    uint32_t place = 0;
    while (ipvs->list[place] != backend)
        place++;
    backend_id before = place > 0 ? ipvs->list[place - 1] : NO_BACKEND;
    memmove(ipvs->list + place, ipvs->list + place + 1,
            (--ipvs->count - place) * sizeof *ipvs->list);
    ipvs->is_listed[backend] = 0;
    ipvs->weight[backend] = ipvs->last_weight[backend] = 0;
    return before;
}

static void ipvs_add(struct ipvs *ipvs, backend_id backend, int32_t weight)
{
    memmove(ipvs->list + 1, ipvs->list, ipvs->count++ * sizeof *ipvs->list);
    ipvs->list[0] = backend;
    ipvs->is_listed[backend] = 1;
    ipvs_set_weight(ipvs, backend, weight);
}

static void ipvs_tell(ipvs_changed *changed, void *state, enum ipvs_change change,
                      backend_id backend, backend_id before)
{
    if (changed != NULL)
        changed(state, change, backend, before);
}

void ipvs_update(struct ipvs *ipvs, const struct view *view, ipvs_changed *changed,
                 void *state)
{
    for (backend_id i = 0; i < view->count; i++)
        if (ipvs->is_listed[i] && !view->is_up[i]) {
            backend_id before = ipvs_delete(ipvs, i);
            ipvs_tell(changed, state, IPVS_DELETED, i, before);
        }
    for (backend_id i = 0; i < view->count; i++)
        if (ipvs->is_listed[i] && ipvs->weight[i] != ipvs_weight(view, i)) {
            ipvs_set_weight(ipvs, i, ipvs_weight(view, i));
            ipvs_tell(changed, state, IPVS_EDITED, i, NO_BACKEND);
        }
    for (backend_id i = 0; i < view->count; i++)
        if (!ipvs->is_listed[i] && view->is_up[i]) {
            ipvs_add(ipvs, i, ipvs_weight(view, i));
            ipvs_tell(changed, state, IPVS_ADDED, i, NO_BACKEND);
        }
}

static uint32_t *ipvs_part(const struct ipvs *ipvs, uint64_t part)
{
    return ipvs->closed + part % IPVS_PARTS * ipvs->capacity;
}

void ipvs_pass_time(struct ipvs *ipvs, sim_time now)
{
    if (ipvs->part == 0)
        return;
    uint64_t parts = (uint64_t)(now / ipvs->part);
    if (parts > ipvs->parts_done + IPVS_PARTS)
        ipvs->parts_done = parts - IPVS_PARTS;
    while (ipvs->parts_done < parts) {
        uint32_t *closed = ipvs_part(ipvs, ++ipvs->parts_done);
        for (uint32_t i = 0; i < ipvs->capacity; i++)
            ipvs->inactive[i] -= closed[i];
        memset(closed, 0, ipvs->capacity * sizeof *closed);
    }
}

void ipvs_done(struct ipvs *ipvs, const struct view *view, backend_id backend)
{
    if (ipvs->part == 0)
        return;
    ipvs_pass_time(ipvs, view->now);
    ipvs_part(ipvs, ipvs->parts_done)[backend]++;
    ipvs->inactive[backend]++;
}

int64_t ipvs_delay(const struct ipvs *ipvs, const struct view *view, backend_id backend)
{
    (void)ipvs;
    return (int64_t)view->outstanding[backend] + 1;
}

/* Cross-multiplied as in the kernel, which has no fractions: of equals the first stays. */
backend_id ipvs_least(const struct ipvs *ipvs, const struct view *view, ipvs_load *load)
{
    backend_id least = NO_BACKEND;
    int64_t least_load = 0;
    for (uint32_t i = 0; i < ipvs->count; i++) {
        backend_id candidate = ipvs->list[i];
        if (!ipvs_is_usable(ipvs, view, candidate))
            continue;
        int64_t candidate_load = load(ipvs, view, candidate);
        if (least == NO_BACKEND || least_load * ipvs->weight[candidate] >
                                       candidate_load * ipvs->weight[least]) {
            least = candidate;
            least_load = candidate_load;
        }
    }
    return least;
}

bool ipvs_is_overloaded(const struct ipvs *ipvs, const struct view *view, backend_id backend)
{
    if ((int64_t)view->outstanding[backend] <= ipvs->weight[backend])
        return false;
    for (uint32_t i = 0; i < ipvs->count; i++)
        if ((int64_t)view->outstanding[ipvs->list[i]] * 2 < ipvs->weight[ipvs->list[i]])
            return true;
    return false;
}

uint32_t ipvs_source(const struct request *request, uint16_t *port)
{
    uint32_t address;
    *port = 0;
    if (request->key_text != NULL)
        policy_address(request->key_text, &address, port);
    return policy_client_address(request);
}

uint32_t ipvs_destination(const struct request *request)
{
    uint32_t address;
    uint16_t port;
    if (request->has_hash)
        return (uint32_t)request->hash;
    if (request->key_text == NULL)
        return (uint32_t)request->key;
    if (policy_address(request->key_text, &address, &port))
        return address;
    return (uint32_t)hash_xx64(request->key_text, request->key_size, 0);
}
