/* SPDX-License-Identifier: GPL-3.0-or-later
   lbsim report: the report of a run again, from its traces where it kept them, else from the
   figures in run.json; or the report of one trace. */
#include "sim/cli/command.h"
#include "sim/cli/folder.h"
#include "sim/cli/result.h"
#include "sim/cli/talk.h"
#include "sim/cli/trace_find.h"
#include "sim/cli/trace_report.h"
#include "sim/cli/version.h"
#include "sim/engine/check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CMD_REPORT_MESSAGE_SIZE = 1024 };

static const struct option cmd_report_output = {
    .name = "output", .letter = 'o', .argument = "FILE", .complete = COMPLETE_FILE,
    .help = "write to FILE in place of stdout",
};

static int cmd_report_invalid(const struct trace_report_fault *fault)
{
    return talk_invalid(fault->file, fault->line, NULL, "%s", fault->message);
}

/* The last part of a path without its suffixes, in the arena. */
static const char *cmd_report_stem(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    size_t length = strcspn(name, ".");
    return length ? arena_copy_text(arena, name, length) : name;
}

/* Where a policy kept its trace, to be freed; NULL: it did not. */
static char *cmd_report_trace(const char *folder, const struct result_policy *policy)
{
    return policy->replications > 0 ? trace_find_of(folder, policy->label) : NULL;
}

/* Makes the figures again if every policy that has some kept its trace. */
static int cmd_report_recompute(const char *folder, struct result *result)
{
    struct report report = {0};
    for (size_t i = 0; i < result->policy_count; i++) {
        const struct result_policy *policy = &result->policies[i];
        char *trace = cmd_report_trace(folder, policy);
        struct trace_report_fault fault;
        bool fine = trace && trace_report_add(&report, policy->label, trace,
                                              policy->replications, &fault);
        bool is_kept = trace != NULL;
        free(trace);
        if (fine || (!is_kept && policy->replications == 0))
            continue;
        report_free(&report);
        return is_kept ? cmd_report_invalid(&fault) : STATUS_FINE;
    }
    report_free(&result->report);
    result->report = report;
    return STATUS_FINE;
}

/* From a run.json alone, wherever it stands. */
static int cmd_report_from_figures(const char *path, struct result *result)
{
    char message[CMD_REPORT_MESSAGE_SIZE];
    if (result_read(path, result, message, sizeof message))
        return STATUS_FINE;
    return talk_invalid(path, 0, NULL, "%s", message);
}

static int cmd_report_from_folder(const char *folder, struct result *result)
{
    char *path = folder_path(folder, RESULT_FILE);
    int status = access(path, F_OK) == 0
                     ? cmd_report_from_figures(path, result)
                     : talk_invalid(folder, 0, "a result is a folder with run.json in it",
                                    "this is not a result of lbsim run");
    free(path);
    if (status != STATUS_FINE)
        return status;
    status = cmd_report_recompute(folder, result);
    if (status != STATUS_FINE)
        result_free(result);
    return status;
}

/* The heading and policy of a lone trace: from the run.json above it, if that knows it. */
static const char *cmd_report_identify(const char *path, struct result *result,
                                       uint64_t *replications)
{
    char message[CMD_REPORT_MESSAGE_SIZE];
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
        result->scenario = cmd_report_stem(&result->arena, path);
        policy = "trace";
    }
    free(home);
    free(above);
    free(real);
    return policy;
}

static int cmd_report_from_trace(const char *path, struct result *result)
{
    struct trace_report_fault fault;
    uint64_t replications = 0;
    const char *policy = cmd_report_identify(path, result, &replications);
    report_free(&result->report);
    result->report = (struct report){0};
    if (trace_report_add(&result->report, policy, path, replications, &fault))
        return STATUS_FINE;
    result_free(result);
    return cmd_report_invalid(&fault);
}

static bool cmd_report_ends(const char *path, const char *suffix)
{
    size_t length = strlen(path), size = strlen(suffix);
    return length > size && strcmp(path + length - size, suffix) == 0;
}

/* A folder of results, its run.json, or a trace. */
static int cmd_report_read(const char *path, struct result *result)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return talk_unread(path, errno);
    if (S_ISDIR(status.st_mode))
        return cmd_report_from_folder(path, result);
    if (trace_find_is_scenario(path))
        return trace_find_refuse_scenario(path);
    const char *slash = strrchr(path, '/');
    if (strcmp(slash ? slash + 1 : path, RESULT_FILE) != 0)
        return cmd_report_ends(path, ".json") ? cmd_report_from_figures(path, result)
                                              : cmd_report_from_trace(path, result);
    char *folder = folder_parent(path);
    int outcome = cmd_report_from_folder(folder, result);
    free(folder);
    return outcome;
}

static int cmd_report_write(const struct command_line *line, const struct result *result)
{
    const char *path = option_value(line, &cmd_report_output);
    bool is_file = path && strcmp(path, "-") != 0;
    struct output *output = is_file ? output_to_file(path, false) : talk_open_stdout();
    if (!output)
        return talk_failure("cannot write '%s': %s", path, strerror(errno));
    struct report_heading heading = result_heading(result);
    bool color = !is_file && talk_is_colored(line, STDOUT_FILENO);
    report_render(&result->report, &heading,
                  (enum report_format)option_word(line, &option_format, REPORT_TEXT), color,
                  output);
    return talk_close(output, is_file ? path : "standard output");
}

static int cmd_report_run(const struct command_line *line)
{
    struct result result;
    int status = cmd_report_read(line->operands[0], &result);
    if (status != STATUS_FINE)
        return status;
    status = cmd_report_write(line, &result);
    if (status == STATUS_FINE && result.partial)
        status = STATUS_PARTIAL;
    result_free(&result);
    return status;
}

static const struct option *const cmd_report_options[] = {
    &option_format, &cmd_report_output, &option_color, NULL,
};

static const char *const cmd_report_examples[] = {
    "lbsim run scenarios/quick-start.yaml --trace    # makes what is reported here",
    "lbsim report results/quick-start",
    "lbsim report results/quick-start --format md -o report.md",
    "lbsim report results/quick-start/p2c/trace.csv.zst",
    NULL,
};

const struct command command_report = {
    .name = "report",
    .summary = "the report of a run again, or of a trace",
    .operands = "RESULT|TRACE",
    .operand_min = 1,
    .operand_max = 1,
    .complete = COMPLETE_FILE,
    .options = cmd_report_options,
    .examples = cmd_report_examples,
    .details = "RESULT is a folder as `lbsim run` writes it.  A run that kept its traces is\n"
               "computed again from them.\n",
    .statuses = {STATUS_FAILED, STATUS_USAGE, STATUS_INVALID, STATUS_PARTIAL},
    .run = cmd_report_run,
};
