/* SPDX-License-Identifier: GPL-3.0-or-later
   Textbook hashing: known answers of jump, the least that must move, shares, and bounds. */
#include "tests/models/policies/members.h"

enum { PODS = 10, KEYS = 20000, SLOTS_MAX = 1100 };

struct many {
    struct bare bare;
    struct backend list[SLOTS_MAX];
    char names[SLOTS_MAX][8];
    backend_id before[KEYS];
};

static struct many *many_open(const char *policy, uint32_t count, uint32_t limit)
{
    struct many *many = calloc(1, sizeof *many);
    for (uint32_t i = 0; i < count; i++) {
        snprintf(many->names[i], sizeof many->names[i], "p%u", i);
        many->list[i] = (struct backend){many->names[i], many->names[i], "", i, 1};
    }
    members_open_limited(&many->bare, policy, many->list, count, limit, 0);
    return many;
}

static void many_close(struct many *many)
{
    bare_close(&many->bare);
    free(many);
}

static backend_id many_pick(struct many *many, uint64_t key)
{
    struct request request = {.key = key};
    return backends_pick(&many->bare.backends, 0, &request);
}

static void many_note(struct many *many)
{
    for (uint64_t key = 0; key < KEYS; key++)
        many->before[key] = many_pick(many, key);
}

/* Keys that changed, but for those of `leaver`. */
static int many_moved(struct many *many, backend_id leaver)
{
    int moved = 0;
    for (uint64_t key = 0; key < KEYS; key++)
        moved += many->before[key] != leaver && many_pick(many, key) != many->before[key];
    return moved;
}

/* Hash and buckets as published with implementations of the paper; the rest by the formula in
   another language. */
static void test_jump(void **state)
{
    (void)state;
    static const struct {
        uint64_t hash;
        uint32_t count, bucket;
    } rows[] = {
        {1, 1, 0},
        {42, 57, 43},
        {0xdead10cc, 1, 0},
        {0xdead10cc, 666, 361},
        {256, 1024, 520},
        {UINT64_C(10863919174838991), 11, 6},
        {UINT64_C(2016238256797177309), 11, 3},
        {UINT64_C(1673758223894951030), 11, 5},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct many *many = many_open("jump", rows[i].count, UINT32_MAX);
        assert_int_equal(members_of_hash(&many->bare, rows[i].hash), rows[i].bucket);
        many_close(many);
    }
}

/* Swap: only the last one's keys move besides the leaver's; shift: far more. */
static void test_jump_removal(void **state)
{
    (void)state;
    struct many *many = many_open("jump", PODS, UINT32_MAX);
    many_note(many);
    bare_set_up(&many->bare, 3, false);
    for (uint64_t key = 0; key < KEYS; key++)
        if (many->before[key] != 3 && many->before[key] != PODS - 1)
            assert_int_equal(many_pick(many, key), many->before[key]);
    bare_set_up(&many->bare, 3, true); /* comes back as the last */
    for (uint64_t key = 0; key < KEYS; key++)
        if (many->before[key] == 3)
            assert_int_equal(many_pick(many, key), PODS - 1);
    many_close(many);
    many = many_open("jump: {removal: shift}", PODS, UINT32_MAX);
    many_note(many);
    bare_set_up(&many->bare, 3, false);
    assert_in_range(many_moved(many, 3), KEYS / 2, KEYS * 7 / 10);
    bare_set_up(&many->bare, 3, true);
    assert_int_equal(many_moved(many, NO_BACKEND), 0);
    many_close(many);
}

static void test_modulo(void **state)
{
    (void)state;
    struct many *many = many_open("modulo", 3, UINT32_MAX);
    for (uint64_t hash = 0; hash < 9; hash++)
        assert_int_equal(members_of_hash(&many->bare, hash), hash % 3);
    bare_set_up(&many->bare, 1, false);
    for (uint64_t hash = 0; hash < 9; hash++)
        assert_int_equal(members_of_hash(&many->bare, hash), hash % 2 * 2);
    many_close(many);
    many = many_open("modulo", PODS, UINT32_MAX);
    many_note(many);
    bare_set_up(&many->bare, PODS - 1, false); /* n to n - 1 moves 1 - 1/n */
    assert_in_range(many_moved(many, NO_BACKEND), KEYS * 88 / 100, KEYS * 92 / 100);
    many_close(many);
}

/* Who leaves takes its keys only, and gets them back. */
static void expect_least_moves(const char *policy)
{
    struct many *many = many_open(policy, PODS, UINT32_MAX);
    many_note(many);
    for (backend_id leaver = 0; leaver < PODS; leaver += 3) {
        bare_set_up(&many->bare, leaver, false);
        assert_int_equal(many_moved(many, leaver), 0);
        bare_set_up(&many->bare, leaver, true);
        assert_int_equal(many_moved(many, NO_BACKEND), 0);
    }
    int shares[PODS] = {0};
    for (int key = 0; key < KEYS; key++)
        shares[many->before[key]]++;
    for (int i = 0; i < PODS; i++)
        assert_in_range(shares[i], KEYS / PODS * 85 / 100, KEYS / PODS * 115 / 100);
    many_close(many);
}

