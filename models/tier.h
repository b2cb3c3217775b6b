/* SPDX-License-Identifier: GPL-3.0-or-later
   The tiers of balancers before the last, whose backends are the instances of the next tier.
   An instance has a policy and its own counts of what it has sent on; it opens its view of
   the next tier when it is first asked.  Who defends (health, retries, breakers) is the last
   tier, models/balancer.h. */
#ifndef MODELS_TIER_H
#define MODELS_TIER_H

#include "models/attempt.h"
#include "models/backends.h"
#include "models/scenario_place.h"
#include "models/scenario.h"
#include "models/sticky.h"
#include "models/world.h"
#include "sim/engine/event.h"

struct world;

struct tier_instance {
    struct backends backends; /* ops NULL: not asked yet */
    struct place place;
    struct sticky *sticky;    /* NULL: not sticky */
    struct attempt_queue queue;
    uint32_t held;
    bool releasing;           /* the queue is being served further up the stack */
    sim_time thinks_until;    /* where it decides about one after the other */
};

struct tier {
    const struct scenario_balancer *config;
    const struct param_kind *policy;
    struct tier_instance *instances;
    struct backend *backends; /* the instances of the next tier */
    uint32_t count, backend_count;
    struct sticky *stickies;  /* one, or one an instance */
    uint32_t sticky_count;
    sim_time pick;            /* what a decision costs */
    bool serial;              /* one after the other in an instance */
    sim_time delay;           /* one way to the next tier, where constant */
    bool constant;
    uint64_t delay_key, policy_key;
    event_lane delay_lane, decision_lane, queue_timeout_lane;
};

/* An attempt leaves the client: it gets its path, and waits for its connection, or for DNS. */
void tier_send(struct world *world, uint32_t slot);
/* Its connection is there. */
void tier_connected(struct world *world, uint32_t slot);
/* It reaches the tier that its path says. */
void tier_arrive(struct world *world, uint32_t slot);
void tier_decide(struct world *world, uint32_t slot);
void tier_queue_expire(struct world *world, uint32_t slot, uint32_t tier);
/* Its end goes back from the last tier; reaches the tier that its path says. */
void tier_return(struct world *world, uint32_t slot);
void tier_answer(struct world *world, uint32_t slot);
/* The last tier sends it on, or refuses it: the time in tiers before counts as the
   balancer's. */
void tier_settle(struct world *world, uint32_t slot);
/* Its request has ended for the client: nobody waits for the answer any more. */
void tier_abandon(struct world *world, uint32_t slot, bool client_gone);

/* All instances of a tier hear whether one of the next can do anything. */
RARE void tier_hear(struct world *world, uint32_t tier, uint32_t backend, bool up);

/* The instances of the last tier are the first so many from now on. */
void tier_resize(struct world *world, uint32_t count);

/* An instance of a tier that decides per connection has one more, or one less. */
void tier_connect(struct world *world, uint32_t tier, uint32_t instance, backend_id backend);
void tier_disconnect(struct world *world, uint32_t tier, uint32_t instance,
                     backend_id backend);

#endif
