/* SPDX-License-Identifier: GPL-3.0-or-later
   A balancer instance: its own picture of the pods, its own policy state, and a queue of the
   requests that it holds because nobody may take them now. */
#ifndef MODELS_BALANCER_H
#define MODELS_BALANCER_H

#include "models/attempt.h"
#include "models/backends.h"
#include "models/decision.h"
#include "models/scenario_place.h"
#include "models/scenario.h"
#include "models/sticky.h"
#include "models/world.h"

struct world;

struct balancer {
    struct backends backends;
    struct place place;
    uint8_t *reached; /* as in `backends`; NULL: all */
    struct attempt_queue queue;
    uint32_t held;  /* attempts in the queue */
    uint64_t room;  /* how many may be */
    bool releasing; /* the queue is being served further up the stack */
    struct rng probe_rng;
    struct sticky *sticky; /* NULL: not sticky */
    struct guard *guard;   /* NULL: none */
    struct decision_cost cost;
    sim_time busy_until;   /* the policy is being rebuilt: nothing new is decided before */
    sim_time thinks_until; /* where it decides about one after the other: the last one's end */
    sim_time thought;      /* time that it has taken to decide, in all */
};

/* A pod's answer to a probe on its way back; next links the free ones. */
struct balancer_probe {
    struct load_report report;
    uint32_t next;
};
#define PROBE_NONE UINT32_MAX

/* An attempt reaches the balancer of its row. */
void balancer_receive(struct world *world, uint32_t slot);
/* It is to be picked for; in no time, or by and by. */
void balancer_consider(struct world *world, uint32_t slot);
/* The balancer has thought about it. */
void balancer_decide(struct world *world, uint32_t slot);
/* Finds out what decisions cost with the pods that are up. */
void balancer_reckon(const struct world *world, struct balancer *balancer);
/* Lets the policy take note of changed members or weights, which may take time; and then. */
void balancer_rebuild(struct world *world, uint32_t index);
void balancer_rebuilt(struct world *world, uint32_t index);
/* A further attempt of a request begins there. */
RARE void balancer_retry(struct world *world, uint32_t slot);
/* Whom a further attempt of a request would go to, or NO_BACKEND; and sends it there. */
RARE backend_id balancer_choose(struct world *world, uint32_t slot);
RARE void balancer_send(struct world *world, uint32_t slot, backend_id backend);
/* The answer of a pod (or the pod's refusal) reaches the balancer. */
void balancer_answer(struct world *world, uint32_t slot);
/* A held attempt has waited long enough; `number` is which of its request it was then. */
void balancer_queue_expire(struct world *world, uint32_t slot, uint32_t number);
/* The balancer lets go of an attempt, because the client has gone or, if not, because it has
   waited long enough. */
void balancer_abandon(struct world *world, uint32_t slot, bool client_gone);
/* The true load of a pod changed: some policies know at once. */
void balancer_tell_load(struct world *world, uint32_t pod);
/* The pod of an attempt is done with it and tells its load to whom it concerns. */
void balancer_hear(struct world *world, uint32_t slot);
/* Somebody may be able to take what is held, in any instance. */
void balancer_wake(struct world *world);
/* A probe of balancer `index` reaches a pod; its answer comes back. */
void balancer_probe_pod(struct world *world, uint32_t index, uint32_t pod);
void balancer_probe_back(struct world *world, uint32_t index, uint32_t slot);

#endif
