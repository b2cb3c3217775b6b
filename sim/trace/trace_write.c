/* SPDX-License-Identifier: GPL-3.0-or-later
   Rows as lines, formatted straight into the output's buffer by a line of code per column
   made of columns.def and hops.def.  Names and words are copied with their commas by whole
   blocks. */
#include "sim/trace/column.h"

#include "sim/engine/check.h"

#include <string.h>

enum {
    TRACE_WRITE_ROW_BYTES = 2048, /* of one line, at most */
    TRACE_WRITE_ROWS = 16,        /* lines per request for room */
    TRACE_WRITE_WORD_BYTES = 16   /* of a word with its comma, at most */
};

_Static_assert(COLUMN_TOTAL * 21 + 4 * (ROSTER_NAME_BYTES + 2) <= TRACE_WRITE_ROW_BYTES,
               "numbers of 20 digits and two names in quotes fit into a line");

struct trace_word {
    char text[TRACE_WRITE_WORD_BYTES];
    size_t size;
};

/* What the lines of one call have in common. */
struct trace_batch {
    const struct roster *roster;
    uint64_t replication;
    struct trace_word outcomes[OUTCOME_COUNT], phases[PHASE_COUNT], lookups[LOOKUP_COUNT];
};

static void trace_write_prepare(struct trace_word *words, const char *const *names)
{
    for (size_t i = 0; names[i] != NULL; i++) {
        size_t size = strlen(names[i]);
        CHECK(size < TRACE_WRITE_WORD_BYTES);
        memcpy(words[i].text, names[i], size);
        words[i].text[size] = ',';
        words[i].size = size + 1;
    }
}

static inline char *trace_write_count(char *to, const struct trace_batch *batch,
                                      uint64_t value, uint64_t limit)
{
    (void)batch;
    CHECK(value <= limit);
    if (value < 10)
        *to++ = (char)('0' + value);
    else
        to = text_unsigned(to, value);
    *to = ',';
    return to + 1;
}

static inline char *trace_write_cell(char *to, const struct roster_cell *cell)
{
    if (cell->size <= ROSTER_CELL_ROOM)
        memcpy(to, cell->text, ROSTER_CELL_ROOM);
    else
        memcpy(to, cell->text, cell->size);
    return to + cell->size;
}

static inline char *trace_write_client(char *to, const struct trace_batch *batch,
                                       uint64_t client, uint64_t limit)
{
    (void)limit;
    return trace_write_cell(to, roster_client_cell(batch->roster, (uint32_t)client));
}

static inline char *trace_write_pod(char *to, const struct trace_batch *batch,
                                    uint64_t pod, uint64_t limit)
{
    (void)limit;
    if (pod != ROW_NO_POD)
        return trace_write_cell(to, roster_pod_cell(batch->roster, (uint32_t)pod));
    *to = ',';
    return to + 1;
}

static inline char *trace_write_word(char *to, const struct trace_word *word)
{
    memcpy(to, word->text, TRACE_WRITE_WORD_BYTES);
    return to + word->size;
}

static inline char *trace_write_outcome(char *to, const struct trace_batch *batch,
                                        uint64_t outcome, uint64_t limit)
{
    (void)limit;
    CHECK(outcome < OUTCOME_COUNT);
    return trace_write_word(to, &batch->outcomes[outcome]);
}

static inline char *trace_write_phase(char *to, const struct trace_batch *batch,
                                      uint64_t phase, uint64_t limit)
{
    (void)limit;
    CHECK(phase < PHASE_COUNT);
    return trace_write_word(to, &batch->phases[phase]);
}

static inline char *trace_write_lookup(char *to, const struct trace_batch *batch,
                                       uint64_t lookup, uint64_t limit)
{
    (void)limit;
    CHECK(lookup < LOOKUP_COUNT);
    return trace_write_word(to, &batch->lookups[lookup]);
}

/* The comma behind the last column is for the caller to end the line with. */
static char *trace_write_row(char *to, const struct trace_batch *batch,
                             const struct trace_row *row)
{
    uint64_t replication = batch->replication;
#define COLUMN(name, kind, limit, fallback, unit, help, value) \
    to = trace_write_##kind(to, batch, (uint64_t)(value), limit);
#include "sim/trace/columns.def"
#undef COLUMN
    return to;
}

static __attribute__((noinline)) char *trace_write_hops(char *to,
                                                        const struct trace_batch *batch,
                                                        const struct trace_hops *hops)
{
    size_t known = batch->roster->tier_count;
#define HOP(tiers, name, kind, limit, fallback, unit, help, value) \
    if (known >= (tiers)) \
        to = trace_write_##kind(to, batch, (uint64_t)(value), limit);
#include "sim/trace/hops.def"
#undef HOP
    return to;
}

void trace_write_header_hopped(struct output *output, size_t tiers)
{
    for (size_t i = 0; i < COLUMN_TOTAL; i++) {
        if (column_rules[i].tiers > tiers)
            continue;
        output_text(output, i > 0 ? "," : "");
        output_text(output, column_rules[i].about.name);
    }
    output_text(output, "\n");
}

void trace_write_header(struct output *output)
{
    trace_write_header_hopped(output, 0);
}

void trace_write_rows(struct output *output, const struct roster *roster,
                      unsigned replication, const struct trace_row *rows, size_t count)
{
    trace_write_hopped(output, roster, replication, rows, NULL, count);
}

void trace_write_hopped(struct output *output, const struct roster *roster,
                        unsigned replication, const struct trace_row *rows,
                        const struct trace_hops *hops, size_t count)
{
    struct trace_batch batch = {.roster = roster, .replication = replication};
    trace_write_prepare(batch.outcomes, outcome_names);
    trace_write_prepare(batch.phases, phase_names);
    trace_write_prepare(batch.lookups, lookup_names);
    for (size_t i = 0; i < count;) {
        char *room = output_room(output, TRACE_WRITE_ROWS * TRACE_WRITE_ROW_BYTES);
        char *to = room;
        for (size_t end = i + TRACE_WRITE_ROWS; i < end && i < count; i++) {
            to = trace_write_row(to, &batch, &rows[i]);
            if (hops != NULL)
                to = trace_write_hops(to, &batch, &hops[i]);
            to[-1] = '\n';
        }
        output_advance(output, (size_t)(to - room));
    }
}
