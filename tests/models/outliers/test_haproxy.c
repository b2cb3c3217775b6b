/* SPDX-License-Identifier: GPL-3.0-or-later
   HAProxy's observe with error-limit, on-error and health checks that pass. */
#include "tests/models/outliers/detector.h"

/* Of four servers 2 s apart a is checked at 0, 2, 4, … s and b at 0.5, 2.5, 4.5, … s.  Ten
   errors are one failed check: three times ten at 0.6 s are down, two passing checks up. */
static void test_fail_check(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "haproxy", 4);
    detector_wait(&it, 600);
    detector_end(&it, 0, 500, 29);
    detector_end(&it, 1, 0, 29);
    DETECTOR_OUT(&it, "");
    detector_end(&it, 0, 500, 1);
    detector_end(&it, 1, 500, 1);
    DETECTOR_OUT(&it, "ab");
    detector_wait(&it, 3999);
    DETECTOR_OUT(&it, "ab");
    detector_wait(&it, 4000);
    DETECTOR_OUT(&it, "b");
    detector_wait(&it, 4499);
    DETECTOR_OUT(&it, "b");
    detector_wait(&it, 4500);
    DETECTOR_OUT(&it, "");
    detector_close(&it);
}

/* A check that passes clears errors and failed checks. */
static void test_check_clears(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "haproxy", 4);
    detector_wait(&it, 1900);
    detector_end(&it, 0, 500, 29);
    detector_wait(&it, 2000);
    detector_end(&it, 0, 500, 29);
    DETECTOR_OUT(&it, "");
    detector_end(&it, 0, 500, 1);
    DETECTOR_OUT(&it, "a");
    detector_wait(&it, 5900); /* ten more, since the check at 4 s: it starts over */
    detector_end(&it, 0, 500, 10);
    detector_wait(&it, 7999);
    DETECTOR_OUT(&it, "a");
    detector_wait(&it, 8000);
    DETECTOR_OUT(&it, "");
    detector_close(&it);
}

static void test_on_error(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "haproxy: {on_error: mark_down}", 2);
    detector_end(&it, 0, 500, 9);
    detector_end(&it, 0, 200, 1);
    detector_end(&it, 0, 500, 9);
    DETECTOR_OUT(&it, "");
    detector_end(&it, 0, 500, 1);
    DETECTOR_OUT(&it, "a");
    detector_close(&it);
    detector_open(&it, "haproxy: {on_error: sudden_death, fall: 7}", 2);
    detector_end(&it, 0, 500, 19);
    DETECTOR_OUT(&it, "");
    detector_end(&it, 0, 500, 1);
    DETECTOR_OUT(&it, "a");
    detector_close(&it);
}

/* 501 and 505 are asked for by clients; layer4 sees no status. */
static void test_observe(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "haproxy: {on_error: mark_down, error_limit: 1}", 2);
    detector_end(&it, 0, 404, 1);
    detector_end(&it, 0, 501, 1);
    detector_end(&it, 0, 505, 1);
    DETECTOR_OUT(&it, "");
    detector_end(&it, 0, 502, 1);
    DETECTOR_OUT(&it, "a");
    detector_close(&it);
    detector_open(&it, "haproxy: {observe: layer4, on_error: mark_down, error_limit: 1}", 2);
    detector_end(&it, 0, 502, 1);
    detector_end(&it, 0, -1, 9); /* connected, and then reset or too late */
    DETECTOR_OUT(&it, "");
    detector_end(&it, 0, 0, 1);
    DETECTOR_OUT(&it, "a");
    detector_close(&it);
}

/* Checks of a at 0, 2, 4, … s.  Errors at 0.6 s bring the next to 1.1 s, those at 1.1 s the one
   after that to 1.6 s; then comes 3.6 s, before what errors at 3.2 s would bring, whether it is
   still up (3.7 s) or down by the third time (4.1 s).  That passes, but more errors at 4.099 s let
   it begin anew: 4.1 s, and by fastinter 4.6 s. */
static void test_fastinter(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "haproxy: {fastinter: 500ms, downinter: 900ms}", 2);
    detector_wait(&it, 600);
    detector_end(&it, 0, 500, 29);
    detector_wait(&it, 1100);
    detector_end(&it, 0, 500, 29);
    DETECTOR_OUT(&it, "");
    detector_wait(&it, 3200);
    detector_end(&it, 0, 500, 30);
    DETECTOR_OUT(&it, "a");
    detector_wait(&it, 4099);
    detector_end(&it, 0, 500, 10);
    detector_wait(&it, 4599);
    DETECTOR_OUT(&it, "a");
    detector_wait(&it, 4600);
    DETECTOR_OUT(&it, "");
    detector_close(&it);
}

/* Down by the last of 30 errors at 0.6 s: the first two tens bring the check to 1.1 s, which stays
   as downinter is longer; the second follows by fastinter.  Without either: 2 and 4 s. */
static void test_fast_way_up(void **state)
{
    (void)state;
    static const char *const kinds[] = {"haproxy: {fastinter: 500ms}", "haproxy",
                                        "haproxy: {downinter: 100ms}"};
    static const int64_t back[] = {1600, 4000, 4000};
    for (int i = 0; i < 3; i++) {
        struct detector it;
        detector_open(&it, kinds[i], 2);
        detector_wait(&it, 600);
        detector_end(&it, 0, 500, 30);
        detector_wait(&it, back[i] - 1);
        DETECTOR_OUT(&it, "a");
        detector_wait(&it, back[i]);
        DETECTOR_OUT(&it, "");
        detector_close(&it);
    }
}

/* on-error fastinter takes nothing down. */
static void test_on_error_fastinter(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "haproxy: {on_error: fastinter, fastinter: 100ms, fall: 1}", 2);
    detector_end(&it, 0, 500, 1000);
    DETECTOR_OUT(&it, "");
    detector_close(&it);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_fail_check),
    cmocka_unit_test(test_check_clears),
    cmocka_unit_test(test_on_error),
    cmocka_unit_test(test_observe),
    cmocka_unit_test(test_fastinter),
    cmocka_unit_test(test_fast_way_up),
    cmocka_unit_test(test_on_error_fastinter),
};

TEST_MAIN(tests)
