/* SPDX-License-Identifier: GPL-3.0-or-later
   C3's ranking by hand.  In milliseconds: a took 10, 8 of them at the pod with 1 in
   flight there, so service 4, waiting 6, queue 1; b took 6, 4 of them at an empty pod, so
   4, 2, 0. */
#include "tests/models/policies/timed.h"

static void test_reply(struct timed *timed, char pod, double latency, double at_pod,
                       uint32_t in_flight)
{
    struct load_report load = {.backend = (backend_id)(pod - 'a'), .in_flight = in_flight,
                               .latency = (sim_time)(at_pod * 1e6)};
    struct outcome_report outcome = timed_reply(latency);
    outcome.load = &load;
    backends_sent(&timed->backends, load.backend);
    timed_end(timed, pod, outcome);
}

/* alpha 1 keeps the last reply only.  psi of a with n sent: 6 + 4 (2 + n)^3 = 38 114 262;
   of b: 2 + 4 (1 + n)^3 = 6 34 110 258. */
static void test_psi(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "c3: {alpha: 100%}", "11");
    test_reply(&timed, 'a', 10, 8, 1);
    test_reply(&timed, 'b', 6, 4, 0);
    timed_expect(&timed, "bbabab");
    timed_close(&timed);
}

/* Averages start at 0 and the first reply counts 0.9: a 5.4 + 3.6 · 1.9^3 = 30.1, b 5.4
   and, with one sent, 30.6. */
static void test_averages(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "c3", "11");
    test_reply(&timed, 'a', 10, 8, 1);
    test_reply(&timed, 'b', 6, 4, 0);
    timed_expect(&timed, "bab");
    timed_close(&timed);
}

/* Four clients: what is outstanding here counts four times.  b with one sent is at
   2 + 4 (1 + 4)^3 = 502, a with one at 6 + 4 (2 + 4)^3 = 870. */
static void test_clients(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "c3: {alpha: 100%}", "11");
    timed.backends.view.peers = 4;
    test_reply(&timed, 'a', 10, 8, 1);
    test_reply(&timed, 'b', 6, 4, 0);
    timed_expect(&timed, "bab");
    timed_close(&timed);
}

/* Who has not answered is at 0, and goes first; among such anybody. */
static void test_unknown(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "c3", "111");
    test_reply(&timed, 'b', 6, 4, 0);
    ASSERT_NEAR(timed_share(&timed, 'a'), 0.5, 0.012);
    timed_set_up(&timed, 'a', false);
    timed_expect(&timed, "ccc");
    timed_close(&timed);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_psi),
    cmocka_unit_test(test_averages),
    cmocka_unit_test(test_clients),
    cmocka_unit_test(test_unknown),
};

TEST_MAIN(tests)
