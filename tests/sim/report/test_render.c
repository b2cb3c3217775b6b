/* SPDX-License-Identifier: GPL-3.0-or-later
   The report for people, word for word. */
#include "sim/report/render.h"

#include "tests/sim/report/rows.h"
#include "tests/test.h"

#include <string.h>

/* Ten runs of 400 requests, of which every hundredth is given up after 1 s; policy `name`
   serves in 1 … 99 ms times `slow`, and 1 ms longer in odd runs. */
static void test_add_policy(struct report *report, const char *name, const char *client,
                            int slow)
{
    enum { RUNS = 10, ROWS = 400 };
    struct roster roster;
    struct tally *tallies[RUNS];
    rows_roster(&roster);
    roster.measure_begin = 0;
    roster.measure_end = 10 * SIM_SECOND;
    uint32_t other = roster_client(&roster, client);
    for (int r = 0; r < RUNS; r++) {
        tallies[r] = tally_open(&roster);
        for (int i = 0; i < ROWS; i++) {
            sim_time service = (slow * (i % 100) + r % 2) * SIM_MILLISECOND;
            struct trace_row row = rows_ok(i * SIM_MILLISECOND, (uint32_t)i % 3, 0, service);
            row.client = (uint16_t)(i % 2 == 0 ? 0 : other);
            if (i % 100 == 0) {
                row.outcome = OUTCOME_TIMEOUT;
                row.served = row.ended = row.due + SIM_SECOND;
            }
            tally_rows(tallies[r], &row, 1);
        }
    }
    report_add_policy(report, name, tallies, RUNS);
    for (int r = 0; r < RUNS; r++)
        tally_free(tallies[r]);
    roster_free(&roster);
}

static void test_prints(const struct report *report, const struct report_heading *heading,
                        enum report_format format, bool color, const char *expected)
{
    struct output *output = output_to_memory();
    size_t size;
    report_render(report, heading, format, color, output);
    assert_string_equal(output_memory(output, &size), expected);
    output_close(output, true);
}

static const char *const test_notes[] = {"load is 0.95: long queues", NULL};

