/* SPDX-License-Identifier: GPL-3.0-or-later
   Tallies to measures: for every scope and metric the value over all replications, its
   interval, and the evidence behind a percentile.  The statistics are those of
   sim/stats/interval.h. */
#include "sim/report/report.h"

#include "sim/engine/check.h"
#include "sim/report/metric.h"
#include "sim/report/render.h"
#include "sim/stats/interval.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One policy on its way into a report. */
struct report_fold {
    struct report *report;
    const char *policy;
    struct tally *const *tallies;
    size_t count; /* replications */
    struct summary_load **loads;
    struct summary *parts, pooled; /* of the scope at hand */
    double *values, *exceedances;
    struct arena arena;
};

static void report_add(struct report *report, struct measure measure)
{
    if (report->count == report->room) {
        report->room = report->room == 0 ? 64 : 2 * report->room;
        report->measures =
            memory_grow(report->measures, report->room, sizeof(*report->measures));
    }
    report->measures[report->count++] = measure;
}

/* Every replication's value, NaN where it has none. */
static void report_values(struct report_fold *fold, const struct metric_row *row)
{
    for (size_t i = 0; i < fold->count; i++)
        fold->values[i] = row->value(row, &fold->parts[i]);
}

static double report_run_mean(const struct report_fold *fold)
{
    double sum = 0;
    for (size_t i = 0; i < fold->count; i++)
        sum += fold->values[i];
    return sum / (double)fold->count;
}

static double report_evidence(struct report_fold *fold, const struct metric_row *row)
{
    const struct histogram *whole = metric_histogram(row, &fold->pooled);
    for (size_t i = 0; i < fold->count; i++)
        fold->exceedances[i] =
            histogram_beyond(metric_histogram(row, &fold->parts[i]), whole, row->p);
    return interval_evidence(fold->exceedances, fold->count);
}

static struct interval report_interval(struct report_fold *fold,
                                       const struct metric_row *row)
{
    double value = row->value(row, &fold->pooled);
    if (row->rule == METRIC_FACT)
        return (struct interval){.value = value, .low = NAN, .high = NAN};
    report_values(fold, row);
    if (row->rule == METRIC_RUN)
        value = report_run_mean(fold);
    struct interval interval = interval_of(value, fold->values, fold->count);
    if (interval.low < 0) /* nothing that is measured here can be negative */
        interval.low = 0;
    return interval;
}

static const char *report_add_evidence(struct report_fold *fold,
                                       const struct metric_row *row,
                                       struct interval *interval)
{
    double evidence = report_evidence(fold, row);
    /* What rounding does to (1 - p) n must not decide. */
    interval->thin = evidence < INTERVAL_EXCEEDANCES_MIN - 1e-6;
    if (!interval->thin)
        return NULL;
    interval->value = interval->low = interval->high = NAN;
    char note[64];
    int size = snprintf(note, sizeof(note), "insufficient: %.0f effective exceedances of %.0f",
                        floor(evidence + 1e-6), INTERVAL_EXCEEDANCES_MIN);
    return arena_copy_text(&fold->report->arena, note, (size_t)size);
}

static void report_add_metric(struct report_fold *fold, const char *scope,
                              const struct metric_row *row)
{
    struct interval interval = report_interval(fold, row);
    const char *note = NULL;
    if (row->rule == METRIC_PERCENTILE)
        note = report_add_evidence(fold, row, &interval);
    else if (!isfinite(interval.value))
        note = "no data";
    report_add(fold->report, (struct measure){
                                 .policy = fold->policy,
                                 .scope = scope,
                                 .metric = row->metric.name,
                                 .unit = row->metric.unit,
                                 .value = isfinite(interval.value) ? interval.value : NAN,
                                 .low = interval.low,
                                 .high = interval.high,
                                 .samples = metric_samples(row, &fold->pooled),
                                 .note = note,
                             });
}

