/* SPDX-License-Identifier: GPL-3.0-or-later
   Lines of access logs: what is taken from good ones, and where bad ones are said to be
   wrong. */
#include "sim/cli/import_part.h"
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#define HEAD "10.0.0.1 - - [17/May/2015:10:05:03 +0000] "
#define GET HEAD "\"GET /a?b=c HTTP/1.1\" 200 12"

static struct import_fields fields;
static struct import_fault fault;

static bool parse(const char *format, const char *key, const char *text)
{
    struct import_order order = {.format = import_format_find(format),
                                 .columns = {[IMPORT_KEY] = key}};
    struct import_failure failure;
    struct import_parser parser;
    assert_true(import_parser_open(&parser, &order, &failure));
    struct import_line line = {.text = text, .size = strlen(text), .number = 1};
    bool is_good = import_parser_parse(&parser, &line, &fields, &fault);
    import_parser_close(&parser);
    return is_good;
}

static void good(const char *format, const char *key, const char *text)
{
    if (!parse(format, key, text))
        fail_msg("'%s' was refused at %zu: %s", text, fault.column, fault.reason);
}

static void assert_text(struct import_text found, const char *expected)
{
    if (found.size != strlen(expected) || memcmp(found.at, expected, found.size) != 0)
        fail_msg("found '%.*s', expected '%s'", (int)found.size, found.at, expected);
}

static void test_common_gives_all(void **state)
{
    (void)state;
    good("common", NULL, GET);
    assert_int_equal(fields.stamp, INT64_C(1431857103000000000));
    assert_int_equal(fields.minute, 5);
    assert_text(fields.key, "/a");
    assert_text(fields.user, "10.0.0.1");
    assert_int_equal(fields.size, 12);
}

static void test_forms_of_the_key(void **state)
{
    (void)state;
    good("common", "path", GET);
    assert_text(fields.key, "/a");
    good("common", "query", GET);
    assert_text(fields.key, "/a?b=c");
    good("common", "client", GET);
    assert_text(fields.key, "10.0.0.1");
}

static void test_odd_but_good_lines(void **state)
{
    (void)state;
    good("common", NULL, HEAD "\"GET /a b c HTTP/1.1\" 304 -");
    assert_text(fields.key, "/a b c");
    assert_int_equal(fields.size, 0);
    good("common", NULL, HEAD "\"GET /old\" 200 1");
    assert_text(fields.key, "/old");
    good("common", NULL, HEAD "\"GET /q\\\"uote HTTP/1.0\" 200 1");
    assert_text(fields.key, "/q\\\"uote");
    good("common", NULL,
         "2001:db8::1 - Jane Doe [17/May/2015:12:35:03 +0230] \"GET / HTTP/2.0\" 200 1");
    assert_int_equal(fields.stamp, INT64_C(1431857103000000000));
    assert_int_equal(fields.minute, 35);
    assert_text(fields.user, "2001:db8::1");
    good("combined", NULL, GET " \"-\" \"agent \\\" with quote\" \"10.1.2.3\" extra");
}

static void test_nginx_bare_and_named(void **state)
{
    (void)state;
    static const char *const tails[] = {
        " 0.123 10.0.0.7:8080", " rt=0.123 ua=\"10.0.0.7:8080\"",
        " \"10.1.2.3\" 0.123 10.0.0.7:8080", " ua=10.0.0.7:8080 uct=9 rt=0.123",
        " request_time=0.123 upstream_addr=\"10.0.0.7:8080\"",
    };
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        char line[256];
        snprintf(line, sizeof line, "%s \"-\" \"agent\"%s", GET, tails[i]);
        good("nginx", NULL, line);
        assert_int_equal(fields.demand, 123000000);
        assert_text(fields.upstream, "10.0.0.7:8080");
    }
    good("nginx", NULL, GET " \"-\" \"agent\" 0.000 -");
    assert_int_equal(fields.demand, 0);
    assert_text(fields.upstream, "-");
}