static const char test_text[] =
    "demo: Which one?\n"
    "10 replications, seed 7\n"
    "\n"
    "policy  requests  errors          mean           p50           p90      "
    "    p99  p99.9    max\n"
    "random      4000   1.00%   109ms ±0.3%   101ms ±0.4%   181ms ±0.2%  199m"
    "s ±0.2%      -  1.00s\n"
    "p2c         4000   1.00%  60.0ms ±0.6%  51.0ms ±0.8%  91.0ms ±0.4%  100m"
    "s ±0.4%      -  1.00s\n"
    "\n"
    "Where the time goes (means)\n"
    "policy  client  network  balancer  queue  service\n"
    "random  1.00ns   11.9ns    5.00ns      0    109ms\n"
    "p2c     1.00ns   11.9ns    5.00ns      0   60.0ms\n"
    "\n"
    "Blame (shares of the time of the slowest 1 %; in brackets: of that of all requests)\n"
    "of the slowest 1 % of random (from 199ms on), 100% of the time was spent in service,"
    " 100% over all requests\n"
    "of the slowest 1 % of p2c (from 100ms on), 100% of the time was spent in service, 100%"
    " over all requests\n"
    "policy   from      service\n"
    "random  199ms  100% (100%)\n"
    "p2c     100ms  100% (100%)\n"
    "\n"
    "Load over the pods (Jain's index: 1 is even; random: that of even random"
    " dispatch)\n"
    "policy  utilisation  busiest  max/mean    Jain  max/mean req  Jain req  "
    "random\n"
    "random         122%     153%      1.25  0.9190          1.00    1.0000  "
    "0.9950\n"
    "p2c           67.2%    87.0%      1.29  0.9120          1.00    1.0000  "
    "0.9950\n"
    "\n"
    "Errors by kind\n"
    "policy  timeout\n"
    "random    1.00%\n"
    "p2c       1.00%\n"
    "\n"
    "Clients\n"
    "policy  client  requests  errors          mean     p50  p99  p99.9    ma"
    "x\n"
    "random  batch       2000       0   101ms ±0.4%  99.0ms    -      -  199m"
    "s\n"
    "random  web         2000   2.00%   118ms ±0.3%   101ms    -      -  1.00"
    "s\n"
    "p2c     batch       2000       0  50.5ms ±0.7%  50.0ms    -      -  100m"
    "s\n"
    "p2c     web         2000   2.00%  69.5ms ±0.5%  51.0ms    -      -  1.00"
    "s\n"
    "\n"
    "Pod groups\n"
    "policy  group  attempts          mean  p99  utilisation\n"
    "random  a          2670   111ms ±0.3%    -         148%\n"
    "random  b          1330   107ms ±0.3%    -        71.3%\n"
    "p2c     a          2670  61.2ms ±0.6%    -        81.7%\n"
    "p2c     b          1330  57.6ms ±0.6%    -        38.3%\n"
    "\n"
    "Mean over time (of the worst window from then to the next column)\n"
    "policy     0ms  1000ms  2000ms  3000ms  4000ms  5000ms  6000ms  7000ms  8"
    "000ms  9000ms\n"
    "random   109ms       -       -       -       -       -       -       -     "
    "  -       -\n"
    "p2c     60.0ms       -       -       -       -       -       -       -     "
    "  -       -\n"
    "\n"
    "Errors over time (likewise)\n"
    "policy    0ms  1000ms  2000ms  3000ms  4000ms  5000ms  6000ms  7000ms  80"
    "00ms  9000ms\n"
    "random  1.00%       -       -       -       -       -       -       -      "
    " -       -\n"
    "p2c     1.00%       -       -       -       -       -       -       -      "
    " -       -\n"
    "\n"
    "±: half of the 95 % confidence interval, relative to the value; Student'"
    "s t over 10 replications\n"
    "p99.9 of random: insufficient: 4 effective exceedances of 30\n"
    "p99.9 of p2c: insufficient: 4 effective exceedances of 30\n"
    "p99 of random, client batch: insufficient: 9 effective exceedances of 30"
    "\n"
    "p99.9 of random, client batch: insufficient: 2 effective exceedances of "
    "30\n"
    "p99 of random, client web: insufficient: 20 effective exceedances of 30"
    "\n"
    "p99.9 of random, client web: insufficient: 2 effective exceedances of 30"
    "\n"
    "p99 of p2c, client batch: insufficient: 9 effective exceedances of 30\n"
    "p99.9 of p2c, client batch: insufficient: 2 effective exceedances of 30"
    "\n"
    "p99 of p2c, client web: insufficient: 20 effective exceedances of 30\n"
    "p99.9 of p2c, client web: insufficient: 2 effective exceedances of 30\n"
    "p99 of random, group a: insufficient: 26 effective exceedances of 30\n"
    "p99 of random, group b: insufficient: 13 effective exceedances of 30\n"
    "2 more values are missing likewise\n"
    "load is 0.95: long queues\n";

static void text_is_as_expected(void **state)
{
    (void)state;
    struct report report = {0};
    struct report_heading heading = {
        .scenario = "demo", .summary = "Which one?", .seed = 7, .notes = test_notes};
    test_add_policy(&report, "random", "batch", 2);
    test_add_policy(&report, "p2c", "batch", 1);
    test_prints(&report, &heading, REPORT_TEXT, false, test_text);
    report_free(&report);
}

