/* SPDX-License-Identifier: GPL-3.0-or-later
   Problems are printed in the order of their places with line, caret and hint; what could
   harm a terminal is made visible; the nearest word is near enough to be meant. */
#include "sim/config/problem.h"
#include "tests/test.h"

#include <string.h>

static void assert_print(const struct problems *problems, bool color, const char *expected)
{
    struct output *output = output_to_memory();
    size_t size;
    problems_print(problems, output, color);
    assert_string_equal(output_memory(output, &size), expected);
    output_close(output, false);
}

static void problems_come_in_the_order_of_their_places(void **state)
{
    struct source source = {.name = "a.yaml", .base = "", .bytes = "one: 1\n\ttwo: \xc3\xbc x\n",
                            .size = 18};
    struct problems problems = {.count = 0};
    (void)state;
    problem_add(&problems, (struct mark){&source, 2, 7, 2}, "second '%s'", "word");
    problem_hint(&problems, "write %d", 2);
    problem_warn(&problems, (struct mark){&source, 1, 6, 1}, "first");
    problem_add(&problems, (struct mark){&source, 0, 0, 0}, "whole");
    problem_add(&problems, (struct mark){NULL, 0, 0, 0}, "nowhere");
    assert_int_equal(problems.errors, 3);
    assert_print(&problems, false,
                 "a.yaml: error: whole\n"
                 "a.yaml:1:6: warning: first\n"
                 "    1 | one: 1\n"
                 "      |      ^\n"
                 "a.yaml:2:7: error: second 'word'\n"
                 "    2 |  two: \xc3\xbc x\n"
                 "      |       ^~\n"
                 "hint: write 2\n"
                 "error: nowhere\n");
    problems_free(&problems);
    assert_int_equal(problems.count, 0);
}

static void twenty_are_printed_and_the_rest_counted(void **state)
{
    struct problems problems = {.count = 0};
    struct mark nowhere = {.source = NULL};
    (void)state;
    for (int i = 0; i < PROBLEM_LIMIT; i++)
        problem_warn(&problems, nowhere, "warning");
    for (int i = 0; i < PROBLEM_LIMIT + 3; i++) {
        problem_add(&problems, nowhere, "error");
        problem_hint(&problems, "hint %d", i);
    }
    assert_int_equal(problems.errors, PROBLEM_LIMIT + 3);
    struct output *output = output_to_memory();
    size_t size;
    problems_print(&problems, output, false);
    const char *text = output_memory(output, &size);
    assert_null(strstr(text, "warning"));
    assert_null(strstr(text, "hint 20"));
    assert_non_null(strstr(text, "hint 19"));
    assert_string_equal(text + size - strlen("and 3 more errors\n"), "and 3 more errors\n");
    output_close(output, false);
    problems_free(&problems);
}

static void the_first_by_place_are_printed_not_the_first_met(void **state)
{
    struct source source = {.name = "a", .base = "", .bytes = "", .size = 0};
    struct problems problems = {.count = 0};
    char expected[16];
    (void)state;
    for (uint32_t line = 30; line > 0; line--)
        problem_add(&problems, (struct mark){&source, line, 1, 1}, "<%u>", line);
    problem_warn(&problems, (struct mark){&source, 1, 1, 1}, "warning");
    struct output *output = output_to_memory();
    size_t size;
    problems_print(&problems, output, false);
    const char *text = output_memory(output, &size);
    for (unsigned line = 1; line <= 30; line++) {
        snprintf(expected, sizeof expected, "<%u>", line);
        if ((strstr(text, expected) != NULL) != (line <= PROBLEM_LIMIT))
            fail_msg("line %u: %s", line, text);
    }
    assert_null(strstr(text, "warning"));
    assert_string_equal(text + size - strlen("and 10 more errors\n"), "and 10 more errors\n");
    output_close(output, false);
    problems_free(&problems);
}