static void test_bad_lines(void **state)
{
    (void)state;
    static const struct {
        const char *format, *text, *reason;
        size_t column;
    } bad[] = {
        {"common", " x", "no client address", 1},
        {"common", "hello world", "no time in brackets", 6},
        {"common", "1.2.3.4 - - [17/May/2015]",
         "time is not [day/Mon/year:hour:minute:second zone]", 13},
        {"common", "1.2.3.4 - - [31/Feb/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1",
         "time is not [day/Mon/year:hour:minute:second zone]", 13},
        {"common", "1.2.3.4 - - [17/Foo/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1",
         "time is not [day/Mon/year:hour:minute:second zone]", 13},
        {"common", "1.2.3.4 - - [17/May/2015:10:05:03 +0000",
         "time is not [day/Mon/year:hour:minute:second zone]", 13},
        {"common", HEAD "200 1", "no quoted request line after the time", 43},
        {"common", HEAD "\"GET / HTTP/1.1 200 1", "the request line has no closing quote", 43},
        {"common", HEAD "\"GET / HTTP/1.1\\", "the request line has no closing quote", 43},
        {"common", HEAD "\"-\" 408 -", "the request line is not METHOD PATH", 43},
        {"common", HEAD "\"\" 400 0", "the request line is not METHOD PATH", 43},
        {"common", HEAD "\"GET  HTTP/1.1\" 400 0", "the request line is not METHOD PATH", 43},
        {"common", HEAD "\"GET / HTTP/1.1\" 20 1",
         "the status is not a number of three digits", 60},
        {"common", HEAD "\"GET / HTTP/1.1\"",
         "the status is not a number of three digits", 59},
        {"common", HEAD "\"GET / HTTP/1.1\" 200 x1",
         "the size is neither a number nor a dash", 64},
        {"common", HEAD "\"GET / HTTP/1.1\" 200 -5",
         "the size is neither a number nor a dash", 64},
        {"common", HEAD "\"GET / HTTP/1.1\" 200 1 \"-\" \"-\"", "more after the size", 65},
        {"combined", HEAD "\"GET / HTTP/1.1\" 200 1", "no quoted referrer after the size", 65},
        {"combined", HEAD "\"GET / HTTP/1.1\" 200 1 \"-\"",
         "no quoted agent after the referrer", 69},
        {"combined", HEAD "\"GET / HTTP/1.1\" 200 1 \"-\" \"cut",
         "no quoted agent after the referrer", 70},
        {"nginx", HEAD "\"GET / HTTP/1.1\" 200 1 \"-\" \"-\"",
         "no request time after the agent", 73},
        {"nginx", HEAD "\"GET / HTTP/1.1\" 200 1 \"-\" \"-\" - -",
         "no request time after the agent", 73},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (parse(bad[i].format, NULL, bad[i].text))
            fail_msg("'%s' was taken", bad[i].text);
        if (strcmp(fault.reason, bad[i].reason) != 0 || fault.column != bad[i].column)
            fail_msg("'%s': found %zu %s, expected %zu %s", bad[i].text, fault.column,
                     fault.reason, bad[i].column, bad[i].reason);
    }
}

static void test_every_cut_of_a_line_is_safe(void **state)
{
    (void)state;
    static const char whole[] = GET " \"-\" \"agent\" rt=0.123 ua=\"10.0.0.7:8080\"";
    for (size_t size = 0; size < sizeof whole; size++) {
        char *cut = strndup(whole, size); /* exact size, so that a sanitizer sees over-reads */
        assert_non_null(cut);
        bool is_good = parse("nginx", NULL, cut);
        if (is_good != (size >= strlen(GET " \"-\" \"agent\" rt=0")) ||
            (!is_good && fault.column > size + 1))
            fail_msg("cut at %zu: %d, %s at %zu", size, is_good, fault.reason, fault.column);
        free(cut);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_common_gives_all),     cmocka_unit_test(test_forms_of_the_key),
    cmocka_unit_test(test_odd_but_good_lines),   cmocka_unit_test(test_nginx_bare_and_named),
    cmocka_unit_test(test_bad_lines),            cmocka_unit_test(test_every_cut_of_a_line_is_safe),
};
TEST_MAIN(tests)
