/* SPDX-License-Identifier: GPL-3.0-or-later
   The tiers of balancers of a world, from the client inwards. */
#ifndef MODELS_TIERS_H
#define MODELS_TIERS_H

#include "models/scenario.h"

struct world;

/* Builds those before the last, which is there; `compared` is the policy of the tier whose
   policies are compared. */
void tiers_open(struct world *world, const struct param_kind *compared);
void tiers_close(struct world *world);

/* Tier `tier`, the last included, as configured. */
const struct scenario_balancer *tiers_config(const struct world *world, uint32_t tier);
/* Which policy a tier has in a run. */
const struct param_kind *tiers_policy(const struct scenario *scenario, size_t tier,
                                      const struct param_kind *compared);

/* What all tiers before the last count as outstanding is what is outstanding. */
void tiers_check_counts(struct world *world);

#endif
