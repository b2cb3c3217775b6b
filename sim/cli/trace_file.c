/* SPDX-License-Identifier: GPL-3.0-or-later
   A ring of sheets.  The run fills one and lets it wait; whoever is free takes the one that
   waits longest; the run writes those that are ready, in their order.  It only lends a hand
   or waits when the ring is full. */
#include "sim/cli/trace_file.h"

#include "sim/engine/check.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    TRACE_FILE_SHEETS = 4,
    TRACE_FILE_ROWS = 1024 /* in a sheet; about one block of zstd */
};

enum trace_sheet_state { SHEET_OPEN, SHEET_WAITS, SHEET_TAKEN, SHEET_READY };

struct trace_sheet {
    struct trace_row *rows;
    struct trace_hops *hops; /* NULL: none */
    size_t count;
    struct trace_names names;
    struct trace_text text;
    char *blocks; /* the text, packed */
    size_t size;
    enum trace_sheet_state state; /* guarded by the file's lock */
};

struct trace_file {
    struct output *output;
    struct pack_frame *frame;
    struct pack *pack; /* the run's */
    struct trace_sheet sheets[TRACE_FILE_SHEETS];
    pthread_t helper;
    bool helped; /* the thread could be started */
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t news;
    uint64_t filled, written; /* sheets so far; the one to be filled follows */
    bool over;
};

static struct trace_sheet *trace_file_sheet(struct trace_file *file, uint64_t number)
{
    return &file->sheets[number % TRACE_FILE_SHEETS];
}

static struct pack_text trace_sheet_text(const struct trace_sheet *sheet)
{
    return (struct pack_text){sheet->text.bytes, sheet->text.size, sheet->text.matches,
                              sheet->text.match_count};
}

static void trace_sheet_make(struct trace_sheet *sheet, struct pack *pack)
{
    trace_write_text(&sheet->text, &sheet->names, sheet->rows, sheet->hops, sheet->count);
    struct pack_text text = trace_sheet_text(sheet);
    sheet->size = pack_blocks(pack, &text, sheet->blocks);
}

/* Takes the sheet that waits longest and makes it; false if none waits.  Holds the lock at the
   beginning and at the end. */
static bool trace_file_make_next(struct trace_file *file, struct pack *pack)
{
    uint64_t next = file->written;
    while (next < file->filled && trace_file_sheet(file, next)->state != SHEET_WAITS)
        next++;
    if (next == file->filled)
        return false;
    struct trace_sheet *sheet = trace_file_sheet(file, next);
    sheet->state = SHEET_TAKEN;
    pthread_mutex_unlock(&file->lock);
    trace_sheet_make(sheet, pack);
    pthread_mutex_lock(&file->lock);
    sheet->state = SHEET_READY;
    return true;
}

static void *trace_file_help(void *context)
{
    struct trace_file *file = context;
    struct pack *pack = pack_open();
    pthread_mutex_lock(&file->lock);
    while (!file->over) {
        if (trace_file_make_next(file, pack))
            pthread_cond_signal(&file->news);
        else
            pthread_cond_wait(&file->news, &file->lock);
    }
    pthread_mutex_unlock(&file->lock);
    pack_close(pack);
    return NULL;
}

/* Writes the oldest sheet if it is ready, or brings that nearer.  Holds the lock. */
static void trace_file_advance(struct trace_file *file)
{
    struct trace_sheet *sheet = trace_file_sheet(file, file->written);
    if (sheet->state == SHEET_READY) {
        struct pack_text text = trace_sheet_text(sheet);
        pack_frame_add(file->frame, &text, sheet->blocks, sheet->size);
        sheet->state = SHEET_OPEN;
        sheet->count = 0;
        file->written++;
    } else if (!trace_file_make_next(file, file->pack)) {
        pthread_cond_wait(&file->news, &file->lock);
    }
}

/* Lets the sheet wait that is being filled; `left` sheets may stay unwritten then. */
static void trace_file_hand_on(struct trace_file *file, uint64_t left)
{
    pthread_mutex_lock(&file->lock);
    struct trace_sheet *sheet = trace_file_sheet(file, file->filled);
    if (sheet->count > 0) {
        sheet->state = SHEET_WAITS;
        file->filled++;
        pthread_cond_signal(&file->news);
    }
    while (file->filled - file->written > left)
        trace_file_advance(file);
    pthread_mutex_unlock(&file->lock);
}

