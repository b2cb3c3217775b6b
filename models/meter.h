/* SPDX-License-Identifier: GPL-3.0-or-later
   What a pod knows of its own load and tells others: at once to an oracle, with replies
   (ORCA), or when it is asked (probes).  Kept only where a policy wants to know. */
#ifndef MODELS_METER_H
#define MODELS_METER_H

#include "models/policy.h"
#include "sim/trace/row.h"

struct world;

enum { METER_COMPANIES = 64, METER_SAMPLES = 5 };

/* The last times at a pod of attempts that met so many others when they arrived; the last entry
   is for all above. */
struct meter_past {
    sim_time times[METER_COMPANIES][METER_SAMPLES];
    uint32_t count[METER_COMPANIES]; /* ever */
};

/* One pod's. */
struct meter {
    uint32_t load;       /* attempts dispatched to it and not yet served */
    uint32_t present;    /* of these, how many have arrived */
    uint32_t in_service; /* and how many are being served */
    int64_t demand;      /* ns of work of the attempts in `load` */
    int64_t started;     /* sum of the times at which those in service began */

    int64_t window;       /* number of the present second */
    double replies[2];    /* in the last second and in the present one */
    double busy[2];       /* worker-ns, likewise */
    double used;          /* worker-ns since the beginning */
    sim_time busy_since;  /* up to when `busy` and `used` are counted */
};

/* Makes meters for all pods if the policy or an autoscaler wants to know of load; else leaves
   world->meters NULL, and nothing below may be called. */
void meter_open(struct world *world, const struct policy_ops *ops);
void meter_close(struct world *world);

void meter_dispatched(struct world *world, const struct trace_row *row);
void meter_arrived(struct world *world, uint32_t slot);
void meter_started(struct world *world, const struct trace_row *row);
/* It will not arrive. */
void meter_lost(struct world *world, const struct trace_row *row);
/* Served since `started`, or (SIM_NEVER) turned away without service. */
void meter_left(struct world *world, uint32_t slot, sim_time started);

/* Worker-ns that pod `pod` was busy for until now. */
double meter_used(struct world *world, uint32_t pod);
/* What pod `pod` says of itself now. */
struct load_report meter_report(struct world *world, uint32_t pod);

#endif
