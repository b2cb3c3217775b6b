/* SPDX-License-Identifier: GPL-3.0-or-later
   libketama: of 40 n MD5 digests each server gets its share by weight, rounded down, and
   each digest of "address-k" is four points of 32 bits; a key goes to the first point not
   below the first four bytes of its own MD5.  github.com/RJ/ketama libketama/ketama.c */
#include "models/blocks/ring.h"

#include "sim/engine/hash.h"
#include "sim/engine/output.h"

#include <string.h>

enum { KETAMA_DIGESTS = 40, KETAMA_POINTS = 4, KETAMA_DIGITS = 20, KETAMA_ADDRESS_MAX = 1024 };

struct ketama_state {
    struct ring ring;
    bool stale;
};

static void ketama_init(void *memory, const void *config, const struct view *view,
                        struct rng *rng, struct arena *arena)
{
    (void)config, (void)view, (void)rng;
    ring_init(&((struct ketama_state *)memory)->ring, 32, arena);
}

/* "Memory" in ketama.servers, a whole number. */
static uint64_t ketama_weight(const struct backend *backend)
{
    uint64_t weight = (uint64_t)(backend->weight + 0.5);
    return weight == 0 && backend->weight > 0 ? 1 : weight;
}

static void ketama_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct ketama_state *state = memory;
    ring_reserve(&state->ring, ((uint64_t)view->count + 1) * KETAMA_DIGESTS * KETAMA_POINTS);
    state->stale = true;
}

static uint32_t ketama_point(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

static void ketama_add(struct ring *ring, const char *address, uint32_t digests,
                       backend_id owner)
{
    char text[KETAMA_ADDRESS_MAX + KETAMA_DIGITS + 1];
    size_t length = strnlen(address, KETAMA_ADDRESS_MAX);
    memcpy(text, address, length);
    text[length++] = '-';
    for (uint32_t i = 0; i < digests; i++) {
        uint8_t digest[HASH_MD5_SIZE];
        hash_md5(text, (size_t)(text_unsigned(text + length, i) - text), digest);
        for (int point = 0; point < KETAMA_POINTS; point++)
            ring_add(ring, ketama_point(digest + 4 * point), owner);
    }
}

/* The share is a float, and so is the product before it is rounded down: both decide. */
static void ketama_build(struct ketama_state *state, const struct view *view)
{
    uint64_t total = 0;
    uint32_t count = 0;
    for (backend_id i = 0; i < view->count; i++)
        if (view->is_member[i]) {
            total += ketama_weight(&view->backends[i]);
            count++;
        }
    ring_clear(&state->ring);
    for (backend_id i = 0; i < view->count && total > 0; i++) {
        if (!view->is_member[i])
            continue;
        float share = (float)ketama_weight(&view->backends[i]) / (float)total;
        float digests = (float)((double)share * KETAMA_DIGESTS * (double)(float)count);
        ketama_add(&state->ring, view->backends[i].address, (uint32_t)digests, i);
    }
    ring_sort(&state->ring);
    state->stale = false;
}

static uint32_t ketama_hash(const struct request *request)
{
    char digits[KETAMA_DIGITS];
    uint8_t digest[HASH_MD5_SIZE];
    size_t size;
    if (request->has_hash)
        return (uint32_t)request->hash;
    const char *key = policy_key(request, digits, &size);
    hash_md5(key, size, digest);
    return ketama_point(digest);
}

static backend_id ketama_pick(void *memory, const struct view *view,
                              const struct request *request, struct rng *rng)
{
    (void)rng;
    struct ketama_state *state = memory;
    if (state->stale)
        ketama_build(state, view);
    uint32_t hash = ketama_hash(request);
    uint32_t place = state->ring.count > 0 ? ring_find(&state->ring, hash) : 0;
    for (uint32_t i = 0; i < state->ring.count; i++) {
        backend_id pick = ring_owner(&state->ring, place);
        if (view->is_eligible[pick])
            return pick;
        place = ring_next(&state->ring, place);
    }
    return view_eligible(view, hash % view->eligible_count);
}

const struct policy_ops policy_ketama = {
    .kind = {.name = "ketama",
             .summary = "libketama: a ring of MD5 points, 160 for each server on average"},
    .traits = POLICY_WEIGHTED | POLICY_CONSISTENT,
    .tie_rule = "the first of the list among points with the same hash",
    .cost = "O(1) a pick; O(n) a change, 160 points a pod",
    .source = "github.com/RJ/ketama libketama/ketama.c",
    .state_size = sizeof(struct ketama_state),
    .init = ketama_init,
    .update = ketama_update,
    .pick = ketama_pick,
};
