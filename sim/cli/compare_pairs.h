/* SPDX-License-Identifier: GPL-3.0-or-later
   Who is compared with whom by what: the comparisons of one result's policies, or of two
   results. */
#ifndef SIM_CLI_COMPARE_PAIRS_H
#define SIM_CLI_COMPARE_PAIRS_H

#include "sim/cli/pairing.h"
#include "sim/cli/subject.h"
#include "sim/report/compare_render.h"

enum { COMPARE_PAIRS_LINE = 1024, COMPARE_PAIRS_NOTES = 4 };

struct compare_pairs {
    struct subject subjects[2];
    size_t count; /* of subjects */
    const char *const *labels[2]; /* of the policies; end with NULL */
    bool single; /* each of two has one policy: they are compared, whatever their labels */
    const char *scope;
    const char **metrics; /* ends with NULL */
    bool asked;       /* the metrics were asked for: each must have figures */
    const char *base; /* policy to compare with; NULL: the first */
    bool each;        /* each policy with each, in place of the base */
    /* What compare_pairs_make fills: */
    struct compare_family family; /* with its margin; not settled yet */
    struct pairing pairing;
    char what[COMPARE_PAIRS_LINE];
    struct compare_leaders *leaders; /* by metric */
    size_t leader_count;
    const char *notes[COMPARE_PAIRS_NOTES + 1]; /* ends with NULL */
    size_t note_count;
    struct arena arena;
};

/* Once the subjects are measured. */
void compare_pairs_make(struct compare_pairs *pairs);
/* A metric asked for without figures, or "these metrics" where none of the usual ones has
   any; NULL: there is something to compare. */
const char *compare_pairs_missing(const struct compare_pairs *pairs);
/* Whether `labels`, which end with NULL, hold a label. */
bool compare_pairs_has(const char *const *labels, const char *label);

#endif
