/* SPDX-License-Identifier: GPL-3.0-or-later
   Tallies to measures: for every scope and metric the value over all replications, its
   interval, and the evidence behind a percentile.  The statistics are those of
   sim/stats/interval.h. */
#include "sim/report/report.h"

#include "sim/engine/check.h"
#include "sim/report/batch_fold.h"
#include "sim/report/figure.h"
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
    struct summary part, pooled; /* of the scope at hand: of one replication, of all */
    double **values;      /* by metric and replication, NaN where it has none */
    double **exceedances; /* the same, of percentiles */
    size_t metrics;
    struct batch_fold sections; /* where replications are no evidence */
    size_t clients;      /* groups of them */
    const char *nothing; /* why there are no figures at all; NULL: there are */
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

static double report_run_mean(const struct report_fold *fold, const double *values)
{
    double sum = 0;
    for (size_t i = 0; i < fold->count; i++)
        sum += values[i];
    return sum / (double)fold->count;
}

static struct interval report_interval(const struct report_fold *fold, size_t metric)
{
    const struct metric_row *row = metric_row_at(metric);
    const double *values = fold->values[metric];
    double value = row->value(row, &fold->pooled);
    if (row->rule == METRIC_FACT)
        return (struct interval){.value = value, .low = NAN, .high = NAN};
    if (row->rule == METRIC_RUN)
        value = report_run_mean(fold, values);
    struct interval interval = interval_of(value, values, fold->count);
    if (interval.low < 0 && row->rule != METRIC_SIGNED)
        interval.low = 0;
    return interval;
}

/* What rounding does to (1 - p) n must not decide. */
static bool report_is_thin(const struct report_fold *fold, size_t metric)
{
    return interval_evidence(fold->exceedances[metric], fold->count) <
           INTERVAL_EXCEEDANCES_MIN - 1e-6;
}

static const char *report_add_evidence(struct report_fold *fold, size_t metric,
                                       struct interval *interval)
{
    double evidence = interval_evidence(fold->exceedances[metric], fold->count);
    interval->thin = true;
    interval->value = interval->low = interval->high = NAN;
    char note[64];
    int size = snprintf(note, sizeof(note), "insufficient: %.0f effective exceedances of %.0f",
                        floor(evidence + 1e-6), INTERVAL_EXCEEDANCES_MIN);
    return arena_copy_text(&fold->report->arena, note, (size_t)size);
}

static void report_keep_curve(struct report *report, struct curve curve)
{
    if (report->curve_count == report->curve_room) {
        report->curve_room = report->curve_room == 0 ? 16 : 2 * report->curve_room;
        report->curves =
            memory_grow(report->curves, report->curve_room, sizeof(*report->curves));
    }
    report->curves[report->curve_count++] = curve;
}

static void report_keep_heat(struct report *report, struct heat heat)
{
    if (report->heat_count == report->heat_room) {
        report->heat_room = report->heat_room == 0 ? 64 : 2 * report->heat_room;
        report->heats = memory_grow(report->heats, report->heat_room, sizeof(*report->heats));
    }
    report->heats[report->heat_count++] = heat;
}

/* Where the latencies of the window at hand lie. */
static void report_add_heat(struct report_fold *fold, const char *name)
{
    const struct window *window = NULL;
    for (size_t i = 0; i < fold->count && window == NULL; i++) {
        size_t place = scope_find(SCOPE_WINDOW, fold->tallies[i], name, 0);
        if (place != SIZE_MAX)
            window = &fold->tallies[i]->windows.windows[place];
    }
    if (window == NULL)
        return;
    struct heat heat = heat_of(&fold->pooled.law, &fold->report->arena);
    heat.policy = fold->policy;
    heat.from = sim_seconds(window->begin);
    heat.to = sim_seconds(window->end);
    report_keep_heat(fold->report, heat);
}

