/* SPDX-License-Identifier: GPL-3.0-or-later
   HAProxy's hash against picks recorded from HAProxy 2.6.12: servers 127.0.0.1:9101 to 9107
   (a to g) with weights 5 1 1 3 1 2 4, URIs /k0 to /k59, clients by the PROXY protocol. */
#include "tests/models/policies/hashing.h"

static const double weights[7] = {5, 1, 1, 3, 1, 2, 4};

struct recording {
    const char *settings, *key, *expected;
};

static void test_recordings(void **state)
{
    (void)state;
    static const struct recording recordings[] = {
        {"balance: uri", "/k%u",
         "cagdadfgadabcagdadfgaefgabcagdgadgaefgabdadfgadgaebcagdadfga"},
        {"hash_function: djb2", "/k%u",
         "aefgabcagdgabcagdadffgabcagdadefgabcagdaaefgabcagdgaefgabcag"},
        {"hash_function: wt6, avalanche: true", "/k%u",
         "agbgegagcagabgaggddagcdgfbaagdagddgaaeddgdgabaaafgcabadfedfb"},
        {"hash_function: sdbm, avalanche: true", "/k%u",
         "aaabagaaaaaadgccagaaagdgadafgbgbgabgaefdagbafdcdbbfagabgdafg"},
        {"hash_function: crc32", "/k%u",
         "bagaeaagbaddagegaadggafdggadeagffaeacaabedagdfaffagagdgagdfg"},
        {"hash_type: consistent", "/k%u?a=b",
         "aafgagdaagaafbagggegggaaaggbbgdcadgagbgccgdaagdagggdgbadacgg"},
        {"hash_type: consistent, hash_function: sdbm", "/k%u",
         "ddddddddddffffffffffffffffffffffffffffffffffffffffffffffffff"},
        {"hash_type: consistent, hash_function: djb2", "/k%u",
         "ddddddddddgggggggggggggggggggggggggggggggggggggggggggggggggg"},
        {"hash_type: consistent, hash_function: wt6, avalanche: true", "/k%u",
         "affaggeageaaeaaaggdbeddaacdagdcadefcabgadgbecffcaadcfgbagadf"},
        {"hash_type: consistent, hash_function: crc32", "/k%u",
         "dggegdcdaagfcagdbaddaabfcafaffbaaagaggbaadadgdeaadedegaaaadg"},
        {"hash_type: consistent, hash_function: djb2, avalanche: true", "/k%u",
         "bfgadadddbagafgedbgdcaaacaaagggedfbeaaagaggceeadgdaaagbcafaa"},
        {"balance: source", "%",
         "aafgdgfaacagddgabgcedadabfadaggagfagaadafaaddbffgaggggaggcaa"},
        {"balance: source, hash_type: consistent", "%",
         "ceaababdggfcgdbddgcgbbgfggggfaggaaeafgaddgfadagagaaagdgfagdg"},
        {"balance: source, hash_type: consistent, hash_function: sdbm", "%",
         "afddgagggffacddeagaaaaafgccaaaagddaaaafbgaafaaaafgffaabbggce"},
        {"balance: source, avalanche: true", "%",
         "aaggdfacgggcabgaagafgacaedadabgfedgacbaabdcdabacgfdgaadcgacd"},
        {"balance: hdr", "/k%u?",
         "cfddaggfgaaggfgaagdbbeaacfddagggfgaagdbeeaacfddagggfgaagdbea"},
    };
    static struct hashing h;
    for (size_t i = 0; i < sizeof recordings / sizeof *recordings; i++) {
        char policy[128];
        snprintf(policy, sizeof policy, "haproxy.hash: {%s}", recordings[i].settings);
        hashing_open(&h, policy, "127.0.0.1:%u", 9101, weights, 7);
        hashing_expect(&h, recordings[i].key, recordings[i].expected);
        hashing_close(&h);
    }
}

/* Two servers disabled; weights of 10 and one disabled. */
static void test_down(void **state)
{
    (void)state;
    static const double tens[7] = {10, 10, 10, 10, 10, 10, 10};
    static struct hashing h;
    hashing_open(&h, "haproxy.hash", "127.0.0.1:%u", 9101, weights, 7);
    hashing_down(&h, 0, true);
    hashing_down(&h, 3, true);
    hashing_expect(&h, "/k%u",
                   "ggfgbcgefggbcgefggfggfgbcgefggfggfgbcgefgefggfgbcgbcgefggfgb");
    hashing_close(&h);
    hashing_open(&h, "haproxy.hash: {hash_type: consistent}", "127.0.0.1:%u", 9101, weights,
                 7);
    hashing_down(&h, 0, true);
    hashing_down(&h, 3, true);
    hashing_expect(&h, "/k%u",
                   "fgfgggbceggefbegggegggeggggbbgfcefgegbgccgggcggcgggbgbgggcgg");
    hashing_close(&h);
    hashing_open(&h, "haproxy.hash: {hash_type: consistent, balance: hdr}", "127.0.0.1:%u",
                 9101, tens, 7);
    hashing_expect(&h, "/k%u?",
                   "ddddgbecabbcbbaefaeegcdbaggcaabefecageaabfcaeaafggdccbdadafa");
    hashing_down(&h, 2, true);
    hashing_expect(&h, "/k%u",
                   "eeddaeffaeeabbbgfgbaggaeddbabgedaagagbabfbdeaebgbefdgegefbad");
    hashing_close(&h);
}

