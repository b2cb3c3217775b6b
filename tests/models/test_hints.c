/* SPDX-License-Identifier: GPL-3.0-or-later
   Who is hinted for which zone, against the rules worked by hand. */
#include "models/hints.h"

#include "sim/engine/rng.h"
#include "tests/test.h"

#include <math.h>
#include <string.h>

enum { MOST = 64 };

/* `zones` and `expected` are digits, one for each endpoint; `nodes` one for each zone. */
static void assert_hints(const char *nodes, const char *zones, enum hints_state state,
                         const char *expected)
{
    uint32_t node_counts[MOST] = {0}, endpoints[MOST], hints[MOST];
    struct hints_order order = {endpoints, (uint32_t)strlen(zones), node_counts,
                                (uint32_t)strlen(nodes)};
    for (uint32_t i = 0; i < order.zone_count; i++)
        node_counts[i + 1] = (uint32_t)(nodes[i] - '0');
    for (uint32_t i = 0; i < order.count; i++)
        endpoints[i] = (uint32_t)(zones[i] - '0');
    enum hints_state found = hints_assign(&order, hints);
    char text[MOST + 1] = "";
    for (uint32_t i = 0; found == HINTS_ON && i < order.count; i++)
        text[i] = (char)('0' + hints[i]);
    text[found == HINTS_ON ? order.count : 0] = '\0';
    if (found != state || strcmp(text, expected) != 0)
        fail_msg("nodes %s, endpoints %s: expected %d %s, found %d %s", nodes, zones, (int)state,
                 expected, (int)found, text);
}

/* Three zones alike.  11 endpoints: each zone is due 3.67, at least 3.06, so 4: that is 12.
   12: 4 each.  10: 3.33, at least 2.78, so 3: 9 of 10. */
static void test_three_zones(void **state)
{
    (void)state;
    assert_hints("111", "11112222333", HINTS_OVERLOAD, "");
    assert_hints("111", "111122223333", HINTS_ON, "111122223333");
    assert_hints("222", "1112223333", HINTS_ON, "1112223333");
    assert_hints("111", "12312", HINTS_OVERLOAD, "");     /* 1.67, 1.39, 2: 6 of 5 */
    assert_hints("111", "123", HINTS_ON, "123");
    assert_hints("111", "12", HINTS_FEW, "");
    assert_hints("111", "111122223333", HINTS_ON, "111122223333");
}

/* The first endpoints of a zone that has too many are given away. */
static void test_sharing_out(void **state)
{
    (void)state;
    assert_hints("111", "111112222333", HINTS_ON, "311112222333"); /* 5 4 3 */
    assert_hints("111", "222233331111", HINTS_ON, "222233331111");
    assert_hints("11", "1211", HINTS_ON, "2211");                  /* 3 1: 2 each */
    assert_hints("111", "111111", HINTS_ON, "223311");
    /* 6 1: due 3.5 each, so 2.5 too many, of which 2 go: the rest is less than one on both
       sides. */
    assert_hints("11", "1111112", HINTS_ON, "2211112");
    /* 5 4: due 4.5, at least 3.75, so 4: half an endpoint stays where it is. */
    assert_hints("11", "111112222", HINTS_ON, "111112222");
}

/* 3 and 1 nodes, 4 endpoints: 3 and 1, at least 2.5, so 3, and 1. */
static void test_nodes_are_shares(void **state)
{
    (void)state;
    assert_hints("31", "1122", HINTS_ON, "1112");
    assert_hints("31", "1112", HINTS_ON, "1112");
    assert_hints("31", "11222", HINTS_OVERLOAD, ""); /* 3.75, at least 4; 1.25, at least 2 */
    assert_hints("21", "111112222", HINTS_ON, "111111222"); /* 6 and 3; has 5 4 */
}

static void test_what_is_not_known(void **state)
{
    (void)state;
    assert_hints("2", "1111", HINTS_ONE_ZONE, "");
    assert_hints("20", "1111", HINTS_ONE_ZONE, "");
    assert_hints("00", "1212", HINTS_NO_NODES, "");
    assert_hints("110", "121233", HINTS_NO_NODES, "");
    assert_hints("11", "12120", HINTS_OVERLOAD, "");
    assert_hints("11", "121200", HINTS_NO_ZONE, "");
    assert_hints("11", "", HINTS_FEW, "");
    for (int i = 1; i < HINTS_STATES; i++)
        assert_true(strlen(hints_reasons[i]) > 10);
}

/* Whatever the zones: none that is given hints has less than it needs at least. */
static void test_nobody_is_overloaded(void **state)
{
    (void)state;
    struct rng rng;
    rng_open(&rng, 1, "hints", 0);
    int on = 0;
    for (int round = 0; round < 2000; round++) {
        uint32_t nodes[6] = {0}, zones[MOST], hints[MOST], total = 0, counts[6] = {0};
        struct hints_order order = {zones, (uint32_t)rng_below(&rng, MOST), nodes,
                                    2 + (uint32_t)rng_below(&rng, 4)};
        for (uint32_t i = 1; i <= order.zone_count; i++)
            total += nodes[i] = 1 + (uint32_t)rng_below(&rng, 5);
        for (uint32_t i = 0; i < order.count; i++)
            zones[i] = 1 + (uint32_t)rng_below(&rng, order.zone_count);
        if (hints_assign(&order, hints) != HINTS_ON)
            continue;
        on++;
        for (uint32_t i = 0; i < order.count; i++) {
            assert_in_range(hints[i], 1, order.zone_count);
            counts[hints[i]]++;
        }
        for (uint32_t i = 1; i <= order.zone_count; i++)
            assert_true(counts[i] + 1 > (double)order.count * nodes[i] / total / 1.2 - 1e-9);
    }
    assert_true(on > 500);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_three_zones),       cmocka_unit_test(test_sharing_out),
    cmocka_unit_test(test_nodes_are_shares),  cmocka_unit_test(test_what_is_not_known),
    cmocka_unit_test(test_nobody_is_overloaded),
};

TEST_MAIN(tests)
