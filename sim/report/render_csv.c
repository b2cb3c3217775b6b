/* SPDX-License-Identifier: GPL-3.0-or-later
   A report in long form, one measure a line, as RFC 4180 but for the line ends.  A text that
   a spreadsheet would take for a formula gets an apostrophe in front. */
#include "sim/report/render.h"

#include <math.h>
#include <string.h>

bool render_csv_is_formula(const char *text)
{
    return text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
}

void render_csv_text(struct output *output, const char *text)
{
    bool guarded = render_csv_is_formula(text);
    bool quoted = strpbrk(text, ",\"\r\n") != NULL;
    output_text(output, quoted ? "\"" : "");
    output_text(output, guarded ? "'" : "");
    for (; *text != '\0'; text++) {
        output_bytes(output, text, 1);
        if (*text == '"')
            output_bytes(output, text, 1);
    }
    output_text(output, quoted ? "\"" : "");
}

void render_csv_texts(struct output *output, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        render_csv_text(output, texts[i]);
        output_text(output, ",");
    }
}

void render_csv_numbers(struct output *output, const double *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (isfinite(numbers[i]))
            output_double(output, numbers[i]);
        output_text(output, ",");
    }
}

static void render_csv_measure(struct output *output, const char *scenario,
                               const struct measure *measure)
{
    const char *const texts[] = {scenario, measure->policy, measure->scope,
                                 measure->metric, measure->unit};
    const double numbers[] = {measure->value, measure->low, measure->high};
    render_csv_texts(output, texts, sizeof(texts) / sizeof(*texts));
    render_csv_numbers(output, numbers, sizeof(numbers) / sizeof(*numbers));
    output_unsigned(output, measure->samples);
    output_text(output, "\n");
}

void render_csv(const struct report *report, const struct report_heading *heading,
                struct output *output)
{
    output_text(output, "scenario,policy,scope,metric,unit,value,low,high,samples\n");
    for (size_t i = 0; i < report->count; i++)
        render_csv_measure(output, heading->scenario, &report->measures[i]);
}
