/* SPDX-License-Identifier: GPL-3.0-or-later
   A plan of membership under way: what becomes of single pods at single times, in any order,
   until all of it is put together into steps. */
#ifndef MODELS_MEMBERSHIP_DRAFT_H
#define MODELS_MEMBERSHIP_DRAFT_H

#include "models/membership.h"

enum { MEMBERSHIP_NAME_BYTES = 96 }; /* of a pod */

/* What becomes of one pod at one time. */
struct membership_move {
    sim_time at;
    enum membership_change change;
    uint32_t slot;
    double weight;
    sim_time grace;
    size_t source; /* moves of one change of the scenario at one time are one step */
    size_t order;
};

struct membership_draft {
    struct membership *membership;
    const struct membership_order *order;
    struct membership_move *moves;
    size_t move_count, move_room;
    size_t source;         /* the change of the scenario at hand */
    uint32_t *next_number; /* by group */
    sim_time *rolled;      /* by group: when its last roll is over */
};

/* Adds a pod that has joined as it is created; returns its slot. */
uint32_t membership_draft_add(struct membership_draft *draft, uint32_t group,
                              sim_time created);
/* The same of one that joins when it is ready, and of one that leaves. */
void membership_draft_create(struct membership_draft *draft, uint32_t group, sim_time at);
void membership_draft_delete(struct membership_draft *draft, uint32_t slot, sim_time at,
                             sim_time grace);
/* The move may be changed until the next one is added. */
struct membership_move *membership_draft_move(struct membership_draft *draft, sim_time at,
                                              enum membership_change change, uint32_t slot);

/* Makes the steps and frees the moves. */
void membership_draft_finish(struct membership_draft *draft);

#endif
