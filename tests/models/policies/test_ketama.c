/* SPDX-License-Identifier: GPL-3.0-or-later
   libketama: its own tests, and what its digest of a million picks says. */
#include "sim/engine/hash.h"
#include "tests/models/policies/hashing.h"

static const double memories[8] = {600, 300, 200, 350, 1000, 800, 950, 100};

/* python_ketama/tests.py: "test" belongs to the point 3454255383 of the first, hashed to
   3446378249. */
static void test_two(void **state)
{
    (void)state;
    static struct hashing h;
    hashing_open(&h, "ketama", "127.0.0.1:%u", 11211, (const double[]){600, 400}, 2);
    struct request request = {.key_text = "test", .key_size = 4};
    assert_int_equal(hashing_ask(&h, &request), 0);
    assert_int_equal(hashing_of_hash(&h, 3446378249), 0);
    assert_int_equal(hashing_of_hash(&h, 3454255383), 0);
    assert_int_equal(hashing_of_hash(&h, UINT64_C(3454255384)),
                     hashing_of_hash(&h, UINT64_C(3454255385)));
    hashing_close(&h);
}

/* The servers of the shipped ketama.servers.  libketama/test.sh holds the MD5 of hash, point
   and server of the keys 0 to 999999 against 5672b131391f5aa2b280936aec1eea74, which this
   ring reproduces; here are the first picks and the counts of the first 100000 of them. */
static void test_shipped_servers(void **state)
{
    (void)state;
    static struct hashing h;
    hashing_open(&h, "ketama", "10.0.1.%u", 1, memories, 8);
    for (int i = 0; i < 8; i++)
        snprintf(h.addresses[i], sizeof h.addresses[i], "10.0.1.%d:11211", i + 1);
    hashing_weigh(&h, 0, memories[0]);
    uint32_t counts[8] = {0};
    for (unsigned i = 0; i < 100000; i++)
        counts[hashing_ask(&h, &(struct request){.key = i})]++;
    assert_int_equal(hashing_ask(&h, &(struct request){.key = 0}), 0);
    assert_int_equal(hashing_ask(&h, &(struct request){.key = 1}), 4);
    static const uint32_t expected[8] = {12318, 6647, 4685, 7318, 23786, 18771, 24210, 2265};
    for (int i = 0; i < 8; i++)
        assert_int_equal(counts[i], expected[i]);
    hashing_close(&h);
}

/* Equal weights have 160 points each, so only the keys of who leaves move; a full or failed
   server's keys go to the next point. */
static void test_change(void **state)
{
    (void)state;
    static struct hashing h;
    static backend_id before[2000];
    hashing_open(&h, "ketama", "10.0.0.1:%u", 7000, NULL, 8);
    hashing_moved(&h, before, 2000, NO_BACKEND);
    hashing_down(&h, 3, true);
    assert_int_equal(hashing_moved(&h, before, 2000, 3), 0);
    hashing_remove(&h, 3, true);
    assert_int_equal(hashing_moved(&h, before, 2000, NO_BACKEND), 0);
    hashing_close(&h);
    hashing_open(&h, "ketama", "10.0.0.1:%u", 7000, memories, 8);
    hashing_moved(&h, before, 2000, NO_BACKEND);
    hashing_remove(&h, 7, true);
    assert_true(hashing_moved(&h, before, 2000, 7) > 100);
    hashing_close(&h);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_two),
    cmocka_unit_test(test_shipped_servers),
    cmocka_unit_test(test_change),
};

TEST_MAIN(tests)
