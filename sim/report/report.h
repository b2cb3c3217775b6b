/* SPDX-License-Identifier: GPL-3.0-or-later
   Figures from rows.  Each replication is tallied on its own, so replications can run in any
   order and on any thread; a report folds the tallies of one policy, in the order of their
   numbers, into a list of measures with intervals.  Renderers see measures only. */
#ifndef SIM_REPORT_REPORT_H
#define SIM_REPORT_REPORT_H

#include "sim/engine/output.h"
#include "sim/report/curve.h"
#include "sim/report/heat.h"
#include "sim/trace/hops.h"
#include "sim/trace/roster.h"
#include "sim/trace/row.h"

#include <stdbool.h>
#include <stddef.h>

/* The accumulators of one replication. */
struct tally;

/* `roster` must outlive the tally; it may grow between calls, but membership changes count
   as they are known now. */
struct tally *tally_open(const struct roster *roster);
void tally_rows(struct tally *tally, const struct trace_row *rows, size_t count);
/* Takes memory from `*spare`, and leaves it there when it is closed, for the next tally of the
   same thread.  `*spare` is NULL at first and to be freed at last. */
void tally_reuse(struct tally *tally, uint64_t **spare);
/* Has the tally count sections of its rows too, for intervals where there is but one
   replication; of the first one, before its first rows.  Nothing where the measured window is
   not known: then all rows may be given a second time once they are in. */
void tally_divide(struct tally *tally);
void tally_divide_again(struct tally *tally, const struct trace_row *rows, size_t count);
/* The same of rows with their hops, or NULL. */
void tally_hopped(struct tally *tally, const struct trace_row *rows,
                  const struct trace_hops *hops, size_t count);
/* No more rows: gives back the memory that only rows need.  To be called once the roster is
   as it will be; may be left out. */
void tally_close(struct tally *tally);
/* Goes on with what roster_keep made of the roster, with TALLY_PODS_KEPT for its `pods`, in
   place of that.  Of a closed tally only. */
enum { TALLY_PODS_KEPT = 1000 };
void tally_adopt(struct tally *tally, const struct roster *kept);
void tally_free(struct tally *tally);

/* One figure.  Scopes: "all", "client NAME", "group NAME" (a pod group), "pod NAME",
   "change NUMBER" (a membership change, from 1 in order of time), "fault NUMBER" (of the
   scenario's list, from 1; the first 64), "window FROM..TO" (of up to 60 of equal, round length
   from the start of the run on; both are whole numbers of s, ms, us or ns: "10s..12s"), "hop
   NAME", "tier NAME", "balancer NAME-I" (an instance of the last tier). */
struct measure {
    const char *policy, *scope, *metric;
    const char *unit; /* s, 1/s, ratio, count */
    double value;     /* NaN: not enough evidence, see `note` */
    double low, high; /* NaN: no interval */
    uint64_t samples; /* requests (or pods, for fairness) behind it */
    const char *note; /* NULL, or why something, be it the interval, is missing:
                         "insufficient: 12 effective exceedances of 30"; of a change's
                         churn_keys, what the change was: "at 30.0s: pod-10 joins"; of a fault's
                         fault_episodes, what it is: "crash of old-0, from 20s" */
    const double *values; /* of each replication in order, NaN where it has none; NULL: not
                             known, as of a pod */
    size_t value_count;
    unsigned sections; /* of one trace, that the interval is from; 0: from replications */
};

/* How the note of each measure but `requests` begins where there was no request at all. */
#define REPORT_NOTHING_DUE "no request was due in the measured window"

/* A zeroed struct is an empty report. */
struct report {
    struct measure *measures;
    size_t count, room;
    struct curve *curves; /* of scope "all" and of client groups, by policy */
    size_t curve_count, curve_room;
    struct heat *heats; /* by policy and window */
    size_t heat_count, heat_room;
    size_t replications; /* most of any policy */
    size_t fewest;       /* least of any policy that has some */
    unsigned crowded;    /* 1 << enum scope_kind: too many of those to list all one by one */
    struct arena arena;
};

/* Appends the measures of one policy.  The tallies are those of its replications in order;
   what they counted is not changed. */
void report_add_policy(struct report *report, const char *policy,
                       struct tally *const *tallies, size_t replications);
/* Appends the policies of `other`, which is empty then. */
void report_join(struct report *report, struct report *other);
const struct measure *report_find(const struct report *report, const char *policy,
                                  const char *scope, const char *metric);
/* Whether remap churn by key says anything.  False where no change saw more than one key: that is
   the one that traffic without keys has. */
bool report_has_keys(const struct report *report);
void report_free(struct report *report);

/* What a renderer needs beside the measures. */
struct report_heading {
    const char *scenario, *summary; /* summary may be NULL */
    uint64_t seed;
    bool seedless; /* the seed is not known: leave it out */
    const char *version;
    bool partial; /* the run was stopped early */
    const char *const *notes; /* warnings to repeat under the table; end with NULL */
    const struct report_facts *facts; /* for HTML: what the scenario tells beside; NULL */
};

enum report_format { REPORT_TEXT, REPORT_JSON, REPORT_CSV, REPORT_MARKDOWN, REPORT_HTML };

void report_render(const struct report *report, const struct report_heading *heading,
                   enum report_format format, bool color, struct output *output);

/* The list of metrics, for `list metrics`, `explain` and the checks of `expect`. */
struct metric {
    const char *name, *unit;
    const char *better; /* "lower", "higher", "" */
    const char *help;
};
const struct metric *metric_at(size_t index); /* NULL past the end */

#endif
