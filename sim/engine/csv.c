/* SPDX-License-Identifier: GPL-3.0-or-later
   libcsv is fed physical line by physical line, so that a row's callback knows where it
   is.  Strict and strict-finish, or one stray quote would swallow the rest of the file in
   silence.  After the first error its callbacks do nothing. */
#include "sim/engine/csv.h"

#include "sim/engine/check.h"
#include "sim/engine/csv_input.h"

#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CSV_FIELD_BYTES = 1024 * 1024, /* at most */
    CSV_COLUMNS = 64 * 1024,       /* at most */
    CSV_GROWTH = 4096 /* libcsv's own 128 bytes would be slow on long fields */
};

struct csv_state {
    struct csv_reader *reader;
    char *text; /* the fields of the row, each with its NUL */
    size_t used, room;
    const char **fields;
    size_t *sizes;
    size_t count, field_room;
    size_t expected; /* fields of the first row; 0: not seen yet */
    uint64_t line;   /* the one being fed, from 1 */
    uint64_t row_line;
    uint64_t ended; /* rows that ended in the piece being fed */
    bool inside;    /* a row has begun and not ended */
    bool returned;  /* the piece before ended in a carriage return that was counted */
    bool failed;
};

static void csv_state_fail(struct csv_state *state, uint64_t line, const char *message)
{
    if (!state->failed) {
        state->reader->error_line = line;
        snprintf(state->reader->error, sizeof state->reader->error, "%s", message);
    }
    state->failed = true;
}

static void csv_state_grow(struct csv_state *state)
{
    state->field_room = state->field_room * 2 + 32;
    state->fields = memory_grow(state->fields, state->field_room, sizeof *state->fields);
    state->sizes = memory_grow(state->sizes, state->field_room, sizeof *state->sizes);
}

static void csv_take_field(void *bytes, size_t size, void *context)
{
    struct csv_state *state = context;
    if (state->failed)
        return;
    if (size > CSV_FIELD_BYTES) {
        csv_state_fail(state, state->row_line, "field of more than 1 MiB");
        return;
    }
    if (state->count == CSV_COLUMNS) {
        csv_state_fail(state, state->row_line, "more than 65536 fields in a row");
        return;
    }
    if (state->count == state->field_room)
        csv_state_grow(state);
    if (state->room - state->used <= size) {
        state->room = (state->used + size + 1) * 2;
        state->text = memory_grow(state->text, state->room, 1);
    }
    memcpy(state->text + state->used, bytes, size);
    state->text[state->used + size] = '\0';
    state->sizes[state->count++] = size;
    state->used += size + 1;
}

/* The text may have moved while it grew, so the fields are found when it is whole. */
static void csv_state_point(struct csv_state *state)
{
    const char *at = state->text;
    for (size_t i = 0; i < state->count; i++) {
        state->fields[i] = at;
        at += state->sizes[i] + 1;
    }
}

static bool csv_state_fits(struct csv_state *state, uint64_t line)
{
    if (state->expected == 0)
        state->expected = state->count;
    if (state->count == state->expected || state->reader->ragged)
        return true;
    char message[128];
    snprintf(message, sizeof message, "%zu field%s where the %s has %zu", state->count,
             state->count == 1 ? "" : "s",
             state->reader->has_header ? "header" : "first row", state->expected);
    csv_state_fail(state, line, message);
    return false;
}

static void csv_take_row(int end, void *context)
{
    (void)end;
    struct csv_state *state = context;
    uint64_t line = state->row_line + state->ended++;
    bool header = state->expected == 0 && state->reader->has_header;
    if (!state->failed && csv_state_fits(state, line)) {
        csv_state_point(state);
        struct csv_row row = {line, state->fields, state->sizes, state->count};
        bool (*take)(void *, const struct csv_row *) =
            header ? state->reader->header : state->reader->row;
        if (take != NULL && !take(state->reader->context, &row)) {
            if (state->reader->error_line == 0)
                state->reader->error_line = line;
            state->failed = true;
        }
    }
    state->count = state->used = 0;
}

static bool csv_is_blank(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (strchr(" \t\r\n", bytes[i]) == NULL || bytes[i] == '\0')
            return false;
    return true;
}

/* Rows end a line by a line feed, or by a carriage return alone. */
static void csv_count_lines(struct csv_state *state, const char *bytes, size_t size)
{
    bool fed = bytes[size - 1] == '\n', returned = bytes[size - 1] == '\r';
    if (state->ended > 0)
        state->inside = !fed && !returned;
    else if (!state->inside)
        state->inside = !csv_is_blank(bytes, size);
    bool counted = state->returned && bytes[0] == '\n';
    uint64_t lines = fed && !counted ? 1 : 0;
    state->line += state->ended > lines ? state->ended : lines;
    state->returned = returned && state->ended > 0;
    if (state->ended > 0)
        state->row_line = state->line;
}

/* One piece: up to and with a line feed, or what is left of a block. */
static void csv_feed_piece(struct csv_parser *parser, struct csv_state *state,
                           const char *bytes, size_t size)
{
    if (!state->inside)
        state->row_line = state->line;
    state->ended = 0;
    if (csv_parse(parser, bytes, size, csv_take_field, csv_take_row, state) != size)
        csv_state_fail(state, state->line,
                       csv_error(parser) == CSV_EPARSE
                           ? "quote in the wrong place: quote the whole field, and write "
                             "\"\" for a quote inside it"
                           : "the line is too long for the memory there is");
    if (csv_get_buffer_size(parser) > CSV_FIELD_BYTES + CSV_GROWTH)
        csv_state_fail(state, state->row_line,
                       "field of more than 1 MiB; is a closing quote missing?");
    csv_count_lines(state, bytes, size);
}

static bool csv_feed(struct csv_parser *parser, struct csv_state *state,
                     const char *bytes, size_t size)
{
    const char *end = bytes + size;
    while (bytes < end && !state->failed) {
        const char *feed = memchr(bytes, '\n', (size_t)(end - bytes));
        const char *next = feed == NULL ? end : feed + 1;
        csv_feed_piece(parser, state, bytes, (size_t)(next - bytes));
        bytes = next;
    }
    return !state->failed;
}

static void csv_read_blocks(struct csv_parser *parser, struct csv_state *state,
                            struct csv_input *input)
{
    const char *bytes;
    size_t size;
    do {
        if (!csv_input_next(input, &bytes, &size)) {
            state->reader->error_line = state->line;
            state->failed = true;
        } else if (!csv_feed(parser, state, bytes, size)) {
            return;
        }
    } while (!state->failed && size > 0);
    state->ended = 0;
    if (!state->failed && csv_fini(parser, csv_take_field, csv_take_row, state) != 0)
        csv_state_fail(state, state->row_line, "the closing quote of a field is missing");
    if (!state->failed && state->expected == 0 && state->reader->has_header)
        csv_state_fail(state, 0, "the file is empty: a header line was expected");
}

bool csv_read(const char *path, struct csv_reader *reader)
{
    reader->error_line = 0;
    reader->error[0] = '\0';
    struct csv_input *input = csv_input_open(path, reader->error, sizeof reader->error);
    if (input == NULL)
        return false;
    struct csv_parser parser;
    CHECK(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) == 0);
    csv_set_blk_size(&parser, CSV_GROWTH);
    if (reader->delimiter != 0)
        csv_set_delim(&parser, (unsigned char)reader->delimiter);
    struct csv_state state = {.reader = reader, .line = 1};
    csv_read_blocks(&parser, &state, input);
    csv_free(&parser);
    csv_input_close(input);
    free(state.text);
    free(state.fields);
    free(state.sizes);
    return !state.failed;
}
