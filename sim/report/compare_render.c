/* SPDX-License-Identifier: GPL-3.0-or-later
   The table shows the interval of each comparison alone and p-values that are adjusted for
   all of them; JSON and CSV have the simultaneous intervals too. */
#include "sim/report/compare_render.h"

#include "sim/config/json.h"
#include "sim/report/quantity.h"
#include "sim/report/render.h"
#include "sim/report/table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct compare_view {
    const struct compare_family *family;
    const struct compare_heading *heading;
    enum table_style style;
    struct output *output;
};

static void compare_render_p(char *to, double p)
{
    if (isnan(p))
        snprintf(to, QUANTITY_SIZE, "-");
    else if (p < 0.001)
        snprintf(to, QUANTITY_SIZE, "<0.001");
    else
        snprintf(to, QUANTITY_SIZE, "%.3f", p);
}

static void compare_render_verdict(char *to, const struct comparison *item)
{
    const char *mark = item->better > 0 ? " (better)" : item->better < 0 ? " (worse)" : "";
    snprintf(to, QUANTITY_SIZE, "%s%s", compare_verdict_word(item->verdict), mark);
}

/* The whole family is of two policies, or of the same policy in two results. */
static void compare_render_row(const struct compare_view *view, struct table *table,
                               const struct comparison *item)
{
    const struct contrast *contrast = &item->contrast;
    const char *unit = quantity_unit(item->candidate);
    char text[QUANTITY_SIZE];
    table_add(table, item->candidate->metric, "");
    table_add(table, item->candidate->policy, "");
    table_add(table, item->baseline->policy, "");
    quantity_write(text, unit, item->candidate->value);
    table_add(table, text, "");
    quantity_write(text, unit, item->baseline->value);
    table_add(table, text, "");
    quantity_write_change(text, contrast->is_ratio, unit, contrast->value);
    table_add(table, text, "");
    quantity_write_changes(text, contrast->is_ratio, unit, contrast->low, contrast->high);
    table_add(table, text, "");
    compare_render_p(text, item->adjusted);
    table_add(table, text, "");
    compare_render_verdict(text, item);
    table_add(table, text, "");
    if (view->heading->gated)
        table_add(table, compare_gate_word(item->gate), "");
}

static void compare_render_table(const struct compare_view *view)
{
    static const char *const heads[] = {"metric",   "policy", "against",       "value",
                                        "baseline", "change", "95 % interval", "p",
                                        "verdict"};
    struct table table = {.columns = 9 + view->heading->gated, .labels = 3};
    for (size_t i = 0; i < 9; i++)
        table_add(&table, heads[i], "");
    if (view->heading->gated)
        table_add(&table, "gate", "");
    for (size_t i = 0; i < view->family->count; i++)
        compare_render_row(view, &table, &view->family->items[i]);
    table_print(&table, view->style, view->output);
    table_free(&table);
}

/* "- " begins a line of Markdown. */
static void compare_render_line(const struct compare_view *view, const char *text)
{
    output_text(view->output, view->style == TABLE_MARKDOWN ? "- " : "");
    table_print_text(text, view->style, view->output);
    output_text(view->output, "\n");
}

static void compare_render_oddities(const struct compare_view *view)
{
    char line[512], span[QUANTITY_SIZE];
    for (size_t i = 0; i < view->family->count; i++) {
        const struct comparison *item = &view->family->items[i];
        const struct contrast *contrast = &item->contrast;
        const char *metric = item->candidate->metric, *policy = item->candidate->policy;
        if (item->note != NULL) {
            snprintf(line, sizeof(line), "%s of %s: %s", metric, policy, item->note);
            compare_render_line(view, line);
        } else if (!isnan(contrast->boot_low)) {
            quantity_write_changes(span, contrast->is_ratio, quantity_unit(item->candidate),
                                   contrast->boot_low, contrast->boot_high);
            snprintf(line, sizeof(line),
                     "%s of %s: the replications are skewed (%.1f); by studentized bootstrap "
                     "the interval is %s", metric, policy, contrast->skewness, span);
            compare_render_line(view, line);
        }
    }
}

/* "among the best by p99: p2c, jsq". */
static void compare_render_leaders(const struct compare_view *view)
{
    for (size_t i = 0; i < view->heading->leader_count; i++) {
        const struct compare_leaders *leaders = &view->heading->leaders[i];
        output_text(view->output, view->style == TABLE_MARKDOWN ? "- " : "");
        output_format(view->output, "among the best by %s: ", leaders->metric);
        for (size_t k = 0; leaders->policies[k] != NULL; k++) {
            output_text(view->output, k > 0 ? ", " : "");
            table_print_text(leaders->policies[k], view->style, view->output);
        }
        output_text(view->output, "\n");
    }
}

static void compare_render_notes(const struct compare_view *view)
{
    char line[512];
    size_t least = SIZE_MAX, most = 0;
    for (size_t i = 0; i < view->family->count; i++) {
        size_t count = view->family->items[i].replications;
        least = count < least ? count : least;
        most = count > most ? count : most;
    }
    output_text(view->output, "\n");
    compare_render_leaders(view);
    for (size_t i = 0; view->heading->notes[i] != NULL; i++)
        compare_render_line(view, view->heading->notes[i]);
    if (least < most)
        snprintf(line, sizeof(line), "%s; %zu to %zu replications", view->heading->pairing,
                 least, most);
    else
        snprintf(line, sizeof(line), "%s; %zu replications", view->heading->pairing, most);
    compare_render_line(view, line);
    snprintf(line, sizeof(line),
             "p: adjusted by Holm for the %zu comparison%s made here; equal: within %g %% (two "
             "one-sided tests)", view->family->size, view->family->size == 1 ? "" : "s",
             100 * view->family->margin);
    compare_render_line(view, line);
    compare_render_oddities(view);
}

