/* SPDX-License-Identifier: GPL-3.0-or-later
   Counters by instance; latencies of the listed ones in histograms, packed when rows are in. */
#include "sim/report/fleet.h"

#include "sim/engine/check.h"
#include "sim/report/sparse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fleet_open_instances(struct fleet *fleet, struct arena *arena)
{
    const struct fleet_tier *last = &fleet->tiers[fleet->tier_count - 1];
    if (last->count < 2 || last->count > FLEET_LISTED_MAX)
        return;
    fleet->instance_count = last->count;
    fleet->instances = arena_take(arena, last->count, sizeof *fleet->instances);
    for (uint32_t i = 0; i < last->count; i++) {
        char name[ROSTER_NAME_BYTES + 16];
        int size = snprintf(name, sizeof name, "%s-%u", last->name, i);
        fleet->instances[i].name = arena_copy_text(arena, name, (size_t)size);
        histogram_init(&fleet->instances[i].law);
    }
}

void fleet_open(struct fleet *fleet, const struct roster *roster, struct arena *arena)
{
    *fleet = (struct fleet){0};
    if (roster->tier_count > HOPS_TIERS_MAX)
        return;
    fleet->tier_count = roster->tier_count;
    for (size_t i = 0; i < fleet->tier_count; i++) {
        const struct roster_tier *known = &roster->tiers[i];
        fleet->tiers[i] = (struct fleet_tier){
            .name = arena_copy_text(arena, known->name, strlen(known->name)),
            .count = known->count,
            .requests = arena_take(arena, known->count, sizeof(uint64_t))};
    }
    if (fleet->tier_count == 0)
        return;
    fleet_open_instances(fleet, arena);
    fleet->is_large = pairs_bytes(roster) > PAIRS_BYTES_MAX;
    if (!fleet->is_large)
        pairs_open(&fleet->pairs, roster);
    fleet->has_pairs = fleet->pairs.bits != NULL;
}

void fleet_free(struct fleet *fleet)
{
    for (size_t i = 0; i < fleet->instance_count; i++) {
        histogram_free(&fleet->instances[i].law);
        free(fleet->instances[i].packed);
    }
    pairs_free(&fleet->pairs);
}

/* From the sizes that the roster tells of, each of which holds until the next. */
static struct fleet_presence fleet_presence(const struct roster *roster, size_t tier)
{
    const struct roster_tier *known = &roster->tiers[tier];
    sim_time begin = roster->measure_begin, end = roster->measure_end;
    struct fleet_presence presence = {known->count, known->count};
    wide_uint time = 0;
    if (known->size_count == 0 || begin >= end || end == SIM_NEVER)
        return presence;
    presence.most = 0;
    for (size_t i = 0; i < known->size_count; i++) {
        sim_time from = known->sizes[i].at;
        sim_time to = i + 1 < known->size_count ? known->sizes[i + 1].at : end;
        from = from > begin ? from : begin;
        to = to < end ? to : end;
        if (from >= to)
            continue;
        time += (uint64_t)(to - from) * (wide_uint)known->sizes[i].count;
        if (known->sizes[i].count > presence.most)
            presence.most = known->sizes[i].count;
    }
    presence.mean = (double)time / (double)(end - begin);
    return presence;
}

void fleet_close(struct fleet *fleet, const struct roster *roster)
{
    for (size_t i = 0; i < fleet->instance_count; i++)
        fleet->instances[i].packed = sparse_pack(&fleet->instances[i].law);
    for (size_t i = 0; i < fleet->tier_count; i++)
        fleet->tiers[i].presence = fleet_presence(roster, i);
    if (fleet->has_pairs)
        fleet->counted = pairs_count(&fleet->pairs, roster);
    pairs_free(&fleet->pairs);
    fleet->is_closed = true;
}

/* A request ended for which an instance of the last tier was asked. */
static void fleet_add_last(struct fleet *fleet, const struct trace_row *row)
{
    if (row->balancer >= fleet->instance_count)
        return;
    struct fleet_instance *instance = &fleet->instances[row->balancer];
    instance->failed += row->outcome != OUTCOME_OK;
    if (row->outcome == OUTCOME_OK || row->outcome == OUTCOME_TIMEOUT ||
        row->outcome == OUTCOME_QUEUE_TIMEOUT)
        histogram_add(&instance->law, row->ended - row->due);
}

static void fleet_add(struct fleet *fleet, const struct trace_row *row,
                      const struct trace_hops *hops)
{
    size_t last = fleet->tier_count - 1;
    for (size_t i = 0; hops != NULL && i < last && i < hops->reached; i++)
        if (hops->instances[i] < fleet->tiers[i].count)
            fleet->tiers[i].requests[hops->instances[i]]++;
    if ((hops != NULL && hops->reached <= last) || row->balancer >= fleet->tiers[last].count)
        return;
    fleet->tiers[last].requests[row->balancer]++;
    fleet_add_last(fleet, row);
}

void fleet_rows(struct fleet *fleet, const struct trace_row *rows, const struct trace_hops *hops,
                size_t count)
{
    for (size_t i = 0; i < count && fleet->tier_count > 0; i++) {
        const struct trace_row *row = &rows[i];
        if (row->phase != PHASE_MEASURE)
            continue;
        if (fleet->has_pairs && row->pod != ROW_NO_POD)
            pairs_add(&fleet->pairs, row);
        if (row->last)
            fleet_add(fleet, row, hops != NULL ? &hops[i] : NULL);
    }
}

static struct fleet_presence fleet_presence_of(const struct fleet *fleet,
                                               const struct roster *roster, size_t tier)
{
    return fleet->is_closed ? fleet->tiers[tier].presence : fleet_presence(roster, tier);
}

bool fleet_is_crowded(const struct fleet *fleet)
{
    return fleet->tier_count > 0 &&
           fleet->tiers[fleet->tier_count - 1].count > FLEET_LISTED_MAX;
}

bool fleet_was_there(const struct fleet *fleet, const struct roster *roster, size_t instance)
{
    size_t last = fleet->tier_count - 1;
    return fleet->tiers[last].requests[instance] > 0 ||
           instance < fleet_presence_of(fleet, roster, last).most;
}

struct fleet_count fleet_count(const struct fleet *fleet, const struct roster *roster,
                               size_t tier)
{
    struct fleet_count count = {0};
    struct fleet_presence presence = fleet_presence_of(fleet, roster, tier);
    count.instances = presence.mean;
    for (uint32_t i = 0; i < fleet->tiers[tier].count; i++)
        if (i < presence.most || fleet->tiers[tier].requests[i] > 0)
            moments_add(&count.requests, fleet->tiers[tier].requests[i]);
    count.has_pairs = fleet->has_pairs && tier + 1 == fleet->tier_count;
    if (count.has_pairs)
        count.pairs = fleet->is_closed ? fleet->counted : pairs_count(&fleet->pairs, roster);
    return count;
}
