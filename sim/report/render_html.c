/* SPDX-License-Identifier: GPL-3.0-or-later
   A report as one page that asks the network for nothing: the answer, figures, tables, what
   happened when, the scenario, where it all comes from. */
#include "sim/report/answer.h"
#include "sim/report/chart.h"
#include "sim/report/html.h"
#include "sim/report/render.h"
#include "sim/report/section.h"
#include "sim/report/svg.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

enum { RENDER_HTML_SPANS_MAX = 200 };
/* With more measures, as of a thousand pods, the page does not hold them all. */
enum { RENDER_HTML_MEASURES_MAX = 20000 };

static void render_html_element(const char *element, const char *text, struct output *output)
{
    output_format(output, "<%s>", element);
    html_text(output, text);
    output_format(output, "</%s>\n", element);
}

static void render_html_open(const struct report_heading *heading, struct output *output)
{
    output_text(output, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                        "<meta name=\"viewport\" content=\"width=device-width\">\n"
                        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
                        "'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
                        "<meta name=\"color-scheme\" content=\"light dark\">\n");
    output_text(output, "<title>");
    html_text(output, heading->scenario);
    output_text(output, " – lbsim</title>\n<style>\n");
    output_text(output, html_style);
    output_text(output, html_style_more);
    output_text(output, "</style>\n</head>\n<body>\n<main>\n");
}

static void render_html_head(const struct report *report, const struct report_heading *heading,
                             struct output *output)
{
    render_html_element("h1", heading->scenario, output);
    if (heading->summary != NULL && heading->summary[0] != '\0')
        render_html_element("p", heading->summary, output);
    output_format(output, "<p class=\"meta\">%zu replication%s", report->replications,
                  report->replications == 1 ? "" : "s");
    if (!heading->seedless)
        output_format(output, ", seed %" PRIu64, heading->seed);
    output_text(output, "</p>\n");
    if (heading->partial)
        output_text(output,
                    "<p class=\"answer partial\">Partial: the run was stopped early.</p>\n");
}

static void render_html_answer(const struct report *report, const struct report_heading *heading,
                               struct output *output)
{
    struct output *text = output_to_memory();
    size_t size;
    answer_write(report, heading, text);
    output_text(output, "<p class=\"answer\">");
    html_text(output, output_memory(text, &size));
    output_text(output, "</p>\n");
    output_close(text, false);
}

/* Each colour once, in the order of the series. */
static void render_html_legend(const struct chart *chart, struct output *output)
{
    bool stack = chart->shape == CHART_STACK;
    if ((chart->shape != CHART_LINES && chart->shape != CHART_POINTS && !stack) ||
        chart->series_count < 2)
        return;
    output_text(output, "<ul class=\"legend\">\n");
    for (size_t i = 0; i < chart->series_count; i++) {
        size_t color = chart->series[i].color, k = 0;
        while (chart->series[k].color != color)
            k++;
        if (k < i)
            continue;
        output_format(output, "<li data-series=\"%zu\" class=\"", color);
        svg_write_class(color, output);
        output_format(output,
                      "\"><svg viewBox=\"0 0 30 10\" aria-hidden=\"true\">%s</svg>",
                      stack ? "<rect class=\"area\" x=\"8\" width=\"14\" height=\"10\"/>"
                            : "<path class=\"curve\" d=\"M0 5L30 5\"/>");
        html_text(output, chart->series[i].name);
        output_text(output, "</li>\n");
    }
    output_text(output, "</ul>\n");
}

static void render_html_figures(const struct chart_source *source, struct output *output)
{
    const struct chart_kind *kind;
    output_text(output, "<h2>Figures</h2>\n");
    for (size_t i = 0; (kind = chart_kind_at(i)) != NULL; i++) {
        struct chart chart = chart_make(kind, source);
        if (chart.empty == NULL) {
            output_format(output, "<figure id=\"%s\">\n", chart.name);
            render_html_element("h3", chart.title, output);
            svg_write(&chart, output);
            render_html_legend(&chart, output);
            render_html_element("figcaption", chart.caption, output);
            output_text(output, "</figure>\n");
        }
        chart_free(&chart);
    }
}

