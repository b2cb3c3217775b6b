/* SPDX-License-Identifier: GPL-3.0-or-later
   Linkerd's balancers with two endpoints, both always drawn, so picks follow from the loads. */
#include "tests/models/policies/timed.h"

/* Both begin at 30 ms.  After 10 s that is 11.0, and a's 30 * 0.368 + 10 * 0.632 = 17.4:
   b 11.0; a 17.4, b 22.1, b 33.1, a 34.7. */
static void test_peak_ewma(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "linkerd.peak_ewma", "11");
    timed_at(&timed, 10000);
    timed_teach(&timed, 'a', 10);
    timed_expect(&timed, "babba");
    timed_close(&timed);
}

/* The first data counts, not the last. */
static void test_first_byte(void **state)
{
    (void)state;
    static const char *const names[] = {"linkerd.peak_ewma", "linkerd.load_biaser", NULL};
    for (int i = 0; names[i] != NULL; i++) {
        struct timed timed;
        timed_open(&timed, names[i], "11");
        struct outcome_report outcome = timed_reply(40);
        backends_sent(&timed.backends, 0);
        timed_end(&timed, 'a', outcome);
        outcome.latency = SIM_SECOND;
        outcome.first_byte = 35 * SIM_MILLISECOND;
        backends_sent(&timed.backends, 1);
        timed_end(&timed, 'b', outcome);
        timed_expect(&timed, "bab");
        timed_close(&timed);
    }
}

/* An endpoint that fails in a millisecond draws traffic, unless failures are penalised. */
static void test_failures(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "linkerd.peak_ewma", "11");
    timed_at(&timed, 10000);
    backends_sent(&timed.backends, 0);
    timed_end(&timed, 'a', timed_error(1, 503));
    backends_sent(&timed.backends, 1);
    timed_end(&timed, 'b', timed_reply(100));
    timed_expect(&timed, "aaaaaaa");
    timed_close(&timed);
    timed_open(&timed, "linkerd.load_biaser", "11");
    backends_sent(&timed.backends, 0);
    timed_end(&timed, 'a', timed_error(1, 503));
    timed_expect(&timed, "bbbbbbbbbb"); /* 30 (n + 1) against 5000 */
    timed_at(&timed, 50000); /* 5000 * exp(-5) = 33.7, b's 0.2 */
    timed_end(&timed, 'b', timed_reply(40)); /* above 0.2, so 40, times 10 */
    timed_expect(&timed, "aaaaaaaaaaa");
    timed_close(&timed);
}

/* 429 counts, 404 does not; no reply at all counts as long as it took. */
static void test_statuses(void **state)
{
    (void)state;
    static const struct {
        uint16_t status;
        const char *expected;
    } rows[] = {{429, "bbbb"}, {500, "bbbb"}, {404, "babb"}, {0, "babb"}};
    for (int i = 0; i < 4; i++) {
        struct timed timed;
        timed_open(&timed, "linkerd.load_biaser", "11");
        backends_sent(&timed.backends, 0);
        timed_end(&timed, 'a', timed_error(50, rows[i].status));
        timed_expect(&timed, rows[i].expected);
        timed_close(&timed);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_peak_ewma),
    cmocka_unit_test(test_first_byte),
    cmocka_unit_test(test_failures),
    cmocka_unit_test(test_statuses),
};

TEST_MAIN(tests)
