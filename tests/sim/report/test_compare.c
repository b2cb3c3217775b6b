/* SPDX-License-Identifier: GPL-3.0-or-later
   Verdicts of a family of comparisons. */
#include "sim/report/compare.h"

#include "tests/sim/report/replicated.h"

#include <string.h>

enum { RUNS = 10 };

/* The plain values times a factor, with a wobble of so much in every second one. */
static const double *scaled(double *to, double factor, double wobble)
{
    for (int i = 0; i < RUNS; i++)
        to[i] = replicated_plain[i] * factor * (1 + (i % 2 ? wobble : -wobble));
    return to;
}

static struct comparison compare_one(double factor, double wobble, double margin)
{
    struct replicated measures = {0};
    struct compare_family family = {.margin = margin};
    double values[RUNS];
    const struct measure *a = replicated_add(&measures, "a", replicated_plain, RUNS);
    const struct measure *b = replicated_add(&measures, "b", scaled(values, factor, wobble), RUNS);
    compare_add(&family, a, b, true);
    compare_settle(&family);
    struct comparison item = family.items[0];
    compare_free(&family);
    return item;
}

static void differences_have_a_side_and_a_meaning(void **state)
{
    (void)state;
    struct comparison item = compare_one(0.8, 0.01, 0.02);
    assert_int_equal(item.verdict, COMPARE_LOWER);
    assert_int_equal(item.better, 1); /* of p99 less is better */
    assert_int_equal(item.gate, COMPARE_PASS);
    item = compare_one(1.25, 0.01, 0.02);
    assert_int_equal(item.verdict, COMPARE_HIGHER);
    assert_int_equal(item.better, -1);
    assert_int_equal(item.gate, COMPARE_FAIL);
}

static void equal_is_said_within_a_margin_only(void **state)
{
    (void)state;
    assert_int_equal(compare_one(1, 0, 0).verdict, COMPARE_EQUAL);
    assert_int_equal(compare_one(1.001, 0.005, 0.02).verdict, COMPARE_EQUAL);
    assert_int_equal(compare_one(1.001, 0.005, 0).verdict, COMPARE_OPEN);
    /* 5 % apart and certain, but within the margin that was declared. */
    assert_int_equal(compare_one(1.05, 0.005, 0.1).verdict, COMPARE_EQUAL);
}

static void noise_cannot_be_told_apart(void **state)
{
    (void)state;
    struct comparison item = compare_one(1.05, 0.3, 0.02);
    assert_int_equal(item.verdict, COMPARE_OPEN);
    assert_int_equal(item.better, 0);
    assert_int_equal(item.gate, COMPARE_UNDECIDED);
}

static void a_gate_looks_at_the_worse_side(void **state)
{
    (void)state;
    struct replicated measures = {0};
    struct compare_family family = {.margin = 0.02};
    double values[RUNS];
    replicated_add(&measures, "a", replicated_plain, RUNS);
    replicated_add(&measures, "b", scaled(values, 0.8, 0.01), RUNS);
    for (int i = 0; i < 2; i++) /* of throughput more is better */
        measures.items[i].metric = "throughput";
    compare_add(&family, &measures.items[0], &measures.items[1], true);
    compare_add(&family, &measures.items[1], &measures.items[0], true);
    compare_settle(&family);
    assert_int_equal(family.items[0].gate, COMPARE_FAIL);
    assert_int_equal(family.items[0].better, -1);
    assert_int_equal(family.items[1].gate, COMPARE_PASS);
    compare_free(&family);
}

/* One p-value of about 0.03 counts alone, but not beside two that say nothing. */
static void verdicts_hold_for_the_family(void **state)
{
    (void)state;
    double values[RUNS], noise[RUNS];
    struct replicated measures = {0};
    replicated_add(&measures, "a", replicated_plain, RUNS);
    replicated_add(&measures, "b", scaled(values, 1.068, 0.08), RUNS);
    replicated_add(&measures, "c", scaled(noise, 1, 0.1), RUNS);
    struct compare_family family = {.margin = 0};
    compare_add(&family, &measures.items[0], &measures.items[1], true);
    compare_settle(&family);
    double alone = family.items[0].adjusted;
    assert_true(alone > 0.02 && alone <= 0.05);
    assert_int_equal(family.items[0].verdict, COMPARE_HIGHER);
    compare_add(&family, &measures.items[0], &measures.items[2], true);
    compare_add(&family, &measures.items[0], &measures.items[2], true);
    compare_settle(&family);
    assert_int_equal(family.size, 3);
    ASSERT_NEAR(family.items[0].adjusted, 3 * alone, 1e-12);
    assert_int_equal(family.items[0].verdict, COMPARE_OPEN);
    assert_true(family.items[0].wide_high > family.items[0].contrast.high);
    compare_free(&family);
}

static void what_is_missing_is_said(void **state)
{
    (void)state;
    struct replicated measures = {0};
    struct compare_family family = {.margin = 0.02};
    struct measure *plain = replicated_add(&measures, "a", replicated_plain, RUNS);
    struct measure *thin = replicated_add(&measures, "b", replicated_plain, RUNS);
    struct measure *few = replicated_add(&measures, "c", replicated_plain, 9);
    struct measure *bare = replicated_add(&measures, "d", replicated_plain, RUNS);
    thin->value = NAN;
    thin->note = "insufficient: 3 effective exceedances of 30";
    bare->values = NULL;
    compare_add(&family, plain, thin, true);
    compare_add(&family, plain, few, true);
    compare_add(&family, plain, bare, true);
    compare_settle(&family);
    assert_int_equal(family.size, 0);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(family.items[i].verdict, COMPARE_MISSING);
    assert_string_equal(family.items[0].note, thin->note);
    assert_non_null(strstr(family.items[1].note, "ten replications"));
    assert_non_null(strstr(family.items[2].note, "not known"));
    compare_free(&family);
}

static void the_best_may_be_several(void **state)
{
    (void)state;
    double close[RUNS], far[RUNS];
    struct replicated measures = {0};
    replicated_add(&measures, "a", replicated_plain, RUNS);
    replicated_add(&measures, "b", scaled(close, 0.99, 0.1), RUNS);
    replicated_add(&measures, "c", scaled(far, 1.5, 0.01), RUNS);
    const struct measure *list[] = {&measures.items[0], &measures.items[1],
                                    &measures.items[2]};
    bool among[3];
    compare_best(list, 3, among);
    assert_true(among[0] && among[1] && !among[2]);
    for (int i = 0; i < 3; i++)
        measures.items[i].metric = "utilisation"; /* neither way is better */
    compare_best(list, 3, among);
    assert_false(among[0] || among[1] || among[2]);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(differences_have_a_side_and_a_meaning),
    cmocka_unit_test(equal_is_said_within_a_margin_only),
    cmocka_unit_test(noise_cannot_be_told_apart),
    cmocka_unit_test(a_gate_looks_at_the_worse_side),
    cmocka_unit_test(verdicts_hold_for_the_family),
    cmocka_unit_test(what_is_missing_is_said),
    cmocka_unit_test(the_best_may_be_several),
};

TEST_MAIN(tests)
