/* SPDX-License-Identifier: GPL-3.0-or-later
   A CSV of measured costs read into policies and sizes: columns found by name, every value
   checked, sizes put in order. */
#include "models/decision.h"

#include "sim/engine/check.h"
#include "sim/engine/csv.h"
#include "sim/trace/cell.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DECISION_POLICY, DECISION_PODS, DECISION_PICK, DECISION_REBUILD, DECISION_COLUMNS };

#define DECISION_LOAD_COST_MAX 8.64e13 /* ns: a day */
#define DECISION_LOAD_PODS_MAX UINT32_MAX

static const char *const decision_load_columns[DECISION_COLUMNS] = {
    [DECISION_POLICY] = "policy",
    [DECISION_PODS] = "pods",
    [DECISION_PICK] = "ns_per_pick",
    [DECISION_REBUILD] = "us_per_rebuild",
};

struct decision_loading {
    struct decision_config *config;
    struct csv_reader *reader;
    struct arena *arena;
    size_t at[DECISION_COLUMNS]; /* field of each column */
};

static bool decision_load_header(void *context, const struct csv_row *row)
{
    struct decision_loading *loading = context;
    for (size_t column = 0; column < DECISION_COLUMNS; column++) {
        const char *name = decision_load_columns[column];
        size_t found = 0;
        for (size_t i = 0; i < row->count; i++) {
            if (strcmp(row->fields[i], name) != 0)
                continue;
            loading->at[column] = i;
            found++;
        }
        if (found == 1)
            continue;
        snprintf(loading->reader->error, sizeof loading->reader->error,
                 found > 1 ? "column '%s' appears twice"
                           : "no column '%s'; the columns that `lbsim bench policies --format "
                             "csv` writes are policy, pods, ns_per_pick, us_per_rebuild",
                 name);
        return false;
    }
    return true;
}

static bool decision_load_refuse(struct decision_loading *loading, size_t column,
                                 const struct csv_row *row, const char *wanted)
{
    char quoted[CELL_QUOTED_BYTES];
    size_t field = loading->at[column];
    snprintf(loading->reader->error, sizeof loading->reader->error, "column '%s' has %s; %s",
             decision_load_columns[column],
             cell_quote(row->fields[field], row->sizes[field], quoted), wanted);
    return false;
}

/* A time of 0 or more, in `unit` ns. */
static bool decision_load_cost(struct decision_loading *loading, size_t column,
                               const struct csv_row *row, double unit, double *ns)
{
    size_t field = loading->at[column];
    double value;
    if (!cell_number(row->fields[field], row->sizes[field], &value))
        return decision_load_refuse(loading, column, row, "a number of 0 or more is needed");
    *ns = value * unit;
    return *ns <= DECISION_LOAD_COST_MAX ||
           decision_load_refuse(loading, column, row, "a decision takes at most a day");
}

/* The policy of that name, new where there is none yet. */
static struct decision_policy *decision_load_policy(struct decision_config *config,
                                                    const char *name, struct arena *arena)
{
    for (size_t i = 0; i < config->policy_count; i++)
        if (strcmp(config->policies[i].name, name) == 0)
            return &config->policies[i];
    size_t count = config->policy_count++;
    config->policies =
        memory_grow(config->policies, config->policy_count, sizeof *config->policies);
    config->policies[count] = (struct decision_policy){
        .name = arena_copy_text(arena, name, strlen(name)),
    };
    return &config->policies[count];
}

/* Puts a size where it belongs; false where it is there already. */
static bool decision_load_insert(struct decision_policy *policy, struct decision_size size)
{
    size_t place = policy->count;
    while (place > 0 && policy->sizes[place - 1].pods >= size.pods)
        place--;
    if (place < policy->count && policy->sizes[place].pods <= size.pods)
        return false;
    policy->sizes = memory_grow(policy->sizes, policy->count + 1, sizeof *policy->sizes);
    memmove(&policy->sizes[place + 1], &policy->sizes[place],
            (policy->count - place) * sizeof *policy->sizes);
    policy->sizes[place] = size;
    policy->count++;
    return true;
}

static bool decision_load_row(void *context, const struct csv_row *row)
{
    struct decision_loading *loading = context;
    size_t name = loading->at[DECISION_POLICY], pods = loading->at[DECISION_PODS];
    uint64_t count = 0;
    struct decision_size size;
    if (!cell_is_name(row->fields[name], row->sizes[name]))
        return decision_load_refuse(loading, DECISION_POLICY, row,
                                    "the name of a policy is needed");
    if (!cell_count(row->fields[pods], row->sizes[pods], DECISION_LOAD_PODS_MAX, &count) ||
        count == 0)
        return decision_load_refuse(loading, DECISION_PODS, row,
                                    "a number of pods is needed: 1 or more");
    if (!decision_load_cost(loading, DECISION_PICK, row, 1, &size.pick_ns) ||
        !decision_load_cost(loading, DECISION_REBUILD, row, 1000, &size.rebuild_ns))
        return false;
    size.pods = (double)count;
    struct decision_policy *policy =
        decision_load_policy(loading->config, row->fields[name], loading->arena);
    if (decision_load_insert(policy, size))
        return true;
    snprintf(loading->reader->error, sizeof loading->reader->error,
             "'%.64s' has costs at %" PRIu64 " pods twice", policy->name, count);
    return false;
}

/* Moves what was gathered to the arena. */
static void decision_load_settle(struct decision_config *config, struct arena *arena)
{
    struct decision_policy *policies = config->policies;
    config->policies = arena_take(arena, config->policy_count + 1, sizeof *policies);
    for (size_t i = 0; i < config->policy_count; i++) {
        struct decision_size *sizes = policies[i].sizes;
        config->policies[i] = policies[i];
        config->policies[i].sizes = arena_take(arena, policies[i].count, sizeof *sizes);
        memcpy(config->policies[i].sizes, sizes, policies[i].count * sizeof *sizes);
        free(sizes);
    }
    free(policies);
}

bool decision_load(void *bound, struct arena *arena, char *message, size_t size)
{
    struct decision_config *config = bound;
    struct csv_reader reader = {.header = decision_load_header, .row = decision_load_row,
                                .has_header = true};
    struct decision_loading loading = {.config = config, .reader = &reader, .arena = arena};
    reader.context = &loading;
    bool done = csv_read(config->file, &reader);
    if (done && config->policy_count == 0) {
        snprintf(reader.error, sizeof reader.error, "has a header but no costs");
        done = false;
    }
    decision_load_settle(config, arena);
    if (!done && reader.error_line > 0)
        snprintf(message, size, "%s:%" PRIu64 ": %s", config->file, reader.error_line,
                 reader.error);
    else if (!done)
        snprintf(message, size, "%s: %s", config->file, reader.error);
    return done;
}
