/* SPDX-License-Identifier: GPL-3.0-or-later
   EdfLoadBalancerBase and RoundRobinLoadBalancer of Envoy, without localities and slow start:
   source/extensions/load_balancing_policies/{common/load_balancer_impl.cc,round_robin/}. */
#include "models/blocks/edf_rotation.h"

bool edf_rotation_is_even(const backend_id *hosts, uint32_t count,
                          struct edf_weights weights)
{
    for (uint32_t i = 1; i < count; i++)
        if (weights.weigh(weights.context, hosts[i]) !=
            weights.weigh(weights.context, hosts[0]))
            return false;
    return true;
}

void edf_rotation_init(struct edf_rotation *rotation, uint64_t seed)
{
    *rotation = (struct edf_rotation){.seed = seed, .index = seed};
}

void edf_rotation_refresh(struct edf_rotation *rotation, const backend_id *hosts,
                          uint32_t count, struct edf_entry *heap, struct edf_weights weights)
{
    rotation->hosts = hosts;
    rotation->count = count;
    rotation->is_weighted = !edf_rotation_is_even(hosts, count, weights);
    edf_init(&rotation->edf, EDF_TIE_INSERTED, heap);
    if (rotation->is_weighted)
        edf_fill(&rotation->edf, hosts, count, (uint32_t)rotation->seed, weights);
}

backend_id edf_rotation_pick(struct edf_rotation *rotation, const uint8_t *may,
                             struct edf_weights weights)
{
    if (rotation->is_weighted)
        return edf_pick(&rotation->edf, may, weights);
    for (uint32_t tried = 0; tried < rotation->count; tried++) {
        backend_id pick = rotation->hosts[rotation->index++ % rotation->count];
        if (may[pick])
            return pick;
    }
    return NO_BACKEND;
}

uint32_t edf_rotation_hosts(const struct view *view, backend_id *hosts)
{
    uint32_t count = 0;
    for (backend_id i = 0; i < view->count; i++)
        if (view->is_up[i])
            hosts[count++] = i;
    return count;
}

double edf_rotation_weight(const void *view, uint32_t host)
{
    double weight = ((const struct view *)view)->backends[host].weight;
    return weight > 0 ? weight : 1;
}
