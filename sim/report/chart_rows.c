/* SPDX-License-Identifier: GPL-3.0-or-later
   Charts with a row for each policy: estimates with their intervals, the parts of the mean
   latency, keys moved by membership changes. */
#include "sim/report/chart_part.h"
#include "sim/report/scope.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define CHART_ROWS_LOG 8 /* largest over least from which on an axis is logarithmic */

/* Rows on their way: each belongs to the series of a policy. */
struct chart_rows {
    struct chart_policies policies;
    const char **names, **notes;
    struct chart_point *points;
};

static struct chart_rows chart_rows_open(struct chart *chart, const struct report *report)
{
    struct chart_rows rows = {
        chart_policies(report, &chart->arena),
        arena_take(&chart->arena, CHART_ROWS_MAX, sizeof(char *)),
        arena_take(&chart->arena, CHART_ROWS_MAX, sizeof(char *)),
        arena_take(&chart->arena, CHART_ROWS_MAX, sizeof(struct chart_point)),
    };
    chart->rows = rows.names;
    chart->notes = rows.notes;
    chart_open_series(chart, CHART_ROWS_MAX);
    return rows;
}

/* Adds a row as a series of its own, in the colour of its policy. */
static void chart_rows_add(struct chart *chart, struct chart_rows *rows, const char *policy,
                           struct chart_point point)
{
    size_t row = chart->row_count++;
    point.y = (double)row;
    rows->points[row] = point;
    chart->series[chart->series_count++] =
        (struct chart_series){.name = policy,
                              .points = &rows->points[row],
                              .count = 1,
                              .color = chart_policy(&rows->policies, policy)};
    chart_axis_meet(&chart->x, point.x);
    chart_axis_meet(&chart->x, point.low);
    chart_axis_meet(&chart->x, point.high);
}

/* The p99 of all policies that have one, the lowest first; their number. */
static size_t chart_rows_sort(const struct report *report, const struct measure **sorted)
{
    size_t count = 0;
    for (size_t i = 0; i < report->count && count < CHART_ROWS_MAX; i++) {
        const struct measure *measure = &report->measures[i];
        if (strcmp(measure->metric, "p99") != 0 || strcmp(measure->scope, "all") != 0 ||
            !isfinite(measure->value))
            continue;
        size_t k = count++;
        for (; k > 0 && sorted[k - 1]->value > measure->value; k--)
            sorted[k] = sorted[k - 1];
        sorted[k] = measure;
    }
    return count;
}

void chart_rows_fill_p99(struct chart *chart, const struct chart_source *source)
{
    const struct measure *sorted[CHART_ROWS_MAX];
    struct chart_rows rows = chart_rows_open(chart, source->report);
    size_t count = chart_rows_sort(source->report, sorted);
    chart->caption = "Student's t over the replications";
    if (count == 0) {
        chart->empty = "no data: no policy has enough evidence for a p99";
        return;
    }
    bool log = sorted[count - 1]->value > CHART_ROWS_LOG * sorted[0]->value;
    chart_axis_open(&chart->x, "p99 of the latency", FIGURE_TIME, log);
    for (size_t i = 0; i < count; i++) {
        const struct measure *measure = sorted[i];
        char value[FIGURE_SIZE], half[FIGURE_SIZE] = "";
        figure_write(value, FIGURE_TIME, measure->value);
        figure_write_half(half, measure->value, measure->high);
        rows.names[i] = chart_policy_title(chart, source, measure->policy);
        rows.notes[i] = chart_format(chart, "%s%s%s", value, half[0] ? " " : "", half);
        chart_rows_add(chart, &rows, measure->policy,
                       (struct chart_point){measure->value, 0, measure->low, measure->high});
    }
    chart_axis_close(&chart->x);
}

/* One part of all policies; false where it is nothing everywhere. */
static bool chart_rows_fill_part(struct chart *chart, struct chart_series *series,
                                 const struct report *report, const char *metric)
{
    struct chart_point *points =
        arena_take(&chart->arena, chart->row_count, sizeof(*points));
    bool any = false;
    for (size_t i = 0; i < chart->row_count; i++) {
        const struct measure *measure = report_find(report, chart->rows[i], "all", metric);
        double value = measure != NULL && isfinite(measure->value) ? measure->value : 0;
        points[i] = (struct chart_point){value, (double)i, NAN, NAN};
        any |= value > 0;
    }
    series->points = points;
    series->count = chart->row_count;
    return any;
}

