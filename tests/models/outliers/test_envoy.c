/* SPDX-License-Identifier: GPL-3.0-or-later
   Envoy's outlier detection against times, caps and thresholds worked out by hand. */
#include "tests/models/outliers/detector.h"

/* Four failures and a success leave the run at 0; the fifth in a row ejects. */
static void test_run(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "envoy", 10);
    detector_end(&it, 3, 500, 4);
    detector_end(&it, 3, 404, 1);
    detector_end(&it, 3, 503, 2);
    detector_end(&it, 3, 0, 2);
    DETECTOR_OUT(&it, "");
    detector_end(&it, 3, 599, 1);
    DETECTOR_OUT(&it, "d");
    detector_close(&it);
}

/* (0 + 1) / n <= 10 % from ten hosts on; (1 + 1) / n from twenty. */
static void test_cap(void **state)
{
    (void)state;
    static const struct {
        const char *outlier;
        uint32_t count;
        const char *out;
    } cases[] = {
        {"envoy", 5, ""},
        {"envoy", 9, ""},
        {"envoy", 10, "a"},
        {"envoy", 19, "a"},
        {"envoy", 20, "ab"},
        {"envoy: {always_eject_one_host: true}", 5, "a"},
        {"envoy: {max_ejection_percent: 50}", 5, "ab"},
        {"envoy: {max_ejection_percent: 100}", 2, "ab"},
        {"envoy: {max_ejection_percent: 0}", 64, ""},
        {"envoy: {enforcing_consecutive_5xx: 0}", 64, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct detector it;
        detector_open(&it, cases[i].outlier, cases[i].count);
        for (backend_id backend = 0; backend < cases[i].count; backend++)
            detector_end(&it, backend, 500, 5);
        DETECTOR_OUT(&it, cases[i].out);
        detector_close(&it);
    }
}

/* Ejected at 3 s for 1 * 30 s: back at the first tick from 33 s on.  Ejected again at 41 s,
   before a healthy interval was over, for 2 * 30 s: 101 s, so 110 s.  Its ticks at 120 and
   130 s are healthy and take the 2 to 0: out at 131 s for 1 * 30 s, back at 170 s. */
static void test_time(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "envoy", 10);
    static const struct {
        int64_t at, until;
    } turns[] = {{3000, 40000}, {41000, 110000}, {131000, 170000}};
    for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
        detector_wait(&it, turns[i].at);
        DETECTOR_OUT(&it, "");
        detector_end(&it, 0, 500, 5);
        detector_wait(&it, turns[i].until - 1);
        DETECTOR_OUT(&it, "a");
        detector_wait(&it, turns[i].until);
        DETECTOR_OUT(&it, "");
    }
    detector_close(&it);
}

/* Failures of who is out do not count once it is back. */
static void test_stragglers(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "envoy", 10);
    detector_end(&it, 0, 500, 8);
    detector_wait(&it, 30000);
    DETECTOR_OUT(&it, "");
    detector_end(&it, 0, 500, 4);
    DETECTOR_OUT(&it, "");
    detector_end(&it, 0, 500, 1);
    DETECTOR_OUT(&it, "a");
    detector_close(&it);
}

/* 30, 60, … 300 s, then 300 s.  The factor ends at 11 (10 * 30 < 300 + 30, 11 * 30 is not), so
   four healthy ticks make it 7, and the next ejection 8. */
static void test_growth(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "envoy", 10);
    int64_t now = 0;
    for (int n = 1; n <= 14; n++) {
        detector_end(&it, 0, 500, 5);
        DETECTOR_OUT(&it, "a");
        now += 1000 * (30 * n < 300 ? 30 * n : 300);
        detector_wait(&it, now - 1);
        DETECTOR_OUT(&it, "a");
        detector_wait(&it, now);
        DETECTOR_OUT(&it, "");
    }
    now += 40000;
    detector_wait(&it, now);
    detector_end(&it, 0, 500, 5);
    detector_wait(&it, now + 240000 - 1);
    DETECTOR_OUT(&it, "a");
    detector_wait(&it, now + 240000);
    DETECTOR_OUT(&it, "");
    detector_close(&it);
}

/* max_ejection_time is raised to base_ejection_time: 40 s, whatever the factor. */
static void test_most_below_base(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "envoy: {base_ejection_time: 40s, max_ejection_time: 5s}", 10);
    for (int64_t now = 0; now < 120000; now += 40000) {
        detector_end(&it, 0, 500, 5);
        detector_wait(&it, now + 39999);
        DETECTOR_OUT(&it, "a");
        detector_wait(&it, now + 40000);
        DETECTOR_OUT(&it, "");
    }
    detector_close(&it);
}

