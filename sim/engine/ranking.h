/* SPDX-License-Identifier: GPL-3.0-or-later
   Members in order of a small count, least first, kept so in constant time while counts go up
   and down by one: one array in order, and where each count begins in it.  "Any of the least
   loaded, at random" costs one draw. */
#ifndef SIM_ENGINE_RANKING_H
#define SIM_ENGINE_RANKING_H

#include "sim/engine/arena.h"
#include "sim/engine/rng.h"

#include <stdbool.h>
#include <stdint.h>

struct ranking {
    uint32_t *order;  /* members, by count */
    uint32_t *place;  /* by id: where in order; RANKING_ABSENT: not a member */
    uint32_t *count;  /* by id */
    uint32_t *border; /* by count c: how many members have less than c */
    uint32_t members, ids, borders, least;
    struct arena *arena;
};

#define RANKING_ABSENT UINT32_MAX

/* For ids 0 … ids - 1, none of them a member, all counts 0.  Memory from `arena`, which must
   outlive the ranking. */
void ranking_init(struct ranking *ranking, uint32_t ids, struct arena *arena);
/* Makes exactly the ids with is_member[id] != 0 members; counts stay. */
void ranking_rebuild(struct ranking *ranking, const uint8_t *is_member);
void ranking_up(struct ranking *ranking, uint32_t id);
void ranking_down(struct ranking *ranking, uint32_t id);

/* How many members have the least count; 0 when there are none. */
static inline uint32_t ranking_least_members(const struct ranking *ranking)
{
    return ranking->members > 0 ? ranking->border[ranking->least + 1] : 0;
}

/* One of the members with the least count, at random; there must be one. */
static inline uint32_t ranking_any_least(const struct ranking *ranking, struct rng *rng)
{
    return ranking->order[rng_below(rng, ranking->border[ranking->least + 1])];
}

#endif
