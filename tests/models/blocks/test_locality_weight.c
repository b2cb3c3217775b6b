/* SPDX-License-Identifier: GPL-3.0-or-later
   brpc's weight of one server, by hand.  The scale is 2^63 / 72000000 / 127 = 1008680231;
   times in microseconds. */
#include "models/blocks/locality_weight.h"
#include "tests/test.h"

static const struct locality_rules rules = {1000, 1.5, 1.2, 500000, 3};

static struct locality_weight test_new(void)
{
    struct locality_weight server;
    locality_weight_init(&server, LOCALITY_WEIGHT_SCALE);
    return server;
}

static void test_begin(struct locality_weight *server, int64_t now)
{
    int64_t change;
    assert_true(locality_weight_begin(server, &rules, now, 0, &change));
}

static void test_reply(struct locality_weight *server, int64_t begin, int64_t end)
{
    const struct locality_call call = {begin, end, true, 0};
    test_begin(server, begin);
    locality_weight_end(server, &rules, &call);
}

static void test_mean_latency(void **state)
{
    (void)state;
    struct locality_weight server = test_new();
    assert_int_equal(server.weight, 1008680231);
    test_reply(&server, 0, 1000);
    assert_int_equal(server.weight, 1008680231 / 1000);
    /* Of two replies the mean is that of the second: sums are taken from the first on. */
    test_reply(&server, 1000, 5000);
    assert_int_equal(server.weight, 1008680231 / 4000);
    test_reply(&server, 5000, 7000);
    assert_int_equal(server.weight, 1008680231 / 3000);
}

/* Eleven replies of 1 ms, one every 100 ms: at 1 s the rate 10 / s counts. */
static void test_rate(void **state)
{
    (void)state;
    struct locality_weight server = test_new();
    for (int64_t i = 0; i < 10; i++)
        test_reply(&server, i * 100000, i * 100000 + 1000);
    assert_int_equal(server.weight, 1008680231 / 1000);
    test_reply(&server, 1000000, 1001000);
    assert_int_equal(server.weight, INT64_C(10086802310) / 1000);
}

/* A full ring of 128 counts at once: 127 replies in 127 ms. */
static void test_full_ring(void **state)
{
    (void)state;
    struct locality_weight server = test_new();
    for (int64_t i = 0; i < 200; i++)
        test_reply(&server, i * 1000, i * 1000 + 1000);
    assert_int_equal(server.weight, INT64_C(1008680231) * 1000 / 1000);
}

/* Mean 1 ms.  In flight since 1 ms, 1.4 ms: nothing.  Since 10 ms: 1.5 / 10 of the
   weight, and a request that drew a position beyond it is turned away.  In the end 1000
   is left. */
static void test_ageing(void **state)
{
    (void)state;
    struct locality_weight server = test_new();
    test_reply(&server, 0, 1000);
    test_begin(&server, 10000);
    int64_t change;
    assert_true(locality_weight_begin(&server, &rules, 10000, 1008680, &change));
    assert_int_equal(change, 0);
    assert_true(locality_weight_begin(&server, &rules, 11400, 1008680, &change));
    /* Mean begin (10000 + 10000 + 11400) / 3 = 10466; age 10000. */
    assert_false(locality_weight_begin(&server, &rules, 20466, 151303, &change));
    assert_int_equal(server.weight, 1008680 * 1500 / 10000);
    assert_int_equal(change, 151302 - 1008680);
    assert_true(locality_weight_begin(&server, &rules, 20466, 151302, &change));
    locality_weight_begin(&server, &rules, 1000000000, 0, &change);
    assert_int_equal(server.weight, 1000);
}

/* First an error: the whole timeout, 500 ms.  Then a reply of 1 ms; then an error of 10
   ms with all three retries left, which adds 12 ms to that reply. */
static void test_errors(void **state)
{
    (void)state;
    struct locality_weight server = test_new();
    struct locality_call call = {0, 10000, false, 0};
    test_begin(&server, 0);
    locality_weight_end(&server, &rules, &call);
    assert_int_equal(server.weight, 1008680231 / 500000);
    test_reply(&server, 20000, 21000);
    assert_int_equal(server.weight, 1008680231 / 1000);
    call = (struct locality_call){30000, 40000, false, 0};
    test_begin(&server, 30000);
    locality_weight_end(&server, &rules, &call);
    assert_int_equal(server.weight, 1008680231 / 13000);
    /* After one retry of three: (2 x 12 + 1 x 500) / 3 = 174.666 ms. */
    call = (struct locality_call){40000, 50000, false, 1};
    test_begin(&server, 40000);
    locality_weight_end(&server, &rules, &call);
    assert_int_equal(server.weight, 1008680231 / (13000 + 174666));
}

static void test_fail(void **state)
{
    (void)state;
    struct locality_weight server = test_new();
    assert_int_equal(locality_weight_fail(&server, &rules, 2000000000), 0);
    assert_int_equal(locality_weight_fail(&server, &rules, 5000), 5000 - 1008680231);
    assert_int_equal(server.weight, 5000);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_mean_latency), cmocka_unit_test(test_rate),
    cmocka_unit_test(test_full_ring),    cmocka_unit_test(test_ageing),
    cmocka_unit_test(test_errors),       cmocka_unit_test(test_fail),
};

TEST_MAIN(tests)