static void test_least_moves(void **state)
{
    (void)state;
    expect_least_moves("rendezvous");
    expect_least_moves("multi_probe: {probes: 101}");
    expect_least_moves("anchor");
    expect_least_moves("anchor: {capacity: 10}");
}

/* Weights 2:1:1 share a half and two quarters; a change of one moves keys to it only. */
static void test_rendezvous_weights(void **state)
{
    (void)state;
    struct many *many = many_open("rendezvous", 3, UINT32_MAX);
    many->list[0].weight = 2;
    backends_update(&many->bare.backends);
    many_note(many);
    int shares[3] = {0};
    for (int key = 0; key < KEYS; key++)
        shares[many->before[key]]++;
    assert_in_range(shares[0], KEYS * 48 / 100, KEYS * 52 / 100);
    assert_in_range(shares[1], KEYS * 23 / 100, KEYS * 27 / 100);
    many->list[0].weight = 3; /* keys move to it only */
    backends_update(&many->bare.backends);
    int gained = 0;
    for (uint64_t key = 0; key < KEYS; key++) {
        backend_id now = many_pick(many, key);
        assert_true(now == many->before[key] || now == 0);
        gained += now != many->before[key];
    }
    assert_in_range(gained, KEYS * 8 / 100, KEYS * 12 / 100); /* 3/5 - 2/4 */
    many_close(many);
}

/* A later newcomer takes the bucket of who went last. */
static void test_anchor_order(void **state)
{
    (void)state;
    struct many *many = many_open("anchor", PODS, UINT32_MAX);
    many_note(many);
    bare_set_up(&many->bare, 2, false);
    bare_set_up(&many->bare, 5, false);
    bare_set_up(&many->bare, 2, true);
    for (uint64_t key = 0; key < KEYS; key++)
        if (many->before[key] == 5)
            assert_int_equal(many_pick(many, key), 2);
    many_close(many);
}

/* A full one's keys go elsewhere; all others stay. */
static void test_full(void **state)
{
    (void)state;
    static const char *const policies[] = {"modulo", "rendezvous", "jump", "multi_probe",
                                           "anchor"};
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
        struct many *many = many_open(policies[i], PODS, 1);
        many_note(many);
        backends_sent(&many->bare.backends, 4);
        for (uint64_t key = 0; key < KEYS; key++) {
            backend_id pick = many_pick(many, key);
            assert_true(many->before[key] == 4 ? pick != 4 : pick == many->before[key]);
        }
        many_close(many);
    }
}

/* One key for all: with factor 1.25 and n = 10 nobody ever has more than 1.25 (m + 1) / 10,
   rounded up, and the first goes to the owner. */
static void expect_bounds(const char *policy)
{
    struct many *many = many_open(policy, PODS, UINT32_MAX);
    struct bare *bare = &many->bare;
    backend_id owner = members_of_hash(bare, 77);
    for (uint64_t sent = 0; sent < 400; sent++) {
        backend_id pick = members_of_hash(bare, 77);
        uint64_t bound = (125 * (sent + 1) + 999) / 1000; /* ceil */
        assert_true(bare->backends.outstanding[pick] < bound);
        assert_true(pick == owner || bare->backends.outstanding[owner] >= bound);
        backends_sent(&bare->backends, pick);
    }
    assert_int_equal(bare->backends.outstanding[owner], 50);
    many_close(many);
}

static void test_bounded_load(void **state)
{
    (void)state;
    expect_bounds("bounded_load");
    expect_bounds("bounded_load: {inner: jump}");
    expect_bounds("bounded_load: {inner: {multi_probe: {probes: 3}}}");
    struct many *many = many_open("bounded_load: {inner: anchor, factor: 1000}", PODS,
                                  UINT32_MAX);
    struct many *plain = many_open("anchor", PODS, UINT32_MAX);
    for (uint64_t key = 0; key < 1000; key++)
        assert_int_equal(many_pick(many, key), many_pick(plain, key));
    many_close(many);
    many_close(plain);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_jump),        cmocka_unit_test(test_jump_removal),
    cmocka_unit_test(test_modulo),      cmocka_unit_test(test_least_moves),
    cmocka_unit_test(test_rendezvous_weights),
    cmocka_unit_test(test_anchor_order), cmocka_unit_test(test_full),
    cmocka_unit_test(test_bounded_load),
};

TEST_MAIN(tests)
