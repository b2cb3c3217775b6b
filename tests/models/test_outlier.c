/* SPDX-License-Identifier: GPL-3.0-or-later
   The registry of outlier detectors, what they share, and what all of them promise: flags and
   calls agree, caps are kept, alarms lie ahead, no memory after open, same seed same doings. */
#include "tests/models/outliers/detector.h"

static void test_registry(void **state)
{
    (void)state;
    static const char *const names[] = {"envoy", "grpc", "nginx", "haproxy", "finagle",
                                        "linkerd"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_string_equal(outlier_kinds.at(i)->name, names[i]);
    assert_null(outlier_kinds.at(sizeof names / sizeof *names));
}

/* Those of Envoy's own example: 50, 100, 100, 100, 100 have mean 90 and sd 20. */
static void test_threshold(void **state)
{
    (void)state;
    const double rates[] = {50, 100, 100, 100, 100}, equal[] = {99.3, 99.3, 99.3};
    ASSERT_NEAR(outlier_threshold(rates, 5, 1.9), 52, 1e-12);
    ASSERT_NEAR(outlier_threshold(equal, 3, 1.9), 99.3, 1e-12);
    ASSERT_NEAR(outlier_threshold(rates, 1, 1.9), 50, 0);
}

static void test_ejection(void **state)
{
    (void)state;
    assert_int_equal(outlier_ejection(30, 1, 300), 30);
    assert_int_equal(outlier_ejection(30, 10, 300), 300);
    assert_int_equal(outlier_ejection(30, 11, 300), 300);
    assert_int_equal(outlier_ejection(30, 3, 20), 30);
    assert_int_equal(outlier_ejection(30, UINT64_MAX, 310), 310);
    assert_int_equal(outlier_ejection(31, 9, 300), 279);
}

static void test_alarms(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct outlier_alarms alarms;
    outlier_alarms_open(&alarms, 4, &arena);
    assert_true(alarms.first == SIM_NEVER);
    outlier_alarms_set(&alarms, 3, 20);
    outlier_alarms_set(&alarms, 1, 10);
    outlier_alarms_set(&alarms, 2, 20);
    assert_true(outlier_alarms_take(&alarms, 9) == NO_BACKEND);
    assert_int_equal(alarms.first, 10);
    outlier_alarms_set(&alarms, 1, 30);
    assert_int_equal(alarms.first, 20);
    assert_int_equal(outlier_alarms_take(&alarms, 20), 2);
    assert_int_equal(outlier_alarms_take(&alarms, 20), 3);
    assert_true(outlier_alarms_take(&alarms, 20) == NO_BACKEND);
    outlier_alarms_set(&alarms, 1, SIM_NEVER);
    assert_true(alarms.first == SIM_NEVER);
    arena_free(&arena);
}

static void test_twice(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "envoy", 3);
    outlier_admit(&it.host, 1);
    assert_int_equal(it.changes, 0);
    outlier_eject(&it.host, 1);
    outlier_eject(&it.host, 1);
    assert_int_equal(it.changes, 1);
    DETECTOR_OUT(&it, "b");
    outlier_admit(&it.host, 1);
    outlier_admit(&it.host, 1);
    assert_int_equal(it.changes, 2);
    DETECTOR_OUT(&it, "");
    detector_close(&it);
}

static void test_enforced(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "envoy", 3);
    int yes = 0;
    for (int i = 0; i < 1000; i++) {
        assert_true(outlier_enforced(&it.host, 100));
        assert_false(outlier_enforced(&it.host, 0));
        yes += outlier_enforced(&it.host, 30);
    }
    ASSERT_NEAR(yes, 300, 60); /* four standard deviations */
    detector_close(&it);
}

/* A run of a detector on random ends of requests to random pods that are good and bad in
   turn, come and go. */
struct fuzz {
    struct detector it;
    struct rng rng;
    uint8_t shadow[DETECTOR_MOST]; /* is_out, by the calls */
    uint32_t ejections;
    uint64_t hash;                 /* of all changes and when they were */
    double cap_after, cap_before;  /* percent; 0: none */
};

static void fuzz_changed(void *context, backend_id backend, bool out)
{
    struct fuzz *fuzz = context;
    const struct outlier_host *host = &fuzz->it.host;
    assert_int_equal(fuzz->shadow[backend], !out);
    fuzz->shadow[backend] = out;
    fuzz->ejections += out;
    fuzz->hash = (fuzz->hash ^ (uint64_t)host->now ^ backend << 1 ^ out) *
                 UINT64_C(0x9e3779b97f4a7c15);
    double members = host->member_count;
    if (out && fuzz->cap_after > 0)
        assert_true(100 * host->out_count <= fuzz->cap_after * members + 1e-9);
    if (out && fuzz->cap_before > 0)
        assert_true(100 * (host->out_count - 1) < fuzz->cap_before * members);
}

