/* SPDX-License-Identifier: GPL-3.0-or-later
   The map against a plain array of what was put in. */
#include "sim/engine/key_map.h"
#include "sim/engine/rng.h"
#include "tests/test.h"

#include <stdlib.h>

enum { KEYS = 5000, STEPS = 40000 };

static void test_holds_what_was_put_in(void **state)
{
    (void)state;
    struct key_map map;
    key_map_init(&map, sizeof(uint32_t));
    uint32_t *expected = calloc(KEYS, sizeof *expected);
    struct rng rng;
    rng_seed(&rng, 3);
    for (uint32_t step = 1; step <= STEPS; step++) {
        uint64_t index = rng_below(&rng, KEYS);
        uint64_t key = index * UINT64_C(0x100000000) + index % 7; /* alike in the low bits */
        *(uint32_t *)key_map_take(&map, key) += step;
        expected[index] += step;
    }
    size_t count = 0;
    for (uint64_t index = 0; index < KEYS; index++) {
        const uint32_t *found = key_map_find(&map, index * UINT64_C(0x100000000) + index % 7);
        assert_int_equal(found != NULL ? *found : 0, expected[index]);
        count += expected[index] > 0;
    }
    assert_int_equal(map.count, count);
    assert_null(key_map_find(&map, 12345));
    key_map_free(&map);
    free(expected);
}

static void test_walk_meets_each_once(void **state)
{
    (void)state;
    struct key_map map;
    key_map_init(&map, sizeof(uint64_t));
    assert_null(key_map_find(&map, 0));
    for (uint64_t key = 0; key < 1000; key++)
        *(uint64_t *)key_map_take(&map, key) = key + 1;
    uint64_t sum = 0, key;
    for (size_t place = 0; place < map.room; place++) {
        const uint64_t *record = key_map_at(&map, place, &key);
        if (record != NULL) {
            assert_int_equal(*record, key + 1);
            sum += key;
        }
    }
    assert_int_equal(sum, 999 * 1000 / 2);
    key_map_free(&map);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_holds_what_was_put_in),
    cmocka_unit_test(test_walk_meets_each_once),
};

TEST_MAIN(tests)
