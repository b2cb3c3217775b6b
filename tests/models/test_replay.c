/* SPDX-License-Identifier: GPL-3.0-or-later
   Replay of small files with known answers, of made-up ones for what is random, and of the
   public traces where they are at hand. */
#include "tests/models/replay_test.h"

#define XXH_INLINE_ALL
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#define AZURE "../shared/data/azure_llm_code_2023.csv"
#define NASA "../shared/data/nasa_http_1995-08-01.csv"

static void expect_dues(struct fixture *fixture, const sim_time *dues, size_t count)
{
    struct replay_cursor cursor;
    struct replay_request request;
    replay_open(&cursor, &fixture->config, 1);
    for (size_t i = 0; i < count; i++) {
        assert_true(replay_next(&cursor, &request));
        if (request.due != dues[i])
            fail_msg("due %zu is %lld, expected %lld", i, (long long)request.due,
                     (long long)dues[i]);
    }
    if (fixture->config.at_end == REPLAY_STOP)
        assert_false(replay_next(&cursor, &request));
}

static void test_all_columns(void **state)
{
    struct fixture *fixture = *state;
    write_file(fixture, "work,time_ns,path,bytes,who\n"
                        "2.5,1000,/a,10,7\n1,1500,12,0,bob\n0,3000,007,99,4294967295\n");
    fixture->config.key = "path";
    fixture->config.size = "bytes";
    fixture->config.user = "who";
    fixture->config.demand = "work";
    fixture->config.demand_scale = SIM_MILLISECOND;
    fixture->config.demand_offset = 5;
    check(fixture);
    struct replay_cursor cursor;
    struct replay_request r[3];
    replay_open(&cursor, &fixture->config, 1);
    for (int i = 0; i < 3; i++)
        assert_true(replay_next(&cursor, &r[i]));
    assert_int_equal(r[0].due, 0);
    assert_int_equal(r[1].due, 500);
    assert_int_equal(r[2].due, 2000);
    assert_int_equal(r[0].key, XXH3_64bits("/a", 2));
    assert_int_equal(r[1].key, 12);
    assert_int_equal(r[2].key, XXH3_64bits("007", 3));
    assert_int_equal(r[0].size, 10);
    assert_int_equal(r[1].size, 0);
    assert_int_equal(r[0].user, 7);
    assert_int_equal(r[1].user, (uint32_t)XXH3_64bits("bob", 3));
    assert_int_equal(r[2].user, UINT32_MAX);
    assert_int_equal(r[0].demand, 2500005);
    assert_int_equal(r[1].demand, 1000005);
    assert_int_equal(r[2].demand, 5);
    ASSERT_NEAR(replay_mean_demand(&fixture->config), 3.5e6 / 3 + 5, 1e-6);
    assert_int_equal(replay_columns(&fixture->config), 15);
    assert_false(replay_next(&cursor, &r[0]));
}

static void test_columns_not_named_are_not_read(void **state)
{
    struct fixture *fixture = *state;
    write_file(fixture, "time_ns,key,size\n0,1,junk\n5,2,\n");
    check(fixture);
    struct replay_cursor cursor;
    struct replay_request request;
    replay_open(&cursor, &fixture->config, 1);
    assert_true(replay_next(&cursor, &request));
    assert_int_equal(request.key, UINT64_MAX);
    assert_int_equal(request.size, UINT64_MAX);
    assert_int_equal(request.user, UINT32_MAX);
    assert_int_equal(request.demand, -1);
    ASSERT_NEAR(replay_mean_demand(&fixture->config), -1, 0);
    assert_int_equal(replay_columns(&fixture->config), 0);
}

static void test_crlf_no_last_line_end_iso_and_order(void **state)
{
    struct fixture *fixture = *state;
    write_file(fixture, "when,n\r\n2023-11-16 18:17:04.0000001,1\r\n"
                        "2023-11-16 18:17:03,2\r\n2023-11-16T20:17:04.0000001+02:00,3");
    fixture->config.time = "when";
    fixture->config.key = "n";
    check(fixture);
    assert_int_equal(fixture->config.data->out_of_order, 1);
    const struct replay_row *rows = fixture->config.data->rows;
    assert_int_equal(rows[0].key, 2);
    assert_int_equal(rows[1].key, 1); /* equal times stay in file order */
    assert_int_equal(rows[2].key, 3);
    expect_dues(fixture, (sim_time[]){0, 1000000100, 1000000100}, 3);
}

