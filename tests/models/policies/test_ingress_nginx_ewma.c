/* SPDX-License-Identifier: GPL-3.0-or-later
   ingress-nginx's ewma; the numbers are those of its own unit test, ewma_test.lua: pods
   a, b, c with scores 0.2, 0.3 and 1.2 s touched 1, 5 and 20 s before now. */
#include "tests/models/policies/timed.h"

static const double NOW = 100000;

static void test_open(struct timed *timed, const char *weights)
{
    timed_open(timed, "ingress_nginx.ewma", weights);
    timed_at(timed, NOW - 20000);
    timed_teach(timed, 'c', 1200);
    timed_at(timed, NOW - 5000);
    timed_teach(timed, 'b', 300);
    timed_at(timed, NOW - 1000);
    timed_teach(timed, 'a', 200);
    timed_at(timed, NOW);
}

/* The score fades: c's 1.2 exp(-2) = 0.162 is less than a's 0.2 exp(-0.1) = 0.181 and b's
   0.3 exp(-0.5) = 0.182. */
static void test_decayed_score(void **state)
{
    (void)state;
    struct timed timed;
    test_open(&timed, "111");
    timed_set_up(&timed, 'b', false);
    assert_true(timed_share(&timed, 'c') == 1);
    timed_close(&timed);

    test_open(&timed, "111");
    timed_set_up(&timed, 'c', false);
    assert_true(timed_share(&timed, 'a') == 1);
    timed_close(&timed);
}

/* Distinct pairs of three, the worst never wins. */
static void test_pairs(void **state)
{
    (void)state;
    struct timed timed;
    test_open(&timed, "111");
    ASSERT_NEAR(timed_share(&timed, 'c'), 2. / 3, 0.012);
    ASSERT_NEAR(timed_share(&timed, 'a'), 1. / 3, 0.012);
    assert_true(timed_share(&timed, 'b') == 0);
    timed_close(&timed);
}

/* b after 0.12 s: 0.3 exp(-0.5) + 0.12 (1 - exp(-0.5)) = 0.2292 s, between 0.229 and
   0.230. */
static void test_sample(void **state)
{
    (void)state;
    for (int above = 0; above <= 1; above++) {
        struct timed timed;
        timed_open(&timed, "ingress_nginx.ewma", "11");
        timed_at(&timed, NOW - 5000);
        timed_teach(&timed, 'b', 300);
        timed_at(&timed, NOW);
        timed_teach(&timed, 'b', 120);
        timed_teach(&timed, 'a', above ? 230 : 229);
        assert_true(timed_share(&timed, above ? 'b' : 'a') == 1);
        timed_close(&timed);
    }
}

/* Errors are samples as well: who fails fast attracts. */
static void test_fast_errors(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "ingress_nginx.ewma", "11");
    timed_at(&timed, NOW);
    timed_teach(&timed, 'a', 20);
    backends_sent(&timed.backends, 1);
    timed_end(&timed, 'b', timed_error(1, 503));
    assert_true(timed_share(&timed, 'b') == 1);
    timed_close(&timed);
}

/* A retry goes where it has not been, or anywhere when it has been everywhere. */
static void test_tried(void **state)
{
    (void)state;
    static const backend_id tried[] = {2, 0};
    struct timed timed;
    test_open(&timed, "111");
    timed_set_up(&timed, 'b', false);
    timed.request.tried = tried;
    timed.request.tried_count = 1;
    assert_true(timed_share(&timed, 'a') == 1);
    timed.request.tried_count = 2;
    assert_true(timed_share(&timed, 'c') == 1);
    timed_close(&timed);
}

/* A new pod starts at the mean of the stored scores of the others, (0.2 + 1.2) / 2 = 0.7,
   and one that left is forgotten.  b, d are compared alone, being the only ones not
   tried. */
static void test_newcomer(void **state)
{
    (void)state;
    static const backend_id tried[] = {0, 2};
    for (int above = 0; above <= 1; above++) {
        struct timed timed;
        test_open(&timed, "1111");
        timed_set_up(&timed, 'b', false);
        timed_set_up(&timed, 'b', true);
        timed_teach(&timed, 'd', above ? 701 : 699);
        timed.request.tried = tried;
        timed.request.tried_count = 2;
        assert_true(timed_share(&timed, above ? 'b' : 'd') == 1);
        timed_close(&timed);
    }
}

/* Requests in flight are not looked at. */
static void test_in_flight_ignored(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "ingress_nginx.ewma", "11");
    timed_at(&timed, NOW);
    timed_teach(&timed, 'a', 20);
    timed_teach(&timed, 'b', 21);
    timed_expect(&timed, "aaaaaa");
    timed_close(&timed);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_decayed_score), cmocka_unit_test(test_pairs),
    cmocka_unit_test(test_sample),        cmocka_unit_test(test_fast_errors),
    cmocka_unit_test(test_tried),         cmocka_unit_test(test_newcomer),
    cmocka_unit_test(test_in_flight_ignored),
};

TEST_MAIN(tests)
