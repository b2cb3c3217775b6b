/* SPDX-License-Identifier: GPL-3.0-or-later
   Decisions of a policy without simulation, for the commands that make nothing else.  The
   same host code as in a run keeps the books. */
#ifndef SIM_CLI_BARE_H
#define SIM_CLI_BARE_H

#include "models/backends.h"
#include "sim/cli/command.h"

struct bare_order {
    const struct param_kind *policy;
    const struct backend *pods; /* must outlive the decisions */
    uint32_t pod_count;
    uint32_t members; /* so many pods, from the first, are there at once; 0: all */
    uint64_t seed;
};

/* The policy that the first operand names, with --set KEY=VALUE about its own parameters.
   Returns STATUS_FINE or a status after messages.  Memory from `arena`. */
int bare_bind(const struct command_line *line, struct arena *arena, struct param_kind *policy);

void bare_open(struct backends *backends, const struct bare_order *order, struct arena *arena);

/* Decides and keeps the books; the request ends at once unless it is held for ever.
   NO_BACKEND: nobody is there, or the policy holds it back. */
backend_id bare_decide(struct backends *backends, const struct request *request, bool hold);

#endif
