/* SPDX-License-Identifier: GPL-3.0-or-later
   A family of comparisons in its four forms. */
#include "sim/report/compare_render.h"

#include "tests/sim/report/replicated.h"

#include <string.h>

enum { RUNS = 10 };

/* b is 20 % below a in every replication, c has too little evidence. */
static void render(enum report_format format, bool gated, char *to, size_t room)
{
    static const char *const best[] = {"b", NULL}, *const notes[] = {"only here: c", NULL};
    static const struct compare_leaders leaders = {"p99", best};
    struct replicated measures = {0};
    struct compare_family family = {.margin = 0.02};
    double values[RUNS];
    for (int i = 0; i < RUNS; i++)
        values[i] = replicated_plain[i] * (i % 2 ? 0.8 : 0.8001);
    const struct measure *a = replicated_add(&measures, "a", replicated_plain, RUNS);
    const struct measure *b = replicated_add(&measures, "b", values, RUNS);
    struct measure *c = replicated_add(&measures, "c", values, RUNS);
    c->value = NAN;
    c->note = "insufficient";
    compare_add(&family, a, b, true);
    compare_add(&family, a, c, true);
    compare_settle(&family);
    struct compare_heading heading = {.what = "demo: policies against a", .gated = gated,
                                      .pairing = "paired by replication", .paired = true,
                                      .leaders = &leaders, .leader_count = 1,
                                      .notes = notes};
    struct output *output = output_to_memory();
    compare_render(&family, &heading, format, false, output);
    size_t size;
    const char *text = output_memory(output, &size);
    assert_true(size < room);
    memcpy(to, text, size + 1);
    output_close(output, false);
    compare_free(&family);
}

static void assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("'%s' is missing in:\n%s", part, text);
}

static void text_says_what_is_certain(void **state)
{
    (void)state;
    char text[8192];
    render(REPORT_TEXT, false, text, sizeof text);
    assert_has(text, "demo: policies against a\n\n"
                     "metric  policy  against  value  baseline  change");
    assert_has(text, "p99     b       a        800ms     1.00s  -20.0%  -20.0% to -20.0%  "
                     "<0.001  lower (better)\n");
    assert_has(text, "\namong the best by p99: b\nonly here: c\n"
                     "paired by replication; 10 replications\n");
    assert_has(text, "for the 1 comparison made here; equal: within 2 %");
    assert_has(text, "p99 of c: insufficient\n");
    assert_null(strstr(text, "gate"));
    render(REPORT_TEXT, true, text, sizeof text);
    assert_has(text, "lower (better)       pass\n");
    assert_has(text, "-  undecided\n");
}

static void markdown_is_a_table(void **state)
{
    (void)state;
    char text[8192];
    render(REPORT_MARKDOWN, false, text, sizeof text);
    assert_has(text, "### demo: policies against a\n\n| metric | policy | against |");
    assert_has(text, "| p99 | b | a | 800ms |");
    assert_has(text, "\n- paired by replication; 10 replications\n");
}

static void json_has_every_number(void **state)
{
    (void)state;
    char text[8192];
    render(REPORT_JSON, true, text, sizeof text);
    assert_has(text, "\"schema\": \"lbsim.compare/1\"");
    assert_has(text, "\"form\": \"ratio\"");
    assert_has(text, "\"metric\": \"p99\",\n      \"policies\": [\n        \"b\"\n      ]\n");
    assert_has(text, "\"notes\": [\n    \"only here: c\"\n  ]");
    assert_has(text, "\"verdict\": \"lower\"");
    assert_has(text, "\"better\": \"candidate\"");
    assert_has(text, "\"gate\": \"undecided\"");
    assert_has(text, "\"verdict\": null");
    assert_has(text, "\"paired\": true");
    assert_has(text, "\"family\": 1");
}

static void csv_has_a_line_for_each(void **state)
{
    (void)state;
    char text[8192];
    render(REPORT_CSV, false, text, sizeof text);
    assert_has(text, "metric,scope,policy,baseline,unit,form,value,low,high,");
    assert_has(text, "\np99,all,b,a,s,ratio,0.8000");
    assert_has(text, ",lower\n");
    assert_has(text, "\np99,all,c,a,s,ratio,,,,,,,,,\n");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(text_says_what_is_certain),
    cmocka_unit_test(markdown_is_a_table),
    cmocka_unit_test(json_has_every_number),
    cmocka_unit_test(csv_has_a_line_for_each),
};

TEST_MAIN(tests)
