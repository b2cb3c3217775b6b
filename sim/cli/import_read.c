/* SPDX-License-Identifier: GPL-3.0-or-later
   A file read line by line: what parses is kept, what does not is counted by reason. */
#include "sim/cli/command.h"
#include "sim/cli/import_part.h"
#include "sim/engine/check.h"

#include <stdio.h>
#include <string.h>

static void import_read_skip(struct import_account *account, const struct import_line *line,
                            const struct import_fault *fault)
{
    struct import_reason *reason = account->reasons;
    struct import_reason *end = reason + account->reason_count;
    while (reason < end && strcmp(reason->text, fault->reason) != 0)
        reason++;
    if (reason == end) {
        CHECK(account->reason_count < IMPORT_REASONS);
        account->reason_count++;
        reason->text = fault->reason;
    }
    if (reason->count < IMPORT_FIRST) {
        reason->lines[reason->count] = line->number;
        reason->columns[reason->count] = fault->column;
    }
    reason->count++;
    account->skipped++;
}

static void import_read_keep(struct import_work *work, const struct import_fields *fields)
{
    struct import_harvest *harvest = &work->harvest;
    const char *const *columns = work->parser.columns;
    if (harvest->count == harvest->room) {
        harvest->room = harvest->room * 2 + 4096;
        harvest->requests =
            memory_grow(harvest->requests, harvest->room, sizeof *harvest->requests);
    }
    struct import_request *request = &harvest->requests[harvest->count];
    *request = (struct import_request){.stamp = fields->stamp, .order = harvest->count,
                                       .size = fields->size, .demand = fields->demand};
    if (columns[IMPORT_KEY] != NULL)
        request->key = import_names_add(&harvest->keys, fields->key);
    if (columns[IMPORT_USER] != NULL)
        request->user = import_names_add(&harvest->users, fields->user);
    if (fields->upstream.size > 0)
        import_names_add(&harvest->upstreams, fields->upstream);
    if (fields->minute >= 0) {
        harvest->has_minutes = true;
        harvest->minutes |= UINT64_C(1) << fields->minute;
    }
    work->account->out_of_order += harvest->count > 0 && fields->stamp < harvest->latest;
    if (harvest->count == 0 || fields->stamp > harvest->latest)
        harvest->latest = fields->stamp;
    harvest->count++;
}

static bool import_read_is_blank(const struct import_line *line)
{
    return strspn(line->text, " \t\r") == line->size;
}

/* One line.  False where nothing after it can be read either. */
static bool import_read_take(struct import_work *work, const struct import_line *line)
{
    bool is_first = work->head.count == 0;
    work->account->lines++;
    if (import_read_is_blank(line)) {
        work->account->blank++;
        return true;
    }
    import_guess_keep(&work->head, line);
    if (is_first && work->order->format->kind == IMPORT_TABLE)
        return import_table_header(&work->parser, line, work->failure);
    struct import_fields fields;
    struct import_fault fault;
    if (import_parser_parse(&work->parser, line, &fields, &fault))
        import_read_keep(work, &fields);
    else
        import_read_skip(work->account, line, &fault);
    return true;
}

/* The header lacks a column: names its line, and the format that would suit if there is
   another one. */
static bool import_read_fail_header(struct import_work *work, struct import_lines *lines)
{
    struct import_failure *failure = work->failure;
    if (failure->status == STATUS_USAGE)
        return false;
    char hint[sizeof failure->hint];
    failure->line = work->head.lines[0].number;
    struct import_line line;
    while (work->head.count < IMPORT_HEAD && import_lines_next(lines, &line))
        import_guess_keep(&work->head, &line);
    const struct import_format *format = import_guess(&work->head, hint, sizeof hint);
    if (format != NULL && format != work->order->format)
        memcpy(failure->hint, hint, sizeof hint);
    return false;
}

bool import_read(struct import_work *work)
{
    struct import_lines lines;
    struct import_line line;
    if (!import_lines_open(&lines, work->order->file))
        return import_fail(work->failure, STATUS_INVALID, "%s", lines.error);
    bool is_good = true;
    while (is_good && import_lines_next(&lines, &line))
        is_good = import_read_take(work, &line) || import_read_fail_header(work, &lines);
    if (is_good && lines.error[0] != '\0')
        is_good = import_fail(work->failure, STATUS_INVALID, "%s", lines.error);
    import_lines_close(&lines);
    return is_good;
}
