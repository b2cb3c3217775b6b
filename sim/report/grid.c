/* SPDX-License-Identifier: GPL-3.0-or-later
   Rows of the tables are cells, columns are policies: a row reads as one comparison on the
   same requests, a column as the curve of one policy. */
#include "sim/report/grid.h"

#include "sim/config/json.h"
#include "sim/report/figure.h"
#include "sim/report/metric_find.h"
#include "sim/report/quantity.h"
#include "sim/report/render.h"
#include "sim/report/table.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GRID_TITLE_SIZE = 1024 };

/* What the tables show, in this order; error rates only where there are errors. */
static const char *const grid_metrics[] = {"p99", "mean", "error_rate"};

struct grid_view {
    const struct grid *grid;
    enum table_style style;
    struct output *output;
    const char **policies; /* of any cell, each once */
    size_t policy_count;
};

const char *grid_value(const struct grid_axis *axes, size_t axis_count, size_t cell,
                       size_t axis)
{
    for (size_t i = axis_count; i > axis + 1; i--)
        cell /= axes[i - 1].count;
    return axes[axis].values[cell % axes[axis].count];
}

void grid_title(const struct grid *grid, size_t cell, char *to, size_t size)
{
    size_t used = 0;
    to[0] = '\0';
    for (size_t i = 0; i < grid->axis_count && used < size; i++) {
        const char *value = grid_value(grid->axes, grid->axis_count, cell, i);
        used += (size_t)snprintf(to + used, size - used, "%s%s=%s", i > 0 ? ", " : "",
                                 grid->axes[i].name, value);
    }
}

static bool grid_has_policy(const struct grid_view *view, const char *policy)
{
    for (size_t i = view->policy_count; i > 0; i--)
        if (strcmp(view->policies[i - 1], policy) == 0)
            return true;
    return false;
}

/* In the order in which they are met. */
static void grid_list_policies(struct grid_view *view, struct arena *arena)
{
    size_t room = 1;
    for (size_t i = 0; i < view->grid->cell_count; i++)
        for (size_t k = 0; k < view->grid->cells[i].report->count; k++)
            room += strcmp(view->grid->cells[i].report->measures[k].metric, "requests") == 0;
    view->policies = arena_take(arena, room, sizeof(*view->policies));
    for (size_t i = 0; i < view->grid->cell_count; i++) {
        const struct report *report = view->grid->cells[i].report;
        for (size_t k = 0; k < report->count; k++)
            if (!grid_has_policy(view, report->measures[k].policy))
                view->policies[view->policy_count++] = report->measures[k].policy;
    }
}

static bool grid_is_worth_a_table(const struct grid_view *view, const char *metric)
{
    for (size_t i = 0; i < view->grid->cell_count; i++)
        for (size_t p = 0; p < view->policy_count; p++) {
            const struct measure *measure = report_find(
                view->grid->cells[i].report, view->policies[p], "all", metric);
            if (measure != NULL && measure->value > 0)
                return true;
        }
    return false;
}

static void grid_add_measure(struct table *table, const struct measure *measure)
{
    char text[QUANTITY_SIZE] = "-", half[FIGURE_SIZE] = "";
    if (measure != NULL) {
        quantity_write(text, quantity_unit(measure), measure->value);
        figure_write_half(half, measure->value, measure->high);
    }
    table_add(table, text, half);
}

static void grid_add_row(const struct grid_view *view, struct table *table,
                         const char *metric, size_t cell)
{
    const struct grid *grid = view->grid;
    char load[FIGURE_SIZE];
    for (size_t i = 0; i < grid->axis_count; i++)
        table_add(table, grid_value(grid->axes, grid->axis_count, cell, i), "");
    figure_write(load, FIGURE_PERCENT, grid->cells[cell].load);
    table_add(table, load, "");
    for (size_t i = 0; i < view->policy_count; i++)
        grid_add_measure(table, report_find(grid->cells[cell].report, view->policies[i], "all",
                                            metric));
}

