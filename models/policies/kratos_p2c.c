/* SPDX-License-Identifier: GPL-3.0-or-later
   The better of two by successes over (latency x in flight), where the age of requests in
   flight counts before their replies come.  Who was not picked for 3 s wins anyway.  Any
   change of members makes all nodes new.  go-kratos/kratos selector/p2c/p2c.go,
   node/ewma/node.go; the algorithm changed with 2.8 (#3015). */
#include "models/blocks/ewma.h"
#include "models/blocks/pair.h"
#include "models/policy.h"

#include <math.h>

enum { KRATOS_P2C_SLOTS = 200 };
enum kratos_p2c_version { VERSION_2_8, VERSION_2_7 };

#define KRATOS_P2C_TAU (600 * SIM_MILLISECOND)
#define KRATOS_P2C_FORCED_AFTER (3 * SIM_SECOND)
#define KRATOS_P2C_KEPT (5 * SIM_MILLISECOND)

struct kratos_p2c_config {
    uint32_t version;
};

struct kratos_p2c_node {
    int64_t lag;             /* ns; 0: no reply yet */
    uint64_t success;        /* 0 … 1000 */
    uint64_t in_flight;      /* starts at 1 */
    sim_time replied_at, picked_at;
    sim_time weighed_at, predicted_at;
    double weight;           /* as of weighed_at */
    int64_t predicted;       /* as of predicted_at */
    uint32_t requests;       /* modulo the slots */
    sim_time begins[KRATOS_P2C_SLOTS]; /* of requests in flight, + 1; 0: free */
};

struct kratos_p2c_state {
    struct kratos_p2c_node *nodes; /* by backend_id */
    sim_time applied_at;
    enum kratos_p2c_version version;
};

static const char *const kratos_p2c_versions[] = {"2.8", "2.7", NULL};

static const struct param kratos_p2c_params[] = {
    {.key = "version", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct kratos_p2c_config, version, uint32_t), .fallback = "2.8",
     .of.words = kratos_p2c_versions,
     .help = "2.8 and later: root of latency + 5 ms, weights kept for 5 ms; 2.7 and before: "
             "plain latency"},
    PARAM_END,
};

static void kratos_p2c_init(void *memory, const void *config, const struct view *view,
                            struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct kratos_p2c_state *state = memory;
    state->version = ((const struct kratos_p2c_config *)config)->version;
    state->nodes = arena_take(arena, view->capacity, sizeof *state->nodes);
}

static void kratos_p2c_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct kratos_p2c_state *state = memory;
    state->applied_at = view->now;
    for (backend_id i = 0; i < view->count; i++)
        state->nodes[i] = (struct kratos_p2c_node){
            .success = 1000, .in_flight = 1, .replied_at = -SIM_LONGEST,
            .picked_at = -SIM_LONGEST, .weighed_at = -SIM_LONGEST,
            .predicted_at = -SIM_LONGEST};
}

/* Mean age of the requests in flight older than the mean latency, if most are; else 0. */
static int64_t kratos_p2c_predict(const struct kratos_p2c_node *node, sim_time now,
                                  bool strictly)
{
    int64_t total = 0, slow = 0, all = 0;
    for (uint32_t i = 0; i < KRATOS_P2C_SLOTS; i++) {
        if (node->begins[i] == 0)
            continue;
        int64_t age = now - (node->begins[i] - 1);
        all++;
        slow += age > node->lag;
        total += age > node->lag ? age : 0;
    }
    return slow > 0 && slow >= all / 2 + 1 + strictly ? total / slow : 0;
}

static double kratos_p2c_weigh(const struct kratos_p2c_node *node, sim_time now)
{
    int64_t lag = node->lag, predicted = kratos_p2c_predict(node, now, false);
    uint64_t load = 100 * SIM_MICROSECOND * node->in_flight;
    if (lag > 0) {
        lag = (predicted > lag ? predicted : lag) + 5 * SIM_MILLISECOND;
        load = (uint64_t)sqrt((double)lag) * node->in_flight;
    }
    return (double)(node->success * 10 * SIM_MICROSECOND * 1000) / (double)load;
}

