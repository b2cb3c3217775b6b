/* SPDX-License-Identifier: GPL-3.0-or-later
   A result is made again from its traces where it kept all of them, else it is what run.json
   and the tables beside it hold. */
#include "sim/cli/result_open.h"

#include "sim/cli/folder.h"
#include "sim/cli/result_folder.h"
#include "sim/cli/talk.h"
#include "sim/cli/trace_find.h"
#include "sim/cli/trace_report.h"
#include "sim/cli/version.h"
#include "sim/engine/check.h"
#include "sim/report/replications.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RESULT_OPEN_MESSAGE_SIZE = 1024 };

static int result_open_invalid(const struct trace_report_fault *fault)
{
    return talk_invalid(fault->file, fault->line, NULL, "%s", fault->message);
}

/* The last part of a path without its suffixes, in the arena. */
static const char *result_open_stem(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    size_t length = strcspn(name, ".");
    return length ? arena_copy_text(arena, name, length) : name;
}

/* The trace of a policy in a folder of results, to be freed; NULL where it kept none. */
static char *result_open_trace(const char *folder, const struct result_policy *policy)
{
    return policy->replications > 0 ? trace_find_of(folder, policy->label) : NULL;
}

/* Makes the figures again if every policy that has some kept its trace. */
static int result_open_recompute(const char *folder, struct result *result)
{
    struct report report = {0};
    for (size_t i = 0; i < result->policy_count; i++) {
        const struct result_policy *policy = &result->policies[i];
        char *trace = result_open_trace(folder, policy);
        struct trace_report_fault fault;
        bool fine = trace && trace_report_add(&report, policy->label, trace,
                                              policy->replications, &fault);
        bool is_kept = trace != NULL;
        free(trace);
        if (fine || (!is_kept && policy->replications == 0))
            continue;
        report_free(&report);
        return is_kept ? result_open_invalid(&fault) : STATUS_FINE;
    }
    report_free(&result->report);
    result->report = report;
    return STATUS_FINE;
}

static bool result_open_curves(const char *path, struct report *report, char *message,
                               size_t size)
{
    return curve_read(path, &report->arena, &report->curves, &report->curve_count, message, size);
}

static bool result_open_heats(const char *path, struct report *report, char *message,
                              size_t size)
{
    return heat_read(path, &report->arena, &report->heats, &report->heat_count, message, size);
}

static bool result_open_values(const char *path, struct report *report, char *message,
                               size_t size)
{
    uint64_t line = 0;
    char text[RESULT_OPEN_MESSAGE_SIZE - 32];
    if (report->count == 0 || replications_read(path, report, &line, text, sizeof text))
        return true;
    snprintf(message, size, "line %" PRIu64 ": %s", line, text);
    return false;
}

/* What stands beside run.json; a result of an older version has less of it. */
static int result_open_rest(const char *folder, struct result *result)
{
    static const struct {
        const char *name;
        bool (*read)(const char *path, struct report *report, char *message, size_t size);
    } files[] = {{RESULT_CURVES, result_open_curves},
                 {RESULT_HEATS, result_open_heats},
                 {REPLICATIONS_FILE, result_open_values}};
    char message[RESULT_OPEN_MESSAGE_SIZE];
    int status = STATUS_FINE;
    for (size_t i = 0; i < sizeof files / sizeof *files && status == STATUS_FINE; i++) {
        char *path = folder_path(folder, files[i].name);
        if (access(path, F_OK) == 0 &&
            !files[i].read(path, &result->report, message, sizeof message))
            status = talk_invalid(path, 0, NULL, "%s", message);
        free(path);
    }
    return status;
}

/* From a run.json alone, wherever it stands. */
static int result_open_from_figures(const char *path, struct result *result)
{
    char message[RESULT_OPEN_MESSAGE_SIZE];
    if (result_read(path, result, message, sizeof message))
        return STATUS_FINE;
    return talk_invalid(path, 0, NULL, "%s", message);
}

static int result_open_from_folder(const char *folder, struct result *result)
{
    char *path = folder_path(folder, RESULT_FILE);
    int status = access(path, F_OK) == 0
                     ? result_open_from_figures(path, result)
                     : result_folder_refuse(folder);
    free(path);
    if (status != STATUS_FINE)
        return status;
    status = result_open_recompute(folder, result);
    if (status == STATUS_FINE && result->report.curve_count == 0)
        status = result_open_rest(folder, result);
    if (status != STATUS_FINE)
        result_free(result);
    return status;
}

/* The heading and policy of a lone trace: from the run.json above it, if that knows it. */
static const char *result_open_identify(const char *path, struct result *result,
                                       uint64_t *replications)
{
    char message[RESULT_OPEN_MESSAGE_SIZE];
    char *home = folder_parent(path), *above = folder_path(home, "../" RESULT_FILE);
    char *real = realpath(home, NULL);
    const char *name = real ? strrchr(real, '/') + 1 : "";
    const char *policy = NULL;
    bool known = result_read(above, result, message, sizeof message);
    for (size_t i = 0; known && i < result->policy_count; i++) {
        if (strcmp(result->policies[i].label, name) != 0)
            continue;
        policy = result->policies[i].label;
        *replications = result->policies[i].replications;
    }
    if (known && !policy)
        result_free(result);
    if (!policy) {
        static const char *none[] = {NULL};
        *result =
            (struct result){.version = LBSIM_VERSION, .seedless = true, .notes = none};
        result->scenario = result_open_stem(&result->arena, path);
        policy = "trace";
    }
    free(home);
    free(above);
    free(real);
    return policy;
}

static int result_open_from_trace(const char *path, struct result *result)
{
    struct trace_report_fault fault;
    uint64_t replications = 0;
    const char *policy = result_open_identify(path, result, &replications);
    report_free(&result->report);
    result->report = (struct report){0};
    if (trace_report_add(&result->report, policy, path, replications, &fault))
        return STATUS_FINE;
    result_free(result);
    return result_open_invalid(&fault);
}

static bool result_open_ends(const char *path, const char *suffix)
{
    size_t length = strlen(path), size = strlen(suffix);
    return length > size && strcmp(path + length - size, suffix) == 0;
}

/* A folder of results, its run.json, or a trace. */
int result_open(const char *path, struct result *result)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return talk_unread(path, errno);
    if (S_ISDIR(status.st_mode))
        return result_open_from_folder(path, result);
    if (trace_find_is_scenario(path))
        return trace_find_refuse_scenario(path);
    const char *slash = strrchr(path, '/');
    if (strcmp(slash ? slash + 1 : path, RESULT_FILE) != 0)
        return result_open_ends(path, ".json") ? result_open_from_figures(path, result)
                                              : result_open_from_trace(path, result);
    char *folder = folder_parent(path);
    int outcome = result_open_from_folder(folder, result);
    free(folder);
    return outcome;
}