/* What a change or a fault was, as the first replication that knows it has it. */
static const char *report_about(struct report_fold *fold, enum scope_kind kind,
                                const char *scope)
{
    const char *name = scope + strlen(scope_words[kind]);
    for (size_t i = 0; i < fold->count; i++) {
        const struct tally *tally = fold->tallies[i];
        size_t place = scope_find(kind, tally, name, 0);
        if (place != SIZE_MAX && kind == SCOPE_CHANGE)
            return churn_about(tally->churn, place, &fold->report->arena);
        if (place != SIZE_MAX)
            return harm_about(tally->harm, place, &fold->report->arena);
    }
    return NULL;
}

/* There may be a thousand pods, and nobody compares them one by one. */
static const double *report_keep_values(struct report_fold *fold, const char *scope,
                                        size_t metric)
{
    const char *pod = scope_words[SCOPE_POD];
    if (strncmp(scope, pod, strlen(pod)) == 0)
        return NULL;
    double *kept = arena_take(&fold->report->arena, fold->count, sizeof(*kept));
    return memcpy(kept, fold->values[metric], fold->count * sizeof(*kept));
}

/* The interval is that of its sections where it is one trace. */
static const char *report_add_sections(const struct report_fold *fold, size_t metric,
                                       struct interval *interval, unsigned *sections)
{
    if (fold->sections.set == NULL)
        return NULL;
    struct batch_interval found =
        batch_fold_interval(&fold->sections, metric, interval->value);
    *sections = found.sections;
    *interval = found.interval;
    if (interval->low < 0 && metric_row_at(metric)->rule != METRIC_SIGNED)
        interval->low = 0;
    return found.why;
}

static void report_add_metric(struct report_fold *fold, const char *scope, size_t metric)
{
    const struct metric_row *row = metric_row_at(metric);
    const double *values = report_keep_values(fold, scope, metric);
    struct interval interval = report_interval(fold, metric);
    unsigned sections = 0;
    const char *note = report_add_sections(fold, metric, &interval, &sections);
    bool is_void = fold->nothing != NULL && strcmp(row->metric.name, "requests") != 0;
    if (is_void)
        interval.value = interval.low = interval.high = NAN;
    if (is_void)
        note = fold->nothing;
    else if (row->rule == METRIC_PERCENTILE && report_is_thin(fold, metric))
        note = report_add_evidence(fold, metric, &interval);
    else if (strcmp(row->metric.name, "fault_episodes") == 0)
        note = report_about(fold, SCOPE_FAULT, scope);
    else if (!isfinite(interval.value))
        note = "no data";
    else if (strcmp(row->metric.name, "churn_keys") == 0)
        note = report_about(fold, SCOPE_CHANGE, scope);
    report_add(fold->report, (struct measure){
                                 .policy = fold->policy,
                                 .scope = scope,
                                 .metric = row->metric.name,
                                 .unit = row->metric.unit,
                                 .value = isfinite(interval.value) ? interval.value : NAN,
                                 .low = interval.low,
                                 .high = interval.high,
                                 .sections = isfinite(interval.low) ? sections : 0,
                                 .samples = metric_samples(row, &fold->pooled),
                                 .values = values,
                                 .value_count = values != NULL ? fold->count : 0,
                                 .note = note,
                             });
}

/* Rates and shares of no requests at all would look like figures. */
static const char *report_nothing_due(struct report_fold *fold)
{
    sim_time begin = SIM_NEVER, end = 0;
    char from[FIGURE_SIZE], to[FIGURE_SIZE], note[256];
    if (fold->pooled.requests > 0)
        return NULL;
    tally_window(fold->tallies[0], &begin, &end);
    figure_write(from, FIGURE_TIME, sim_seconds(begin));
    figure_write(to, FIGURE_TIME, sim_seconds(end));
    int size = begin < end ? snprintf(note, sizeof(note), "%s (from %s to %s)",
                                      REPORT_NOTHING_DUE, from, to)
                           : snprintf(note, sizeof(note), "%s", REPORT_NOTHING_DUE);
    return arena_copy_text(&fold->report->arena, note, (size_t)size);
}