static void grid_print_table(const struct grid_view *view, const char *metric)
{
    const struct grid *grid = view->grid;
    bool markdown = view->style == TABLE_MARKDOWN;
    struct table table = {.columns = grid->axis_count + 1 + view->policy_count,
                          .labels = grid->axis_count};
    output_text(view->output, markdown ? "#### " : "");
    output_format(view->output, "%s by ", metric);
    for (size_t i = 0; i < grid->axis_count; i++) {
        output_text(view->output, i > 0 ? ", " : "");
        table_print_text(grid->axes[i].path, view->style, view->output);
        table_add(&table, grid->axes[i].name, "");
    }
    output_text(view->output, markdown ? "\n\n" : "\n");
    table_add(&table, "load", "");
    for (size_t i = 0; i < view->policy_count; i++)
        table_add(&table, view->policies[i], "");
    for (size_t i = 0; i < grid->cell_count; i++)
        grid_add_row(view, &table, metric, i);
    table_print(&table, view->style, view->output);
    table_free(&table);
}

/* Whether a percentile is missing somewhere for want of evidence. */
static bool grid_is_thin(const struct grid_view *view)
{
    for (size_t i = 0; i < view->grid->cell_count; i++)
        for (size_t p = 0; p < view->policy_count; p++) {
            const struct measure *measure = report_find(
                view->grid->cells[i].report, view->policies[p], "all", grid_metrics[0]);
            if (measure != NULL && !isfinite(measure->value))
                return true;
        }
    return false;
}

static void grid_print_notes(const struct grid_view *view)
{
    char title[GRID_TITLE_SIZE];
    if (grid_is_thin(view)) {
        output_text(view->output, table_bullet(view->style));
        output_text(view->output, "-: the evidence is too thin; a longer --duration or more "
                                  "--replications helps\n");
    }
    for (size_t i = 0; i < view->grid->cell_count; i++)
        for (size_t k = 0; view->grid->cells[i].notes[k] != NULL; k++) {
            grid_title(view->grid, i, title, sizeof(title));
            output_text(view->output, table_bullet(view->style));
            table_print_text(title, view->style, view->output);
            output_text(view->output, ": ");
            table_print_text(view->grid->cells[i].notes[k], view->style, view->output);
            output_text(view->output, "\n");
        }
}

/* "6 cells, 10 to 35 replications, seed 1". */
static void grid_print_sizes(const struct grid_view *view)
{
    const struct grid *grid = view->grid;
    size_t least = SIZE_MAX, most = 0;
    for (size_t i = 0; i < grid->cell_count; i++) {
        const struct report *report = grid->cells[i].report;
        least = report->fewest < least ? report->fewest : least;
        most = report->replications > most ? report->replications : most;
    }
    output_format(view->output, "%zu cell%s, ", grid->cell_count,
                  grid->cell_count == 1 ? "" : "s");
    if (least < most)
        output_format(view->output, "%zu to ", least);
    output_format(view->output, "%zu replication%s, seed %" PRIu64 "%s\n\n", most,
                  most == 1 ? "" : "s", grid->seed,
                  grid->partial ? "; partial: the sweep was stopped early" : "");
}

static void grid_print(const struct grid_view *view)
{
    const struct grid *grid = view->grid;
    bool markdown = view->style == TABLE_MARKDOWN;
    output_text(view->output, markdown ? "### " : "");
    table_print_text(grid->scenario, view->style, view->output);
    if (grid->summary != NULL && grid->summary[0] != '\0') {
        output_text(view->output, markdown ? "\n\n" : ": ");
        table_print_text(grid->summary, view->style, view->output);
    }
    output_text(view->output, markdown ? "\n\n" : "\n");
    grid_print_sizes(view);
    for (size_t i = 0; i < sizeof(grid_metrics) / sizeof(*grid_metrics); i++)
        if (grid_is_worth_a_table(view, grid_metrics[i])) {
            grid_print_table(view, grid_metrics[i]);
            output_text(view->output, "\n");
        }
    grid_print_notes(view);
}

