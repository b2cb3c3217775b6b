/* SPDX-License-Identifier: GPL-3.0-or-later
   Whether a run had settled: requests under way in its windows, replication by replication.
   The last third of the measured part against the first says whether queues grow for ever;
   its first tenth against the rest, whether the warm-up was long enough; and where it was not,
   MSER on the mean over the replications says how long it should be (K. P. White 1997, here
   with windows for batches; on a single run it misleads). */
#ifndef SIM_REPORT_STEADY_H
#define SIM_REPORT_STEADY_H

#include "sim/engine/clock.h"
#include "sim/report/report.h"

struct steady {
    bool grows;          /* from `early` to `late`, for certain */
    double early, late;  /* requests under way in the first and the last third */
    bool is_cold;        /* the first tenth has less than the rest, for certain */
    double bias;         /* of its requests under way: -0.2: a fifth less */
    sim_time settled;    /* where MSER would cut; SIM_NEVER: it says nothing */
};

/* Of one policy; zeroed where there are fewer than ten replications or ten windows after
   `warmup`.  The windows lie from 0 to `end`. */
struct steady steady_check(const struct report *report, const char *policy, sim_time warmup,
                           sim_time end);

#endif
