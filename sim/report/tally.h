/* SPDX-License-Identifier: GPL-3.0-or-later
   What a tally holds, for the rest of sim/report.  Whole numbers only, so that it is the
   same for the same rows in any order and in blocks of any size. */
#ifndef SIM_REPORT_TALLY_H
#define SIM_REPORT_TALLY_H

#include "sim/report/blame.h"
#include "sim/report/churn.h"
#include "sim/report/crossing.h"
#include "sim/report/fleet.h"
#include "sim/report/harm.h"
#include "sim/report/hits.h"
#include "sim/report/hop.h"
#include "sim/report/report.h"
#include "sim/report/window.h"
#include "sim/stats/histogram.h"

/* Client groups, and pod groups, that have figures of their own; those beyond share one. */
enum { TALLY_CLASSES_MAX = 1000 };

/* Requests with a latency that says something: answered, or given up after waiting.  Those
   turned away at once would flatter the tail; they count in the error rates instead. */
struct tally_law {
    struct histogram answered, late; /* counts of `late` are NULL until the first; of a
                                        closed tally both are */
    unsigned char *answered_packed, *late_packed; /* of a closed tally: see sparse.h */
};

struct tally_client {
    uint64_t outcomes[OUTCOME_COUNT]; /* of requests */
    struct tally_law law;
    struct crossing crossing;
};

/* Half a cache line, because a run may have a million of them. */
struct tally_pod {
    uint64_t busy;     /* ns of service within the measured window, all workers together */
    uint64_t requests; /* attempts sent to it */
    uint64_t latency;  /* ns, of its counted requests */
    uint64_t counted_group; /* requests of the law << TALLY_GROUP_BITS | pod group */
};
enum { TALLY_GROUP_BITS = 16 };

static inline uint64_t tally_pod_counted(const struct tally_pod *pod)
{
    return pod->counted_group >> TALLY_GROUP_BITS;
}

static inline size_t tally_pod_group(const struct tally_pod *pod)
{
    return pod->counted_group & ((1u << TALLY_GROUP_BITS) - 1);
}

struct tally_group {
    const char *name;
    struct tally_law law; /* marked only: to be settled; sums are those of its pods */
};

struct summary_load;
struct batch_set;

struct tally {
    const struct roster *roster;
    bool closed;
    struct summary_load *loads; /* of a closed tally, as of summary_loads; else NULL */
    struct tally_pod *pods; /* 0: rows without a pod; then the pods of the roster, but not in a
                               closed tally with more of them than are listed one by one */
    size_t pod_count, pod_room; /* of the roster; room of `pods` */
    struct hits *hits; /* as `pods`, of those that there were when a cache was last asked */
    size_t hits_count; /* 0: none ever was */
    struct tally_client *clients; /* by roster index, the last one for all beyond */
    size_t client_count;
    struct tally_group *groups; /* 0: rows without a pod; the last one for all beyond */
    size_t group_count;
    bool is_lone; /* one client group and one pod group have answered all requests: the law of
                     the former is that of the latter, whose own is not kept */
    struct blame blame; /* of the requests of all laws together */
    sim_time due_first, due_last; /* of measured rows; SIM_NEVER and 0 when there are none */
    struct churn *churn; /* NULL: no membership change is known */
    struct harm *harm;   /* NULL: no fault is known */
    struct window_set windows;
    struct batch_set *batches; /* NULL: it has no sections */
    struct arena arena; /* owns `pods` */
    struct hop_sums hops;
    struct fleet fleet;
    struct arena names; /* of these two */
};

/* Of record `place` of `pods`. */
static inline struct hits tally_hits(const struct tally *tally, size_t place)
{
    return place < tally->hits_count ? tally->hits[place] : (struct hits){0};
}

/* Ends `is_lone`: the law of the pod group is its own from now on. */
void tally_part(struct tally *tally);

/* Adds the requests of one histogram of a law, given with its packed form or NULL. */
void tally_merge(struct histogram *into, const struct histogram *from,
                 const unsigned char *packed);

/* The window that rates and shares refer to: the roster's, or else the span of due times. */
void tally_window(const struct tally *tally, sim_time *begin, sim_time *end);

#endif
