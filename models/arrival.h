/* SPDX-License-Identifier: GPL-3.0-or-later
   When requests are due: a table of arrival processes.  Open ones give gaps, on a clock that
   a rate curve may bend; a closed loop and a replay are run by the client itself. */
#ifndef MODELS_ARRIVAL_H
#define MODELS_ARRIVAL_H

#include "sim/engine/param.h"
#include "sim/engine/rng.h"

enum arrival_mode { ARRIVAL_OPEN, ARRIVAL_CLOSED, ARRIVAL_REPLAY };

/* What a process remembers between gaps. */
struct arrival_state {
    bool bursting;
    double left; /* ns of the present phase */
};

struct arrival_ops {
    struct kind kind;
    enum arrival_mode mode;
    double (*rate)(const void *config); /* mean, per second; NULL where it has none */
    /* Open ones only.  `begin` draws the state at time 0; may be NULL. */
    void (*begin)(const void *config, struct arrival_state *state, struct rng *rng);
    void (*gaps)(const void *config, struct arrival_state *state, struct rng *rng,
                 double *out, size_t count); /* ns */
};

struct arrival_closed {
    uint64_t users;
    struct param_kind think; /* dist_kinds, ns */
};

extern const struct kind_list arrival_kinds;

static inline const struct arrival_ops *arrival_ops(const struct param_kind *arrivals)
{
    return (const struct arrival_ops *)arrivals->kind;
}

#endif
