/* SPDX-License-Identifier: GPL-3.0-or-later
   What a run found, as run.json holds it: canonical JSON with sorted keys and no wall clock,
   so that the same binary, scenario and seed give the same bytes. */
#ifndef SIM_CLI_RESULT_H
#define SIM_CLI_RESULT_H

#include "sim/engine/output.h"
#include "sim/report/report.h"

#define RESULT_SCHEMA "lbsim.run/1"
#define RESULT_FILE "run.json"
#define RESULT_CURVES "latency.csv"
#define RESULT_HEATS "heatmap.csv"

struct result_policy {
    const char *label, *kind; /* kind: name of the policy behind the label */
    uint64_t replications, requests, rows; /* finished */
};

struct result {
    const char *scenario, *summary; /* name; summary may be NULL */
    const char *version;
    const char *compiler, *libraries; /* that it was made with; NULL: those of this program */
    uint64_t seed;
    bool seedless; /* the seed is not known, as of a lone trace */
    bool partial;
    const char **notes; /* ends with NULL */
    struct result_policy *policies;
    size_t policy_count;
    const char *resolved; /* the scenario in canonical JSON, as it stands in the file */
    struct report report;
    struct arena arena; /* owns the texts and arrays when read */
};

/* run.json can be run again, so it must not outgrow a scenario: with more pods than this it
   leaves out their figures. */
enum { RESULT_PODS_MAX = 100 };
bool result_is_crowded(const struct report *report);

void result_write(const struct result *result, struct output *output);
/* Reads what result_write wrote.  False after writing one line to `message` (without the
   path); then there is nothing to free. */
bool result_read(const char *path, struct result *result, char *message, size_t size);
void result_free(struct result *result);

/* The heading of a result's report; valid as long as the result. */
struct report_heading result_heading(const struct result *result);
/* Its report in one of the formats. */
void result_render(const struct result *result, enum report_format format, bool color,
                   struct output *output);
/* Whether two results are of the same run: same version and same resolved scenario, which
   holds the seed. */
bool result_is_same(const struct result *a, const struct result *b);

#endif
