/* SPDX-License-Identifier: GPL-3.0-or-later
   The membership changes of a roster in order of time, those of one time as one, with what
   each could not but move. */
#ifndef SIM_REPORT_CHURN_PLAN_H
#define SIM_REPORT_CHURN_PLAN_H

#include "sim/trace/roster.h"

struct churn_change {
    sim_time at;
    char name[24];        /* "1", "2", ... */
    const char *about;    /* "at 30.0s: pod-10 joins, pod-2 goes down" */
    const uint32_t *gone; /* pods that nothing could be sent to any more; rising */
    size_t gone_count;
    double ceded; /* share of the weight in all that those who stayed gave up in sum */
};

struct churn_plan {
    struct churn_change *changes;
    size_t count;
};

/* Who was there first, joins at the least `joined` of all pods.  What comes once the measured
   window is over is left out.  Memory from `arena`; the roster need not outlive it. */
struct churn_plan churn_plan_make(const struct roster *roster, struct arena *arena);
/* Whether nothing could be sent to the pod any more. */
bool churn_plan_is_gone(const struct churn_change *change, uint32_t pod);

#endif
