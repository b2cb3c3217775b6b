/* SPDX-License-Identifier: GPL-3.0-or-later
   gRPC's round_robin: each ready endpoint in turn, beginning anew at random whenever one comes
   or goes.  C++ and Java keep the order of the list; Go, which keeps endpoints in a map, puts
   them in a new random order each time.  grpc-go: balancer/roundrobin/, endpointsharding/. */
#include "models/blocks/ready.h"
#include "models/blocks/start.h"

enum grpc_round_robin_order { ORDER_LIST, ORDER_SHUFFLED };

struct grpc_round_robin_config {
    struct start start;
    uint32_t order;
};

struct grpc_round_robin_state {
    struct grpc_round_robin_config config;
    struct ready ready;
};

static const char *const grpc_round_robin_orders[] = {"list", "shuffled", NULL};

static const struct param grpc_round_robin_params[] = {
    START_PARAMS(struct grpc_round_robin_config),
    {.key = "order", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct grpc_round_robin_config, order, uint32_t),
     .fallback = "list", .of.words = grpc_round_robin_orders,
     .help = "in which endpoints take turns: as listed (C++, Java), or in a random one that "
             "changes with every update (Go)"},
    PARAM_END,
};

static void grpc_round_robin_init(void *memory, const void *config, const struct view *view,
                                  struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct grpc_round_robin_state *state = memory;
    state->config = *(const struct grpc_round_robin_config *)config;
    ready_init(&state->ready, view->capacity, arena);
}

static void grpc_round_robin_update(void *memory, const struct view *view, struct rng *rng)
{
    struct grpc_round_robin_state *state = memory;
    ready_take(&state->ready, view);
    if (state->config.order == ORDER_SHUFFLED)
        ready_shuffle(&state->ready, rng);
    state->ready.turn = (uint32_t)start_draw(&state->config.start, rng);
}

static backend_id grpc_round_robin_pick(void *memory, const struct view *view,
                                        const struct request *request, struct rng *rng)
{
    (void)request, (void)rng;
    struct grpc_round_robin_state *state = memory;
    return ready_next(&state->ready, view->is_eligible);
}

const struct policy_ops policy_grpc_round_robin = {
    .kind = {.name = "grpc.round_robin",
             .summary = "gRPC: each endpoint in turn, from a random one after each update",
             .params = grpc_round_robin_params,
             .config_size = sizeof(struct grpc_round_robin_config)},
    .traits = POLICY_UNWEIGHTED,
    .cost = "O(1) a pick; O(n) a change",
    .source = "grpc-go, balancer/endpointsharding/endpointsharding.go; C++, round_robin.cc",
    .state_size = sizeof(struct grpc_round_robin_state),
    .init = grpc_round_robin_init,
    .update = grpc_round_robin_update,
    .pick = grpc_round_robin_pick,
};
