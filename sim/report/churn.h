/* SPDX-License-Identifier: GPL-3.0-or-later
   Remap churn from rows: for each membership change, where keys and users were sent before it
   and after it.  Before: by the last attempt dispatched since the previous change; after: by
   the first until the next one, or the end of the measured window.  The order of rows does not
   matter; of attempts dispatched at once that to the pod with the lowest number counts. */
#ifndef SIM_REPORT_CHURN_H
#define SIM_REPORT_CHURN_H

#include "sim/report/churn_hits.h"
#include "sim/report/churn_pairs.h"
#include "sim/trace/roster.h"
#include "sim/trace/row.h"

/* Records of keys, and of users, in memory at once; with more, only those keys are followed
   whose hash begins with a zero, two zeros, and so on: the same ones whatever the order. */
enum { CHURN_RECORDS_MAX = 1 << 21 };
/* More changes than that are not looked at. */
enum { CHURN_CHANGES_MAX = 1000 };

/* One change.  Users are those of client groups with more than one. */
struct churn_count {
    uint64_t keys, moved;       /* seen before and after; at another pod after */
    double least;               /* of those, that had to move: keys of pods that are gone, and
                                   as many as make up the share of weight that others ceded */
    uint64_t sessions, lost;    /* users seen before and after; at another pod after ... */
    uint64_t needless;          /* ... although the one before was not gone */
    struct churn_hits hits;     /* of caches */
    struct churn_pairs pairs;   /* of balancers and pods */
};

struct churn;

/* NULL where no change is known in the roster, which need not outlive the call. */
struct churn *churn_open(const struct roster *roster, size_t records_max);
void churn_rows(struct churn *churn, const struct trace_row *rows, size_t count);
/* No more rows: keeps the counts only. */
void churn_close(struct churn *churn);
void churn_free(struct churn *churn); /* may be NULL */

/* Changes are numbered from 0 in order of time. */
size_t churn_changes(const struct churn *churn); /* 0 for NULL */
const char *churn_name(const struct churn *churn, size_t change); /* "1" for change 0 */
struct churn_count churn_count(const struct churn *churn, size_t change);
/* What the change was and, if so, that only some keys were followed. */
const char *churn_about(const struct churn *churn, size_t change, struct arena *arena);

#endif
