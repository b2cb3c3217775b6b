/* SPDX-License-Identifier: GPL-3.0-or-later
   What each fault of a scenario did: to the requests due before, during and after its episodes,
   to the attempts sent to pods that it was on, and how soon balancers kept away from these and
   came back.  Whole numbers, the same for the same rows in any order. */
#ifndef SIM_REPORT_HARM_H
#define SIM_REPORT_HARM_H

#include "sim/report/episode.h"
#include "sim/stats/histogram.h"
#include "sim/trace/roster.h"
#include "sim/trace/row.h"

enum { HARM_FAULTS_MAX = 64 }; /* those beyond have no figures */

/* One fault.  "During" is while it is on anywhere; all within the measured window. */
struct harm_count {
    uint64_t requests[EPISODE_SPANS], failed[EPISODE_SPANS]; /* by when they were due */
    uint64_t attempts; /* sent to any pod during ... */
    uint64_t there;    /* ... to one that it was on */
    uint64_t errors;   /* attempts that failed at a pod that it was on meanwhile */
    uint64_t episodes; /* each pod's */
    wide_uint faulty;  /* ns, each pod's */
    wide_uint present; /* ns of all pods in the list, during */
    wide_uint during;  /* ns */
    uint64_t detected, missed; /* episodes, times balancers that had not kept away before */
    wide_uint detection;       /* ns, of those detected */
    uint64_t recovered, shunned; /* episodes that some balancer detected and was away at the end
                                    of: are they all back before the pod's next one? */
    wide_uint recovery;        /* ns, of those recovered, until the last of them was back */
    uint64_t unknown;          /* not 0: too much went wrong to follow; all else is 0 */
};

struct harm;

/* NULL where the roster knows no fault.  The roster must outlive it until it is closed. */
struct harm *harm_open(const struct roster *roster);
/* What the roster has beyond the last time comes into effect, then the rows. */
void harm_rows(struct harm *harm, const struct trace_row *rows, size_t count);
/* No more rows: keeps sums only, and the histograms packed. */
void harm_close(struct harm *harm);
void harm_free(struct harm *harm); /* may be NULL */

/* Faults are numbered from 0 as in the scenario. */
size_t harm_faults(const struct harm *harm); /* 0 for NULL */
bool harm_is_crowded(const struct harm *harm); /* whether there are some beyond; NULL: false */
const char *harm_name(const struct harm *harm, size_t fault); /* "1" for fault 0 */
const char *harm_about(const struct harm *harm, size_t fault, struct arena *arena);
struct harm_count harm_count(const struct harm *harm, size_t fault);
/* Adds the latencies of one span. */
void harm_merge_law(const struct harm *harm, size_t fault, enum episode_span span,
                    struct histogram *into);
void harm_pool(struct harm_count *pooled, const struct harm_count *part);

#endif
