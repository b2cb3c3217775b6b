/* SPDX-License-Identifier: GPL-3.0-or-later
   gRPC's outlier detection: what is worked out by hand, and where it differs from Envoy's. */
#include "tests/models/outliers/detector.h"

/* Opens, lets the first `bad` hosts fail all of 100 requests with `status`, and ticks. */
static void tick(struct detector *it, const char *outlier, uint32_t count, uint32_t bad,
                 int status)
{
    detector_open(it, outlier, count);
    for (backend_id i = 0; i < count; i++)
        detector_end(it, i, i < bad ? status : 200, 100);
    detector_wait(it, 10000);
}

static void expect(const char *outlier, uint32_t count, uint32_t bad, const char *out)
{
    struct detector it;
    tick(&it, outlier, count, bad, 500);
    DETECTOR_OUT(&it, out);
    detector_close(&it);
}

/* Out before: 0 < 10 % always lets one go, 1 / 15 < 10 % a second, 2 / 15 no third.  Envoy
   looks at 1 / 15 and 2 / 15, and at 1 / 5. */
static void test_cap(void **state)
{
    (void)state;
    expect("grpc", 5, 1, "a");
    expect("grpc", 10, 2, "a");
    expect("grpc", 15, 3, "ab");
    expect("grpc: {max_ejection_percent: 0}", 15, 3, "");
    expect("grpc: {max_ejection_percent: 100}", 15, 3, "abc");
    expect("envoy: {enforcing_consecutive_5xx: 0}", 5, 1, "");
    expect("envoy: {enforcing_consecutive_5xx: 0}", 15, 3, "a");
}

/* As Envoy's: n > 4.61 k. */
static void test_success_rate(void **state)
{
    (void)state;
    expect("grpc: {max_ejection_percent: 100}", 9, 2, "");
    expect("grpc: {max_ejection_percent: 100}", 14, 3, "abc");
    expect("grpc: {max_ejection_percent: 100}", 13, 3, "");
    expect("grpc: {success_rate_ejection: {minimum_hosts: 6}}", 5, 1, "");
    expect("grpc: {success_rate_ejection: {request_volume: 101}}", 5, 1, "");
    expect("grpc: {success_rate_ejection: {enforcement_percentage: 0}}", 5, 1, "");
}

/* Any status but OK is a failure to gRPC; 404 is none to Envoy. */
static void test_not_found(void **state)
{
    (void)state;
    struct detector it;
    tick(&it, "grpc", 5, 1, 404);
    DETECTOR_OUT(&it, "a");
    detector_close(&it);
    tick(&it, "envoy: {always_eject_one_host: true}", 5, 1, 404);
    DETECTOR_OUT(&it, "");
    detector_close(&it);
}

/* 85 of 100 are not above 85 %, 86 are. */
static void test_failure_percentage(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it,
                  "grpc: {max_ejection_percent: 100, failure_percentage_ejection: {}, "
                  "success_rate_ejection: {enforcement_percentage: 0}}", 5);
    for (backend_id i = 0; i < 5; i++)
        detector_end(&it, i, 200, i < 2 ? 15 - (int)i : 100);
    detector_end(&it, 0, 500, 85);
    detector_end(&it, 1, 500, 86);
    detector_wait(&it, 10000);
    DETECTOR_OUT(&it, "b");
    detector_close(&it);
}

/* Out at the tick of 10 s for 30 s.  Bad again by the tick of 50 s, before which no interval
   was healthy: for 2 * 30 s, until 110 s.  Then the tick of 120 s takes the 2 to 1 and that of
   130 s to 0, so it is out at 140 s for 30 s. */
static void test_time(void **state)
{
    (void)state;
    static const int64_t out[] = {10000, 50000, 140000}, in[] = {40000, 110000, 170000};
    struct detector it;
    detector_open(&it, "grpc", 5);
    for (int n = 0; n < 3; n++) {
        detector_wait(&it, out[n] - 1);
        DETECTOR_OUT(&it, "");
        for (backend_id i = 0; i < 5; i++)
            detector_end(&it, i, i == 0 ? 0 : 200, 100);
        detector_wait(&it, out[n]);
        DETECTOR_OUT(&it, "a");
        detector_wait(&it, in[n] - 1);
        DETECTOR_OUT(&it, "a");
        detector_wait(&it, in[n]);
        DETECTOR_OUT(&it, "");
    }
    detector_close(&it);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_cap),
    cmocka_unit_test(test_success_rate),
    cmocka_unit_test(test_not_found),
    cmocka_unit_test(test_failure_percentage),
    cmocka_unit_test(test_time),
};

TEST_MAIN(tests)
