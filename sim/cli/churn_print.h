/* SPDX-License-Identifier: GPL-3.0-or-later
   What lbsim churn found, for people and as JSON. */
#ifndef SIM_CLI_CHURN_PRINT_H
#define SIM_CLI_CHURN_PRINT_H

#include "sim/cli/churn_figures.h"
#include "sim/engine/output.h"

struct churn_story {
    const char *policy;
    uint64_t seed;
    struct churn_mapping in_place; /* the instance was told of the change ... */
    struct churn_mapping fresh;    /* ... or one was started anew with the new list */
};

void churn_print_text(const struct churn_story *story, bool color, struct output *output);
void churn_print_json(const struct churn_story *story, struct output *output);

#endif
