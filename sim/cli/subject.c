/* SPDX-License-Identifier: GPL-3.0-or-later
   Stored results need the file with the values of their replications beside run.json. */
#include "sim/cli/subject.h"

#include "sim/cli/folder.h"
#include "sim/cli/interrupt.h"
#include "sim/cli/talk.h"
#include "sim/engine/check.h"
#include "sim/report/replications.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SUBJECT_MESSAGE_SIZE = 1024 };

static bool subject_is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool subject_is_result(const char *path)
{
    const char *slash = strrchr(path, '/');
    return subject_is_folder(path) || strcmp(slash ? slash + 1 : path, RESULT_FILE) == 0;
}

char *subject_file(const char *path)
{
    size_t size = strlen(path) + 1;
    return subject_is_folder(path) ? folder_path(path, RESULT_FILE)
                                   : memcpy(memory_take(size, 1), path, size);
}

static int subject_read_values(const char *file, struct result *result)
{
    char *folder = folder_parent(file), *values = folder_path(folder, REPLICATIONS_FILE);
    char message[SUBJECT_MESSAGE_SIZE];
    uint64_t line = 0;
    int status = STATUS_FINE;
    if (access(values, F_OK) != 0)
        status = talk_invalid(file, 0, "run it again with this version",
                              "there is no " REPLICATIONS_FILE " beside it");
    else if (!replications_read(values, &result->report, &line, message, sizeof message))
        status = talk_invalid(values, line, NULL, "%s", message);
    free(folder);
    free(values);
    return status;
}

int subject_read(const char *path, struct result *result)
{
    char message[SUBJECT_MESSAGE_SIZE];
    char *file = subject_file(path);
    int status = STATUS_FINE;
    if (access(file, F_OK) != 0)
        status = subject_is_folder(path) ? result_folder_refuse(path) : talk_unread(path, errno);
    else if (!result_read(file, result, message, sizeof message))
        status = talk_invalid(file, 0, NULL, "%s", message);
    if (status == STATUS_FINE) {
        status = subject_read_values(file, result);
        if (status != STATUS_FINE)
            result_free(result);
    }
    free(file);
    return status;
}

int subject_load(const struct run_order *order, const char *path, struct subject *subject)
{
    *subject = (struct subject){.path = path, .is_run = !subject_is_result(path)};
    if (!subject->is_run)
        return subject_read(path, &subject->read);
    int status = run_prepare(order, path, &subject->run);
    if (status == STATUS_FINE && subject->run.loaded.vary.count > 0 && !order->quiet)
        talk_note("%s: 'vary' is left out, the scenario is taken as it stands: 'lbsim run' "
                  "sweeps", path);
    return status;
}

int subject_measure(const struct run_order *order, struct subject *subject)
{
    double elapsed;
    if (!subject->is_run)
        return STATUS_FINE;
    int status = run_measure(order, &subject->run, 1, &elapsed);
    int stopped = interrupt_status(order->interrupt);
    return stopped ? stopped : status;
}

struct result *subject_result(struct subject *subject)
{
    return subject->is_run ? &subject->run.result : &subject->read;
}

void subject_free(struct subject *subject)
{
    if (subject->is_run)
        run_free(&subject->run);
    else
        result_free(&subject->read);
}

const char *const *subject_labels(const struct subject *subject, struct arena *arena)
{
    const struct param_list *list =
        subject->is_run ? load_policies(subject->run.loaded.scenario) : NULL;
    size_t count = list ? list->count : subject->read.policy_count;
    const char **labels = arena_take(arena, count + 1, sizeof *labels);
    for (size_t i = 0; i < count; i++)
        labels[i] = list ? PARAM_ITEM(*list, struct param_kind, i)->label
                         : subject->read.policies[i].label;
    return labels;
}

int subject_check_options(const struct command_line *line, const struct subject *subjects,
                          size_t count)
{
    static const struct option *const only[] = {&option_policy,       &option_set,
                                                &option_seed,         &option_duration,
                                                &option_replications, &option_jobs};
    for (size_t i = 0; i < count; i++)
        if (subjects[i].is_run)
            return STATUS_FINE;
    for (size_t i = 0; i < sizeof only / sizeof only[0]; i++)
        if (option_is_given(line, only[i]))
            return talk_usage(line->command, "it works with scenarios, which are simulated",
                              "--%s cannot change a stored result", only[i]->name);
    return STATUS_FINE;
}