/* There may be thousands of pods; their figures are in the cell's own folder. */
static bool grid_is_listed(const struct measure *measure)
{
    const char *pod = scope_words[SCOPE_POD];
    return strncmp(measure->scope, pod, strlen(pod)) != 0;
}

static void grid_write_line(const struct grid *grid, size_t cell,
                            const struct measure *measure, struct output *output)
{
    const char *const subject[] = {grid->scenario, measure->policy};
    const char *const texts[] = {measure->scope, measure->metric, measure->unit};
    const double numbers[] = {measure->value, measure->low, measure->high};
    render_csv_texts(output, subject, sizeof(subject) / sizeof(*subject));
    for (size_t i = 0; i < grid->axis_count; i++) {
        const char *value = grid_value(grid->axes, grid->axis_count, cell, i);
        render_csv_texts(output, &value, 1);
    }
    render_csv_numbers(output, &grid->cells[cell].load, 1);
    render_csv_texts(output, texts, sizeof(texts) / sizeof(*texts));
    render_csv_numbers(output, numbers, sizeof(numbers) / sizeof(*numbers));
    output_unsigned(output, measure->samples);
    output_text(output, "\n");
}

static void grid_write_csv(const struct grid *grid, struct output *output)
{
    output_text(output, "scenario,policy");
    for (size_t i = 0; i < grid->axis_count; i++) {
        output_text(output, ",");
        render_csv_text(output, grid->axes[i].path);
    }
    output_text(output, ",load,scope,metric,unit,value,low,high,samples\n");
    for (size_t i = 0; i < grid->cell_count; i++)
        for (size_t k = 0; k < grid->cells[i].report->count; k++)
            if (grid_is_listed(&grid->cells[i].report->measures[k]))
                grid_write_line(grid, i, &grid->cells[i].report->measures[k], output);
}

static void grid_write_cell(struct json *json, const struct grid *grid, size_t cell)
{
    const struct report *report = grid->cells[cell].report;
    json_map_open(json, NULL);
    json_double(json, "load", grid->cells[cell].load);
    json_list_open(json, "measures");
    for (size_t i = 0; i < report->count; i++)
        if (grid_is_listed(&report->measures[i]))
            render_json_measure(json, &report->measures[i]);
    json_list_close(json);
    json_list_open(json, "notes");
    for (size_t i = 0; grid->cells[cell].notes[i] != NULL; i++)
        json_text(json, NULL, grid->cells[cell].notes[i]);
    json_list_close(json);
    json_list_open(json, "values");
    for (size_t i = 0; i < grid->axis_count; i++)
        json_text(json, NULL, grid_value(grid->axes, grid->axis_count, cell, i));
    json_list_close(json);
    json_map_close(json);
}

static void grid_write_json(const struct grid *grid, struct output *output)
{
    struct json json = {.output = output};
    json_map_open(&json, NULL);
    json_list_open(&json, "cells");
    for (size_t i = 0; i < grid->cell_count; i++)
        grid_write_cell(&json, grid, i);
    json_list_close(&json);
    json_bool(&json, "partial", grid->partial);
    json_list_open(&json, "paths");
    for (size_t i = 0; i < grid->axis_count; i++)
        json_text(&json, NULL, grid->axes[i].path);
    json_list_close(&json);
    json_text(&json, "scenario", grid->scenario);
    json_text(&json, "schema", "lbsim.sweep/1");
    json_unsigned(&json, "seed", grid->seed);
    json_text(&json, "version", grid->version);
    json_map_close(&json);
}

void grid_render(const struct grid *grid, enum report_format format, bool color,
                 struct output *output)
{
    struct arena arena = {0};
    struct grid_view view = {
        .grid = grid, .style = color ? TABLE_COLOR : TABLE_PLAIN, .output = output};
    if (format == REPORT_MARKDOWN)
        view.style = TABLE_MARKDOWN;
    if (format == REPORT_CSV) {
        grid_write_csv(grid, output);
    } else if (format == REPORT_JSON) {
        grid_write_json(grid, output);
    } else {
        grid_list_policies(&view, &arena);
        grid_print(&view);
    }
    arena_free(&arena);
}
