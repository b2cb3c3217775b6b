/* SPDX-License-Identifier: GPL-3.0-or-later
   Help, from the tables of commands and options. */
#ifndef SIM_CLI_HELP_H
#define SIM_CLI_HELP_H

#include "sim/cli/command.h"
#include "sim/engine/output.h"

/* All commands. */
void help_overview(struct output *output);
/* One command: summary, examples, usage, options, exit statuses. */
void help_command(const struct command *command, struct output *output);

#endif
