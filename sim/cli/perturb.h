/* SPDX-License-Identifier: GPL-3.0-or-later
   Scenarios near another one: rates, demands, speeds and delays each changed at random, so
   that one sees what a finding owes to numbers that nobody knows exactly. */
#ifndef SIM_CLI_PERTURB_H
#define SIM_CLI_PERTURB_H

#include "sim/cli/run.h"
#include "sim/report/survival.h"

struct perturb {
    const struct run_order *order;
    const struct run *base;
    double share; /* 0.3: each factor is log-uniform from 1/1.3 to 1.3 */
    size_t times;
    struct run *runs; /* of each perturbation */
    size_t loaded;
};

/* The factor of what is scaled together, from 1 / (1 + share) to 1 + share: the same for the
   same seed, number and name. */
double perturb_factor(uint64_t seed, uint64_t number, const char *group, double share);

/* Loads all, then simulates all at once.  STATUS_FINE, or a status after messages; to be freed
   in any case. */
int perturb_measure(struct perturb *perturb);
/* Holds a settled family, of the base, against the perturbations; `metrics` and `labels` (of
   policies) end with NULL.  Memory from `arena`. */
struct survival_table perturb_survey(const struct perturb *perturb,
                                     const struct compare_family *family,
                                     const char *const *metrics, const char *const *labels,
                                     struct arena *arena);
void perturb_free(struct perturb *perturb);

#endif