static const char test_markdown[] =
    "### a\\|b\n"
    "\n"
    "&lt;b&gt;\\`x\\`\n"
    "\n"
    "10 replications, seed 7, lbsim 0.1.0; partial: the run was stopped early"
    "\n"
    "\n"
    "For this traffic the p99 of p\\|2\\`c is 100ms ±0.4%. 1.00% of the requests"
    " failed.\n"
    "\n"
    "| policy | requests | errors | mean | p50 | p90 | p99 | p99.9 | max |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
    "| p\\|2\\`c | 4000 | 1.00% | 60.0ms ±0.6% | 51.0ms ±0.8% | 91.0ms ±0.4% "
    "| 100ms ±0.4% | - | 1.00s |\n"
    "\n"
    "**Where the time goes (means)**\n"
    "\n"
    "| policy | client | network | balancer | queue | service |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: |\n"
    "| p\\|2\\`c | 1.00ns | 11.9ns | 5.00ns | 0 | 60.0ms |\n"
    "\n"
    "**Blame (shares of the time of the slowest 1 %; in brackets: of that of all requests)**\n"
    "\n"
    "- of the slowest 1 % of p\\|2\\`c (from 100ms on), 100% of the time was spent in service,"
    " 100% over all requests\n"
    "\n"
    "| policy | from | service |\n"
    "| --- | ---: | ---: |\n"
    "| p\\|2\\`c | 100ms | 100% (100%) |\n"
    "\n"
    "**Load over the pods (Jain's index: 1 is even; random: that of even rand"
    "om dispatch)**\n"
    "\n"
    "| policy | utilisation | busiest | max/mean | Jain | max/mean req | Jain"
    " req | random |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
    "| p\\|2\\`c | 67.2% | 87.0% | 1.29 | 0.9120 | 1.00 | 1.0000 | 0.9950 |\n"
    "\n"
    "**Errors by kind**\n"
    "\n"
    "| policy | timeout |\n"
    "| --- | ---: |\n"
    "| p\\|2\\`c | 1.00% |\n"
    "\n"
    "**Clients**\n"
    "\n"
    "| policy | client | requests | errors | mean | p50 | p99 | p99.9 | max |"
    "\n"
    "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
    "| p\\|2\\`c | a&lt;b&gt;? | 2000 | 0 | 50.5ms ±0.7% | 50.0ms | - | - | 1"
    "00ms |\n"
    "| p\\|2\\`c | web | 2000 | 2.00% | 69.5ms ±0.5% | 51.0ms | - | - | 1.00s"
    " |\n"
    "\n"
    "**Pod groups**\n"
    "\n"
    "| policy | group | attempts | mean | p99 | utilisation |\n"
    "| --- | --- | ---: | ---: | ---: | ---: |\n"
    "| p\\|2\\`c | a | 2670 | 61.2ms ±0.6% | - | 81.7% |\n"
    "| p\\|2\\`c | b | 1330 | 57.6ms ±0.6% | - | 38.3% |\n"
    "\n"
    "**Mean over time (of the worst window from then to the next column)**\n"
    "\n"
    "| policy | 0ms | 1000ms | 2000ms | 3000ms | 4000ms | 5000ms | 6000ms | 70"
    "00ms | 8000ms | 9000ms |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---"
    ": |\n"
    "| p\\|2\\`c | 60.0ms | - | - | - | - | - | - | - | - | - |\n"
    "\n"
    "**Errors over time (likewise)**\n"
    "\n"
    "| policy | 0ms | 1000ms | 2000ms | 3000ms | 4000ms | 5000ms | 6000ms | 70"
    "00ms | 8000ms | 9000ms |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---"
    ": |\n"
    "| p\\|2\\`c | 1.00% | - | - | - | - | - | - | - | - | - |\n"
    "\n"
    "- ±: half of the 95 % confidence interval, relative to the value; Studen"
    "t's t over 10 replications\n"
    "- p99.9 of p\\|2\\`c: insufficient: 4 effective exceedances of 30\n"
    "- p99 of p\\|2\\`c, client a&lt;b&gt;?: insufficient: 9 effective exceed"
    "ances of 30\n"
    "- p99.9 of p\\|2\\`c, client a&lt;b&gt;?: insufficient: 2 effective exce"
    "edances of 30\n"
    "- p99 of p\\|2\\`c, client web: insufficient: 20 effective exceedances o"
    "f 30\n"
    "- p99.9 of p\\|2\\`c, client web: insufficient: 2 effective exceedances "
    "of 30\n"
    "- p99 of p\\|2\\`c, group a: insufficient: 26 effective exceedances of 3"
    "0\n"
    "- p99 of p\\|2\\`c, group b: insufficient: 13 effective exceedances of 3"
    "0\n"
    "- load is 0.95: long queues\n";

