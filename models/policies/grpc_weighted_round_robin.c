/* SPDX-License-Identifier: GPL-3.0-or-later
   gRPC's weighted_round_robin: the static stride scheduler with weights from the load that
   endpoints report with their replies; those without one get the mean of the others.  gRFC
   A58; grpc-go: balancer/weightedroundrobin/. */
#include "models/blocks/orca.h"
#include "models/blocks/ready.h"
#include "models/blocks/start.h"
#include "models/blocks/stride.h"

struct grpc_weighted_round_robin_config {
    struct orca_config orca;
    struct start start;
    bool clamp;
};

struct grpc_weighted_round_robin_state {
    struct start start;
    bool clamp;
    struct orca orca;
    struct ready ready;
    struct stride stride;
    double *weights; /* by place in the list; 0: not known */
    uint8_t *was_up;
};

static const struct param grpc_weighted_round_robin_params[] = {
    ORCA_PARAMS(struct grpc_weighted_round_robin_config, 1e8, "1"),
    START_PARAMS(struct grpc_weighted_round_robin_config),
    {.key = "clamp", .type = PARAM_BOOL,
     .offset = PARAM_FIELD(struct grpc_weighted_round_robin_config, clamp, bool),
     .fallback = "false",
     .help = "keeps weights between 1 % and 10 times the mean, as C++ does and Go does not"},
    PARAM_END,
};

static void grpc_weighted_round_robin_init(void *memory, const void *config,
                                           const struct view *view, struct rng *rng,
                                           struct arena *arena)
{
    (void)rng;
    const struct grpc_weighted_round_robin_config *given = config;
    struct grpc_weighted_round_robin_state *state = memory;
    state->start = given->start;
    state->clamp = given->clamp;
    orca_init(&state->orca, &given->orca, ORCA_GRPC, view->capacity, arena);
    ready_init(&state->ready, view->capacity, arena);
    stride_init(&state->stride, view->capacity, arena);
    state->weights = arena_take(arena, view->capacity, sizeof *state->weights);
    state->was_up = arena_take(arena, view->capacity, sizeof *state->was_up);
}

static void grpc_weighted_round_robin_schedule(struct grpc_weighted_round_robin_state *state,
                                               sim_time at)
{
    for (uint32_t i = 0; i < state->ready.count; i++)
        if (!orca_weight(&state->orca, state->ready.list[i], at, &state->weights[i]))
            state->weights[i] = 0;
    stride_fill(&state->stride, state->weights, state->ready.count, state->clamp);
}

/* A new picker: it begins anew, reads the weights at once, and then after each period.  An
   endpoint connected to anew has no weight. */
static void grpc_weighted_round_robin_update(void *memory, const struct view *view,
                                             struct rng *rng)
{
    struct grpc_weighted_round_robin_state *state = memory;
    for (backend_id i = 0; i < view->count; i++) {
        if (view->is_up[i] && !state->was_up[i])
            orca_forget(&state->orca, i);
        state->was_up[i] = view->is_up[i];
    }
    ready_take(&state->ready, view);
    state->stride.sequence = (uint32_t)start_draw(&state->start, rng);
    grpc_weighted_round_robin_schedule(state, view->now);
    orca_restart(&state->orca, view->now);
}

static void grpc_weighted_round_robin_tick(struct grpc_weighted_round_robin_state *state,
                                           sim_time now)
{
    sim_time at;
    if (orca_is_due(&state->orca, now, &at) && state->ready.count > 1)
        grpc_weighted_round_robin_schedule(state, at);
}

/* A full one loses its turn; where only such come up that weigh next to nothing beside the
   full, the next of the list. */
static backend_id grpc_weighted_round_robin_pick(void *memory, const struct view *view,
                                                 const struct request *request,
                                                 struct rng *rng)
{
    (void)request, (void)rng;
    struct grpc_weighted_round_robin_state *state = memory;
    grpc_weighted_round_robin_tick(state, view->now);
    for (uint64_t turn = 0; turn < 8 * (uint64_t)state->ready.count; turn++) {
        backend_id pick = state->ready.list[stride_pick(&state->stride)];
        if (view->is_eligible[pick])
            return pick;
    }
    return ready_next(&state->ready, view->is_eligible);
}

static void grpc_weighted_round_robin_learn(void *memory, const struct view *view,
                                            const struct outcome_report *outcome)
{
    struct grpc_weighted_round_robin_state *state = memory;
    grpc_weighted_round_robin_tick(state, view->now);
    orca_learn(&state->orca, view->now, outcome);
}

const struct policy_ops policy_grpc_weighted_round_robin = {
    .kind = {.name = "grpc.weighted_round_robin",
             .summary = "gRPC: static stride by weights from the load that endpoints report",
             .params = grpc_weighted_round_robin_params,
             .config_size = sizeof(struct grpc_weighted_round_robin_config)},
    .traits = POLICY_REPORTS,
    .cost = "O(g/m) a pick, greatest weight g over the mean m, O(n) each "
            "weight_update_period; O(n) a change",
    .source = "gRFC A58; grpc-go, balancer/weightedroundrobin/",
    .state_size = sizeof(struct grpc_weighted_round_robin_state),
    .init = grpc_weighted_round_robin_init,
    .update = grpc_weighted_round_robin_update,
    .pick = grpc_weighted_round_robin_pick,
    .learn = grpc_weighted_round_robin_learn,
};
