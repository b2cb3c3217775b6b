/* SPDX-License-Identifier: GPL-3.0-or-later
   What a roster knows of pods.  There may be a million, most of them alike and there all the
   time: what those of a group have in common, and when somebody came or went, stands in
   tables beside them. */
#ifndef SIM_TRACE_ROSTER_POD_H
#define SIM_TRACE_ROSTER_POD_H

#include "sim/engine/clock.h"

#include <stdbool.h>
#include <stdint.h>

struct roster_kind {
    const char *group, *zone; /* zone "" where none */
    double speed, weight;
    uint32_t workers; /* 0: unknown, as in a trace without a timeline */
};

struct roster_life {
    sim_time joined;  /* SIM_NEVER: it has not */
    sim_time left;    /* SIM_NEVER: still there at the end */
    sim_time created; /* SIM_NEVER: when it joined */
    sim_time ended;   /* SIM_NEVER: when it left */
    bool is_scaled;   /* comes and goes by an autoscaler: no churn is reckoned for that */
};

struct roster_pod {
    const char *name;
    uint32_t kind, life; /* see roster_kind, roster_life */
};

/* SIM_NEVER: it never was. */
static inline sim_time roster_created(const struct roster_life *life)
{
    return life->created != SIM_NEVER ? life->created : life->joined;
}

/* What became of a pod beside joining and leaving. */
enum roster_event {
    ROSTER_DOWN,  /* marked down: nothing is sent there */
    ROSTER_UP,    /* and up again */
    ROSTER_WEIGHT /* its weight is another from now on */
};

struct roster_change {
    sim_time at;
    enum roster_event event;
    uint32_t pod;
    double weight; /* of ROSTER_WEIGHT */
};

/* What went wrong, and what balancers made of it. */
enum roster_moment_kind {
    ROSTER_FAULT_BEGINS, /* an episode of a fault, at a pod */
    ROSTER_FAULT_ENDS,
    ROSTER_AVOIDED, /* a health check, outlier detection or reach keeps a balancer from a pod */
    ROSTER_TRUSTED  /* and no more */
};

struct roster_moment {
    sim_time at;
    enum roster_moment_kind kind;
    uint32_t pod;
    uint32_t number; /* of the fault, or of the balancer instance, from 0 */
};

#endif
