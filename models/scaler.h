/* SPDX-License-Identifier: GPL-3.0-or-later
   Autoscalers at work: gather the metrics of a group of pods now and then, and create and
   delete pods as their rule says (autoscale.h). */
#ifndef MODELS_SCALER_H
#define MODELS_SCALER_H

#include "models/autoscale.h"

struct world;

struct scaler {
    const struct autoscale *config;
    struct autoscale_memory memory;
    uint32_t *slots; /* of the pods that there are, in the order of their creation */
    uint32_t count;
    uint32_t next, end; /* slots that nobody has had yet */
};

void scaler_open(struct world *world);
/* The time of a decision. */
void scaler_step(struct world *world, uint32_t index);
/* A pod that a scaler created is ready. */
void scaler_ready(struct world *world, uint32_t slot);

#endif
