/* SPDX-License-Identifier: GPL-3.0-or-later
   Cells are runs like any other, with further settings; one experiment takes them all, so that
   no thread waits for a cell to end. */
#include "sim/cli/sweep.h"

#include "sim/cli/folder.h"
#include "sim/cli/interrupt.h"
#include "sim/cli/run_note.h"
#include "sim/cli/talk.h"
#include "sim/config/json.h"
#include "sim/engine/check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SWEEP_SCHEMA "lbsim.sweep/1"
#define SWEEP_REPORT "sweep.md"

enum { SWEEP_NAME_SIZE = 120 /* of a folder, which may get a number behind it */ };

static bool sweep_has_folder(const struct sweep *sweep, size_t before, const char *name)
{
    for (size_t i = 0; i < before; i++)
        if (strcmp(sweep->folders[i], name) == 0)
            return true;
    return false;
}

/* "rate=600_s,count=8": what a shell or a file system would act upon becomes '_'. */
static const char *sweep_folder(struct sweep *sweep, size_t cell)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "0123456789._=,-";
    char title[SWEEP_NAME_SIZE], name[SWEEP_NAME_SIZE + 16];
    const struct grid grid = {.axes = sweep->axes.items, .axis_count = sweep->axes.count};
    size_t used = 0;
    grid_title(&grid, cell, title, sizeof title);
    for (const char *at = title; *at; at++) {
        if (at[0] == ' ' && at > title && at[-1] == ',')
            continue;
        bool fine = strchr(safe, *at) && (used > 0 || *at != '.');
        name[used++] = fine ? *at : '_';
    }
    name[used] = '\0';
    for (unsigned number = 2; sweep_has_folder(sweep, cell, name); number++)
        snprintf(name + used, sizeof name - used, "-%u", number);
    return arena_copy_text(&sweep->arena, name, strlen(name));
}

/* What sweep.json holds; to be freed. */
static char *sweep_identify(const struct sweep *sweep, bool partial)
{
    struct output *output = output_to_memory();
    struct json json = {.output = output};
    json_map_open(&json, NULL);
    json_list_open(&json, "folders");
    for (size_t i = 0; i < sweep->count; i++)
        json_text(&json, NULL, sweep->folders[i]);
    json_list_close(&json);
    json_bool(&json, "partial", partial);
    json_list_open(&json, "paths");
    for (size_t i = 0; i < sweep->axes.count; i++)
        json_text(&json, NULL, sweep->axes.items[i].path);
    json_list_close(&json);
    json_key(&json, "scenario");
    output_text(output, sweep->base->result.resolved);
    json_text(&json, "schema", SWEEP_SCHEMA);
    json_list_open(&json, "values");
    for (size_t i = 0; i < sweep->axes.count; i++)
        for (size_t k = 0; k < sweep->axes.items[i].count; k++)
            json_text(&json, NULL, sweep->axes.items[i].values[k]);
    json_list_close(&json);
    json_text(&json, "version", sweep->base->result.version);
    json_map_close(&json);
    size_t size;
    const char *bytes = output_memory(output, &size);
    char *copy = memcpy(memory_take(size + 1, 1), bytes, size + 1);
    output_close(output, false);
    return copy;
}

/* Values that are fine one by one may not fit together. */
static int sweep_load_cell(const struct run_order *order, struct sweep *sweep, size_t cell)
{
    size_t count = sweep->axes.count;
    struct config_setting *settings = arena_take(&sweep->arena, count, sizeof *settings);
    for (size_t i = 0; i < count; i++)
        settings[i] = sweep_axes_setting(&sweep->axes, cell, i, &sweep->arena);
    struct load_further further = {settings, count};
    struct run *run = &sweep->cells[cell];
    int status = run_prepare_with(order, sweep->base->loaded.path, &further, run);
    if (status != STATUS_FINE) {
        talk_note("this is cell '%s' of the sweep", sweep->folders[cell]);
        return status;
    }
    sweep->loaded++;
    free(run->folder);
    run->folder = NULL;
    return STATUS_FINE;
}

