/* SPDX-License-Identifier: GPL-3.0-or-later
   Rendezvous, or highest random weight: each pod's hash mixed with the key's gives a score,
   the highest wins.  Scores of weights are -weight / ln(u), u the mix in (0, 1): shares are
   proportional, and a change moves no key but to or from the pod that changed.  D. Thaler,
   C. Ravishankar 1998; C. Schindelhauer, G. Schomaker 2005; mix: github.com/dgryski/
   go-rendezvous.  Hashes: xxh64 of the pod's address and of the key. */
#include "models/blocks/flow.h"

#include "sim/engine/hash.h"
#include "sim/engine/sampler.h"

#include <string.h>

struct rendezvous_state {
    uint64_t *hash; /* by backend_id */
    bool weighted;  /* weights differ */
};

static void rendezvous_init(void *memory, const void *config, const struct view *view,
                            struct rng *rng, struct arena *arena)
{
    (void)config, (void)rng;
    struct rendezvous_state *state = memory;
    state->hash = arena_take(arena, view->capacity, sizeof *state->hash);
}

static void rendezvous_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct rendezvous_state *state = memory;
    state->weighted = false;
    for (backend_id i = 0; i < view->count; i++) {
        const struct backend *backend = &view->backends[i];
        state->hash[i] = hash_xx64(backend->address, strlen(backend->address), 0);
        state->weighted |= backend->weight != view->backends[0].weight;
    }
}

/* Marsaglia's xorshift and a multiplication: xorshift64*. */
static uint64_t rendezvous_mix(uint64_t word)
{
    word ^= word >> 12;
    word ^= word << 25;
    word ^= word >> 27;
    return word * UINT64_C(2685821657736338717);
}

static double rendezvous_score(uint64_t mix, double weight)
{
    double u = ((double)(int64_t)(mix >> 12) + 0.5) * 0x1p-52;
    return -weight / sampler_log(u);
}

static backend_id rendezvous_of_weights(const struct rendezvous_state *state,
                                        const struct view *view, uint64_t key)
{
    backend_id best = view_eligible(view, 0);
    double highest = 0;
    for (uint32_t i = 0; i < view->eligible_count; i++) {
        backend_id candidate = view_eligible(view, i);
        double score = rendezvous_score(rendezvous_mix(key ^ state->hash[candidate]),
                                        view->backends[candidate].weight);
        if (score > highest) {
            best = candidate;
            highest = score;
        }
    }
    return best;
}

static backend_id rendezvous_pick(void *memory, const struct view *view,
                                  const struct request *request, struct rng *rng)
{
    (void)rng;
    const struct rendezvous_state *state = memory;
    uint64_t key = flow_key_hash(request), highest = 0;
    if (state->weighted)
        return rendezvous_of_weights(state, view, key);
    backend_id best = view_eligible(view, 0);
    for (uint32_t i = 0; i < view->eligible_count; i++) {
        backend_id candidate = view_eligible(view, i);
        uint64_t score = rendezvous_mix(key ^ state->hash[candidate]);
        if (score > highest) {
            best = candidate;
            highest = score;
        }
    }
    return best;
}

const struct policy_ops policy_rendezvous = {
    .kind = {.name = "rendezvous",
             .summary = "Rendezvous hashing: the highest score of pod and key, by weight"},
    .traits = POLICY_WEIGHTED | POLICY_CONSISTENT,
    .tie_rule = "the first of the list",
    .cost = "O(n) a pick; O(n) a change",
    .source = "Thaler and Ravishankar 1998; Schindelhauer and Schomaker 2005",
    .state_size = sizeof(struct rendezvous_state),
    .init = rendezvous_init,
    .update = rendezvous_update,
    .pick = rendezvous_pick,
};
