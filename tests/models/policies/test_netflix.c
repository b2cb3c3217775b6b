/* SPDX-License-Identifier: GPL-3.0-or-later
   Netflix' choice of 2 with two servers, where the pair is always both. */
#include "tests/models/policies/timed.h"

static const double NOW = 1000000; /* ms: long after the warm-up */

static void test_reply(struct timed *timed, char pod, double utilisation, bool success)
{
    struct load_report load = {.backend = (backend_id)(pod - 'a'), .utilisation = utilisation};
    struct outcome_report outcome = success ? timed_reply(5) : timed_error(5, 503);
    outcome.load = &load;
    backends_sent(&timed->backends, load.backend);
    timed_end(timed, pod, outcome);
}

/* A new server gets one request until it has answered. */
static void test_probation(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "netflix.choice_of_2", "11");
    timed_at(&timed, NOW);
    char first = timed_send(&timed), other = first == 'a' ? 'b' : 'a';
    assert_int_equal(timed_send(&timed), other);
    timed_end(&timed, other, timed_reply(5));
    for (int i = 0; i < 5; i++)
        assert_int_equal(timed_send(&timed), other);
    timed_close(&timed);
}

/* In flight alone: the share of the pair's. */
static void test_in_flight(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "netflix.choice_of_2", "11");
    timed_at(&timed, NOW);
    test_reply(&timed, 'a', 0, true);
    test_reply(&timed, 'b', 0, true);
    backends_sent(&timed.backends, 0);
    assert_true(timed_share(&timed, 'b') == 1);
    timed_close(&timed);
}

/* a 0.5 + 1 / 4, b 0.1 + 3 / 4: a; after 15 s half of the utilisation is forgotten, which
   makes it 0.5 against 0.8; one more in flight to a, 0.25 + 2 / 5 against 0.05 + 3 / 5,
   is a tie that the next moment decides for b. */
static void test_utilisation(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "netflix.choice_of_2", "11");
    timed_at(&timed, NOW);
    test_reply(&timed, 'a', 0.5, true);
    test_reply(&timed, 'b', 0.1, true);
    backends_sent(&timed.backends, 0);
    for (int i = 0; i < 3; i++)
        backends_sent(&timed.backends, 1);
    assert_true(timed_share(&timed, 'a') == 1);
    timed_at(&timed, NOW + 14999);
    backends_sent(&timed.backends, 0);
    assert_true(timed_share(&timed, 'b') == 1);
    timed_at(&timed, NOW + 15001);
    assert_true(timed_share(&timed, 'a') == 1);
    timed_close(&timed);
}

/* b has failed once of once: 1 > 50 %; 15 s later it counts half, 20 s later a third. */
static void test_errors(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "netflix.choice_of_2", "11");
    timed_at(&timed, NOW);
    test_reply(&timed, 'a', 0, true);
    test_reply(&timed, 'b', 0, false);
    for (int i = 0; i < 4; i++)
        backends_sent(&timed.backends, 0);
    assert_true(timed_share(&timed, 'a') == 1);
    timed_at(&timed, NOW + 20000);
    assert_true(timed_share(&timed, 'b') == 1);
    timed_close(&timed);
}

/* b came back half a warm-up ago: it looks half busy, so a with 1 of 1 in flight wins
   only against more than that. */
static void test_warmup(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "netflix.choice_of_2", "11");
    timed_set_up(&timed, 'b', false);
    timed_at(&timed, NOW);
    timed_set_up(&timed, 'b', true);
    timed_at(&timed, NOW + 45000);
    test_reply(&timed, 'a', 0, true);
    test_reply(&timed, 'b', 0, true);
    for (int i = 0; i < 4; i++)
        backends_sent(&timed.backends, 0);
    backends_sent(&timed.backends, 1);
    assert_true(timed_share(&timed, 'b') == 1); /* 0.5 + 1 / 5 against 4 / 5 */
    backends_sent(&timed.backends, 1);
    assert_true(timed_share(&timed, 'a') == 1); /* 0.5 + 2 / 6 against 4 / 6 */
    timed_close(&timed);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_probation), cmocka_unit_test(test_in_flight),
    cmocka_unit_test(test_utilisation), cmocka_unit_test(test_errors),
    cmocka_unit_test(test_warmup),
};

TEST_MAIN(tests)
