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

static backend_id jsq_pick(void *memory, const struct view *view,
                           const struct request *request, struct rng *rng)
{
    (void)view, (void)request;
    const struct jsq_state *state = memory;
    return ranking_any_least(&state->ranking, rng);
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
    .traits = POLICY_ORACLE,
    .tie_rule = "any at random",
    .source = "Winston 1977",
    .state_size = sizeof(struct jsq_state),
    .init = jsq_init,
    .update = jsq_update,
    .pick = jsq_pick,
    .hear = jsq_hear,
};
