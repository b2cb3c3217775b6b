/* SPDX-License-Identifier: GPL-3.0-or-later
   Expectations held against a report.  By the 95 % interval: a threshold is passed where the
   whole interval is on its right side, failed where it is on the wrong one, and undecided in
   between.  Nothing measured is a failure. */
#ifndef SIM_REPORT_VERDICT_H
#define SIM_REPORT_VERDICT_H

#include "sim/report/expect.h"

/* Who looks again and again, adding replications in between, may stop at a verdict only if it
   is as clear as this; then the last look can be at 95 % as ever, and false verdicts stay
   near 5 in 100 (J. L. Haybittle, 1971; R. Peto and others, 1976). */
#define VERDICT_FIRM_LEVEL 0.997

enum verdict_outcome { VERDICT_PASS, VERDICT_SKIPPED, VERDICT_UNDECIDED, VERDICT_FAIL };

struct verdict {
    const struct expectation *expectation;
    const char *text;   /* of the expectation */
    const char *policy; /* NULL: of none, as it was skipped */
    enum verdict_outcome outcome;
    bool is_firm; /* more replications would not change it, as far as can be told: it is
                     clear at VERDICT_FIRM_LEVEL, or what is missing is not theirs to bring */
    const struct measure *left, *right; /* NULL: not there, or not needed */
    bool is_change;          /* what follows is left over right * factor, or their difference */
    bool is_ratio;
    double value, low, high; /* NaN: unknown */
    const char *why; /* what kept it from being judged by the interval; NULL: nothing */
    const char *whose; /* whom `why` is about; NULL: the left side */
};

/* What expectations are held against. */
struct verdict_ground {
    const struct report *report;
    const struct report *stored; /* the baseline; NULL: none is given */
    bool stored_is_paired;       /* its replications belong to those of `report` */
    bool is_partial;             /* figures that are missing may be so as the run was stopped */
};

/* Zeroed: an empty list. */
struct verdict_list {
    struct verdict *items;
    size_t count, room;
};

/* Adds the verdict of each policy that an expectation is about. */
void verdict_judge(struct verdict_list *list, const struct expectation *expectation,
                   const struct verdict_ground *ground);
/* Adds one that is not looked at. */
void verdict_skip(struct verdict_list *list, const char *text, const char *why);
void verdict_free(struct verdict_list *list);

/* The gravest: fail, then undecided, then pass. */
enum verdict_outcome verdict_worst(const struct verdict_list *list);

/* "pass", "skipped", "undecided", "fail". */
const char *verdict_word(enum verdict_outcome outcome);
/* "59.4ms (56.9ms to 61.9ms)", or why there is nothing to show. */
enum { VERDICT_FOUND_SIZE = 256 };
void verdict_found(const struct verdict *verdict, char found[VERDICT_FOUND_SIZE]);
/* "p99 of p2c < 60ms", with the policy even where it is meant of every one. */
void verdict_title(const struct verdict *verdict, char *to, size_t size);

#endif
