/* SPDX-License-Identifier: GPL-3.0-or-later
   Load shedding by a balancer: which requests it refuses at once because it has too many, or
   has kept them waiting for too long.  A table of kinds; pure, for whoever has the requests. */
#ifndef MODELS_SHED_H
#define MODELS_SHED_H

#include "sim/engine/clock.h"
#include "sim/engine/param.h"

#include <stdbool.h>

extern const struct kind_list shed_kinds;

/* Only kind is required. */
struct shed_ops {
    struct kind kind;
    size_t state_size; /* zeroed before use */
    /* Before and after all others; `key` of a random stream. */
    void (*open)(const void *config, void *state, uint64_t key);
    void (*close)(void *state);
    /* Whether one more request is let in, with so many at pods or held. */
    bool (*admit)(const void *config, void *state, uint64_t in_flight, sim_time now);
    /* Whether one is dropped that leaves the queue after waiting so long; `held`: it and those
       behind it. */
    bool (*drop)(const void *config, void *state, sim_time waited, uint64_t held, sim_time now);
    /* An attempt that was sent then was answered. */
    void (*learn)(const void *config, void *state, sim_time sent, sim_time now);
};

/* Those of an absent kind let everything pass. */
const struct shed_ops *shed_ops(const struct param_kind *shed);

/* CoDel's state: RFC 8289. */
struct shed_codel {
    sim_time first_above; /* when to begin to drop, while all wait too long; 0: they do not */
    sim_time drop_next;
    uint32_t count, last_count;
    bool dropping, dropped; /* dropped: the last one was */
};

#endif
