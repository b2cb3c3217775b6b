/* SPDX-License-Identifier: GPL-3.0-or-later
   The truth lies between both ends; what lies between them could not be decided, or is
   narrower than was asked for. */
#include "sim/report/capacity_render.h"

#include "sim/config/json.h"
#include "sim/report/capacity_gate.h"
#include "sim/report/figure.h"
#include "sim/report/quantity.h"
#include "sim/report/render.h"
#include "sim/report/table.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

struct capacity_view {
    const struct capacity_table *table;
    enum table_style style;
    struct output *output;
};

void capacity_render_value(char *to, const char *unit, double value)
{
    bool is_rate = strcmp(unit, "1/s") == 0;
    if (strcmp(unit, "s") == 0 || strcmp(unit, "ratio") == 0 || value >= 1e6)
        quantity_write(to, unit, value);
    else if (value == round(value) || value >= 1000)
        snprintf(to, QUANTITY_SIZE, "%.0f%s", value, is_rate ? "/s" : "");
    else
        snprintf(to, QUANTITY_SIZE, "%.4g%s", value, is_rate ? "/s" : "");
}

static void capacity_render_end(struct table *table, const struct capacity_end *end,
                                const char *unit)
{
    char text[QUANTITY_SIZE] = "-", half[FIGURE_SIZE] = "";
    if (!end->is_known) {
        for (int i = 0; i < 3; i++)
            table_add(table, "-", "");
        return;
    }
    capacity_render_value(text, unit, end->value);
    table_add(table, text, "");
    figure_write(text, FIGURE_PERCENT, end->load);
    table_add(table, text, "");
    quantity_write(text, quantity_unit(&end->measure), end->measure.value);
    figure_write_half(half, end->measure.value, end->measure.high);
    table_add(table, text, half);
}

static void capacity_render_line(const struct capacity_view *view, const char *line,
                                 bool *begun)
{
    output_text(view->output, *begun ? "" : "\n");
    output_text(view->output, table_bullet(view->style));
    table_print_text(line, view->style, view->output);
    output_text(view->output, "\n");
    *begun = true;
}

static void capacity_render_lines(const struct capacity_view *view)
{
    const struct capacity_table *table = view->table;
    char line[1024];
    bool begun = false;
    for (size_t i = 0; i < table->count; i++) {
        const struct capacity_row *row = &table->rows[i];
        if (row->note == NULL)
            continue;
        snprintf(line, sizeof(line), "%s: %s", row->policy, row->note);
        capacity_render_line(view, line, &begun);
    }
    for (size_t i = 0; table->notes[i] != NULL; i++)
        capacity_render_line(view, table->notes[i], &begun);
}

static void capacity_render_people(const struct capacity_view *view)
{
    const struct capacity_table *found = view->table;
    const char *metric = found->slo->left.metric->metric.name;
    const char *const heads[] = {"policy", found->is_least ? "holds with" : "holds up to",
                                 "load", metric, found->is_least ? "fails with" : "fails from",
                                 "load", metric};
    struct table table = {.columns = sizeof(heads) / sizeof(*heads), .labels = 1};
    char line[1024];
    output_text(view->output, view->style == TABLE_MARKDOWN ? "### " : "");
    snprintf(line, sizeof(line), "%s: %s %s at which %s", found->scenario,
             found->is_least ? "least" : "highest", found->by, found->slo->text);
    table_print_text(line, view->style, view->output);
    output_text(view->output, "\n\n");
    for (size_t i = 0; i < table.columns; i++)
        table_add(&table, heads[i], "");
    for (size_t i = 0; i < found->count; i++) {
        table_add(&table, found->rows[i].policy, "");
        capacity_render_end(&table, &found->rows[i].holds, found->unit);
        capacity_render_end(&table, &found->rows[i].fails, found->unit);
    }
    table_print(&table, view->style, view->output);
    capacity_render_lines(view);
    table_free(&table);
}

static void capacity_render_side(struct json *json, const char *key,
                                 const struct capacity_end *end)
{
    if (!end->is_known) {
        json_text(json, key, NULL);
        return;
    }
    json_map_open(json, key);
    json_double(json, "factor", end->factor);
    json_double(json, "load", end->load);
    json_double(json, "metric_high", end->measure.high);
    json_double(json, "metric_low", end->measure.low);
    json_double(json, "metric_value", end->measure.value);
    json_double(json, "value", end->value);
    json_map_close(json);
}

