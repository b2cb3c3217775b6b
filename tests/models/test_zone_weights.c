/* SPDX-License-Identifier: GPL-3.0-or-later
   Weights of hosts with those of their zones, worked out by hand. */
#include "models/zone_weights.h"

#include "tests/test.h"

enum { HOSTS = 6, ZONES = 3 };

static const uint32_t zone_of[HOSTS] = {0, 0, 0, 1, 1, 2};
static const double given[ZONES] = {70, 30, 0};

static void assert_weights(const double own[HOSTS], const uint8_t up[HOSTS],
                           const uint8_t part[HOSTS], const double expected[HOSTS], int line)
{
    struct backend hosts[HOSTS] = {{0}}, list[HOSTS] = {{0}};
    static const uint8_t members[HOSTS] = {1, 1, 1, 1, 1, 1};
    double sums[ZONES];
    uint8_t has_members[ZONES];
    for (int i = 0; i < HOSTS; i++) {
        hosts[i].weight = own[i];
        list[i].weight = -1;
    }
    const struct view view = {.backends = hosts, .count = HOSTS, .is_member = members,
                              .is_up = up};
    const struct zone_weights weights = {zone_of, given, ZONES, sums, has_members};
    double whole = zone_weights_merge(&weights, &view, part, list);
    double unit = whole > 0 ? whole : 1e9;
    for (int i = 0; i < HOSTS; i++)
        if (fabs(list[i].weight / (list[i].weight < 0 ? 1 : unit) - expected[i]) > 1e-12)
            fail_msg("line %d: host %d has %.12g, expected %.12g", line, i,
                     list[i].weight, expected[i]);
}

#define DOUBLES(...) (const double[HOSTS]){__VA_ARGS__}
#define BYTES(...) (const uint8_t[HOSTS]){__VA_ARGS__}
#define WEIGHTS(...) assert_weights(__VA_ARGS__, __LINE__)

static void test_merge(void **state)
{
    (void)state;
    const uint8_t *all = BYTES(1, 1, 1, 1, 1, 1);
    /* 0.7 over three, 0.3 over two; c has no part. */
    WEIGHTS(DOUBLES(1, 1, 1, 1, 1, 1), all, all,
            DOUBLES(0.7 / 3, 0.7 / 3, 0.7 / 3, 0.15, 0.15, 0));
    /* Own weights 1 : 2 : 1 of 0.7. */
    WEIGHTS(DOUBLES(1, 2, 1, 5, 15, 9), all, all, DOUBLES(0.175, 0.35, 0.175, 0.075, 0.225, 0));
    /* Who is down takes no part of the sum: the one left has all of its zone's. */
    WEIGHTS(DOUBLES(1, 1, 1, 1, 1, 1), BYTES(0, 0, 1, 1, 1, 1), all,
            DOUBLES(0.7, 0.7, 0.7, 0.15, 0.15, 0));
    /* Nobody in a: its 0.7 are nobody's. */
    WEIGHTS(DOUBLES(1, 1, 1, 1, 1, 1), BYTES(0, 0, 0, 1, 1, 1), all,
            DOUBLES(0, 0, 0, 0.15, 0.15, 0));
}

/* Only c is up, which has no weight: it is all that there is. */
static void test_nobody_else(void **state)
{
    (void)state;
    assert_weights(DOUBLES(1, 1, 1, 1, 1, 4), BYTES(0, 0, 0, 0, 0, 1), BYTES(1, 1, 1, 1, 1, 1),
                   DOUBLES(1, 1, 1, 1, 1, 1), __LINE__);
}

/* Others are of another priority: they count for nothing and stay as they were. */
static void test_part(void **state)
{
    (void)state;
    WEIGHTS(DOUBLES(1, 1, 1, 1, 1, 1), BYTES(1, 1, 1, 1, 1, 1), BYTES(1, 0, 0, 1, 1, 0),
            DOUBLES(0.7, -1, -1, 0.15, 0.15, -1));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_merge),
    cmocka_unit_test(test_nobody_else),
    cmocka_unit_test(test_part),
};

TEST_MAIN(tests)