static void compare_render_people(const struct compare_view *view)
{
    output_text(view->output, view->style == TABLE_MARKDOWN ? "### " : "");
    table_print_text(view->heading->what, view->style, view->output);
    output_text(view->output, "\n\n");
    compare_render_table(view);
    compare_render_notes(view);
}

static void compare_render_side(struct json *json, const char *key,
                                const struct measure *measure)
{
    json_map_open(json, key);
    json_double(json, "high", measure->high);
    json_double(json, "low", measure->low);
    json_text(json, "policy", measure->policy);
    json_double(json, "value", measure->value);
    json_map_close(json);
}

static void compare_render_item(struct json *json, const struct comparison *item, bool gated)
{
    const struct contrast *contrast = &item->contrast;
    json_map_open(json, NULL);
    compare_render_side(json, "baseline", item->baseline);
    json_text(json, "better", item->better > 0 ? "candidate" : item->better < 0 ? "baseline"
                                                                                : NULL);
    json_double(json, "bootstrap_high", contrast->boot_high);
    json_double(json, "bootstrap_low", contrast->boot_low);
    compare_render_side(json, "candidate", item->candidate);
    json_text(json, "form", contrast->is_ratio ? "ratio" : "difference");
    if (gated)
        json_text(json, "gate", compare_gate_word(item->gate));
    json_double(json, "high", contrast->high);
    json_double(json, "high_simultaneous", item->wide_high);
    json_double(json, "low", contrast->low);
    json_double(json, "low_simultaneous", item->wide_low);
    json_text(json, "metric", item->candidate->metric);
    json_text(json, "note", item->note);
    json_double(json, "p", contrast->p);
    json_double(json, "p_adjusted", item->adjusted);
    json_double(json, "p_equal", item->equal);
    json_unsigned(json, "replications", item->replications);
    json_text(json, "scope", item->candidate->scope);
    json_double(json, "skewness", contrast->skewness);
    json_text(json, "unit", item->candidate->unit);
    json_double(json, "value", contrast->value);
    json_text(json, "verdict",
              item->verdict == COMPARE_MISSING ? NULL : compare_verdict_word(item->verdict));
    json_map_close(json);
}

static void compare_render_leader(struct json *json, const struct compare_leaders *leaders)
{
    json_map_open(json, NULL);
    json_text(json, "metric", leaders->metric);
    json_list_open(json, "policies");
    for (size_t i = 0; leaders->policies[i] != NULL; i++)
        json_text(json, NULL, leaders->policies[i]);
    json_list_close(json);
    json_map_close(json);
}

static void compare_render_json(const struct compare_view *view)
{
    const struct compare_heading *heading = view->heading;
    struct json json = {.output = view->output};
    json_map_open(&json, NULL);
    json_list_open(&json, "among_the_best");
    for (size_t i = 0; i < heading->leader_count; i++)
        compare_render_leader(&json, &heading->leaders[i]);
    json_list_close(&json);
    json_list_open(&json, "comparisons");
    for (size_t i = 0; i < view->family->count; i++)
        compare_render_item(&json, &view->family->items[i], heading->gated);
    json_list_close(&json);
    json_unsigned(&json, "family", view->family->size);
    json_double(&json, "margin", view->family->margin);
    json_list_open(&json, "notes");
    for (size_t i = 0; heading->notes[i] != NULL; i++)
        json_text(&json, NULL, heading->notes[i]);
    json_list_close(&json);
    json_bool(&json, "paired", heading->paired);
    json_text(&json, "pairing", heading->pairing);
    json_text(&json, "schema", "lbsim.compare/1");
    json_text(&json, "what", heading->what);
    json_map_close(&json);
}

static void compare_render_csv(const struct compare_view *view)
{
    struct output *output = view->output;
    output_text(output, "metric,scope,policy,baseline,unit,form,value,low,high,"
                        "low_simultaneous,high_simultaneous,p,p_adjusted,p_equal,verdict\n");
    for (size_t i = 0; i < view->family->count; i++) {
        const struct comparison *item = &view->family->items[i];
        const struct contrast *contrast = &item->contrast;
        const char *const texts[] = {item->candidate->metric, item->candidate->scope,
                                     item->candidate->policy, item->baseline->policy,
                                     item->candidate->unit,
                                     contrast->is_ratio ? "ratio" : "difference"};
        const double numbers[] = {contrast->value, contrast->low,   contrast->high,
                                  item->wide_low,  item->wide_high, contrast->p,
                                  item->adjusted,  item->equal};
        render_csv_texts(output, texts, sizeof(texts) / sizeof(*texts));
        render_csv_numbers(output, numbers, sizeof(numbers) / sizeof(*numbers));
        output_format(output, "%s\n", item->verdict == COMPARE_MISSING
                                          ? ""
                                          : compare_verdict_word(item->verdict));
    }
}

void compare_render(const struct compare_family *family,
                    const struct compare_heading *heading, enum report_format format,
                    bool color, struct output *output)
{
    struct compare_view view = {family, heading, color ? TABLE_COLOR : TABLE_PLAIN, output};
    if (format == REPORT_MARKDOWN)
        view.style = TABLE_MARKDOWN;
    if (format == REPORT_JSON)
        compare_render_json(&view);
    else if (format == REPORT_CSV)
        compare_render_csv(&view);
    else
        compare_render_people(&view);
}
