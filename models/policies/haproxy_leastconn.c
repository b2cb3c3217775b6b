/* SPDX-License-Identifier: GPL-3.0-or-later
   HAProxy leastconn: the least (connections + 1) / weight, where an idle server has 0 whatever
   its weight.  Among equals first come first served: a server goes to the end of its key's
   list whenever its key changes.  In later versions of 3 each key has four lists, one of which
   is drawn to put a server in and one to look first.
   HAProxy: src/lb_fwlc.c */
#include "models/blocks/fifo_tree.h"
#include "models/blocks/haproxy_weight.h"

enum { HAPROXY_LEASTCONN_LISTS = 4 };

struct haproxy_leastconn_config {
    uint32_t lists;
};

struct haproxy_leastconn_server {
    uint32_t weight; /* in sixteenths; 0: in no list */
    uint32_t key;
    uint32_t list;
};

struct haproxy_leastconn_state {
    struct haproxy_leastconn_server *servers;
    struct fifo_tree lists[HAPROXY_LEASTCONN_LISTS];
    uint32_t count;
    struct rng rng; /* for lists drawn when a connection ends */
};

static const char *const haproxy_leastconn_lists[] = {"1", "4", NULL};

static const struct param haproxy_leastconn_params[] = {
    {.key = "lists", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct haproxy_leastconn_config, lists, uint32_t),
     .fallback = "1", .of.words = haproxy_leastconn_lists,
     .help = "lists of equally loaded servers: 1 keeps their order, 4 (later 3.x) nearly"},
    PARAM_END,
};

static void haproxy_leastconn_init(void *memory, const void *config, const struct view *view,
                                   struct rng *rng, struct arena *arena)
{
    struct haproxy_leastconn_state *state = memory;
    const struct haproxy_leastconn_config *given = config;
    state->count = given->lists == 0 ? 1 : HAPROXY_LEASTCONN_LISTS;
    state->servers = arena_take(arena, view->capacity, sizeof *state->servers);
    for (uint32_t i = 0; i < state->count; i++)
        fifo_tree_init(&state->lists[i], view->capacity, arena);
    if (state->count > 1)
        rng_seed(&state->rng, rng_next(rng));
}

static uint32_t haproxy_leastconn_draw(struct haproxy_leastconn_state *state)
{
    return state->count > 1 ? (uint32_t)rng_below(&state->rng, state->count) : 0;
}

static void haproxy_leastconn_remove(struct haproxy_leastconn_state *state, backend_id backend)
{
    fifo_tree_remove(&state->lists[state->servers[backend].list], backend);
}

static void haproxy_leastconn_queue(struct haproxy_leastconn_state *state, backend_id backend)
{
    struct haproxy_leastconn_server *server = &state->servers[backend];
    haproxy_leastconn_remove(state, backend);
    server->list = haproxy_leastconn_draw(state);
    fifo_tree_insert(&state->lists[server->list], backend, server->key);
}

static uint32_t haproxy_leastconn_key(const struct haproxy_leastconn_state *state,
                                      const struct view *view, backend_id backend)
{
    uint32_t outstanding = view->outstanding[backend];
    return outstanding == 0
               ? 0
               : (outstanding + 1) * HAPROXY_WEIGHT_MOST / state->servers[backend].weight;
}

static void haproxy_leastconn_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct haproxy_leastconn_state *state = memory;
    for (backend_id i = 0; i < view->count; i++) {
        struct haproxy_leastconn_server *server = &state->servers[i];
        uint32_t weight = haproxy_weight(view, i);
        if (weight == server->weight)
            continue;
        server->weight = weight;
        if (weight == 0) {
            haproxy_leastconn_remove(state, i);
            continue;
        }
        server->key = haproxy_leastconn_key(state, view, i);
        haproxy_leastconn_queue(state, i);
    }
}

/* The first of the least key, from a list drawn on; NO_BACKEND when all lists are empty. */
static backend_id haproxy_leastconn_first(struct haproxy_leastconn_state *state)
{
    uint32_t from = haproxy_leastconn_draw(state), least = UINT32_MAX;
    backend_id first = NO_BACKEND;
    for (uint32_t i = 0; i < state->count; i++) {
        const struct fifo_tree *list = &state->lists[(from + i) % state->count];
        if (fifo_tree_is_empty(list) ||
            (first != NO_BACKEND && fifo_tree_least_key(list) >= least))
            continue;
        least = fifo_tree_least_key(list);
        first = fifo_tree_first(list);
    }
    return first;
}

static uint64_t haproxy_leastconn_value(const struct haproxy_leastconn_state *state,
                                        backend_id backend)
{
    const struct least_tree *tree = &state->lists[state->servers[backend].list].tree;
    return tree->values[tree->leaves + backend];
}

/* The first is full or to be avoided: the next in order, by a walk. */
static backend_id haproxy_leastconn_walk(const struct haproxy_leastconn_state *state,
                                         const struct view *view, backend_id avoid)
{
    backend_id best = NO_BACKEND;
    for (uint32_t i = 0; i < view->eligible_count; i++) {
        backend_id backend = view_eligible(view, i);
        if (backend != avoid && state->servers[backend].weight > 0 &&
            (best == NO_BACKEND || haproxy_leastconn_value(state, backend) <
                                       haproxy_leastconn_value(state, best)))
            best = backend;
    }
    if (best == NO_BACKEND && avoid != NO_BACKEND && view->is_eligible[avoid] &&
        state->servers[avoid].weight > 0)
        best = avoid;
    return best != NO_BACKEND ? best : haproxy_drained(view, avoid);
}

static backend_id haproxy_leastconn_pick(void *memory, const struct view *view,
                                         const struct request *request, struct rng *rng)
{
    (void)rng;
    struct haproxy_leastconn_state *state = memory;
    backend_id avoid = haproxy_avoided(request);
    backend_id pick = haproxy_leastconn_first(state);
    if (pick != NO_BACKEND && pick != avoid && view->is_eligible[pick])
        return pick;
    return haproxy_leastconn_walk(state, view, avoid);
}

static void haproxy_leastconn_move(void *memory, const struct view *view, backend_id backend)
{
    struct haproxy_leastconn_state *state = memory;
    struct haproxy_leastconn_server *server = &state->servers[backend];
    if (server->weight == 0)
        return;
    uint32_t key = haproxy_leastconn_key(state, view, backend);
    if (key == server->key)
        return;
    server->key = key;
    haproxy_leastconn_queue(state, backend);
}

const struct policy_ops policy_haproxy_leastconn = {
    .kind = {.name = "haproxy.leastconn",
             .summary = "Least (outstanding + 1) / weight, idle servers before all others",
             .params = haproxy_leastconn_params,
             .config_size = sizeof(struct haproxy_leastconn_config)},
    .traits = POLICY_WAITS,
    .differs = "with 4 lists who stands behind a full server is found, where HAProxy may go on "
               "to a greater load; " HAPROXY_DRAINED_DIFFERS,
    .tie_rule = "who has had this load for longest",
    .cost = "O(log n) a pick, O(n) where the first is full; O(n) a change",
    .source = "HAProxy src/lb_fwlc.c",
    .state_size = sizeof(struct haproxy_leastconn_state),
    .init = haproxy_leastconn_init,
    .update = haproxy_leastconn_update,
    .pick = haproxy_leastconn_pick,
    .sent = haproxy_leastconn_move,
    .done = haproxy_leastconn_move,
};
