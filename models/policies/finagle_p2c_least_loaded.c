/* SPDX-License-Identifier: GPL-3.0-or-later
   Finagle's default: two distinct nodes at random, the one with fewer requests outstanding.
   Nodes of different weights are balanced apart, each class getting its share.
   Finagle: loadbalancer/p2c/P2CLeastLoaded.scala, TrafficDistributor.scala */
#include "models/blocks/finagle_classes.h"

struct finagle_p2c_least_loaded_state {
    struct finagle_classes classes;
};

static void finagle_p2c_least_loaded_init(void *memory, const void *config,
                                          const struct view *view, struct rng *rng,
                                          struct arena *arena)
{
    (void)config, (void)rng;
    struct finagle_p2c_least_loaded_state *state = memory;
    finagle_classes_init(&state->classes, view->capacity, arena);
}

static void finagle_p2c_least_loaded_update(void *memory, const struct view *view,
                                            struct rng *rng)
{
    (void)rng;
    struct finagle_p2c_least_loaded_state *state = memory;
    finagle_classes_update(&state->classes, view);
}

static double finagle_p2c_least_loaded_load(void *memory, const struct view *view,
                                            backend_id backend)
{
    (void)memory;
    return view->outstanding[backend];
}

static backend_id finagle_p2c_least_loaded_pick(void *memory, const struct view *view,
                                                const struct request *request,
                                                struct rng *rng)
{
    (void)request;
    struct finagle_p2c_least_loaded_state *state = memory;
    struct finagle_load load = {finagle_p2c_least_loaded_load, state};
    return finagle_classes_pick(&state->classes, view, load, rng);
}

const struct policy_ops policy_finagle_p2c_least_loaded = {
    .kind = {.name = "finagle.p2c_least_loaded",
             .summary = "Least outstanding of two distinct nodes drawn at random"},
    .traits = POLICY_WEIGHTED,
    .tie_rule = "the first drawn",
    .cost = "O(c) a pick, c different weights; O(n c) a change",
    .source = "Finagle loadbalancer/p2c/P2CPick.scala",
    .state_size = sizeof(struct finagle_p2c_least_loaded_state),
    .init = finagle_p2c_least_loaded_init,
    .update = finagle_p2c_least_loaded_update,
    .pick = finagle_p2c_least_loaded_pick,
};
