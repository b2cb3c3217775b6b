/* SPDX-License-Identifier: GPL-3.0-or-later
   CPU time that a pod may use in each period: what its busy workers use is counted, and when
   nothing is left it stands still until the next period begins. */
#ifndef MODELS_FAULT_QUOTA_H
#define MODELS_FAULT_QUOTA_H

#include "models/fault.h"
#include "models/world.h"

struct world;

/* Of one pod. */
struct fault_quota {
    sim_time quota, period; /* period 0: none */
    sim_time boundary;      /* the next period begins */
    sim_time left, since;   /* of this one, worker time; when it was brought up to date */
    uint32_t running;       /* workers that use it */
    uint32_t ticket, epoch; /* of the events that end the quota; that begin a period */
    bool throttled;
};

/* A pod is under other conditions; its workers are others than before. */
void fault_quota_set(struct world *world, uint32_t pod);
RARE void fault_quota_follow(struct world *world, uint32_t pod);
/* A period begins (ticket: epoch), or the quota is used up. */
RARE void fault_quota_begin(struct world *world, uint32_t pod, uint32_t ticket);
RARE void fault_quota_end(struct world *world, uint32_t pod, uint32_t ticket);

#endif
