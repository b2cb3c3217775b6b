/* SPDX-License-Identifier: GPL-3.0-or-later
   Katran's rings against the counts that its own tests expect (katran/lib/tests/VipTest.cpp,
   CHHelpersTest.cpp): there the hash of host i is i, as the identity is here for pods without
   an address. */
#include "tests/models/policies/members.h"

enum { SIZE = 65537, HOSTS_MAX = 400 };

struct ring {
    struct bare bare;
    struct backend list[HOSTS_MAX];
    char names[HOSTS_MAX][8];
    backend_id slots[SIZE];
};

static struct ring *ring_open(const char *policy, uint32_t count, double weight)
{
    struct ring *ring = calloc(1, sizeof *ring);
    for (uint32_t i = 0; i < count; i++) {
        snprintf(ring->names[i], sizeof ring->names[i], "r%u", i);
        ring->list[i] = (struct backend){ring->names[i], ring->names[i], "", i, weight};
    }
    members_open_limited(&ring->bare, policy, ring->list, count, UINT32_MAX, 0);
    return ring;
}

static void ring_close(struct ring *ring)
{
    bare_close(&ring->bare);
    free(ring);
}

/* How many slots are others than before. */
static int ring_moved(struct ring *ring)
{
    int moved = 0;
    backends_update(&ring->bare.backends);
    for (uint64_t i = 0; i < SIZE; i++) {
        backend_id owner = members_of_hash(&ring->bare, i);
        moved += owner != ring->slots[i];
        ring->slots[i] = owner;
    }
    return moved;
}

static void expect_moves(const char *policy, int removal, int heavier, int one_heavier)
{
    struct ring *ring = ring_open(policy, 100, 10);
    ring_moved(ring);
    assert_int_equal(ring_moved(ring), 0);
    backends_set_up(&ring->bare.backends, 0, false);
    assert_int_equal(ring_moved(ring), removal);
    backends_set_up(&ring->bare.backends, 0, true);
    assert_int_equal(ring_moved(ring), removal);
    for (int i = 0; i < 100; i++)
        ring->list[i].weight = 13;
    assert_int_equal(ring_moved(ring), heavier);
    ring->list[0].weight = 26;
    assert_int_equal(ring_moved(ring), one_heavier);
    ring_close(ring);
}

static void test_moves(void **state)
{
    (void)state;
    expect_moves("katran.maglev", 1009, 17, 109);
    expect_moves("katran.maglev: {version: v2}", 1020, 0, 1013);
}

static void test_pair(void **state)
{
    (void)state;
    struct ring *ring = ring_open("katran.maglev", 2, 1);
    backends_set_up(&ring->bare.backends, 1, false);
    ring_moved(ring);
    backends_set_up(&ring->bare.backends, 1, true);
    assert_int_equal(ring_moved(ring), 32768);
    ring_close(ring);
}

/* The greatest count of slots less the least. */
static int spread(struct ring *ring, uint32_t count, int *least)
{
    int slots[HOSTS_MAX] = {0}, most = 0;
    ring_moved(ring);
    for (int i = 0; i < SIZE; i++)
        slots[ring->slots[i]]++;
    *least = SIZE;
    for (uint32_t i = 0; i < count; i++) {
        most = slots[i] > most ? slots[i] : most;
        *least = slots[i] < *least ? slots[i] : *least;
    }
    return most - *least;
}

static void expect_spread(const char *policy, uint32_t count, double weight, double first,
                          int expected)
{
    int least;
    struct ring *ring = ring_open(policy, count, weight);
    ring->list[0].weight = first;
    assert_int_equal(spread(ring, count, &least), expected);
    ring_close(ring);
}

static void test_spread(void **state)
{
    (void)state;
    expect_spread("katran.maglev", 400, 1, 1, 1);
    expect_spread("katran.maglev: {version: v2}", 400, 1, 1, 1);
    expect_spread("katran.maglev", 3, 1, 2, 2);
    expect_spread("katran.maglev: {version: v2}", 3, 1, 2, 16385);
    expect_spread("katran.maglev", 400, SIZE / 400 - 1, SIZE / 400 - 1, 1);
    /* More weight than slots: the first half of the hosts fill the ring. */
    struct ring *ring = ring_open("katran.maglev", 400, SIZE * 2 / 400);
    int least;
    assert_int_equal(spread(ring, 400, &least), SIZE * 2 / 400);
    assert_int_equal(least, 0);
    ring_close(ring);
}

/* 10.0.0.1:1234 to port 80: the kernel's jhash_2words(0x0100000a, 0x5000d204, 512 * 65537),
   found apart from this program. */
static void test_flow(void **state)
{
    (void)state;
    struct ring *ring = ring_open("katran.maglev", 100, 1);
    ring_moved(ring);
    assert_int_equal(members_of_key(&ring->bare, "10.0.0.1:1234"),
                     ring->slots[UINT64_C(0xc47278dd) % SIZE]);
    ring_close(ring);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_moves),
    cmocka_unit_test(test_pair),
    cmocka_unit_test(test_spread),
    cmocka_unit_test(test_flow),
};

TEST_MAIN(tests)
