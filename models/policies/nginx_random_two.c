/* SPDX-License-Identifier: GPL-3.0-or-later
   nginx random two: two different servers drawn by weight, the one with fewer connections for
   its weight (or less time, as least_time scores it) wins.  Draws of the same, of failed, full
   or tried ones are in vain; with no two after 21 draws smooth round robin decides.
   nginx: src/http/modules/ngx_http_upstream_random_module.c */
#include "models/blocks/nginx_draw.h"
#include "models/blocks/nginx_times.h"

enum nginx_random_two_method { METHOD_CONNECTIONS, METHOD_HEADER, METHOD_LAST_BYTE };

struct nginx_random_two_config {
    struct nginx_peers_config peers;
    uint32_t method;
};

struct nginx_random_two_state {
    struct nginx_peers peers;
    struct nginx_draw draw;
    struct nginx_times times;
    uint32_t method;
};

static const char *const nginx_random_two_methods[] = {
    "least_conn", "least_time=header", "least_time=last_byte", NULL};

static const struct param nginx_random_two_params[] = {
    {.key = "method", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct nginx_random_two_config, method, uint32_t),
     .fallback = "least_conn", .of.words = nginx_random_two_methods,
     .help = "what decides between the two; time only in the commercial edition"},
    NGINX_PEERS_PARAMS(struct nginx_random_two_config),
    PARAM_END,
};

static void nginx_random_two_init(void *memory, const void *config, const struct view *view,
                                  struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct nginx_random_two_state *state = memory;
    const struct nginx_random_two_config *given = config;
    nginx_peers_init(&state->peers, &given->peers, view, arena);
    nginx_draw_init(&state->draw, view->capacity, arena);
    nginx_times_init(&state->times, view->capacity, arena);
    state->method = given->method;
    state->times.mode =
        given->method == METHOD_HEADER ? NGINX_TIMES_HEADER : NGINX_TIMES_LAST_BYTE;
}

static void nginx_random_two_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct nginx_random_two_state *state = memory;
    if (nginx_peers_update(&state->peers, view))
        nginx_times_reset(&state->times, view->count);
    nginx_draw_update(&state->draw, &state->peers, view);
}

static uint64_t nginx_random_two_load(const struct nginx_random_two_state *state,
                                      const struct view *view, backend_id backend)
{
    return state->method == METHOD_CONNECTIONS
               ? view->outstanding[backend]
               : nginx_times_score(&state->times, &state->peers, view, backend);
}

/* The second drawn wins unless it is worse. */
static backend_id nginx_random_two_better(const struct nginx_random_two_state *state,
                                          const struct view *view, backend_id first,
                                          backend_id second)
{
    const int64_t *weight = state->peers.smooth.weight;
    uint64_t load = nginx_random_two_load(state, view, second) * (uint64_t)weight[first];
    uint64_t best = nginx_random_two_load(state, view, first) * (uint64_t)weight[second];
    return load > best ? first : second;
}

static backend_id nginx_random_two_pick(void *memory, const struct view *view,
                                        const struct request *request, struct rng *rng)
{
    struct nginx_random_two_state *state = memory;
    uint32_t tries = state->draw.count < 2 ? NGINX_DRAW_TRIES + 1 : 0;
    backend_id first = NO_BACKEND;
    for (; tries <= NGINX_DRAW_TRIES; tries++) {
        backend_id drawn = nginx_draw_one(&state->draw, rng);
        if (drawn == first || !nginx_peers_is_usable(&state->peers, view, request, drawn))
            continue;
        if (first == NO_BACKEND) {
            first = drawn;
            continue;
        }
        backend_id pick = nginx_random_two_better(state, view, first, drawn);
        nginx_peers_chosen(&state->peers, view, pick);
        return pick;
    }
    return nginx_peers_round_robin(&state->peers, view, request);
}

static void nginx_random_two_sent(void *memory, const struct view *view, backend_id backend)
{
    nginx_times_sent(&((struct nginx_random_two_state *)memory)->times, view, backend);
}

static void nginx_random_two_learn(void *memory, const struct view *view,
                                   const struct outcome_report *outcome)
{
    struct nginx_random_two_state *state = memory;
    nginx_times_learn(&state->times, view, outcome);
    nginx_peers_learn(&state->peers, view, outcome);
}

const struct policy_ops policy_nginx_random_two = {
    .kind = {.name = "nginx.random_two",
             .summary = "The better of two servers drawn by weight",
             .params = nginx_random_two_params,
             .config_size = sizeof(struct nginx_random_two_config)},
    .traits = POLICY_REFUSES,
    .differs = NGINX_PEERS_DIFFERS,
    .tie_rule = "the second drawn",
    .cost = "O(log n) a pick; O(n) a change",
    .source = "nginx src/http/modules/ngx_http_upstream_random_module.c",
    .state_size = sizeof(struct nginx_random_two_state),
    .init = nginx_random_two_init,
    .update = nginx_random_two_update,
    .pick = nginx_random_two_pick,
    .sent = nginx_random_two_sent,
    .learn = nginx_random_two_learn,
};
