/* SPDX-License-Identifier: GPL-3.0-or-later
   The schedule by earliest deadline, held to what Envoy's and grpc-go's own tests of it
   assert (test/common/upstream/edf_scheduler_test.cc, internal/wrr/{edf,wrr}_test.go). */
#include "models/blocks/edf.h"

#include "sim/engine/rng.h"
#include "tests/test.h"

#include <string.h>

enum { ITEMS = 128 };

static struct edf_entry heap[ITEMS], other_heap[ITEMS];

static double weigh(const void *context, uint32_t item)
{
    return ((const double *)context)[item];
}

static uint32_t turn(struct edf *edf, const double *weights)
{
    uint32_t item = edf_first(edf);
    edf_turn(edf, weights[item]);
    return item;
}

static void open_with(struct edf *edf, enum edf_tie tie, const double *weights, uint32_t count)
{
    edf_init(edf, tie, heap);
    for (uint32_t i = 0; i < count; i++)
        edf_add(edf, i, weights[i]);
}

static void expect(struct edf *edf, const double *weights, const char *expected)
{
    char found[64] = "";
    for (size_t i = 0; expected[i] != '\0'; i++)
        found[i] = (char)('a' + turn(edf, weights));
    assert_string_equal(found, expected);
}

static void test_equal_weights_go_round(void **state)
{
    (void)state;
    struct edf edf;
    double weights[ITEMS];
    for (uint32_t i = 0; i < ITEMS; i++)
        weights[i] = 1;
    open_with(&edf, EDF_TIE_INSERTED, weights, ITEMS);
    for (uint32_t i = 0; i < ITEMS * ITEMS; i++)
        assert_int_equal(turn(&edf, weights), i % ITEMS);
    open_with(&edf, EDF_TIE_ITEM, weights, 3);
    expect(&edf, weights, "abcabcabcabc");
}

static void test_each_gets_its_weight(void **state)
{
    (void)state;
    struct edf edf;
    double weights[ITEMS];
    uint32_t picks[ITEMS] = {0};
    for (uint32_t i = 0; i < ITEMS; i++)
        weights[i] = i + 1;
    open_with(&edf, EDF_TIE_INSERTED, weights, ITEMS);
    for (uint32_t i = 0; i < ITEMS * (ITEMS + 1) / 2; i++)
        picks[turn(&edf, weights)]++;
    for (uint32_t i = 0; i < ITEMS; i++)
        assert_int_equal(picks[i], i + 1);
}

/* The heavy item has its last deadline of a cycle when the light ones have theirs. */
static void test_ties(void **state)
{
    (void)state;
    struct edf edf;
    const double five[] = {5, 1, 1}, four[] = {4, 1, 1};
    open_with(&edf, EDF_TIE_INSERTED, five, 3);
    expect(&edf, five, "aaaabca");
    open_with(&edf, EDF_TIE_ITEM, five, 3);
    expect(&edf, five, "aaaaabc");
    open_with(&edf, EDF_TIE_INSERTED, four, 3);
    expect(&edf, four, "aaabcaaaabcaaaabca");
    open_with(&edf, EDF_TIE_ITEM, four, 3);
    expect(&edf, four, "aaaabcaaaabcaaaabc");
}

/* Ratios of grpc-go's own test, which allows 5 %. */
static void test_grpc_ratios(void **state)
{
    (void)state;
    static const double cases[][3] = {{1, 1, 1}, {1, 2, 3}, {5, 3, 2}, {17, 23, 37}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const double *weights = cases[i];
        double picks[3] = {0}, sum = weights[0] + weights[1] + weights[2];
        struct edf edf;
        open_with(&edf, EDF_TIE_ITEM, weights, 3);
        for (int k = 0; k < 10000; k++)
            picks[turn(&edf, weights)]++;
        for (int k = 0; k < 3; k++)
            ASSERT_NEAR(picks[k], 10000 * weights[k] / sum, 2);
    }
}

/* A new weight shows once the item goes in again: a has its first turn at 1 with the old one,
   after b's at 0.5, and from then on one each quarter. */
static void test_weight_is_read_at_the_turn(void **state)
{
    (void)state;
    struct edf edf;
    double weights[] = {1, 2};
    open_with(&edf, EDF_TIE_INSERTED, weights, 2);
    weights[0] = 4;
    expect(&edf, weights, "bababaa");
}

static void test_who_is_gone_is_dropped(void **state)
{
    (void)state;
    struct edf edf;
    const double weights[] = {2, 1};
    open_with(&edf, EDF_TIE_INSERTED, weights, 2);
    edf_drop(&edf);
    ASSERT_NEAR(edf.now, 0, 0);
    assert_int_equal(turn(&edf, weights), 1);
    assert_int_equal(turn(&edf, weights), 1);
    edf_drop(&edf);
    assert_int_equal(edf.count, 0);
}

