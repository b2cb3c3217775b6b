/* SPDX-License-Identifier: GPL-3.0-or-later
   lbsim help: the overview, or the help of one command. */
#include "sim/cli/command.h"
#include "sim/cli/help.h"
#include "sim/cli/talk.h"

static int cmd_help_run(const struct command_line *line)
{
    const struct command *topic = NULL;
    if (line->operand_count) {
        const char *word = line->operands[0];
        topic = command_find(word);
        if (!topic) {
            struct arena arena = {0};
            const char *hint = talk_suggestion(&arena, command_nearest(word));
            if (!hint)
                hint = "'lbsim help' lists the commands, 'lbsim explain WORD' knows policies, "
                       "keys and metrics";
            int status = talk_usage(line->command, hint, "unknown command '%s'", word);
            arena_free(&arena);
            return status;
        }
    }
    struct output *output = talk_open_stdout();
    if (topic)
        help_command(topic, output);
    else
        help_overview(output);
    return talk_close(output, "standard output");
}

static const char *const cmd_help_examples[] = {"lbsim help", "lbsim help run", NULL};

const struct command command_help = {
    .name = "help",
    .summary = "this overview, or the help of one command",
    .operands = "[COMMAND]",
    .operand_max = 1,
    .complete = COMPLETE_COMMAND,
    .examples = cmd_help_examples,
    .statuses = {STATUS_FAILED, STATUS_USAGE},
    .run = cmd_help_run,
};