static void render_html_save(const struct report *report, const struct report_heading *heading,
                             struct output *output)
{
    struct output *csv = output_to_memory();
    size_t size;
    render_csv(report, heading, csv);
    const char *bytes = output_memory(csv, &size);
    output_text(output, "<p class=\"save\"><a download=\"metrics.csv\" "
                        "href=\"data:text/csv;charset=utf-8,");
    html_encode(output, bytes, size);
    output_text(output, "\">all figures as CSV</a></p>\n");
    output_close(csv, false);
}

static void render_html_tables(const struct report *report, const struct report_heading *heading,
                               struct output *output)
{
    struct section_view view = {
        .report = report, .heading = heading, .style = TABLE_HTML, .output = output};
    output_text(output, "<h2>Tables</h2>\n");
    section_print_all(&view);
    if (report->count <= RENDER_HTML_MEASURES_MAX)
        render_html_save(report, heading, output);
    output_text(output, "<h2>Notes</h2>\n<ul>\n");
    render_notes(&view);
    output_text(output, "</ul>\n");
    free(view.missing);
}

static void render_html_spans(const struct report_facts *facts, struct output *output)
{
    if (facts == NULL || facts->span_count == 0)
        return;
    output_text(output, "<h2>What happened when</h2>\n<ul>\n");
    for (size_t i = 0; i < facts->span_count && i < RENDER_HTML_SPANS_MAX; i++) {
        const struct facts_span *span = &facts->spans[i];
        char from[FIGURE_SIZE], to[FIGURE_SIZE];
        figure_write(from, FIGURE_TIME, span->from);
        figure_write(to, FIGURE_TIME, span->to);
        output_format(output, "<li>%s", from);
        if (span->to > span->from)
            output_format(output, isfinite(span->to) ? " to %s" : " to the end", to);
        output_text(output, ": ");
        html_text(output, span->text);
        output_text(output, "</li>\n");
    }
    output_text(output, "</ul>\n");
}

static void render_html_origin(const struct report_heading *heading, struct output *output)
{
    const struct report_facts *facts = heading->facts;
    if (facts != NULL && facts->resolved != NULL) {
        output_text(output, "<section class=\"scenario\">\n<h2>Scenario</h2>\n<details>\n"
                            "<summary>resolved, with every default</summary>\n<pre>");
        html_text(output, facts->resolved);
        output_text(output, "</pre>\n</details>\n</section>\n");
    }
    output_text(output, "</main>\n<footer>\n<h2>Where this comes from</h2>\n<p>lbsim ");
    html_text(output, heading->version ? heading->version : "of an unknown version");
    if (facts != NULL && facts->compiler != NULL) {
        output_text(output, "; ");
        html_text(output, facts->compiler);
        output_text(output, "; ");
        html_text(output, facts->libraries);
    }
    output_text(output, ". A simulation: it tells algorithms apart under the conditions described "
                        "in the scenario. The same version, scenario and seed give the same "
                        "figures; run.json beside this page can be run again.</p>\n</footer>\n");
}

void render_html(const struct report *report, const struct report_heading *heading,
                 struct output *output)
{
    struct chart_source source = {.report = report, .heading = heading};
    render_html_open(heading, output);
    render_html_head(report, heading, output);
    if (report->count > 0) {
        render_html_answer(report, heading, output);
        render_html_figures(&source, output);
        render_html_tables(report, heading, output);
    } else {
        output_text(output, "<p class=\"answer\">Nothing was measured.</p>\n");
    }
    render_html_spans(heading->facts, output);
    render_html_origin(heading, output);
    output_text(output, "<script>\n");
    output_text(output, html_script);
    output_text(output, "</script>\n</body>\n</html>\n");
}
