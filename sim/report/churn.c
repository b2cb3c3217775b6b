/* SPDX-License-Identifier: GPL-3.0-or-later
   The time between two changes is a span with a map of its own; a change is what two
   neighbouring maps make of the same keys. */
#include "sim/report/churn.h"

#include "sim/engine/check.h"
#include "sim/engine/key_map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of a key within a span. */
struct churn_record {
    sim_time first, last;         /* dispatched */
    uint32_t first_pod, last_pod; /* number + 1; 0: no attempt yet */
};

/* Keys, or users, over all spans. */
struct churn_ledger {
    struct key_map *spans;
    size_t count; /* of spans; 0: closed */
    size_t records, records_max;
    unsigned zeros; /* that the hash of a key begins with, if it is followed */
};

struct churn {
    struct churn_plan plan;
    struct churn_ledger keys, users;
    struct pairs *pairs; /* by span; NULL: not kept */
    struct churn_span_hits *hits; /* NULL: no cache was asked yet */
    bool *has_users; /* by client group */
    size_t client_count;
    sim_time end; /* of the measured window: how long it goes on depends on the policy */
    struct churn_count *counts; /* of a closed one */
    struct arena arena;
};

/* -- ledgers -- */

static void churn_ledger_open(struct churn_ledger *ledger, size_t spans, size_t records_max)
{
    *ledger = (struct churn_ledger){.count = spans, .records_max = records_max};
    ledger->spans = memory_take(spans, sizeof *ledger->spans);
    for (size_t i = 0; i < spans; i++)
        key_map_init(&ledger->spans[i], sizeof(struct churn_record));
}

static void churn_ledger_free(struct churn_ledger *ledger)
{
    for (size_t i = 0; i < ledger->count; i++)
        key_map_free(&ledger->spans[i]);
    free(ledger->spans);
    ledger->spans = NULL;
    ledger->count = 0;
}