/* Before 2.8: the prediction is kept for a fifth of the latency, 5 to 200 ms. */
static double kratos_p2c_weigh_old(struct kratos_p2c_node *node, sim_time now)
{
    sim_time keep = node->lag / 5;
    keep = keep < 5 * SIM_MILLISECOND ? 5 * SIM_MILLISECOND : keep;
    keep = keep > 200 * SIM_MILLISECOND ? 200 * SIM_MILLISECOND : keep;
    if (now - node->predicted_at > keep) {
        node->predicted_at = now;
        node->predicted = kratos_p2c_predict(node, now, true);
    }
    int64_t lag = node->lag == 0                ? 10 * SIM_SECOND
                  : node->predicted > node->lag ? node->predicted
                                                : node->lag;
    return (double)(node->success * SIM_SECOND) / (double)((uint64_t)lag * node->in_flight);
}

static double kratos_p2c_weight(const struct kratos_p2c_state *state,
                                struct kratos_p2c_node *node, sim_time now)
{
    if (state->version == VERSION_2_7)
        return kratos_p2c_weigh_old(node, now);
    if (now - node->weighed_at > KRATOS_P2C_KEPT) {
        node->weight = kratos_p2c_weigh(node, now);
        node->weighed_at = now;
    }
    return node->weight;
}

static backend_id kratos_p2c_of_two(struct kratos_p2c_state *state, struct pair pair,
                                    sim_time now)
{
    double weight_b = kratos_p2c_weight(state, &state->nodes[pair.second], now);
    bool second = weight_b > kratos_p2c_weight(state, &state->nodes[pair.first], now);
    backend_id winner = second ? pair.second : pair.first;
    backend_id loser = second ? pair.first : pair.second;
    bool forced = now - state->nodes[loser].picked_at > KRATOS_P2C_FORCED_AFTER;
    return forced ? loser : winner;
}

static backend_id kratos_p2c_pick(void *memory, const struct view *view,
                                  const struct request *request, struct rng *rng)
{
    (void)request;
    struct kratos_p2c_state *state = memory;
    backend_id pick = view->eligible_count == 1
                          ? view_eligible(view, 0)
                          : kratos_p2c_of_two(state, pair_draw(view, rng), view->now);
    struct kratos_p2c_node *node = &state->nodes[pick];
    node->picked_at = view->now;
    node->in_flight++;
    node->requests = (node->requests + 1) % KRATOS_P2C_SLOTS;
    if (node->begins[node->requests] == 0)
        node->begins[node->requests] = view->now + 1;
    return pick;
}

/* Calls that nobody answered and 503 and 504 are failures. */
static bool kratos_p2c_failed(const struct outcome_report *outcome)
{
    return !outcome->success &&
           (outcome->status == 0 || outcome->status == 503 || outcome->status == 504);
}

static void kratos_p2c_learn(void *memory, const struct view *view,
                             const struct outcome_report *outcome)
{
    struct kratos_p2c_state *state = memory;
    struct kratos_p2c_node *node = &state->nodes[outcome->backend];
    sim_time begin = view->now - outcome->latency;
    if (begin < state->applied_at || node->in_flight < 2)
        return;
    for (uint32_t i = 0; i < KRATOS_P2C_SLOTS; i++)
        if (node->begins[i] == begin + 1) {
            node->begins[i] = 0;
            break;
        }
    node->in_flight--;
    double kept = node->lag == 0 ? 0
                                 : ewma_remains(view->now - node->replied_at, KRATOS_P2C_TAU);
    double success = kratos_p2c_failed(outcome) ? 0 : 1000;
    node->replied_at = view->now;
    node->lag = (int64_t)((double)node->lag * kept + (double)outcome->latency * (1.0 - kept));
    node->success = (uint64_t)((double)node->success * kept + success * (1.0 - kept));
}

const struct policy_ops policy_kratos_p2c = {
    .kind = {.name = "kratos.p2c",
             .summary = "The better of two by successes over latency times in flight",
             .params = kratos_p2c_params,
             .config_size = sizeof(struct kratos_p2c_config)},
    .tie_rule = "the first drawn, but who was not picked for 3 s goes before all",
    .cost = "O(1) a pick, 200 slots looked through every 5 ms for a pod; O(n) a change",
    .source = "go-kratos/kratos selector/p2c/p2c.go, selector/node/ewma/node.go",
    .state_size = sizeof(struct kratos_p2c_state),
    .init = kratos_p2c_init,
    .update = kratos_p2c_update,
    .pick = kratos_p2c_pick,
    .learn = kratos_p2c_learn,
};