/* The figures of one scope.  A replication that does not know `name` counts as empty. */
static void report_add_scope(struct report_fold *fold, enum scope_kind kind,
                             const char *name)
{
    size_t place = 0;
    summary_clear(&fold->pooled);
    for (size_t i = 0; i < fold->count; i++) {
        const struct tally *tally = fold->tallies[i];
        if (kind != SCOPE_ALL)
            place = scope_find(kind, tally, name, place);
        summary_clear(&fold->parts[i]);
        if (place != SIZE_MAX)
            summary_fill(&fold->parts[i], kind, place, tally, fold->loads[i]);
        summary_pool(&fold->pooled, &fold->parts[i]);
    }
    size_t word = strlen(scope_words[kind]), length = strlen(name);
    char *scope = arena_take(&fold->report->arena, word + length + 1, 1);
    memcpy(scope, scope_words[kind], word);
    memcpy(scope + word, name, length);
    const struct metric_row *row;
    for (size_t i = 0; (row = metric_row_at(i)) != NULL; i++)
        if (row->scopes >> kind & 1)
            report_add_metric(fold, scope, row);
}

static void report_add_scopes(struct report_fold *fold, enum scope_kind kind)
{
    struct scope_list list = scope_list(kind, fold->tallies, fold->count, &fold->arena);
    if (list.crowded)
        fold->report->crowded |= 1u << kind;
    for (size_t i = 0; i < list.count; i++)
        report_add_scope(fold, kind, list.names[i]);
}

static void report_open_fold(struct report_fold *fold)
{
    fold->loads = arena_take(&fold->arena, fold->count, sizeof(*fold->loads));
    fold->parts = arena_take(&fold->arena, fold->count, sizeof(*fold->parts));
    fold->values = arena_take(&fold->arena, fold->count, sizeof(*fold->values));
    fold->exceedances = arena_take(&fold->arena, fold->count, sizeof(*fold->exceedances));
    for (size_t i = 0; i < fold->count; i++) {
        fold->loads[i] = summary_loads(fold->tallies[i], &fold->arena);
        summary_init(&fold->parts[i]);
    }
    summary_init(&fold->pooled);
}

static void report_close_fold(struct report_fold *fold)
{
    for (size_t i = 0; i < fold->count; i++)
        summary_free(&fold->parts[i]);
    summary_free(&fold->pooled);
    arena_free(&fold->arena);
}

void report_add_policy(struct report *report, const char *policy,
                       struct tally *const *tallies, size_t replications)
{
    struct report_fold fold = {
        .report = report, .tallies = tallies, .count = replications};
    if (replications == 0)
        return;
    if (replications > report->replications)
        report->replications = replications;
    fold.policy = arena_copy_text(&report->arena, policy, strlen(policy));
    for (size_t i = 0; i < replications; i++)
        tally_rows(tallies[i], NULL, 0); /* sees who joined after its last rows */
    report_open_fold(&fold);
    report_add_scope(&fold, SCOPE_ALL, "");
    for (enum scope_kind kind = SCOPE_CLIENT; kind < SCOPE_KIND_COUNT; kind++)
        report_add_scopes(&fold, kind);
    report_close_fold(&fold);
}

const struct measure *report_find(const struct report *report, const char *policy,
                                  const char *scope, const char *metric)
{
    for (size_t i = 0; i < report->count; i++) {
        const struct measure *measure = &report->measures[i];
        if (strcmp(measure->metric, metric) == 0 && strcmp(measure->scope, scope) == 0 &&
            strcmp(measure->policy, policy) == 0)
            return measure;
    }
    return NULL;
}

void report_free(struct report *report)
{
    free(report->measures);
    arena_free(&report->arena);
    *report = (struct report){0};
}

void report_render(const struct report *report, const struct report_heading *heading,
                   enum report_format format, bool color, struct output *output)
{
    switch (format) {
    case REPORT_TEXT:
        render_text(report, heading, color, output);
        break;
    case REPORT_JSON:
        render_json(report, heading, output);
        break;
    case REPORT_CSV:
        render_csv(report, heading, output);
        break;
    case REPORT_MARKDOWN:
        render_markdown(report, heading, output);
        break;
    }
}
