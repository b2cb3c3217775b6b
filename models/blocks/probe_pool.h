/* SPDX-License-Identifier: GPL-3.0-or-later
   Prequal's memory: the newest answers to probes, one for each pod, and which counts of
   requests in flight are high among those seen lately.  B. Wydrowski and others, Load is
   not what you should balance: introducing Prequal, NSDI 2024. */
#ifndef MODELS_BLOCKS_PROBE_POOL_H
#define MODELS_BLOCKS_PROBE_POOL_H

#include "models/policy.h"

enum { PROBE_POOL_MAX = 256, PROBE_WINDOW = 128 };

struct probe {
    backend_id backend;
    uint32_t in_flight; /* as told, plus what was sent there since */
    sim_time latency, heard_at;
    double uses_left;
};

struct probe_pool {
    struct probe probes[PROBE_POOL_MAX]; /* oldest first */
    uint32_t count, room;
};

/* Takes in a new answer: it replaces the pod's last one and, where there is no room, the
   oldest. */
void probe_pool_put(struct probe_pool *pool, struct probe probe);
void probe_pool_drop(struct probe_pool *pool, uint32_t place);
/* Drops answers older than `age` and those of pods that are down. */
void probe_pool_expire(struct probe_pool *pool, const struct view *view, sim_time age);

/* The last counts of requests in flight, in the order they came and sorted. */
struct probe_window {
    uint32_t recent[PROBE_WINDOW], sorted[PROBE_WINDOW];
    uint32_t count, next;
};

void probe_window_put(struct probe_window *window, uint32_t in_flight);
/* The value that a share `quantile` (0 … 1) of the counts do not exceed; -1 for quantile
   0, and no count exceeds what is returned for 1. */
int64_t probe_window_quantile(const struct probe_window *window, double quantile);

#endif
