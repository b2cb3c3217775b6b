/* SPDX-License-Identifier: GPL-3.0-or-later
   The sentences at the head of a report, word for word. */
#include "sim/report/answer.h"

#include "sim/report/facts.h"
#include "tests/sim/report/measures.h"
#include "tests/test.h"

#include <string.h>

static void answer_is(const struct report *report, const struct report_facts *facts,
                      const char *expected)
{
    struct report_heading heading = {.scenario = "demo", .facts = facts};
    struct output *output = output_to_memory();
    size_t size;
    answer_write(report, &heading, output);
    assert_string_equal(output_memory(output, &size), expected);
    output_close(output, true);
}

/* p2c 41 ± 0.82 ms, its equal 42 ± 1 overlaps, round_robin 131.2 = 3.2 times. */
static void answer_names_the_lowest_its_equals_and_the_rest(void **state)
{
    (void)state;
    struct report report = {.replications = 10};
    measures_add(&report, "round_robin", "all", "p99", 0.1312, 0.001);
    measures_add(&report, "p2c", "all", "p99", 0.041, 0.00082);
    measures_add(&report, "near", "all", "p99", 0.042, 0.001);
    measures_add(&report, "round_robin", "all", "error_rate", 0, 0);
    measures_add(&report, "p2c", "all", "error_rate", 0, 0);
    measures_add(&report, "near", "all", "error_rate", 0, 0);
    answer_is(&report, NULL,
              "For this traffic p2c has the lowest p99, 41.0ms ±2.0%. near cannot be told from "
              "it: the two intervals overlap. round_robin's is 3.20 times that. No request "
              "failed.");
    report_free(&report);
}

static void answer_never_lets_an_oracle_win(void **state)
{
    (void)state;
    static const char *const oracles[] = {"bound", NULL};
    const struct report_facts facts = {.oracles = oracles};
    struct report report = {.replications = 10};
    measures_add(&report, "bound", "all", "p99", 0.02, 0.0002);
    measures_add(&report, "p2c", "all", "p99", 0.04, 0.0004);
    answer_is(&report, &facts,
              "For this traffic the p99 of p2c is 40.0ms ±1.0%. bound, an oracle that no "
              "balancer can be, has 20.0ms ±1.0%: what is left to gain is a factor of 2.00.");
    report_free(&report);
}

/* The lowest tail of those who fail a fifth is said together with what it costs. */
static void answer_tells_of_failures(void **state)
{
    (void)state;
    struct report report = {.replications = 10};
    measures_add(&report, "fast", "all", "p99", 0.04, 0.0002);
    measures_add(&report, "sound", "all", "p99", 0.06, 0.0002);
    measures_add(&report, "fast", "all", "error_rate", 0.2, 0);
    measures_add(&report, "sound", "all", "error_rate", 0.00007, 0);
    answer_is(&report, NULL,
              "For this traffic fast has the lowest p99, 40.0ms ±0.5%. sound's is 1.50 times "
              "that. But with fast 20.0% of the requests fail, with sound 0.007%.");
    report_free(&report);
}

/* Six policies: the five behind are not listed one by one; without intervals it says so. */
static void answer_is_short_with_many_policies(void **state)
{
    (void)state;
    static const char *const names[] = {"a", "b", "c", "d", "e", "f"};
    struct report report = {.replications = 3};
    for (int i = 0; i < 6; i++)
        measures_add(&report, names[i], "all", "p99", 0.01 * (i + 1), (double)NAN);
    answer_is(&report, NULL,
              "For this traffic a has the lowest p99, 10.0ms. The other 5 are between 2.00 (b) "
              "and 6.00 times that (f). There are no intervals with fewer than 10 replications: "
              "small differences may be chance.");
    report_free(&report);
}

/* With too few requests for any p99 it goes by the median. */
static void answer_takes_what_there_is_evidence_for(void **state)
{
    (void)state;
    struct report report = {.replications = 10};
    answer_is(&report, NULL,
              "There is no answer: no latency was measured, or too little to tell anything.");
    measures_add(&report, "a", "all", "p99", (double)NAN, (double)NAN);
    measures_add(&report, "a", "all", "p50", 0.02, 0.001);
    measures_add(&report, "b", "all", "p99", (double)NAN, (double)NAN);
    measures_add(&report, "b", "all", "p50", 0.01, 0.001);
    answer_is(&report, NULL,
              "For this traffic b has the lowest p50, 10.0ms ±10%. a's is 2.00 times that.");
    report_free(&report);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(answer_names_the_lowest_its_equals_and_the_rest),
    cmocka_unit_test(answer_never_lets_an_oracle_win),
    cmocka_unit_test(answer_tells_of_failures),
    cmocka_unit_test(answer_is_short_with_many_policies),
    cmocka_unit_test(answer_takes_what_there_is_evidence_for),
};
TEST_MAIN(tests)
