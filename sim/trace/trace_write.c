/* SPDX-License-Identifier: GPL-3.0-or-later
   Rows as lines, formatted by a line of code per column made of columns.def and hops.def.
   Names and words are copied with their commas by whole blocks.
   Most of a line is what stood in the line before it: a column whose value is the same is
   passed by, and all that was passed by is copied in one piece when a column differs, whose
   first digits may be the same still.  Such a piece is a match, for packing. */
#include "sim/trace/column.h"

#include "sim/engine/check.h"
#include "sim/engine/digits.h"

#include <string.h>

enum {
    TRACE_WRITE_ROWS = 16,       /* plain lines per request for room */
    TRACE_WRITE_WORD_BYTES = 16, /* of a word with its comma, at most */
    TRACE_WRITE_COPY = 32        /* bytes at a time; lines are longer */
};

_Static_assert(COLUMN_TOTAL * 21 + 4 * (ROSTER_NAME_BYTES + 2) <= TRACE_LINE_BYTES,
               "numbers of 20 digits and two names in quotes fit into a line");
_Static_assert((int)COLUMN_TOTAL < (int)TRACE_LINE_MATCHES, "one for each column, and a last one");
_Static_assert(2 * (COLUMN_AT_cache + 1) - 1 > TRACE_WRITE_COPY,
               "all have a comma behind them, and all but a pod something before it");

struct trace_word {
    char text[TRACE_WRITE_WORD_BYTES];
    size_t size;
};

/* How far the text is. */
struct trace_place {
    char *to;
    char *same;      /* from here to there nothing differs from what stands */
    size_t distance; /* so many bytes before it; it may not have been copied yet */
    char *literals;  /* behind the last match */
    struct pack_match *match;
};

