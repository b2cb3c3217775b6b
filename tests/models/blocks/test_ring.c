/* SPDX-License-Identifier: GPL-3.0-or-later
   The ring against a plain search, for even hashes and for the worst. */
#include "models/blocks/ring.h"

#include "models/blocks/crc_ring.h"
#include "sim/engine/hash.h"
#include "tests/test.h"

#include <string.h>

enum { MOST = 3000 };

static uint64_t added[MOST];

/* The first added of the least hashes that are not below; of all where none is. */
static backend_id expected_owner(uint32_t count, uint64_t hash)
{
    uint32_t best = UINT32_MAX, least = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (added[i] < added[least])
            least = i;
        if (added[i] >= hash && (best == UINT32_MAX || added[i] < added[best]))
            best = i;
    }
    return best != UINT32_MAX ? best : least;
}

static void check(struct ring *ring, uint32_t count, uint64_t step, uint64_t mask)
{
    ring_reserve(ring, count);
    ring_clear(ring);
    for (uint32_t i = 0; i < count; i++) {
        added[i] = (i * step) & mask;
        ring_add(ring, added[i], i);
    }
    ring_sort(ring);
    for (uint32_t i = 1; i < count; i++) {
        const struct ring_point *before = &ring->points[i - 1], *point = &ring->points[i];
        assert_true(before->hash < point->hash ||
                    (before->hash == point->hash && before->owner < point->owner));
    }
    for (uint32_t i = 0; i < 200; i++) {
        uint64_t hash = i % 3 == 0 ? added[i % count] + i % 2 : i * UINT64_C(0x123456789abcdef1);
        hash &= mask;
        assert_int_equal(ring_owner(ring, ring_find(ring, hash)), expected_owner(count, hash));
    }
    assert_int_equal(ring_next(ring, count - 1), 0);
    assert_int_equal(ring_previous(ring, 0), count - 1);
}

static void test_lookup(void **state)
{
    (void)state;
    static const uint32_t counts[] = {1, 2, 3, 7, 64, 1000, MOST, 5};
    struct arena arena = {0};
    struct ring wide, narrow;
    ring_init(&wide, 64, &arena);
    ring_init(&narrow, 32, &arena);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        check(&wide, counts[i], UINT64_C(0x9e3779b97f4a7c15), UINT64_MAX);
        check(&wide, counts[i], 1, 15);
        check(&narrow, counts[i], 0x9e3779b1, UINT32_MAX);
        check(&narrow, counts[i], UINT64_C(0x40000001), UINT32_MAX);
    }
    arena_free(&arena);
}

static void test_unique(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct ring ring;
    ring_init(&ring, 32, &arena);
    check(&ring, 100, 1, 15);
    ring_unique(&ring);
    assert_int_equal(ring.count, 16);
    for (uint32_t i = 0; i < 16; i++) {
        assert_int_equal(ring_owner(&ring, ring_find(&ring, i)), i);
    }
    arena_free(&arena);
}

static void open_chains(struct ring *ring, struct arena *arena, const uint32_t *weights)
{
    ring_init(ring, 32, arena);
    ring_reserve(ring, 20 * CRC_RING_POINTS);
    for (uint32_t i = 0; i < 3; i++) {
        const char *names[] = {"server1", "server2", "server3"};
        crc_ring_add(ring, hash_crc32_more(HASH_CRC32_BEGIN, names[i], 7),
                     weights[i] * CRC_RING_POINTS, i);
    }
    ring_sort(ring);
}

/* lua-resty-balancer t/chash.t, tests 1 and 3. */
static void test_crc_chains(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct ring ring;
    uint32_t counts[3] = {0};
    open_chains(&ring, &arena, (const uint32_t[]){10, 2, 1});
    assert_int_equal(ring.count, 2080);
    for (int i = 1; i <= 100000; i++) {
        char key[16];
        int size = snprintf(key, sizeof key, "%d", i);
        counts[ring_owner(&ring, ring_find(&ring, hash_crc32(key, (size_t)size)))]++;
    }
    assert_int_equal(counts[0], 77075);
    assert_int_equal(counts[1], 14743);
    assert_int_equal(counts[2], 8182);
    open_chains(&ring, &arena, (const uint32_t[]){2, 2, 1});
    uint32_t place = ring_find(&ring, hash_crc32("foo", 3));
    assert_int_equal(place, 434);
    assert_int_equal(ring_owner(&ring, place), 0);
    for (int i = 0; i < 100; i++)
        place = ring_next(&ring, place);
    assert_int_equal(place, 534);
    assert_int_equal(ring_owner(&ring, place), 1);
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_lookup),
    cmocka_unit_test(test_unique),
    cmocka_unit_test(test_crc_chains),
};

TEST_MAIN(tests)
