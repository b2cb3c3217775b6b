/* SPDX-License-Identifier: GPL-3.0-or-later
   The list of commands, in the order of the help. */
#include "sim/cli/command.h"

#include "sim/cli/talk.h"

#include <string.h>

static const struct command *const command_table[] = {
    &command_run,
    &command_compare,
    &command_check,
    &command_capacity,
    &command_report,
    &command_trace,
    &command_plot,
    &command_import,
    &command_picks,
    &command_churn,
    &command_validate,
    &command_explain,
    &command_list,
    &command_bench,
    &command_version,
    &command_help,
    &command_completion,
};

enum { COMMAND_COUNT = sizeof command_table / sizeof command_table[0] };

static const struct {
    unsigned status;
    const char *help;
} command_statuses[] = {
    {STATUS_FINE, "fine"},
    {STATUS_FAILED, "internal or I/O failure"},
    {STATUS_USAGE, "the command line is wrong"},
    {STATUS_INVALID, "scenario or input invalid"},
    {STATUS_PARTIAL, "the result is partial"},
    {STATUS_UNDECIDED, "a threshold is undecided, even with the most replications allowed"},
    {STATUS_MISSED, "a threshold or comparison failed"},
    {STATUS_INTERRUPTED, "stopped by Ctrl-C (SIGINT); what was finished is kept"},
    {STATUS_TERMINATED, "stopped by SIGTERM; what was finished is kept"},
};

const struct command *command_at(size_t index)
{
    return index < COMMAND_COUNT ? command_table[index] : NULL;
}

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(command_table[i]->name, name) == 0)
            return command_table[i];
    return NULL;
}

const char *command_nearest(const char *word)
{
    const char *names[COMMAND_COUNT + 1];
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        names[i] = command_table[i]->name;
    names[COMMAND_COUNT] = NULL;
    return talk_nearest(word, names);
}

const char *command_status_help(unsigned status)
{
    for (size_t i = 0; i < sizeof command_statuses / sizeof command_statuses[0]; i++)
        if (command_statuses[i].status == status)
            return command_statuses[i].help;
    return NULL;
}
