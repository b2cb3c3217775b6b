/* SPDX-License-Identifier: GPL-3.0-or-later
   Loads of priorities worked out by hand from Envoy's formulas: health = min(100, 1.4 * 100 *
   healthy / counted), load = min(left, health * 100 / min(100, all health)). */
#include "models/panic.h"
#include "tests/test.h"

static const struct panic_config defaults = {.overprovisioning = 140, .threshold = 50};

static void assert_loads(const struct panic_config *config, const struct panic_level *levels,
                         size_t count, int line)
{
    struct panic_level found[4];
    for (size_t i = 0; i < count; i++) {
        found[i] = levels[i];
        found[i].healthy_load = found[i].degraded_load = 77;
        found[i].panics = !levels[i].panics;
    }
    panic_spread(config, found, count);
    for (size_t i = 0; i < count; i++)
        if (found[i].healthy_load != levels[i].healthy_load ||
            found[i].degraded_load != levels[i].degraded_load ||
            found[i].panics != levels[i].panics)
            fail_msg("line %d: level %zu gets %u + %u%s, expected %u + %u%s", line, i,
                     found[i].healthy_load, found[i].degraded_load,
                     found[i].panics ? " in panic" : "", levels[i].healthy_load,
                     levels[i].degraded_load, levels[i].panics ? " in panic" : "");
}

#define LOADS(...) \
    assert_loads(&defaults, (const struct panic_level[]){__VA_ARGS__}, \
                 sizeof((const struct panic_level[]){__VA_ARGS__}) / \
                     sizeof(struct panic_level), __LINE__)

/* hosts, excluded, healthy, degraded; healthy load, degraded load, panic */
static void test_health(void **state)
{
    (void)state;
    LOADS({100, 0, 100, 0, 100, 0, false}, {100, 0, 100, 0, 0, 0, false});
    LOADS({100, 0, 72, 0, 100, 0, false}, {100, 0, 72, 0, 0, 0, false});
    LOADS({100, 0, 71, 0, 99, 0, false}, {100, 0, 71, 0, 1, 0, false});
    LOADS({100, 0, 50, 0, 70, 0, false}, {100, 0, 50, 0, 30, 0, false});
    LOADS({100, 0, 25, 0, 35, 0, false}, {100, 0, 100, 0, 65, 0, false});
    /* Both panic: halves. */
    LOADS({100, 0, 25, 0, 50, 0, true}, {100, 0, 25, 0, 50, 0, true});
    /* All panic: by hosts, 33 each, 1 left. */
    LOADS({100, 0, 5, 0, 34, 0, true}, {100, 0, 10, 0, 33, 0, true},
          {100, 0, 15, 0, 33, 0, true});
    /* Excluded hosts leave the total: 1.4 * 5 / 5. */
    LOADS({10, 5, 5, 0, 100, 0, false}, {10, 0, 10, 0, 0, 0, false});
    LOADS({0, 0, 0, 0, 0, 0, false}, {10, 0, 8, 0, 100, 0, false});
}

static void test_panic(void **state)
{
    (void)state;
    /* 7 + 77 = 84: 8 + 91 and 1 left; only the first panics. */
    LOADS({100, 0, 5, 0, 9, 0, true}, {100, 0, 55, 0, 91, 0, false});
    /* 0 and 84: all to the second. */
    LOADS({100, 0, 0, 0, 0, 0, true}, {100, 0, 60, 0, 100, 0, false});
    /* Just below half and just half, alone. */
    LOADS({100, 0, 49, 0, 100, 0, true});
    LOADS({100, 0, 50, 0, 100, 0, false});
    /* Nobody is healthy: 3, 6 and 3 of 12 hosts; then thirds, 1 left; then no host at all. */
    LOADS({3, 0, 0, 0, 25, 0, true}, {6, 0, 0, 0, 50, 0, true}, {3, 0, 0, 0, 25, 0, true});
    LOADS({0, 0, 0, 0, 0, 0, true}, {7, 0, 0, 0, 34, 0, true}, {7, 0, 0, 0, 33, 0, true},
          {7, 0, 0, 0, 33, 0, true});
    LOADS({0, 0, 0, 0, 100, 0, true});
    /* Without panic: by health, 35 and 7 of 42: 83 + 16, 1 left; nobody: the first level. */
    const struct panic_config never = {.overprovisioning = 140, .threshold = 0};
    const struct panic_level few[] = {{100, 0, 25, 0, 84, 0, false}, {100, 0, 5, 0, 16, 0, false}};
    assert_loads(&never, few, 2, __LINE__);
    const struct panic_level none[] = {{100, 0, 0, 0, 100, 0, false}, {0, 0, 0, 0, 0, 0, false}};
    assert_loads(&never, none, 2, __LINE__);
    /* 14, 28, 14 healthy and 28, 14, 0 degraded of 98, 2 left. */
    const struct panic_level three[] = {{10, 0, 1, 2, 16, 28, false},
                                        {10, 0, 2, 1, 28, 14, false},
                                        {10, 0, 1, 0, 14, 0, false}};
    assert_loads(&never, three, 3, __LINE__);
}

static void test_degraded(void **state)
{
    (void)state;
    /* 70 healthy, 28 + 100 degraded; what is left goes to the first level's degraded first. */
    LOADS({100, 0, 50, 20, 70, 28, false}, {100, 0, 0, 100, 0, 2, false});
    /* Healthy hosts of the second level go before degraded ones of the first. */
    LOADS({100, 0, 50, 50, 70, 0, false}, {100, 0, 100, 0, 30, 0, false});
    /* 33 * 1.4 = 46 and 46 degraded of 92: 50 + 50; two thirds are useful. */
    LOADS({100, 0, 33, 33, 50, 50, false});
    /* 42 degraded alone: 30 are useful, panic. */
    LOADS({100, 0, 0, 30, 100, 0, true});
    LOADS({100, 0, 0, 60, 0, 100, false});
}

static void test_choose(void **state)
{
    (void)state;
    const struct panic_level levels[] = {{.healthy_load = 30, .degraded_load = 20},
                                         {.healthy_load = 40, .degraded_load = 10}};
    uint32_t counts[2][2] = {{0, 0}, {0, 0}};
    bool degraded;
    for (uint64_t hash = 700; hash < 800; hash++)
        counts[panic_choose(levels, 2, hash, &degraded)][degraded]++;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(counts[i][0], levels[i].healthy_load);
        assert_int_equal(counts[i][1], levels[i].degraded_load);
    }
    assert_int_equal(panic_choose(levels, 2, 69, &degraded), 1);
    assert_false(degraded);
    assert_int_equal(panic_choose(levels, 2, 70, &degraded), 0);
    assert_true(degraded);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_health), cmocka_unit_test(test_panic),
    cmocka_unit_test(test_degraded), cmocka_unit_test(test_choose),
};

TEST_MAIN(tests)
