/* SPDX-License-Identifier: GPL-3.0-or-later
   Cilium's table against the one that its own test expects (pkg/maglev/maglev_test.go,
   TestReproducible): weights 2, 13, 111 and 10 in 251 slots. */
#include "tests/models/policies/members.h"

/* Runs of one backend: its number and how many slots. */
static const uint8_t cilium_runs[][2] = {
    {2, 5}, {3, 1}, {2, 3}, {1, 1}, {2, 2}, {0, 1}, {2, 1}, {3, 1}, {2, 1}, {3, 1},
    {2, 1}, {1, 1}, {2, 7}, {1, 1}, {2, 14}, {3, 1}, {2, 1}, {1, 2}, {2, 12}, {3, 1},
    {2, 3}, {1, 1}, {2, 4}, {3, 1}, {2, 8}, {3, 1}, {2, 2}, {1, 1}, {2, 16}, {1, 2},
    {2, 3}, {3, 1}, {2, 11}, {1, 2}, {2, 4}, {3, 1}, {2, 3}, {1, 1}, {2, 4}, {3, 1},
    {2, 1}, {0, 1}, {1, 1}, {2, 8}, {1, 1}, {2, 7}, {1, 1}, {2, 4}, {3, 1}, {2, 1},
    {3, 1}, {2, 9}, {1, 2}, {2, 5}, {1, 1}, {2, 7}, {3, 1}, {2, 1}, {3, 1}, {1, 1},
    {2, 8}, {1, 1}, {2, 4}, {0, 1}, {2, 1}, {1, 1}, {2, 5}, {3, 1}, {2, 3}, {1, 1},
    {2, 4}, {3, 1}, {2, 3}, {1, 1}, {2, 12}, {0, 1}, {3, 1}, {2, 3}, {3, 1}, {2, 4},
    {3, 1}, {2, 2}, {1, 1}, {2, 7},
};

static struct backend cilium_list[] = {
    {"w", "0.0.0.1:1", "", 1, 2},
    {"x", "0.0.0.3:3", "", 2, 13},
    {"y", "0.0.0.4:4", "", 3, 111},
    {"z", "0.0.0.5:5", "", 4, 10},
};

static void test_table(void **state)
{
    (void)state;
    struct bare bare;
    members_open_limited(&bare, "cilium.maglev: {table_size: '251'}", cilium_list, 4,
                         UINT32_MAX, 0);
    uint64_t slot = 0;
    for (size_t run = 0; run < sizeof cilium_runs / sizeof *cilium_runs; run++)
        for (int i = 0; i < cilium_runs[run][1]; i++, slot++)
            assert_int_equal(members_of_hash(&bare, slot), cilium_runs[run][0]);
    assert_int_equal(slot, 251);
    bare_close(&bare);
}

/* Slots of TestWeightedBackendWithRemoval: 1021 by the same weights. */
static void test_shares(void **state)
{
    (void)state;
    static struct backend list[] = {
        {"w", "0.0.0.1:1", "", 1, 2},
        {"x", "0.0.0.2:2", "", 2, 13},
        {"y", "0.0.0.3:3", "", 3, 111},
        {"z", "0.0.0.4:4", "", 4, 10},
    };
    struct bare bare;
    members_open_limited(&bare, "cilium.maglev: {table_size: '1021'}", list, 4, UINT32_MAX, 0);
    int slots[4] = {0}, moved = 0;
    backend_id before[1021];
    for (uint64_t i = 0; i < 1021; i++) {
        before[i] = members_of_hash(&bare, i);
        slots[before[i]]++;
    }
    assert_int_equal(slots[0], 16);
    assert_int_equal(slots[1], 98);
    assert_int_equal(slots[2], 832);
    assert_int_equal(slots[3], 75);
    bare_set_up(&bare, 0, false);
    for (uint64_t i = 0; i < 1021; i++)
        moved += before[i] != 0 && members_of_hash(&bare, i) != before[i];
    assert_in_range(moved, 0, 10);
    bare_close(&bare);
}

/* 10.0.0.1:1234 to port 80 by TCP: jhash_3words(0x0100000a, 0xd2045000, 6, 0x71dcda46), found
   apart from this program. */
static void test_flow(void **state)
{
    (void)state;
    struct bare bare;
    members_open_limited(&bare, "cilium.maglev", cilium_list, 4, UINT32_MAX, 0);
    assert_int_equal(members_of_key(&bare, "10.0.0.1:1234"),
                     members_of_hash(&bare, 0x8330b14c));
    bare_close(&bare);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_table),
    cmocka_unit_test(test_shares),
    cmocka_unit_test(test_flow),
};

TEST_MAIN(tests)
