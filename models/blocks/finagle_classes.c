/* SPDX-License-Identifier: GPL-3.0-or-later
   Weight classes and power of two choices as in Finagle. */
#include "models/blocks/finagle_classes.h"

#include "models/blocks/pair.h"

void finagle_classes_init(struct finagle_classes *classes, uint32_t capacity,
                          struct arena *arena)
{
    classes->members = arena_take(arena, capacity, sizeof *classes->members);
    classes->begin = arena_take(arena, (size_t)capacity + 1, sizeof *classes->begin);
    classes->weight = arena_take(arena, capacity, sizeof *classes->weight);
    classes->end = arena_take(arena, capacity, sizeof *classes->end);
}

/* By falling weight; begin[class + 1] counts the members until all are known. */
static void finagle_classes_note(struct finagle_classes *classes, double weight)
{
    uint32_t class = 0;
    while (class < classes->count && classes->weight[class] > weight)
        class++;
    if (class == classes->count || classes->weight[class] != weight) {
        for (uint32_t i = classes->count++; i > class; i--)
            classes->weight[i] = classes->weight[i - 1];
        classes->weight[class] = weight;
    }
}

void finagle_classes_update(struct finagle_classes *classes, const struct view *view)
{
    double sum = 0;
    uint32_t placed = 0;
    classes->count = 0;
    for (backend_id i = 0; i < view->count; i++)
        if (view->is_member[i])
            finagle_classes_note(classes, view->backends[i].weight);
    for (uint32_t class = 0; class < classes->count; class++) {
        classes->begin[class] = placed;
        for (backend_id i = 0; i < view->count; i++)
            if (view->is_member[i] && view->backends[i].weight == classes->weight[class])
                classes->members[placed++] = i;
        sum += classes->weight[class] * (double)(placed - classes->begin[class]);
        classes->end[class] = sum;
    }
    classes->begin[classes->count] = placed;
}

static uint32_t finagle_classes_draw(const struct finagle_classes *classes, struct rng *rng)
{
    uint32_t class = 0, last = classes->count - 1;
    if (last == 0)
        return 0;
    double point = rng_uniform(rng) * classes->end[last];
    while (class < last && point >= classes->end[class])
        class++;
    return class;
}

static backend_id finagle_classes_better(const struct view *view, struct finagle_load load,
                                         backend_id first, backend_id second)
{
    if (view->is_eligible[first] != view->is_eligible[second])
        return view->is_eligible[first] ? first : second;
    double first_load = load.of(load.state, view, first);
    return first_load <= load.of(load.state, view, second) ? first : second;
}

/* Finagle would take a node that is not open in the end; here somebody is, elsewhere. */
static backend_id finagle_classes_panic(const struct view *view, struct finagle_load load,
                                        struct rng *rng)
{
    if (view->eligible_count == 1)
        return view_eligible(view, 0);
    struct pair pair = pair_draw(view, rng);
    return finagle_classes_better(view, load, pair.first, pair.second);
}

backend_id finagle_classes_pick(const struct finagle_classes *classes, const struct view *view,
                                struct finagle_load load, struct rng *rng)
{
    uint32_t class = finagle_classes_draw(classes, rng);
    const backend_id *members = classes->members + classes->begin[class];
    uint32_t size = classes->begin[class + 1] - classes->begin[class];
    for (int effort = 0; effort < FINAGLE_EFFORT; effort++) {
        backend_id pick = members[0];
        if (size > 1) {
            uint32_t first = (uint32_t)rng_below(rng, size);
            uint32_t second = (uint32_t)rng_below(rng, size - 1);
            second += second >= first;
            pick = finagle_classes_better(view, load, members[first], members[second]);
        }
        if (view->is_eligible[pick])
            return pick;
    }
    return finagle_classes_panic(view, load, rng);
}
