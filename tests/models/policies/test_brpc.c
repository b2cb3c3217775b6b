/* SPDX-License-Identifier: GPL-3.0-or-later
   brpc's locality-aware balancer: draws in proportion to weight, who is passed over,
   members. The weights themselves are tested with their block. */
#include "tests/models/policies/timed.h"

/* Replies of 1 and 4 ms, none in flight: 4 : 1. */
static void test_proportion(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "brpc.locality_aware", "11");
    timed_at(&timed, 10);
    timed_teach(&timed, 'a', 1);
    timed_teach(&timed, 'b', 4);
    ASSERT_NEAR(timed_share(&timed, 'a'), 0.8, 0.012);
    timed_close(&timed);
}

/* A newcomer has the mean weight of 1 / 1 ms and 1 / 4 ms: 4 : 1 : 2.5. */
static void test_newcomer(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "brpc.locality_aware", "111");
    timed_at(&timed, 10);
    timed_set_up(&timed, 'c', false);
    timed_teach(&timed, 'a', 1);
    timed_teach(&timed, 'b', 4);
    timed_set_up(&timed, 'c', true);
    ASSERT_NEAR(timed_share(&timed, 'a'), 4 / 7.5, 0.012);
    ASSERT_NEAR(timed_share(&timed, 'b'), 1 / 7.5, 0.012);
    timed_set_up(&timed, 'a', false);
    ASSERT_NEAR(timed_share(&timed, 'c'), 2.5 / 3.5, 0.012);
    timed_close(&timed);
}

/* Mean 1 ms each.  With a request 10 ms old a weighs 0.15 of b once it has been looked
   at, and gets no more than that share. */
static void test_ageing(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "brpc.locality_aware", "11");
    timed_at(&timed, 10);
    timed_teach(&timed, 'a', 1);
    timed_teach(&timed, 'b', 1);
    timed_set_up(&timed, 'b', false);
    assert_int_equal(timed_send(&timed), 'a');
    timed_set_up(&timed, 'b', true);
    timed_teach(&timed, 'b', 0);
    timed_at(&timed, 20);
    int found = 0;
    for (int i = 0; i < 4000; i++) {
        char pick = timed_send(&timed);
        found += pick == 'a';
        timed_end(&timed, pick, timed_reply(0));
    }
    ASSERT_NEAR(found / 4000., 0.15 / 1.15, 0.02);
    timed_close(&timed);
}

/* A retry avoids who was tried, but after as many refusals less one as there are pods
   goes anywhere. */
static void test_tried(void **state)
{
    (void)state;
    static const backend_id tried[] = {1};
    struct timed timed;
    timed_open(&timed, "brpc.locality_aware", "111");
    timed.request.tried = tried;
    timed.request.tried_count = 1;
    /* b needs three draws of b: 1 / 27. */
    ASSERT_NEAR(timed_share(&timed, 'b'), 1. / 27, 0.006);
    timed_close(&timed);
}

/* A timeout counts: the first error is taken for 500 ms. */
static void test_error(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "brpc.locality_aware: {max_retry: 0, timeout: 3ms}", "11");
    timed_at(&timed, 10);
    timed_teach(&timed, 'a', 1);
    backends_sent(&timed.backends, 1);
    timed_end(&timed, 'b', timed_error(0.1, 503));
    ASSERT_NEAR(timed_share(&timed, 'a'), 0.75, 0.012);
    timed_close(&timed);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_proportion), cmocka_unit_test(test_newcomer),
    cmocka_unit_test(test_ageing),     cmocka_unit_test(test_tried),
    cmocka_unit_test(test_error),
};

TEST_MAIN(tests)
