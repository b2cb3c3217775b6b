/* SPDX-License-Identifier: GPL-3.0-or-later
   Join the shortest queue: the pod that truly holds the fewest requests, from all balancers,
   on their way included.  An oracle: no balancer knows this.  Optimal among policies that do
   not know sizes, for equal pods and exponential work: W. Winston, Optimality of the shortest
   line discipline, J. Appl. Prob. 14 (1977). */
#include "models/policy.h"

#include "sim/engine/ranking.h"

struct jsq_state {
    struct ranking ranking;
};

static void jsq_init(void *memory, const void *config, const struct view *view,
                     struct rng *rng, struct arena *arena)
{
    (void)config, (void)rng;
    struct jsq_state *state = memory;
    ranking_init(&state->ranking, view->capacity, arena);
}

static void jsq_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct jsq_state *state = memory;
    ranking_rebuild(&state->ranking, view->is_up);
}

/* When the shortest of all may not be picked: the shortest of those that may. */
static backend_id jsq_pick_eligible(const struct ranking *ranking, const struct view *view,
                                    struct rng *rng)
{
    backend_id best = view->eligible[0];
    uint32_t ties = 1;
    for (uint32_t i = 1; i < view->eligible_count; i++) {
        backend_id candidate = view->eligible[i];
        uint32_t count = ranking->count[candidate], least = ranking->count[best];
        ties = count < least ? 1 : ties + (count == least);
        if (count < least || (count == least && rng_below(rng, ties) == 0))
            best = candidate;
    }
    return best;
}

static backend_id jsq_pick(void *memory, const struct view *view,
                           const struct request *request, struct rng *rng)
{
    (void)request;
    const struct ranking *ranking = &((const struct jsq_state *)memory)->ranking;
    backend_id pick = ranking_any_least(ranking, rng);
    return view->is_eligible[pick] ? pick : jsq_pick_eligible(ranking, view, rng);
}

static void jsq_hear(void *memory, const struct view *view, const struct load_report *report)
{
    (void)view;
    struct ranking *ranking = &((struct jsq_state *)memory)->ranking;
    while (ranking->count[report->backend] < report->in_flight)
        ranking_up(ranking, report->backend);
    while (ranking->count[report->backend] > report->in_flight)
        ranking_down(ranking, report->backend);
}

const struct policy_ops policy_jsq = {
    .kind = {.name = "jsq", .summary = "Join the shortest queue, truly: an oracle"},
    .traits = POLICY_ORACLE | POLICY_TOLD | POLICY_UNWEIGHTED,
    .tie_rule = "any at random",
    .cost = "O(1) a pick; O(n) a change",
    .source = "Winston 1977",
    .state_size = sizeof(struct jsq_state),
    .init = jsq_init,
    .update = jsq_update,
    .pick = jsq_pick,
    .hear = jsq_hear,
};
