/* SPDX-License-Identifier: GPL-3.0-or-later
   nginx's hash, hash consistent and ip_hash against picks recorded from nginx 1.22.1: servers
   127.0.0.1:9101 to 9107 (a to g) with weights 5 1 1 3 1 2 4, keys k0 to k59, and clients
   given by X-Real-IP; a and d marked `down`, then all but e and f. */
#include "tests/models/policies/hashing.h"

static const double weights[7] = {5, 1, 1, 3, 1, 2, 4};

static void open_seven(struct hashing *h, const char *policy)
{
    hashing_open(h, policy, "127.0.0.1:%u", 9101, weights, 7);
}

struct recording {
    const char *policy, *key, *all, *two_down, *five_down;
};

static void test_recordings(void **state)
{
    (void)state;
    static const struct recording recordings[] = {
        {"nginx.hash", "k%u",
         "aabaggfgggdcddgaaaaaggfadaabgagfgfaaaaaaaagadcdaadaggaddbeaf",
         "febgggfgggecccgcgggfggffggfbgbgfgfcgggccgggggccegbfggfecbegf",
         "fefefffffeeeffffefffffffeffefeffeffffefeeeeeeffeffffefefeeef"},
        {"nginx.hash_consistent", "k%u",
         "adgaaggagaeggaageagacggagafegfgfagfefadagagafaaaggaaaceafgba",
         "bggffggfgeegggggeggfcggcgffegfgfggfeffbfgfggfegeggccfcegfgbe",
         "effffffffeefefeeeeeffefffffeefffeffefffffffffefefffffeefffee"},
        {"nginx.ip_hash", "%",
         "gggadgdagfggadaecaaacfafbaggacfafdabbadadagggaadgdaaaaadgdag",
         "ggggggbfgfgggggecfbgcfgfbggggcfgfbfbbgfbcgggggggggcgcggggggg",
         "feefefefefeffefeffffffffffeefefffeffefffffffffffeffffffefefe"},
    };
    static struct hashing h;
    for (size_t i = 0; i < sizeof recordings / sizeof *recordings; i++) {
        open_seven(&h, recordings[i].policy);
        hashing_expect(&h, recordings[i].key, recordings[i].all);
        hashing_down(&h, 0, true);
        hashing_down(&h, 3, true);
        hashing_expect(&h, recordings[i].key, recordings[i].two_down);
        hashing_close(&h);
        open_seven(&h, recordings[i].policy);
        for (backend_id k = 0; k < 7; k++)
            hashing_down(&h, k, k != 4 && k != 5);
        hashing_expect(&h, recordings[i].key, recordings[i].five_down);
        hashing_close(&h);
    }
}

/* A retry goes where the same request would have gone with that server down: nginx marks it
   as tried and goes on. */
static void test_retry(void **state)
{
    (void)state;
    static const char *const policies[] = {"nginx.hash", "nginx.hash_consistent",
                                           "nginx.ip_hash"};
    static struct hashing h;
    for (size_t i = 0; i < 3; i++) {
        open_seven(&h, policies[i]);
        for (uint32_t key = 0; key < 200; key++) {
            backend_id tried[3];
            struct request request = {.key = key, .user = key << 8, .tried = tried};
            for (uint32_t attempt = 0; attempt < 3; attempt++) {
                request.attempt = request.tried_count = attempt;
                tried[attempt] = hashing_ask(&h, &request);
                for (uint32_t before = 0; before < attempt; before++)
                    assert_int_not_equal(tried[attempt], tried[before]);
            }
            hashing_down(&h, tried[0], true);
            request.attempt = request.tried_count = 0;
            assert_int_equal(hashing_ask(&h, &request), tried[1]);
            hashing_down(&h, tried[0], false);
        }
        hashing_close(&h);
    }
}

/* A retry goes on where its first attempt stopped, past a server that was down then and is back:
   it meets that one again by chance only, as one of six. */
