/* SPDX-License-Identifier: GPL-3.0-or-later
   gRPC's ring_hash: the ring is Envoy's (its ring_hash_lb_test.cc) and holds a point with the
   hash of ADDRESS_0 for each endpoint (grpc-go's ringhash_e2e_test.go goes by that). */
#include "tests/models/policies/hashing.h"

static const struct {
    uint64_t hash;
    uint32_t owner;
} example[12] = {
    {UINT64_C(833437586790550860), 4},   {UINT64_C(928266305478181108), 2},
    {UINT64_C(1033482794131418490), 0},  {UINT64_C(3551244743356806947), 5},
    {UINT64_C(3851675632748031481), 3},  {UINT64_C(5583722120771150861), 1},
    {UINT64_C(6311230543546372928), 1},  {UINT64_C(7700377290971790572), 3},
    {UINT64_C(13144177310400110813), 5}, {UINT64_C(13444792449719432967), 2},
    {UINT64_C(15516499411664133160), 4}, {UINT64_C(16117243373044804889), 0},
};

/* The endpoints from the last to the first: the ring does not depend on their order. */
static void open_example(struct hashing *h)
{
    hashing_open(h, "grpc.ring_hash: {min_ring_size: 12}", "127.0.0.1:%u", 90, NULL, 6);
    for (int i = 0; i < 3; i++) {
        struct backend first = h->list[i];
        h->list[i] = h->list[5 - i];
        h->list[5 - i] = first;
    }
    hashing_weigh(h, 0, 1);
}

static void test_example(void **state)
{
    (void)state;
    static struct hashing h;
    open_example(&h);
    for (int i = 0; i < 12; i++) {
        assert_int_equal(hashing_of_hash(&h, example[i].hash), 5 - example[i].owner);
        assert_int_equal(hashing_of_hash(&h, example[i].hash + 1),
                         5 - example[(i + 1) % 12].owner);
    }
    hashing_close(&h);
}

static void test_own_point(void **state)
{
    (void)state;
    static struct hashing h;
    hashing_open(&h, "grpc.ring_hash", "127.0.0.1:%u", 50051, NULL, 20);
    for (uint32_t i = 0; i < 20; i++)
        assert_int_equal(hashing_of_key(&h, "127.0.0.1:%u_0", 50051 + i), i);
    hashing_close(&h);
}

/* Envoy's HostWeightedTinyRing. */
static void test_weights(void **state)
{
    (void)state;
    static const struct {
        uint64_t hash;
        uint32_t owner;
    } tiny[6] = {
        {UINT64_C(928266305478181108), 2},   {UINT64_C(4443673547860492590), 2},
        {UINT64_C(5583722120771150861), 1},  {UINT64_C(6311230543546372928), 1},
        {UINT64_C(13444792449719432967), 2}, {UINT64_C(16117243373044804889), 0},
    };
    static struct hashing h;
    hashing_open(&h, "grpc.ring_hash: {min_ring_size: 6, max_ring_size: 6}", "127.0.0.1:%u", 90,
                 (const double[]){1, 2, 3}, 3);
    for (int i = 0; i < 6; i++) {
        assert_int_equal(hashing_of_hash(&h, tiny[i].hash), tiny[i].owner);
        assert_int_equal(hashing_of_hash(&h, tiny[i].hash + 1), tiny[(i + 1) % 6].owner);
    }
    hashing_close(&h);
}

/* Endpoints that fail keep their points; the request goes on to the next that does not. */
static void test_failing(void **state)
{
    (void)state;
    static struct hashing h;
    open_example(&h);
    hashing_down(&h, 5 - 4, true);
    hashing_down(&h, 5 - 2, true);
    assert_int_equal(hashing_of_hash(&h, 0), 5 - 0);
    assert_int_equal(hashing_of_hash(&h, example[10].hash), 5 - 0);
    assert_int_equal(hashing_of_hash(&h, example[6].hash), 5 - 1);
    hashing_close(&h);
}

/* Removing an endpoint makes another ring, as in Envoy; failing ones move no other key. */
static void test_churn(void **state)
{
    (void)state;
    static struct hashing h;
    static backend_id before[5000];
    hashing_open(&h, "grpc.ring_hash", "10.0.0.1:%u", 8000, NULL, 10);
    hashing_moved(&h, before, 5000, NO_BACKEND);
    hashing_down(&h, 9, true);
    assert_int_equal(hashing_moved(&h, before, 5000, 9), 0);
    hashing_remove(&h, 9, true);
    assert_true(hashing_moved(&h, before, 5000, 9) > 250);
    hashing_close(&h);
}

/* Both sizes are cut to the cap, so this ring is that of the default cap. */
static void test_cap(void **state)
{
    (void)state;
    static struct hashing large, capped;
    hashing_open(&large, "grpc.ring_hash: {min_ring_size: 100k, max_ring_size: 200k}",
                 "10.0.0.1:%u", 8000, NULL, 7);
    hashing_open(&capped, "grpc.ring_hash: {min_ring_size: 4096, max_ring_size: 4096}",
                 "10.0.0.1:%u", 8000, NULL, 7);
    for (unsigned i = 0; i < 2000; i++)
        assert_int_equal(hashing_of_key(&large, "key-%u", i),
                         hashing_of_key(&capped, "key-%u", i));
    hashing_close(&large);
    hashing_close(&capped);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_example), cmocka_unit_test(test_own_point),
    cmocka_unit_test(test_weights), cmocka_unit_test(test_failing),
    cmocka_unit_test(test_churn),   cmocka_unit_test(test_cap),
};

TEST_MAIN(tests)