/* 30 s and up to 5 s more, looked at each second. */
static void test_jitter(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "envoy: {interval: 1s, max_ejection_time_jitter: 5s}", 40);
    for (backend_id i = 0; i < 4; i++)
        detector_end(&it, i, 500, 5);
    detector_wait(&it, 29999);
    DETECTOR_OUT(&it, "abcd");
    detector_wait(&it, 32000);
    assert_in_range(it.host.out_count, 1, 4);
    detector_wait(&it, 35000);
    DETECTOR_OUT(&it, "");
    detector_close(&it);
}

/* 502, 503, 504 and no reply; a 500 ends the run as a success does. */
static void test_gateway(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it,
                  "envoy: {enforcing_consecutive_5xx: 0, "
                  "enforcing_consecutive_gateway_failure: 100}", 10);
    detector_end(&it, 0, 502, 4);
    detector_end(&it, 0, 500, 1);
    detector_end(&it, 0, 504, 3);
    detector_end(&it, 0, 0, 1);
    DETECTOR_OUT(&it, "");
    detector_end(&it, 0, 503, 1);
    DETECTOR_OUT(&it, "a");
    detector_close(&it);
}

/* Split, no reply neither counts as 5xx nor ends a run of them, and any reply ends a run of
   none. */
static void test_split(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "envoy: {split_external_local_origin_errors: true}", 20);
    detector_end(&it, 0, 500, 4);
    detector_end(&it, 0, 0, 1);
    DETECTOR_OUT(&it, "");
    detector_end(&it, 0, 500, 1);
    DETECTOR_OUT(&it, "a");
    detector_end(&it, 1, 0, 4);
    detector_end(&it, 1, 500, 1);
    detector_end(&it, 1, 0, 4);
    DETECTOR_OUT(&it, "a");
    detector_end(&it, 1, 0, 1);
    DETECTOR_OUT(&it, "ab");
    detector_close(&it);
}

/* `bad` of `count` hosts fail all of their requests, then a tick: how many go? */
static uint32_t go(const char *outlier, uint32_t count, uint32_t bad, int requests)
{
    struct detector it;
    detector_open(&it, outlier, count);
    for (backend_id i = 0; i < count; i++)
        detector_end(&it, i, i < bad ? 500 : 200, requests);
    DETECTOR_OUT(&it, "");
    detector_wait(&it, 10000);
    uint32_t out = it.host.out_count;
    detector_close(&it);
    return out;
}

/* With k of n at 0 and the others at 1, mean = 1 - p and sd = √(p (1 - p)), p = k / n: all k
   are below mean - 1.9 sd where 1 - p > 3.61 p, so where n > 4.61 k; else none. */
static void test_success_rate(void **state)
{
    (void)state;
    const char *alone = "envoy: {max_ejection_percent: 100, enforcing_consecutive_5xx: 0}";
    assert_int_equal(go(alone, 5, 1, 100), 1);
    assert_int_equal(go(alone, 9, 2, 100), 0);
    assert_int_equal(go(alone, 10, 2, 100), 2);
    assert_int_equal(go(alone, 13, 3, 100), 0);
    assert_int_equal(go(alone, 14, 3, 100), 3);
    assert_int_equal(go(alone, 46, 10, 100), 0);
    assert_int_equal(go(alone, 47, 10, 100), 10);
    assert_int_equal(go(alone, 4, 1, 100), 0); /* too few hosts */
    assert_int_equal(go(alone, 5, 1, 99), 0);  /* too few requests */
    assert_int_equal(go("envoy: {enforcing_consecutive_5xx: 0}", 30, 6, 100), 3);
}

/* At 2.0 sd n = 5, k = 1 is the equality (mean 80, sd 40), which does not eject. */
static void test_success_rate_factor(void **state)
{
    (void)state;
    assert_int_equal(go("envoy: {max_ejection_percent: 100, enforcing_consecutive_5xx: 0, "
                        "success_rate_stdev_factor: 2000}", 5, 1, 100), 0);
    assert_int_equal(go("envoy: {max_ejection_percent: 100, enforcing_consecutive_5xx: 0, "
                        "success_rate_stdev_factor: 1999}", 5, 1, 100), 1);
}

/* 85 of 100 are enough, 84 are not; off by default. */
static void test_failure_percentage(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it,
                  "envoy: {max_ejection_percent: 100, enforcing_consecutive_5xx: 0, "
                  "enforcing_success_rate: 0, enforcing_failure_percentage: 100}", 6);
    for (backend_id i = 0; i < 6; i++)
        detector_end(&it, i, 200, i < 2 ? 15 + (int)i : 100);
    detector_end(&it, 0, 500, 85);
    detector_end(&it, 1, 500, 84);
    detector_wait(&it, 10000);
    DETECTOR_OUT(&it, "a");
    detector_close(&it);
    assert_int_equal(go("envoy: {max_ejection_percent: 100, enforcing_consecutive_5xx: 0, "
                        "enforcing_success_rate: 0}", 6, 1, 100), 0);
}

