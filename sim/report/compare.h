/* SPDX-License-Identifier: GPL-3.0-or-later
   Comparisons of measures, and what may be said of them when several are shown together:
   verdicts hold for the whole family (Holm), "equal" needs a margin (two one-sided tests),
   and nobody is ranked by point estimates. */
#ifndef SIM_REPORT_COMPARE_H
#define SIM_REPORT_COMPARE_H

#include "sim/report/report.h"
#include "sim/stats/contrast.h"

#define COMPARE_ALPHA 0.05 /* what the whole family may err */

enum compare_verdict {
    COMPARE_MISSING, /* no figures, see `note` */
    COMPARE_OPEN,    /* cannot be told apart */
    COMPARE_EQUAL,   /* within the margin */
    COMPARE_LOWER,
    COMPARE_HIGHER
};

/* Whether a candidate is worse than its baseline by more than the margin. */
enum compare_gate { COMPARE_PASS, COMPARE_UNDECIDED, COMPARE_FAIL };

struct comparison {
    const struct measure *baseline, *candidate;
    struct contrast contrast;
    size_t replications;        /* of the side that has fewer */
    double adjusted;            /* p-value, by Holm; NaN: not in the family */
    double wide_low, wide_high; /* 95 % for all of the family at once (Bonferroni) */
    double equal;               /* p-value of being within the margin */
    enum compare_verdict verdict;
    int better; /* -1: the candidate is worse, 1: better, 0: neither, or no verdict */
    enum compare_gate gate;
    const char *note; /* why figures are missing; NULL: they are not */
};

/* Zeroed but for `margin`: an empty family. */
struct compare_family {
    double margin; /* 0.02: up to 2 % apart is equal */
    struct comparison *items;
    size_t count, room;
    size_t size; /* comparisons that could be made */
};

/* Adds one; measures of the same metric, which must outlive the family. */
void compare_add(struct compare_family *family, const struct measure *baseline,
                 const struct measure *candidate, bool paired);
/* Once all are added: verdicts and gates. */
void compare_settle(struct compare_family *family);
void compare_free(struct compare_family *family);

/* "lower", "cannot be told apart", … and "pass", "undecided", "fail". */
const char *compare_verdict_word(enum compare_verdict verdict);
const char *compare_gate_word(enum compare_gate gate);

/* Which of `count` measures of one metric, paired by replication, are not significantly
   worse than the best of them; none where that has no direction or no figures. */
void compare_best(const struct measure *const *measures, size_t count, bool *among);

#endif
