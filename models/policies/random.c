/* SPDX-License-Identifier: GPL-3.0-or-later
   Any pod, all alike, whatever their load.  The reference that every other policy must
   beat: n pods become n separate queues. */
#include "models/blocks/ahead.h"

static void random_init(void *state, const void *config, const struct view *view,
                        struct rng *rng, struct arena *arena)
{
    (void)config, (void)arena;
    ahead_init(state, view, rng);
}

static inline backend_id random_of(const struct view *view, uint64_t draw)
{
    return view_eligible(view, (uint32_t)rng_place(draw, view->eligible_count));
}

static __attribute__((noinline)) backend_id random_of_far(struct ahead *ahead,
                                                          const struct view *view,
                                                          struct rng *rng)
{
    uint64_t coming, draw = ahead_draw(ahead, rng, &coming);
    ahead_fetch(view, random_of(view, coming));
    return random_of(view, draw);
}

static backend_id random_pick(void *state, const struct view *view,
                              const struct request *request, struct rng *rng)
{
    (void)request;
    struct ahead *ahead = state;
    return ahead->is_on ? random_of_far(ahead, view, rng) : random_of(view, rng_next(rng));
}

const struct policy_ops policy_random = {
    .kind = {.name = "random", .summary = "Any pod, all alike"},
    .traits = POLICY_UNWEIGHTED,
    .cost = "O(1) a pick; nothing a change",
    .source = "textbook",
    .state_size = sizeof(struct ahead),
    .init = random_init,
    .pick = random_pick,
};
