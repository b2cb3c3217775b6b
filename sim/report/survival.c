/* SPDX-License-Identifier: GPL-3.0-or-later
   A ranking survives a perturbation that gives the same verdict, whatever the size of the
   difference. */
#include "sim/report/survival.h"

#include "sim/config/json.h"
#include "sim/report/figure.h"
#include "sim/report/quantity.h"
#include "sim/report/render.h"
#include "sim/report/table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct survival_view {
    const struct survival_table *table;
    enum table_style style;
    struct output *output;
};

static bool survival_is_of(const struct survival *survival, const struct comparison *item)
{
    const struct comparison *base = survival->base;
    return strcmp(base->candidate->metric, item->candidate->metric) == 0 &&
           strcmp(base->candidate->policy, item->candidate->policy) == 0 &&
           strcmp(base->baseline->policy, item->baseline->policy) == 0;
}

void survival_add(struct survival_table *table, const struct compare_family *family)
{
    size_t next = 0;
    for (size_t i = 0; i < table->count; i++) {
        struct survival *survival = &table->items[i];
        if (next == family->count || !survival_is_of(survival, &family->items[next])) {
            survival->missing++;
            continue;
        }
        const struct comparison *item = &family->items[next++];
        bool neither = item->verdict == COMPARE_OPEN || item->verdict == COMPARE_EQUAL;
        survival->lower += item->verdict == COMPARE_LOWER;
        survival->higher += item->verdict == COMPARE_HIGHER;
        survival->neither += neither;
        survival->missing += item->verdict == COMPARE_MISSING;
        survival->same += item->verdict == survival->base->verdict;
        if (isfinite(item->contrast.value) &&
            item->contrast.is_ratio == survival->base->contrast.is_ratio) {
            survival->least = fmin(survival->least, item->contrast.value);
            survival->most = fmax(survival->most, item->contrast.value);
        }
    }
}

static void survival_add_count(struct table *table, size_t count)
{
    char text[32];
    snprintf(text, sizeof(text), "%zu", count);
    table_add(table, text, "");
}

static void survival_render_row(const struct survival_view *view, struct table *table,
                                const struct survival *survival)
{
    const struct comparison *base = survival->base;
    bool ratio = base->contrast.is_ratio;
    const char *unit = quantity_unit(base->candidate);
    char text[QUANTITY_SIZE];
    table_add(table, base->candidate->metric, "");
    table_add(table, base->candidate->policy, "");
    table_add(table, base->baseline->policy, "");
    table_add(table, compare_verdict_word(base->verdict), "");
    quantity_write_change(text, ratio, unit, base->contrast.value);
    table_add(table, text, "");
    survival_add_count(table, survival->lower);
    survival_add_count(table, survival->neither);
    survival_add_count(table, survival->higher);
    survival_add_count(table, survival->missing);
    quantity_write_changes(text, ratio, unit, survival->least, survival->most);
    table_add(table, text[0] != '\0' ? text : "-", "");
    snprintf(text, sizeof(text), "%.0f%%",
             100 * (double)survival->same / (double)view->table->times);
    table_add(table, base->verdict == COMPARE_MISSING ? "-" : text, "")->bold =
        survival->same < view->table->times;
}

static void survival_render_lines(const struct survival_view *view)
{
    const struct survival_table *table = view->table;
    const char *bullet = table_bullet(view->style), *metric = "";
    char low[FIGURE_SIZE], high[FIGURE_SIZE];
    for (size_t i = 0; i < table->leader_count; i++) {
        const struct survival_leader *leader = &table->leaders[i];
        if (leader->times == 0)
            continue;
        if (strcmp(metric, leader->metric) != 0)
            output_format(view->output, "%s%samong the best by %s: ",
                          metric[0] != '\0' ? "\n" : "", bullet, leader->metric);
        else
            output_text(view->output, ", ");
        metric = leader->metric;
        table_print_text(leader->policy, view->style, view->output);
        output_format(view->output, " in %zu", leader->times);
    }
    output_format(view->output, "%s%s%zu perturbations, each rate, demand, speed and delay times "
                  "%.3g to %.3g", metric[0] != '\0' ? "\n" : "", bullet, table->times,
                  1 / (1 + table->share), 1 + table->share);
    figure_write(low, FIGURE_PERCENT, table->load_least);
    figure_write(high, FIGURE_PERCENT, table->load_most);
    if (isfinite(table->load_least))
        output_format(view->output, "; offered load %s to %s", low, high);
    if (table->overloaded > 0)
        output_format(view->output, ", in %zu of them 100%% or more", table->overloaded);
    output_text(view->output, "\n");
}

