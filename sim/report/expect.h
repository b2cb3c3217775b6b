/* SPDX-License-Identifier: GPL-3.0-or-later
   What must hold of a report, as users write it:
     METRIC [of POLICY] [in SCOPE] OP VALUE
     METRIC [of POLICY] [in SCOPE] OP [FACTOR *] METRIC of POLICY|baseline [in SCOPE]
   with OP one of < <= > >=; `in` may come before `of`; without a policy it is meant of every
   one. */
#ifndef SIM_REPORT_EXPECT_H
#define SIM_REPORT_EXPECT_H

#include "sim/config/problem.h"
#include "sim/report/metric.h"

enum expect_op { EXPECT_LESS, EXPECT_AT_MOST, EXPECT_MORE, EXPECT_AT_LEAST };

struct expect_side {
    const struct metric_row *metric;
    const char *policy; /* NULL: every one; on the right with `is_stored` the same one */
    const char *scope;  /* as a measure has it: "all", "client web" */
    bool is_stored;     /* of the stored result that is the baseline */
};

struct expectation {
    const char *text;
    struct mark mark; /* of the text; for whoever knows where it stood to set */
    struct expect_side left, right; /* right.metric NULL: compared with `value` */
    enum expect_op op;
    double value;  /* in base units: s, 1/s, 1 */
    double factor; /* on the right side */
};

/* A mistake, and where in the text it is. */
struct expect_error {
    size_t offset, length; /* bytes */
    char message[256], hint[256]; /* hint may be empty */
};

/* Texts live in `arena`, but `text` itself is not copied.  False after filling `error`. */
bool expect_parse(const char *text, struct expectation *expectation, struct arena *arena,
                  struct expect_error *error);

/* The name that a policy or scope has in the text, for messages about it: where `name`, one
   of the expectation's own, stands there. */
void expect_locate(const struct expectation *expectation, const char *name,
                   struct expect_error *error);

/* "<", "<=", … */
const char *expect_op_word(enum expect_op op);

#endif
