/* SPDX-License-Identifier: GPL-3.0-or-later
   Regret, from values by hand: of two oracles the one with the lower mean counts; a policy with
   twice its values in every replication has times 2.00 with no width, however they vary. */
#include "sim/report/regret.h"

#include "sim/report/facts.h"
#include "tests/sim/report/replicated.h"

#include <string.h>

enum { COUNT = 10 };

static double twice[COUNT], worse[COUNT];

static void add(struct replicated *replicated, const char *policy, const double *values)
{
    replicated_add(replicated, policy, values, COUNT)->metric = "mean";
    replicated_add(replicated, policy, values, COUNT);
}

static char *print(struct replicated *replicated, const char *const *oracles)
{
    const struct report_facts facts = {.oracles = oracles};
    const struct report_heading heading = {.facts = &facts};
    struct output *output = output_to_memory();
    replicated->report.measures = replicated->items; /* it has moved */
    struct section_view view = {.report = &replicated->report, .heading = &heading,
                                .style = TABLE_PLAIN, .output = output};
    regret_print(&view);
    size_t size;
    char *text = strdup(output_memory(output, &size));
    output_close(output, false);
    return text;
}

static struct replicated make(void)
{
    for (int i = 0; i < COUNT; i++) {
        twice[i] = 2 * replicated_plain[i];
        worse[i] = 1.5 * replicated_plain[i];
    }
    struct replicated replicated = {0};
    add(&replicated, "twice", twice);
    add(&replicated, "knows a bit", worse);
    add(&replicated, "knows <all>", replicated_plain);
    return replicated;
}

static void test_best_oracle(void **state)
{
    (void)state;
    static const char *const oracles[] = {"knows a bit", "knows <all>", NULL};
    struct replicated replicated = make();
    char *text = print(&replicated, oracles);
    assert_non_null(strstr(text, "the best oracle: knows <all>\n"));
    assert_non_null(strstr(text, "twice   1.00s  2.00 ±0  1.00s  2.00 ±0\n"));
    assert_null(strstr(text, "\nknows"));
    free(text);
}

static void test_no_oracle(void **state)
{
    (void)state;
    static const char *const oracles[] = {NULL};
    struct replicated replicated = make();
    char *text = print(&replicated, oracles);
    assert_string_equal(text, "");
    free(text);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_best_oracle),
    cmocka_unit_test(test_no_oracle),
};

TEST_MAIN(tests)