int sweep_prepare(const struct run_order *order, struct run *base, struct sweep *sweep)
{
    *sweep = (struct sweep){.base = base};
    int status = sweep_axes_read(order->line, &base->loaded, &sweep->arena, &sweep->axes);
    size_t count = sweep->axes.count > 0;
    for (size_t i = 0; i < sweep->axes.count && count <= SWEEP_CELLS_MAX; i++)
        count *= sweep->axes.items[i].count;
    if (status != STATUS_FINE || count == 0)
        return status;
    if (count > SWEEP_CELLS_MAX)
        return talk_invalid(base->loaded.path, 0, "vary less at once",
                            "the values make more than %d combinations", SWEEP_CELLS_MAX);
    sweep->count = count;
    sweep->cells = memory_zeroed(count, sizeof *sweep->cells);
    sweep->folders = arena_take(&sweep->arena, count, sizeof *sweep->folders);
    for (size_t i = 0; i < count; i++)
        sweep->folders[i] = sweep_folder(sweep, i);
    for (size_t i = 0; i < count && status == STATUS_FINE; i++)
        status = sweep_load_cell(order, sweep, i);
    sweep->identity = sweep_identify(sweep, false);
    return status;
}

/* What stands at the folder, seen from the sweep. */
static enum result_folder_state sweep_state(const struct sweep *sweep)
{
    const char *folder = sweep->base->folder;
    enum result_folder_state state = result_folder_look(folder, &sweep->base->result);
    char *file = folder_path(folder, RESULT_SWEEP), *part = sweep_identify(sweep, true);
    struct arena arena = {0};
    struct problems problems = {0};
    const struct source *source =
        access(file, F_OK) == 0 ? source_read(file, &arena, &problems) : NULL;
    if (source && strcmp(source->bytes, sweep->identity) == 0)
        state = RESULT_FOLDER_SAME;
    else if (source && strcmp(source->bytes, part) == 0)
        state = RESULT_FOLDER_PARTIAL;
    else if (state != RESULT_FOLDER_FREE && state != RESULT_FOLDER_FOREIGN)
        state = RESULT_FOLDER_OTHER;
    problems_free(&problems);
    arena_free(&arena);
    free(file);
    free(part);
    return state;
}

int sweep_look(const struct run_order *order, struct sweep *sweep)
{
    const char *folder = sweep->base->folder;
    sweep->state = sweep_state(sweep);
    if (sweep->state == RESULT_FOLDER_FOREIGN)
        return talk_failure("'%s' is there and is not a result of lbsim: choose another "
                            "folder with -o", folder);
    if (sweep->state == RESULT_FOLDER_OTHER && !order->force)
        return talk_failure("'%s' holds the results of another run: add --force to replace "
                            "them, or choose another folder with -o", folder);
    return STATUS_FINE;
}

/* The folders of the cells, before anything is simulated: traces go there at once. */
static int sweep_open_folders(struct sweep *sweep)
{
    for (size_t i = 0; i < sweep->count; i++) {
        char *part = folder_path(sweep->base->part, sweep->folders[i]);
        sweep->cells[i].part = part;
        int error = folder_make(part);
        if (error)
            return talk_failure("cannot make the folder '%s': %s", part, strerror(error));
    }
    return STATUS_FINE;
}

static struct grid sweep_grid(struct sweep *sweep)
{
    const struct result *base = &sweep->base->result;
    static const char *const nothing[] = {NULL};
    struct grid_cell *cells = arena_take(&sweep->arena, sweep->count, sizeof *cells);
    struct grid grid = {
        .scenario = base->scenario, .summary = base->summary, .version = base->version,
        .seed = base->seed, .axes = sweep->axes.items, .axis_count = sweep->axes.count,
        .cells = cells, .cell_count = sweep->count};
    for (size_t i = 0; i < sweep->count; i++) {
        const struct result *result = &sweep->cells[i].result;
        const struct scenario *scenario = sweep->cells[i].loaded.scenario;
        cells[i] = (struct grid_cell){&result->report, scenario_load_factor(scenario),
                                      result->notes ? result->notes : (const char **)nothing};
        grid.partial |= result->partial;
    }
    return grid;
}

static int sweep_write_file(const struct sweep *sweep, const char *name,
                            const struct grid *grid, enum report_format format)
{
    char *path = folder_path(sweep->base->part, name);
    char *identity = sweep_identify(sweep, grid->partial);
    struct output *output = output_to_file(path);
    int error = output ? 0 : errno;
    if (output && format == REPORT_JSON)
        output_text(output, identity);
    else if (output)
        grid_render(grid, format, false, output);
    if (output)
        error = output_close(output, true);
    int status = error ? talk_failure("cannot write '%s': %s", path, strerror(error))
                       : STATUS_FINE;
    free(identity);
    free(path);
    return status;
}