static void markdown_is_as_expected(void **state)
{
    (void)state;
    struct report report = {0};
    struct report_heading heading = {.scenario = "a|b",
                                     .summary = "<b>`x`",
                                     .seed = 7,
                                     .version = "0.1.0",
                                     .partial = true,
                                     .notes = test_notes};
    test_add_policy(&report, "p|2`c", "a<b>\n", 1);
    test_prints(&report, &heading, REPORT_MARKDOWN, false, test_markdown);
    report_free(&report);
}

static void the_lowest_p99_is_bold_among_several(void **state)
{
    (void)state;
    struct report report = {0};
    struct report_heading heading = {.scenario = "demo"};
    for (int i = 0; i < 2; i++) {
        struct output *output = output_to_memory();
        size_t size;
        test_add_policy(&report, i == 0 ? "p2c" : "random", "batch", 1 + i);
        report_render(&report, &heading, REPORT_TEXT, true, output);
        const char *bold = strstr(output_memory(output, &size), "\033[1m");
        assert_int_equal(bold != NULL, i == 1);
        if (bold != NULL) {
            assert_memory_equal(bold, "\033[1m100ms\033[0m", 13);
            assert_null(strstr(bold + 1, "\033[1m"));
        }
        output_close(output, true);
    }
    report_free(&report);
}

static void hostile_names_cannot_act(void **state)
{
    (void)state;
    struct report report = {0};
    struct report_heading heading = {.scenario = "\033]0;x\a", .summary = "a\nb"};
    struct output *output = output_to_memory();
    size_t size;
    test_add_policy(&report, "\033[2Jp\r", "\xe2\x80\xae" "c", 1);
    report_render(&report, &heading, REPORT_TEXT, false, output);
    const char *text = output_memory(output, &size);
    assert_null(strchr(text, '\033'));
    assert_null(strchr(text, '\r'));
    assert_null(strchr(text, '\a'));
    assert_null(strstr(text, "\xe2\x80\xae"));
    assert_memory_equal(text, "?]0;x?: a?b\n", 12);
    output_close(output, true);
    report_free(&report);
}

static void an_empty_report_says_so(void **state)
{
    (void)state;
    struct report report = {0};
    struct report_heading heading = {.scenario = "demo", .partial = true};
    test_prints(&report, &heading, REPORT_TEXT, true,
                "demo\n0 replications, seed 0; partial: the run was stopped early\n\n"
                "nothing was measured\n\n"
                "no confidence intervals: they need 10 replications or more\n");
    test_prints(&report, &heading, REPORT_CSV, true,
                "scenario,policy,scope,metric,unit,value,low,high,samples\n");
}

static void missing_values_are_explained_and_a_crowd_is_mentioned(void **state)
{
    (void)state;
    struct measure measures[] = {
        {"p", "all", "requests", "count", 40, NAN, NAN, 40, NULL, NULL, 0, 0},
        {"p", "all", "p99", "s", NAN, NAN, NAN, 40, "insufficient: 0 effective", NULL, 0, 0},
    };
    struct report report = {.measures = measures, .count = 2, .replications = 1};
    struct report_heading heading = {.scenario = "demo", .seed = 1};
    report.crowded = 1 << SCOPE_POD;
    test_prints(&report, &heading, REPORT_TEXT, false,
                "demo\n1 replication, seed 1\n\n"
                "policy  requests  errors  mean  p50  p90  p99  p99.9  max\n"
                "p             40       -     -    -    -    -      -    -\n"
                "\nWhere the time goes (means)\n"
                "policy  client  network  balancer  queue  service\n"
                "p            -        -         -      -        -\n"
                "\nLoad over the pods (Jain's index: 1 is even; random: that of even random "
                "dispatch)\n"
                "policy  utilisation  busiest  max/mean  Jain  max/mean req  Jain req  random\n"
                "p                 -        -         -     -             -         -       -\n"
                "\nno confidence intervals: they need 10 replications or more\n"
                "p99 of p: insufficient: 0 effective\n"
                "no figures per pod: more than 1000 of them\n");
}

