/* SPDX-License-Identifier: GPL-3.0-or-later
   What each attempt under way met before the last tier of balancers, by slot: a delay is noted
   when it begins, as it is known then.  Only worlds that keep paths have any. */
#ifndef MODELS_HOPS_H
#define MODELS_HOPS_H

#include "models/network.h"
#include "models/world.h"

struct world;

struct hop_book {
    struct trace_hops *by_slot;
    uint32_t room;
    struct trace_hops *block; /* of the rows that are to be handed on */
    trace_hopped *taker; /* in place of the sink; NULL: nobody asks for hops, or there are none */
};

/* `taker` may be NULL. */
void hops_open(struct world *world, trace_hopped *taker);
void hops_close(struct world *world);

/* An attempt of its own begins in a slot. */
void hops_begin(struct world *world, uint32_t slot);
/* One more of the same request does. */
void hops_join(struct world *world, uint32_t slot, uint32_t other);
/* Those of an attempt; they move when others begin. */
struct trace_hops *hops_of(const struct world *world, uint32_t slot);
/* It sets out on a leg between its client and the first tier, to which zones add `more`. */
void hops_leg(struct world *world, uint32_t slot, enum network_way way, sim_time more);
/* Its row is the last one in the block. */
RARE void hops_hand_on(struct world *world, uint32_t slot);

/* Tells the roster of the tiers, if there is more than one instance in all, or hops. */
void hops_name_tiers(struct world *world);

#endif
