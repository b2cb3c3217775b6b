/* SPDX-License-Identifier: GPL-3.0-or-later
   The pool holds the newest answer of each pod; the window's quantile is that of the last
   128 counts. */
#include "models/blocks/probe_pool.h"
#include "tests/test.h"

static void test_expect(const struct probe_pool *pool, const char *expected)
{
    char found[16] = "";
    for (uint32_t i = 0; i < pool->count; i++)
        found[i] = (char)('a' + pool->probes[i].backend);
    assert_string_equal(found, expected);
}

static void test_pool(void **state)
{
    (void)state;
    struct probe_pool pool = {.room = 3};
    for (backend_id i = 0; i < 3; i++)
        probe_pool_put(&pool, (struct probe){.backend = i, .heard_at = i});
    test_expect(&pool, "abc");
    probe_pool_put(&pool, (struct probe){.backend = 0, .heard_at = 3});
    test_expect(&pool, "bca");
    probe_pool_put(&pool, (struct probe){.backend = 3, .heard_at = 4});
    test_expect(&pool, "cad");
    uint8_t is_up[] = {0, 1, 1, 1};
    struct view view = {.is_up = is_up, .now = 5};
    probe_pool_expire(&pool, &view, 3);
    test_expect(&pool, "cd");
    view.now = 6;
    probe_pool_expire(&pool, &view, 3);
    test_expect(&pool, "d");
}

static void test_window(void **state)
{
    (void)state;
    struct probe_window window = {0};
    assert_int_equal(probe_window_quantile(&window, 0.5), UINT32_MAX);
    static const uint32_t counts[] = {7, 1, 3, 9, 5};
    for (int i = 0; i < 5; i++)
        probe_window_put(&window, counts[i]);
    assert_int_equal(probe_window_quantile(&window, 0), -1);
    assert_int_equal(probe_window_quantile(&window, 0.2), 1);
    assert_int_equal(probe_window_quantile(&window, 0.21), 3);
    assert_int_equal(probe_window_quantile(&window, 0.5), 5);
    assert_int_equal(probe_window_quantile(&window, 0.84), 9);
    assert_int_equal(probe_window_quantile(&window, 1), UINT32_MAX);
    /* 128 more push these out: the median of 0 … 127 is 63. */
    for (uint32_t i = 0; i < 128; i++)
        probe_window_put(&window, (i * 37) % 128);
    assert_int_equal(probe_window_quantile(&window, 0.5), 63);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_pool),
    cmocka_unit_test(test_window),
};

TEST_MAIN(tests)