static void test_unit_and_speed_up(void **state)
{
    struct fixture *fixture = *state;
    write_file(fixture, "time_ns\n1.5\n2.5\n3.5\n");
    fixture->config.unit = SIM_SECOND;
    check(fixture);
    expect_dues(fixture, (sim_time[]){0, SIM_SECOND, 2 * SIM_SECOND}, 3);
    ASSERT_NEAR(replay_rate(&fixture->config), 1, 1e-12);
    fixture->config.speed_up = 4;
    expect_dues(fixture, (sim_time[]){0, SIM_SECOND / 4, SIM_SECOND / 2}, 3);
    ASSERT_NEAR(replay_rate(&fixture->config), 4, 1e-12);
}

static void test_loop_goes_on_one_mean_gap_later(void **state)
{
    struct fixture *fixture = *state;
    write_file(fixture, "time_ns\n100\n110\n160\n");
    fixture->config.at_end = REPLAY_LOOP;
    check(fixture);
    assert_int_equal(fixture->config.data->period, 90);
    expect_dues(fixture, (sim_time[]){0, 10, 60, 90, 100, 150, 180, 190, 240}, 9);
    ASSERT_NEAR(replay_rate(&fixture->config), 3 / 90e-9, 1e-3);
}

static void test_loop_ends_before_time_does(void **state)
{
    struct fixture *fixture = *state;
    write_file(fixture, "time_ns\n0\n100000000000000000\n");
    fixture->config.at_end = REPLAY_LOOP;
    check(fixture);
    struct replay_cursor cursor;
    struct replay_request request = {0};
    replay_open(&cursor, &fixture->config, 1);
    sim_time last = -1;
    int count = 0;
    for (; count < 1000 && replay_next(&cursor, &request); count++) {
        assert_true(request.due > last);
        last = request.due;
    }
    assert_true(count > 2 && count < 100);
}

/* `count` requests in each of `ticks` seconds. */
static void write_ticks(struct fixture *fixture, int ticks, int count)
{
    FILE *file = fopen(fixture->file, "w");
    assert_non_null(file);
    fputs("time_ns,key\n", file);
    for (int tick = 0; tick < ticks; tick++)
        for (int i = 0; i < count; i++)
            fprintf(file, "%d,%d\n", tick, tick * count + i);
    assert_int_equal(fclose(file), 0);
    fixture->config.unit = SIM_SECOND;
    fixture->config.key = "key";
}

static void test_spread_stays_in_tick_in_order_and_uniform(void **state)
{
    struct fixture *fixture = *state;
    enum { TICKS = 200, EACH = 50, ALL = TICKS * EACH };
    write_ticks(fixture, TICKS, EACH);
    fixture->config.spread = SIM_SECOND;
    check(fixture);
    struct replay_cursor cursor;
    struct replay_request request;
    replay_open(&cursor, &fixture->config, 42);
    sim_time last = 0;
    double sum = 0, squares = 0, smallest = 0;
    for (uint64_t i = 0; i < ALL; i++) {
        assert_true(replay_next(&cursor, &request));
        assert_int_equal(request.key, i);
        assert_true(request.due >= last);
        assert_int_equal(request.due / SIM_SECOND, i / EACH);
        last = request.due;
        double within = sim_seconds(request.due % SIM_SECOND);
        sum += within;
        squares += within * within;
        smallest += i % EACH == 0 ? within : 0;
    }
    assert_false(replay_next(&cursor, &request));
    /* Moments of the uniform law, and of the smallest of 50, within 5 standard errors. */
    ASSERT_NEAR(sum / ALL, 0.5, 5 * sqrt(1.0 / 12 / ALL));
    ASSERT_NEAR(squares / ALL, 1.0 / 3, 5 * sqrt(4.0 / 45 / ALL));
    ASSERT_NEAR(smallest / TICKS, 1.0 / 51, 5 * (1.0 / 51) / sqrt(TICKS));
}

