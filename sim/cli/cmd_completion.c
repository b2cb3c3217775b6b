/* SPDX-License-Identifier: GPL-3.0-or-later
   lbsim completion: a bash script from the tables of commands, options and topics.  It needs
   no bash-completion, and calls nobody while completing. */
#include "models/scenario.h"
#include "sim/cli/command.h"
#include "sim/cli/talk.h"
#include "sim/cli/topic.h"
#include "sim/config/problem.h"

#include <string.h>

static const char *const cmd_completion_shells[] = {"bash", NULL};

static const char cmd_completion_head[] =
    "# bash completion of lbsim, made by `lbsim completion bash`\n"
    "# load it with: source <(lbsim completion bash)\n"
    "_lbsim_words() {\n"
    "    mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$cur\")\n"
    "}\n"
    "\n"
    "_lbsim_files() { # globs that names must match, none for folders only\n"
    "    local glob\n"
    "    compopt -o filenames 2>/dev/null\n"
    "    mapfile -t COMPREPLY < <(compgen -d -- \"$cur\"\n"
    "        for glob in \"$@\"; do compgen -f -X \"!$glob\" -- \"$cur\"; done)\n"
    "}\n"
    "\n"
    "_lbsim() {\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
    "    local command=${COMP_WORDS[1]}\n"
    "    [[ $cur == '=' ]] && cur=\n"
    "    [[ $prev == '=' ]] && prev=${COMP_WORDS[COMP_CWORD-2]}\n"
    "    COMPREPLY=()\n";

static const char cmd_completion_foot[] = "}\n"
                                          "complete -F _lbsim lbsim\n";

static void cmd_completion_variable_open(struct output *output, const char *name)
{
    output_format(output, "    local %s=\"", name);
}

/* Names of the commands, the policies, and of everything that explain knows. */
static void cmd_completion_variables(struct output *output)
{
    cmd_completion_variable_open(output, "commands");
    const struct command *command;
    for (size_t i = 0; (command = command_at(i)); i++)
        output_format(output, "%s%s", i ? " " : "", command->name);
    output_text(output, "\"\n");
    const struct topic_list *list;
    struct topic topic;
    for (size_t i = 0; (list = topic_list_at(i)); i++) {
        cmd_completion_variable_open(output, list->name);
        for (size_t j = 0; topic_at(list, j, &topic); j++)
            output_format(output, "%s%s", j ? " " : "", topic.name);
        output_text(output, "\"\n");
    }
    cmd_completion_variable_open(output, "topics");
    for (const struct param *row = scenario_params; row->key; row++)
        output_format(output, "%s ", row->key);
    for (size_t i = 0; (list = topic_list_at(i)); i++)
        output_format(output, "%s$%s", i ? " " : "", list->name);
    output_text(output, "\"\n");
}

/* The call that offers what `complete` asks for. */
static const char *cmd_completion_call(enum complete complete)
{
    switch (complete) {
    case COMPLETE_NOTHING: return ":";
    case COMPLETE_FILE: return "_lbsim_files '*'";
    case COMPLETE_FOLDER: return "_lbsim_files";
    case COMPLETE_SCENARIO: return "_lbsim_files '*.yaml' '*.yml' '*.json'";
    case COMPLETE_POLICY: return "_lbsim_words \"all $policies\"";
    case COMPLETE_COMMAND: return "_lbsim_words \"$commands\"";
    case COMPLETE_TOPIC: return "_lbsim_words \"$topics\"";
    }
    return ":";
}

static void cmd_completion_words(const char *const *words, struct output *output)
{
    output_text(output, "_lbsim_words \"");
    for (size_t i = 0; words[i]; i++)
        output_format(output, "%s%s", i ? " " : "", words[i]);
    output_text(output, "\"");
}

/* What follows an option that takes a value. */
static void cmd_completion_option(const struct command *command, const struct option *option,
                                  struct output *output)
{
    if (!option->argument && !option->words)
        return;
    output_format(output, "    '%s --%s'", command->name, option->name);
    if (option->letter)
        output_format(output, "|'%s -%c'", command->name, option->letter);
    output_text(output, ") ");
    if (option->words)
        cmd_completion_words(option->words, output);
    else
        output_text(output, cmd_completion_call(option->complete));
    output_text(output, "; return ;;\n");
}

/* Options, then the first operand, then the others. */
static void cmd_completion_command(const struct command *command, struct output *output)
{
    output_format(output, "    %s)\n        if [[ $cur == -* ]]; then\n"
                          "            _lbsim_words \"--help", command->name);
    for (size_t i = 0; command->options && command->options[i]; i++)
        output_format(output, " --%s", command->options[i]->name);
    output_text(output, "\"\n");
    if (command->words) {
        output_text(output, "        elif ((COMP_CWORD == 2)); then\n            ");
        cmd_completion_words(command->words, output);
        output_text(output, "\n");
    }
    output_format(output, "        else\n            %s\n        fi ;;\n",
                  cmd_completion_call(command->complete));
}

static void cmd_completion_bash(struct output *output)
{
    const struct command *command;
    output_text(output, cmd_completion_head);
    cmd_completion_variables(output);
    output_text(output, "    if ((COMP_CWORD == 1)); then\n"
                        "        _lbsim_words \"$commands\"\n"
                        "        return\n"
                        "    fi\n"
                        "    case \"$command $prev\" in\n");
    for (size_t i = 0; (command = command_at(i)); i++)
        for (size_t j = 0; command->options && command->options[j]; j++)
            cmd_completion_option(command, command->options[j], output);
    output_text(output, "    esac\n"
                        "    case $command in\n");
    for (size_t i = 0; (command = command_at(i)); i++)
        cmd_completion_command(command, output);
    output_text(output, "    esac\n");
    output_text(output, cmd_completion_foot);
}

static int cmd_completion_run(const struct command_line *line)
{
    const char *shell = line->operands[0];
    if (strcmp(shell, "bash") != 0)
        return talk_unknown(line->command, "shell", shell, cmd_completion_shells);
    struct output *output = talk_open_stdout();
    cmd_completion_bash(output);
    return talk_close(output, "standard output");
}

static const char *const cmd_completion_examples[] = {
    "source <(lbsim completion bash)",
    "lbsim completion bash > lbsim.bash",
    NULL,
};

const struct command command_completion = {
    .name = "completion",
    .summary = "a script that completes commands, options and names in bash",
    .operands = "SHELL",
    .operand_min = 1,
    .operand_max = 1,
    .words = cmd_completion_shells,
    .examples = cmd_completion_examples,
    .statuses = {STATUS_FAILED, STATUS_USAGE},
    .run = cmd_completion_run,
};
