/* SPDX-License-Identifier: GPL-3.0-or-later
   Envoy's ring_hash against the rings in its own ring_hash_lb_test.cc. */
#include "tests/models/policies/hashing.h"

/* Positions in order, and the last letter of the port's number. */
struct point {
    uint64_t hash;
    uint32_t owner;
};

static void expect_ring(struct hashing *h, const struct point *points, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(hashing_of_hash(h, points[i].hash), points[i].owner);
        assert_int_equal(hashing_of_hash(h, points[i].hash + 1), points[(i + 1) % count].owner);
    }
    assert_int_equal(hashing_of_hash(h, 0), points[0].owner);
    assert_int_equal(hashing_of_hash(h, UINT64_MAX), points[0].owner);
}
#define EXPECT_RING(h, points) expect_ring((h), (points), sizeof(points) / sizeof *(points))

static const struct point basic[] = {
    {UINT64_C(833437586790550860), 4},   {UINT64_C(928266305478181108), 2},
    {UINT64_C(1033482794131418490), 0},  {UINT64_C(3551244743356806947), 5},
    {UINT64_C(3851675632748031481), 3},  {UINT64_C(5583722120771150861), 1},
    {UINT64_C(6311230543546372928), 1},  {UINT64_C(7700377290971790572), 3},
    {UINT64_C(13144177310400110813), 5}, {UINT64_C(13444792449719432967), 2},
    {UINT64_C(15516499411664133160), 4}, {UINT64_C(16117243373044804889), 0},
};

static void test_basic(void **state)
{
    (void)state;
    static struct hashing h;
    hashing_open(&h, "envoy.ring_hash: {minimum_ring_size: 12}", "127.0.0.1:%u", 90, NULL, 6);
    EXPECT_RING(&h, basic);
    hashing_close(&h);
}

static void test_murmur(void **state)
{
    (void)state;
    static const struct point ring[] = {
        {UINT64_C(1358027074129602068), 5},  {UINT64_C(4361834613929391114), 3},
        {UINT64_C(7224494972555149682), 4},  {UINT64_C(7701421856454313576), 1},
        {UINT64_C(8649315368077433379), 2},  {UINT64_C(8739448859063030639), 4},
        {UINT64_C(9887544217113020895), 1},  {UINT64_C(10150910876324007731), 2},
        {UINT64_C(15168472011420622455), 3}, {UINT64_C(15427156902705414897), 0},
        {UINT64_C(16375050414328759093), 5}, {UINT64_C(17613279263364193813), 0},
    };
    static struct hashing h;
    hashing_open(&h, "envoy.ring_hash: {minimum_ring_size: 12, hash_function: MURMUR_HASH_2}",
                 "127.0.0.1:%u", 80, NULL, 6);
    EXPECT_RING(&h, ring);
    hashing_close(&h);
}

static void test_hostname(void **state)
{
    (void)state;
    static const struct point ring[] = {
        {UINT64_C(1975508444536362413), 5},  {UINT64_C(2376063919839173711), 5},
        {UINT64_C(2386806903309390596), 3},  {UINT64_C(6749904478991551885), 4},
        {UINT64_C(6803900775736438537), 3},  {UINT64_C(7225015537174310577), 2},
        {UINT64_C(8787465352164086522), 0},  {UINT64_C(11282020843382717940), 2},
        {UINT64_C(13723418369486627818), 1}, {UINT64_C(13776502110861797421), 0},
        {UINT64_C(14338313586354474791), 1}, {UINT64_C(15364271037087512980), 4},
    };
    static struct hashing h;
    hashing_open(&h, "envoy.ring_hash: {minimum_ring_size: 12, use_hostname_for_hashing: true, "
                 "hash_balance_factor: 200}", "127.0.0.1:%u", 90, NULL, 6);
    EXPECT_RING(&h, ring);
    hashing_close(&h);
}

/* Two points each of two hosts for a least size of 3; another pair of hosts. */
static void test_uneven_and_rebuilt(void **state)
{
    (void)state;
    static const struct point first[] = {
        {UINT64_C(5454692015285649509), 0},  {UINT64_C(7859399908942313493), 1},
        {UINT64_C(13838424394637650569), 0}, {UINT64_C(16064866803292627174), 1},
    };
    static const struct point second[] = {
        {UINT64_C(7859399908942313493), 1},  {UINT64_C(8241336090459785962), 2},
        {UINT64_C(12882406409176325258), 2}, {UINT64_C(16064866803292627174), 1},
    };
    static struct hashing h;
    hashing_open(&h, "envoy.ring_hash: {minimum_ring_size: 3}", "127.0.0.1:%u", 80, NULL, 3);
    hashing_remove(&h, 2, true);
    EXPECT_RING(&h, first);
    hashing_remove(&h, 2, false);
    hashing_down(&h, 0, true);
    EXPECT_RING(&h, second);
    hashing_close(&h);
}

static void test_weights(void **state)
{
    (void)state;
    static const struct point tiny[] = {
        {UINT64_C(928266305478181108), 2},   {UINT64_C(4443673547860492590), 2},
        {UINT64_C(5583722120771150861), 1},  {UINT64_C(6311230543546372928), 1},
        {UINT64_C(13444792449719432967), 2}, {UINT64_C(16117243373044804889), 0},
    };
    static const double weights[] = {1, 2, 3};
    static struct hashing h;
    hashing_open(&h, "envoy.ring_hash: {minimum_ring_size: 6, maximum_ring_size: 6}",
                 "127.0.0.1:%u", 90, weights, 3);
    EXPECT_RING(&h, tiny);
    hashing_close(&h);
    hashing_open(&h, "envoy.ring_hash: {minimum_ring_size: 6144}", "127.0.0.1:%u", 90, NULL, 3);
    for (uint32_t i = 0; i < 3; i++)
        hashing_weigh(&h, i, weights[i]);
    uint32_t counts[3] = {0};
    for (uint64_t i = 0; i < 6000; i++)
        counts[hashing_of_hash(&h, i * (UINT64_MAX / 6000))]++;
    assert_int_equal(counts[0], 987);
    assert_int_equal(counts[1], 1932);
    assert_int_equal(counts[2], 3081);
    hashing_close(&h);
}

