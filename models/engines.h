/* SPDX-License-Identifier: GPL-3.0-or-later
   Instances of the last tier that come and go with their work, as the service engines of NSX ALB
   (Avi) do: one more where they are busy beyond a bound, one less below another.  The tier before
   sends to the first so many of them; those that go finish what they have. */
#ifndef MODELS_ENGINES_H
#define MODELS_ENGINES_H

#include "models/world.h"
#include "sim/engine/clock.h"
#include "sim/engine/param.h"

#include <stdbool.h>

struct world;

struct engines_config {
    uint64_t first, min; /* first 0: min */
    double out_above, in_below; /* of the mean share of time that they are busy */
    sim_time interval, start, cooldown;
    uint64_t step;
};

extern const struct kind_list engines_kinds;

/* Of a world. */
struct engines {
    const struct engines_config *config; /* NULL: all instances are always there */
    uint32_t active, starting;
    sim_time changed; /* the last decision that changed anything; SIM_NEVER: none */
    sim_time thought; /* by all of them, up to the last decision */
};

/* How many there should be; `busy` is the mean share of those active. */
uint32_t engines_wanted(const struct engines_config *config, const struct engines *engines,
                        double busy, sim_time now, uint32_t most);

/* After the tiers are built. */
void engines_open(struct world *world);
/* How many the tier before may send to; 0: to all. */
uint32_t engines_members(const struct world *world);
/* Whether an instance of the last tier gets nothing new any more. */
bool engines_is_gone(const struct world *world, uint32_t instance);
/* The time of a decision, or `ready` so many more are. */
RARE void engines_step(struct world *world, uint32_t ready);

#endif