static void test_retry_goes_on(void **state)
{
    (void)state;
    static const char *const policies[] = {"nginx.hash", "nginx.hash_consistent",
                                           "nginx.ip_hash"};
    static struct hashing h;
    for (size_t i = 0; i < 3; i++) {
        open_seven(&h, policies[i]);
        int back = 0;
        for (uint32_t key = 0; key < 200; key++) {
            struct request request = {.key = key, .user = key << 8};
            backend_id owner = hashing_ask(&h, &request);
            hashing_down(&h, owner, true);
            backend_id first = hashing_ask(&h, &request);
            hashing_down(&h, owner, false);
            request.attempt = request.tried_count = 1;
            request.tried = &first;
            back += hashing_ask(&h, &request) == owner;
        }
        assert_in_range(back, 1, 80);
        hashing_close(&h);
    }
}

/* What moves when a server leaves the configuration: with a ring only its keys. */
static void test_churn(void **state)
{
    (void)state;
    static struct hashing h;
    static backend_id before[3000];
    hashing_open(&h, "nginx.hash_consistent", "10.0.0.1:%u", 80, NULL, 10);
    hashing_moved(&h, before, 3000, NO_BACKEND);
    hashing_remove(&h, 4, true);
    assert_int_equal(hashing_moved(&h, before, 3000, 4), 0);
    hashing_weigh(&h, 5, 2);
    uint32_t moved = hashing_moved(&h, before, 3000, NO_BACKEND);
    assert_true(moved > 150 && moved < 450);
    for (unsigned i = 0; i < 3000; i++)
        before[i] = before[i] == 5 ? NO_BACKEND : before[i];
    hashing_close(&h);
    hashing_open(&h, "nginx.hash", "10.0.0.1:%u", 80, NULL, 10);
    hashing_moved(&h, before, 3000, NO_BACKEND);
    hashing_down(&h, 4, true);
    assert_int_equal(hashing_moved(&h, before, 3000, 4), 0);
    hashing_remove(&h, 4, true);
    assert_true(hashing_moved(&h, before, 3000, NO_BACKEND) > 2000);
    hashing_close(&h);
}

/* An empty key and a single server leave it to smooth round robin: 5:1:1 is aabacaa. */
static void test_no_key(void **state)
{
    (void)state;
    static const char *const policies[] = {"nginx.hash", "nginx.hash_consistent"};
    static struct hashing h;
    for (size_t i = 0; i < 2; i++) {
        hashing_open(&h, policies[i], "10.0.0.1:%u", 80, (const double[]){5, 1, 1}, 3);
        char found[8] = "";
        for (int k = 0; k < 7; k++)
            found[k] = (char)('a' + hashing_ask(&h, &(struct request){.key_text = ""}));
        assert_string_equal(found, "aabacaa");
        hashing_close(&h);
        hashing_open(&h, policies[i], "10.0.0.1:%u", 80, NULL, 1);
        assert_int_equal(hashing_ask(&h, &(struct request){.key = 1}), 0);
        hashing_close(&h);
    }
}

/* The last byte of the address does not count. */
static void test_client_network(void **state)
{
    (void)state;
    static struct hashing h;
    open_seven(&h, "nginx.ip_hash");
    for (uint32_t network = 0; network < 50; network++) {
        struct request request = {.user = network << 8};
        backend_id first = hashing_ask(&h, &request);
        for (uint32_t host = 1; host < 256; host += 17) {
            request.user = (network << 8) + host;
            assert_int_equal(hashing_ask(&h, &request), first);
        }
    }
    hashing_close(&h);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_recordings), cmocka_unit_test(test_retry),
    cmocka_unit_test(test_retry_goes_on),
    cmocka_unit_test(test_churn),      cmocka_unit_test(test_no_key),
    cmocka_unit_test(test_client_network),
};

TEST_MAIN(tests)
