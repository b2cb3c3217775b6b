/* SPDX-License-Identifier: GPL-3.0-or-later
   Active health checks: when the next one is due, and what a result means.  A table of kinds,
   one per product, each in the product's own words; pure, for whoever sends the checks. */
#ifndef MODELS_HEALTH_H
#define MODELS_HEALTH_H

#include "sim/engine/param.h"
#include "sim/engine/rng.h"

/* What the check before makes of a pod; the time to the next check depends on it. */
enum health_state {
    HEALTH_UP,
    HEALTH_FALLING, /* up, but the last check failed */
    HEALTH_DOWN,
    HEALTH_RISING,  /* down, but the last check passed */
    HEALTH_STATES
};

/* How a check ended; a bool "passed" fits too. */
enum health_result {
    HEALTH_SILENT, /* no connection, or no answer in time */
    HEALTH_PASSED,
    HEALTH_DENIED, /* an answer that says no, such as 503 */
};

struct health_config {
    sim_time interval, timeout;      /* timeout 0: the interval; see health_timeout */
    sim_time falling, down, rising;  /* as configured; 0: not */
    sim_time gaps[HEALTH_STATES];    /* what follows from the four above */
    uint64_t fall, rise;
    double jitter;        /* share of a gap by which it varies */
    sim_time jitter_time; /* added to it at random, from 0 */
    sim_time spread;      /* the first check falls evenly into it; SIM_NEVER: the interval */
    sim_time cost;        /* work of one check at the pod */
    uint32_t pace;        /* enum health_pace */
    bool first;           /* the first result decides at once */
    bool starts_up;       /* what a pod is before its first result */
    bool denial_decides;  /* HEALTH_DENIED takes a pod down at once */
    bool jitter_shortens; /* jitter goes both ways */
    bool even;            /* first checks are as far apart as can be, not at random */
};

/* Where a gap begins: with the start of the check before, or with its end. */
enum health_pace { HEALTH_FROM_START, HEALTH_FROM_END };

/* One pod, as one checker sees it. */
struct health {
    uint8_t is_up;
    uint8_t is_known; /* it was checked before */
    uint16_t run;     /* last results in a row that spoke against is_up */
};

extern const struct kind_list health_kinds; /* every kind's config is a struct health_config */

void health_open(struct health *health, const struct health_config *config);

/* Takes a result.  Whether is_up changed. */
bool health_take(struct health *health, const struct health_config *config,
                 enum health_result result);

enum health_state health_state(const struct health *health);

/* After health_take: from the start of the check that ended, `took` ns later, to the start of
   the next; at least 1, and never before the end. */
sim_time health_next(const struct health_config *config, const struct health *health,
                     sim_time took, struct rng *rng);
/* From the start, or from when a pod joins, to its first check, at random. */
sim_time health_phase(const struct health_config *config, struct rng *rng);
/* The same for `even`: of the pod at `position` among those of the start, the first of which is
   checked after `first`; one that joins later is 1 of 1, and `first` 0. */
sim_time health_even_phase(const struct health_config *config, sim_time first,
                           uint32_t position, uint32_t count);
/* After which a check has failed. */
sim_time health_timeout(const struct health_config *config);

#endif
