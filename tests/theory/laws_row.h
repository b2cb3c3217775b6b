/* SPDX-License-Identifier: GPL-3.0-or-later
   The laws of single rows: every request ends once, its stages are in order, its outcome is
   one that the scenario allows. */
#ifndef TESTS_THEORY_LAWS_ROW_H
#define TESTS_THEORY_LAWS_ROW_H

#include "tests/theory/laws.h"

static inline void laws_check_order(const struct laws *laws, const struct trace_row *row)
{
    LAWS_HOLD(laws, row, row->due <= row->sent);
    LAWS_HOLD(laws, row, row->sent <= row->received);
    LAWS_HOLD(laws, row, row->received <= row->dispatched);
    LAWS_HOLD(laws, row, row->dispatched <= row->arrived);
    LAWS_HOLD(laws, row, row->arrived <= row->started);
    LAWS_HOLD(laws, row, row->started <= row->served);
    LAWS_HOLD(laws, row, row->due <= row->ended);
    if (row->outcome != OUTCOME_TIMEOUT && row->outcome != OUTCOME_UNFINISHED &&
        row->outcome != OUTCOME_CANCELLED)
        LAWS_HOLD(laws, row, row->served <= row->ended);
}

static inline void laws_check_outcome(const struct laws *laws, const struct trace_row *row)
{
    const struct scenario_client *client =
        PARAM_ITEM(laws->scenario->clients, struct scenario_client, row->client);
    const struct scenario_balancer *tier =
        PARAM_ITEM(laws->scenario->balancers, struct scenario_balancer, 0);
    sim_time service = sim_time_of((double)row->demand / laws->speed);
    if (client->timeout != SIM_NEVER)
        LAWS_HOLD(laws, row, row->ended <= row->due + client->timeout);
    switch ((enum outcome)row->outcome) {
    case OUTCOME_OK:
        LAWS_HOLD(laws, row, row->pod < laws->pod_count);
        LAWS_HOLD(laws, row, row->served - row->started == service);
        break;
    case OUTCOME_REJECTED:
        LAWS_HOLD(laws, row, laws->queue_limit != UINT32_MAX);
        LAWS_HOLD(laws, row, row->pod < laws->pod_count);
        LAWS_HOLD(laws, row, row->served == row->arrived);
        break;
    case OUTCOME_TIMEOUT:
        LAWS_HOLD(laws, row, row->ended == row->due + client->timeout);
        break;
    case OUTCOME_OVERFLOW:
        LAWS_HOLD(laws, row, tier->queue.limit != UINT64_MAX && row->pod == ROW_NO_POD);
        LAWS_HOLD(laws, row, row->dispatched == row->received);
        break;
    case OUTCOME_QUEUE_TIMEOUT:
        LAWS_HOLD(laws, row, row->pod == ROW_NO_POD);
        LAWS_HOLD(laws, row, row->dispatched == row->received + tier->queue.timeout);
        break;
    case OUTCOME_UNFINISHED:
        LAWS_HOLD(laws, row, row->phase != PHASE_MEASURE ||
                                 row->ended >= 2 * laws->scenario->run.duration);
        break;
    case OUTCOME_NO_BACKEND:
        LAWS_HOLD(laws, row, (laws->ops->traits & POLICY_REFUSES) != 0 && row->pod == ROW_NO_POD);
        break;
    case OUTCOME_REFUSED: case OUTCOME_RESET: case OUTCOME_ERROR:
    case OUTCOME_CANCELLED: case OUTCOME_COUNT:
        LAWS_HOLD(laws, row, row->outcome != row->outcome);
    }
}

/* Every request ends once, in the phase that it was due in. */
static inline void laws_check_rows(const struct laws *laws)
{
    const struct scene_rows *rows = &laws->rows;
    LAWS_HOLD(laws, NULL, rows->count == rows->account.requests);
    LAWS_HOLD(laws, NULL, rows->count == rows->account.rows);
    LAWS_HOLD(laws, NULL, !rows->account.stopped);
    bool capped;
    sim_time begin = scenario_warmup(laws->scenario, &capped);
    for (size_t i = 0; i < rows->count; i++) {
        const struct trace_row *row = &rows->rows[i];
        LAWS_HOLD(laws, row, row->request == i && row->attempt == 0 && row->last == 1);
        LAWS_HOLD(laws, row, (row->phase == PHASE_WARMUP) == (row->due < begin));
        LAWS_HOLD(laws, row, (row->phase == PHASE_COOLDOWN) ==
                                 (row->due >= laws->scenario->run.duration));
        laws_check_order(laws, row);
        laws_check_outcome(laws, row);
    }
}

#endif
