/* SPDX-License-Identifier: GPL-3.0-or-later
   When Traefik builds a balancer anew, and in which order. */
#include "models/blocks/traefik_servers.h"

const char *const traefik_servers_orders[] = {"shuffled", "list", NULL};

void traefik_servers_init(struct traefik_servers *servers, enum traefik_servers_order order,
                          const struct view *view, struct arena *arena)
{
    *servers = (struct traefik_servers){.shuffles = order == TRAEFIK_SHUFFLED};
    servers->list = arena_take(arena, view->capacity, sizeof *servers->list);
    servers->weights = arena_take(arena, view->capacity, sizeof *servers->weights);
    servers->identity = arena_take(arena, view->capacity, sizeof *servers->identity);
    for (uint32_t i = 0; i < view->capacity; i++)
        servers->weights[i] = -1;
}

static bool traefik_servers_note(struct traefik_servers *servers, const struct view *view)
{
    bool changed = false;
    for (backend_id i = 0; i < view->count; i++) {
        double weight = view->is_member[i] ? view->backends[i].weight : -1;
        uint64_t identity = view->backends[i].identity;
        changed |= weight != servers->weights[i] ||
                   (view->is_member[i] && identity != servers->identity[i]);
        servers->weights[i] = weight;
        servers->identity[i] = identity;
    }
    return changed;
}

bool traefik_servers_update(struct traefik_servers *servers, const struct view *view,
                            struct rng *rng)
{
    if (!traefik_servers_note(servers, view))
        return false;
    servers->count = 0;
    servers->is_mixed = false;
    for (backend_id i = 0; i < view->count; i++) {
        if (servers->weights[i] > 0)
            servers->list[servers->count++] = i;
        servers->is_mixed |= servers->weights[i] == 0;
    }
    for (uint32_t i = servers->count; servers->shuffles && i > 1; i--) {
        uint32_t other = (uint32_t)rng_below(rng, i);
        backend_id server = servers->list[other];
        servers->list[other] = servers->list[i - 1];
        servers->list[i - 1] = server;
    }
    return true;
}

bool traefik_servers_has_any(const struct traefik_servers *servers, const struct view *view)
{
    for (uint32_t i = 0; servers->is_mixed && i < view->eligible_count; i++)
        if (servers->weights[view_eligible(view, i)] > 0)
            return true;
    return !servers->is_mixed;
}
