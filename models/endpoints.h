/* SPDX-License-Identifier: GPL-3.0-or-later
   How the balancers learn of changes in the list of pods: at once, or by updates that gather
   changes for a while and reach each instance after a delay of its own (EndpointSlices).  An
   update has the whole list, so one that is overtaken by a later one says nothing new.  An
   instance that works by rules (models/decision.h) knows it when they have been written. */
#ifndef MODELS_ENDPOINTS_H
#define MODELS_ENDPOINTS_H

#include "models/membership.h"

struct endpoints_news {
    enum membership_change change;
    uint32_t slot;
};

/* The rules of an instance. */
struct endpoints_sync {
    sim_time next;   /* not before */
    uint32_t heard;  /* of the news */
    bool is_planned; /* a sync is about to begin, or is under way */
};

/* All that was ever published, and how far each instance knows it. */
struct endpoints {
    struct endpoints_news *news;
    uint32_t count, room;
    uint32_t *known; /* by instance */
    struct rng *rngs;
    struct endpoints_sync *syncs; /* by instance; NULL: they work without rules */
    bool gathers; /* an update is about to be sent */
};

extern const struct param endpoints_params[]; /* of struct endpoints_config */

void endpoints_open(struct world *world);
void endpoints_close(struct world *world);

/* Tells all instances, now or later, of the same change of some pods.  A change of weights is
   in the balancers' own configuration and known at once. */
void endpoints_publish(struct world *world, enum membership_change change,
                       const uint32_t *slots, uint32_t count);
/* An update is sent; an update that has the first `count` news reaches an instance. */
void endpoints_send(struct world *world);
void endpoints_arrive(struct world *world, uint32_t balancer, uint32_t count);
/* An instance begins to write its rules; they say the first `count` news. */
void endpoints_sync(struct world *world, uint32_t balancer);
void endpoints_synced(struct world *world, uint32_t balancer, uint32_t count);

#endif
