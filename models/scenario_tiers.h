/* SPDX-License-Identifier: GPL-3.0-or-later
   What holds of the tiers of balancers together, and of the connections through them. */
#ifndef MODELS_SCENARIO_TIERS_H
#define MODELS_SCENARIO_TIERS_H

#include "models/scenario.h"

static inline const struct scenario_balancer *scenario_tier(const struct scenario *scenario,
                                                            size_t index)
{
    return PARAM_ITEM(scenario->balancers, struct scenario_balancer, index);
}

/* The tier whose policies are compared: the one that has several, else the last. */
size_t scenario_tiers_compared(const struct scenario *scenario);

/* Puts a number for `count: users`, or adds a problem. */
void scenario_tiers_count(struct scenario *scenario, const struct config *config,
                          struct problems *problems);

void scenario_tiers_check(const struct scenario *scenario, const struct config *config,
                          struct problems *problems);
/* How many tiers the hops of a request are told of; 0: of none, as there is one tier, one site
   and nobody keeps connections. */
size_t scenario_tiers_hopped(const struct scenario *scenario);

#endif
