/* SPDX-License-Identifier: GPL-3.0-or-later
   Variables of gnuplot.  An array has at least one element, as it cannot have none; the
   numbers of elements are variables of their own. */
#include "sim/cli/plot_script.h"

#include "sim/config/utf8.h"
#include "sim/report/table.h"

#include <math.h>
#include <string.h>

enum { PLOT_SCRIPT_WIDTH = 960 };

static bool plot_script_is_plain(char byte)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789 ._-,:;()+=/<>";
    return (unsigned char)byte >= 0x80 || strchr(plain, byte) != NULL;
}

/* A text that stays what it is: of ASCII only what gnuplot acts upon nowhere stands for itself,
   all else is an octal number.  (Single quotes are not enough: 5.4 loses its way in those that
   hold a doubled quote and a semicolon.)  `format`: the text will be taken for a format, as
   labels of ticks are. */
static void plot_script_quote(const char *text, bool format, struct output *output)
{
    output_text(output, "\"");
    while (*text != '\0') {
        size_t size = utf8_size(text, strnlen(text, 4));
        if (size == 0 || utf8_is_hidden(text, size))
            output_text(output, "?");
        else if (size > 1 || plot_script_is_plain(*text))
            output_bytes(output, text, size);
        else
            output_format(output, "\\%03o", (unsigned)(unsigned char)*text);
        if (format && *text == '%')
            output_text(output, "\\045");
        text += size > 0 ? size : 1;
    }
    output_text(output, "\"");
}

static void plot_script_text(const char *name, const char *text, struct output *output)
{
    output_format(output, "%s = ", name);
    plot_script_quote(text != NULL ? text : "", false, output);
    output_text(output, "\n");
}

static void plot_script_number(double value, struct output *output)
{
    if (isfinite(value))
        output_double(output, value);
    else
        output_text(output, "NaN");
}

static void plot_script_array(const char *name, size_t count, struct output *output)
{
    output_format(output, "array %s[%zu]\n", name, count > 0 ? count : 1);
}

/* NAME[INDEX + 1] = value. */
static void plot_script_put(const char *name, size_t index, double value,
                            struct output *output)
{
    output_format(output, "%s[%zu] = ", name, index + 1);
    plot_script_number(value, output);
    output_text(output, "\n");
}

static void plot_script_put_text(const char *name, size_t index, const char *text, bool format,
                                 struct output *output)
{
    output_format(output, "%s[%zu] = ", name, index + 1);
    plot_script_quote(text != NULL ? text : "", format, output);
    output_text(output, "\n");
}

static double plot_script_height(const struct chart *chart)
{
    double panels = (double)chart->panel_count;
    if (chart->empty != NULL)
        return 300;
    if (chart->shape == CHART_COLUMNS)
        return 110 + 115 * panels;
    if (chart->shape == CHART_HEAT)
        return 130 + (panels == 1 ? 340 : 170) * panels;
    if (chart->shape != CHART_LINES && chart->shape != CHART_POINTS)
        return 150 + 30 * (double)chart->row_count;
    return panels == 1 ? 560 : 120 + 190 * panels;
}

static void plot_script_terminal(const struct chart *chart, enum plot_format format,
                                 struct output *output)
{
    double height = plot_script_height(chart);
    output_text(output, "set encoding utf8\n");
    if (format == PLOT_SVG)
        output_format(output,
                      "set terminal svg size %d,%.0f dynamic background '#ffffff' noenhanced "
                      "font 'DejaVu Sans,12'\n",
                      PLOT_SCRIPT_WIDTH, height);
    else
        output_format(output,
                      "set terminal pngcairo size %d,%.0f noenhanced font 'DejaVu Sans,10' "
                      "fontscale 2 linewidth 2 pointscale 2 dashlength 0.7\n",
                      2 * PLOT_SCRIPT_WIDTH, 2 * height);
    output_format(output, "height = %.0f\n", height);
}

static void plot_script_ticks(const char *axis, const struct chart_axis *range,
                              struct output *output)
{
    char at[32], text[32];
    snprintf(at, sizeof at, "%s_tick_at", axis);
    snprintf(text, sizeof text, "%s_tick_text", axis);
    output_format(output, "%s_ticks = %zu\n", axis, range->tick_count);
    plot_script_array(at, range->tick_count, output);
    plot_script_array(text, range->tick_count, output);
    for (size_t i = 0; i < range->tick_count; i++) {
        plot_script_put(at, i, range->ticks[i].at, output);
        plot_script_put_text(text, i, range->ticks[i].text, true, output);
    }
}

static void plot_script_axis(const char *axis, const struct chart_axis *range,
                             struct output *output)
{
    output_format(output, "%s_low = ", axis);
    plot_script_number(range->low, output);
    output_format(output, "\n%s_high = ", axis);
    plot_script_number(range->high, output);
    output_format(output, "\n%s_log = %d\n%s_label = ", axis, range->log, axis);
    plot_script_quote(range->label != NULL ? range->label : "", false, output);
    output_text(output, "\n");
    plot_script_ticks(axis, range, output);
}

