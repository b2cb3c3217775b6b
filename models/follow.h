/* SPDX-License-Identifier: GPL-3.0-or-later
   Requests that go where another one went: on the same connection, or by stickiness. */
#ifndef MODELS_FOLLOW_H
#define MODELS_FOLLOW_H

#include "models/balancer.h"

/* Whom an instance of the last tier picks for a request: the pod that its connection or its
   client has already, else whom the policy says.  NO_BACKEND as for backends_pick. */
RARE backend_id follow_pick(struct world *world, struct balancer *balancer, uint32_t slot,
                            struct request *request);
/* The same of one tier's view, without connections; sticky NULL: not sticky. */
RARE backend_id follow_sticky(struct sticky *sticky, struct backends *backends, sim_time now,
                              struct request *request);
/* Whether the connection of a request leads on from the tier that it has come to, so that
   there is nothing to decide. */
RARE bool follow_is_led(const struct world *world, uint32_t slot);

#endif
