/* SPDX-License-Identifier: GPL-3.0-or-later
   The course of an import: read line by line, sort, sum up, write. */
#include "sim/cli/command.h"
#include "sim/cli/import_part.h"
#include "sim/engine/check.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* "logs/access.log" and "access.log.zst" give "access.replay.csv". */
static void import_run_name_target(const char *file, char *target, size_t size)
{
    const char *slash = strrchr(file, '/');
    const char *base = strcmp(file, "-") == 0 ? "stdin" : slash != NULL ? slash + 1 : file;
    int length = (int)strlen(base);
    if (length > 4 && strcmp(base + length - 4, ".zst") == 0)
        length -= 4;
    for (int i = length - 1; i > 0; i--)
        if (base[i] == '.') {
            length = i;
            break;
        }
    snprintf(target, size, "%.*s.replay.csv", length, base);
}

/* Refuses before anything is read what could not be written after. */
static bool import_run_check_target(struct import_work *work)
{
    const struct import_order *order = work->order;
    char *target = work->account->target;
    if (order->target != NULL)
        snprintf(target, IMPORT_NAME, "%s", order->target);
    else
        import_run_name_target(order->file, target, IMPORT_NAME);
    struct stat from, to;
    if (strcmp(target, "-") == 0 || stat(target, &to) != 0 || !S_ISREG(to.st_mode))
        return true;
    if (stat(order->file, &from) == 0 && from.st_dev == to.st_dev &&
        from.st_ino == to.st_ino)
        return import_fail(work->failure, STATUS_USAGE, "%s would replace itself",
                               target);
    if (order->force)
        return true;
    snprintf(work->failure->hint, sizeof work->failure->hint,
             "--force replaces it, -o FILE writes elsewhere");
    return import_fail(work->failure, STATUS_USAGE, "%s is there already", target);
}

/* Another format, or the columns of the one that was asked for. */
static void import_run_suggest(struct import_work *work)
{
    struct import_failure *failure = work->failure;
    char hint[sizeof failure->hint], list[400];
    const struct import_format *own = work->account->format;
    const struct import_format *other = import_guess(&work->head, hint, sizeof hint);
    bool is_other = other != NULL ? other != own : own->kind != IMPORT_TABLE;
    if (is_other) {
        memcpy(failure->hint, hint, sizeof hint);
    } else if (own->kind == IMPORT_TABLE && work->head.count > 0) {
        import_table_list(&work->head.lines[0], list, sizeof list);
        snprintf(failure->hint, sizeof failure->hint, "columns are %s", list);
    }
}

/* Whether what was read looks like the format at all. */
static bool import_run_judge(struct import_work *work)
{
    const struct import_account *account = work->account;
    const struct import_reason *most = account->reasons;
    for (size_t i = 1; i < account->reason_count; i++)
        if (account->reasons[i].count > most->count)
            most = &account->reasons[i];
    if (account->skipped > work->harvest.count) {
        import_run_suggest(work);
        return import_fail(work->failure, STATUS_INVALID,
                               "this does not look like format %s: %" PRIu64 " of %" PRIu64
                               " lines do not parse, most of them because: %s (first at "
                               "%" PRIu64 ":%" PRIu64 ")",
                               account->format->name, account->skipped,
                               account->skipped + work->harvest.count, most->text,
                               most->lines[0], most->columns[0]);
    }
    if (work->harvest.count == 0)
        return import_fail(work->failure, STATUS_INVALID, "the file has no requests");
    return true;
}

static int import_run_compare(const void *left, const void *right)
{
    const struct import_request *a = left, *b = right;
    if (a->stamp != b->stamp)
        return a->stamp < b->stamp ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static void import_run_write_rows(const struct import_work *work, struct output *output)
{
    static const char *const names[] = {"time_ns", ",key", ",size", ",user", ",demand_ns"};
    const bool *has = work->account->has;
    for (int role = 0; role < IMPORT_ROLES; role++)
        output_text(output, has[role] ? names[role] : "");
    output_text(output, "\n");
    for (size_t i = 0; i < work->harvest.count; i++) {
        const struct import_request *request = &work->harvest.requests[i];
        const int64_t values[] = {request->stamp - work->harvest.requests[0].stamp,
                                  request->key, request->size, request->user,
                                  request->demand};
        for (int role = 0; role < IMPORT_ROLES; role++) {
            if (!has[role])
                continue;
            if (role != IMPORT_TIME)
                output_bytes(output, ",", 1);
            output_signed(output, values[role]);
        }
        output_bytes(output, "\n", 1);
    }
}

static bool import_run_write(struct import_work *work)
{
    const char *target = work->account->target;
    struct output *output = strcmp(target, "-") == 0
                                ? output_to_descriptor(STDOUT_FILENO, "standard output")
                                : output_to_file(target);
    int error = output == NULL ? errno : 0;
    if (output != NULL) {
        import_run_write_rows(work, output);
        error = output_close(output, true);
    }
    if (error != 0)
        return import_fail(work->failure, STATUS_FAILED, "cannot write %s: %s", target,
                               strerror(error));
    return true;
}

static bool import_run_whole(struct import_work *work)
{
    if (!import_run_check_target(work) || !import_read(work) || !import_run_judge(work))
        return false;
    struct import_harvest *harvest = &work->harvest;
    for (int role = 0; role < IMPORT_ROLES; role++)
        work->account->has[role] = work->parser.columns[role] != NULL;
    if (work->account->out_of_order > 0)
        qsort(harvest->requests, harvest->count, sizeof *harvest->requests,
              import_run_compare);
    import_account_fill(work->account, harvest);
    if (work->account->span > SIM_LONGEST / 2)
        return import_fail(work->failure, STATUS_INVALID,
                               "its times span %.0f years; is the unit right?",
                               sim_seconds(work->account->span) / (365.25 * 86400));
    return import_run_write(work);
}

bool import_run(const struct import_order *order, struct import_account *account,
                struct import_failure *failure)
{
    struct import_work work = {.order = order, .account = account, .failure = failure};
    *failure = (struct import_failure){.status = STATUS_FINE};
    *account = (struct import_account){.format = order->format, .file = order->file};
    if (strcmp(order->file, "-") == 0)
        account->file = "standard input";
    if (!import_parser_open(&work.parser, order, failure))
        return false;
    bool is_done = import_run_whole(&work);
    import_parser_close(&work.parser);
    arena_free(&work.head.arena);
    import_names_free(&work.harvest.keys);
    import_names_free(&work.harvest.users);
    import_names_free(&work.harvest.upstreams);
    free(work.harvest.requests);
    return is_done;
}
