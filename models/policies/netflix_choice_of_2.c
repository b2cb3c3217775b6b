/* SPDX-License-Identifier: GPL-3.0-or-later
   The better of two by the sum of error share, utilisation as told with replies and share
   of the pair's requests in flight.  Servers beyond thresholds are drawn again; a new one
   gets a single request until it has answered, and looks busier while it is young.
   Statistics fade to nothing.  Netflix, Rethinking Netflix's Edge Load Balancing (2018);
   the weighing of the three parts was not published. */
#include "models/blocks/error_share.h"
#include "models/blocks/pair.h"
#include "models/policy.h"

struct netflix_choice_of_2_config {
    double max_error_rate, max_utilisation;
    uint64_t draws;
    sim_time warmup, decay;
};

struct netflix_choice_of_2_server {
    struct error_share errors;
    double utilisation;
    sim_time told_at, since;
    bool is_up, has_answered;
};

struct netflix_choice_of_2_state {
    struct netflix_choice_of_2_config config;
    struct netflix_choice_of_2_server *servers; /* by backend_id */
};

static const struct param netflix_choice_of_2_params[] = {
    {.key = "max_error_rate", .type = PARAM_RATIO,
     .offset = PARAM_FIELD(struct netflix_choice_of_2_config, max_error_rate, double),
     .fallback = "50%", .max = 1, .help = "servers that fail more often are drawn again"},
    {.key = "max_utilisation", .type = PARAM_RATIO,
     .offset = PARAM_FIELD(struct netflix_choice_of_2_config, max_utilisation, double),
     .fallback = "100%", .max = 1, .help = "busier servers are drawn again"},
    {.key = "draws", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct netflix_choice_of_2_config, draws, uint64_t),
     .fallback = "3", .min = 1, .max = 64,
     .help = "pairs drawn until one has a server within the thresholds"},
    {.key = "warmup", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct netflix_choice_of_2_config, warmup, sim_time),
     .fallback = "90s", .max = 3.6e12,
     .help = "a new server's utilisation counts as 1 at first and as told after this"},
    {.key = "decay", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct netflix_choice_of_2_config, decay, sim_time),
     .fallback = "30s", .min = 1e6, .max = 3.6e12,
     .help = "statistics of a server that does not answer fade to 0 within this"},
    PARAM_END,
};

static void netflix_choice_of_2_init(void *memory, const void *config,
                                     const struct view *view, struct rng *rng,
                                     struct arena *arena)
{
    (void)rng;
    struct netflix_choice_of_2_state *state = memory;
    state->config = *(const struct netflix_choice_of_2_config *)config;
    state->servers = arena_take(arena, view->capacity, sizeof *state->servers);
}

static void netflix_choice_of_2_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct netflix_choice_of_2_state *state = memory;
    for (backend_id i = 0; i < view->count; i++) {
        if (view->is_up[i] && !state->servers[i].is_up)
            state->servers[i] = (struct netflix_choice_of_2_server){.since = view->now};
        state->servers[i].is_up = view->is_up[i];
    }
}

/* 1 now, 0 after `span`, on a straight line. */
static double netflix_choice_of_2_left(sim_time since, sim_time now, sim_time span)
{
    return now - since < span ? 1 - (double)(now - since) / (double)span : 0;
}

/* What the comparison uses of one server. */
struct netflix_choice_of_2_look {
    double errors, utilisation, warm_utilisation;
    bool may; /* within the thresholds and not on probation */
};

static struct netflix_choice_of_2_look netflix_choice_of_2_see(
    const struct netflix_choice_of_2_state *state, const struct view *view, backend_id backend)
{
    const struct netflix_choice_of_2_server *server = &state->servers[backend];
    const struct netflix_choice_of_2_config *config = &state->config;
    struct netflix_choice_of_2_look look = {
        .errors = error_share_value(&server->errors) *
                  netflix_choice_of_2_left(server->errors.at, view->now, config->decay),
        .utilisation = server->utilisation *
                       netflix_choice_of_2_left(server->told_at, view->now, config->decay),
    };
    double young = netflix_choice_of_2_left(server->since, view->now, config->warmup);
    look.warm_utilisation = look.utilisation + (1 - look.utilisation) * young;
    look.may = look.errors <= config->max_error_rate &&
               look.utilisation <= config->max_utilisation &&
               (server->has_answered || view->outstanding[backend] == 0);
    return look;
}

static backend_id netflix_choice_of_2_pick(void *memory, const struct view *view,
                                           const struct request *request, struct rng *rng)
{
    (void)request;
    const struct netflix_choice_of_2_state *state = memory;
    if (view->eligible_count == 1)
        return view_eligible(view, 0);
    struct pair pair = pair_draw(view, rng);
    struct netflix_choice_of_2_look a = netflix_choice_of_2_see(state, view, pair.first);
    struct netflix_choice_of_2_look b = netflix_choice_of_2_see(state, view, pair.second);
    for (uint64_t draw = 1; draw < state->config.draws && !a.may && !b.may; draw++) {
        pair = pair_draw(view, rng);
        a = netflix_choice_of_2_see(state, view, pair.first);
        b = netflix_choice_of_2_see(state, view, pair.second);
    }
    if (a.may != b.may)
        return a.may ? pair.first : pair.second;
    double in_flight_a = view->outstanding[pair.first];
    double in_flight_b = view->outstanding[pair.second];
    double both = in_flight_a + in_flight_b > 0 ? in_flight_a + in_flight_b : 1;
    double score_a = a.errors + a.warm_utilisation + in_flight_a / both;
    double score_b = b.errors + b.warm_utilisation + in_flight_b / both;
    return score_b < score_a ? pair.second : pair.first;
}

static void netflix_choice_of_2_learn(void *memory, const struct view *view,
                                      const struct outcome_report *outcome)
{
    struct netflix_choice_of_2_state *state = memory;
    struct netflix_choice_of_2_server *server = &state->servers[outcome->backend];
    error_share_feed(&server->errors, outcome->success, view->now, state->config.decay);
    server->has_answered |= outcome->success || outcome->status != 0;
    if (outcome->load != NULL) {
        server->utilisation = outcome->load->utilisation;
        server->told_at = view->now;
    }
}

const struct policy_ops policy_netflix_choice_of_2 = {
    .kind = {.name = "netflix.choice_of_2",
             .summary = "The better of two by errors, reported utilisation and in flight",
             .params = netflix_choice_of_2_params,
             .config_size = sizeof(struct netflix_choice_of_2_config)},
    .traits = POLICY_REPORTS | POLICY_UNWEIGHTED,
    .tie_rule = "the first drawn",
    .cost = "O(d) a pick, d draws; O(n) a change",
    .source = "Netflix, Rethinking Netflix's Edge Load Balancing, 2018",
    .state_size = sizeof(struct netflix_choice_of_2_state),
    .init = netflix_choice_of_2_init,
    .update = netflix_choice_of_2_update,
    .pick = netflix_choice_of_2_pick,
    .learn = netflix_choice_of_2_learn,
};
