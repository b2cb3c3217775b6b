/* SPDX-License-Identifier: GPL-3.0-or-later
   The servers of a Traefik service as one configuration has them.  Health only marks a server;
   other members or weights are another configuration, for which Traefik builds its balancer
   anew, with the servers in a new random order.  traefik/traefik pkg/server/service/service.go */
#ifndef MODELS_BLOCKS_TRAEFIK_SERVERS_H
#define MODELS_BLOCKS_TRAEFIK_SERVERS_H

#include "models/policy.h"

enum traefik_servers_order { TRAEFIK_SHUFFLED, TRAEFIK_LISTED };
extern const char *const traefik_servers_orders[];

/* The row that binds it, for a configuration struct with the member `order`. */
#define TRAEFIK_SERVERS_PARAM(section)                                                         \
    {.key = "order", .type = PARAM_CHOICE, .offset = PARAM_FIELD(section, order, uint32_t),    \
     .fallback = "shuffled", .of.words = traefik_servers_orders,                               \
     .help = "of the servers whenever members or weights change: at random, or as listed"}

struct traefik_servers {
    backend_id *list; /* those of the configuration, without those of weight 0 */
    uint32_t count;
    bool is_mixed; /* somebody has weight 0 */
    double *weights; /* by backend_id; below 0: no member */
    uint64_t *identity; /* whom the slot belonged to */
    bool shuffles;
};

void traefik_servers_init(struct traefik_servers *servers, enum traefik_servers_order order,
                          const struct view *view, struct arena *arena);
/* Whether there is another configuration. */
bool traefik_servers_update(struct traefik_servers *servers, const struct view *view,
                            struct rng *rng);
/* Somebody of the list may be picked; Traefik answers 503 where nobody is left. */
bool traefik_servers_has_any(const struct traefik_servers *servers, const struct view *view);

#endif