static void fuzz_check(struct fuzz *fuzz, size_t pieces)
{
    const struct outlier_host *host = &fuzz->it.host;
    uint32_t out = 0;
    for (uint32_t i = 0; i < host->count; i++) {
        assert_int_equal(host->is_out[i], fuzz->shadow[i]);
        assert_true(!host->is_out[i] || host->is_member[i]);
        out += host->is_out[i];
    }
    assert_int_equal(host->out_count, out);
    assert_true(fuzz->it.ops->due(fuzz->it.state) > host->now);
    assert_int_equal(fuzz->it.arena.pieces, pieces);
}

/* Bad ones fail nine times of ten, others once of fifty. */
static int fuzz_status(struct fuzz *fuzz, backend_id backend)
{
    static const int failures[] = {0, 500, 502, 503, 504, 404};
    int64_t phase = fuzz->it.host.now / (40 * SIM_SECOND);
    bool bad = rng_key((uint64_t)phase, "bad", backend) % 4 == 0;
    if (rng_uniform(&fuzz->rng) >= (bad ? 0.9 : 0.02))
        return 200;
    return failures[rng_below(&fuzz->rng, 6)];
}

static void fuzz_step(struct fuzz *fuzz)
{
    struct detector *it = &fuzz->it;
    backend_id backend = (backend_id)rng_below(&fuzz->rng, it->host.count);
    if (rng_below(&fuzz->rng, 2000) == 0) {
        if (!it->is_member[backend])
            detector_join(it, backend);
        else if (it->host.member_count > 1)
            detector_leave(it, backend);
    }
    if (it->is_member[backend] && !it->is_out[backend])
        detector_send(it, backend);
    if (it->is_member[backend])
        detector_end(it, backend, fuzz_status(fuzz, backend), 1);
    it->changes = 0;
}

/* Mean 1 ms between steps, with a pause of up to 20 s now and then. */
static uint64_t fuzz_run(const char *outlier, uint64_t seed, double cap_after,
                         double cap_before)
{
    static struct fuzz fuzz;
    fuzz = (struct fuzz){.cap_after = cap_after, .cap_before = cap_before};
    detector_open(&fuzz.it, outlier, 12);
    rng_open(&fuzz.rng, seed, "fuzz", 0);
    rng_open(&fuzz.it.rng, seed, "detector", 0);
    fuzz.it.host.changed = fuzz_changed;
    fuzz.it.host.context = &fuzz;
    size_t pieces = fuzz.it.arena.pieces;
    int64_t ms = 0;
    for (int i = 0; i < 60000; i++) {
        ms += (int64_t)rng_below(&fuzz.rng, 3);
        if (rng_below(&fuzz.rng, 2000) == 0)
            ms += (int64_t)rng_below(&fuzz.rng, 20000);
        detector_wait(&fuzz.it, ms);
        fuzz_check(&fuzz, pieces);
        fuzz_step(&fuzz);
        fuzz_check(&fuzz, pieces);
    }
    if (fuzz.ejections == 0)
        fail_msg("%s: nobody was ejected", outlier);
    detector_close(&fuzz.it);
    return fuzz.hash;
}

static void test_fuzz(void **state)
{
    (void)state;
    static const struct {
        const char *outlier;
        double cap_after, cap_before;
    } cases[] = {
        {"envoy", 10, 0},
        {"envoy: {max_ejection_percent: 40, split_external_local_origin_errors: true, "
         "enforcing_failure_percentage: 50, enforcing_consecutive_gateway_failure: 50, "
         "max_ejection_time_jitter: 3s, failure_percentage_minimum_hosts: 1}", 40, 0},
        {"grpc", 0, 10},
        {"grpc: {max_ejection_percent: 40, failure_percentage_ejection: {}}", 0, 40},
        {"nginx", 0, 0},
        {"nginx: {max_fails: 5, next_upstream: [http_500, http_503]}", 0, 0},
        {"haproxy: {on_error: mark_down, error_limit: 3}", 0, 0},
        {"finagle", 0, 0},
        {"finagle: {policy: success_rate}", 0, 0},
        {"linkerd", 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t hash[3];
        for (uint64_t run = 0; run < 3; run++)
            hash[run] = fuzz_run(cases[i].outlier, 7 + run / 2, cases[i].cap_after,
                                 cases[i].cap_before);
        assert_true(hash[0] == hash[1]);
        assert_true(hash[0] != hash[2]);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_registry),
    cmocka_unit_test(test_threshold),
    cmocka_unit_test(test_ejection),
    cmocka_unit_test(test_alarms),
    cmocka_unit_test(test_twice),
    cmocka_unit_test(test_enforced),
    cmocka_unit_test(test_fuzz),
};

TEST_MAIN(tests)
