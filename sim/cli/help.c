/* SPDX-License-Identifier: GPL-3.0-or-later
   Help, examples first: what most people look for. */
#include "sim/cli/help.h"

#include <stdio.h>
#include <string.h>

enum {
    HELP_COLUMN = 24, /* where the explanations of options begin */
    HELP_WIDTH = 90
};

void help_overview(struct output *output)
{
    output_text(output,
                "lbsim: a wind tunnel for load balancers\n"
                "\n"
                "Examples:\n"
                "  lbsim run scenarios/quick-start.yaml\n"
                "  lbsim explain p2c\n"
                "\n"
                "Usage: lbsim COMMAND [WORD...] [OPTION...]\n"
                "\n"
                "Commands:\n");
    const struct command *command;
    for (size_t i = 0; (command = command_at(i)); i++)
        output_format(output, "  %-12s%s\n", command->name, command->summary);
    output_text(output, "\n'lbsim COMMAND --help' shows the options of a command.\n");
}

/* "-o, --output DIR" into `text`. */
static void help_option_usage(const struct option *option, char *text, size_t size)
{
    int used = option->letter
                   ? snprintf(text, size, "-%c, --%s", option->letter, option->name)
                   : snprintf(text, size, "    --%s", option->name);
    if (option->argument)
        used += snprintf(text + used, size - (size_t)used, " %s", option->argument);
    for (size_t i = 0; !option->argument && option->words && option->words[i]; i++)
        used += snprintf(text + used, size - (size_t)used, "%c%s", i ? '|' : ' ',
                         option->words[i]);
}

static void help_option(const struct option *option, struct output *output)
{
    char usage[256];
    help_option_usage(option, usage, sizeof usage);
    if (strlen(usage) + 4 > HELP_COLUMN)
        output_format(output, "  %s\n%*s", usage, HELP_COLUMN, "");
    else
        output_format(output, "  %-*s", HELP_COLUMN - 2, usage);
    output_format(output, "%s%s\n", option->help,
                  option->repeatable ? " (repeatable)" : "");
}

static void help_statuses(const struct command *command, struct output *output)
{
    output_text(output, "\nExit status:\n");
    output_format(output, "  %3u  %s\n", STATUS_FINE, command_status_help(STATUS_FINE));
    for (size_t i = 0; i < COMMAND_STATUSES && command->statuses[i]; i++)
        output_format(output, "  %3u  %s\n", command->statuses[i],
                      command_status_help(command->statuses[i]));
}

static void help_words(const struct command *command, struct output *output)
{
    if (!command->words)
        return;
    size_t length = strcspn(command->operands, " ");
    output_format(output, "\n%.*s is one of:", (int)length, command->operands);
    size_t column = length + strlen(" is one of:");
    for (size_t i = 0; command->words[i]; i++) {
        column += strlen(", ") + strlen(command->words[i]);
        bool folds = column >= HELP_WIDTH;
        output_format(output, "%s%s%s", i ? "," : "", folds ? "\n  " : " ", command->words[i]);
        column = folds ? 2 + strlen(command->words[i]) : column;
    }
    output_text(output, "\n");
}

void help_command(const struct command *command, struct output *output)
{
    output_format(output, "lbsim %s: %s\n", command->name, command->summary);
    if (command->examples)
        output_text(output, "\nExamples:\n");
    for (size_t i = 0; command->examples && command->examples[i]; i++)
        output_format(output, "  %s\n", command->examples[i]);
    output_format(output, "\nUsage: lbsim %s%s%s [OPTION...]\n", command->name,
                  command->operands ? " " : "", command->operands ? command->operands : "");
    help_words(command, output);
    if (command->details) {
        output_text(output, "\n");
        output_text(output, command->details);
    }
    output_text(output, "\nOptions:\n");
    for (size_t i = 0; command->options && command->options[i]; i++)
        help_option(command->options[i], output);
    help_option(&option_help, output);
    help_statuses(command, output);
}
