/* SPDX-License-Identifier: GPL-3.0-or-later
   How many pods a group should have.  A table of rules; pure, fed with metrics by whoever has
   them (scaler.h). */
#ifndef MODELS_AUTOSCALE_H
#define MODELS_AUTOSCALE_H

#include "sim/engine/param.h"

struct scenario;

/* An autoscaler as configured. */
struct autoscale {
    const char *pods; /* a group */
    uint64_t min, max;
    struct param_kind rule; /* autoscale_kinds */
};

/* What is known of a group's pods at one time.  Pods that are being deleted are left out. */
struct autoscale_metrics {
    uint32_t replicas; /* as asked for: all of the below */
    uint32_t ready, unready;
    uint32_t missing;  /* no metrics yet */
    double usage;      /* of those ready, as shares of what each has, added up */
    uint32_t idle;     /* of those ready: below the rule's idle_below */
};

/* Past recommendations and changes, newest last, in rings. */
struct autoscale_past {
    struct autoscale_entry {
        sim_time at;
        int64_t value;
    } *entries;
    uint32_t count, room, first;
};

/* What an autoscaler remembers. */
struct autoscale_memory {
    struct autoscale_past recommendations, changes;
    sim_time changed; /* the last change; SIM_NEVER: none yet */
};

struct autoscale_ops {
    struct kind kind;
    const char *source;
    bool idlest; /* whoever had the least to do leaves first, else the newest */
    sim_time (*interval)(const void *config);
    sim_time (*window)(const void *config); /* how far back decisions look */
    sim_time (*stays)(const void *config); /* from wanting a pod to taking it away, at least */
    /* The number of pods from now on; notes it. */
    uint32_t (*decide)(const struct autoscale *scale, struct autoscale_memory *memory,
                       sim_time now, const struct autoscale_metrics *metrics);
    /* The age of a pod from which on its metrics count though they are partly of the time before
       it was ready. */
    sim_time (*settles)(const void *config);
    /* The share of what it could do below which a pod is idle; NULL: nobody asks. */
    double (*idle_below)(const void *config);
};

extern const struct kind_list autoscale_kinds;
extern const struct param autoscale_params[]; /* of struct autoscale */

static inline const struct autoscale_ops *autoscale_ops(const struct autoscale *scale)
{
    return (const struct autoscale_ops *)scale->rule.kind;
}

void autoscale_open(struct autoscale_memory *memory, const struct autoscale *scale,
                    struct arena *arena);
uint32_t autoscale_decide(const struct autoscale *scale, struct autoscale_memory *memory,
                          sim_time now, const struct autoscale_metrics *metrics);

/* Pods that an autoscaler can make in `duration`, at most. */
double autoscale_reserve(const struct autoscale *scale, sim_time duration);
/* Whether a group has one. */
bool autoscale_has(const struct scenario *scenario, const char *group);

#endif
