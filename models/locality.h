/* SPDX-License-Identifier: GPL-3.0-or-later
   Which zone an instance sends a request to, before its policy picks among the pods there.  A
   table of kinds; one state for each instance and priority. */
#ifndef MODELS_LOCALITY_H
#define MODELS_LOCALITY_H

#include "models/blocks/edf.h"
#include "models/zone_aware.h"
#include "sim/engine/arena.h"
#include "sim/engine/param.h"

extern const struct kind_list locality_kinds;

#define LOCALITY_ANY ZONE_AWARE_ANY /* none: all pods of the priority */

struct locality {
    const struct param_kind *kind;
    uint32_t count, own; /* zones; which of them is the instance's own, or LOCALITY_ANY */
    struct zone_aware_zone *zones; /* hosts and healthy are the caller's to keep */
    struct zone_aware_routes routes;
    struct edf turns;   /* of the zones in `items`, by what is left of their weight */
    uint32_t *items, picks;
    double able; /* what a healthy share of a zone is multiplied by */
    double *given, *weights; /* by zone: as configured, and times what is healthy there */
};

/* Where a state belongs. */
struct locality_place {
    const char *const *zones; /* names of `count` of them, no two alike */
    const uint32_t *callers;  /* by zone: instances of the tier there */
    uint32_t count, own;
    uint32_t overprovisioning; /* percent, as in panic.h */
};

/* Memory from `arena`; to be followed by locality_update. */
void locality_open(struct locality *locality, const struct param_kind *kind,
                   struct locality_place place, struct rng *rng, struct arena *arena);
/* The numbers of hosts have changed. */
void locality_update(struct locality *locality);
/* The zone of one request, or LOCALITY_ANY. */
uint32_t locality_choose(struct locality *locality, struct rng *rng);

/* Whether each zone has a share of its own, which tables of keys take into the weights of
   their hosts; the kind may be absent. */
bool locality_is_weighted(const struct param_kind *kind);
/* What locality_weighted gives a zone; negative: nothing is said of it. */
double locality_weight(const struct param_kind *kind, const char *zone);
/* Whether the own zone gets all wherever it can. */
bool locality_is_forced(const struct param_kind *kind);
/* Whether a request for a priority in panic is refused. */
bool locality_fails(const struct param_kind *kind);
/* Whether zones are chosen in priorities after the first. */
bool locality_is_everywhere(const struct param_kind *kind);

struct locality_share {
    const char *zone;
    uint64_t weight;
};
/* Those of locality_weighted, as written; none for others. */
struct param_list locality_shares(const struct param_kind *kind);

#endif