static bool churn_is_followed(const struct churn_ledger *ledger, uint64_t key)
{
    uint64_t hash = (key ^ key >> 33) * UINT64_C(0xff51afd7ed558ccd);
    hash = (hash ^ hash >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    return ledger->zeros == 0 || (hash ^ hash >> 33) >> (64 - ledger->zeros) == 0;
}

static void churn_ledger_thin_span(struct churn_ledger *ledger, struct key_map *span)
{
    struct key_map old = *span;
    uint64_t key;
    key_map_init(span, sizeof(struct churn_record));
    for (size_t place = 0; place < old.room; place++) {
        const struct churn_record *record = key_map_at(&old, place, &key);
        if (record != NULL && churn_is_followed(ledger, key))
            *(struct churn_record *)key_map_take(span, key) = *record;
    }
    ledger->records -= old.count - span->count;
    key_map_free(&old);
}

static void churn_ledger_add(struct churn_ledger *ledger, size_t span, uint64_t key,
                             sim_time at, uint32_t pod)
{
    if (!churn_is_followed(ledger, key))
        return;
    struct churn_record *record = key_map_take(&ledger->spans[span], key);
    bool is_new = record->first_pod == 0;
    if (is_new || at < record->first || (at == record->first && pod + 1 < record->first_pod)) {
        record->first = at;
        record->first_pod = pod + 1;
    }
    if (is_new || at > record->last || (at == record->last && pod + 1 < record->last_pod)) {
        record->last = at;
        record->last_pod = pod + 1;
    }
    ledger->records += is_new;
    while (ledger->records > ledger->records_max && ledger->zeros < 63) {
        ledger->zeros++;
        for (size_t i = 0; i < ledger->count; i++)
            churn_ledger_thin_span(ledger, &ledger->spans[i]);
    }
}

/* -- rows -- */

struct churn *churn_open(const struct roster *roster, size_t records_max)
{
    struct arena arena = {0};
    struct churn_plan plan = churn_plan_make(roster, &arena);
    if (plan.count == 0) {
        arena_free(&arena);
        return NULL;
    }
    struct churn *churn = memory_zeroed(1, sizeof *churn);
    churn->plan = plan;
    churn->end = roster->measure_end;
    churn->arena = arena;
    if (plan.count > CHURN_CHANGES_MAX)
        return churn;
    churn_ledger_open(&churn->keys, plan.count + 1, records_max);
    churn_ledger_open(&churn->users, plan.count + 1, records_max);
    churn->pairs = churn_pairs_open(roster, plan.count + 1);
    return churn;
}

/* How many changes there were by then. */
static size_t churn_span(const struct churn_plan *plan, sim_time at)
{
    size_t low = 0, high = plan->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (plan->changes[middle].at <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void churn_add_user(struct churn *churn, const struct trace_row *row, size_t span)
{
    while (churn->client_count <= row->client) {
        churn->has_users = memory_grow(churn->has_users, churn->client_count + 1,
                                       sizeof *churn->has_users);
        churn->has_users[churn->client_count++] = false;
    }
    churn->has_users[row->client] |= row->user > 0;
    uint64_t user = (uint64_t)row->client << 32 | row->user;
    churn_ledger_add(&churn->users, span, user, row->dispatched, row->pod);
}

static void churn_add_hit(struct churn *churn, const struct trace_row *row, size_t span)
{
    if (churn->hits == NULL)
        churn->hits = arena_take(&churn->arena, churn->plan.count + 1, sizeof *churn->hits);
    churn_hits_add(churn->hits, &churn->plan, churn->end, span, row);
}

void churn_rows(struct churn *churn, const struct trace_row *rows, size_t count)
{
    if (churn->keys.count == 0 || count == 0)
        return;
    for (const struct trace_row *row = rows; row < rows + count; row++) {
        if (row->pod == ROW_NO_POD || row->dispatched >= churn->end)
            continue;
        size_t span = churn_span(&churn->plan, row->dispatched);
        churn_ledger_add(&churn->keys, span, row->key, row->dispatched, row->pod);
        churn_add_user(churn, row, span);
        if (churn->pairs != NULL)
            pairs_add(&churn->pairs[span], row);
        if (row->cache != LOOKUP_NONE)
            churn_add_hit(churn, row, span);
    }
}

/* -- counts -- */

static void churn_count_key(const struct churn_change *change, struct churn_count *count,
                            uint32_t before, uint32_t after)
{
    count->keys++;
    count->moved += before != after;
    count->least += churn_plan_is_gone(change, before);
}

static void churn_count_user(const struct churn_change *change, struct churn_count *count,
                             uint32_t before, uint32_t after)
{
    count->sessions++;
    count->lost += before != after;
    count->needless += before != after && !churn_plan_is_gone(change, before);
}

static void churn_compare(const struct churn *churn, const struct churn_ledger *ledger,
                          size_t change, struct churn_count *count)
{
    const struct key_map *before = &ledger->spans[change], *after = before + 1;
    uint64_t key;
    for (size_t place = 0; place < before->room; place++) {
        const struct churn_record *old = key_map_at(before, place, &key);
        const struct churn_record *new = old != NULL ? key_map_find(after, key) : NULL;
        if (new == NULL)
            continue;
        if (ledger == &churn->keys)
            churn_count_key(&churn->plan.changes[change], count, old->last_pod - 1,
                            new->first_pod - 1);
        else if (churn->has_users[key >> 32])
            churn_count_user(&churn->plan.changes[change], count, old->last_pod - 1,
                             new->first_pod - 1);
    }
}

struct churn_count churn_count(const struct churn *churn, size_t change)
{
    struct churn_count count = {0};
    if (churn->counts != NULL)
        return churn->counts[change];
    if (churn->keys.count == 0)
        return count;
    churn_compare(churn, &churn->keys, change, &count);
    churn_compare(churn, &churn->users, change, &count);
    count.least += churn->plan.changes[change].ceded * (double)count.keys;
    if (churn->hits != NULL)
        count.hits = churn_hits_around(churn->hits, &churn->plan, churn->end, change);
    if (churn->pairs != NULL)
        count.pairs = churn_pairs_between(&churn->pairs[change], &churn->pairs[change + 1],
                                          &churn->plan.changes[change]);
    return count;
}

static void churn_free_spans(struct churn *churn)
{
    churn_ledger_free(&churn->keys);
    churn_ledger_free(&churn->users);
    churn_pairs_free(churn->pairs, churn->plan.count + 1);
    churn->pairs = NULL;
}

void churn_close(struct churn *churn)
{
    if (churn->keys.count == 0)
        return;
    struct churn_count *counts =
        arena_take(&churn->arena, churn->plan.count, sizeof *counts);
    for (size_t i = 0; i < churn->plan.count; i++)
        counts[i] = churn_count(churn, i);
    churn->counts = counts;
    churn_free_spans(churn);
}

void churn_free(struct churn *churn)
{
    if (churn == NULL)
        return;
    churn_free_spans(churn);
    free(churn->has_users);
    arena_free(&churn->arena);
    free(churn);
}

/* -- names -- */

size_t churn_changes(const struct churn *churn)
{
    return churn != NULL ? churn->plan.count : 0;
}

const char *churn_name(const struct churn *churn, size_t change)
{
    return churn->plan.changes[change].name;
}

const char *churn_about(const struct churn *churn, size_t change, struct arena *arena)
{
    const char *about = churn->plan.changes[change].about;
    size_t room = strlen(about) + 64;
    char *text = arena_take(arena, room, 1);
    if (churn->keys.zeros > 0)
        snprintf(text, room, "%s; one key in %llu was followed", about,
                 1ull << churn->keys.zeros);
    else
        snprintf(text, room, "%s", about);
    return text;
}
