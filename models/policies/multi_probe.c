/* SPDX-License-Identifier: GPL-3.0-or-later
   Multi-probe consistent hashing: one point for each pod on the circle, many probes for each
   key; the probe that is nearest before a point decides.  21 probes keep the greatest share
   within 1.05 of the mean without the memory of a ring.  B. Appleton, M. O'Reilly, arXiv
   1505.00062 (2015); github.com/dgryski/go-mpchash.  Hashes: xxh64 of the pod's address with
   seed 0, of the key with seeds 1 and 2. */
#include "models/blocks/flow.h"
#include "models/blocks/ring.h"

#include "sim/engine/hash.h"

#include <string.h>

enum { MULTI_PROBE_DIGITS = 20, MULTI_PROBE_MOST = 1000 };

struct multi_probe_config {
    uint64_t probes;
};

struct multi_probe_state {
    struct ring ring;
    uint64_t probes;
};

static const struct param multi_probe_params[] = {
    {.key = "probes", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct multi_probe_config, probes, uint64_t), .fallback = "21",
     .min = 1, .max = MULTI_PROBE_MOST,
     .help = "for each key: 1 + 1/e of them keep the greatest share within 1 + e of the mean"},
    PARAM_END,
};

static void multi_probe_init(void *memory, const void *config, const struct view *view,
                             struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct multi_probe_state *state = memory;
    state->probes = ((const struct multi_probe_config *)config)->probes;
    ring_init(&state->ring, 64, arena);
    ring_reserve(&state->ring, view->capacity);
}

static void multi_probe_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct multi_probe_state *state = memory;
    ring_clear(&state->ring);
    for (backend_id i = 0; i < view->count; i++) {
        const char *address = view->backends[i].address;
        if (view->is_up[i])
            ring_add(&state->ring, hash_xx64(address, strlen(address), 0), i);
    }
    ring_sort(&state->ring);
}

/* Two hashes of the key; of a hash in its place, that and one of its bytes. */
static void multi_probe_hash(const struct request *request, uint64_t *first, uint64_t *second)
{
    char digits[MULTI_PROBE_DIGITS];
    size_t size = sizeof request->hash;
    const void *key = &request->hash;
    if (!request->has_hash)
        key = policy_key(request, digits, &size);
    *first = request->has_hash ? request->hash : hash_xx64(key, size, 1);
    *second = hash_xx64(key, size, 2);
}

/* The first point after a hash whose owner may be picked; one on it is the farthest. */
static uint32_t multi_probe_find(const struct ring *ring, const struct view *view,
                                 uint64_t hash)
{
    uint32_t place = ring_find(ring, hash + 1);
    while (!view->is_eligible[ring_owner(ring, place)])
        place = ring_next(ring, place);
    return place;
}

static backend_id multi_probe_pick(void *memory, const struct view *view,
                                   const struct request *request, struct rng *rng)
{
    (void)rng;
    const struct multi_probe_state *state = memory;
    const struct ring *ring = &state->ring;
    uint64_t hash, step, least = UINT64_MAX;
    multi_probe_hash(request, &hash, &step);
    uint32_t best = multi_probe_find(ring, view, hash);
    for (uint64_t i = 0; i < state->probes; i++, hash += step) {
        uint32_t place = multi_probe_find(ring, view, hash);
        uint64_t distance = ring->points[place].hash - hash;
        if (distance < least) {
            least = distance;
            best = place;
        }
    }
    return ring_owner(ring, best);
}

const struct policy_ops policy_multi_probe = {
    .kind = {.name = "multi_probe",
             .summary = "Multi-probe consistent hashing: one point a pod, many probes a key",
             .params = multi_probe_params,
             .config_size = sizeof(struct multi_probe_config)},
    .traits = POLICY_CONSISTENT | POLICY_UNWEIGHTED,
    .tie_rule = "the earliest probe",
    .cost = "O(k) a pick, k probes; O(n) a change",
    .source = "Appleton and O'Reilly 2015",
    .state_size = sizeof(struct multi_probe_state),
    .init = multi_probe_init,
    .update = multi_probe_update,
    .pick = multi_probe_pick,
};
