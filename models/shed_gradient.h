/* SPDX-License-Identifier: GPL-3.0-or-later
   Adaptive concurrency: the limit on requests under way follows the ratio between the latency
   of an idle system, measured now and then, and that of now.  Envoy's gradient controller. */
#ifndef MODELS_SHED_GRADIENT_H
#define MODELS_SHED_GRADIENT_H

#include "sim/engine/param.h"
#include "sim/engine/rng.h"
#include "sim/stats/histogram.h"

struct shed_gradient_config {
    double percentile;   /* of latencies, that stands for them all */
    uint64_t most;       /* limits of the limit */
    uint64_t least;
    sim_time update;     /* a new limit each */
    sim_time measure;    /* between measurements of the idle latency */
    double jitter;       /* of that: up to so much more */
    uint64_t samples;    /* of one measurement */
    double buffer;       /* the idle latency may be so much longer */
};

extern const struct param shed_gradient_params[];

struct shed_gradient {
    struct histogram latencies;
    struct rng rng;
    double idle;             /* latency, ns; 0: not measured yet */
    uint64_t limit;
    uint64_t deferred;       /* the limit after the measurement under way; 0: none is */
    uint32_t at_least;       /* times in a row that the limit was the least one */
    sim_time epoch;          /* what was sent earlier is no sample */
    sim_time next_update, next_measure;
};

/* The verbs of shed.h; config is a struct shed_gradient_config, state a shed_gradient. */
void shed_gradient_open(const void *config, void *state, uint64_t key);
void shed_gradient_close(void *state);
bool shed_gradient_admit(const void *config, void *state, uint64_t in_flight, sim_time now);
void shed_gradient_learn(const void *config, void *state, sim_time sent, sim_time now);

#endif
