/* SPDX-License-Identifier: GPL-3.0-or-later
   Least psi = R - T + q^3 T: R is the mean response time seen here, T the mean service
   time and q = 1 + clients x outstanding + mean queue, the last as told with replies.
   The cube keeps long queues away from fast pods.  P. L. Suresh and others, C3, NSDI
   2015, without its rate control; averages as in its ScoreTracker. */
#include "models/policy.h"

struct c3_config {
    double alpha;
};

struct c3_server {
    double waiting; /* R - T, ns */
    double service; /* T, ns */
    double queue;
};

struct c3_state {
    struct c3_server *servers; /* by backend_id */
    double alpha;
};

static const struct param c3_params[] = {
    {.key = "alpha", .type = PARAM_RATIO, .offset = PARAM_FIELD(struct c3_config, alpha, double),
     .fallback = "0.9", .min = 0.001, .max = 1,
     .help = "share of the newest reply in the averages"},
    PARAM_END,
};

static void c3_init(void *memory, const void *config, const struct view *view,
                    struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct c3_state *state = memory;
    state->alpha = ((const struct c3_config *)config)->alpha;
    state->servers = arena_take(arena, view->capacity, sizeof *state->servers);
}

static double c3_psi(const struct c3_state *state, const struct view *view,
                     backend_id backend)
{
    const struct c3_server *server = &state->servers[backend];
    double q = 1 + (double)view->outstanding[backend] * view->peers + server->queue;
    return server->waiting + q * q * q * server->service;
}

static backend_id c3_pick(void *memory, const struct view *view,
                          const struct request *request, struct rng *rng)
{
    (void)request;
    const struct c3_state *state = memory;
    backend_id best = NO_BACKEND;
    double least = 0;
    uint32_t ties = 0;
    for (uint32_t i = 0; i < view->eligible_count; i++) {
        backend_id backend = view_eligible(view, i);
        double psi = c3_psi(state, view, backend);
        if (best == NO_BACKEND || psi < least)
            ties = 0;
        else if (psi > least)
            continue;
        if (ties == 0 || rng_below(rng, ties + 1) == 0)
            best = backend;
        least = psi;
        ties++;
    }
    return best;
}

/* The service time is what each of those in the pod adds to the time there; pods tell no
   better.  Without a report the reply itself is all there is. */
static void c3_learn(void *memory, const struct view *view,
                     const struct outcome_report *outcome)
{
    struct c3_state *state = memory;
    struct c3_server *server = &state->servers[outcome->backend];
    const struct load_report *load = outcome->load;
    double queue = load != NULL ? load->in_flight : view->outstanding[outcome->backend];
    double at_pod = load != NULL ? (double)load->latency : (double)outcome->latency;
    double service = at_pod / (queue + 1);
    if (service > (double)outcome->latency)
        service = (double)outcome->latency;
    double waiting = (double)outcome->latency - service, kept = 1 - state->alpha;
    server->queue = state->alpha * queue + kept * server->queue;
    server->service = state->alpha * service + kept * server->service;
    server->waiting = state->alpha * waiting + kept * server->waiting;
}

const struct policy_ops policy_c3 = {
    .kind = {.name = "c3",
             .summary = "Least response time plus service time times the queue cubed",
             .params = c3_params,
             .config_size = sizeof(struct c3_config)},
    .traits = POLICY_REPORTS | POLICY_UNWEIGHTED,
    .tie_rule = "any at random",
    .cost = "O(n) a pick; nothing a change",
    .source = "Suresh, Canini, Schmid, Feldmann, NSDI 2015",
    .state_size = sizeof(struct c3_state),
    .init = c3_init,
    .pick = c3_pick,
    .learn = c3_learn,
};
