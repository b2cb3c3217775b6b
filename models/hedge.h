/* SPDX-License-Identifier: GPL-3.0-or-later
   Hedging: a second attempt while the first is under way, after a fixed time or after that
   which most requests need, within a limit on the extra load.  A table of kinds; pure, for
   whoever sends the attempts.  Dean and Barroso 2013; Finagle's BackupRequestFilter. */
#ifndef MODELS_HEDGE_H
#define MODELS_HEDGE_H

#include "models/retry_budget.h"
#include "sim/engine/param.h"
#include "sim/stats/histogram.h"

enum { HEDGE_WINDOWS = 3, HEDGE_MOST = 7 /* of one request */ };

struct hedge_config {
    sim_time after;           /* fixed; 0: by percentile */
    double percentile;        /* of the latencies of the last `window` */
    sim_time window, refresh; /* looked at each `refresh` */
    sim_time least, most;     /* earliest hedge; none where it would come at `most` or later */
    sim_time unit;            /* latencies are cut to whole units */
    uint64_t count;           /* hedges of one request */
    double extra_load;        /* hedges as a share of requests; INFINITY: no limit */
    bool pays_retries;        /* each pays the retry budget too */
    bool cancel;              /* the first success cancels the other attempts */
};

extern const struct kind_list hedge_kinds; /* every kind's config is a struct hedge_config */

/* The hedging of one balancer. */
struct hedge {
    const struct hedge_config *config;
    struct histogram now, windows[HEDGE_WINDOWS]; /* in units; not with a fixed time */
    uint32_t oldest;
    sim_time flush, refresh; /* when each is due next */
    sim_time after;
    struct retry_tokens tokens;
};

/* `config` of hedge_kinds, a kind there. */
void hedge_open(struct hedge *hedge, const struct param_kind *config, sim_time now);
void hedge_close(struct hedge *hedge);

/* A request came in.  When to hedge it: so long after its attempt was sent; SIM_NEVER: not at
   all. */
sim_time hedge_begin(struct hedge *hedge, sim_time now);
/* Then: whether to send one more, after `sent` hedges of this request; true is paid for. */
bool hedge_may(struct hedge *hedge, uint64_t sent, sim_time now);
/* An attempt, hedges too, succeeded, timed out or was cancelled for another's success.  Other
   failures are fast and would mislead. */
void hedge_learn(struct hedge *hedge, sim_time latency, sim_time now);

#endif