/* The axis y1, y2 … of each panel, its title, and which series are in it. */
static void plot_script_panels(const struct chart *chart, struct output *output)
{
    output_format(output, "panels = %zu\n", chart->panel_count);
    plot_script_array("panel_title", chart->panel_count, output);
    plot_script_array("panel_first", chart->panel_count, output);
    plot_script_array("panel_last", chart->panel_count, output);
    for (size_t panel = 0; panel < chart->panel_count; panel++) {
        char axis[16];
        size_t first = 0, last = 0;
        snprintf(axis, sizeof axis, "y%zu", panel + 1);
        for (size_t i = 0; i < chart->series_count; i++)
            if (chart->series[i].panel == panel) {
                first = first ? first : i + 1;
                last = i + 1;
            }
        plot_script_put_text("panel_title", panel, chart->panels[panel], false, output);
        plot_script_put("panel_first", panel, (double)first, output);
        plot_script_put("panel_last", panel, (double)last, output);
        plot_script_axis(axis, &chart->y[panel], output);
    }
}

/* The widest of some texts, in characters. */
static void plot_script_width(const char *name, const char *const *texts, size_t count,
                              struct output *output)
{
    size_t width = 0;
    for (size_t i = 0; texts != NULL && i < count; i++)
        width = table_width(texts[i]) > width ? table_width(texts[i]) : width;
    output_format(output, "%s = %zu\n", name, width);
}

static void plot_script_rows(const struct chart *chart, struct output *output)
{
    output_format(output, "rows = %zu\n", chart->row_count);
    plot_script_width("row_width", chart->rows, chart->row_count, output);
    plot_script_width("note_width", chart->notes, chart->row_count, output);
    plot_script_array("row_name", chart->row_count, output);
    plot_script_array("row_note", chart->row_count, output);
    for (size_t i = 0; i < chart->row_count; i++) {
        plot_script_put_text("row_name", i, chart->rows[i], true, output);
        plot_script_put_text("row_note", i, chart->notes ? chart->notes[i] : "", false, output);
    }
}

static void plot_script_marks(const struct chart *chart, struct output *output)
{
    output_format(output, "marks = %zu\nspans = %zu\n", chart->mark_count, chart->span_count);
    plot_script_array("mark_at", chart->mark_count, output);
    plot_script_array("mark_level", chart->mark_count, output);
    plot_script_array("mark_text", chart->mark_count, output);
    for (size_t i = 0; i < chart->mark_count; i++) {
        plot_script_put("mark_at", i, chart->marks[i].at, output);
        plot_script_put("mark_level", i, chart->marks[i].level, output);
        plot_script_put_text("mark_text", i, chart->marks[i].text, false, output);
    }
    plot_script_array("span_from", chart->span_count, output);
    plot_script_array("span_to", chart->span_count, output);
    plot_script_array("span_text", chart->span_count, output);
    for (size_t i = 0; i < chart->span_count; i++) {
        plot_script_put("span_from", i, chart->spans[i].from, output);
        plot_script_put("span_to", i, chart->spans[i].to, output);
        plot_script_put_text("span_text", i, chart->spans[i].text, false, output);
    }
}

static void plot_script_point(const struct chart_series *series, size_t index,
                              struct output *output)
{
    const struct chart_point *point = &series->points[index];
    const struct chart_range *across = series->across != NULL ? &series->across[index] : NULL;
    const double values[] = {point->x, point->y, point->low, point->high,
                             across != NULL ? across->low : NAN,
                             across != NULL ? across->high : NAN};
    for (int value = 0; value < (across != NULL ? 6 : 4); value++) {
        output_text(output, value > 0 ? " " : "");
        plot_script_number(values[value], output);
    }
    output_text(output, "\n");
}

/* Blocks of x, y, low, high and, where there are such, low and high along x; one that is empty
   would not count, so it gets a point of nothing. */
static void plot_script_data(const struct chart *chart, struct output *output)
{
    output_text(output, "$data << END_OF_DATA\n");
    for (size_t i = 0; i < chart->series_count; i++) {
        const struct chart_series *series = &chart->series[i];
        for (size_t k = 0; k < series->count; k++)
            plot_script_point(series, k, output);
        output_text(output, series->count == 0 ? "NaN NaN NaN NaN NaN NaN\n\n\n" : "\n\n");
    }
    output_text(output, "END_OF_DATA\n");
}

static void plot_script_series(const struct chart *chart, struct output *output)
{
    static const char *const names[] = {"label_x", "label_y", "label_side", "color"};
    size_t width = 0;
    for (size_t i = 0; i < chart->series_count; i++)
        if (table_width(chart->series[i].name) > width)
            width = table_width(chart->series[i].name);
    output_format(output, "series = %zu\nname_width = %zu\n", chart->series_count, width);
    plot_script_array("name", chart->series_count, output);
    for (int i = 0; i < 4; i++)
        plot_script_array(names[i], chart->series_count, output);
    for (size_t i = 0; i < chart->series_count; i++) {
        const struct chart_series *series = &chart->series[i];
        plot_script_put_text("name", i, series->name, false, output);
        plot_script_put("label_x", i, series->label_x, output);
        plot_script_put("label_y", i, series->label_y, output);
        plot_script_put("label_side", i, series->label_side, output);
        plot_script_put("color", i, (double)series->color, output);
    }
    plot_script_data(chart, output);
}

void plot_script_write(const struct chart *chart, enum plot_format format,
                       struct output *output)
{
    plot_script_terminal(chart, format, output);
    plot_script_text("title", chart->title, output);
    plot_script_text("caption", chart->caption, output);
    plot_script_text("empty", chart->empty, output);
    if (chart->empty != NULL)
        return;
    plot_script_axis("x", &chart->x, output);
    if (chart->shape == CHART_HEAT)
        plot_script_axis("z", &chart->z, output);
    output_format(output, "columns = %zu\n", chart->columns);
    plot_script_panels(chart, output);
    plot_script_rows(chart, output);
    plot_script_marks(chart, output);
    plot_script_series(chart, output);
}
