/* SPDX-License-Identifier: GPL-3.0-or-later
   Whether the last tier of a world has several host sets an instance, and who is in which. */
#ifndef MODELS_HOST_SETS_PLAN_H
#define MODELS_HOST_SETS_PLAN_H

#include "models/host_sets.h"
#include "models/scenario.h"
#include "models/world.h"

/* The policy to open pictures of the pods with, for all instances: `policy` itself where there
   is one set.  Fills in what belongs to it in `place`.
   Owned by the world. */
const struct param_kind *host_sets_plan(struct world *world, const struct param_kind *policy,
                                        struct backends_place *place);

/* Adds a problem for what does not fit together. */
void host_sets_plan_check(const struct scenario *scenario, const struct config *config,
                          struct problems *problems);

/* How many sets an instance of the last tier has. */
double host_sets_plan_count(const struct scenario *scenario);

#endif