static void a_thousand_are_kept(void **state)
{
    struct problems problems = {.count = 0};
    struct mark nowhere = {.source = NULL};
    (void)state;
    problem_warn(&problems, nowhere, "warning");
    for (int i = 0; i < PROBLEM_KEPT + 5; i++) {
        problem_add(&problems, nowhere, "error %d", i);
        problem_hint(&problems, "hint %d", i);
    }
    assert_int_equal(problems.count, PROBLEM_KEPT);
    assert_int_equal(problems.errors, PROBLEM_KEPT + 5);
    assert_int_equal(problems.latest, 0);
    assert_string_equal(problems.items[0].message, "error 999");
    assert_string_equal(problems.items[0].hint, "hint 999");
    assert_string_equal(problems.items[PROBLEM_KEPT - 1].hint, "hint 998");
    problems_free(&problems);
}

static void hostile_words_are_made_visible(void **state)
{
    struct source source = {.name = "a\033[31m", .base = "", .bytes = "x\033y\xff z", .size = 6};
    struct problems problems = {.count = 0};
    (void)state;
    problem_add(&problems, (struct mark){&source, 1, 4, 1}, "found '%s'",
                "\033]0;x\a \xe2\x80\xae \xff \t\xc3\xbc");
    assert_print(&problems, false,
                 "a\\x1B[31m:1:4: error: "
                 "found '\\x1B]0;x\\x07 \\xE2\\x80\\xAE \\xFF \\x09\xc3\xbc'\n"
                 "    1 | x\\x1By\\xFF z\n"
                 "      |       ^~~~\n");
    problems_free(&problems);
}

static void long_lines_are_cut_around_the_caret(void **state)
{
    char line[5000];
    struct problems problems = {.count = 0};
    (void)state;
    memset(line, 'x', sizeof line);
    line[2000] = 'Y';
    struct source source = {.name = "a", .base = "", .bytes = line, .size = sizeof line};
    problem_add(&problems, (struct mark){&source, 1, 2001, 4000}, "here");
    struct output *output = output_to_memory();
    size_t size;
    problems_print(&problems, output, false);
    const char *text = output_memory(output, &size);
    assert_true(size < 400);
    const char *caret = strchr(text, '^'), *mark = strchr(text, 'Y');
    assert_non_null(caret);
    assert_non_null(mark);
    const char *mark_line = strchr(text, '\n') + 1, *caret_line = strchr(mark_line, '\n') + 1;
    assert_int_equal(caret - caret_line, mark - mark_line);
    output_close(output, false);
    problems_free(&problems);
}

static void colours_are_an_option(void **state)
{
    struct problems problems = {.count = 0};
    (void)state;
    problem_add(&problems, (struct mark){.source = NULL}, "x");
    assert_print(&problems, true, "\033[1m\033[1;31merror:\033[0m x\n");
    problems_free(&problems);
}

static void the_nearest_word_is_found(void **state)
{
    static const char *const words[] = {"table_size", "rate", "name", "p2c", "jsq", NULL};
    static const struct {
        const char *word, *nearest;
    } rows[] = {{"tabel_size", "table_size"}, {"tablesize", "table_size"}, {"ratee", "rate"},
                {"nmae", "name"},             {"Name", "name"},            {"p2", "p2c"},
                {"x", NULL},                  {"duration", NULL},          {"rat", "rate"},
                {"", NULL},                   {"nmea", NULL}};
    char longest[200];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *found = problem_nearest(rows[i].word, words);
        if (!found != !rows[i].nearest || (found && strcmp(found, rows[i].nearest) != 0))
            fail_msg("%s: found %s", rows[i].word, found ? found : "nothing");
    }
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_null(problem_nearest(longest, words));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(problems_come_in_the_order_of_their_places),
    cmocka_unit_test(twenty_are_printed_and_the_rest_counted),
    cmocka_unit_test(the_first_by_place_are_printed_not_the_first_met),
    cmocka_unit_test(a_thousand_are_kept),
    cmocka_unit_test(hostile_words_are_made_visible),
    cmocka_unit_test(long_lines_are_cut_around_the_caret),
    cmocka_unit_test(colours_are_an_option),
    cmocka_unit_test(the_nearest_word_is_found),
};

TEST_MAIN(tests)
