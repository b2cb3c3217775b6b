/* SPDX-License-Identifier: GPL-3.0-or-later
   Who looks on while an experiment runs: what the replications that are done say so far.  What
   is shown may depend on timing; no result does. */
#ifndef SIM_CLI_WATCH_H
#define SIM_CLI_WATCH_H

#include "sim/report/glance.h"

struct watch;

/* One policy of a cell. */
struct watch_lane {
    const char *policy;
    uint64_t done, wanted; /* replications */
    double share;          /* of their simulated time that is done */
    struct interval p99;   /* s, of those done; value NaN: too little is known */
};

/* All that is to be seen. */
struct watch_view {
    const struct watch_lane *lanes; /* by cell and policy */
    size_t count;
    size_t cells; /* scenarios that they are of */
    size_t at;    /* lane that is waited for */
    double share; /* of all */
};

struct watch *watch_open(size_t lanes);
/* From any thread: a replication of a lane is done. */
void watch_take(struct watch *watch, size_t lane, const struct tally *tally);
/* How many are, and what they say; the rest of a lane is for the caller to fill. */
struct watch_lane watch_look(struct watch *watch, size_t lane);
void watch_close(struct watch *watch); /* NULL is fine */

#endif
