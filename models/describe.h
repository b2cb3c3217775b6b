/* SPDX-License-Identifier: GPL-3.0-or-later
   A request as policies see it. */
#ifndef MODELS_DESCRIBE_H
#define MODELS_DESCRIBE_H

#include "models/state.h"

/* What a balancer knows of a request; `draws` a hash where there is no key. */
static inline void describe_request(const struct world *world, const struct trace_row *row,
                                    bool draws, struct request *request)
{
    request->key = row->key;
    request->key_text = NULL;
    request->has_hash = draws && world->clients[row->client].is_keyless;
    if (request->has_hash)
        request->hash = rng_key(world->key, "keyless", row->request);
    request->user = row->user;
    request->attempt = row->attempt;
    request->tried_count = 0;
}

#endif