/* Compares two schedules in the order of their deadlines and empties them. */
static void expect_same(struct edf *found, struct edf *expected)
{
    assert_int_equal(found->count, expected->count);
    ASSERT_NEAR(found->now, expected->now, 1e-5);
    while (found->count > 0) {
        ASSERT_NEAR(found->heap[0].deadline, expected->heap[0].deadline, 1e-5);
        assert_int_equal(edf_first(found), edf_first(expected));
        edf_drop(found);
        edf_drop(expected);
    }
}

static void test_picks_in_advance(void **state)
{
    (void)state;
    static const uint32_t picks[] = {0, 5, 140, 501, 123456, 894571};
    double weights[ITEMS];
    uint32_t items[ITEMS];
    for (uint32_t i = 0; i < ITEMS; i++) {
        items[i] = i;
        weights[i] = (100.5 - 0.01) / ITEMS * i + 0.01;
    }
    for (size_t k = 0; k < sizeof picks / sizeof *picks; k++) {
        struct edf made, filled;
        open_with(&made, EDF_TIE_INSERTED, weights, ITEMS);
        for (uint32_t i = 0; i < picks[k]; i++)
            turn(&made, weights);
        edf_init(&filled, EDF_TIE_INSERTED, other_heap);
        edf_fill(&filled, items, ITEMS, picks[k], (struct edf_weights){weigh, weights});
        expect_same(&filled, &made);
    }
}

/* 25:75 goes bbab.  Without the 1e-13 the 24th pick would be a: five and seventeen picks in
   advance would put it at 0.24000000000000002 and b, whose turn is the one left, at 0.24. */
static void test_rounding_in_advance(void **state)
{
    (void)state;
    const double weights[] = {25, 75};
    const uint32_t items[] = {0, 1};
    struct edf filled;
    edf_init(&filled, EDF_TIE_INSERTED, heap);
    edf_fill(&filled, items, 2, 23, (struct edf_weights){weigh, weights});
    expect(&filled, weights, "bbbabbba");
    edf_fill(&filled, items, 0, 23, (struct edf_weights){weigh, weights});
    assert_int_equal(filled.count, 0);
    edf_fill(&filled, items, 2, 429496729, (struct edf_weights){weigh, weights});
    ASSERT_NEAR(filled.now, 0, 0);
}

/* Whoever comes first after a random number of picks does so by weight. */
static void test_first_pick_is_fair(void **state)
{
    (void)state;
    static const double cases[][3] = {{25, 75, 0}, {1, 99, 0}, {50, 50, 0}, {1, 20, 79}};
    const uint32_t items[] = {0, 1, 2};
    struct rng rng;
    rng_seed(&rng, 1);
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        double picks[3] = {0};
        uint32_t count = cases[k][2] > 0 ? 3 : 2;
        struct edf edf;
        edf_init(&edf, EDF_TIE_INSERTED, heap);
        for (int i = 0; i < 100000; i++) {
            edf_fill(&edf, items, count, (uint32_t)rng_next(&rng),
                     (struct edf_weights){weigh, cases[k]});
            picks[edf_first(&edf)]++;
        }
        for (uint32_t i = 0; i < count; i++)
            ASSERT_NEAR(picks[i] / 1000, cases[k][i], 0.6);
    }
}

static void test_who_may_not_loses_turns(void **state)
{
    (void)state;
    double weights[] = {1e9, 1, 1};
    uint8_t may[] = {0, 1, 1};
    struct edf edf;
    struct edf_weights weighed = {weigh, weights};
    open_with(&edf, EDF_TIE_INSERTED, weights, 3);
    for (uint32_t i = 0; i < 6; i++)
        assert_int_equal(edf_pick(&edf, may, weighed), 1 + i % 2);
    may[1] = may[2] = 0;
    assert_int_equal(edf_pick(&edf, may, weighed), UINT32_MAX);
    weights[0] = 2;
    open_with(&edf, EDF_TIE_INSERTED, weights, 3);
    may[1] = 1;
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(edf_pick(&edf, may, weighed), 1);
    may[0] = 1;
    assert_int_equal(edf_pick(&edf, may, weighed), 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_equal_weights_go_round),
    cmocka_unit_test(test_each_gets_its_weight),
    cmocka_unit_test(test_ties),
    cmocka_unit_test(test_grpc_ratios),
    cmocka_unit_test(test_weight_is_read_at_the_turn),
    cmocka_unit_test(test_who_is_gone_is_dropped),
    cmocka_unit_test(test_picks_in_advance),
    cmocka_unit_test(test_rounding_in_advance),
    cmocka_unit_test(test_first_pick_is_fair),
    cmocka_unit_test(test_who_may_not_loses_turns),
};

TEST_MAIN(tests)