static void survival_render_people(const struct survival_view *view)
{
    static const char *const heads[] = {"metric", "policy", "against", "verdict",  "change",
                                        "lower",  "neither", "higher", "none", "changes",
                                        "survives"};
    struct table table = {.columns = sizeof(heads) / sizeof(*heads), .labels = 4};
    output_text(view->output, view->style == TABLE_MARKDOWN ? "### " : "");
    table_print_text(view->table->what, view->style, view->output);
    output_text(view->output, ", perturbed\n\n");
    for (size_t i = 0; i < table.columns; i++)
        table_add(&table, heads[i], "");
    for (size_t i = 0; i < view->table->count; i++)
        survival_render_row(view, &table, &view->table->items[i]);
    table_print(&table, view->style, view->output);
    output_text(view->output, "\n");
    survival_render_lines(view);
    table_free(&table);
}

static void survival_render_json_item(struct json *json, const struct survival *survival)
{
    const struct comparison *base = survival->base;
    bool missing = base->verdict == COMPARE_MISSING;
    json_map_open(json, NULL);
    json_text(json, "baseline", base->baseline->policy);
    json_text(json, "form", base->contrast.is_ratio ? "ratio" : "difference");
    json_unsigned(json, "higher", survival->higher);
    json_double(json, "least", survival->least);
    json_unsigned(json, "lower", survival->lower);
    json_text(json, "metric", base->candidate->metric);
    json_double(json, "most", survival->most);
    json_unsigned(json, "neither", survival->neither);
    json_unsigned(json, "none", survival->missing);
    json_text(json, "policy", base->candidate->policy);
    json_unsigned(json, "same", survival->same);
    json_text(json, "scope", base->candidate->scope);
    json_double(json, "value", base->contrast.value);
    json_text(json, "verdict", missing ? NULL : compare_verdict_word(base->verdict));
    json_map_close(json);
}

static void survival_render_json(const struct survival_view *view)
{
    const struct survival_table *table = view->table;
    struct json json = {.output = view->output};
    json_map_open(&json, NULL);
    json_list_open(&json, "among_the_best");
    for (size_t i = 0; i < table->leader_count; i++) {
        json_map_open(&json, NULL);
        json_text(&json, "metric", table->leaders[i].metric);
        json_text(&json, "policy", table->leaders[i].policy);
        json_unsigned(&json, "times", table->leaders[i].times);
        json_map_close(&json);
    }
    json_list_close(&json);
    json_list_open(&json, "comparisons");
    for (size_t i = 0; i < table->count; i++)
        survival_render_json_item(&json, &table->items[i]);
    json_list_close(&json);
    json_double(&json, "load_least", table->load_least);
    json_double(&json, "load_most", table->load_most);
    json_unsigned(&json, "overloaded", table->overloaded);
    json_text(&json, "schema", "lbsim.perturb/1");
    json_double(&json, "share", table->share);
    json_unsigned(&json, "times", table->times);
    json_text(&json, "what", table->what);
    json_map_close(&json);
}

static void survival_render_csv(const struct survival_view *view)
{
    struct output *output = view->output;
    output_text(output, "metric,scope,policy,baseline,form,verdict,value,times,lower,neither,"
                        "higher,none,same,least,most\n");
    for (size_t i = 0; i < view->table->count; i++) {
        const struct survival *survival = &view->table->items[i];
        const struct comparison *base = survival->base;
        bool missing = base->verdict == COMPARE_MISSING;
        const char *const texts[] = {base->candidate->metric, base->candidate->scope,
                                     base->candidate->policy, base->baseline->policy,
                                     base->contrast.is_ratio ? "ratio" : "difference",
                                     missing ? "" : compare_verdict_word(base->verdict)};
        render_csv_texts(output, texts, sizeof(texts) / sizeof(*texts));
        render_csv_numbers(output, &base->contrast.value, 1);
        output_format(output, "%zu,%zu,%zu,%zu,%zu,%zu,", view->table->times, survival->lower,
                      survival->neither, survival->higher, survival->missing, survival->same);
        render_csv_numbers(output, &survival->least, 1);
        if (isfinite(survival->most))
            output_double(output, survival->most);
        output_text(output, "\n");
    }
}

void survival_render(const struct survival_table *table, enum report_format format,
                     bool color, struct output *output)
{
    struct survival_view view = {table, color ? TABLE_COLOR : TABLE_PLAIN, output};
    if (format == REPORT_MARKDOWN)
        view.style = TABLE_MARKDOWN;
    if (format == REPORT_JSON)
        survival_render_json(&view);
    else if (format == REPORT_CSV)
        survival_render_csv(&view);
    else
        survival_render_people(&view);
}