/* How lines are written. */
struct trace_lines {
    const struct trace_names *names;
    struct trace_word outcomes[OUTCOME_COUNT], phases[PHASE_COUNT], lookups[LOOKUP_COUNT];
    uint64_t values[COLUMN_TOTAL]; /* of the line before, or of this one as far as it is */
    uint32_t sizes[COLUMN_TOTAL];  /* of their texts, with the commas */
    struct trace_place place;
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

static void trace_lines_init(struct trace_lines *lines, const struct trace_names *names)
{
    *lines = (struct trace_lines){.names = names};
    trace_write_prepare(lines->outcomes, outcome_names);
    trace_write_prepare(lines->phases, phase_names);
    trace_write_prepare(lines->lookups, lookup_names);
}

/* -- one value, with its comma; returns the end, and the first eight bytes before it -- */

static inline uint64_t trace_write_head(const char *from)
{
    uint64_t head;
    memcpy(&head, from, sizeof head);
    return le64toh(head);
}

static inline char *trace_write_count(char *to, const struct trace_lines *lines,
                                      uint64_t value, uint64_t limit, uint64_t *head)
{
    (void)lines;
    CHECK(value <= limit);
    to = digits_write(to, value, head);
    *to = ',';
    return to + 1;
}

static inline char *trace_write_cell(char *to, const struct roster_cell *cell,
                                     uint64_t *head)
{
    *head = trace_write_head(cell->text);
    if (cell->size <= ROSTER_CELL_ROOM)
        memcpy(to, cell->text, ROSTER_CELL_ROOM);
    else
        memcpy(to, cell->text, cell->size);
    return to + cell->size;
}

static inline char *trace_write_client(char *to, const struct trace_lines *lines,
                                       uint64_t client, uint64_t limit, uint64_t *head)
{
    (void)limit;
    CHECK(client < lines->names->client_count);
    return trace_write_cell(to, &lines->names->clients[client], head);
}

static inline char *trace_write_pod(char *to, const struct trace_lines *lines, uint64_t pod,
                                    uint64_t limit, uint64_t *head)
{
    (void)limit;
    if (pod == ROW_NO_POD) {
        *head = ',';
        *to = ',';
        return to + 1;
    }
    CHECK(pod < lines->names->pod_count);
    return trace_write_cell(to, &lines->names->pods[pod], head);
}

static inline char *trace_write_word(char *to, const struct trace_word *word, uint64_t *head)
{
    *head = trace_write_head(word->text);
    memcpy(to, word->text, TRACE_WRITE_WORD_BYTES);
    return to + word->size;
}

static inline char *trace_write_outcome(char *to, const struct trace_lines *lines,
                                        uint64_t outcome, uint64_t limit, uint64_t *head)
{
    (void)limit;
    CHECK(outcome < OUTCOME_COUNT);
    return trace_write_word(to, &lines->outcomes[outcome], head);
}

static inline char *trace_write_phase(char *to, const struct trace_lines *lines,
                                      uint64_t phase, uint64_t limit, uint64_t *head)
{
    (void)limit;
    CHECK(phase < PHASE_COUNT);
    return trace_write_word(to, &lines->phases[phase], head);
}

static inline char *trace_write_lookup(char *to, const struct trace_lines *lines,
                                       uint64_t lookup, uint64_t limit, uint64_t *head)
{
    (void)limit;
    CHECK(lookup < LOOKUP_COUNT);
    return trace_write_word(to, &lines->lookups[lookup], head);
}

/* -- a line on its own -- */

#define TRACE_WRITE_ALONE(name, kind, limit, value) \
    do { \
        uint64_t head; \
        char *end = trace_write_##kind(to, lines, (uint64_t)(value), limit, &head); \
        lines->values[COLUMN_AT_##name] = (uint64_t)(value); \
        lines->sizes[COLUMN_AT_##name] = (uint32_t)(end - to); \
        to = end; \
    } while (0)

static char *trace_lines_alone(char *to, struct trace_lines *lines, const struct trace_row *row,
                               const struct trace_hops *hops)
{
    uint64_t replication = lines->names->replication;
    size_t known = hops != NULL ? lines->names->tiers : 0;
#define COLUMN(name, kind, limit, fallback, unit, help, value) \
    TRACE_WRITE_ALONE(name, kind, limit, value);
#include "sim/trace/columns.def"
#undef COLUMN
#define HOP(tiers, name, kind, limit, fallback, unit, help, value) \
    if (known >= (tiers)) \
        TRACE_WRITE_ALONE(name, kind, limit, value);
#include "sim/trace/hops.def"
#undef HOP
    to[-1] = '\n';
    return to;
}

/* -- a line after another -- */

/* What is the same up to `end` is a match, if it is long enough. */
static inline void trace_place_match(struct trace_place *place, char *end)
{
    size_t size = (size_t)(end - place->same);
    *place->match = (struct pack_match){.literals = (uint32_t)(place->same - place->literals),
                                        .size = (uint32_t)size,
                                        .distance = (uint32_t)place->distance};
    bool is_one = size >= PACK_MATCH_LEAST;
    place->match += is_one;
    place->literals = is_one ? end : place->literals;
}

/* Copies what was passed by, and perhaps some bytes more. */
static inline void trace_place_catch_up(const struct trace_place *place)
{
    for (char *to = place->same; to < place->to; to += TRACE_WRITE_COPY)
        memcpy(to, to - place->distance, TRACE_WRITE_COPY);
}

/* A column has another text, of `size` bytes with its comma, from which on all is the same
   again.  The first bytes of it, too, may be those of the text before it. */
static inline void trace_place_differ(struct trace_place *place, size_t before, size_t size,
                                      uint64_t head)
{
    uint64_t differs = head ^ trace_write_head(place->to - place->distance);
    size_t common = differs != 0 ? (size_t)__builtin_ctzll(differs) / 8 : sizeof head;
    trace_place_match(place, place->to + (common < size ? common : size - 1));
    place->to += size;
    place->same = place->to - 1;
    place->distance += size - before;
}

#define TRACE_WRITE_AFTER(name, kind, limit, value) \
    do { \
        if ((uint64_t)(value) == lines->values[COLUMN_AT_##name]) { \
            place.to += lines->sizes[COLUMN_AT_##name]; \
            break; \
        } \
        trace_place_catch_up(&place); \
        uint64_t head; \
        char *end = trace_write_##kind(place.to, lines, (uint64_t)(value), limit, &head); \
        uint32_t before = lines->sizes[COLUMN_AT_##name]; \
        lines->values[COLUMN_AT_##name] = (uint64_t)(value); \
        lines->sizes[COLUMN_AT_##name] = (uint32_t)(end - place.to); \
        trace_place_differ(&place, before, lines->sizes[COLUMN_AT_##name], head); \
    } while (0)

static void trace_lines_after(struct trace_lines *lines, const struct trace_row *row)
{
    struct trace_place place = lines->place;
    uint64_t replication = lines->names->replication;
#define COLUMN(name, kind, limit, fallback, unit, help, value) \
    TRACE_WRITE_AFTER(name, kind, limit, value);
#include "sim/trace/columns.def"
#undef COLUMN
    lines->place = place;
}

static void trace_lines_after_hops(struct trace_lines *lines, const struct trace_hops *hops)
{
    struct trace_place place = lines->place;
    size_t known = lines->names->tiers;
#define HOP(tiers, name, kind, limit, fallback, unit, help, value) \
    if (known >= (tiers)) \
        TRACE_WRITE_AFTER(name, kind, limit, value);
#include "sim/trace/hops.def"
#undef HOP
    lines->place = place;
}

/* -- for others -- */

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

struct trace_names trace_names_of(const struct roster *roster, unsigned replication)
{
    return (struct trace_names){.clients = roster_client_cells(roster),
                                .pods = roster_pod_cells(roster),
                                .client_count = roster->client_count,
                                .pod_count = roster->pod_count,
                                .tiers = roster->tier_count,
                                .replication = replication};
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
    struct trace_names names = trace_names_of(roster, replication);
    struct trace_lines lines;
    trace_lines_init(&lines, &names);
    for (size_t i = 0; i < count;) {
        char *room = output_room(output, TRACE_WRITE_ROWS * TRACE_LINE_BYTES);
        char *to = room;
        for (size_t end = i + TRACE_WRITE_ROWS; i < end && i < count; i++)
            to = trace_lines_alone(to, &lines, &rows[i], hops != NULL ? &hops[i] : NULL);
        output_advance(output, (size_t)(to - room));
    }
}

void trace_write_text(struct trace_text *text, const struct trace_names *names,
                      const struct trace_row *rows, const struct trace_hops *hops,
                      size_t count)
{
    CHECK(count > 0);
    struct trace_lines lines;
    trace_lines_init(&lines, names);
    char *first = trace_lines_alone(text->bytes, &lines, rows, hops);
    lines.place = (struct trace_place){.to = first,
                                       .same = first,
                                       .distance = (size_t)(first - text->bytes),
                                       .literals = text->bytes,
                                       .match = text->matches};
    struct trace_place *place = &lines.place;
    for (size_t i = 1; i < count; i++) {
        trace_lines_after(&lines, &rows[i]);
        if (hops != NULL)
            trace_lines_after_hops(&lines, &hops[i]);
        place->to[-1] = '\n';
    }
    trace_place_catch_up(place);
    trace_place_match(place, place->to);
    text->size = (size_t)(place->to - text->bytes);
    text->match_count = (size_t)(place->match - text->matches);
}