void chart_rows_fill_parts(struct chart *chart, const struct chart_source *source)
{
    static const char *const parts[][2] = {{"client", "client_time"},
                                           {"network", "network_time"},
                                           {"balancer", "balancer_time"},
                                           {"queue", "queue_time"},
                                           {"service", "service_time"}};
    enum { PARTS = sizeof(parts) / sizeof(*parts) };
    const struct report *report = source->report;
    struct chart_policies policies = chart_policies(report, &chart->arena);
    struct chart_series *series = chart_open_series(chart, PARTS);
    chart->rows = policies.names;
    chart->row_count = policies.count < CHART_ROWS_MAX ? policies.count : CHART_ROWS_MAX;
    for (size_t i = 0; i < PARTS; i++) {
        struct chart_series *part = &series[chart->series_count];
        *part = (struct chart_series){.name = parts[i][0], .color = i};
        chart->series_count += chart_rows_fill_part(chart, part, report, parts[i][1]);
    }
    chart_axis_open(&chart->x, "mean latency", FIGURE_TIME, false);
    chart_axis_meet(&chart->x, 0);
    const char **notes = arena_take(&chart->arena, chart->row_count + 1, sizeof(*notes));
    for (size_t row = 0; row < chart->row_count; row++) {
        char text[FIGURE_SIZE];
        double sum = 0;
        for (size_t i = 0; i < chart->series_count; i++)
            sum += series[i].points[row].x;
        figure_write(text, FIGURE_TIME, sum);
        notes[row] = chart_format(chart, "%s", text);
        chart_axis_meet(&chart->x, sum);
    }
    chart->notes = notes;
    chart->empty = chart->series_count > 0 ? NULL : "no data: no latency was measured";
    chart_axis_close(&chart->x);
}

/* The names of all changes in the order of the report; their number. */
static size_t chart_rows_list_changes(const struct report *report, const char **names)
{
    size_t count = 0;
    for (size_t i = 0; i < report->count && count < CHART_ROWS_MAX; i++) {
        const struct measure *measure = &report->measures[i];
        if (strcmp(measure->metric, "churn_moved") != 0)
            continue;
        size_t k = 0;
        while (k < count && strcmp(names[k], measure->scope) != 0)
            k++;
        if (k == count)
            names[count++] = measure->scope;
    }
    return count;
}

static void chart_rows_add_change(struct chart *chart, struct chart_rows *rows,
                                  const struct measure *moved, const struct measure *least,
                                  bool alone)
{
    char texts[2][FIGURE_SIZE];
    double must = least != NULL ? least->value : NAN;
    figure_write(texts[0], FIGURE_PERCENT, moved->value);
    figure_write(texts[1], FIGURE_PERCENT, must);
    rows->names[chart->row_count] =
        alone ? moved->policy : chart_format(chart, "%s: %s", moved->scope, moved->policy);
    rows->notes[chart->row_count] = chart_format(chart, "%s, least %s", texts[0], texts[1]);
    chart_rows_add(chart, rows, moved->policy,
                   (struct chart_point){moved->value, 0, must, NAN});
}

void chart_rows_fill_churn(struct chart *chart, const struct chart_source *source)
{
    const struct report *report = source->report;
    const char *changes[CHART_ROWS_MAX];
    struct chart_rows rows = chart_rows_open(chart, report);
    size_t count = chart_rows_list_changes(report, changes);
    chart_axis_open(&chart->x, "keys moved", FIGURE_PERCENT, false);
    chart_axis_meet(&chart->x, 0);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < rows.policies.count; k++) {
            const char *policy = rows.policies.names[k];
            const struct measure *moved =
                report_find(report, policy, changes[i], "churn_moved");
            if (moved != NULL && isfinite(moved->value) && chart->row_count < CHART_ROWS_MAX)
                chart_rows_add_change(chart, &rows, moved,
                                      report_find(report, policy, changes[i], "churn_least"),
                                      count == 1);
        }
    if (chart->row_count == 0)
        chart->empty = "no data: no membership change was measured";
    else if (!report_has_keys(report))
        chart->empty = "no data: requests have no keys, or all the same";
    chart->caption = "bar: moved; tick: the least that had to move";
    chart_axis_close(&chart->x);
}