/* "-" for a policy without a rate, and no column at all where none has one. */
static void hits_are_shown_where_there_are_caches(void **state)
{
    (void)state;
    struct measure measures[] = {
        {"p", "all", "requests", "count", 40, NAN, NAN, 40, NULL, NULL, 0, 0},
        {"p", "all", "cache_hit_rate", "ratio", 0.5, 0.4, 0.6, 30, NULL, NULL, 0, 0},
        {"q", "all", "requests", "count", 40, NAN, NAN, 40, NULL, NULL, 0, 0},
    };
    struct report report = {.measures = measures, .count = 3, .replications = 10};
    struct report_heading heading = {.scenario = "demo", .seed = 1};
    test_prints(&report, &heading, REPORT_TEXT, false,
                "demo\n10 replications, seed 1\n\n"
                "policy  requests  errors  mean  p50  p90  p99  p99.9  max\n"
                "p             40       -     -    -    -    -      -    -\n"
                "q             40       -     -    -    -    -      -    -\n"
                "\nWhere the time goes (means)\n"
                "policy  client  network  balancer  queue  service\n"
                "p            -        -         -      -        -\n"
                "q            -        -         -      -        -\n"
                "\nLoad over the pods (Jain's index: 1 is even; random: that of even random "
                "dispatch)\n"
                "policy  utilisation  busiest  max/mean  Jain  max/mean req  Jain req  random  "
                "cache hits\n"
                "p                 -        -         -     -             -         -       -  "
                "50.0% ±20%\n"
                "q                 -        -         -     -             -         -       -  "
                "    -     \n"
                "\n±: half of the 95 % confidence interval, relative to the value; Student's t "
                "over 10 replications\n");
}

static void what_is_the_same_for_all_is_said_once(void **state)
{
    (void)state;
    static const char note[] = REPORT_NOTHING_DUE " (from 1.00s to 2.00s)";
    struct measure measures[] = {
        {"p", "all", "requests", "count", 0, NAN, NAN, 0, NULL, NULL, 0, 0},
        {"p", "all", "mean", "s", NAN, NAN, NAN, 0, note, NULL, 0, 0},
        {"p", "all", "p99", "s", NAN, NAN, NAN, 0, note, NULL, 0, 0},
        {"q", "all", "requests", "count", 0, NAN, NAN, 0, NULL, NULL, 0, 0},
        {"q", "all", "mean", "s", NAN, NAN, NAN, 0, note, NULL, 0, 0},
    };
    struct report report = {.measures = measures, .count = 5, .replications = 12};
    struct report_heading heading = {.scenario = "demo", .seedless = true};
    struct output *output = output_to_memory();
    size_t size;
    report_render(&report, &heading, REPORT_TEXT, false, output);
    const char *text = output_memory(output, &size);
    assert_memory_equal(text, "demo\n12 replications\n\n", 22);
    const char *found = strstr(text, note);
    assert_non_null(found);
    assert_null(strstr(found + 1, REPORT_NOTHING_DUE));
    assert_null(strstr(text, "of p:"));
    output_close(output, true);
}

/* Twelve runs of 12 s with a request each ms and a crash of one pod from 4 to 6 s, when each other
   request fails there and the others take twice as long. */
