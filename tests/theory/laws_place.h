/* SPDX-License-Identifier: GPL-3.0-or-later
   The laws of places: limits of pods and balancers are kept, disciplines obeyed, and nobody
   rests while others wait. */
#ifndef TESTS_THEORY_LAWS_PLACE_H
#define TESTS_THEORY_LAWS_PLACE_H

#include "tests/theory/laws.h"

static inline struct laws_steps laws_take_steps(const struct laws *laws)
{
    return (struct laws_steps){calloc(2 * laws->rows.count + 1, sizeof(struct laws_step)), 0};
}

/* Not one that the pod had no room for, whether its client was still there or not. */
static inline bool laws_was_at_pod(const struct trace_row *row)
{
    return row->pod != ROW_NO_POD && row->served > row->arrived;
}

static inline void laws_check_limits(const struct laws *laws)
{
    struct laws_steps steps = laws_take_steps(laws);
    bool ps = laws->discipline == POD_PS;
    for (size_t i = 0; i < laws->rows.count; i++) {
        const struct trace_row *row = &laws->rows.rows[i];
        if (laws_was_at_pod(row))
            laws_stay(&steps, row->pod, ps ? row->arrived : row->started, row->served);
    }
    int64_t room = laws->queue_limit == UINT32_MAX ? INT64_MAX
                                                   : (int64_t)laws->queue_limit + laws->workers;
    int64_t most = laws_measure(&steps).most;
    LAWS_HOLD(laws, NULL, most <= (ps ? room : laws->workers));
    steps.count = 0;
    for (size_t i = 0; i < laws->rows.count; i++) {
        const struct trace_row *row = &laws->rows.rows[i];
        if (laws_was_at_pod(row) && !ps)
            laws_stay(&steps, row->pod, row->arrived, row->started);
    }
    most = laws_measure(&steps).most;
    LAWS_HOLD(laws, NULL, most <= laws->queue_limit);
    free(steps.steps);
}

/* What a balancer has under way at a pod, from dispatch to the end of service or to the
   client's end: never more than allowed.  What it holds: never more than the queue's room. */
static inline void laws_check_balancers(const struct laws *laws)
{
    const struct scenario_balancer *tier =
        PARAM_ITEM(laws->scenario->balancers, struct scenario_balancer, 0);
    struct laws_steps steps = laws_take_steps(laws);
    for (size_t i = 0; i < laws->rows.count; i++) {
        const struct trace_row *row = &laws->rows.rows[i];
        sim_time until = row->served < row->ended ? row->served : row->ended;
        if (row->pod != ROW_NO_POD)
            laws_stay(&steps, row->balancer * laws->pod_count + row->pod, row->dispatched,
                      until);
    }
    uint64_t most = (uint64_t)laws_measure(&steps).most;
    LAWS_HOLD(laws, NULL, most <= tier->max_in_flight);
    steps.count = 0;
    for (size_t i = 0; i < laws->rows.count; i++) {
        const struct trace_row *row = &laws->rows.rows[i];
        laws_stay(&steps, row->balancer, row->received, row->dispatched);
    }
    most = (uint64_t)laws_measure(&steps).most;
    LAWS_HOLD(laws, NULL, most <= tier->queue.limit);
    free(steps.steps);
}

/* Nobody waits at a pod with a free worker, and the order is that of the discipline: who
   starts next is the first (the last) to have come of those who wait. */
static inline void laws_check_discipline(const struct laws *laws)
{
    const struct scene_rows *rows = &laws->rows;
    for (size_t i = 0; i < rows->count && laws->discipline != POD_PS; i++) {
        const struct trace_row *row = &rows->rows[i];
        if (!laws_was_at_pod(row) || row->started <= row->arrived)
            continue;
        uint32_t busy = 0;
        for (size_t j = 0; j < rows->count; j++) {
            const struct trace_row *other = &rows->rows[j];
            if (i == j || !laws_was_at_pod(other) || other->pod != row->pod)
                continue;
            busy += other->started <= row->arrived && other->served > row->arrived;
            bool came_later = other->arrived > row->arrived && other->arrived < row->started;
            if (laws->discipline == POD_FIFO && came_later)
                LAWS_HOLD(laws, row, other->started >= row->started);
            if (laws->discipline == POD_LIFO && came_later && other->started > other->arrived)
                LAWS_HOLD(laws, row, other->started <= row->started);
        }
        LAWS_HOLD(laws, row, busy >= laws->workers);
    }
}

#endif
