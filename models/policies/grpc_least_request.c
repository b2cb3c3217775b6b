/* SPDX-License-Identifier: GPL-3.0-or-later
   gRPC's least_request: the fewest requests outstanding of a few endpoints drawn with
   replacement; weights are ignored.  gRFC A48; grpc-go: balancer/leastrequest/. */
#include "models/policy.h"

enum { GRPC_LEAST_REQUEST_CHOICES_MOST = 10 };

struct grpc_least_request_config {
    uint64_t choice_count;
};

struct grpc_least_request_state {
    uint32_t choices;
};

static const struct param grpc_least_request_params[] = {
    {.key = "choice_count", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct grpc_least_request_config, choice_count, uint64_t),
     .fallback = "2", .min = 2, .max = UINT32_MAX,
     .help = "how many endpoints are drawn; more than 10 count as 10"},
    PARAM_END,
};

static void grpc_least_request_init(void *memory, const void *config, const struct view *view,
                                    struct rng *rng, struct arena *arena)
{
    (void)view, (void)rng, (void)arena;
    struct grpc_least_request_state *state = memory;
    uint64_t choices = ((const struct grpc_least_request_config *)config)->choice_count;
    state->choices = choices < GRPC_LEAST_REQUEST_CHOICES_MOST
                         ? (uint32_t)choices
                         : GRPC_LEAST_REQUEST_CHOICES_MOST;
}

static backend_id grpc_least_request_pick(void *memory, const struct view *view,
                                          const struct request *request, struct rng *rng)
{
    (void)request;
    const struct grpc_least_request_state *state = memory;
    backend_id best = NO_BACKEND;
    for (uint32_t i = 0; i < state->choices; i++) {
        backend_id endpoint =
            view_eligible(view, (uint32_t)rng_below(rng, view->eligible_count));
        if (best == NO_BACKEND || view->outstanding[endpoint] < view->outstanding[best])
            best = endpoint;
    }
    return best;
}

const struct policy_ops policy_grpc_least_request = {
    .kind = {.name = "grpc.least_request",
             .summary = "gRPC: fewest outstanding of two (or more) drawn with replacement",
             .params = grpc_least_request_params,
             .config_size = sizeof(struct grpc_least_request_config)},
    .traits = POLICY_UNWEIGHTED,
    .tie_rule = "the first drawn stays",
    .differs = "requests under way count on when an endpoint is connected to anew, where grpc-go "
               "counts from 0",
    .cost = "O(c) a pick, c choices; nothing a change",
    .source = "gRFC A48; grpc-go, balancer/leastrequest/leastrequest.go",
    .state_size = sizeof(struct grpc_least_request_state),
    .init = grpc_least_request_init,
    .pick = grpc_least_request_pick,
};