static void test_add_fault(struct report *report)
{
    enum { RUNS = 12, ROWS = 12000 };
    struct roster roster;
    struct tally *tallies[RUNS];
    rows_roster(&roster);
    roster.measure_begin = 0;
    roster.measure_end = 12 * SIM_SECOND;
    roster.guards = 1;
    roster_fault(&roster, 0, "crash of a-1, from 4s to 6s");
    roster_moment(&roster, (struct roster_moment){4 * SIM_SECOND, ROSTER_FAULT_BEGINS, 0, 0});
    roster_moment(&roster, (struct roster_moment){5 * SIM_SECOND, ROSTER_AVOIDED, 0, 0});
    roster_moment(&roster, (struct roster_moment){6 * SIM_SECOND, ROSTER_FAULT_ENDS, 0, 0});
    roster_moment(&roster, (struct roster_moment){8 * SIM_SECOND, ROSTER_TRUSTED, 0, 0});
    for (int r = 0; r < RUNS; r++) {
        tallies[r] = tally_open(&roster);
        for (int i = 0; i < ROWS; i++) {
            bool ill = i >= 4000 && i < 6000;
            struct trace_row row = rows_ok(i * SIM_MILLISECOND + 1, i % 2 == 0 ? 0 : 2, 0,
                                           (ill ? 20 : 10) * SIM_MILLISECOND);
            if (ill && row.pod == 0)
                row.outcome = OUTCOME_REFUSED;
            tally_rows(tallies[r], &row, 1);
        }
        tally_close(tallies[r]);
    }
    report_add_policy(report, "random", tallies, RUNS);
    for (int r = 0; r < RUNS; r++)
        tally_free(tallies[r]);
    roster_free(&roster);
}

static const char test_fault_text[] =
    "Faults (share: of attempts that went to pods in trouble; fair: of those pods)\n"
    "fault 1 crash of a-1, from 4s to 6s\n"
    "policy  fault  share   fair  errors there  lost    detect  undetected   reco"
    "ver  p99 before     p99 during  p99 after\n"
    "random  1      50.0%  33.3%         50.0%  1000  1.00s ±0           0  2.00s"
    " ±0      10.0ms  20.0ms ±<0.1%     10.0ms\n"
    "\n"
    "Mean over time (of the worst window from then to the next column)\n"
    "policy     0ms  1000ms  2000ms  3000ms  4000ms  5000ms  6000ms  7000ms  8000"
    "ms  9000ms  10000ms  11000ms\n"
    "random  10.0ms  10.0ms  10.0ms  10.0ms  20.0ms  20.0ms  10.0ms  10.0ms  10.0"
    "ms  10.0ms   10.0ms   10.0ms\n"
    "\n"
    "Errors over time (likewise)\n"
    "policy  0ms  1000ms  2000ms  3000ms  4000ms  5000ms  6000ms  7000ms  8000ms "
    " 9000ms  10000ms  11000ms\n"
    "random    0       0       0       0   50.0%   50.0%       0       0       0 "
    "      0        0        0\n";

static void faults_have_tables(void **state)
{
    (void)state;
    struct report report = {0};
    struct report_heading heading = {.scenario = "demo", .seed = 7};
    test_add_fault(&report);
    struct output *output = output_to_memory();
    report_render(&report, &heading, REPORT_TEXT, false, output);
    const char *found = strstr(output_memory(output, NULL), "Faults");
    assert_non_null(found);
    assert_int_equal(strncmp(found, test_fault_text, strlen(test_fault_text)), 0);
    output_close(output, true);
    report_free(&report);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(text_is_as_expected),
    cmocka_unit_test(markdown_is_as_expected),
    cmocka_unit_test(faults_have_tables),
    cmocka_unit_test(the_lowest_p99_is_bold_among_several),
    cmocka_unit_test(hostile_names_cannot_act),
    cmocka_unit_test(an_empty_report_says_so),
    cmocka_unit_test(missing_values_are_explained_and_a_crowd_is_mentioned),
    cmocka_unit_test(hits_are_shown_where_there_are_caches),
    cmocka_unit_test(what_is_the_same_for_all_is_said_once),
};

TEST_MAIN(tests)
