/* SPDX-License-Identifier: GPL-3.0-or-later
   Shares of hosts: envoy's common/thread_aware_lb_impl.cc, grpc-go's
   balancer/ringhash/ring.go. */
#include "models/blocks/shares.h"

#include <stdlib.h>
#include <string.h>

void shares_init(struct shares *shares, uint32_t capacity, struct arena *arena)
{
    *shares = (struct shares){.list = arena_take(arena, capacity, sizeof *shares->list)};
}

uint32_t shares_weight(double weight)
{
    if (weight < 1.5)
        return 1;
    return weight < UINT32_MAX ? (uint32_t)(weight + 0.5) : UINT32_MAX;
}

void shares_collect(struct shares *shares, const struct view *view, const uint8_t *included,
                    bool by_name)
{
    double sum = view->whole;
    shares->count = 0;
    shares->least = 1;
    shares->most = 0;
    for (backend_id i = 0; view->whole == 0 && i < view->count; i++)
        if (included[i])
            sum += shares_weight(view->backends[i].weight);
    for (backend_id i = 0; i < view->count; i++) {
        if (!included[i])
            continue;
        const struct backend *backend = &view->backends[i];
        double own = view->whole > 0 ? backend->weight : shares_weight(backend->weight);
        double weight = own / sum;
        shares->least = weight < shares->least ? weight : shares->least;
        shares->most = weight > shares->most ? weight : shares->most;
        shares->list[shares->count++] =
            (struct share){by_name ? backend->name : backend->address, i, weight};
    }
}

void shares_copy(struct shares *shares, const struct shares *from)
{
    struct share *list = shares->list;
    *shares = *from;
    shares->list = list;
    for (uint32_t i = 0; i < from->count; i++)
        list[i] = from->list[i];
}

static int shares_compare(const void *left, const void *right)
{
    const struct share *one = left, *other = right;
    int order = strcmp(one->key, other->key);
    return order != 0 ? order : (one->backend > other->backend) - (one->backend < other->backend);
}

void shares_sort(struct shares *shares)
{
    qsort(shares->list, shares->count, sizeof *shares->list, shares_compare);
}
