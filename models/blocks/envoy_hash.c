/* SPDX-License-Identifier: GPL-3.0-or-later
   Envoy's common/thread_aware_lb_impl.cc: bounded loads after Mirrokni et al., Consistent
   Hashing with Bounded Loads (2016), with random jumps after Chen et al. (2019). */
#include "models/blocks/envoy_hash.h"

#include "models/blocks/mersenne.h"
#include "sim/engine/hash.h"

#include <math.h>
#include <stdio.h>

enum { ENVOY_HASH_WALK_MAX = 4096, ENVOY_HASH_DIGITS = 20 };

const char *const envoy_hash_predicates[] = {"none", "previous_hosts", NULL};

bool envoy_hash_check(const struct envoy_hash_config *config, char *message, size_t size)
{
    if (config->hash_balance_factor == 0 || config->hash_balance_factor >= 100)
        return true;
    snprintf(message, size, "hash_balance_factor is %llu: 0 (off) or at least 100 works",
             (unsigned long long)config->hash_balance_factor);
    return false;
}

void envoy_hash_init(struct envoy_hash *hash, const struct envoy_hash_config *config,
                     const struct view *view, struct arena *arena)
{
    hash->config = config;
    shares_init(&hash->shares, view->capacity, arena);
    hash->weights = arena_take(arena, view->capacity, sizeof *hash->weights);
    hash->order = arena_take(arena, view->capacity, sizeof *hash->order);
}

void envoy_hash_update(struct envoy_hash *hash, const struct view *view)
{
    shares_collect(&hash->shares, view, view->is_up, hash->config->use_hostname_for_hashing);
    for (uint32_t i = 0; i < hash->shares.count; i++)
        hash->weights[hash->shares.list[i].backend] = hash->shares.list[i].weight;
}

/* Load over slots, 1 being still fine; infinite for who may not be picked at all. */
static double envoy_hash_overload(const struct envoy_hash *hash, const struct view *view,
                                  backend_id backend)
{
    if (!view->is_eligible[backend])
        return INFINITY;
    uint32_t factor = (uint32_t)hash->config->hash_balance_factor;
    uint32_t total = ((hash->active + 1) * factor + 99) / 100;
    double wanted = total * hash->weights[backend];
    uint32_t slots = (uint32_t)wanted;
    slots += slots < wanted;
    return (double)view->outstanding[backend] / (slots > 0 ? slots : 1);
}

/* Uniform on 0 … bound - 1, as Envoy draws it. */
static uint32_t envoy_hash_below(struct mersenne *mersenne, uint32_t bound)
{
    uint64_t width = (UINT64_C(1) << 32) / bound;
    uint32_t draw;
    do
        draw = (uint32_t)(mersenne_next(mersenne) / width);
    while (draw >= bound);
    return draw;
}

static backend_id envoy_hash_spread(struct envoy_hash *hash, const struct view *view,
                                    uint64_t seed, backend_id owner)
{
    uint32_t count = hash->shares.count, *order = hash->order;
    backend_id least = owner;
    double least_overload = envoy_hash_overload(hash, view, owner);
    struct mersenne mersenne;
    mersenne_seed(&mersenne, (uint32_t)seed);
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t other = i + envoy_hash_below(&mersenne, count - i), chosen = order[other];
        order[other] = order[i];
        order[i] = chosen;
        backend_id backend = hash->shares.list[chosen].backend;
        if (backend == owner)
            continue;
        double overload = envoy_hash_overload(hash, view, backend);
        if (overload <= 1)
            return backend;
        if (least_overload > overload) {
            least_overload = overload;
            least = backend;
        }
    }
    return least;
}

static bool envoy_hash_is_tried(const struct request *request, backend_id backend)
{
    for (uint32_t i = 0; i < request->tried_count; i++)
        if (request->tried[i] == backend)
            return true;
    return false;
}

static uint64_t envoy_hash_of(const struct request *request)
{
    char digits[ENVOY_HASH_DIGITS];
    size_t size;
    if (request->has_hash)
        return request->hash;
    const char *key = policy_key(request, digits, &size);
    return hash_xx64(key, size, 0);
}

backend_id envoy_hash_pick(struct envoy_hash *hash, const struct view *view,
                           const struct request *request, envoy_hash_choose *choose,
                           const void *table)
{
    uint64_t key = envoy_hash_of(request);
    uint64_t attempts = 1;
    if (hash->config->retry_host_predicate != 0)
        attempts += hash->config->host_selection_retry_max_attempts;
    backend_id pick = NO_BACKEND;
    for (uint32_t attempt = 0; attempt < attempts; attempt++) {
        pick = choose(table, key, attempt);
        if (hash->config->hash_balance_factor > 0 && envoy_hash_overload(hash, view, pick) > 1)
            pick = envoy_hash_spread(hash, view, key, pick);
        if (!envoy_hash_is_tried(request, pick))
            break;
    }
    /* Envoy fails a request to a full host; here it goes where a retry would. */
    for (uint32_t i = 1; !view->is_eligible[pick] && i < ENVOY_HASH_WALK_MAX; i++)
        pick = choose(table, key, i);
    if (view->is_eligible[pick])
        return pick;
    return view_eligible(view, (uint32_t)(key % view->eligible_count));
}
