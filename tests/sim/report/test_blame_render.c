/* SPDX-License-Identifier: GPL-3.0-or-later
   The table of blame, from measures by hand: of the slowest of `p2c` 30 of 40 ms are queueing, of
   all 2 of 8; `thin` has too little evidence. */
#include "sim/report/blame_render.h"
#include "sim/report/facts.h"
#include "tests/sim/report/measures.h"
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add(struct report *report, const char *policy, double p99, double queue)
{
    measures_add(report, policy, "all", "p99", p99, 0);
    measures_add(report, policy, "all", "client_time", 0, 0);
    measures_add(report, policy, "all", "slow1_client_time", 0 * queue, 0);
    measures_add(report, policy, "all", "network_time", 0.002, 0);
    measures_add(report, policy, "all", "slow1_network_time", 0.002 + 0 * queue, 0);
    measures_add(report, policy, "all", "balancer_time", 0, 0);
    measures_add(report, policy, "all", "slow1_balancer_time", 0 * queue, 0);
    measures_add(report, policy, "all", "queue_time", 0.002, 0);
    measures_add(report, policy, "all", "slow1_queue_time", queue, 0);
    measures_add(report, policy, "all", "service_time", 0.004, 0);
    measures_add(report, policy, "all", "slow1_service_time", 0.008 + 0 * queue, 0);
}

static char *print(const struct report *report, enum table_style style)
{
    struct output *output = output_to_memory();
    const struct section_view view = {.report = report, .style = style, .output = output};
    blame_render_print(&view);
    size_t size;
    char *text = strdup(output_memory(output, &size));
    output_close(output, false);
    return text;
}

static void shares_and_words(void **state)
{
    (void)state;
    struct report report = {0};
    add(&report, "p2c", 0.035, 0.030);
    add(&report, "thin", NAN, NAN);
    char *text = print(&report, TABLE_PLAIN);
    assert_string_equal(text,
                        "\nBlame (shares of the time of the slowest 1 %; in brackets: of that of "
                        "all requests)\n"
                        "of the slowest 1 % of p2c (from 35.0ms on), 75.0% of the time was spent "
                        "in the pod's queue, 25.0% over all requests\n"
                        "policy    from        network          queue        service\n"
                        "p2c     35.0ms  5.00% (25.0%)  75.0% (25.0%)  20.0% (50.0%)\n");
    free(text);
    text = print(&report, TABLE_MARKDOWN);
    assert_non_null(strstr(text, "\n- of the slowest 1 % of p2c (from"));
    free(text);
    text = print(&report, TABLE_HTML);
    assert_non_null(strstr(text, "<ul>\n<li>of the slowest 1 % of p2c (from"));
    free(text);
    report_free(&report);
}

static void without_evidence_there_is_none(void **state)
{
    (void)state;
    struct report report = {0};
    add(&report, "thin", NAN, NAN);
    char *text = print(&report, TABLE_PLAIN);
    assert_string_equal(text, "");
    free(text);
    report_free(&report);
}

/* Six policies with p99s of 10, 20 … 60 ms: the first, the last, and the one asked about. */
static void of_many_only_some_have_words(void **state)
{
    (void)state;
    static const char *const names[] = {"a1", "a2", "a3", "a4", "a5", "a6"};
    static const char *const asked[] = {"a4", "gone", NULL};
    const struct report_facts facts = {.asked = asked};
    const struct report_heading heading = {.facts = &facts};
    struct report report = {0};
    for (int i = 0; i < 6; i++)
        add(&report, names[i], 0.01 * (i + 1), 0.030);
    for (size_t count = 5; count <= 6; count++) {
        struct output *output = output_to_memory();
        const struct section_view view = {
            .report = &report, .heading = &heading, .style = TABLE_PLAIN, .output = output};
        report.count = count * 11; /* measures of as many policies */
        blame_render_print(&view);
        size_t size;
        const char *text = output_memory(output, &size);
        for (int i = 0; i < (int)count; i++) {
            char words[32];
            snprintf(words, sizeof words, "1 %% of %s (from", names[i]);
            bool expected = count == 5 || i == 0 || i == 3 || i == 5;
            if ((strstr(text, words) != NULL) != expected)
                fail_msg("expected %s%s\nfound %s", expected ? "" : "no ", words, text);
            snprintf(words, sizeof words, "\n%s ", names[i]);
            assert_non_null(strstr(text, words)); /* its row */
        }
        output_close(output, false);
    }
    report_free(&report);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(shares_and_words),
    cmocka_unit_test(of_many_only_some_have_words),
    cmocka_unit_test(without_evidence_there_is_none),
};

TEST_MAIN(tests)