static void test_spread_loops_on_whole_ticks(void **state)
{
    struct fixture *fixture = *state;
    write_ticks(fixture, 3, 10);
    fixture->config.spread = SIM_SECOND;
    fixture->config.at_end = REPLAY_LOOP;
    check(fixture);
    assert_int_equal(fixture->config.data->period, 3 * SIM_SECOND);
    ASSERT_NEAR(replay_rate(&fixture->config), 10, 1e-12);
    struct replay_cursor cursor;
    struct replay_request request;
    replay_open(&cursor, &fixture->config, 42);
    sim_time last = 0, lap[2][30];
    for (uint64_t i = 0; i < 300; i++) {
        assert_true(replay_next(&cursor, &request));
        assert_int_equal(request.due / SIM_SECOND, i / 10);
        assert_true(request.due >= last);
        last = request.due;
        if (i < 60)
            lap[i / 30][i % 30] = request.due % (3 * SIM_SECOND);
    }
    assert_memory_not_equal(lap[0], lap[1], sizeof lap[0]); /* fresh draws */
}

static void test_thinning_keeps_its_share(void **state)
{
    struct fixture *fixture = *state;
    enum { ALL = 20000 };
    write_ticks(fixture, ALL / 10, 10);
    fixture->config.rate_scale = 0.3;
    for (int pass = 0; pass < 2; pass++) {
        fixture->config.spread = pass * SIM_SECOND;
        check(fixture);
        struct replay_cursor cursor;
        struct replay_request request;
        replay_open(&cursor, &fixture->config, 7);
        uint64_t kept = 0, last_key = 0;
        sim_time last = 0;
        for (; replay_next(&cursor, &request); kept++) {
            assert_true(request.due >= last);
            assert_true(kept == 0 || request.key > last_key);
            assert_int_equal(request.due / SIM_SECOND, request.key / 10);
            last = request.due;
            last_key = request.key;
        }
        ASSERT_NEAR(kept, 0.3 * ALL, 5 * sqrt(ALL * 0.3 * 0.7));
        ASSERT_NEAR(replay_rate(&fixture->config), 3, 0.002);
    }
}

/* Thinning chooses requests whether or not they are spread, and spreading what thinning
   leaves is uniform. */
static void test_thinned_ticks_are_spread_evenly(void **state)
{
    struct fixture *fixture = *state;
    enum { TICKS = 2000 };
    write_ticks(fixture, TICKS, 4);
    fixture->config.rate_scale = 0.5;
    check(fixture);
    struct replay_config spread = fixture->config;
    spread.spread = SIM_SECOND;
    struct replay_cursor plain_cursor, spread_cursor;
    struct replay_request plain, other;
    replay_open(&plain_cursor, &fixture->config, 9);
    replay_open(&spread_cursor, &spread, 9);
    double sum = 0;
    int count = 0;
    for (; replay_next(&plain_cursor, &plain); count++) {
        assert_true(replay_next(&spread_cursor, &other));
        assert_int_equal(other.key, plain.key);
        sum += sim_seconds(other.due % SIM_SECOND);
    }
    assert_false(replay_next(&spread_cursor, &other));
    ASSERT_NEAR(sum / count, 0.5, 5 * sqrt(1.0 / 12 / count));
}

static uint64_t digest(const struct replay_config *config, uint64_t stream, int count)
{
    struct replay_cursor cursor;
    struct replay_request request;
    uint64_t hash = 0;
    replay_open(&cursor, config, stream);
    for (int i = 0; i < count && replay_next(&cursor, &request); i++) {
        const uint64_t words[] = {hash, (uint64_t)request.due, request.key, request.size,
                                  (uint64_t)request.demand, request.user};
        hash = XXH3_64bits(words, sizeof words);
    }
    return hash;
}

static void test_same_stream_same_requests(void **state)
{
    struct fixture *fixture = *state;
    write_ticks(fixture, 20, 20);
    fixture->config.rate_scale = 0.5;
    fixture->config.spread = SIM_SECOND;
    fixture->config.at_end = REPLAY_LOOP;
    check(fixture);
    assert_int_equal(digest(&fixture->config, 5, 2000), digest(&fixture->config, 5, 2000));
    assert_int_not_equal(digest(&fixture->config, 5, 2000),
                         digest(&fixture->config, 6, 2000));
}

