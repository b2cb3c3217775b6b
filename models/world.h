/* SPDX-License-Identifier: GPL-3.0-or-later
   One run of one scenario under one policy: built, run, freed as a whole. */
#ifndef MODELS_WORLD_H
#define MODELS_WORLD_H

#include "models/scenario.h"
#include "sim/trace/trace.h"

#include <stdatomic.h>

/* Marks what only some worlds call, to keep it out of the hot functions that do: those are
   inlined into one another only while they are small. */
#define RARE __attribute__((noinline))

struct world_order {
    const struct scenario *scenario;
    const struct param_kind *policy; /* one of the scenario's, or any of policy_kinds */
    uint64_t replication;            /* from 1; with the seed it names the run */
    struct trace_sink sink;
    trace_hopped *hopped;       /* in place of sink.rows where there are hops; may be NULL */
    const atomic_bool *stop;    /* set from outside: end early; may be NULL */
    _Atomic uint64_t *progress; /* simulated nanoseconds, now and then; may be NULL */
};

/* What is known after a run beside its rows. */
struct world_account {
    uint64_t requests; /* born */
    uint64_t rows, events;
    uint64_t peak_in_flight;
    bool stopped; /* ended early: the rows are partial */
};

struct world;

struct world *world_build(const struct world_order *order);
/* Who will appear in the rows; valid until world_free. */
const struct roster *world_roster(const struct world *world);
struct world_account world_run(struct world *world);
void world_free(struct world *world);

#endif
