/* SPDX-License-Identifier: GPL-3.0-or-later
   The long form: quotes, guarded formulas, empty cells. */
#include "sim/report/render.h"

#include "tests/test.h"

static void test_prints(struct measure *measures, size_t count, const char *scenario,
                        const char *expected)
{
    struct report report = {.measures = measures, .count = count, .replications = 1};
    struct report_heading heading = {.scenario = scenario};
    struct output *output = output_to_memory();
    size_t size;
    report_render(&report, &heading, REPORT_CSV, false, output);
    assert_string_equal(output_memory(output, &size), expected);
    output_close(output, true);
}

static void numbers_are_exact_and_unknown_ones_empty(void **state)
{
    (void)state;
    struct measure measures[] = {
        {"p2c", "all", "p99", "s", 0.1, 0.05, 0.15, 12, NULL, NULL, 0, 0},
        {"p2c", "pod a-1", "utilisation", "ratio", NAN, NAN, NAN, 0, "no data", NULL, 0, 0},
        {"p2c", "all", "max", "s", INFINITY, NAN, NAN, UINT64_MAX, NULL, NULL, 0, 0},
    };
    test_prints(measures, 3, "gray-pod",
                "scenario,policy,scope,metric,unit,value,low,high,samples\n"
                "gray-pod,p2c,all,p99,s,0.1,0.05,0.15,12\n"
                "gray-pod,p2c,pod a-1,utilisation,ratio,,,,0\n"
                "gray-pod,p2c,all,max,s,,,,18446744073709551615\n");
}

static void texts_are_quoted_and_formulas_guarded(void **state)
{
    (void)state;
    static const char *const names[][2] = {
        {"=1+1", "'=1+1"},         {"+x", "'+x"},       {"-x", "'-x"},
        {"@x", "'@x"},             {"\tx", "'\tx"},     {"\rx", "\"'\rx\""},
        {"a,b", "\"a,b\""},        {"a\nb", "\"a\nb\""}, {"\"q\"", "\"\"\"q\"\"\""},
        {"=1,\"x\"", "\"'=1,\"\"x\"\"\""},              {"", ""},
        {"a=b", "a=b"},
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        struct measure measure = {names[i][0], "all", "p50", "s", 1, NAN, NAN, 1, NULL, NULL, 0, 0};
        char expected[200];
        snprintf(expected, sizeof(expected),
                 "scenario,policy,scope,metric,unit,value,low,high,samples\n"
                 "%s,%s,all,p50,s,1,,,1\n",
                 names[i][1], names[i][1]);
        test_prints(&measure, 1, names[i][0], expected);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(numbers_are_exact_and_unknown_ones_empty),
    cmocka_unit_test(texts_are_quoted_and_formulas_guarded),
};

TEST_MAIN(tests)
