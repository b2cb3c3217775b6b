/* SPDX-License-Identifier: GPL-3.0-or-later
   Several attempts of one request under way at once: hedges.  The first success ends the
   request; a failure ends its own attempt only, while another is under way. */
#ifndef MODELS_RACE_H
#define MODELS_RACE_H

#include "models/world.h"
#include "sim/trace/row.h"

struct world;

/* An attempt was sent: the next hedge is due some time after. */
RARE void race_arm(struct world *world, uint32_t slot);
/* It is due for the attempt of that number, if it is still under way. */
RARE void race_hedge(struct world *world, uint32_t slot, uint32_t number);
/* An answer came to the balancer, for an attempt of a request that it still knows.  True when
   it was a failure and others are under way: the attempt is closed. */
RARE bool race_answer(struct world *world, uint32_t slot);
/* The time for one try is up: true when others are under way, and it was given up. */
RARE bool race_expire(struct world *world, uint32_t slot);
/* Gives up all attempts of a request but one: it was answered (OUTCOME_CANCELLED) or the
   client has gone (OUTCOME_TIMEOUT). */
RARE void race_drop_others(struct world *world, uint32_t slot, enum outcome outcome);
/* The run ends: of the attempts under way one is the last. */
RARE void race_cut(struct world *world, uint32_t slot);

#endif
