/* SPDX-License-Identifier: GPL-3.0-or-later
   Weighted power of two choices as in Finagle's apertures. */
#include "models/blocks/finagle_window.h"

#include "models/blocks/pair.h"

enum { FINAGLE_WINDOW_EFFORT = 5, FINAGLE_WINDOW_DRAWS = 5 };

void finagle_window_init(struct finagle_window *window, uint32_t capacity,
                         struct arena *arena)
{
    window->nodes = arena_take(arena, capacity, sizeof *window->nodes);
    window->weight = arena_take(arena, capacity, sizeof *window->weight);
    window->end = arena_take(arena, capacity, sizeof *window->end);
}

void finagle_window_add(struct finagle_window *window, backend_id node, double weight)
{
    window->nodes[window->count] = node;
    window->weight[window->count++] = weight;
}

/* Nodes that all have no weight are drawn alike. */
void finagle_window_close(struct finagle_window *window)
{
    double sum = 0, end = 0;
    for (uint32_t i = 0; i < window->count; i++)
        sum += window->weight[i];
    for (uint32_t i = 0; i < window->count; i++) {
        end += sum > 0 ? window->weight[i] / sum : 1 / (double)window->count;
        window->end[i] = end;
    }
}

/* The first whose end is not before the point. */
static uint32_t finagle_window_draw(const struct finagle_window *window, double reach,
                                    struct rng *rng)
{
    double point = rng_uniform(rng) * reach;
    uint32_t low = 0, high = window->count - 1;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (window->end[middle] >= point)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Weights that differ by less than 0.0001 count as equal. */
static bool finagle_window_is_better(const struct view *view, backend_id first,
                                     double first_weight, backend_id second,
                                     double second_weight)
{
    if (view->is_eligible[first] != view->is_eligible[second])
        return view->is_eligible[first];
    double first_load = view->outstanding[first], second_load = view->outstanding[second];
    double difference = first_weight - second_weight;
    if (difference < 0.0001 && difference > -0.0001)
        return first_load <= second_load;
    return first_load / (first_weight == 0 ? 1 : first_weight) <=
           second_load / (second_weight == 0 ? 1 : second_weight);
}

static backend_id finagle_window_once(const struct finagle_window *window, double reach,
                                      const struct view *view, struct rng *rng)
{
    uint32_t first = finagle_window_draw(window, reach, rng), second = first;
    for (int i = 0; second == first && i < FINAGLE_WINDOW_DRAWS; i++)
        second = finagle_window_draw(window, reach, rng);
    bool better = finagle_window_is_better(view, window->nodes[first], window->weight[first],
                                           window->nodes[second], window->weight[second]);
    return window->nodes[better ? first : second];
}

backend_id finagle_window_pick(const struct finagle_window *window, double reach,
                               const struct view *view, struct rng *rng)
{
    for (int effort = 0; effort < FINAGLE_WINDOW_EFFORT; effort++) {
        backend_id pick = window->count == 1 ? window->nodes[0]
                                             : finagle_window_once(window, reach, view, rng);
        if (view->is_eligible[pick])
            return pick;
    }
    return NO_BACKEND;
}

backend_id finagle_window_panic(const struct view *view, struct rng *rng)
{
    if (view->eligible_count == 1)
        return view_eligible(view, 0);
    struct pair pair = pair_draw(view, rng);
    bool better = finagle_window_is_better(view, pair.first, 1, pair.second, 1);
    return better ? pair.first : pair.second;
}
