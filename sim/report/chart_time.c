/* SPDX-License-Identifier: GPL-3.0-or-later
   What the windows of time have, in a panel for each metric over one axis of time, with faults
   and membership changes behind. */
#include "sim/report/chart_part.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct chart_time_panel {
    const char *metric, *label;
    enum figure figure;
    bool log;
    bool steady; /* shown even where it is always the same */
} chart_time_panels[] = {
    {"p99", "p99", FIGURE_TIME, true, true},
    {"p50", "p50", FIGURE_TIME, true, true},
    {"error_rate", "errors", FIGURE_PERCENT, false, true},
    {"in_flight", "in flight", FIGURE_COUNT, false, true},
    {"eligible", "eligible pods", FIGURE_COUNT, false, false},
};

#define CHART_TIME_LOG 5 /* largest over least from which on an axis is logarithmic */
static const char chart_time_word[] = "window ";

/* The duration that `text` begins with, in seconds; the end of it. */
static const char *chart_time_read(const char *text, double *seconds)
{
    static const struct {
        const char *name;
        double size;
    } units[] = {{"ns", 1e-9}, {"us", 1e-6}, {"ms", 1e-3}, {"s", 1},
                 {"m", 60},    {"h", 3600},  {"d", 86400}};
    char *end;
    *seconds = strtod(text, &end);
    for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
        size_t size = strlen(units[i].name);
        if (strncmp(end, units[i].name, size) != 0)
            continue;
        *seconds *= units[i].size;
        return end + size;
    }
    return end;
}

/* From and to of "window 10s..12s"; false for other scopes. */
static bool chart_time_window(const char *scope, double *from, double *to)
{
    size_t word = sizeof(chart_time_word) - 1;
    if (strncmp(scope, chart_time_word, word) != 0)
        return false;
    const char *end = chart_time_read(scope + word, from);
    if (strncmp(end, "..", 2) != 0)
        return false;
    return *chart_time_read(end + 2, to) == '\0' && *from < *to;
}

static void chart_time_fill_series(struct chart *chart, struct chart_series *series,
                                   const struct report *report, const char *metric)
{
    size_t room = 0;
    double from, to;
    for (size_t i = 0; i < report->count; i++)
        room += strcmp(report->measures[i].metric, metric) == 0;
    struct chart_point *points = arena_take(&chart->arena, room + 1, sizeof(*points));
    for (size_t i = 0; i < report->count; i++) {
        const struct measure *measure = &report->measures[i];
        if (strcmp(measure->metric, metric) != 0 ||
            strcmp(measure->policy, series->name) != 0 ||
            !chart_time_window(measure->scope, &from, &to))
            continue;
        points[series->count++] =
            (struct chart_point){from + (to - from) / 2, measure->value, NAN, NAN};
        chart_axis_meet(&chart->x, from);
        chart_axis_meet(&chart->x, to);
        chart_axis_meet(&chart->y[series->panel], measure->value);
    }
    series->points = points;
}

/* A panel for a metric that any window has; of errors none where there were none, of eligible
   pods none where they are always as many. */
static void chart_time_fill_panel(struct chart *chart, struct chart_series *series,
                                  const struct chart_source *source,
                                  const struct chart_time_panel *kind)
{
    struct chart_policies policies = chart_policies(source->report, &chart->arena);
    size_t panel = chart->panel_count, before = chart->series_count;
    struct chart_axis *axis = &chart->y[panel];
    chart_axis_open(axis, kind->label, kind->figure, kind->log);
    axis->steps = 4;
    for (size_t i = 0; i < policies.count; i++) {
        struct chart_series *one = &series[chart->series_count];
        *one = (struct chart_series){.name = policies.names[i], .panel = panel, .color = i};
        chart_time_fill_series(chart, one, source->report, kind->metric);
        chart->series_count += one->count > 0;
    }
    bool nothing = !(axis->high > 0) || (!kind->steady && !(axis->low < axis->high));
    if (!kind->log)
        chart_axis_meet(axis, 0);
    if (!nothing && kind->log)
        nothing = !(axis->low < INFINITY);
    if (!nothing && axis->log && axis->high < CHART_TIME_LOG * axis->low) {
        axis->log = false;
        chart_axis_meet(axis, 0);
    }
    if (nothing || !chart_axis_close(axis))
        chart->series_count = before;
    else
        chart->panel_count++;
}

void chart_time_shade(struct chart *chart, const struct report_facts *facts)
{
    if (facts == NULL || facts->span_count == 0)
        return;
    struct facts_span *spans = arena_take(&chart->arena, facts->span_count, sizeof(*spans));
    for (size_t i = 0; i < facts->span_count; i++) {
        struct facts_span span = facts->spans[i];
        bool always = span.from <= chart->x.low && span.to >= chart->x.high;
        if (always || span.to < chart->x.low || span.from > chart->x.high)
            continue;
        span.from = fmax(span.from, chart->x.low);
        span.to = fmin(span.to, chart->x.high);
        spans[chart->span_count++] = span;
    }
    chart->spans = spans;
}

void chart_time_fill(struct chart *chart, const struct chart_source *source)
{
    enum { PANELS = sizeof(chart_time_panels) / sizeof(*chart_time_panels) };
    struct chart_policies policies = chart_policies(source->report, &chart->arena);
    struct chart_series *series = chart_open_series(chart, policies.count * PANELS);
    chart->panel_count = 0;
    chart_axis_open(&chart->x, "simulated time at which requests were due", FIGURE_TIME, false);
    chart->x.steps = 8;
    for (size_t i = 0; i < PANELS; i++)
        chart_time_fill_panel(chart, series, source, &chart_time_panels[i]);
    chart->caption = "all replications pooled, by windows of time; no line where there is "
                     "too little evidence";
    if (chart->panel_count == 0 || !chart_axis_close(&chart->x)) {
        chart->empty = "no data: the result has no figures over time";
        return;
    }
    chart_time_shade(chart, source->heading->facts);
    chart_label_ends(chart);
}
