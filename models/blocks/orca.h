/* SPDX-License-Identifier: GPL-3.0-or-later
   Weights from what pods report of themselves with their replies (ORCA): requests per second
   over utilisation.  Two products keep them, with small differences: gRPC's
   weighted_round_robin (gRFC A58) and Envoy's client_side_weighted_round_robin. */
#ifndef MODELS_BLOCKS_ORCA_H
#define MODELS_BLOCKS_ORCA_H

#include "models/policy.h"

enum orca_product { ORCA_ENVOY, ORCA_GRPC };

struct orca_config {
    sim_time blackout_period;          /* after the first report its pod has no weight */
    sim_time weight_expiration_period; /* so long after the last one it has none either */
    sim_time weight_update_period;     /* weights are read so often */
    double error_utilization_penalty;  /* utilisation that an error rate of 1 counts as */
};

/* What is known of a pod. */
struct orca_pod {
    double weight;
    sim_time first, last; /* reports; SIM_NEVER: none, for `first` since they expired */
    /* Replies in this second and the one before, by the balancer's own count. */
    sim_time second;
    uint32_t replies, errors, replies_before, errors_before;
};

struct orca {
    struct orca_config config;
    enum orca_product product;
    struct orca_pod *pods; /* by backend_id */
    sim_time due;          /* when weights are to be read next */
};

/* Four rows for the table of a policy whose `config` has a struct orca_config called `orca`;
   `penalty` is the default of the last. */
#define ORCA_PARAMS(config, least_period, penalty) \
    {.key = "blackout_period", .type = PARAM_DURATION, \
     .offset = PARAM_FIELD(config, orca.blackout_period, sim_time), .fallback = "10s", \
     .help = "after the first report a pod's weight is not used for so long"}, \
    {.key = "weight_expiration_period", .type = PARAM_DURATION, \
     .offset = PARAM_FIELD(config, orca.weight_expiration_period, sim_time), \
     .fallback = "3m", .help = "so long after the last report a weight is forgotten"}, \
    {.key = "weight_update_period", .type = PARAM_DURATION, \
     .offset = PARAM_FIELD(config, orca.weight_update_period, sim_time), .fallback = "1s", \
     .min = (least_period), .max = 1e18, .help = "how often new weights are taken up"}, \
    {.key = "error_utilization_penalty", .type = PARAM_NUMBER, \
     .offset = PARAM_FIELD(config, orca.error_utilization_penalty, double), \
     .fallback = penalty, .max = 1e6, \
     .help = "what the share of errors is multiplied by to be added to the utilisation"}

void orca_init(struct orca *orca, const struct orca_config *config, enum orca_product product,
               uint32_t capacity, struct arena *arena);

/* A pod is new, or connected to anew. */
void orca_forget(struct orca *orca, backend_id backend);

/* Takes in how an attempt ended, and the report that came with it. */
void orca_learn(struct orca *orca, sim_time now, const struct outcome_report *outcome);

/* The weight that holds for a pod at `now`; false where there is none. */
bool orca_weight(struct orca *orca, backend_id backend, sim_time now, double *weight);

/* Weights are read at `now` out of turn, and then after each period. */
void orca_restart(struct orca *orca, sim_time now);
/* Were weights to be read by `now`?  At which moment, the last if there were several; to be
   asked before a report is taken in. */
bool orca_is_due(struct orca *orca, sim_time now, sim_time *at);

#endif
