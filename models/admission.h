/* SPDX-License-Identifier: GPL-3.0-or-later
   Which requests a balancer instance takes on: circuit breakers and load shedding.  Only
   worlds that have any of it have admission. */
#ifndef MODELS_ADMISSION_H
#define MODELS_ADMISSION_H

#include "models/scenario.h"
#include "models/world.h"

struct world;

/* Of one instance. */
struct admission {
    uint64_t at_pods; /* attempts sent there, not counted off yet */
    void *shed;       /* state of its kind */
};

void admission_open(struct world *world);
void admission_close(struct world *world);

/* Whether a request may go on that has come to an instance, or that leaves its queue for a
   pod; where not, it is refused. */
RARE bool admission_enters(struct world *world, uint32_t slot);
RARE bool admission_leaves(struct world *world, uint32_t slot);
/* An attempt was sent; it has ended, by an answer or otherwise. */
RARE void admission_sent(struct world *world, uint32_t balancer);
RARE void admission_ended(struct world *world, uint32_t slot, bool answered);
/* Requests that an instance may hold. */
uint64_t admission_room(const struct scenario_balancer *tier);
/* Retries that it may have under way. */
uint64_t admission_retries(const struct scenario_balancer *tier);

#endif
