/* SPDX-License-Identifier: GPL-3.0-or-later
   A row of bits for each instance. */
#include "sim/report/pairs.h"

#include "sim/engine/check.h"
#include "sim/report/scope.h"

#include <stdlib.h>

size_t pairs_bytes(const struct roster *roster)
{
    if (roster->tier_count == 0 || roster->tiers[roster->tier_count - 1].count < 2)
        return 0;
    return roster->tiers[roster->tier_count - 1].count * ((roster->pod_count + 63) / 64) *
           sizeof(uint64_t);
}

void pairs_open(struct pairs *pairs, const struct roster *roster)
{
    *pairs = (struct pairs){.pods = roster->pod_count};
    if (roster->pod_count == 0 || pairs_bytes(roster) == 0)
        return;
    pairs->instances = roster->tiers[roster->tier_count - 1].count;
    pairs->stride = (roster->pod_count + 63) / 64;
    pairs->bits = memory_zeroed(pairs->instances * pairs->stride, sizeof *pairs->bits);
}

void pairs_free(struct pairs *pairs)
{
    free(pairs->bits);
    *pairs = (struct pairs){0};
}

struct pairs_count pairs_count(const struct pairs *pairs, const struct roster *roster)
{
    struct pairs_count count = {.balancers_least = UINT64_MAX};
    for (size_t instance = 0; instance < pairs->instances; instance++) {
        uint64_t pods = 0;
        for (size_t word = 0; word < pairs->stride; word++)
            pods += (uint64_t)__builtin_popcountll(
                pairs->bits[instance * pairs->stride + word]);
        moments_add(&count.pods, pods);
    }
    for (size_t pod = 0; pod < pairs->pods; pod++) {
        uint64_t balancers = 0;
        for (size_t instance = 0; instance < pairs->instances; instance++)
            balancers += pairs_has(pairs, instance, pod);
        bool was_there = scope_presence(roster_life(roster, pod), roster->measure_begin,
                                        roster->measure_end) > 0;
        if (!was_there && balancers == 0)
            continue;
        moments_add(&count.balancers, balancers);
        if (balancers < count.balancers_least)
            count.balancers_least = balancers;
    }
    return count;
}
