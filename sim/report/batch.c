/* SPDX-License-Identifier: GPL-3.0-or-later
   Rows come nearly in order of time, so most are of the batch at hand. */
#include "sim/report/batch.h"

#include "sim/report/sparse.h"

#include "sim/engine/check.h"

#include <stdlib.h>

struct batch_set *batch_open(sim_time begin, sim_time end)
{
    if (end == SIM_NEVER || end - begin < BATCH_COUNT * BATCH_COUNT)
        return NULL;
    struct batch_set *set = memory_zeroed(1, sizeof(*set));
    set->begin = begin;
    set->end = end;
    set->width = (end - begin - 1) / BATCH_COUNT + 1;
    set->from = set->to = SIM_NEVER;
    return set;
}

/* What is due outside, as in a trace whose window is not its own, goes to the nearest. */
static struct batch *batch_move(struct batch_set *set, sim_time due)
{
    sim_time place = due > set->begin ? (due - set->begin) / set->width : 0;
    place = place < BATCH_COUNT ? place : BATCH_COUNT - 1;
    set->from = set->begin + place * set->width;
    set->to = set->from + set->width;
    set->now = &set->batches[place];
    return set->now;
}

static void batch_add(struct histogram *histogram, sim_time latency)
{
    if (histogram->counts == NULL)
        histogram_init(histogram);
    histogram_add(histogram, latency);
}

void batch_rows(struct batch_set *set, const struct trace_row *rows, size_t count)
{
    for (const struct trace_row *row = rows; row < rows + count; row++) {
        if (row->phase != PHASE_MEASURE)
            continue;
        bool is_near = row->due >= set->from && row->due < set->to;
        struct batch *batch = is_near ? set->now : batch_move(set, row->due);
        batch->attempts++;
        if (!row->last)
            continue;
        size_t place = row->client < BATCH_CLIENTS_MAX ? row->client : BATCH_CLIENTS_MAX;
        struct tally_client *client = &batch->clients[place];
        client->outcomes[row->outcome]++;
        if (row->outcome == OUTCOME_OK)
            batch_add(&client->law.answered, row->ended - row->due);
        else if (row->outcome == OUTCOME_TIMEOUT || row->outcome == OUTCOME_QUEUE_TIMEOUT)
            batch_add(&client->law.late, row->ended - row->due);
    }
}

static void batch_pack(struct histogram *histogram, unsigned char **packed)
{
    if (histogram->counts != NULL)
        *packed = sparse_pack(histogram);
}

void batch_close(struct batch_set *set)
{
    for (size_t i = 0; i < BATCH_COUNT; i++)
        for (size_t k = 0; k <= BATCH_CLIENTS_MAX; k++) {
            struct tally_law *law = &set->batches[i].clients[k].law;
            batch_pack(&law->answered, &law->answered_packed);
            batch_pack(&law->late, &law->late_packed);
        }
}

void batch_free(struct batch_set *set)
{
    for (size_t i = 0; i < BATCH_COUNT && set != NULL; i++)
        for (size_t k = 0; k <= BATCH_CLIENTS_MAX; k++) {
            struct tally_law *law = &set->batches[i].clients[k].law;
            histogram_free(&law->answered);
            histogram_free(&law->late);
            free(law->answered_packed);
            free(law->late_packed);
        }
    free(set);
}
