/* SPDX-License-Identifier: GPL-3.0-or-later
   Replications until every two policies are told apart by a metric, or are equal within the
   margin: a rule of struct experiment_cell for `lbsim compare --until-ranked`. */
#ifndef SIM_CLI_RANKED_H
#define SIM_CLI_RANKED_H

#include "models/scenario.h"
#include "sim/report/compare.h"

struct ranked {
    const struct scenario *scenario; /* whose policies are ranked; set before it runs */
    const char *metric, *scope;
    double margin;
};

/* As struct experiment_cell has it; the rule is a struct ranked.  As it looks again and again,
   a pair counts as settled only where the verdict is firm (VERDICT_FIRM_LEVEL). */
bool ranked_extend(void *rule, const struct report *report, uint64_t *wanted);

/* "by p99, from the best: p2c < jsq = random ? hash": '<' told apart, '=' equal, '?' neither;
   what the last look says, at 95 % for all pairs at once. */
enum { RANKED_TEXT_SIZE = 1024 };
void ranked_describe(const struct ranked *ranked, const struct report *report,
                     char text[RANKED_TEXT_SIZE]);

#endif
