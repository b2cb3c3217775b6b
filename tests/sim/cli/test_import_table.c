/* SPDX-License-Identifier: GPL-3.0-or-later
   Lines of CSV: columns by name, quotes, units, and where bad lines are said to be wrong. */
#include "sim/cli/import_part.h"
#include "tests/test.h"

#include <string.h>

struct fixture {
    struct import_parser parser;
    struct import_fields fields;
    struct import_fault fault;
    struct import_failure failure;
};

static bool begin(struct fixture *fixture, const struct import_order *order,
                  const char *header)
{
    struct import_line line = {.text = header, .size = strlen(header), .number = 1};
    *fixture = (struct fixture){0};
    return import_parser_open(&fixture->parser, order, &fixture->failure) &&
           import_table_header(&fixture->parser, &line, &fixture->failure);
}

static bool parse(struct fixture *fixture, const char *text)
{
    struct import_line line = {.text = text, .size = strlen(text), .number = 2};
    return import_parser_parse(&fixture->parser, &line, &fixture->fields, &fixture->fault);
}

static void good(struct fixture *fixture, const char *text)
{
    if (!parse(fixture, text))
        fail_msg("'%s' was refused at %zu: %s", text, fixture->fault.column,
                 fixture->fault.reason);
}

static void bad(struct fixture *fixture, const char *text, size_t column, const char *reason)
{
    if (parse(fixture, text))
        fail_msg("'%s' was taken", text);
    if (strcmp(fixture->fault.reason, reason) != 0 || fixture->fault.column != column)
        fail_msg("'%s': found %zu %s, expected %zu %s", text, fixture->fault.column,
                 fixture->fault.reason, column, reason);
}

static void assert_text(struct import_text found, const char *expected)
{
    if (found.size != strlen(expected) || memcmp(found.at, expected, found.size) != 0)
        fail_msg("found '%.*s', expected '%s'", (int)found.size, found.at, expected);
}

static void test_nasa(void **state)
{
    (void)state;
    struct fixture f;
    struct import_order order = {.format = import_format_find("nasa")};
    assert_true(begin(&f, &order, "t_s,client,method,path,status,bytes"));
    good(&f, "61,7,GET,\"/a,\"\"b\"\"\",200,99");
    assert_int_equal(f.fields.stamp, 61 * SIM_SECOND);
    assert_int_equal(f.fields.minute, -1);
    assert_text(f.fields.key, "/a,\"b\"");
    assert_text(f.fields.user, "7");
    assert_int_equal(f.fields.size, 99);
    good(&f, "61,7,GET,\"\",200,");
    assert_int_equal(f.fields.size, 0);
    assert_int_equal(f.fields.key.size, 0);
    import_parser_close(&f.parser);
}

static void test_azure_with_other_columns(void **state)
{
    (void)state;
    struct fixture f;
    struct import_order order = {
        .format = import_format_find("azure"),
        .columns = {[IMPORT_SIZE] = "ContextTokens"},
        .demand_unit = 250 * SIM_MICROSECOND,
    };
    assert_true(begin(&f, &order, "TIMESTAMP,ContextTokens,GeneratedTokens"));
    good(&f, "2023-11-16 18:17:03.9799600,4808,10");
    assert_int_equal(f.fields.stamp, INT64_C(1700158623979960000));
    assert_int_equal(f.fields.minute, 17);
    assert_int_equal(f.fields.size, 4808);
    assert_int_equal(f.fields.demand, 2500 * SIM_MICROSECOND);
    import_parser_close(&f.parser);
}

static void test_bad_lines(void **state)
{
    (void)state;
    struct fixture f;
    struct import_order order = {
        .format = import_format_find("csv"),
        .columns = {"t_ms", "k", "s", NULL, "d"},
    };
    assert_false(begin(&f, &order, "t_ms,k,s,d"));
    assert_int_equal(f.failure.status, 2);
    assert_string_equal(f.failure.message, "column 'd' needs a unit");
    import_parser_close(&f.parser);
    order.demand_unit = 1;
    assert_true(begin(&f, &order, "t_ms,k,s,d"));
    good(&f, "1.5,a,2,3");
    assert_int_equal(f.fields.stamp, 1500000);
    bad(&f, "1,a,2", 5, "fewer columns than the header");
    bad(&f, "1,a,2,3,", 9, "more columns than the header");
    bad(&f, ",a,2,3", 1, "the time is empty");
    bad(&f, "nan,a,2,3", 1,
        "the time is neither a number nor like 2023-11-16 18:17:03.9799600");
    bad(&f, "-1,a,2,3", 1, "the time is negative");
    bad(&f, "1,a,x,3", 5, "the size is not a number of at least 0");
    bad(&f, "1,a,-2,3", 5, "the size is not a number of at least 0");
    bad(&f, "1,a,2,", 7, "the demand is not a number of at least 0");
    bad(&f, "1,\"a,2,3", 3, "a quote is missing or in the wrong place");
    bad(&f, "1,\"a\"b,2,3", 3, "a quote is missing or in the wrong place");
    import_parser_close(&f.parser);
}