/* A size that gives half a point more or less to a host, and one with hosts left out. */
static void test_fractions(void **state)
{
    (void)state;
    static struct hashing h;
    hashing_open(&h, "envoy.ring_hash: {minimum_ring_size: 1023, maximum_ring_size: 1023}",
                 "127.0.0.1:%u", 90, NULL, 2);
    uint32_t counts[2] = {0};
    for (uint64_t i = 0; i < 1023; i++)
        counts[hashing_of_hash(&h, i * (UINT64_MAX / 1023))]++;
    assert_int_equal(counts[0], 526);
    assert_int_equal(counts[1], 497);
    hashing_close(&h);
    hashing_open(&h, "envoy.ring_hash: {minimum_ring_size: 2, maximum_ring_size: 2}",
                 "127.0.0.1:%u", 90, NULL, 4);
    uint32_t seen[4] = {0};
    for (uint64_t i = 0; i < 1024; i++)
        seen[hashing_of_hash(&h, i * (UINT64_MAX / 1024))] = 1;
    assert_int_equal(seen[0] + seen[1] + seen[2] + seen[3], 2);
    hashing_close(&h);
}

/* One host has 127 of 128 parts: it gets 1016 points, and of 1023 others every 128th one. */
static void test_lopsided(void **state)
{
    (void)state;
    static const struct point some[] = {
        {UINT64_C(11664790346325243808), 1},   {UINT64_C(15894554872961148518), 128},
        {UINT64_C(13958138884277627155), 256}, {UINT64_C(15803774069438192949), 384},
        {UINT64_C(3829253010855396576), 512},  {UINT64_C(17918147347826565154), 640},
        {UINT64_C(6442769608292299103), 768},  {UINT64_C(5881074926069334434), 896},
    };
    static double weights[1024];
    for (int i = 0; i < 1024; i++)
        weights[i] = i == 0 ? 127 * 1023 : 1;
    static struct hashing h;
    hashing_open(&h, "envoy.ring_hash: {minimum_ring_size: 1024, maximum_ring_size: 1024}",
                 "127.0.0.1:%u", 0, weights, 1024);
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        assert_int_equal(hashing_of_hash(&h, some[i].hash), some[i].owner);
    hashing_close(&h);
}

/* BasicWithRetryHostPredicate: the next points along the ring; here 4, 2, 0. */
static void test_retry(void **state)
{
    (void)state;
    static struct hashing h;
    hashing_open(&h, "envoy.ring_hash: {minimum_ring_size: 12, retry_host_predicate: "
                 "previous_hosts, host_selection_retry_max_attempts: 2}", "127.0.0.1:%u", 90,
                 NULL, 6);
    static const backend_id tried[] = {4, 2, 0};
    struct request request = {.has_hash = true, .tried = tried};
    static const backend_id expected[] = {4, 2, 0, 0};
    for (uint32_t i = 0; i < 4; i++) {
        request.attempt = request.tried_count = i;
        assert_int_equal(hashing_ask(&h, &request), expected[i]);
    }
    hashing_close(&h);
    hashing_open(&h, "envoy.ring_hash: {minimum_ring_size: 12}", "127.0.0.1:%u", 90, NULL, 6);
    assert_int_equal(hashing_ask(&h, &request), 4);
    hashing_close(&h);
}

/* ceil(1024 / 9) is 114 and ceil(1024 / 10) is 103, so keys move between those that stay. */
static void test_excess_churn(void **state)
{
    (void)state;
    static struct hashing h;
    static backend_id before[5000];
    hashing_open(&h, "envoy.ring_hash", "10.0.0.1:%u", 8000, NULL, 10);
    hashing_moved(&h, before, 5000, NO_BACKEND);
    hashing_down(&h, 9, true);
    uint32_t moved = hashing_moved(&h, before, 5000, 9);
    assert_true(moved > 250 && moved < 600);
    hashing_close(&h);
}

static void test_refused(void **state)
{
    (void)state;
    struct scene scene;
    struct problems problems = {0};
    scene_try(&scene, "version: 1\nname: a\nclients: [{arrivals: {poisson: {rate: 1/s}}, "
              "demand: 1ms}]\npods: [{}]\nbalancers: [{policy: {envoy.ring_hash: "
              "{minimum_ring_size: 20, maximum_ring_size: 10}}}]\n", &problems);
    assert_int_equal(problems.count, 1);
    assert_string_equal(problems.items[0].message, "minimum_ring_size 20 is above "
                        "maximum_ring_size 10; the minimum must not be larger");
    problems_free(&problems);
    scene_close(&scene);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_basic),     cmocka_unit_test(test_murmur),
    cmocka_unit_test(test_hostname),  cmocka_unit_test(test_uneven_and_rebuilt),
    cmocka_unit_test(test_weights),   cmocka_unit_test(test_fractions),
    cmocka_unit_test(test_lopsided),  cmocka_unit_test(test_retry),
    cmocka_unit_test(test_excess_churn), cmocka_unit_test(test_refused),
};

TEST_MAIN(tests)
