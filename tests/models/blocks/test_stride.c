/* SPDX-License-Identifier: GPL-3.0-or-later
   The static stride scheduler, held to what gRPC's own tests of it assert
   (test/core/load_balancing/static_stride_scheduler_test.cc). */
#include "models/blocks/stride.h"

#include "tests/test.h"

#include <string.h>

enum { MOST = 20 };

struct fixture {
    struct arena arena;
    struct stride stride;
};

static void open_with(struct fixture *fixture, const double *weights, uint32_t count, bool clamp)
{
    *fixture = (struct fixture){0};
    stride_init(&fixture->stride, MOST, &fixture->arena);
    stride_fill(&fixture->stride, weights, count, clamp);
}

/* Picks so often and compares the counts. */
static void expect_counts(const double *weights, uint32_t count, bool clamp, uint32_t picks,
                          const uint32_t *expected)
{
    struct fixture fixture;
    uint32_t found[MOST] = {0};
    open_with(&fixture, weights, count, clamp);
    for (uint32_t i = 0; i < picks; i++)
        found[stride_pick(&fixture.stride)]++;
    for (uint32_t i = 0; i < count; i++)
        assert_int_equal(found[i], expected[i]);
    arena_free(&fixture.arena);
}

static void test_shares(void **state)
{
    (void)state;
    for (int clamp = 0; clamp < 2; clamp++) {
        expect_counts((const double[]){1, 2, 3}, 3, clamp, 6, (const uint32_t[]){1, 2, 3});
        expect_counts((const double[]){3, 0, 1}, 3, clamp, 6, (const uint32_t[]){3, 2, 1});
        expect_counts((const double[]){7}, 1, clamp, 4, (const uint32_t[]){4});
    }
}

/* Equal weights, and fewer than two known ones, go round. */
static void test_equal_go_round(void **state)
{
    (void)state;
    static const double cases[][3] = {{300, 300, 0}, {0, 0, 0}, {0, 5, 0}};
    for (size_t k = 0; k < 3; k++) {
        struct fixture fixture;
        open_with(&fixture, cases[k], 3, k == 1);
        for (uint32_t i = 0; i < 1000; i++)
            assert_int_equal(stride_pick(&fixture.stride), i % 3);
        arena_free(&fixture.arena);
    }
}

/* 5:1:1 is 65535:13107:13107.  In round g b comes when 13107 g + 32767 mod 65535 is at least
   52428, that is in rounds 2, 7, …; c with 65534 instead of 32767: in rounds 0, 5, …. */
static void test_order(void **state)
{
    (void)state;
    struct fixture fixture;
    char found[22] = "";
    open_with(&fixture, (const double[]){5, 1, 1}, 3, false);
    for (size_t i = 0; i < 21; i++)
        found[i] = (char)('a' + stride_pick(&fixture.stride));
    assert_string_equal(found, "acaabaaacaabaaacaabaa");
    arena_free(&fixture.arena);
}

/* The counter alone says where the schedule is. */
static void test_made_anew_goes_on(void **state)
{
    (void)state;
    const double weights[] = {1, 2, 3};
    struct fixture one, other;
    open_with(&one, weights, 3, false);
    open_with(&other, weights, 3, false);
    for (int i = 0; i < 100; i++) {
        stride_fill(&other.stride, weights, 3, false);
        assert_int_equal(stride_pick(&one.stride), stride_pick(&other.stride));
    }
    arena_free(&one.arena);
    arena_free(&other.arena);
}

static void test_largest_is_in_every_round(void **state)
{
    (void)state;
    struct fixture fixture;
    uint32_t largest = 0;
    open_with(&fixture, (const double[]){1, 2, 3}, 3, false);
    for (int i = 0; i < 65535 * 2; i++)
        largest += stride_pick(&fixture.stride) == 2;
    assert_int_equal(largest, 65535);
    arena_free(&fixture.arena);
}

static void test_clamps(void **state)
{
    (void)state;
    double weights[MOST] = {81};
    uint32_t clamped[MOST] = {50}, whole[MOST] = {81};
    for (int i = 1; i < MOST; i++)
        weights[i] = clamped[i] = whole[i] = 1;
    expect_counts(weights, MOST, true, 69, clamped);
    expect_counts(weights, MOST, false, 100, whole);
    expect_counts((const double[]){100, 1e-10}, 2, true, 201, (const uint32_t[]){200, 1});
    expect_counts((const double[]){100, 1e-10}, 2, false, 201, (const uint32_t[]){201, 0});
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_shares),
    cmocka_unit_test(test_equal_go_round),
    cmocka_unit_test(test_order),
    cmocka_unit_test(test_made_anew_goes_on),
    cmocka_unit_test(test_largest_is_in_every_round),
    cmocka_unit_test(test_clamps),
};

TEST_MAIN(tests)
