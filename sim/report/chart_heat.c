/* SPDX-License-Identifier: GPL-3.0-or-later
   Requests by window and latency, in a panel for each policy, all with the same axes and
   colours.  Bands of latency are put together until a panel has few enough cells. */
#include "sim/report/chart_part.h"

#include "sim/engine/check.h"

#include <math.h>
#include <string.h>

/* The share of all requests, the fastest ones, that may stand higher than they are, in the
   lowest row: stray ones would take half of the picture. */
#define CHART_HEAT_BELOW 0.001

enum { CHART_HEAT_PANELS_MAX = 6, CHART_HEAT_ROWS_MAX = 40, CHART_HEAT_CELLS_MAX = 2000 };

/* The grid that all panels share. */
struct chart_heat {
    const struct report *report;
    double from, width; /* s, of the first window */
    size_t columns, rows;
    size_t first;   /* band of the lowest row */
    size_t bands;   /* in a row */
};

/* The bands that rows are made of; their number, 0: there is no request. */
static size_t chart_heat_bands(struct chart_heat *grid)
{
    double sums[HEAT_BANDS] = {0}, all = 0, below = 0;
    size_t last = 0;
    for (size_t i = 0; i < grid->report->heat_count; i++) {
        const struct heat *heat = &grid->report->heats[i];
        for (size_t k = 0; k < heat->count; k++) {
            sums[heat->first + k] += (double)heat->counts[k];
            all += (double)heat->counts[k];
            if (heat->counts[k] > 0 && heat->first + k > last)
                last = heat->first + k;
        }
    }
    for (grid->first = 0; grid->first < last; grid->first++) {
        below += sums[grid->first];
        if (below > CHART_HEAT_BELOW * all)
            break;
    }
    return all > 0 ? last + 1 - grid->first : 0;
}

static void chart_heat_span(struct chart_heat *grid)
{
    double from = INFINITY, to = -INFINITY;
    for (size_t i = 0; i < grid->report->heat_count; i++) {
        const struct heat *heat = &grid->report->heats[i];
        from = fmin(from, heat->from);
        to = fmax(to, heat->to);
        grid->width = fmax(grid->width, heat->to - heat->from); /* the last one may be cut */
    }
    size_t bands = chart_heat_bands(grid);
    if (bands == 0)
        return;
    grid->from = from;
    grid->columns = (size_t)ceil((to - from) / grid->width - 1e-6);
    for (grid->bands = 1;; grid->bands *= 2) {
        grid->rows = (bands - 1) / grid->bands + 1;
        if (grid->rows == 1 || (grid->rows <= CHART_HEAT_ROWS_MAX &&
                                grid->rows * grid->columns <= CHART_HEAT_CELLS_MAX))
            return;
    }
}

/* The cells of a policy as numbers of requests. */
static double *chart_heat_count(const struct chart_heat *grid, const char *policy,
                                struct arena *arena)
{
    double *counts = arena_take(arena, grid->columns * grid->rows, sizeof(*counts));
    for (size_t i = 0; i < grid->report->heat_count; i++) {
        const struct heat *heat = &grid->report->heats[i];
        if (strcmp(heat->policy, policy) != 0)
            continue;
        size_t column = (size_t)((heat->from - grid->from) / grid->width + 0.5);
        for (size_t k = 0; k < heat->count && column < grid->columns; k++) {
            size_t band = heat->first + k;
            size_t row = band > grid->first ? (band - grid->first) / grid->bands : 0;
            if (heat->counts[k] > 0)
                counts[row * grid->columns + column] += (double)heat->counts[k];
        }
    }
    return counts;
}

static void chart_heat_fill_panel(struct chart *chart, const struct chart_heat *grid,
                                  struct chart_series *series)
{
    size_t cells = grid->columns * grid->rows;
    const struct chart_axis *y = &chart->y[series->panel];
    struct chart_point *points = arena_take(&chart->arena, cells, sizeof(*points));
    const double *counts = chart_heat_count(grid, series->name, &chart->arena);
    for (size_t i = 0; i < cells; i++) {
        size_t column = i % grid->columns, row = i / grid->columns;
        points[i] = (struct chart_point){
            .x = grid->from + ((double)column + 0.5) * grid->width,
            .y = chart_axis_value(y, ((double)row + 0.5) / (double)grid->rows),
            .low = counts[i] > 0 ? counts[i] : NAN,
            .high = NAN,
        };
        chart_axis_meet(&chart->z, points[i].low);
    }
    series->points = points;
    series->count = cells;
}

/* Ticks where they would be, but the range is that of the cells. */
static void chart_heat_close_axis(struct chart_axis *axis, double low, double high)
{
    size_t kept = 0;
    chart_axis_meet(axis, low);
    chart_axis_meet(axis, high);
    chart_axis_close(axis);
    for (size_t i = 0; i < axis->tick_count; i++)
        if (axis->ticks[i].at >= low * (1 - 1e-9) && axis->ticks[i].at <= high * (1 + 1e-9))
            axis->ticks[kept++] = axis->ticks[i];
    axis->tick_count = kept;
    axis->low = low;
    axis->high = high;
}

static void chart_heat_open_axes(struct chart *chart, const struct chart_heat *grid)
{
    chart_axis_open(&chart->x, "simulated time at which requests were due", FIGURE_TIME, false);
    chart->x.steps = 8;
    chart_heat_close_axis(&chart->x, grid->from,
                          grid->from + (double)grid->columns * grid->width);
    for (size_t i = 0; i < chart->panel_count; i++) {
        chart_axis_open(&chart->y[i], "latency", FIGURE_TIME, true);
        chart_heat_close_axis(&chart->y[i], heat_edge(grid->first),
                              heat_edge(grid->first + grid->rows * grid->bands));
    }
    chart_axis_open(&chart->z, "requests", FIGURE_COUNT, true);
    chart_axis_meet(&chart->z, 1);
}

void chart_heat_fill(struct chart *chart, const struct chart_source *source)
{
    struct chart_policies policies = chart_policies(source->report, &chart->arena);
    struct chart_heat grid = {.report = source->report};
    size_t panels =
        policies.count < CHART_HEAT_PANELS_MAX ? policies.count : CHART_HEAT_PANELS_MAX;
    chart_heat_span(&grid);
    chart->caption =
        chart_format(chart, "all replications pooled; requests answered or timed out, the fastest "
                     "0.1 %% in the lowest row%s",
                     panels < policies.count ? "; the first 6 policies" : "");
    chart->empty = "no data: the result has no heatmap.csv, or no latency";
    if (grid.rows == 0 || panels == 0)
        return;
    chart->empty = NULL;
    struct chart_series *series = chart_open_series(chart, panels);
    chart->series_count = chart->panel_count = panels;
    chart->columns = grid.columns;
    chart_heat_open_axes(chart, &grid);
    for (size_t i = 0; i < panels; i++) {
        series[i] = (struct chart_series){.name = policies.names[i], .panel = i, .color = i,
                                          .label_x = NAN, .label_y = NAN};
        chart->panels[i] = chart_policy_title(chart, source, policies.names[i]);
        chart_heat_fill_panel(chart, &grid, &series[i]);
    }
    chart_heat_close_axis(&chart->z, 1, fmax(chart->z.high, 2));
    chart_time_shade(chart, source->heading->facts);
}
