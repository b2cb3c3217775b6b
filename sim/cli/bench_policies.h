/* SPDX-License-Identifier: GPL-3.0-or-later
   What a policy's decisions cost on this machine, without simulation: by policy and number of
   pods. */
#ifndef SIM_CLI_BENCH_POLICIES_H
#define SIM_CLI_BENCH_POLICIES_H

#include "sim/cli/command.h"

enum bench_policies_format {
    BENCH_POLICIES_TEXT,
    BENCH_POLICIES_JSON,
    BENCH_POLICIES_CSV, /* policy,pods,ns_per_pick,us_per_rebuild: for decision_cost */
};

/* Measures the policies that the operands after the first name, or all, and prints them.
   Returns enum status, after messages. */
int bench_policies_run(const struct command_line *line, enum bench_policies_format format);

#endif