/* Fills the part from replication `i`; empty where that does not know the name. */
static void report_fill(struct report_fold *fold, enum scope_kind kind, const char *name,
                        size_t i, size_t *place)
{
    const struct tally *tally = fold->tallies[i];
    if (kind != SCOPE_ALL)
        *place = scope_find(kind, tally, name, *place);
    summary_clear(&fold->part);
    if (*place != SIZE_MAX)
        summary_fill(&fold->part, kind, *place, tally, fold->loads[i]);
}

/* Goes over the replications one by one, so that only one part is in memory.  What it notes of
   each depends on the pass: first the values, then, as they need the pooled quantiles, the
   exceedances. */
static void report_pass(struct report_fold *fold, enum scope_kind kind, const char *name,
                        bool first)
{
    const struct metric_row *row;
    size_t place = 0;
    for (size_t i = 0; i < fold->count; i++) {
        report_fill(fold, kind, name, i, &place);
        if (first)
            summary_pool(&fold->pooled, &fold->part);
        for (size_t m = 0; (row = metric_row_at(m)) != NULL; m++)
            if ((row->scopes >> kind & 1) && first)
                fold->values[m][i] = row->value(row, &fold->part);
            else if ((row->scopes >> kind & 1) && row->rule == METRIC_PERCENTILE)
                fold->exceedances[m][i] =
                    histogram_beyond(metric_histogram(row, &fold->part),
                                     metric_histogram(row, &fold->pooled), row->p);
    }
}

static bool report_has_percentiles(enum scope_kind kind)
{
    const struct metric_row *row;
    for (size_t m = 0; (row = metric_row_at(m)) != NULL; m++)
        if (row->rule == METRIC_PERCENTILE && (row->scopes >> kind & 1))
            return true;
    return false;
}

/* Who has no cache is not told of hits, who has no health checks not of detection, nor who
   always has the same pods of what they cost. */
static bool report_is_told(const struct report_fold *fold, const struct metric_row *row)
{
    if (row->basis == BASIS_COST)
        return fold->pooled.load.varies;
    return !metric_is_optional(row) || metric_samples(row, &fold->pooled) > 0;
}

static bool report_is_equal(const double *values, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (values[i] != values[0] && !(isnan(values[i]) && isnan(values[0])))
            return false;
    return true;
}

/* Whether all replications are one, by the figures of all requests: there is only one, or they
   have nothing to differ by, as those of a replay that nothing is drawn for. */
static void report_open_sections(struct report_fold *fold)
{
    bool equal = fold->tallies[0]->batches != NULL;
    for (size_t m = 0; m < fold->metrics && equal; m++)
        equal = report_is_equal(fold->values[m], fold->count);
    batch_fold_open(&fold->sections, equal ? fold->tallies[0]->batches : NULL, fold->metrics,
                    &fold->arena);
}

/* The figures of one scope. */
static void report_add_scope(struct report_fold *fold, enum scope_kind kind,
                             const char *name)
{
    summary_clear(&fold->pooled);
    report_pass(fold, kind, name, true);
    if (report_has_percentiles(kind))
        report_pass(fold, kind, name, false);
    if (kind == SCOPE_ALL)
        fold->nothing = report_nothing_due(fold);
    if (kind == SCOPE_ALL)
        report_open_sections(fold);
    size_t place = kind == SCOPE_ALL ? 0 : scope_find(kind, fold->tallies[0], name, 0);
    if (fold->sections.set != NULL)
        batch_fold_turn(&fold->sections, kind, place, &fold->pooled, &fold->part);
    size_t word = strlen(scope_words[kind]), length = strlen(name);
    char *scope = arena_take(&fold->report->arena, word + length + 1, 1);
    memcpy(scope, scope_words[kind], word);
    memcpy(scope + word, name, length);
    const struct metric_row *row;
    for (size_t m = 0; (row = metric_row_at(m)) != NULL; m++)
        if ((row->scopes >> kind & 1) && report_is_told(fold, row))
            report_add_metric(fold, scope, m);
    bool some = fold->clients > 1 && fold->clients <= CURVE_CLIENTS_MAX;
    if (kind == SCOPE_ALL || (kind == SCOPE_CLIENT && some))
        report_keep_curve(fold->report, curve_of(&fold->pooled.law, fold->policy, scope,
                                                 &fold->report->arena));
    if (kind == SCOPE_WINDOW)
        report_add_heat(fold, name);
}

