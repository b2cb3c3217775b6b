/* SPDX-License-Identifier: GPL-3.0-or-later
   From rows to sums.  A block goes through two passes: the first asks the memory for the
   records of its pods, so that their cache misses overlap, the second adds up. */
#include "sim/report/tally.h"

#include "sim/report/batch.h"
#include "sim/report/presence.h"

#include "sim/engine/check.h"

#include <stdlib.h>
#include <string.h>

static void tally_free_law(struct tally_law *law)
{
    histogram_free(&law->answered);
    histogram_free(&law->late);
    free(law->answered_packed);
    free(law->late_packed);
}

void tally_free(struct tally *tally)
{
    if (tally == NULL)
        return;
    for (size_t i = 0; i < tally->client_count; i++)
        tally_free_law(&tally->clients[i].law);
    for (size_t i = 0; i < tally->group_count; i++)
        tally_free_law(&tally->groups[i].law);
    free(tally->clients);
    free(tally->groups);
    free(tally->loads);
    free(tally->hits);
    blame_free(&tally->blame);
    churn_free(tally->churn);
    harm_free(tally->harm);
    window_free(&tally->windows);
    batch_free(tally->batches);
    hop_free(&tally->hops);
    fleet_free(&tally->fleet);
    arena_free(&tally->names);
    arena_free(&tally->arena);
    free(tally);
}

void tally_window(const struct tally *tally, sim_time *begin, sim_time *end)
{
    bool known = tally->roster->measure_begin != SIM_NEVER;
    *begin = known ? tally->roster->measure_begin : tally->due_first;
    *end = known ? tally->roster->measure_end : tally->due_last;
    if (*end < *begin)
        *end = *begin;
}

/* `items` grown to `count` items, the new ones zeroed. */
static void *tally_extend(void *items, size_t *have, size_t count, size_t size)
{
    if (count <= *have)
        return items;
    char *memory = memory_grow(items, count, size);
    memset(memory + *have * size, 0, (count - *have) * size);
    *have = count;
    return memory;
}

static size_t tally_add_group(struct tally *tally, const char *name)
{
    size_t place = tally->group_count;
    if (place > TALLY_CLASSES_MAX + 1)
        return place - 1;
    tally->groups = tally_extend(tally->groups, &tally->group_count, place + 1,
                                 sizeof(*tally->groups));
    tally->groups[place].name = place > TALLY_CLASSES_MAX ? "" : name;
    histogram_init(&tally->groups[place].law.answered);
    return place;
}

/* The number of a pod group.  `near` is a guess: neighbours are mostly of one group. */
static size_t tally_group_of(struct tally *tally, const char *name, size_t near)
{
    if (near > 0 && strcmp(tally->groups[near].name, name) == 0)
        return near;
    if (tally->group_count >
        TALLY_CLASSES_MAX + 1) /* figures for groups are lost anyway */
        return tally->group_count - 1;
    for (size_t i = 1; i < tally->group_count; i++)
        if (strcmp(tally->groups[i].name, name) == 0)
            return i;
    return tally_add_group(tally, name);
}

/* Client groups and pod groups. */
static bool tally_has_one_of_each(const struct tally *tally)
{
    return tally->client_count == 1 && tally->group_count == 2;
}

void tally_part(struct tally *tally)
{
    struct histogram *group = &tally->groups[1].law.answered;
    uint64_t *counts = group->counts;
    histogram_merge(group, &tally->clients[0].law.answered);
    *group = (struct histogram){.counts = counts, .least = SIM_NEVER};
    tally->is_lone = false;
}

static void tally_reserve_pods(struct tally *tally, size_t room)
{
    if (room <= tally->pod_room)
        return;
    size_t more = tally->pod_room + tally->pod_room / 2;
    room = room > more ? room : more;
    struct tally_pod *pods = arena_take(&tally->arena, room, sizeof(*pods));
    if (tally->pod_room > 0)
        memcpy(pods, tally->pods, (tally->pod_count + 1) * sizeof(*pods));
    tally->pods = pods;
    tally->pod_room = room;
}

