/* SPDX-License-Identifier: GPL-3.0-or-later
   A consistent hash of the client's address or of the request's key.  NSX ALB (Avi)
   documentation, Load Balancing Algorithms; which hash and table it uses is not
   documented: here a ring of xxHash64 points in proportion to the ratio. */
#include "models/blocks/ring.h"
#include "models/policy.h"

#include "sim/engine/hash.h"

enum { AVI_CONSISTENT_HASH_POINTS = 160, AVI_CONSISTENT_HASH_RATIO_MAX = 20 };
enum avi_consistent_hash_of { HASH_SOURCE_IP_ADDRESS, HASH_CUSTOM_STRING };

struct avi_consistent_hash_config {
    uint32_t lb_algorithm_hash;
};

struct avi_consistent_hash_state {
    uint32_t of;
    bool is_stale;
    struct ring ring;
};

static const char *const avi_consistent_hash_words[] = {"source_ip_address", "custom_string",
                                                        NULL};

static const struct param avi_consistent_hash_params[] = {
    {.key = "lb_algorithm_hash", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct avi_consistent_hash_config, lb_algorithm_hash, uint32_t),
     .fallback = "source_ip_address", .of.words = avi_consistent_hash_words,
     .help = "what is hashed: the client's address, or the request's key (URI, header, any)"},
    PARAM_END,
};

static void avi_consistent_hash_init(void *memory, const void *config,
                                     const struct view *view, struct rng *rng,
                                     struct arena *arena)
{
    (void)rng, (void)view;
    struct avi_consistent_hash_state *state = memory;
    state->of = ((const struct avi_consistent_hash_config *)config)->lb_algorithm_hash;
    ring_init(&state->ring, 64, arena);
}

static uint32_t avi_consistent_hash_points(const struct view *view, backend_id backend)
{
    double ratio = view->backends[backend].weight;
    if (!view->is_up[backend] || !(ratio > 0))
        return 0;
    if (ratio > AVI_CONSISTENT_HASH_RATIO_MAX)
        ratio = AVI_CONSISTENT_HASH_RATIO_MAX;
    uint32_t points = (uint32_t)(ratio * AVI_CONSISTENT_HASH_POINTS);
    return points > 0 ? points : 1;
}

static void avi_consistent_hash_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct avi_consistent_hash_state *state = memory;
    uint64_t points = 0;
    for (backend_id i = 0; i < view->count; i++)
        points += avi_consistent_hash_points(view, i);
    ring_reserve(&state->ring, points);
    state->is_stale = true;
}

/* Point k of a server is the hash of its address seeded with k. */
static void avi_consistent_hash_build(struct avi_consistent_hash_state *state,
                                      const struct view *view)
{
    ring_clear(&state->ring);
    for (backend_id i = 0; i < view->count; i++) {
        const char *address = view->backends[i].address;
        size_t size = 0;
        while (address[size] != '\0')
            size++;
        uint32_t points = avi_consistent_hash_points(view, i);
        for (uint32_t point = 0; point < points; point++)
            ring_add(&state->ring, hash_xx64(address, size, point), i);
    }
    ring_sort(&state->ring);
    state->is_stale = false;
}

static uint64_t avi_consistent_hash_of(const struct avi_consistent_hash_state *state,
                                       const struct request *request)
{
    if (request->has_hash)
        return request->hash;
    char digits[20];
    size_t size;
    const char *key = policy_key(request, digits, &size);
    if (state->of == HASH_CUSTOM_STRING)
        return hash_xx64(key, size, 0);
    uint32_t client = policy_client_address(request);
    unsigned char bytes[4];
    for (int i = 0; i < 4; i++)
        bytes[i] = (unsigned char)(client >> (24 - 8 * i));
    return hash_xx64(bytes, sizeof bytes, 0);
}

static backend_id avi_consistent_hash_pick(void *memory, const struct view *view,
                                           const struct request *request, struct rng *rng)
{
    (void)rng;
    struct avi_consistent_hash_state *state = memory;
    if (state->is_stale)
        avi_consistent_hash_build(state, view);
    const struct ring *ring = &state->ring;
    if (ring->count == 0)
        return NO_BACKEND;
    uint32_t place = ring_find(ring, avi_consistent_hash_of(state, request));
    for (uint32_t i = 0; i < ring->count; i++) {
        backend_id owner = ring_owner(ring, place);
        if (view->is_eligible[owner])
            return owner;
        place = ring_next(ring, place);
    }
    return NO_BACKEND;
}

const struct policy_ops policy_avi_consistent_hash = {
    .kind = {.name = "avi.consistent_hash",
             .summary = "Consistent hash of the client's address or the key",
             .params = avi_consistent_hash_params,
             .config_size = sizeof(struct avi_consistent_hash_config)},
    .traits = POLICY_CONSISTENT,
    .cost = "O(1) a pick; O(n + w) a change, 160 points for each of the sum w of ratios",
    .source = "NSX ALB documentation, Load Balancing Algorithms",
    .state_size = sizeof(struct avi_consistent_hash_state),
    .init = avi_consistent_hash_init,
    .update = avi_consistent_hash_update,
    .pick = avi_consistent_hash_pick,
};
