/* SPDX-License-Identifier: GPL-3.0-or-later
   run.json says which policies a result has; each has a folder of its label. */
#include "sim/cli/trace_find.h"

#include "sim/cli/folder.h"
#include "sim/cli/result.h"
#include "sim/cli/talk.h"
#include "sim/engine/check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char trace_find_hint[] = "`lbsim run SCENARIO --trace` keeps traces";

char *trace_find_of(const char *folder, const char *label)
{
    char *home = folder_path(folder, label);
    char *trace = folder_path(home, TRACE_FIND_FILE);
    free(home);
    if (access(trace, F_OK) == 0)
        return trace;
    free(trace);
    return NULL;
}

static bool trace_find_ends(const char *path, const char *suffix)
{
    size_t length = strlen(path), size = strlen(suffix);
    return length > size && strcmp(path + length - size, suffix) == 0;
}

bool trace_find_is_scenario(const char *path)
{
    return trace_find_ends(path, ".yaml") || trace_find_ends(path, ".yml");
}

int trace_find_refuse_scenario(const char *path)
{
    return talk_invalid(path, 0, "'lbsim run' simulates a scenario and writes a result",
                        "this is neither a result nor a trace");
}

/* Among the labels of a result that kept a trace. */
static char *trace_find_policy(const struct command_line *line, const char *folder,
                               const char *policy, struct result *result, int *status)
{
    const char **labels =
        arena_take(&result->arena, result->policy_count + 1, sizeof *labels);
    size_t count = 0;
    for (size_t i = 0; i < result->policy_count; i++) {
        char *trace = trace_find_of(folder, result->policies[i].label);
        if (trace != NULL)
            labels[count++] = result->policies[i].label;
        free(trace);
    }
    for (size_t i = 0; i < count; i++)
        if (policy != NULL ? strcmp(labels[i], policy) == 0 : count == 1)
            return trace_find_of(folder, labels[i]);
    if (count == 0)
        *status = talk_invalid(folder, 0, trace_find_hint, "this result kept no traces");
    else if (policy != NULL)
        *status = talk_unknown(line->command, "policy", policy, labels);
    else
        *status = talk_usage(line->command, "as in --policy NAME; `lbsim report` lists them",
                             "'%s' has traces of %zu policies: say which one", folder, count);
    return NULL;
}

static char *trace_find_in_result(const struct command_line *line, const char *folder,
                                  const char *policy, int *status)
{
    char message[1024];
    struct result result;
    char *file = folder_path(folder, RESULT_FILE), *trace = NULL;
    if (result_read(file, &result, message, sizeof message)) {
        trace = trace_find_policy(line, folder, policy, &result, status);
        result_free(&result);
    } else {
        *status = talk_invalid(file, 0, NULL, "%s", message);
    }
    free(file);
    return trace;
}

/* A folder of a result, or of one of its policies. */
static char *trace_find_in_folder(const struct command_line *line, const char *folder,
                                  const char *policy, int *status)
{
    char *file = folder_path(folder, RESULT_FILE);
    bool is_result = access(file, F_OK) == 0;
    free(file);
    if (is_result)
        return trace_find_in_result(line, folder, policy, status);
    char *trace = trace_find_of(folder, ".");
    if (trace == NULL)
        *status = talk_invalid(folder, 0, trace_find_hint,
                               "there is neither a result nor a trace in it");
    return trace;
}

char *trace_find(const struct command_line *line, const char *path, const char *policy,
                 int *status)
{
    struct stat entry;
    if (stat(path, &entry) != 0) {
        *status = talk_unread(path, errno);
        return NULL;
    }
    if (S_ISDIR(entry.st_mode))
        return trace_find_in_folder(line, path, policy, status);
    if (trace_find_is_scenario(path)) {
        *status = trace_find_refuse_scenario(path);
        return NULL;
    }
    const char *slash = strrchr(path, '/');
    if (strcmp(slash != NULL ? slash + 1 : path, RESULT_FILE) == 0) {
        char *folder = folder_parent(path);
        char *trace = trace_find_in_result(line, folder, policy, status);
        free(folder);
        return trace;
    }
    size_t size = strlen(path) + 1;
    return memcpy(memory_take(size, 1), path, size);
}