static void capacity_render_json(const struct capacity_view *view)
{
    const struct capacity_table *table = view->table;
    struct json json = {.output = view->output};
    json_map_open(&json, NULL);
    json_text(&json, "by", table->by);
    json_double(&json, "gate", table->gate > 0 ? table->gate : NAN);
    json_list_open(&json, "notes");
    for (size_t i = 0; table->notes[i] != NULL; i++)
        json_text(&json, NULL, table->notes[i]);
    json_list_close(&json);
    json_list_open(&json, "policies");
    for (size_t i = 0; i < table->count; i++) {
        const struct capacity_row *row = &table->rows[i];
        json_map_open(&json, NULL);
        capacity_render_side(&json, "fails", &row->fails);
        capacity_render_side(&json, "holds", &row->holds);
        json_text(&json, "note", row->note);
        json_text(&json, "policy", row->policy);
        json_unsigned(&json, "tries", row->tries);
        json_text(&json, "verdict", table->gate > 0
                                        ? verdict_word(capacity_gate_outcome(table, row))
                                        : NULL);
        json_map_close(&json);
    }
    json_list_close(&json);
    json_double(&json, "precision", table->precision);
    json_text(&json, "scenario", table->scenario);
    json_text(&json, "schema", "lbsim.capacity/1");
    json_text(&json, "searched", table->is_least ? "least" : "highest");
    json_unsigned(&json, "seed", table->seed);
    json_text(&json, "slo", table->slo->text);
    json_text(&json, "unit", table->unit);
    json_map_close(&json);
}

static void capacity_render_csv(const struct capacity_view *view)
{
    const struct capacity_table *table = view->table;
    struct output *output = view->output;
    output_text(output, "scenario,policy,slo,by,unit,holds,fails,holds_factor,fails_factor,"
                        "holds_load,fails_load,tries\n");
    for (size_t i = 0; i < table->count; i++) {
        const struct capacity_row *row = &table->rows[i];
        const char *const texts[] = {table->scenario, row->policy, table->slo->text, table->by,
                                     table->unit};
        const struct capacity_end *holds = &row->holds, *fails = &row->fails;
        const double numbers[] = {
            holds->is_known ? holds->value : NAN,  fails->is_known ? fails->value : NAN,
            holds->is_known ? holds->factor : NAN, fails->is_known ? fails->factor : NAN,
            holds->is_known ? holds->load : NAN,   fails->is_known ? fails->load : NAN};
        render_csv_texts(output, texts, sizeof(texts) / sizeof(*texts));
        render_csv_numbers(output, numbers, sizeof(numbers) / sizeof(*numbers));
        output_format(output, "%zu\n", row->tries);
    }
}

static void capacity_render_verdicts(const struct capacity_view *view,
                                     const struct verdict_suite *suite,
                                     enum verdict_format format)
{
    if (view->table->gate > 0)
        verdict_render(suite, 1, format, view->style == TABLE_COLOR, view->output);
}

void capacity_render(const struct capacity_table *table, const struct verdict_suite *suite,
                     enum capacity_format format, bool color, struct output *output)
{
    struct capacity_view view = {table, color ? TABLE_COLOR : TABLE_PLAIN, output};
    bool markdown = format == CAPACITY_MARKDOWN;
    view.style = markdown ? TABLE_MARKDOWN : view.style;
    switch (format) {
    case CAPACITY_JSON: capacity_render_json(&view); return;
    case CAPACITY_CSV: capacity_render_csv(&view); return;
    case CAPACITY_JUNIT: capacity_render_verdicts(&view, suite, VERDICT_JUNIT); return;
    case CAPACITY_GITHUB: capacity_render_verdicts(&view, suite, VERDICT_GITHUB); return;
    case CAPACITY_TEXT:
    case CAPACITY_MARKDOWN: capacity_render_people(&view); break;
    }
    bool noted = table->notes[0] != NULL;
    for (size_t i = 0; i < table->count; i++)
        noted = noted || table->rows[i].note != NULL;
    output_text(output, noted && table->gate > 0 ? "\n" : "");
    capacity_render_verdicts(&view, suite, markdown ? VERDICT_MARKDOWN : VERDICT_TEXT);
}
