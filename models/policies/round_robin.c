/* SPDX-License-Identifier: GPL-3.0-or-later
   Each pod in turn, in the order of the list; weights and load are ignored.  The turn passes
   over pods that may not be picked now and keeps its place when members change. */
#include "models/policy.h"

enum round_robin_start { START_FIRST, START_RANDOM };

struct round_robin_config {
    uint32_t start;
};

struct round_robin_state {
    backend_id next;
};

static const char *const round_robin_starts[] = {"first", "random", NULL};

static const struct param round_robin_params[] = {
    {.key = "start", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct round_robin_config, start, uint32_t), .fallback = "first",
     .of.words = round_robin_starts,
     .help = "where each balancer begins: many that begin alike send their first requests to "
             "the same pods"},
    PARAM_END,
};

static void round_robin_init(void *memory, const void *config, const struct view *view,
                             struct rng *rng, struct arena *arena)
{
    (void)arena;
    struct round_robin_state *state = memory;
    if (((const struct round_robin_config *)config)->start == START_RANDOM && view->count > 0)
        state->next = (backend_id)rng_below(rng, view->count);
}

static backend_id round_robin_pick(void *memory, const struct view *view,
                                   const struct request *request, struct rng *rng)
{
    (void)request, (void)rng;
    struct round_robin_state *state = memory;
    backend_id pick = state->next < view->count ? state->next : 0;
    while (!view->is_eligible[pick])
        pick = pick + 1 < view->count ? pick + 1 : 0;
    state->next = pick + 1;
    return pick;
}

const struct policy_ops policy_round_robin = {
    .kind = {.name = "round_robin",
             .summary = "Each pod in turn",
             .params = round_robin_params,
             .config_size = sizeof(struct round_robin_config)},
    .traits = POLICY_UNWEIGHTED,
    .cost = "O(1) a pick; nothing a change",
    .source = "textbook",
    .state_size = sizeof(struct round_robin_state),
    .init = round_robin_init,
    .pick = round_robin_pick,
};
