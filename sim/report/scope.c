/* SPDX-License-Identifier: GPL-3.0-or-later
   The union of the names of all replications, sorted, so that a report does not depend on
   the order in which anybody was first seen. */
#include "sim/report/scope.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const char *const scope_words[] = {"all",     "client ", "group ",  "pod ",
                                   "change ", "fault ",  "window ", "hop ",
                                   "tier ",   "balancer ", NULL};

static size_t scope_digits(const char *text)
{
    size_t length = 0;
    while (isdigit((unsigned char)text[length]))
        length++;
    return length;
}

/* Numbers without leading zeros: the longer is the larger. */
static int scope_compare_numbers(const char **a, const char **b)
{
    *a += strspn(*a, "0");
    *b += strspn(*b, "0");
    size_t a_length = scope_digits(*a), b_length = scope_digits(*b);
    if (a_length != b_length)
        return a_length < b_length ? -1 : 1;
    int order = memcmp(*a, *b, a_length);
    *a += a_length;
    *b += b_length;
    return order;
}

int scope_compare(const char *a, const char *b)
{
    const char *x = a, *y = b;
    while (*x != '\0' && *y != '\0') {
        if (isdigit((unsigned char)*x) && isdigit((unsigned char)*y)) {
            int order = scope_compare_numbers(&x, &y);
            if (order != 0)
                return order;
        } else if (*x != *y) {
            break;
        } else {
            x++;
            y++;
        }
    }
    int order = (unsigned char)*x - (unsigned char)*y;
    return order != 0 ? order : strcmp(a, b); /* "01" and "1" differ */
}

static int scope_compare_items(const void *a, const void *b)
{
    return scope_compare(*(const char *const *)a, *(const char *const *)b);
}

sim_time scope_presence(const struct roster_life *life, sim_time begin, sim_time end)
{
    sim_time from = life->joined > begin ? life->joined : begin;
    sim_time to = life->left < end ? life->left : end;
    return to > from ? to - from : 0;
}

sim_time scope_cost(const struct roster_life *life, sim_time begin, sim_time end)
{
    sim_time from = roster_created(life);
    sim_time to = life->ended != SIM_NEVER ? life->ended : life->left;
    from = from > begin ? from : begin;
    to = to < end ? to : end;
    return to > from ? to - from : 0;
}

static size_t scope_size(enum scope_kind kind, const struct tally *tally)
{
    if (kind == SCOPE_CLIENT)
        return tally->roster->client_count;
    if (kind == SCOPE_CHANGE)
        return churn_changes(tally->churn);
    if (kind == SCOPE_FAULT)
        return harm_faults(tally->harm);
    if (kind == SCOPE_WINDOW)
        return tally->windows.grid.count;
    if (kind == SCOPE_HOP)
        return hop_known(&tally->hops);
    if (kind == SCOPE_TIER)
        return tally->fleet.tier_count;
    if (kind == SCOPE_BALANCER)
        return tally->fleet.instance_count;
    return kind == SCOPE_GROUP ? tally->group_count : tally->pod_count;
}

static const char *scope_name(enum scope_kind kind, const struct tally *tally,
                              size_t index)
{
    if (kind == SCOPE_CLIENT)
        return tally->roster->clients[index];
    if (kind == SCOPE_GROUP)
        return tally->groups[index].name;
    if (kind == SCOPE_CHANGE)
        return churn_name(tally->churn, index);
    if (kind == SCOPE_FAULT)
        return harm_name(tally->harm, index);
    if (kind == SCOPE_WINDOW)
        return tally->windows.windows[index].name;
    if (kind == SCOPE_HOP)
        return tally->hops.names[index];
    if (kind == SCOPE_TIER)
        return tally->fleet.tiers[index].name;
    if (kind == SCOPE_BALANCER)
        return tally->fleet.instances[index].name;
    return tally->roster->pods[index].name;
}

static bool scope_seen_client(const struct tally *tally, size_t index)
{
    if (index >= tally->client_count)
        return false;
    uint64_t requests = 0;
    for (int i = 0; i < OUTCOME_COUNT; i++)
        requests += tally->clients[index].outcomes[i];
    return requests > 0;
}

static bool scope_seen_pod(const struct tally *tally, size_t index)
{
    if (tally->pods[index + 1].requests > 0)
        return true;
    const struct roster *roster = tally->roster;
    return roster->measure_begin == SIM_NEVER ||
           scope_presence(roster_life(roster, index), roster->measure_begin,
                          roster->measure_end) > 0;
}

static bool scope_seen(enum scope_kind kind, const struct tally *tally, size_t index)
{
    if (kind == SCOPE_CLIENT)
        return scope_seen_client(tally, index);
    if (kind == SCOPE_POD)
        return scope_seen_pod(tally, index);
    if (kind == SCOPE_BALANCER)
        return fleet_was_there(&tally->fleet, tally->roster, index);
    return kind != SCOPE_GROUP || tally->groups[index].name[0] != '\0';
}

/* Whether there is more of a kind than a tally has figures of. */
static bool scope_lacks(enum scope_kind kind, const struct tally *tally)
{
    if (kind == SCOPE_FAULT)
        return harm_is_crowded(tally->harm);
    if (kind == SCOPE_TIER)
        return tally->fleet.is_large;
    return kind == SCOPE_BALANCER && fleet_is_crowded(&tally->fleet);
}

/* The largest number of members in one replication. */
static size_t scope_most(enum scope_kind kind, struct tally *const *tallies, size_t count)
{
    size_t most = 0;
    for (size_t i = 0; i < count; i++) {
        size_t size = scope_size(kind, tallies[i]);
        if (kind == SCOPE_GROUP && size > 0)
            size--; /* number 0 is no group */
        most = size > most ? size : most;
    }
    return most;
}

struct scope_list scope_list(enum scope_kind kind, struct tally *const *tallies,
                             size_t count, struct arena *arena)
{
    struct scope_list list = {0};
    bool is_ordered = kind == SCOPE_HOP || kind == SCOPE_TIER;
    if (is_ordered) /* they are the same in all replications */
        count = count > 1 ? 1 : count;
    size_t most = scope_most(kind, tallies, count);
    list.crowded = most > SCOPE_MEMBERS_MAX;
    if (list.crowded)
        return list;
    list.names = arena_take(arena, (most + 1) * (count + 1), sizeof(*list.names));
    for (size_t t = 0; t < count; t++)
        for (size_t i = 0; i < scope_size(kind, tallies[t]); i++)
            if (scope_seen(kind, tallies[t], i))
                list.names[list.count++] = scope_name(kind, tallies[t], i);
    for (size_t t = 0; t < count; t++)
        list.crowded = list.crowded || scope_lacks(kind, tallies[t]);
    if (!is_ordered)
        qsort(list.names, list.count, sizeof(*list.names), scope_compare_items);
    size_t kept = 0;
    for (size_t i = 0; i < list.count; i++)
        if (kept == 0 || strcmp(list.names[kept - 1], list.names[i]) != 0)
            list.names[kept++] = list.names[i];
    list.count = kept;
    return list;
}

size_t scope_find(enum scope_kind kind, const struct tally *tally, const char *name,
                  size_t hint)
{
    size_t size = scope_size(kind, tally);
    if (hint < size && strcmp(scope_name(kind, tally, hint), name) == 0)
        return hint;
    for (size_t i = 0; i < size; i++)
        if (strcmp(scope_name(kind, tally, i), name) == 0)
            return i;
    return SIZE_MAX;
}