static void test_laps_are_thinned_afresh(void **state)
{
    struct fixture *fixture = *state;
    write_ticks(fixture, 100, 1);
    fixture->config.rate_scale = 0.5;
    fixture->config.at_end = REPLAY_LOOP;
    check(fixture);
    struct replay_cursor cursor;
    struct replay_request request;
    bool kept[2][100] = {{false}};
    replay_open(&cursor, &fixture->config, 3);
    while (replay_next(&cursor, &request) && request.due < 200 * SIM_SECOND)
        kept[request.due / (100 * SIM_SECOND)][request.key] = true;
    assert_memory_not_equal(kept[0], kept[1], sizeof kept[0]);
}

static void test_mistakes_in_the_scenario(void **state)
{
    struct fixture *fixture = *state;
    write_file(fixture, "time_ns\n5\n5\n");
    fixture->config.rate_scale = 1.5;
    assert_string_equal(refusal(fixture),
                        "rate_scale is a share of the requests, at most 100%; for more than "
                        "the file has, use speed_up, or a second client group that replays "
                        "it too");
    fixture->config.rate_scale = 1;
    fixture->config.at_end = REPLAY_LOOP;
    assert_string_equal(refusal(fixture),
                        "a.csv: all requests have the same time, so there is no gap to loop "
                        "with; use at_end: stop, or spread");
    fixture->config.spread = SIM_SECOND;
    check(fixture);
    assert_int_equal(fixture->config.data->period, SIM_SECOND);
    fixture->config.at_end = REPLAY_STOP;
    fixture->config.spread = 0;
    check(fixture);
    expect_dues(fixture, (sim_time[]){0, 0}, 2);
    assert_true(isnan(replay_rate(&fixture->config)));
}

static void need_data(const char *file)
{
    if (access(file, R_OK) != 0) {
        print_message("skipped: %s is not here\n", file);
        skip();
    }
}

static void test_azure_trace(void **state)
{
    struct fixture *fixture = *state;
    need_data(AZURE);
    fixture->config.file = AZURE;
    fixture->config.time = "TIMESTAMP";
    fixture->config.demand = "GeneratedTokens";
    fixture->config.demand_scale = SIM_MILLISECOND;
    check(fixture);
    assert_int_equal(fixture->config.data->count, 8819);
    assert_int_equal(fixture->config.data->out_of_order, 0);
    ASSERT_NEAR(replay_rate(&fixture->config), 2.57, 0.005);
    assert_int_equal(fixture->config.data->rows[0].demand, 10 * SIM_MILLISECOND);
    assert_int_equal(fixture->config.data->rows[1].at, 52000000);
}

static void test_nasa_trace(void **state)
{
    struct fixture *fixture = *state;
    need_data(NASA);
    fixture->config.file = NASA;
    fixture->config.time = "t_s";
    fixture->config.unit = SIM_SECOND;
    fixture->config.key = "path";
    fixture->config.spread = SIM_SECOND;
    check(fixture);
    assert_int_equal(fixture->config.data->count, 33996);
    assert_int_equal(fixture->config.data->rows[33995].at, 53520 * SIM_SECOND);
    struct replay_cursor cursor;
    struct replay_request request;
    replay_open(&cursor, &fixture->config, 1);
    sim_time last = 0;
    for (int i = 0; i < 33996; i++) {
        assert_true(replay_next(&cursor, &request));
        assert_true(request.due >= last);
        assert_int_equal(request.due / SIM_SECOND,
                         fixture->config.data->rows[i].at / SIM_SECOND);
        last = request.due;
    }
}

static const struct CMUnitTest tests[] = {
    TEST(test_all_columns),
    TEST(test_columns_not_named_are_not_read),
    TEST(test_crlf_no_last_line_end_iso_and_order),
    TEST(test_unit_and_speed_up),
    TEST(test_loop_goes_on_one_mean_gap_later),
    TEST(test_loop_ends_before_time_does),
    TEST(test_spread_stays_in_tick_in_order_and_uniform),
    TEST(test_spread_loops_on_whole_ticks),
    TEST(test_thinning_keeps_its_share),
    TEST(test_thinned_ticks_are_spread_evenly),
    TEST(test_same_stream_same_requests),
    TEST(test_laps_are_thinned_afresh),
    TEST(test_mistakes_in_the_scenario),
    TEST(test_azure_trace),
    TEST(test_nasa_trace),
};
TEST_MAIN(tests)
