/* SPDX-License-Identifier: GPL-3.0-or-later
   What a policy's decisions cost on this machine, without simulation: by policy and number of
   pods. */
#ifndef SIM_CLI_BENCH_POLICIES_H
#define SIM_CLI_BENCH_POLICIES_H

#include "sim/cli/command.h"

/* Measures the policies that the operands after the first name, or all, and prints them.
   Returns enum status, after messages. */
int bench_policies_run(const struct command_line *line, bool as_json);

#endif