/* As many as the sheet takes, whose number is returned. */
static size_t trace_sheet_add(struct trace_sheet *sheet, const struct trace_row *rows,
                              const struct trace_hops *hops, size_t count)
{
    size_t room = TRACE_FILE_ROWS - sheet->count;
    size_t taken = count < room ? count : room;
    memcpy(sheet->rows + sheet->count, rows, taken * sizeof *rows);
    if (sheet->hops != NULL)
        memcpy(sheet->hops + sheet->count, hops, taken * sizeof *hops);
    sheet->count += taken;
    return taken;
}

void trace_file_rows(struct trace_file *file, const struct roster *roster,
                     unsigned replication, const struct trace_row *rows,
                     const struct trace_hops *hops, size_t count)
{
    for (size_t i = 0; i < count;) {
        struct trace_sheet *sheet = trace_file_sheet(file, file->filled);
        CHECK(hops != NULL || sheet->hops == NULL);
        i += trace_sheet_add(sheet, rows + i, hops != NULL ? hops + i : NULL, count - i);
        sheet->names = trace_names_of(roster, replication);
        if (sheet->count == TRACE_FILE_ROWS)
            trace_file_hand_on(file, TRACE_FILE_SHEETS - 1);
    }
}

void trace_file_settle(struct trace_file *file)
{
    trace_file_hand_on(file, 0);
}

static void trace_sheet_init(struct trace_sheet *sheet, bool hopped)
{
    enum { LINES = TRACE_FILE_ROWS + 1 };
    *sheet = (struct trace_sheet){
        .rows = memory_take(TRACE_FILE_ROWS, sizeof *sheet->rows),
        .hops = hopped ? memory_take(TRACE_FILE_ROWS, sizeof *sheet->hops) : NULL,
        .text.bytes = memory_sparse(LINES, TRACE_LINE_BYTES),
        .text.matches =
            memory_sparse((size_t)LINES * TRACE_LINE_MATCHES, sizeof *sheet->text.matches),
        .blocks = memory_sparse(pack_room((size_t)LINES * TRACE_LINE_BYTES), 1),
    };
}

static void trace_sheet_free(struct trace_sheet *sheet)
{
    free(sheet->rows);
    free(sheet->hops);
    free(sheet->text.bytes);
    free(sheet->text.matches);
    free(sheet->blocks);
}

/* The header is a piece of its own. */
static void trace_file_begin(struct trace_file *file, size_t tiers)
{
    struct output *header = output_to_memory();
    trace_write_header_hopped(header, tiers);
    struct pack_text text = {.bytes = output_memory(header, &text.size)};
    struct trace_sheet *sheet = trace_file_sheet(file, 0);
    size_t size = pack_blocks(file->pack, &text, sheet->blocks);
    pack_frame_add(file->frame, &text, sheet->blocks, size);
    output_close(header, true);
}

struct trace_file *trace_file_open(const char *path, size_t tiers)
{
    struct output *output = output_to_file(path);
    if (output == NULL)
        return NULL;
    struct trace_file *file = memory_zeroed(1, sizeof *file);
    file->output = output;
    file->frame = pack_frame_open(output);
    file->pack = pack_open();
    for (size_t i = 0; i < TRACE_FILE_SHEETS; i++)
        trace_sheet_init(&file->sheets[i], tiers > 0);
    trace_file_begin(file, tiers);
    pthread_mutex_init(&file->lock, NULL);
    pthread_cond_init(&file->news, NULL);
    file->helped = pthread_create(&file->helper, NULL, trace_file_help, file) == 0;
    return file;
}

int trace_file_error(const struct trace_file *file)
{
    return output_error(file->output);
}

static void trace_file_dismiss(struct trace_file *file)
{
    pthread_mutex_lock(&file->lock);
    file->over = true;
    pthread_cond_signal(&file->news);
    pthread_mutex_unlock(&file->lock);
    if (file->helped)
        pthread_join(file->helper, NULL);
}

int trace_file_close(struct trace_file *file, bool keep)
{
    CHECK(trace_file_sheet(file, file->filled)->count == 0 && file->written == file->filled);
    trace_file_dismiss(file);
    pack_frame_close(file->frame);
    int error = output_close(file->output, keep);
    for (size_t i = 0; i < TRACE_FILE_SHEETS; i++)
        trace_sheet_free(&file->sheets[i]);
    pack_close(file->pack);
    pthread_cond_destroy(&file->news);
    pthread_mutex_destroy(&file->lock);
    free(file);
    return error;
}