static void test_units_by_name_or_not_at_all(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        sim_time unit;
    } cases[] = {
        {"t_s", SIM_SECOND}, {"t_ms", SIM_MILLISECOND}, {"t_us", SIM_MICROSECOND},
        {"t_ns", 1}, {"when", 0}, {"t_as", 0}, {"t_", 0}, {"ms", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture f;
        struct import_order order = {.format = import_format_find("csv"),
                                     .columns = {cases[i].header}};
        assert_true(begin(&f, &order, cases[i].header));
        if (f.parser.time_unit != cases[i].unit)
            fail_msg("'%s' is %lld", cases[i].header, (long long)f.parser.time_unit);
        if (cases[i].unit == 0) {
            bad(&f, "12", 1,
                "the time is a plain number, which needs --time-unit s, ms, us or ns");
            good(&f, "2023-11-16 18:17:03");
        }
        import_parser_close(&f.parser);
    }
}

static void test_delimiters(void **state)
{
    (void)state;
    struct fixture f;
    struct import_order order = {.format = import_format_find("csv"),
                                 .columns = {"t_s", "k"}};
    assert_true(begin(&f, &order, "t_s\tk\tx,y"));
    good(&f, "1\ta,b\t");
    assert_text(f.fields.key, "a,b");
    import_parser_close(&f.parser);
    assert_true(begin(&f, &order, "t_s;k"));
    good(&f, "1;\"a;b\"");
    assert_text(f.fields.key, "a;b");
    import_parser_close(&f.parser);
}

static void test_missing_column_names_the_nearest(void **state)
{
    (void)state;
    struct fixture f;
    struct import_order order = {.format = import_format_find("csv"), .columns = {"tmie"}};
    assert_false(begin(&f, &order, "time,key"));
    assert_int_equal(f.failure.status, 3);
    assert_string_equal(f.failure.message, "no column 'tmie' in the header");
    assert_string_equal(f.failure.hint, "did you mean 'time'? columns are time, key");
    import_parser_close(&f.parser);
    order.columns[IMPORT_TIME] = "elsewhere";
    assert_false(begin(&f, &order, "time,key"));
    assert_string_equal(f.failure.hint, "columns are time, key");
    import_parser_close(&f.parser);
}

static void test_very_wide_tables(void **state)
{
    (void)state;
    char header[2 * IMPORT_COLUMNS + 8] = "t_s";
    for (int i = 1; i < IMPORT_COLUMNS; i++)
        strcat(header, ",");
    struct fixture f;
    struct import_order order = {.format = import_format_find("csv"), .columns = {"t_s"}};
    assert_true(begin(&f, &order, header));
    import_parser_close(&f.parser);
    strcat(header, ",");
    assert_false(begin(&f, &order, header));
    assert_string_equal(f.failure.message,
                        "the header cannot be read: more than 256 columns");
    import_parser_close(&f.parser);
}

static void test_orders_that_do_not_suit(void **state)
{
    (void)state;
    static const struct {
        const char *format, *time, *key, *size;
        const char *message;
    } cases[] = {
        {"csv", NULL, NULL, NULL, "format 'csv' needs --time COLUMN"},
        {"azure", "none", NULL, NULL, "format 'azure' needs --time COLUMN"},
        {"common", NULL, "host", NULL, "a log has no column 'host' for the key"},
        {"common", "t", NULL, NULL, "a log has no column 't' to choose"},
        {"nginx", NULL, NULL, "bytes", "a log has no column 'bytes' to choose"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct import_order order = {
            .format = import_format_find(cases[i].format),
            .columns = {cases[i].time, cases[i].key, cases[i].size},
        };
        struct import_parser parser;
        struct import_failure failure;
        assert_false(import_parser_open(&parser, &order, &failure));
        assert_int_equal(failure.status, 2);
        assert_string_equal(failure.message, cases[i].message);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_nasa),
    cmocka_unit_test(test_azure_with_other_columns),
    cmocka_unit_test(test_bad_lines),
    cmocka_unit_test(test_units_by_name_or_not_at_all),
    cmocka_unit_test(test_delimiters),
    cmocka_unit_test(test_missing_column_names_the_nearest),
    cmocka_unit_test(test_very_wide_tables),
    cmocka_unit_test(test_orders_that_do_not_suit),
};
TEST_MAIN(tests)