/* What an interval saw is forgotten at the end of the next. */
static void test_interval(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "envoy: {max_ejection_percent: 100, enforcing_consecutive_5xx: 0}", 5);
    for (backend_id i = 0; i < 5; i++)
        detector_end(&it, i, i == 0 ? 500 : 200, 60);
    detector_wait(&it, 10000);
    for (backend_id i = 0; i < 5; i++)
        detector_end(&it, i, i == 0 ? 500 : 200, 60);
    detector_wait(&it, 30000);
    DETECTOR_OUT(&it, "");
    detector_close(&it);
}

/* Who leaves makes room, and whoever comes to the slot starts anew. */
static void test_leave(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "envoy", 11);
    detector_end(&it, 0, 500, 5);
    detector_end(&it, 1, 500, 5);
    DETECTOR_OUT(&it, "a");
    detector_leave(&it, 0);
    DETECTOR_OUT(&it, "");
    detector_end(&it, 1, 500, 5);
    DETECTOR_OUT(&it, "b");
    detector_leave(&it, 1);
    detector_join(&it, 0);
    detector_end(&it, 0, 500, 4);
    DETECTOR_OUT(&it, "");
    detector_end(&it, 0, 500, 1);
    DETECTOR_OUT(&it, "a");
    detector_wait(&it, 30000); /* for 1 * 30 s, not 2 */
    DETECTOR_OUT(&it, "");
    detector_close(&it);
}

/* Split, each connection that comes about clears the run of those that did not, even where no
   reply follows: only the fifth refusal in a row ejects.  Of b's 120 attempts with a connection 60
   got no reply: 60 of 180 local results failed, 67 %; the others have 100 %.  With ten hosts the
   mean is 96.7 and the deviation 10: below 77.7 it goes. */
static void test_split_reset(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "envoy: {split_external_local_origin_errors: true}", 10);
    for (int i = 0; i < 20; i++) {
        detector_end(&it, 0, 0, 3);
        detector_end(&it, 0, -1, 2);
    }
    detector_end(&it, 0, 0, 3);
    DETECTOR_OUT(&it, ""); /* the reset is the first of four */
    detector_end(&it, 0, 0, 1);
    DETECTOR_OUT(&it, "a");
    detector_close(&it);
    detector_open(&it, "envoy: {split_external_local_origin_errors: true}", 10);
    for (backend_id i = 0; i < 10; i++)
        detector_end(&it, i, 200, i == 1 ? 60 : 120);
    detector_end(&it, 1, -1, 60);
    detector_wait(&it, 9999);
    DETECTOR_OUT(&it, "");
    detector_wait(&it, 10000);
    DETECTOR_OUT(&it, "b");
    detector_close(&it);
}

/* A health check that passes ends an ejection at once, unless told otherwise, and the run with
   it; the time of the next one has grown all the same. */
static void test_check_passes(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "envoy", 10);
    detector_wait(&it, 1000);
    detector_end(&it, 3, 500, 9);
    it.ops->passed(it.state, &it.host, 3);
    DETECTOR_OUT(&it, "");
    detector_end(&it, 3, 500, 4);
    DETECTOR_OUT(&it, "");
    detector_end(&it, 3, 500, 1);
    detector_wait(&it, 60999); /* 2 * 30 s, of which the tick at 70 s is the first after */
    DETECTOR_OUT(&it, "d");
    detector_wait(&it, 70000);
    DETECTOR_OUT(&it, "");
    it.ops->passed(it.state, &it.host, 3);
    DETECTOR_OUT(&it, "");
    detector_close(&it);
    detector_open(&it, "envoy: {successful_active_health_check_uneject_host: false}", 10);
    detector_end(&it, 3, 500, 5);
    it.ops->passed(it.state, &it.host, 3);
    DETECTOR_OUT(&it, "d");
    detector_close(&it);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_run),
    cmocka_unit_test(test_split_reset),
    cmocka_unit_test(test_check_passes),
    cmocka_unit_test(test_cap),
    cmocka_unit_test(test_time),
    cmocka_unit_test(test_stragglers),
    cmocka_unit_test(test_growth),
    cmocka_unit_test(test_most_below_base),
    cmocka_unit_test(test_jitter),
    cmocka_unit_test(test_gateway),
    cmocka_unit_test(test_split),
    cmocka_unit_test(test_success_rate),
    cmocka_unit_test(test_success_rate_factor),
    cmocka_unit_test(test_failure_percentage),
    cmocka_unit_test(test_interval),
    cmocka_unit_test(test_leave),
};

TEST_MAIN(tests)