static void report_add_scopes(struct report_fold *fold, enum scope_kind kind)
{
    struct scope_list list = scope_list(kind, fold->tallies, fold->count, &fold->arena);
    if (list.crowded)
        fold->report->crowded |= 1u << kind;
    if (kind == SCOPE_CLIENT)
        fold->clients = list.count;
    for (size_t i = 0; i < list.count; i++)
        report_add_scope(fold, kind, list.names[i]);
}

static double **report_open_numbers(struct report_fold *fold)
{
    double **numbers = arena_take(&fold->arena, fold->metrics, sizeof(*numbers));
    for (size_t m = 0; m < fold->metrics; m++)
        numbers[m] = arena_take(&fold->arena, fold->count, sizeof(**numbers));
    return numbers;
}

static void report_open_fold(struct report_fold *fold)
{
    while (metric_row_at(fold->metrics) != NULL)
        fold->metrics++;
    fold->loads = arena_take(&fold->arena, fold->count, sizeof(*fold->loads));
    fold->values = report_open_numbers(fold);
    fold->exceedances = report_open_numbers(fold);
    for (size_t i = 0; i < fold->count; i++)
        fold->loads[i] = summary_loads(fold->tallies[i], &fold->arena);
    summary_init(&fold->part);
    summary_init(&fold->pooled);
}

static void report_close_fold(struct report_fold *fold)
{
    summary_free(&fold->part);
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
    if (report->fewest == 0 || replications < report->fewest)
        report->fewest = replications;
    fold.policy = arena_copy_text(&report->arena, policy, strlen(policy));
    for (size_t i = 0; i < replications; i++)
        tally_rows(tallies[i], NULL, 0); /* sees who joined after its last rows */
    report_open_fold(&fold);
    report_add_scope(&fold, SCOPE_ALL, "");
    for (enum scope_kind kind = SCOPE_CLIENT; kind < SCOPE_KIND_COUNT; kind++)
        report_add_scopes(&fold, kind);
    report_close_fold(&fold);
}

void report_join(struct report *report, struct report *other)
{
    for (size_t i = 0; i < other->count; i++)
        report_add(report, other->measures[i]);
    for (size_t i = 0; i < other->curve_count; i++)
        report_keep_curve(report, other->curves[i]);
    for (size_t i = 0; i < other->heat_count; i++)
        report_keep_heat(report, other->heats[i]);
    if (other->replications > report->replications)
        report->replications = other->replications;
    if (report->fewest == 0 || (other->fewest > 0 && other->fewest < report->fewest))
        report->fewest = other->fewest;
    report->crowded |= other->crowded;
    arena_join(&report->arena, &other->arena);
    report_free(other);
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

bool report_has_keys(const struct report *report)
{
    double most = 0;
    for (size_t i = 0; i < report->count; i++)
        if (strcmp(report->measures[i].metric, "churn_keys") == 0)
            most = fmax(most, report->measures[i].value);
    return most > 1 || most == 0; /* none at all is another matter */
}

void report_free(struct report *report)
{
    free(report->measures);
    free(report->curves);
    free(report->heats);
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
    case REPORT_HTML:
        render_html(report, heading, output);
        break;
    }
}
