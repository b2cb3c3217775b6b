/* SPDX-License-Identifier: GPL-3.0-or-later
   A hop is taken from the part that it belongs to, as far as that goes, and then from the
   network's: what a client does not wait for any more has no place in its latency. */
#include "sim/report/hop.h"

#include "sim/engine/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOP_CLIENT, HOP_CONNECT, HOP_TIERS };       /* then two for each tier, … */
enum { HOP_SERVER, HOP_QUEUE, HOP_SERVICE, HOP_ENDS }; /* … then these */

size_t hop_count(size_t tiers)
{
    return HOP_TIERS + 2 * tiers + HOP_ENDS;
}

void hop_name(char name[HOP_NAME_SIZE], const struct roster_tier *tiers, size_t count, size_t hop)
{
    static const char *const ends[HOP_ENDS] = {"server rtt", "queue", "service"};
    size_t tier = hop < HOP_TIERS ? 0 : (hop - HOP_TIERS) / 2;
    if (hop < HOP_TIERS)
        snprintf(name, HOP_NAME_SIZE, "%s", hop == HOP_CLIENT ? "client" : "connection");
    else if (tier >= count)
        snprintf(name, HOP_NAME_SIZE, "%s", ends[hop - HOP_TIERS - 2 * count]);
    else if ((hop - HOP_TIERS) % 2 == 1)
        snprintf(name, HOP_NAME_SIZE, "balancer %s", tiers[tier].name);
    else if (tier == 0)
        snprintf(name, HOP_NAME_SIZE, "client rtt");
    else
        snprintf(name, HOP_NAME_SIZE, "%s to %s", tiers[tier - 1].name, tiers[tier].name);
}

void hop_open(struct hop_sums *sums, const struct roster *roster, struct arena *arena)
{
    *sums = (struct hop_sums){.tiers = roster->tier_count};
    if (sums->tiers == 0 || sums->tiers > HOPS_TIERS_MAX) {
        sums->tiers = 0;
        return;
    }
    sums->names = arena_take(arena, hop_count(sums->tiers), sizeof *sums->names);
    for (size_t hop = 0; hop < hop_count(sums->tiers); hop++) {
        char name[HOP_NAME_SIZE];
        hop_name(name, roster->tiers, roster->tier_count, hop);
        sums->names[hop] = arena_copy_text(arena, name, strlen(name));
    }
}

void hop_free(struct hop_sums *sums)
{
    free(sums->sums);
    *sums = (struct hop_sums){0};
}

size_t hop_known(const struct hop_sums *sums)
{
    return sums->sums != NULL ? hop_count(sums->tiers) : 0;
}

/* -- rows -- */

/* `wanted` ns, or what there is of them. */
static wide_uint hop_take(sim_time wanted, sim_time *part, sim_time *network)
{
    sim_time own = wanted < *part ? wanted : *part;
    *part -= own;
    sim_time rest = wanted - own < *network ? wanted - own : *network;
    *network -= rest;
    return (uint64_t)(own + rest);
}

/* Of a retry, which the last tier makes, the way to there is in the time before it was sent. */
static void hop_add_tiers(wide_uint *ns, size_t tiers, sim_time parts[PART_COUNT],
                          const struct trace_hops *hops, bool is_retry)
{
    sim_time *network = &parts[PART_NETWORK];
    sim_time *way = is_retry ? &parts[PART_CLIENT] : network;
    sim_time *inside = is_retry ? &parts[PART_CLIENT] : &parts[PART_BALANCER];
    ns[HOP_CONNECT] += hop_take(hops->connect, &parts[PART_CLIENT], network);
    for (size_t i = 0; i < tiers; i++) {
        wide_uint *tier = &ns[HOP_TIERS + 2 * i];
        tier[0] += hop_take(hops->there[i], way, network);
        tier[1] += i + 1 < tiers ? hop_take(hops->inside[i], inside, network) : 0;
    }
    for (size_t i = 0; i < tiers; i++)
        ns[HOP_TIERS + 2 * i] += hop_take(hops->back[i], network, network);
}

void hop_add(struct hop_sums *sums, const struct trace_row *row, const struct trace_hops *hops)
{
    if (sums->tiers == 0)
        return;
    if (sums->sums == NULL) {
        sums->count = BLAME_CLASSES;
        sums->sums = memory_zeroed(BLAME_CLASSES, sizeof *sums->sums);
    }
    sim_time parts[PART_COUNT];
    blame_cut(*row, parts);
    wide_uint *ns = sums->sums[histogram_bucket(row->ended - row->due) >> BLAME_SHIFT];
    hop_add_tiers(ns, sums->tiers, parts, hops, row->attempt > 0);
    wide_uint *ends = &ns[HOP_TIERS + 2 * sums->tiers];
    ns[HOP_CLIENT] += (uint64_t)parts[PART_CLIENT];
    ends[-1] += (uint64_t)parts[PART_BALANCER];
    ends[HOP_SERVER] += (uint64_t)parts[PART_NETWORK];
    ends[HOP_QUEUE] += (uint64_t)parts[PART_QUEUE];
    ends[HOP_SERVICE] += (uint64_t)parts[PART_SERVICE];
}

static bool hop_is_empty(const struct hop_sums *sums, uint32_t place)
{
    for (size_t hop = 0; hop < hop_count(sums->tiers); hop++)
        if (sums->sums[place][hop] > 0)
            return false;
    return true;
}

void hop_close(struct hop_sums *sums)
{
    if (sums->sums == NULL)
        return;
    while (sums->count > 0 && hop_is_empty(sums, sums->count - 1))
        sums->count--;
    while (sums->first < sums->count && hop_is_empty(sums, sums->first))
        sums->first++;
    sums->count -= sums->first;
    wide_uint(*kept)[HOP_MAX] = memory_take((size_t)sums->count + 1, sizeof *kept);
    memcpy(kept, sums->sums + sums->first, sums->count * sizeof *kept);
    free(sums->sums);
    sums->sums = kept;
}

void hop_merge(struct blame *into, const struct blame *all, const struct hop_sums *sums,
               size_t hop)
{
    blame_merge(into, all);
    for (uint32_t class = 0; class < BLAME_CLASSES; class++) {
        wide_uint latency = into->sums[class][PART_NETWORK];
        memset(into->sums[class], 0, sizeof into->sums[class]);
        into->sums[class][PART_NETWORK] = latency;
        if (class >= sums->first && class < sums->first + sums->count)
            into->sums[class][PART_CLIENT] = sums->sums[class - sums->first][hop];
    }
}
