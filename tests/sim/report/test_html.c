/* SPDX-License-Identifier: GPL-3.0-or-later
   Pages: whatever a name holds stays text, the network is not asked, tables are there twice. */
#include "sim/report/html.h"

#include "sim/report/facts.h"
#include "sim/report/svg.h"
#include "sim/report/table.h"
#include "tests/sim/report/measures.h"
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#define EVIL "</title><script>x</script>\"'&\n\xff\xe2\x80\xae=cmd"
#define EVIL_TEXT "&lt;/title&gt;&lt;script&gt;x&lt;/script&gt;&quot;&#39;&amp;\n?" "?=cmd"

static void html_is(const char *text, const char *expected)
{
    struct output *output = output_to_memory();
    size_t size;
    html_text(output, text);
    assert_string_equal(output_memory(output, &size), expected);
    output_close(output, true);
}

static void text_stays_text(void **state)
{
    (void)state;
    html_is("p2c ü 漢", "p2c ü 漢");
    html_is(EVIL, EVIL_TEXT);
    html_is("a\x01" "b\x1b[1m", "a?b?[1m");
}

static void files_are_percent_encoded(void **state)
{
    (void)state;
    static const char bytes[] = "a,1\r\n\"#%ü\"";
    struct output *output = output_to_memory();
    size_t size;
    html_encode(output, bytes, sizeof(bytes) - 1);
    assert_string_equal(output_memory(output, &size), "a,1%0D%0A%22%23%25%C3%BC%22");
    output_close(output, true);
}

/* The CSV has base units, limits where there is an interval, and defused names. */
static void tables_can_be_saved(void **state)
{
    (void)state;
    struct measure sure = {.unit = "s", .value = 0.0412, .low = 0.04, .high = 0.0424};
    struct measure thin = {
        .unit = "s", .value = (double)NAN, .low = (double)NAN, .high = (double)NAN};
    struct table table = {.title = "Latency (all)", .columns = 2, .labels = 1};
    table_add(&table, "policy", "");
    table_add(&table, "p99", "");
    table_add(&table, "=1+1", "");
    struct table_cell *cell = table_add(&table, "41.2ms", "±2.9%");
    cell->measure = &sure;
    cell->bold = true;
    table_add(&table, "<b>", "");
    table_add(&table, "-", "")->measure = &thin;
    struct output *output = output_to_memory();
    size_t size;
    table_print(&table, TABLE_HTML, output);
    assert_string_equal(
        output_memory(output, &size),
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Latency (all)\">\n"
        "<table>\n<caption class=\"hidden\">Latency (all)</caption>\n<thead>\n"
        "<tr><th scope=\"col\" class=\"label\">policy</th><th scope=\"col\">p99</th></tr>\n"
        "</thead>\n<tbody>\n"
        "<tr><th scope=\"row\">=1+1</th><td class=\"best\">41.2ms "
        "<span class=\"half\">±2.9%</span></td></tr>\n"
        "<tr><th scope=\"row\">&lt;b&gt;</th><td>-</td></tr>\n"
        "</tbody>\n</table>\n</div>\n"
        "<p class=\"save\"><a download=\"latency.csv\" href=\"data:text/csv;charset=utf-8,"
        "policy,p99%20%28s%29,p99%20low%20%28s%29,p99%20high%20%28s%29%0D%0A"
        "%27%3D1%2B1,0.0412,0.04,0.0424%0D%0A%3Cb%3E,,,%0D%0A\">this table as CSV</a></p>\n");
    output_close(output, true);
    table_free(&table);
}

/* How often `word` occurs. */
static size_t html_count(const char *page, const char *word)
{
    size_t count = 0;
    for (const char *at = page; (at = strstr(at, word)) != NULL; at++)
        count++;
    return count;
}

static char *html_page(const struct report *report, const struct report_heading *heading)
{
    struct output *output = output_to_memory();
    size_t size;
    report_render(report, heading, REPORT_HTML, false, output);
    char *page = strdup(output_memory(output, &size));
    output_close(output, true);
    return page;
}

static void pages_hold_hostile_names(void **state)
{
    (void)state;
    static const struct curve_point points[] = {{0.01, 1000}, {0.02, 500}, {0.2, 10}, {0.4, 0}};
    struct curve curves[] = {{EVIL, "all", points, 4}};
    static const struct facts_span spans[] = {{1, 2, EVIL}};
    static const struct facts_timeout timeouts[] = {{EVIL, 0.1}};
    const struct report_facts facts = {.spans = spans, .span_count = 1, .timeouts = timeouts,
                                       .timeout_count = 1, .resolved = EVIL, .compiler = EVIL,
                                       .libraries = EVIL};
    const char *const notes[] = {EVIL, NULL};
    const struct report_heading heading = {.scenario = EVIL, .summary = EVIL, .version = EVIL,
                                           .notes = notes, .facts = &facts};
    struct report report = {.replications = 10, .curves = curves, .curve_count = 1};
    measures_add(&report, EVIL, "all", "requests", 1000, 0);
    measures_add(&report, EVIL, "all", "p99", 0.1, 0.01);
    measures_add(&report, EVIL, "all", "utilisation", 0.5, 0);
    measures_add(&report, EVIL, "pod " EVIL, "utilisation", 0.5, 0);
    measures_add(&report, EVIL, "window 0s..2s", "p99", 0.5, 0);
    measures_add(&report, EVIL, "change " EVIL, "churn_moved", 0.5, 0);
    measures_add(&report, EVIL, "change " EVIL, "churn_keys", 5, 0);
    report.measures[report.count - 1].note = EVIL;
    char *page = html_page(&report, &heading);
    assert_true(html_count(page, "&lt;script&gt;") > 20);
    assert_int_equal(html_count(page, "<script"), 1);
    assert_int_equal(html_count(page, "</title><script"), 0);
    assert_int_equal(html_count(page, "<figure"), 6);
    assert_int_equal(html_count(page, "<svg viewBox=\"0 0 800"), 6);
    assert_int_equal(html_count(page, "http:") + html_count(page, "https:"), 0);
    assert_int_equal(html_count(page, " src=") + html_count(page, "<link"), 0);
    assert_int_equal(html_count(page, "nan"), 0);
    free(page);
    free(report.measures);
    arena_free(&report.arena);
}

static void pages_of_nothing_say_so(void **state)
{
    (void)state;
    struct report report = {0};
    const struct report_heading heading = {.scenario = "demo", .partial = true};
    char *page = html_page(&report, &heading);
    assert_int_equal(html_count(page, "Nothing was measured."), 1);
    assert_int_equal(html_count(page, "Partial: the run was stopped early."), 1);
    assert_int_equal(html_count(page, "<figure"), 0);
    free(page);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(text_stays_text),
    cmocka_unit_test(files_are_percent_encoded),
    cmocka_unit_test(tables_can_be_saved),
    cmocka_unit_test(pages_hold_hostile_names),
    cmocka_unit_test(pages_of_nothing_say_so),
};
TEST_MAIN(tests)
