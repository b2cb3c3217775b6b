/* SPDX-License-Identifier: GPL-3.0-or-later
   What tables leave for the notes under them: where the intervals come from that they show. */
#include "sim/report/section.h"

#include "tests/test.h"

#include <math.h>
#include <string.h>

/* What stands under the tables is what the intervals shown are from. */
static void evidence_is_named(void **state)
{
    (void)state;
    struct measure measures[] = {
        {"p", "all", "requests", "count", 40, NAN, NAN, 40, NULL, NULL, 0, 0},
        {"p", "all", "mean", "s", 2, 1, 3, 40, NULL, NULL, 0, 20},
        {"p", "all", "p50", "s", 2, NAN, NAN, 40, "no interval: why", NULL, 0, 0},
        {"p", "all", "p99", "s", 2, 1, 3, 40, NULL, NULL, 0, 10},
    };
    struct report report = {.measures = measures, .count = 4, .replications = 1};
    struct report_heading heading = {.scenario = "demo", .seed = 1};
    static const struct {
        size_t replications;
        unsigned sections; /* of p99 */
        const char *text;
    } cases[] = {
        {1, 10, "10 to 20 sections of one trace\np50 of p: no interval: why\n"},
        {20, 20, "20 sections of one trace, as nothing differs between replications\n"},
        {20, 0, "20 replications, or, where nothing differs between them, over 20 sections of one "
                "trace\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        report.replications = cases[i].replications;
        measures[3].sections = cases[i].sections;
        struct output *output = output_to_memory();
        size_t size;
        report_render(&report, &heading, REPORT_TEXT, false, output);
        const char *text = strstr(output_memory(output, &size), "Student's t over ");
        assert_non_null(text);
        text += strlen("Student's t over ");
        if (strncmp(text, cases[i].text, strlen(cases[i].text)) != 0)
            fail_msg("expected '%s', found '%s'", cases[i].text, text);
        output_close(output, true);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(evidence_is_named),
};

TEST_MAIN(tests)
