/* SPDX-License-Identifier: GPL-3.0-or-later
   The canonical form, byte for byte. */
#include "sim/report/render.h"

#include "tests/test.h"

#include <string.h>

static void test_prints(const struct report *report, const struct report_heading *heading,
                        const char *expected)
{
    struct output *output = output_to_memory();
    size_t size;
    report_render(report, heading, REPORT_JSON, false, output);
    assert_string_equal(output_memory(output, &size), expected);
    output_close(output, true);
}

static void keys_are_sorted_and_unknowns_null(void **state)
{
    (void)state;
    static const char *const notes[] = {"n1", NULL};
    struct measure measures[] = {
        {"p2c", "client \"w\\", "p99", "s", 0.1, 0.05, 0.15, 12, NULL, NULL, 0, 20},
        {"p2c", "all", "p99.9", "s", NAN, NAN, NAN, 3, "insufficient", NULL, 0, 0},
    };
    struct report report = {
        .measures = measures, .count = 2, .replications = 10, .crowded = 1 << SCOPE_CLIENT};
    struct report_heading heading = {.scenario = "demo",
                                     .summary = "a\nb",
                                     .seed = UINT64_MAX,
                                     .version = "0.1.0",
                                     .partial = true,
                                     .notes = notes};
    test_prints(&report, &heading,
                "{\n"
                "  \"measures\": [\n"
                "    {\n"
                "      \"high\": 0.15,\n"
                "      \"low\": 0.05,\n"
                "      \"metric\": \"p99\",\n"
                "      \"note\": null,\n"
                "      \"policy\": \"p2c\",\n"
                "      \"samples\": 12,\n"
                "      \"scope\": \"client \\\"w\\\\\",\n"
                "      \"sections\": 20,\n"
                "      \"unit\": \"s\",\n"
                "      \"value\": 0.1\n"
                "    },\n"
                "    {\n"
                "      \"high\": null,\n"
                "      \"low\": null,\n"
                "      \"metric\": \"p99.9\",\n"
                "      \"note\": \"insufficient\",\n"
                "      \"policy\": \"p2c\",\n"
                "      \"samples\": 3,\n"
                "      \"scope\": \"all\",\n"
                "      \"unit\": \"s\",\n"
                "      \"value\": null\n"
                "    }\n"
                "  ],\n"
                "  \"notes\": [\n"
                "    \"no figures per client group: more than 1000 of them\",\n"
                "    \"n1\"\n"
                "  ],\n"
                "  \"partial\": true,\n"
                "  \"replications\": 10,\n"
                "  \"scenario\": \"demo\",\n"
                "  \"schema\": \"lbsim.report/1\",\n"
                "  \"seed\": 18446744073709551615,\n"
                "  \"summary\": \"a\\nb\",\n"
                "  \"version\": \"0.1.0\"\n"
                "}\n");
}

static void an_empty_report_is_still_whole(void **state)
{
    (void)state;
    struct report report = {0};
    struct report_heading heading = {.scenario = "demo"};
    test_prints(&report, &heading,
                "{\n"
                "  \"measures\": [],\n"
                "  \"notes\": [],\n"
                "  \"partial\": false,\n"
                "  \"replications\": 0,\n"
                "  \"scenario\": \"demo\",\n"
                "  \"schema\": \"lbsim.report/1\",\n"
                "  \"seed\": 0,\n"
                "  \"summary\": null,\n"
                "  \"version\": null\n"
                "}\n");
}

static void an_unknown_seed_is_left_out(void **state)
{
    (void)state;
    struct report report = {0};
    struct report_heading heading = {.scenario = "demo", .seedless = true};
    struct output *output = output_to_memory();
    size_t size;
    report_render(&report, &heading, REPORT_JSON, false, output);
    assert_null(strstr(output_memory(output, &size), "seed"));
    output_close(output, true);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(keys_are_sorted_and_unknowns_null),
    cmocka_unit_test(an_empty_report_is_still_whole),
    cmocka_unit_test(an_unknown_seed_is_left_out),
};

TEST_MAIN(tests)
