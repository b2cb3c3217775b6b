/* SPDX-License-Identifier: GPL-3.0-or-later
   Envoy's maglev against the tables in its own maglev_lb_test.cc. */
#include "tests/models/policies/hashing.h"

static void expect_table(struct hashing *h, const char *expected)
{
    char found[64] = "";
    for (size_t i = 0; expected[i] != '\0'; i++) {
        found[i] = (char)('0' + hashing_of_hash(h, i));
        assert_int_equal(hashing_of_hash(h, i + 3 * strlen(expected)), found[i] - '0');
    }
    assert_string_equal(found, expected);
}

static void test_basic(void **state)
{
    (void)state;
    static struct hashing h;
    hashing_open(&h, "envoy.maglev: {table_size: 7}", "127.0.0.1:%u", 90, NULL, 6);
    expect_table(&h, "2401503");
    hashing_close(&h);
}

static void test_hostname(void **state)
{
    (void)state;
    static struct hashing h;
    hashing_open(&h, "envoy.maglev: {table_size: 7, use_hostname_for_hashing: true, "
                 "hash_balance_factor: 200}", "127.0.0.1:%u", 90, NULL, 6);
    expect_table(&h, "2503410");
    hashing_close(&h);
}

static void test_weights(void **state)
{
    (void)state;
    static struct hashing h;
    hashing_open(&h, "envoy.maglev: {table_size: 17}", "127.0.0.1:%u", 90,
                 (const double[]){1, 2}, 2);
    expect_table(&h, "10010110111110101");
    hashing_weigh(&h, 1, 1);
    expect_table(&h, "10010110010100101");
    hashing_weigh(&h, 0, 8);
    hashing_weigh(&h, 1, 2);
    expect_table(&h, "10000010010100000");
    hashing_down(&h, 0, true);
    expect_table(&h, "11111111111111111");
    hashing_close(&h);
}

/* BasicStability: the order of the list does not matter. */
static void test_order(void **state)
{
    (void)state;
    static struct hashing h;
    hashing_open(&h, "envoy.maglev: {table_size: 7}", "127.0.0.1:%u", 90, NULL, 6);
    for (int i = 0; i < 3; i++) {
        struct backend first = h.list[i];
        h.list[i] = h.list[5 - i];
        h.list[5 - i] = first;
    }
    hashing_weigh(&h, 0, 1);
    expect_table(&h, "3154052");
    hashing_close(&h);
}

/* BasicWithRetryHostPredicate: hash 10 leads to 1, then to 0, then to 5. */
static void test_retry(void **state)
{
    (void)state;
    static struct hashing h;
    hashing_open(&h, "envoy.maglev: {table_size: 7, retry_host_predicate: previous_hosts, "
                 "host_selection_retry_max_attempts: 2}", "127.0.0.1:%u", 90, NULL, 6);
    static const backend_id tried[] = {1, 0};
    static const backend_id expected[] = {1, 0, 5};
    for (uint32_t i = 0; i < 3; i++) {
        struct request request = {.hash = 10, .has_hash = true, .attempt = i,
                                  .tried = tried, .tried_count = i};
        assert_int_equal(hashing_ask(&h, &request), expected[i]);
    }
    hashing_close(&h);
}

/* With a factor of 100 and all requests for one key held, the first hosts in its shuffle are at
   most two above the mean, so the last is at most ten below. */
static void test_bounded(void **state)
{
    (void)state;
    static struct hashing h;
    hashing_open(&h, "envoy.maglev: {hash_balance_factor: 100}", "127.0.0.1:%u", 90, NULL, 6);
    for (int i = 0; i < 600; i++)
        backends_sent(&h.backends, hashing_of_hash(&h, 12345));
    for (uint32_t i = 0; i < 6; i++)
        ASSERT_NEAR(h.backends.outstanding[i], 96, 6);
    hashing_close(&h);
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"table_size: 8", "table_size 8 is no prime; the next is 11"},
        {"hash_balance_factor: 99", "hash_balance_factor is 99: 0 (off) or at least 100 works"},
    };
    for (size_t i = 0; i < 2; i++) {
        char text[512];
        struct scene scene;
        struct problems problems = {0};
        snprintf(text, sizeof text, "version: 1\nname: a\nclients: [{arrivals: {poisson: {rate: "
                 "1/s}}, demand: 1ms}]\npods: [{}]\nbalancers: [{policy: {envoy.maglev: {%s}}}]\n",
                 cases[i][0]);
        scene_try(&scene, text, &problems);
        assert_int_equal(problems.count, 1);
        assert_string_equal(problems.items[0].message, cases[i][1]);
        problems_free(&problems);
        scene_close(&scene);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_basic),   cmocka_unit_test(test_hostname),
    cmocka_unit_test(test_weights), cmocka_unit_test(test_order),
    cmocka_unit_test(test_retry),   cmocka_unit_test(test_bounded),
    cmocka_unit_test(test_refused),
};

TEST_MAIN(tests)
