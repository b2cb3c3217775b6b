/* SPDX-License-Identifier: GPL-3.0-or-later
   How many replications are enough: a sequential rule that begins with 10 and adds 5, as
   rules that look at fewer stop too early (reference: K. Pawlikowski, ACM Computing Surveys
   22, 1990).  Each policy goes on for itself. */
#ifndef SIM_CLI_STOPPING_H
#define SIM_CLI_STOPPING_H

#include "sim/cli/expectations.h"

struct stopping {
    const struct scenario *scenario;
    const struct expectations *expectations;
    struct verdict_ground ground; /* its report is filled in here */
    bool decides;  /* goes on while an expectation is undecided */
    bool precise;  /* goes on until all that counts is as precise as the scenario asks for */
};

/* As struct experiment has it; the rule is a struct stopping. */
bool stopping_extend(void *rule, const struct report *report, uint64_t *wanted);

/* The next larger number of replications, up to run.max_replications. */
uint64_t stopping_next(const struct scenario *scenario, uint64_t replications);

/* Calls `note` for each figure that counts and is not as precise as asked for, with the
   replications and requests that it would take. */
void stopping_complain(const struct stopping *stopping, const struct report *report,
                       void (*note)(void *context, const char *text), void *context);

#endif
