/* SPDX-License-Identifier: GPL-3.0-or-later
   Alignment by columns of a terminal, and names that try to be more than text. */
#include "sim/report/table.h"

#include "tests/test.h"

#include <string.h>

static void test_prints(const struct table *table, enum table_style style,
                        const char *expected)
{
    struct output *output = output_to_memory();
    size_t size;
    table_print(table, style, output);
    assert_string_equal(output_memory(output, &size), expected);
    output_close(output, true);
}

static void test_text(const char *text, enum table_style style, const char *expected)
{
    struct output *output = output_to_memory();
    size_t size;
    table_print_text(text, style, output);
    assert_string_equal(output_memory(output, &size), expected);
    output_close(output, true);
}

static void widths_are_those_of_a_terminal(void **state)
{
    (void)state;
    assert_int_equal(table_width(""), 0);
    assert_int_equal(table_width("pod-1"), 5);
    assert_int_equal(table_width("caf\xc3\xa9"), 4);
    assert_int_equal(table_width("cafe\xcc\x81"), 4);         /* combining accent */
    assert_int_equal(table_width("\xe6\x9d\xb1\xe4\xba\xac"), 4); /* two wide ones */
    assert_int_equal(table_width("\xf0\x9f\x9a\x80"), 2);     /* a rocket */
    assert_int_equal(table_width("\xff\x1b"), 2);             /* shown as ?? */
}

static void columns_line_up(void **state)
{
    (void)state;
    struct table table = {.columns = 3, .labels = 1};
    const char *const cells[][2] = {{"policy", ""},    {"p99", ""},      {"max", ""},
                                    {"p2c", ""},       {"1ms", "±2.0%"}, {"5ms", ""},
                                    {"\xe6\x9d\xb1\xe4\xba\xac-round", ""}, {"10.0ms", "±12%"},
                                    {"100ms", ""},     {"x", ""},        {"-", ""}, {"-", ""}};
    for (size_t i = 0; i < sizeof(cells) / sizeof(*cells); i++)
        table_add(&table, cells[i][0], cells[i][1])->bold = i == 4;
    test_prints(&table, TABLE_PLAIN,
                "policy               p99    max\n"
                "p2c            1ms ±2.0%    5ms\n"
                "\xe6\x9d\xb1\xe4\xba\xac-round  10.0ms  ±12%  100ms\n"
                "x                -            -\n");
    test_prints(&table, TABLE_COLOR,
                "policy               p99    max\n"
                "p2c            \033[1m1ms\033[0m ±2.0%    5ms\n"
                "\xe6\x9d\xb1\xe4\xba\xac-round  10.0ms  ±12%  100ms\n"
                "x                -            -\n");
    test_prints(&table, TABLE_MARKDOWN,
                "| policy | p99 | max |\n"
                "| --- | ---: | ---: |\n"
                "| p2c | 1ms ±2.0% | 5ms |\n"
                "| \xe6\x9d\xb1\xe4\xba\xac-round | 10.0ms ±12% | 100ms |\n"
                "| x | - | - |\n");
    table_free(&table);
}

static void a_wide_head_widens_its_column(void **state)
{
    (void)state;
    struct table table = {.columns = 2, .labels = 1};
    table_add(&table, "p", "");
    table_add(&table, "a long head", "");
    table_add(&table, "q", "");
    table_add(&table, "1", "±2%");
    test_prints(&table, TABLE_PLAIN, "p  a long head\nq        1 ±2%\n");
    table_free(&table);
}

static void names_cannot_act(void **state)
{
    (void)state;
    test_text("a\033[31mb\r\n\tc", TABLE_PLAIN, "a?[31mb???c");
    test_text("\xe2\x80\xaepod", TABLE_PLAIN, "?pod"); /* right-to-left override */
    test_text("\xc2\x9b" "1m\xff", TABLE_COLOR, "?1m?");
    test_text("a|b`c<script>&*x*[l](u)~\\\n", TABLE_MARKDOWN,
              "a\\|b\\`c&lt;script&gt;&amp;\\*x\\*\\[l\\](u)\\~\\\\?");
    test_text("envoy.least_request", TABLE_MARKDOWN, "envoy.least_request");
    test_text("a|b<c>", TABLE_PLAIN, "a|b<c>");
}

static void an_empty_table_prints_nothing(void **state)
{
    (void)state;
    struct table table = {.columns = 2, .labels = 1};
    test_prints(&table, TABLE_PLAIN, "");
    test_prints(&table, TABLE_MARKDOWN, "");
    table_free(&table);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(widths_are_those_of_a_terminal),
    cmocka_unit_test(columns_line_up),
    cmocka_unit_test(a_wide_head_widens_its_column),
    cmocka_unit_test(names_cannot_act),
    cmocka_unit_test(an_empty_table_prints_nothing),
};

TEST_MAIN(tests)
