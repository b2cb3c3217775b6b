/* SPDX-License-Identifier: GPL-3.0-or-later
   How Envoy spreads load over priorities, and when it takes hosts that are not healthy:
   source/common/upstream/load_balancer_impl.cc, whose published tables disagree with it in
   places.  Whole percents throughout. */
#ifndef MODELS_PANIC_H
#define MODELS_PANIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PANIC_OVERPROVISIONING = 140 }; /* percent, Envoy's default */

struct panic_config {
    uint32_t overprovisioning; /* percent */
    uint32_t threshold;        /* percent of healthy_panic_threshold: 50; 0: never in panic */
};

/* One priority, the highest first. */
struct panic_level {
    uint32_t hosts, excluded, healthy, degraded; /* in: hosts are all, excluded ones too */
    uint32_t healthy_load, degraded_load; /* out: percent of the requests for each of them */
    bool panics; /* out: the load is for all its hosts, whatever their health */
};

/* Fills in what is out; the loads add up to 100.  Where nobody is of use and there is no panic
   (threshold 0), they are all for the healthy hosts of the first level: for nobody. */
void panic_spread(const struct panic_config *config, struct panic_level *levels, size_t count);

/* The level that takes a request whose hash, or random number, is `hash`; *degraded says which
   of its hosts. */
size_t panic_choose(const struct panic_level *levels, size_t count, uint64_t hash,
                    bool *degraded);

#endif
