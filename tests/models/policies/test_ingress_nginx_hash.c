/* SPDX-License-Identifier: GPL-3.0-or-later
   ingress-nginx's hash and subset hash.  The ring is lua-resty-balancer's, whose own counts
   and indexes tests/models/blocks/test_ring.c holds; here is what is made of it. */
#include "models/blocks/crc_ring.h"
#include "sim/engine/hash.h"
#include "tests/models/policies/hashing.h"

/* Endpoints are ids "ip:port" of weight 1 each, whatever their weights. */
static void test_ring(void **state)
{
    (void)state;
    static struct hashing h;
    struct arena arena = {0};
    struct ring ring;
    hashing_open(&h, "ingress_nginx.hash", "10.184.7.40:%u", 8080, (const double[]){9, 1, 5}, 3);
    ring_init(&ring, 32, &arena);
    ring_reserve(&ring, 3 * CRC_RING_POINTS);
    for (uint32_t i = 0; i < 3; i++) {
        char id[32];
        int size = snprintf(id, sizeof id, "10.184.7.40:%u", 8080 + i);
        crc_ring_add(&ring, hash_crc32_more(HASH_CRC32_BEGIN, id, (size_t)size),
                     CRC_RING_POINTS, i);
    }
    ring_sort(&ring);
    for (unsigned i = 0; i < 1000; i++) {
        char key[32];
        int size = snprintf(key, sizeof key, "/alma/%u", i);
        uint32_t place = ring_find(&ring, hash_crc32(key, (size_t)size));
        assert_int_equal(hashing_of_key(&h, "/alma/%u", i), ring_owner(&ring, place));
    }
    arena_free(&arena);
    hashing_close(&h);
}

static void test_churn(void **state)
{
    (void)state;
    static struct hashing h;
    static backend_id before[2000];
    hashing_open(&h, "ingress_nginx.hash", "10.0.0.1:%u", 80, NULL, 8);
    hashing_moved(&h, before, 2000, NO_BACKEND);
    hashing_down(&h, 2, true);
    assert_int_equal(hashing_moved(&h, before, 2000, 2), 0);
    hashing_close(&h);
}

/* Seven endpoints in sets of three: 0 1 2, 3 4 5, 6 0 1.  All keys of a set see all of it. */
static void test_subsets(void **state)
{
    (void)state;
    static struct hashing h;
    static const unsigned sets[3] = {1 | 2 | 4, 8 | 16 | 32, 64 | 1 | 2};
    uint32_t found[3] = {0};
    hashing_open(&h, "ingress_nginx.subset_hash", "10.184.7.1:%u", 8080, NULL, 7);
    for (unsigned key = 0; key < 100; key++) {
        unsigned seen = 0;
        for (int i = 0; i < 60; i++)
            seen |= 1u << hashing_of_key(&h, "/%u", key);
        int set = 0;
        while (set < 3 && sets[set] != seen)
            set++;
        assert_int_not_equal(set, 3);
        found[set]++;
    }
    for (int set = 0; set < 3; set++)
        assert_true(found[set] > 10);
    hashing_close(&h);
}

/* A set with more places than there are endpoints is all of them. */
static void test_large_subset(void **state)
{
    (void)state;
    static struct hashing h;
    uint32_t counts[3] = {0};
    hashing_open(&h, "ingress_nginx.subset_hash: {upstream_hash_by_subset_size: 6}",
                 "10.184.7.1:%u", 8080, NULL, 3);
    for (int i = 0; i < 3000; i++)
        counts[hashing_of_key(&h, "/%u", 1)]++;
    for (int i = 0; i < 3; i++)
        ASSERT_NEAR(counts[i], 1000, 150);
    hashing_down(&h, 0, true);
    hashing_down(&h, 1, true);
    assert_int_equal(hashing_of_key(&h, "/%u", 1), 2);
    hashing_close(&h);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_ring),
    cmocka_unit_test(test_churn),
    cmocka_unit_test(test_subsets),
    cmocka_unit_test(test_large_subset),
};

TEST_MAIN(tests)
