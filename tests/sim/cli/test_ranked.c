/* SPDX-License-Identifier: GPL-3.0-or-later
   Who goes on until all are ranked, and how the order is told. */
#include "sim/cli/ranked.h"

#include "tests/sim/report/replicated.h"

#include <string.h>

enum { RUNS = 10, POLICIES = 3 };

static const char text[] =
    "version: 1\n"
    "name: order\n"
    "run: {max_replications: 12}\n"
    "clients: [{arrivals: {poisson: {rate: 1/s}}, demand: 1ms}]\n"
    "pods: [{count: 2}]\n"
    "balancers: [{policy: [random, p2c, round_robin]}]\n";

/* p99 of random is that of replicated_plain, of p2c 20 % less, of round_robin the same as of
   random but for noise of its own. */
static void with_report(void (*use)(struct ranked *ranked, const struct report *report))
{
    struct arena arena = {0};
    struct problems problems = {0};
    struct replicated measures = {0};
    double less[RUNS], noisy[RUNS];
    for (int i = 0; i < RUNS; i++) {
        less[i] = replicated_plain[i] * (i % 2 ? 0.8 : 0.8001);
        noisy[i] = replicated_plain[RUNS - 1 - i];
    }
    replicated_add(&measures, "random", replicated_plain, RUNS);
    replicated_add(&measures, "p2c", less, RUNS);
    replicated_add(&measures, "round_robin", noisy, RUNS);
    const struct source *source = source_of_text("t", text, strlen(text), &arena, &problems);
    struct ranked ranked = {.scenario = scenario_bind(source, NULL, 0, &arena, &problems),
                            .metric = "p99", .scope = "all", .margin = 0.02};
    assert_non_null(ranked.scenario);
    use(&ranked, &measures.report);
    problems_free(&problems);
    arena_free(&arena);
}

/* Told apart from p2c are both, from each other they are not: those two go on, to the cap. */
static void use_rule(struct ranked *ranked, const struct report *report)
{
    uint64_t wanted[POLICIES] = {RUNS, RUNS, RUNS};
    char order[RANKED_TEXT_SIZE];
    assert_true(ranked_extend(ranked, report, wanted));
    assert_int_equal(wanted[0], 12);
    assert_int_equal(wanted[1], RUNS);
    assert_int_equal(wanted[2], 12);
    assert_false(ranked_extend(ranked, report, wanted));
    ranked_describe(ranked, report, order);
    assert_string_equal(order, "by p99, from the best: p2c < random ? round_robin");
    ranked->margin = 0.5; /* so wide that they are equal */
    wanted[0] = wanted[2] = RUNS;
    assert_false(ranked_extend(ranked, report, wanted));
}

static void open_pairs_go_on(void **state)
{
    (void)state;
    with_report(use_rule);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(open_pairs_go_on),
};

TEST_MAIN(tests)