/* The folders of the cells, then what is of all of them. */
static int sweep_write(struct sweep *sweep, const struct grid *grid,
                       const struct result_log *whole)
{
    int status = STATUS_FINE;
    for (size_t i = 0; i < sweep->count && status == STATUS_FINE; i++) {
        struct run *run = &sweep->cells[i];
        struct result_log log = *whole;
        log.requests = run->requests;
        log.events = run->events;
        if (run->result.report.count > 0)
            status = result_folder_write(run->part, &run->result, &log);
        else
            folder_remove(run->part);
    }
    if (status == STATUS_FINE)
        status = sweep_write_file(sweep, GRID_FILE, grid, REPORT_CSV);
    if (status == STATUS_FINE)
        status = sweep_write_file(sweep, SWEEP_REPORT, grid, REPORT_MARKDOWN);
    return status == STATUS_FINE ? sweep_write_file(sweep, RESULT_SWEEP, grid, REPORT_JSON)
                                 : status;
}

/* A complete sweep is not given up for a partial one. */
static int sweep_land(struct sweep *sweep, const struct grid *grid,
                      const struct result_log *log, bool *landed)
{
    struct run *base = sweep->base;
    if (grid->partial && sweep->state == RESULT_FOLDER_SAME) {
        talk_note("'%s' holds the same sweep, complete: kept", base->folder);
        return STATUS_FINE;
    }
    int status = sweep_write(sweep, grid, log);
    if (status == STATUS_FINE)
        status = result_folder_land(base->part, base->folder, sweep->state);
    *landed = status == STATUS_FINE;
    return status;
}

static int sweep_print(const struct run_order *order, const struct grid *grid, size_t index)
{
    struct output *output = talk_open_stdout();
    enum report_format format = order->folder ? order->format : REPORT_JSON;
    if (index > 0 && format != REPORT_JSON)
        output_text(output, "\n");
    grid_render(grid, format, talk_is_colored(order->line, STDOUT_FILENO), output);
    return talk_close(output, "standard output");
}

/* The gravest of the verdicts, and what was simulated in all. */
static int sweep_sum(const struct sweep *sweep, struct result_log *log)
{
    int worst = STATUS_FINE;
    for (size_t i = 0; i < sweep->count; i++) {
        int one = run_verdict_status(&sweep->cells[i].verdicts);
        worst = one > worst ? one : worst;
        log->requests += sweep->cells[i].requests;
        log->events += sweep->cells[i].events;
    }
    return worst;
}

static bool sweep_is_empty(const struct sweep *sweep)
{
    for (size_t i = 0; i < sweep->count; i++)
        if (sweep->cells[i].result.report.count > 0)
            return false;
    return true;
}

int sweep_simulate(const struct run_order *order, struct sweep *sweep, size_t index)
{
    struct run *base = sweep->base;
    struct result_log log = {.argc = order->line->argc, .argv = order->line->argv,
                             .started = (int64_t)time(NULL), .jobs = order->jobs};
    bool landed = false;
    int status = base->folder ? run_open_part(order, base) : STATUS_FINE;
    if (status == STATUS_FINE && base->part)
        status = sweep_open_folders(sweep);
    if (status == STATUS_FINE)
        status = run_measure(order, sweep->cells, sweep->count, &log.elapsed_seconds);
    bool is_empty = status != STATUS_FINE || sweep_is_empty(sweep);
    struct grid grid = sweep_grid(sweep);
    if (status == STATUS_FINE && is_empty)
        talk_note("stopped before the first replication was finished: nothing written");
    if (!is_empty && base->part)
        status = sweep_land(sweep, &grid, &log, &landed);
    run_drop_part(order, base, landed);
    int verdict = sweep_sum(sweep, &log);
    if (status == STATUS_FINE && !is_empty) {
        status = sweep_print(order, &grid, index);
        base->requests = log.requests;
        base->result.partial = grid.partial;
        if (!order->quiet)
            run_note_end(base, &log);
    }
    int stopped = interrupt_status(order->interrupt);
    return stopped ? stopped : status == STATUS_FINE ? verdict : status;
}

void sweep_free(struct sweep *sweep)
{
    for (size_t i = 0; i < sweep->loaded; i++) {
        free(sweep->cells[i].part);
        run_free(&sweep->cells[i]);
    }
    free(sweep->cells);
    free(sweep->identity);
    arena_free(&sweep->arena);
    *sweep = (struct sweep){.count = 0};
}
