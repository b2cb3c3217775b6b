/* SPDX-License-Identifier: GPL-3.0-or-later
   Filters the rows that the reader of traces brings. */
#include "sim/cli/trace_walk.h"

#include "sim/cli/talk.h"

#include <string.h>

struct trace_walking {
    struct trace_walk *walk;
    struct trace_reading *reading;
    const struct roster *roster;
    unsigned replication;
};

static bool trace_walk_is_named(const char *const *names, const char *name)
{
    for (size_t i = 0; names[i] != NULL; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static bool trace_walk_is_at(const char *const *pods, const struct roster *roster, uint32_t pod)
{
    if (pod == ROW_NO_POD)
        return false;
    return trace_walk_is_named(pods, roster->pods[pod].name) ||
           trace_walk_is_named(pods, roster_kind(roster, pod)->group);
}

static bool trace_walk_matches(const struct trace_walking *walking, const struct trace_row *row)
{
    const struct trace_select *select = walking->walk->select;
    if (row->due < select->from || row->due >= select->to)
        return false;
    if (select->outcomes != 0 && !(select->outcomes >> row->outcome & 1))
        return false;
    if (select->phases != 0 && !(select->phases >> row->phase & 1))
        return false;
    if (select->clients != NULL &&
        !trace_walk_is_named(select->clients, walking->roster->clients[row->client]))
        return false;
    return select->pods == NULL || trace_walk_is_at(select->pods, walking->roster, row->pod);
}

static void trace_walk_begin(void *context, unsigned replication, struct roster *roster)
{
    struct trace_walking *walking = context;
    uint64_t wanted = walking->walk->select->replication;
    walking->roster = roster;
    walking->replication = replication;
    walking->reading->enough |= wanted > 0 && replication > wanted;
}

static void trace_walk_hopped(void *context, const struct trace_row *rows,
                              const struct trace_hops *hops, size_t count)
{
    struct trace_walking *walking = context;
    struct trace_walk *walk = walking->walk;
    uint64_t wanted = walk->select->replication;
    if (wanted > 0 && walking->replication != wanted)
        return;
    for (size_t i = 0; i < count && !walking->reading->enough; i++) {
        struct trace_seen seen = {&rows[i], walking->replication,
                                  hops != NULL ? &hops[i] : NULL, walking->roster};
        if (!trace_walk_matches(walking, &rows[i]))
            continue;
        walk->count++;
        walking->reading->enough = !walk->take(walk->context, &seen);
    }
}

static void trace_walk_rows(void *context, const struct trace_row *rows, size_t count)
{
    trace_walk_hopped(context, rows, NULL, count);
}

int trace_walk(const char *path, struct trace_walk *walk)
{
    struct trace_reading reading = {
        .begin = trace_walk_begin, .rows = trace_walk_rows, .hopped = trace_walk_hopped};
    struct trace_walking walking = {.walk = walk, .reading = &reading};
    reading.context = &walking;
    int status = STATUS_FINE;
    if (!trace_read(path, &reading))
        status = talk_invalid(reading.error_path != NULL ? reading.error_path : path,
                              reading.error_line, NULL, "%s", reading.error);
    else if (walk->finish != NULL)
        walk->finish(walk->context);
    trace_reading_free(&reading);
    return status;
}
