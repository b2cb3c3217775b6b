/* SPDX-License-Identifier: GPL-3.0-or-later
   Servers of an nginx upstream drawn by weight: a point on the line of all weights, found by
   halving.  src/http/modules/ngx_http_upstream_random_module.c */
#ifndef MODELS_BLOCKS_NGINX_DRAW_H
#define MODELS_BLOCKS_NGINX_DRAW_H

#include "models/blocks/nginx_peers.h"

enum { NGINX_DRAW_TRIES = 20 }; /* draws in vain, after which round robin decides */

struct nginx_draw {
    backend_id *server;
    uint64_t *begin; /* of each server's range */
    uint64_t total;
    uint32_t count;
};

void nginx_draw_init(struct nginx_draw *draw, uint32_t capacity, struct arena *arena);
/* All members, down, full and failed ones too: a draw of those is in vain. */
void nginx_draw_update(struct nginx_draw *draw, const struct nginx_peers *peers,
                       const struct view *view);
/* total > 0 */
backend_id nginx_draw_one(const struct nginx_draw *draw, struct rng *rng);

#endif
