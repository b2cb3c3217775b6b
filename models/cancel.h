/* SPDX-License-Identifier: GPL-3.0-or-later
   Word to a pod that nobody waits for an attempt any more, as HTTP/2 and gRPC send it: what is
   queued leaves the queue, what is in service frees its worker at once. */
#ifndef MODELS_CANCEL_H
#define MODELS_CANCEL_H

#include "models/scenario.h"
#include "models/world.h"

struct world;

/* Whether a tier sends any. */
bool cancel_is_used(const struct scenario_balancer *tier);
/* Of an attempt that was just given up; `from_client`: by its client, so that the word has
   the way to the balancer before it too.  The attempt may be closed on return. */
RARE void cancel_send(struct world *world, uint32_t slot, bool from_client);
/* It reaches the pod. */
RARE void cancel_arrive(struct world *world, uint32_t slot);

#endif
