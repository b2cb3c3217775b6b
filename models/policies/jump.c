/* SPDX-License-Identifier: GPL-3.0-or-later
   Jump consistent hash: a few multiplications and no memory give a bucket of n, and one more
   bucket moves only the keys that it gets.  Buckets are numbered, so what a pod in the middle
   that goes away costs depends on who renumbers: `swap` lets the last take its bucket, `shift`
   moves all behind it down by one.  J. Lamping, E. Veach, arXiv 1406.2294 (2014). */
#include "models/blocks/flow.h"

enum jump_removal { REMOVAL_SWAP, REMOVAL_SHIFT };

struct jump_config {
    uint32_t removal;
};

struct jump_state {
    uint32_t removal, count;
    backend_id *buckets;
    uint8_t *is_listed; /* by backend_id */
};

static const char *const jump_removals[] = {"swap", "shift", NULL};

static const struct param jump_params[] = {
    {.key = "removal", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct jump_config, removal, uint32_t), .fallback = "swap",
     .of.words = jump_removals,
     .help = "swap: the last pod takes the bucket of one that goes, newcomers come last; "
             "shift: pods are numbered in the order of the list"},
    PARAM_END,
};

static void jump_init(void *memory, const void *config, const struct view *view,
                      struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct jump_state *state = memory;
    state->removal = ((const struct jump_config *)config)->removal;
    state->buckets = arena_take(arena, view->capacity, sizeof *state->buckets);
    state->is_listed = arena_take(arena, view->capacity, sizeof *state->is_listed);
}

/* Takes out who went; the last one fills the hole. */
static void jump_swap_out(struct jump_state *state, const struct view *view)
{
    uint32_t i = 0;
    while (i < state->count) {
        backend_id backend = state->buckets[i];
        if (view->is_up[backend]) {
            i++;
        } else {
            state->is_listed[backend] = 0;
            state->buckets[i] = state->buckets[--state->count];
        }
    }
}

static void jump_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct jump_state *state = memory;
    bool shift = state->removal == REMOVAL_SHIFT;
    if (shift)
        state->count = 0;
    else
        jump_swap_out(state, view);
    for (backend_id i = 0; i < view->count; i++)
        if (view->is_up[i] && (shift || !state->is_listed[i])) {
            state->is_listed[i] = 1;
            state->buckets[state->count++] = i;
        }
}

static uint32_t jump_bucket(uint64_t key, uint32_t count)
{
    int64_t bucket = -1, next = 0;
    while (next < (int64_t)count) {
        bucket = next;
        key = key * UINT64_C(2862933555777941757) + 1;
        next = (int64_t)((double)(bucket + 1) *
                         (0x1p31 / (double)(int64_t)((key >> 33) + 1)));
    }
    return (uint32_t)bucket;
}

static backend_id jump_pick(void *memory, const struct view *view,
                            const struct request *request, struct rng *rng)
{
    (void)rng;
    const struct jump_state *state = memory;
    uint32_t bucket = jump_bucket(flow_key_hash(request), state->count);
    while (!view->is_eligible[state->buckets[bucket]])
        bucket = bucket + 1 < state->count ? bucket + 1 : 0;
    return state->buckets[bucket];
}

const struct policy_ops policy_jump = {
    .kind = {.name = "jump",
             .summary = "Jump consistent hash: numbered buckets without memory",
             .params = jump_params,
             .config_size = sizeof(struct jump_config)},
    .traits = POLICY_CONSISTENT | POLICY_UNWEIGHTED,
    .cost = "O(log n) a pick; O(n) a change",
    .source = "Lamping and Veach 2014",
    .state_size = sizeof(struct jump_state),
    .init = jump_init,
    .update = jump_update,
    .pick = jump_pick,
};
