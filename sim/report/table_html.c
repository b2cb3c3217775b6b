/* SPDX-License-Identifier: GPL-3.0-or-later
   A table of a page, and under it the same as CSV inside the page: numbers in base units and
   whole, where the cell knows its measure. */
#include "sim/report/table.h"

#include "sim/report/html.h"
#include "sim/report/render.h"

#include <ctype.h>
#include <math.h>

/* The measures of a column: whether any has an interval, and their unit; NULL: none known. */
static const char *table_html_unit(const struct table *table, size_t column, bool *interval)
{
    const char *unit = NULL;
    *interval = false;
    for (size_t i = table->columns + column; i < table->count; i += table->columns) {
        const struct measure *measure = table->cells[i].measure;
        if (measure == NULL)
            continue;
        unit = measure->unit;
        *interval = *interval || isfinite(measure->low);
    }
    return unit;
}

static void table_html_csv_head(const struct table *table, size_t column,
                                struct output *output)
{
    bool interval;
    const char *name = table->cells[column].text;
    const char *unit = table_html_unit(table, column, &interval);
    render_csv_text(output, name);
    if (unit == NULL)
        return;
    output_format(output, " (%s)", unit);
    if (interval)
        output_format(output, ",%s low (%s),%s high (%s)", name, unit, name, unit);
}

static void table_html_csv_number(double value, struct output *output)
{
    if (isfinite(value))
        output_double(output, value);
}

static void table_html_csv_cell(const struct table *table, size_t i, struct output *output)
{
    const struct measure *measure = table->cells[i].measure;
    bool interval;
    const char *unit = table_html_unit(table, i % table->columns, &interval);
    if (unit == NULL) {
        render_csv_text(output, table->cells[i].text);
        return;
    }
    table_html_csv_number(measure ? measure->value : NAN, output);
    if (!interval)
        return;
    output_text(output, ",");
    table_html_csv_number(measure ? measure->low : NAN, output);
    output_text(output, ",");
    table_html_csv_number(measure ? measure->high : NAN, output);
}

static void table_html_csv(const struct table *table, struct output *output)
{
    for (size_t i = 0; i < table->count; i++) {
        output_text(output, i % table->columns > 0 ? "," : "");
        if (i < table->columns)
            table_html_csv_head(table, i, output);
        else
            table_html_csv_cell(table, i, output);
        output_text(output, (i + 1) % table->columns == 0 ? "\r\n" : "");
    }
}

/* A file's name from the beginning of the title. */
static void table_html_file(const char *title, struct output *output)
{
    for (size_t i = 0; title[i] != '\0' && title[i] != '('; i++) {
        char small = (char)tolower((unsigned char)title[i]);
        if (isalnum((unsigned char)small))
            output_bytes(output, &small, 1);
        else if (title[i + 1] != '\0' && title[i + 1] != '(')
            output_text(output, "-");
    }
    output_text(output, ".csv");
}

static void table_html_save(const struct table *table, struct output *output)
{
    struct output *csv = output_to_memory();
    size_t size;
    table_html_csv(table, csv);
    const char *bytes = output_memory(csv, &size);
    output_text(output, "<p class=\"save\"><a download=\"");
    table_html_file(table->title, output);
    output_text(output, "\" href=\"data:text/csv;charset=utf-8,");
    html_encode(output, bytes, size);
    output_text(output, "\">this table as CSV</a></p>\n");
    output_close(csv, false);
}

static void table_html_cell(const struct table *table, size_t i, struct output *output)
{
    const struct table_cell *cell = &table->cells[i];
    bool head = i < table->columns, label = i % table->columns < table->labels;
    const char *element = head || label ? "th" : "td";
    output_format(output, "<%s%s%s>", element,
                  head ? " scope=\"col\"" : label ? " scope=\"row\"" : "",
                  head && label ? " class=\"label\"" : cell->bold ? " class=\"best\"" : "");
    html_text(output, cell->text);
    if (cell->tail[0] != '\0') {
        output_text(output, " <span class=\"half\">");
        html_text(output, cell->tail);
        output_text(output, "</span>");
    }
    output_format(output, "</%s>", element);
}

void table_html_print(const struct table *table, struct output *output)
{
    output_text(output, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
    html_text(output, table->title);
    output_text(output, "\">\n<table>\n<caption class=\"hidden\">");
    html_text(output, table->title);
    output_text(output, "</caption>\n<thead>\n");
    for (size_t i = 0; i < table->count; i++) {
        output_text(output, i % table->columns == 0 ? "<tr>" : "");
        table_html_cell(table, i, output);
        if ((i + 1) % table->columns == 0)
            output_text(output, i < table->columns ? "</tr>\n</thead>\n<tbody>\n" : "</tr>\n");
    }
    output_text(output, "</tbody>\n</table>\n</div>\n");
    table_html_save(table, output);
}
