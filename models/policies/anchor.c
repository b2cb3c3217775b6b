/* SPDX-License-Identifier: GPL-3.0-or-later
   AnchorHash: a fixed number of buckets, of which some work; a key that falls into one that
   does not is hashed again among those that worked when it went.  Changes move the least
   possible and cost constant time; who comes takes the bucket of who went last.  G. Mendelson
   et al., IEEE/ACM Trans. Networking 29 (2021), arXiv 1812.09674.  Hash: xxh64. */
#include "models/blocks/flow.h"

#include "sim/engine/hash.h"

enum { ANCHOR_TRIES = 64 };

struct anchor_config {
    uint64_t capacity;
};

struct anchor_state {
    uint32_t capacity, working;
    uint32_t *removed_at;  /* A: by bucket, 0 works, else how many worked when it went */
    uint32_t *worker;      /* W */
    uint32_t *place;       /* L: of a bucket in W */
    uint32_t *successor;   /* K */
    uint32_t *removed;     /* R: a stack of capacity - working */
    backend_id *owner;     /* by bucket */
    uint32_t *bucket;      /* by backend_id; UINT32_MAX: none */
};

static const struct param anchor_params[] = {
    {.key = "capacity", .type = PARAM_COUNT, .also = "auto",
     .offset = PARAM_FIELD(struct anchor_config, capacity, uint64_t), .fallback = "auto",
     .min = 1, .max = 1e6,
     .help = "buckets, at least as many as there may ever be pods; auto: twice these"},
    PARAM_END,
};

static void anchor_remove(struct anchor_state *state, uint32_t bucket)
{
    uint32_t last = state->worker[--state->working];
    state->removed[state->capacity - state->working - 1] = bucket;
    state->removed_at[bucket] = state->working;
    state->worker[state->place[bucket]] = state->successor[bucket] = last;
    state->place[last] = state->place[bucket];
}

static uint32_t anchor_add(struct anchor_state *state)
{
    uint32_t bucket = state->removed[state->capacity - state->working - 1];
    uint32_t last = state->worker[state->working];
    state->removed_at[bucket] = 0;
    state->place[last] = state->working++;
    state->worker[state->place[bucket]] = bucket;
    state->successor[bucket] = bucket;
    return bucket;
}

static void anchor_init(void *memory, const void *config, const struct view *view,
                        struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct anchor_state *state = memory;
    uint64_t capacity = ((const struct anchor_config *)config)->capacity;
    if (capacity == UINT64_MAX)
        capacity = 2 * (uint64_t)view->capacity;
    if (capacity < view->capacity)
        capacity = view->capacity;
    state->capacity = state->working = (uint32_t)capacity;
    state->removed_at = arena_take(arena, capacity, sizeof *state->removed_at);
    state->worker = arena_take(arena, capacity, sizeof *state->worker);
    state->place = arena_take(arena, capacity, sizeof *state->place);
    state->successor = arena_take(arena, capacity, sizeof *state->successor);
    state->removed = arena_take(arena, capacity, sizeof *state->removed);
    state->owner = arena_take(arena, capacity, sizeof *state->owner);
    state->bucket = arena_take(arena, view->capacity, sizeof *state->bucket);
    for (uint32_t i = 0; i < state->capacity; i++)
        state->worker[i] = state->place[i] = state->successor[i] = i;
    for (uint32_t i = state->capacity; i-- > 0;)
        anchor_remove(state, i);
    for (backend_id i = 0; i < view->capacity; i++)
        state->bucket[i] = UINT32_MAX;
}

static void anchor_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct anchor_state *state = memory;
    for (backend_id i = 0; i < view->count; i++)
        if (state->bucket[i] != UINT32_MAX && !view->is_up[i]) {
            anchor_remove(state, state->bucket[i]);
            state->bucket[i] = UINT32_MAX;
        }
    for (backend_id i = 0; i < view->count; i++)
        if (state->bucket[i] == UINT32_MAX && view->is_up[i]) {
            state->bucket[i] = anchor_add(state);
            state->owner[state->bucket[i]] = i;
        }
}

static uint64_t anchor_rehash(uint64_t key, uint32_t bucket)
{
    uint64_t words[2] = {key, bucket};
    return hash_xx64(words, sizeof words, 0);
}

static uint32_t anchor_find(const struct anchor_state *state, uint64_t key)
{
    uint32_t bucket = (uint32_t)(key % state->capacity);
    while (state->removed_at[bucket] > 0) {
        uint32_t among = state->removed_at[bucket];
        uint32_t next = (uint32_t)(anchor_rehash(key, bucket) % among);
        while (state->removed_at[next] >= among)
            next = state->successor[next];
        bucket = next;
    }
    return bucket;
}

/* The key of a full pod is hashed again and again, then takes whom there is. */
static backend_id anchor_pick(void *memory, const struct view *view,
                              const struct request *request, struct rng *rng)
{
    (void)rng;
    const struct anchor_state *state = memory;
    uint64_t key = flow_key_hash(request);
    for (uint32_t i = 0; i < ANCHOR_TRIES; i++) {
        backend_id pick = state->owner[anchor_find(state, key)];
        if (view->is_eligible[pick])
            return pick;
        key = anchor_rehash(key, UINT32_MAX);
    }
    return view_eligible(view, 0);
}

const struct policy_ops policy_anchor = {
    .kind = {.name = "anchor",
             .summary = "AnchorHash: least moves at constant cost, up to a number of pods",
             .params = anchor_params,
             .config_size = sizeof(struct anchor_config)},
    .traits = POLICY_CONSISTENT | POLICY_UNWEIGHTED,
    .cost = "O(1 + log(c/n)) a pick, c the capacity; O(n) a change",
    .source = "Mendelson et al. 2021",
    .state_size = sizeof(struct anchor_state),
    .init = anchor_init,
    .update = anchor_update,
    .pick = anchor_pick,
};
