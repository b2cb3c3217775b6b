/* SPDX-License-Identifier: GPL-3.0-or-later
   Finagle's deterministic aperture: clients and nodes lie on rings of length 1, and a client
   uses the nodes that its arc overlaps, each by the overlap.  The arc begins at the client's
   place among its peers and is a whole number of their spacings, so that together they cover
   the nodes evenly.  Two are drawn inside, by overlap; load counts per overlap.
   Finagle: loadbalancer/aperture/WeightedAperture.scala, DeterministicAperture.scala */
#include "models/blocks/finagle_window.h"

struct finagle_deterministic_aperture_config {
    uint64_t min_aperture;
};

struct finagle_deterministic_aperture_state {
    uint64_t min_aperture;
    struct finagle_window window;
    backend_id *members;
    double *weight;  /* beside members, the sum of all 1 */
    double *overlap; /* beside members */
};

static const struct param finagle_deterministic_aperture_params[] = {
    {.key = "min_aperture", .type = PARAM_COUNT,
     .offset =
         PARAM_FIELD(struct finagle_deterministic_aperture_config, min_aperture, uint64_t),
     .fallback = "12", .min = 2, .max = 1e9,
     .help = "nodes that the arc covers at least, rounded up to whole spacings"},
    PARAM_END,
};

static void finagle_deterministic_aperture_init(void *memory, const void *config,
                                                const struct view *view, struct rng *rng,
                                                struct arena *arena)
{
    (void)rng;
    struct finagle_deterministic_aperture_state *state = memory;
    const struct finagle_deterministic_aperture_config *given = config;
    state->min_aperture = given->min_aperture;
    finagle_window_init(&state->window, view->capacity, arena);
    state->members = arena_take(arena, view->capacity, sizeof *state->members);
    state->weight = arena_take(arena, view->capacity, sizeof *state->weight);
    state->overlap = arena_take(arena, view->capacity, sizeof *state->overlap);
}

/* The least whole number of spacings that covers the aperture, at most the whole ring. */
static double finagle_deterministic_aperture_width(double spacing, double aperture)
{
    double exact = aperture / spacing;
    uint32_t whole = (uint32_t)exact;
    double width = (whole + ((double)whole < exact)) * spacing;
    return width < 1 ? width : 1;
}

/* Goes along the nodes' ring, round again if the arc does, and notes what the arc has of
   each. */
static void finagle_deterministic_aperture_lay(
    struct finagle_deterministic_aperture_state *state, uint32_t count, double begin,
    double width)
{
    double position = 0, end = begin + width;
    for (uint32_t i = 0; position < end; i = (i + 1) % count) {
        double length = state->weight[i];
        if (position < begin && position + length >= begin) {
            double inside = length + position - begin;
            state->overlap[i] += inside < width ? inside : width;
        } else if (position >= begin) {
            state->overlap[i] += position + length > end ? end - position : length;
        }
        position += length;
    }
}

static uint32_t finagle_deterministic_aperture_members(
    struct finagle_deterministic_aperture_state *state, const struct view *view)
{
    uint32_t count = 0;
    double sum = 0;
    for (backend_id i = 0; i < view->count; i++) {
        if (!view->is_member[i])
            continue;
        state->members[count] = i;
        state->overlap[count] = 0;
        state->weight[count++] = view->backends[i].weight;
        sum += view->backends[i].weight;
    }
    for (uint32_t i = 0; i < count; i++)
        state->weight[i] = sum > 0 ? state->weight[i] / sum : 1 / (double)count;
    return count;
}

static void finagle_deterministic_aperture_update(void *memory, const struct view *view,
                                                  struct rng *rng)
{
    (void)rng;
    struct finagle_deterministic_aperture_state *state = memory;
    uint32_t count = finagle_deterministic_aperture_members(state, view);
    state->window.count = 0;
    if (count == 0)
        return;
    uint32_t peers = view->peers > 0 ? view->peers : 1;
    double spacing = 1 / (double)peers, begin = (view->peer % peers) * spacing;
    double nodes = state->min_aperture < count ? (double)state->min_aperture : count;
    double width = finagle_deterministic_aperture_width(spacing, nodes * (1 / (double)count));
    finagle_deterministic_aperture_lay(state, count, begin, width);
    for (uint32_t i = 0; i < count; i++)
        if (state->overlap[i] > 0)
            finagle_window_add(&state->window, state->members[i], state->overlap[i]);
    finagle_window_close(&state->window);
}

static backend_id finagle_deterministic_aperture_pick(void *memory, const struct view *view,
                                                      const struct request *request,
                                                      struct rng *rng)
{
    (void)request;
    const struct finagle_deterministic_aperture_state *state = memory;
    backend_id pick = finagle_window_pick(&state->window, 1, view, rng);
    return pick != NO_BACKEND ? pick : finagle_window_panic(view, rng);
}

const struct policy_ops policy_finagle_deterministic_aperture = {
    .kind = {.name = "finagle.deterministic_aperture",
             .summary = "Least of two within the arc of nodes that is this client's",
             .params = finagle_deterministic_aperture_params,
             .config_size = sizeof(struct finagle_deterministic_aperture_config)},
    .tie_rule = "the first drawn",
    .cost = "O(log n) a pick; O(n) a change",
    .source = "Finagle loadbalancer/aperture/WeightedAperture.scala",
    .state_size = sizeof(struct finagle_deterministic_aperture_state),
    .init = finagle_deterministic_aperture_init,
    .update = finagle_deterministic_aperture_update,
    .pick = finagle_deterministic_aperture_pick,
};
