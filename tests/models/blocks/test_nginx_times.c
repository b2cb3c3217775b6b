/* SPDX-License-Identifier: GPL-3.0-or-later
   nginx's averages of response times and the scores made of them, digit by digit. */
#include "models/blocks/nginx_times.h"
#include "tests/test.h"

struct fixture {
    struct arena arena;
    struct nginx_times times;
    struct nginx_peers peers;
    struct backend backend;
    uint32_t outstanding;
    uint8_t flag;
    backend_id eligible;
    struct view view;
};

static void fixture_open(struct fixture *fixture)
{
    *fixture = (struct fixture){.backend = {"a", "a", "", 1, 1}, .flag = 1};
    fixture->view = (struct view){.backends = &fixture->backend,
                                  .count = 1,
                                  .capacity = 1,
                                  .outstanding = &fixture->outstanding,
                                  .is_member = &fixture->flag,
                                  .is_up = &fixture->flag,
                                  .is_eligible = &fixture->flag,
                                  .eligible = &fixture->eligible,
                                  .eligible_count = 1};
    const struct nginx_peers_config config = {1, 10 * SIM_SECOND};
    nginx_peers_init(&fixture->peers, &config, &fixture->view, &fixture->arena);
    nginx_peers_update(&fixture->peers, &fixture->view);
    nginx_peers_chosen(&fixture->peers, &fixture->view, 0);
    nginx_times_init(&fixture->times, 1, &fixture->arena);
}

static void teach(struct fixture *fixture, sim_time milliseconds, bool success)
{
    struct outcome_report outcome = {.success = success,
                                     .status = success ? 200 : 0,
                                     .first_byte = milliseconds * SIM_MILLISECOND / 2,
                                     .latency = milliseconds * SIM_MILLISECOND};
    nginx_times_learn(&fixture->times, &fixture->view, &outcome);
}

static uint64_t score(const struct fixture *fixture)
{
    return nginx_times_score(&fixture->times, &fixture->peers, &fixture->view, 0);
}

/* The first as it is; then 0.05 * 109 + 0.95 * 100 + 0.5 = 100.95, cut off; with 110 it is
   101.0; with 90 from 101 back to 100, and no further. */
static void test_dead_zone(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_open(&fixture);
    teach(&fixture, 100, true);
    for (int i = 0; i < 100; i++)
        teach(&fixture, 109, true);
    assert_int_equal(fixture.times.peer[0].response, 100);
    teach(&fixture, 110, true);
    assert_int_equal(fixture.times.peer[0].response, 101);
    for (int i = 0; i < 200; i++)
        teach(&fixture, 90, true);
    assert_int_equal(fixture.times.peer[0].response, 100);
    assert_int_equal(fixture.times.peer[0].header, 50);
    teach(&fixture, 89, true);
    assert_int_equal(fixture.times.peer[0].response, 99);
    teach(&fixture, 1, false);
    assert_int_equal(fixture.times.peer[0].response, 99);
    arena_free(&fixture.arena);
}

/* Up to the next step of 20, beyond it where it stands on one; 5000 at most; times what is
   there and one more; halved with each 11 seconds since the last check. */
static void test_score(void **state)
{
    (void)state;
    static const struct {
        uint64_t time, score;
    } rows[] = {{0, 20}, {1, 20}, {19, 20}, {20, 40}, {4999, 5000}, {5000, 5020}, {5001, 5000}};
    struct fixture fixture;
    fixture_open(&fixture);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fixture.times.peer[0].header = rows[i].time;
        assert_int_equal(score(&fixture), rows[i].score);
    }
    fixture.times.peer[0].header = 100;
    fixture.outstanding = 2;
    assert_int_equal(score(&fixture), 360);
    fixture.outstanding = 0;
    fixture.view.now = 10 * SIM_SECOND + 999 * SIM_MILLISECOND;
    assert_int_equal(score(&fixture), 120);
    fixture.view.now = 11 * SIM_SECOND;
    assert_int_equal(score(&fixture), 60);
    fixture.view.now = 33 * SIM_SECOND;
    assert_int_equal(score(&fixture), 20);
    arena_free(&fixture.arena);
}

/* Two requests, begun at 0 and 100 ms: at 200 ms their mean age is 150 ms.  When the first
   ends, 100 is left. */
static void test_in_flight(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_open(&fixture);
    fixture.times.use_inflight = true;
    nginx_times_sent(&fixture.times, &fixture.view, 0);
    fixture.view.now = 100 * SIM_MILLISECOND;
    nginx_times_sent(&fixture.times, &fixture.view, 0);
    fixture.view.now = 200 * SIM_MILLISECOND;
    nginx_times_age(&fixture.times, &fixture.view, 0);
    assert_int_equal(fixture.times.peer[0].inflight, 150);
    assert_int_equal(score(&fixture), 160);
    teach(&fixture, 200, true);
    assert_int_equal(fixture.times.peer[0].inflight_sum, 100);
    assert_int_equal(fixture.times.peer[0].inflight_count, 1);
    teach(&fixture, 100, true);
    assert_int_equal(fixture.times.peer[0].inflight_sum, 0);
    arena_free(&fixture.arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_dead_zone),
    cmocka_unit_test(test_score),
    cmocka_unit_test(test_in_flight),
};

TEST_MAIN(tests)