/* Makes room for those who joined the roster since the last block. */
static void tally_follow(struct tally *tally)
{
    const struct roster *roster = tally->roster;
    size_t clients = roster->client_count;
    if (clients > TALLY_CLASSES_MAX)
        clients = TALLY_CLASSES_MAX + 1;
    size_t client = tally->client_count;
    tally->clients = tally_extend(tally->clients, &tally->client_count, clients,
                                  sizeof(*tally->clients));
    for (; client < clients; client++)
        histogram_init(&tally->clients[client].law.answered);
    tally_reserve_pods(tally, roster->pod_count + 1);
    if (tally->group_count == 0)
        tally_add_group(tally, "");
    size_t group = tally_pod_group(&tally->pods[tally->pod_count]);
    for (size_t i = tally->pod_count; i < roster->pod_count; i++) {
        group = tally_group_of(tally, roster_kind(roster, i)->group, group);
        tally->pods[i + 1].counted_group = group;
    }
    tally->pod_count = roster->pod_count;
    if (tally->is_lone && !tally_has_one_of_each(tally))
        tally_part(tally);
}

struct tally *tally_open(const struct roster *roster)
{
    struct tally *tally = memory_zeroed(1, sizeof(*tally));
    tally->roster = roster;
    tally->due_first = SIM_NEVER;
    blame_open(&tally->blame);
    tally->churn = churn_open(roster, CHURN_RECORDS_MAX);
    tally->harm = harm_open(roster);
    window_open(&tally->windows, roster);
    hop_open(&tally->hops, roster, &tally->names);
    fleet_open(&tally->fleet, roster, &tally->names);
    tally_follow(tally);
    tally->is_lone = tally_has_one_of_each(tally);
    return tally;
}

void tally_reuse(struct tally *tally, uint64_t **spare)
{
    window_reuse(&tally->windows, spare);
}

void tally_divide(struct tally *tally)
{
    const struct roster *roster = tally->roster;
    if (roster->measure_begin != SIM_NEVER)
        tally->batches = batch_open(roster->measure_begin, roster->measure_end);
}

void tally_divide_again(struct tally *tally, const struct trace_row *rows, size_t count)
{
    CHECK(!tally->closed);
    if (tally->batches == NULL)
        tally->batches = batch_open(tally->due_first, tally->due_last + 1);
    if (tally->batches != NULL)
        batch_rows(tally->batches, rows, count);
}

/* Rows without a pod get record 0: ROW_NO_POD + 1 wraps. */
static inline size_t tally_place(const struct trace_row *row)
{
    return (uint32_t)(row->pod + 1);
}

static void tally_fetch(struct tally *tally, const struct trace_row *rows, size_t count)
{
    const struct tally_pod *pods = tally->pods;
    size_t pod_count = tally->pod_count;
    bool all_have_pods = true;
    for (size_t i = 0; i < count; i++) {
        size_t place = tally_place(&rows[i]);
        CHECK(place <= pod_count);
        all_have_pods &= place > 0;
        __builtin_prefetch(&pods[place], 1);
    }
    if (tally->is_lone && !all_have_pods)
        tally_part(tally);
}

static void tally_widen_span(struct tally *tally, const struct trace_row *rows,
                             size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sim_time due = rows[i].due;
        if (rows[i].phase != PHASE_MEASURE)
            continue;
        tally->due_first = due < tally->due_first ? due : tally->due_first;
        tally->due_last = due > tally->due_last ? due : tally->due_last;
    }
}

/* `group` may be NULL: nothing is marked there. */
static inline void tally_add_latency(sim_time latency, struct histogram *client,
                                     struct histogram *group, struct tally_pod *pod)
{
    histogram_add(client, latency);
    if (group != NULL)
        histogram_mark(group, latency);
    pod->latency += (uint64_t)latency;
    pod->counted_group += 1u << TALLY_GROUP_BITS;
}

static void tally_add_failure(struct tally *tally, const struct trace_row *row,
                              struct tally_client *client, struct tally_pod *pod)
{
    CHECK(row->outcome < OUTCOME_COUNT);
    client->outcomes[row->outcome]++;
    if (row->outcome != OUTCOME_TIMEOUT && row->outcome != OUTCOME_QUEUE_TIMEOUT)
        return;
    struct histogram *group = &tally->groups[tally_pod_group(pod)].law.late;
    if (client->law.late.counts == NULL)
        histogram_init(&client->law.late);
    if (group->counts == NULL)
        histogram_init(group);
    blame_add_clipped(&tally->blame, *row);
    tally_add_latency(row->ended - row->due, &client->law.late, group, pod);
}

static __attribute__((noinline)) void tally_add_hit(struct tally *tally,
                                                    const struct trace_row *row)
{
    tally->hits = tally_extend(tally->hits, &tally->hits_count, tally->pod_count + 1,
                               sizeof(*tally->hits));
    hits_add(&tally->hits[tally_place(row)], row);
}

