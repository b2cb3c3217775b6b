/* SPDX-License-Identifier: GPL-3.0-or-later
   Each file is checked as it is closed; the folder is renamed when all are on disk. */
#include "sim/cli/result_folder.h"

#include "sim/cli/folder.h"
#include "sim/cli/talk.h"
#include "sim/config/json.h"
#include "sim/report/replications.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum result_folder_state result_folder_look(const char *path, const struct result *result)
{
    struct stat status;
    if (lstat(path, &status) != 0 || folder_is_empty(path))
        return RESULT_FOLDER_FREE;
    struct result old;
    char message[256];
    char *file = folder_path(path, RESULT_FILE), *sweep = folder_path(path, RESULT_SWEEP);
    enum result_folder_state state =
        access(sweep, F_OK) == 0 ? RESULT_FOLDER_OTHER : RESULT_FOLDER_FOREIGN;
    free(sweep);
    if (result_read(file, &old, message, sizeof message)) {
        state = !result_is_same(&old, result) ? RESULT_FOLDER_OTHER
                : old.partial                 ? RESULT_FOLDER_PARTIAL
                                              : RESULT_FOLDER_SAME;
        result_free(&old);
    }
    free(file);
    return state;
}

int result_folder_refuse(const char *path)
{
    char *sweep = folder_path(path, RESULT_SWEEP);
    bool is_sweep = access(sweep, F_OK) == 0;
    free(sweep);
    if (is_sweep)
        return talk_invalid(path, 0, "each of the folders in it is a result",
                            "this is a sweep, not the result of one scenario");
    return talk_invalid(path, 0, "a result is a folder with run.json in it",
                        "this is not a result of lbsim run");
}

static void result_folder_write_log(const struct result_log *log, struct output *output)
{
    struct json json = {.output = output};
    char text[32];
    time_t started = (time_t)log->started;
    struct tm date;
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&started, &date));
    json_map_open(&json, NULL);
    json_list_open(&json, "command");
    for (int i = 0; i < log->argc; i++)
        json_text(&json, NULL, log->argv[i]);
    json_list_close(&json);
    json_double(&json, "elapsed_seconds", log->elapsed_seconds);
    json_unsigned(&json, "events", log->events);
    json_unsigned(&json, "jobs", log->jobs);
    json_unsigned(&json, "requests", log->requests);
    json_double(&json, "requests_per_second",
                (double)log->requests / log->elapsed_seconds);
    json_text(&json, "started", text);
    json_map_close(&json);
}

enum result_folder_file {
    FILE_RUN,
    FILE_METRICS,
    FILE_REPLICATIONS,
    FILE_REPORT,
    FILE_PAGE,
    FILE_LATENCY,
    FILE_HEATS,
    FILE_LOG,
    FILE_COUNT
};

static const char *const result_folder_names[] = {
    RESULT_FILE, "metrics.csv", REPLICATIONS_FILE, "report.md", "report.html", RESULT_CURVES,
    RESULT_HEATS, "run.log.json"};

static int result_folder_write_file(const char *part, enum result_folder_file which,
                                    const struct result *result, const struct result_log *log)
{
    char *path = folder_path(part, result_folder_names[which]);
    struct output *output = output_to_file(path);
    int error = output ? 0 : errno;
    if (output && which == FILE_RUN)
        result_write(result, output);
    else if (output && which == FILE_REPLICATIONS)
        replications_write(&result->report, result->scenario, output);
    else if (output && which == FILE_LOG)
        result_folder_write_log(log, output);
    else if (output && which == FILE_LATENCY)
        curve_write(result->report.curves, result->report.curve_count, result->scenario, output);
    else if (output && which == FILE_HEATS)
        heat_write(result->report.heats, result->report.heat_count, result->scenario, output);
    else if (output)
        result_render(result,
                      which == FILE_METRICS  ? REPORT_CSV
                      : which == FILE_REPORT ? REPORT_MARKDOWN
                                             : REPORT_HTML,
                      false, output);
    if (output)
        error = output_close(output, true);
    int status = error ? talk_failure("cannot write '%s': %s", path, strerror(error))
                       : STATUS_FINE;
    free(path);
    return status;
}

int result_folder_write(const char *part, const struct result *result,
                        const struct result_log *log)
{
    int status = STATUS_FINE;
    for (unsigned which = 0; which < FILE_COUNT && status == STATUS_FINE; which++)
        status = result_folder_write_file(part, which, result, log);
    return status;
}

int result_folder_land(const char *part, const char *path, enum result_folder_state state)
{
    int error = state == RESULT_FOLDER_SAME ? folder_carry(path, part) : 0;
    if (!error)
        error = folder_land(part, path);
    if (!error)
        return STATUS_FINE;
    return talk_failure("cannot rename '%s' to '%s': %s", part, path, strerror(error));
}
