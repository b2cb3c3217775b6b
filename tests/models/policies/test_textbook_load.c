/* SPDX-License-Identifier: GPL-3.0-or-later
   Textbook policies that weigh load, work and time, by hand. */
#include "tests/models/policies/timed.h"

static void hear(struct timed *timed, char pod, uint32_t in_flight, double work)
{
    struct backends *backends = &timed->backends;
    struct load_report report = {.backend = (backend_id)(pod - 'a'),
                                 .in_flight = in_flight,
                                 .free_workers = in_flight == 0,
                                 .speed = pod == 'c' ? 2 : 1,
                                 .work = work,
                                 .measured_at = backends->view.now};
    backends->ops->hear(backends->state, &backends->view, &report);
}

static void test_weighted_random(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "weighted_random", "1230");
    ASSERT_NEAR(timed_share(&timed, 'a'), 1.0 / 6, 0.01);
    ASSERT_NEAR(timed_share(&timed, 'c'), 0.5, 0.013);
    assert_true(timed_share(&timed, 'd') == 0);
    timed_set_up(&timed, 'c', false);
    ASSERT_NEAR(timed_share(&timed, 'a'), 1.0 / 3, 0.013);
    timed_weigh(&timed, "1133");
    ASSERT_NEAR(timed_share(&timed, 'd'), 0.6, 0.013);
    timed_close(&timed);
}

/* (n + 1) / 5 against 1 / 1 ties at the fifth; n / w ties while both are idle. */
static void test_weighted_least_connections(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "weighted_least_connections", "51");
    timed_expect(&timed, "aaaa");
    ASSERT_NEAR(timed_share(&timed, 'a'), 0.5, 0.013);
    timed_close(&timed);
    timed_open(&timed, "weighted_least_connections: {count_new: false}", "51");
    ASSERT_NEAR(timed_share(&timed, 'a'), 0.5, 0.013);
    backends_sent(&timed.backends, 1);
    timed_expect(&timed, "aaaaa");
    ASSERT_NEAR(timed_share(&timed, 'b'), 0.5, 0.013);
    timed_close(&timed);
}

/* All begin idle and in the queue; then who becomes idle first is picked first, and nobody is
   in it twice. */
static void test_jiq(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "jiq", "1111");
    timed_expect(&timed, "abcd");
    for (char pod = 'a'; pod <= 'd'; pod++)
        hear(&timed, pod, 1, 0);
    ASSERT_NEAR(timed_share(&timed, 'b'), 0.25, 0.01);
    hear(&timed, 'c', 0, 0);
    hear(&timed, 'a', 0, 0);
    hear(&timed, 'c', 1, 0);
    hear(&timed, 'c', 0, 0);
    timed_expect(&timed, "ca");
    hear(&timed, 'b', 0, 0);
    hear(&timed, 'd', 0, 0);
    timed_set_up(&timed, 'b', false);
    timed_expect(&timed, "d");
    timed_close(&timed);
}

/* Each time a pod becomes idle exactly one of the instances hears of work for it. */
static void test_jiq_instances(void **state)
{
    (void)state;
    enum { INSTANCES = 3, ROUNDS = 3000 };
    struct timed timed[INSTANCES];
    int taken[INSTANCES] = {0};
    for (uint32_t i = 0; i < INSTANCES; i++) {
        timed_open(&timed[i], "jiq", "11");
        struct backends_place place = {
            .limit = UINT32_MAX, .peers = INSTANCES, .peer = i, .key = i};
        backends_open(&timed[i].backends, scene_policy(&timed[i].scene, 0), timed[i].list, 2,
                      place, &timed[i].arena);
        timed_set_up(&timed[i], 'b', false);
    }
    for (int round = 0; round < ROUNDS; round++)
        for (uint32_t i = 0; i < INSTANCES; i++) {
            /* `a` is the only one up, so whether it was in the queue shows in the stream */
            struct rng before = timed[i].backends.rng;
            timed_ask(&timed[i]);
            taken[i] += before.state[0] == timed[i].backends.rng.state[0];
            hear(&timed[i], 'a', 1, 0);
            hear(&timed[i], 'a', 0, 0);
        }
    assert_int_equal(taken[0] + taken[1] + taken[2], ROUNDS);
    for (int i = 0; i < INSTANCES; i++) {
        ASSERT_NEAR(taken[i], ROUNDS / INSTANCES, 120);
        timed_close(&timed[i]);
    }
}

/* 5 ms of work, 4 ms, 7 ms at speed 2: 3.5.  After 2 ms 3, 2 and 1.5; when b's next 0.2 ms
   come, b 2.2 against c's 1.5. */
static void test_least_work_left(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "least_work_left", "111");
    for (char pod = 'a'; pod <= 'c'; pod++)
        hear(&timed, pod, 0, 0);
    hear(&timed, 'a', 1, 5e6);
    hear(&timed, 'b', 1, 4e6);
    assert_int_equal(timed_ask(&timed), 'c');
    hear(&timed, 'c', 1, 7e6);
    assert_int_equal(timed_ask(&timed), 'c');
    hear(&timed, 'c', 2, 9e6); /* 4.5 */
    assert_int_equal(timed_ask(&timed), 'b');
    hear(&timed, 'b', 2, 5.2e6);
    assert_int_equal(timed_ask(&timed), 'c');
    timed_at(&timed, 4.9); /* 0.1, 0.3, 0 */
    assert_int_equal(timed_ask(&timed), 'c');
    hear(&timed, 'c', 1, 1e6);
    assert_int_equal(timed_ask(&timed), 'a');
    timed_close(&timed);
}

/* Who has no sample first; then 10 (n + 1) and 25 (n + 1); failures teach nothing; after 10 s
   60 takes 0.632 of a's place: 10 * 0.368 + 60 * 0.632 = 41.6. */
static void test_shortest_response(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "shortest_response", "11");
    timed_teach(&timed, 'a', 10);
    timed_expect(&timed, "bbb");
    for (int i = 0; i < 3; i++)
        timed_end(&timed, 'b', timed_reply(25));
    backends_sent(&timed.backends, 1);
    timed_end(&timed, 'b', timed_error(1, 503));
    timed_expect(&timed, "aabaa");
    for (int i = 0; i < 4; i++)
        timed_end(&timed, 'a', timed_reply(10));
    timed_end(&timed, 'b', timed_reply(25));
    timed_at(&timed, 10000);
    timed_teach(&timed, 'a', 60);
    timed_expect(&timed, "bab");
    timed_close(&timed);
    timed_open(&timed, "shortest_response: {in_flight: false}", "11");
    timed_teach(&timed, 'a', 10);
    timed_teach(&timed, 'b', 25);
    timed_expect(&timed, "aaaaaa");
    timed_close(&timed);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_weighted_random),
    cmocka_unit_test(test_weighted_least_connections),
    cmocka_unit_test(test_jiq),
    cmocka_unit_test(test_jiq_instances),
    cmocka_unit_test(test_least_work_left),
    cmocka_unit_test(test_shortest_response),
};

TEST_MAIN(tests)