/* The number of the record of a row's client group. */
static inline size_t tally_class(const struct trace_row *row)
{
    return row->client < TALLY_CLASSES_MAX ? row->client : TALLY_CLASSES_MAX;
}

static void tally_block(struct tally *tally, const struct trace_row *rows, size_t count)
{
    sim_time begin = tally->roster->measure_begin, end = tally->roster->measure_end;
    size_t client_count = tally->roster->client_count;
    struct tally_pod *pods = tally->pods;
    struct tally_client *clients = tally->clients;
    struct tally_group *groups = tally->groups;
    bool is_lone = tally->is_lone;
    for (const struct trace_row *row = rows; row < rows + count; row++) {
        struct tally_pod *pod = &pods[tally_place(row)];
        sim_time from = row->started > begin ? row->started : begin;
        sim_time to = row->served < end ? row->served : end;
        pod->busy += to > from ? (uint64_t)to - (uint64_t)from : 0;
        if (row->phase != PHASE_MEASURE) {
            if (row->last)
                window_take(&tally->windows, row);
            continue;
        }
        pod->requests++;
        if (row->cache != LOOKUP_NONE)
            tally_add_hit(tally, row);
        if (!row->last)
            continue;
        CHECK(row->client < client_count);
        struct tally_client *client = is_lone ? clients : &clients[tally_class(row)];
        if (row->outcome != OUTCOME_OK) {
            window_take(&tally->windows, row);
            tally_add_failure(tally, row, client, pod);
            continue;
        }
        client->outcomes[OUTCOME_OK]++;
        sim_time latency = row->ended - row->due;
        struct histogram *group =
            is_lone ? NULL : &groups[tally_pod_group(pod)].law.answered;
        window_take_answered(&tally->windows, row, latency);
        tally_add_latency(latency, &client->law.answered, group, pod);
        blame_add(&tally->blame, row, latency);
    }
    blame_end_block(&tally->blame);
}

/* What windows get from elsewhere. */
static void tally_settle_windows(struct tally *tally)
{
    for (size_t i = 0; i < tally->client_count; i++) {
        const struct histogram *law = &tally->clients[i].law.answered;
        window_bound(&tally->windows, law->least, law->largest);
    }
    presence_add(&tally->windows, tally->roster);
}

/* Which requests went to another zone. */
static void tally_cross(struct tally *tally, const struct trace_row *rows, size_t count)
{
    for (const struct trace_row *row = rows; row < rows + count; row++) {
        CHECK(row->client < tally->roster->client_count);
        crossing_add(&tally->clients[tally_class(row)].crossing, tally->roster, row);
    }
}

/* Requests with a latency that says something, as in tally_block. */
static void tally_add_hops(struct tally *tally, const struct trace_row *rows,
                           const struct trace_hops *hops, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].phase == PHASE_MEASURE && rows[i].last &&
            (rows[i].outcome == OUTCOME_OK || rows[i].outcome == OUTCOME_TIMEOUT ||
             rows[i].outcome == OUTCOME_QUEUE_TIMEOUT))
            hop_add(&tally->hops, &rows[i], &hops[i]);
}

void tally_rows(struct tally *tally, const struct trace_row *rows, size_t count)
{
    tally_hopped(tally, rows, NULL, count);
}

void tally_hopped(struct tally *tally, const struct trace_row *rows,
                  const struct trace_hops *hops, size_t count)
{
    bool window = tally->roster->measure_begin != SIM_NEVER;
    CHECK(!tally->closed || count == 0);
    if (tally->closed)
        return;
    tally_follow(tally);
    if (tally->churn != NULL && count > 0)
        churn_rows(tally->churn, rows, count);
    if (tally->harm != NULL)
        harm_rows(tally->harm, rows, count);
    if (tally->roster->place_count > 0 || tally->roster->home_count > 0)
        tally_cross(tally, rows, count);
    if (tally->batches != NULL && count > 0)
        batch_rows(tally->batches, rows, count);
    if (tally->fleet.tier_count > 0)
        fleet_rows(&tally->fleet, rows, hops, count);
    if (hops != NULL)
        tally_add_hops(tally, rows, hops, count);
    if (rows == NULL)
        tally_settle_windows(tally);
    for (size_t block; count > 0; rows += block, count -= block) {
        block = count < TRACE_BLOCK_ROWS ? count : TRACE_BLOCK_ROWS;
        tally_fetch(tally, rows, block);
        tally_block(tally, rows, block);
        if (!window)
            tally_widen_span(tally, rows, block);
    }
}
