/* SPDX-License-Identifier: GPL-3.0-or-later
   Load of each pod, in a panel for each policy, against its fair share: of capacity the mean
   over all pods, of requests an even share. */
#include "sim/report/chart_part.h"
#include "sim/report/scope.h"

#include "sim/engine/check.h"

#include <math.h>
#include <string.h>

/* One of the two charts. */
struct chart_load {
    const char *metric, *jain; /* of a pod; of all */
    const char *fair;          /* metric of all that is the fair share; NULL: an even one */
    const char *label;
};

static bool chart_load_is_of_pod(const struct measure *measure, const char *metric)
{
    return strcmp(measure->metric, metric) == 0 &&
           strncmp(measure->scope, scope_words[SCOPE_POD], strlen(scope_words[SCOPE_POD])) == 0;
}

/* All pods that any policy had, in natural order. */
static void chart_load_list_pods(struct chart *chart, const struct report *report,
                                 const char *metric)
{
    size_t room = 0, count = 0;
    for (size_t i = 0; i < report->count; i++)
        room += chart_load_is_of_pod(&report->measures[i], metric);
    const char **rows = arena_take(&chart->arena, room + 1, sizeof(*rows));
    for (size_t i = 0; i < report->count; i++) {
        const struct measure *measure = &report->measures[i];
        if (!chart_load_is_of_pod(measure, metric))
            continue;
        const char *name = measure->scope + strlen(scope_words[SCOPE_POD]);
        size_t k = count;
        while (k > 0 && scope_compare(rows[k - 1], name) > 0)
            k--;
        if (k > 0 && strcmp(rows[k - 1], name) == 0)
            continue;
        memmove(rows + k + 1, rows + k, (count++ - k) * sizeof(*rows));
        rows[k] = name;
    }
    chart->rows = rows;
    chart->row_count = count;
}

static size_t chart_load_find(const struct chart *chart, const char *pod)
{
    size_t low = 0, high = chart->row_count;
    while (low + 1 < high) {
        size_t middle = low + (high - low) / 2;
        if (scope_compare(chart->rows[middle], pod) > 0)
            high = middle;
        else
            low = middle;
    }
    return low;
}

static double chart_load_value(const struct report *report, const char *policy,
                               const char *metric)
{
    const struct measure *measure = report_find(report, policy, "all", metric);
    return measure == NULL ? NAN : measure->value;
}

/* The columns of one policy. */
static void chart_load_fill_panel(struct chart *chart, struct chart_series *series,
                                  const struct report *report, const struct chart_load *load)
{
    struct chart_point *points =
        arena_take(&chart->arena, chart->row_count, sizeof(*points));
    size_t most = 0;
    for (size_t i = 0; i < report->count && series->count < chart->row_count; i++) {
        const struct measure *measure = &report->measures[i];
        if (!chart_load_is_of_pod(measure, load->metric) ||
            strcmp(measure->policy, series->name) != 0 || !isfinite(measure->value))
            continue;
        const char *name = measure->scope + strlen(scope_words[SCOPE_POD]);
        points[series->count] = (struct chart_point){
            measure->value, (double)chart_load_find(chart, name), NAN, NAN};
        most = measure->value > points[most].x ? series->count : most;
        series->count++;
    }
    double fair = load->fair ? chart_load_value(report, series->name, load->fair)
                             : 1 / (double)series->count;
    char jain[FIGURE_SIZE], times[FIGURE_SIZE];
    figure_write(jain, FIGURE_INDEX, chart_load_value(report, series->name, load->jain));
    figure_write(times, FIGURE_NUMBER, series->count > 0 ? points[most].x / fair : NAN);
    for (size_t i = 0; i < series->count; i++) {
        points[i].low = fair;
        chart_axis_meet(&chart->y[series->panel], points[i].x);
    }
    chart_axis_meet(&chart->y[series->panel], fair);
    series->points = points;
    if (series->count > 0)
        chart->panels[series->panel] =
            chart_format(chart, "%s: Jain %s, most at %s (%s times its fair share)", series->name,
                         jain, chart->rows[(size_t)points[most].y], times);
}

/* All panels on one scale. */
static void chart_load_close_axes(struct chart *chart)
{
    double high = 0;
    for (size_t i = 0; i < chart->panel_count; i++)
        high = fmax(high, chart->y[i].high);
    for (size_t i = 0; i < chart->panel_count; i++) {
        chart_axis_meet(&chart->y[i], 0);
        chart_axis_meet(&chart->y[i], high);
        chart_axis_close(&chart->y[i]);
    }
}

static void chart_load_fill(struct chart *chart, const struct chart_source *source,
                            const struct chart_load *load)
{
    const struct report *report = source->report;
    struct chart_policies policies = chart_policies(report, &chart->arena);
    size_t panels = policies.count < CHART_PANELS_MAX ? policies.count : CHART_PANELS_MAX;
    struct chart_series *series = chart_open_series(chart, panels);
    chart_load_list_pods(chart, report, load->metric);
    size_t columns = 0;
    for (size_t i = 0; i < panels; i++) {
        chart_axis_open(&chart->y[i], load->label, FIGURE_PERCENT, false);
        chart->y[i].steps = 3;
        series[i] = (struct chart_series){.name = policies.names[i], .panel = i, .color = i};
        chart_load_fill_panel(chart, &series[i], report, load);
        columns += series[i].count;
    }
    chart->series_count = chart->panel_count = panels;
    chart_axis_open(&chart->x, "pod", FIGURE_NUMBER, false);
    chart_load_close_axes(chart);
    if (columns == 0)
        chart->empty = "no data: the result has no figures per pod";
    chart->caption = chart_format(chart, "dashed: fair share%s",
                                  panels < policies.count ? "; the first 12 policies" : "");
}

void chart_load_fill_busy(struct chart *chart, const struct chart_source *source)
{
    chart_load_fill(chart, source, &(struct chart_load){"utilisation", "jain_utilisation",
                                                        "utilisation", "busy"});
}

void chart_load_fill_requests(struct chart *chart, const struct chart_source *source)
{
    chart_load_fill(chart, source,
                    &(struct chart_load){"share", "jain_requests", NULL, "of attempts"});
}
