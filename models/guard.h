/* SPDX-License-Identifier: GPL-3.0-or-later
   What keeps requests from pods that do not work: active health checks, passive outlier
   detection, panic, slow start.  Once for all policies; each balancer instance finds out for
   itself.  Only worlds that have any of it have guards. */
#ifndef MODELS_GUARD_H
#define MODELS_GUARD_H

#include "models/health.h"
#include "models/membership.h"
#include "models/outlier.h"
#include "models/world.h"

struct world;
struct balancer;

/* Of one instance. */
struct guard {
    struct health *health;      /* by slot; NULL: no checks */
    sim_time *checked;          /* by slot: when the check under way began */
    struct backend *backends;   /* by slot, weights as slow start has them; NULL: no slow start */
    sim_time *came_up;          /* by slot; SIM_NEVER: long ago */
    bool ramps, starts;         /* ejections that end begin a slow start; some just have */
    struct outlier_host host;
    const uint8_t *watched;     /* by slot: the pods that it is to watch over */
    void *detector;             /* NULL: no detection */
    sim_time due;               /* when the detector is woken */
    struct rng rng, detector_rng;
    bool changed;               /* who is up; the policy has not been told yet */
    uint8_t *avoided;           /* by slot: nothing is sent there because of a check or an
                                   ejection, as the roster has it */
};

/* Before and after the balancers are built. */
void guard_open(struct world *world);
void guard_start(struct world *world);

/* An attempt was sent; an attempt ended. */
RARE void guard_sent(struct world *world, uint32_t balancer, backend_id backend);
RARE void guard_learn(struct world *world, uint32_t balancer,
                      const struct outcome_report *outcome);
/* A pod joined or left, or something else changed about it. */
RARE void guard_follow(struct world *world, uint32_t balancer, backend_id backend,
                       enum membership_change change);
/* Who is up may have changed: notes in the roster which pods are avoided from now on. */
RARE void guard_note(struct world *world, uint32_t balancer);

/* What was scheduled for them. */
RARE void guard_check(struct world *world, uint32_t balancer, backend_id backend,
                      uint32_t step);
RARE void guard_wake(struct world *world, uint32_t balancer);
RARE void guard_weigh(struct world *world, uint32_t balancer, backend_id backend);

#endif