/* hash-balance-factor 125, weights 5 1 2 3 4, URIs /k(i * i mod 5), none of which ends. */
static void test_bounded(void **state)
{
    (void)state;
    static struct hashing h;
    hashing_open(&h, "haproxy.hash: {hash_type: consistent, hash_balance_factor: 125}",
                 "127.0.0.1:%u", 9301, (const double[]){5, 1, 2, 3, 4}, 5);
    char found[41] = "";
    for (unsigned i = 0; i < 40; i++) {
        backend_id pick = hashing_of_key(&h, "/k%u", i * i % 5);
        found[i] = (char)('a' + pick);
        backends_sent(&h.backends, pick);
    }
    assert_string_equal(found, "aedeaceaaedadaedeaaeaedaeaedaeadadeaeade");
    hashing_close(&h);
}

/* Only the keys of who leaves or joins move in the tree; a map of equal weights is the list
   itself. */
static void test_churn(void **state)
{
    (void)state;
    static struct hashing h;
    static backend_id before[2000];
    hashing_open(&h, "haproxy.hash: {hash_type: consistent}", "10.0.0.1:%u", 80, NULL, 8);
    hashing_moved(&h, before, 2000, NO_BACKEND);
    hashing_down(&h, 2, true);
    assert_int_equal(hashing_moved(&h, before, 2000, 2), 0);
    hashing_weigh(&h, 5, 2);
    for (unsigned i = 0; i < 2000; i++) {
        backend_id now = hashing_of_key(&h, "key-%u", i);
        assert_true(now == before[i] || now == 5);
    }
    hashing_close(&h);
    hashing_open(&h, "haproxy.hash", "10.0.0.1:%u", 80, NULL, 8);
    for (uint64_t i = 0; i < 20; i++)
        assert_int_equal(hashing_of_hash(&h, i), i % 8);
    hashing_moved(&h, before, 2000, NO_BACKEND);
    hashing_down(&h, 2, true);
    assert_true(hashing_moved(&h, before, 2000, NO_BACKEND) > 1400);
    hashing_close(&h);
}

/* By address, the order of the list does not matter; by id it does. */
static void test_server_keys(void **state)
{
    (void)state;
    static const char *const keys[] = {"id", "id32", "guid", "addr", "addr-port"};
    static const bool follows[] = {false, false, true, false, true};
    static struct hashing h;
    for (int i = 0; i < 5; i++) {
        char policy[64];
        static const char *owners[500];
        snprintf(policy, sizeof policy, "haproxy.hash: {hash_type: consistent, hash_key: %s}",
                 keys[i]);
        hashing_open(&h, policy, "10.0.0.1:%u", 80, NULL, 6);
        for (unsigned k = 0; k < 500; k++)
            owners[k] = h.list[hashing_of_key(&h, "%u", k)].address;
        struct backend first = h.list[0];
        h.list[0] = h.list[5];
        h.list[5] = first;
        hashing_weigh(&h, 0, 1);
        uint32_t same = 0;
        for (unsigned k = 0; k < 500; k++)
            same += h.list[hashing_of_key(&h, "%u", k)].address == owners[k];
        assert_int_equal(same == 500, follows[i]);
        hashing_close(&h);
    }
}

/* A retry leaves the server that it comes from, where hashes are consistent. */
static void test_retry(void **state)
{
    (void)state;
    static struct hashing h;
    hashing_open(&h, "haproxy.hash: {hash_type: consistent}", "10.0.0.1:%u", 80, NULL, 4);
    for (uint64_t i = 0; i < 200; i++) {
        backend_id first = hashing_ask(&h, &(struct request){.key = i});
        backend_id second = hashing_ask(
            &h, &(struct request){.key = i, .attempt = 1, .tried = &first, .tried_count = 1});
        assert_int_not_equal(first, second);
        hashing_down(&h, first, true);
        if (i < 20)
            assert_true(hashing_ask(&h, &(struct request){.key = i}) != first);
        hashing_down(&h, first, false);
    }
    hashing_close(&h);
}

/* Of two servers a has 1 of its 1 slots and b 0 of its 2: (1 + 1) * 125 % is 3, shared by the
   weight before.  A retry that avoids b finds nobody, and the search ends at the highest point
   whatever the hash. */
static void test_search_in_vain(void **state)
{
    (void)state;
    static struct hashing h;
    static const backend_id tried[] = {1};
    hashing_open(&h, "haproxy.hash: {hash_type: consistent, hash_balance_factor: 125}",
                 "10.0.0.1:%u", 80, NULL, 2);
    backends_sent(&h.backends, 0);
    struct request request = {.attempt = 1, .tried = tried, .tried_count = 1};
    backend_id first = hashing_ask(&h, &request);
    for (request.key = 1; request.key < 100; request.key++)
        assert_int_equal(hashing_ask(&h, &request), first);
    hashing_close(&h);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_recordings), cmocka_unit_test(test_down),
    cmocka_unit_test(test_bounded),    cmocka_unit_test(test_churn),
    cmocka_unit_test(test_server_keys), cmocka_unit_test(test_retry),
    cmocka_unit_test(test_search_in_vain),
};

TEST_MAIN(tests)
