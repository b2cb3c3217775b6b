/* SPDX-License-Identifier: GPL-3.0-or-later
   Each core of a Service Engine uses some of the servers, and each server is used by some
   of the cores: server i by cores i, i + 1, … i + lb_algorithm_core_nonaffinity - 1,
   going round. A core whose servers are all unavailable uses those of the next core.  NSX
   ALB (Avi) documentation, Load Balancing Algorithms; within its servers a core goes in
   turn here. */
#include "models/policy.h"

struct avi_core_affinity_config {
    uint64_t lb_algorithm_core_nonaffinity, cores;
};

struct avi_core_affinity_state {
    uint64_t nonaffinity, cores;
    backend_id *next; /* by core of this balancer */
};

static const struct param avi_core_affinity_params[] = {
    {.key = "lb_algorithm_core_nonaffinity", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct avi_core_affinity_config, lb_algorithm_core_nonaffinity,
                           uint64_t),
     .fallback = "2", .min = 1, .max = 65535, .help = "how many cores use each server"},
    {.key = "cores", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct avi_core_affinity_config, cores, uint64_t), .fallback = "1",
     .min = 1, .max = 1024,
     .help = "cores in each balancer, users spread over them; 1: each balancer is a core"},
    PARAM_END,
};

static void avi_core_affinity_init(void *memory, const void *config, const struct view *view,
                                   struct rng *rng, struct arena *arena)
{
    (void)rng, (void)view;
    struct avi_core_affinity_state *state = memory;
    const struct avi_core_affinity_config *given = config;
    state->nonaffinity = given->lb_algorithm_core_nonaffinity;
    state->cores = given->cores;
    state->next = arena_take(arena, given->cores, sizeof *state->next);
}

/* Is the server among those of the core? */
static bool avi_core_affinity_maps(const struct avi_core_affinity_state *state,
                                   backend_id backend, uint64_t core, uint64_t cores)
{
    return (core + cores - backend % cores) % cores < state->nonaffinity;
}

static backend_id avi_core_affinity_pick(void *memory, const struct view *view,
                                         const struct request *request, struct rng *rng)
{
    (void)rng;
    struct avi_core_affinity_state *state = memory;
    uint64_t own = request->user % state->cores, cores = view->peers * state->cores;
    uint64_t core = view->peer * state->cores + own;
    for (uint64_t step = 0; step < cores; step++) {
        backend_id backend = state->next[own] < view->count ? state->next[own] : 0;
        for (uint32_t i = 0; i < view->count; i++) {
            if (view->is_eligible[backend] &&
                avi_core_affinity_maps(state, backend, (core + step) % cores, cores)) {
                state->next[own] = backend + 1;
                return backend;
            }
            backend = backend + 1 < view->count ? backend + 1 : 0;
        }
    }
    return NO_BACKEND;
}

const struct policy_ops policy_avi_core_affinity = {
    .kind = {.name = "avi.core_affinity",
             .summary = "Each core in turn through its own few servers",
             .params = avi_core_affinity_params,
             .config_size = sizeof(struct avi_core_affinity_config)},
    .traits = POLICY_UNWEIGHTED,
    .cost = "O(c/a) a pick, c cores in all, a of them to a pod; nothing a change",
    .source = "NSX ALB documentation, Load Balancing Algorithms",
    .state_size = sizeof(struct avi_core_affinity_state),
    .init = avi_core_affinity_init,
    .pick = avi_core_affinity_pick,
};
