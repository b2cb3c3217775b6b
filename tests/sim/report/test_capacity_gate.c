/* SPDX-License-Identifier: GPL-3.0-or-later
   Verdicts follow from both ends of a search, which are known only so far. */
#include "sim/report/capacity_gate.h"

#include "tests/test.h"

#include <math.h>

struct gate_case {
    double holds, fails; /* 0: unknown */
    bool is_least;
    enum verdict_outcome outcome;
};

static enum verdict_outcome gate_outcome(const struct gate_case *one, double gate)
{
    struct capacity_row row = {.policy = "p2c",
                               .holds = {.is_known = one->holds > 0, .value = one->holds},
                               .fails = {.is_known = one->fails > 0, .value = one->fails}};
    struct capacity_table table = {.is_least = one->is_least, .gate = gate, .rows = &row,
                                   .count = 1};
    return capacity_gate_outcome(&table, &row);
}

/* The bound is 100, less what scaling may do to it. */
static void ends_decide(void **state)
{
    (void)state;
    static const struct gate_case cases[] = {
        {120, 130, false, VERDICT_PASS}, {100 - 1e-9, 130, false, VERDICT_PASS},
        {120, 0, false, VERDICT_PASS},   {80, 90, false, VERDICT_FAIL},
        {0, 100, false, VERDICT_FAIL},   {99, 101, false, VERDICT_UNDECIDED},
        {99, 0, false, VERDICT_UNDECIDED}, {0, 0, false, VERDICT_UNDECIDED},
        {90, 80, true, VERDICT_PASS},    {100, 99, true, VERDICT_PASS},
        {101, 100, true, VERDICT_FAIL},  {0, 120, true, VERDICT_FAIL},
        {102, 98, true, VERDICT_UNDECIDED}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum verdict_outcome found = gate_outcome(&cases[i], 100);
        if (found != cases[i].outcome)
            fail_msg("case %zu: found %s, expected %s", i, verdict_word(found),
                     verdict_word(cases[i].outcome));
        assert_int_equal(gate_outcome(&cases[i], 0), VERDICT_SKIPPED);
    }
}

static void verdicts_say_what_was_found(void **state)
{
    (void)state;
    struct arena arena = {0};
    const struct expectation slo = {.text = "p99 < 50ms"};
    struct capacity_row rows[] = {
        {.policy = "p2c", .holds = {.is_known = true, .value = 8100},
         .fails = {.is_known = true, .value = 8200}},
        {.policy = "random", .fails = {.is_known = true, .value = 10},
         .note = "fails even at 10.0/s"}};
    struct capacity_table table = {.slo = &slo, .unit = "1/s", .by = "rate", .gate = 8000,
                                   .rows = rows, .count = 2};
    struct verdict_list list = capacity_gate_judge(&table, &arena);
    char found[VERDICT_FOUND_SIZE];
    assert_int_equal(list.count, 2);
    assert_string_equal(list.items[0].text, "p2c: p99 < 50ms up to 8000/s");
    verdict_found(&list.items[0], found);
    assert_string_equal(found, "8100/s (8100/s to 8200/s)");
    assert_string_equal(list.items[1].policy, "random");
    verdict_found(&list.items[1], found);
    assert_string_equal(found, "fails even at 10.0/s");
    assert_int_equal(verdict_worst(&list), VERDICT_FAIL);
    verdict_free(&list);
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(ends_decide),
    cmocka_unit_test(verdicts_say_what_was_found),
};

TEST_MAIN(tests)
