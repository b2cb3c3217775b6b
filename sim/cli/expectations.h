/* SPDX-License-Identifier: GPL-3.0-or-later
   The expectations of a scenario or a result, parsed, with the places where they stand. */
#ifndef SIM_CLI_EXPECTATIONS_H
#define SIM_CLI_EXPECTATIONS_H

#include "models/scenario.h"
#include "sim/cli/result.h"
#include "sim/report/verdict.h"

struct expectations {
    struct expectation *items;
    size_t count;
    const char **skipped; /* texts about policies that are not run */
    size_t skipped_count;
};

/* Parses those of a scenario.  `own` are the policies in its file: those that are not run
   after all take their expectations with them, out of scenario->expect too.  Adds a problem
   for each mistake; memory from `arena`. */
void expectations_load(struct scenario *scenario, const struct param_list *own,
                       struct arena *arena, struct problems *problems,
                       struct expectations *expectations);
/* Parses those in the run.json at `file`, which `result` was read from.  As above. */
void expectations_read(const char *file, const struct result *result, struct arena *arena,
                       struct problems *problems, struct expectations *expectations);
/* What an expectation from the command line is about. */
struct expectations_subject {
    const char *option; /* that it stands behind */
    const struct scenario *scenario; /* NULL: a stored result ... */
    const struct report *report;     /* ... with this report */
    const char *const *labels;       /* of its policies; end with NULL */
};

/* Adds it.  As above. */
void expectations_add(struct expectations *expectations, const char *text,
                      const struct expectations_subject *subject, struct arena *arena,
                      struct problems *problems);

/* Whether one of them needs a stored result to compare with. */
bool expectations_need_baseline(const struct expectations *expectations);

/* All verdicts, those skipped included. */
struct verdict_list expectations_judge(const struct expectations *expectations,
                                       const struct verdict_ground *ground);

#endif
