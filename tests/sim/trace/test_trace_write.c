/* SPDX-License-Identifier: GPL-3.0-or-later
   A line is what the columns say, whether it is written on its own or after another, and what
   it is said to repeat of that is there. */
#include "sim/trace/trace.h"
#include "tests/death.h"
#include "tests/sim/trace/random_rows.h"
#include "tests/test.h"

#include <stdlib.h>

enum { TEST_ROWS = 3000 };

static void a_line_is_what_the_columns_say(void **state)
{
    (void)state;
    struct roster roster;
    roster_init(&roster);
    roster_client(&roster, "web");
    roster_pod(&roster, "fast-1");
    struct trace_row row = {.request = 3,
                            .key = 9,
                            .demand = 40,
                            .due = 100,
                            .sent = 101,
                            .received = 103,
                            .dispatched = 106,
                            .arrived = 110,
                            .started = 115,
                            .served = 155,
                            .ended = 160,
                            .size = 512,
                            .user = 7,
                            .balancer = 2,
                            .attempt = 1,
                            .outcome = OUTCOME_TIMEOUT,
                            .phase = PHASE_COOLDOWN,
                            .last = 1,
                            .cache = LOOKUP_HIT};
    struct output *output = output_to_memory();
    trace_write_header(output);
    trace_write_rows(output, &roster, 2, &row, 1);
    row.cache = LOOKUP_MISS;
    trace_write_rows(output, &roster, 2, &row, 1);
    row.pod = ROW_NO_POD;
    row.cache = LOOKUP_NONE;
    row.last = 0;
    trace_write_rows(output, &roster, 2, &row, 1);
    assert_string_equal(
        output_memory(output, NULL),
        "replication,request,attempt,client,user,key,size,demand_ns,due_ns,latency_ns,"
        "client_ns,to_balancer_ns,balancer_ns,to_pod_ns,queue_ns,service_ns,balancer,pod,"
        "outcome,phase,last,cache\n"
        "2,3,1,web,7,9,512,40,100,60,1,2,3,4,5,40,2,fast-1,timeout,cooldown,1,hit\n"
        "2,3,1,web,7,9,512,40,100,60,1,2,3,4,5,40,2,fast-1,timeout,cooldown,1,miss\n"
        "2,3,1,web,7,9,512,40,100,60,1,2,3,4,5,40,2,,timeout,cooldown,0,none\n");
    output_close(output, true);
    roster_free(&roster);
}

/* Like the one before it, but for some of its parts. */
static struct trace_row test_next_row(const struct trace_row *before, struct rng *rng)
{
    struct trace_row other = random_row(rng), row = *before;
    uint64_t draw = rng_next(rng);
    row.request += draw % 4;
    row.key = draw >> 8 & 1 ? other.key : row.key;
    row.size = draw >> 9 & 1 ? other.size : row.size;
    row.user = draw >> 10 & 1 ? other.user : row.user;
    row.pod = draw >> 11 & 1 ? other.pod : row.pod;
    row.client = draw >> 12 & 1 ? other.client : row.client;
    row.outcome = draw >> 13 & 1 ? other.outcome : row.outcome;
    row.last = draw >> 14 & 1 ? other.last : row.last;
    row.cache = draw >> 15 & 1 ? other.cache : row.cache;
    row.ended += draw >> 16 & 1 ? (sim_time)(draw >> 40) : 0;
    return row;
}

/* Every match is one, and what lies between them is not counted twice. */
static void test_assert_matches(const struct trace_text *text, size_t rows)
{
    size_t at = 0;
    assert_true(text->match_count <= rows * TRACE_LINE_MATCHES);
    for (size_t i = 0; i < text->match_count; i++) {
        const struct pack_match *match = &text->matches[i];
        at += match->literals;
        assert_in_range(match->distance, PACK_DISTANCE_LEAST, at);
        assert_true(match->size >= PACK_MATCH_LEAST && match->size <= text->size - at);
        assert_memory_equal(text->bytes + at, text->bytes + at - match->distance, match->size);
        at += match->size;
    }
}

static void test_assert_text(const struct roster *roster, const struct trace_row *rows,
                             const struct trace_hops *hops, size_t count)
{
    struct trace_text text = {
        .bytes = malloc((count + 1) * TRACE_LINE_BYTES),
        .matches = malloc((count + 1) * TRACE_LINE_MATCHES * sizeof *text.matches)};
    struct trace_names names = trace_names_of(roster, 3);
    struct output *output = output_to_memory();
    trace_write_hopped(output, roster, 3, rows, hops, count);
    trace_write_text(&text, &names, rows, hops, count);
    size_t size;
    const char *expected = output_memory(output, &size);
    assert_int_equal(text.size, size);
    assert_memory_equal(text.bytes, expected, size);
    test_assert_matches(&text, count);
    output_close(output, true);
    free(text.bytes);
    free(text.matches);
}

static void lines_after_lines_are_as_on_their_own(void **state)
{
    (void)state;
    struct trace_row *rows = malloc(TEST_ROWS * sizeof *rows);
    struct trace_hops *hops = malloc(TEST_ROWS * sizeof *hops);
    struct roster roster;
    struct rng rng;
    random_roster(&roster);
    rng_open(&rng, 6, "rows", 0);
    for (int odd = 0; odd < 2; odd++) {
        memset(hops, 0, TEST_ROWS * sizeof *hops);
        rows[0] = random_row(&rng);
        for (size_t i = 1; i < TEST_ROWS; i++) {
            rows[i] = odd ? random_row(&rng) : test_next_row(&rows[i - 1], &rng);
            hops[i] = hops[i - 1];
            hops[i].there[rng_next(&rng) % 5] = random_duration(&rng);
        }
        rows[7].pod = RANDOM_PODS; /* the one of 256 quotes */
        for (size_t count = 1; count < 70; count++)
            test_assert_text(&roster, rows + count, NULL, count);
        test_assert_text(&roster, rows, NULL, TEST_ROWS);
        for (size_t tiers = 1; tiers <= HOPS_TIERS_MAX; tiers++) {
            roster.tier_count = tiers;
            test_assert_text(&roster, rows, hops, TEST_ROWS);
        }
        roster.tier_count = 0;
    }
    for (size_t i = 1; i < TEST_ROWS; i++)
        rows[i] = rows[0];
    test_assert_text(&roster, rows, NULL, TEST_ROWS);
    roster_free(&roster);
    free(rows);
    free(hops);
}

static void test_unknown_pod(void *context)
{
    const struct trace_row row = {.pod = RANDOM_PODS + 1};
    struct output *output = output_to_memory();
    trace_write_rows(output, context, 1, &row, 1);
}

static void a_pod_that_is_not_there_ends_the_program(void **state)
{
    (void)state;
    struct roster roster;
    random_roster(&roster);
    char words[512];
    assert_int_equal(death_of(test_unknown_pod, &roster, words, sizeof words), 1);
    assert_non_null(strstr(words, "check failed"));
    roster_free(&roster);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_line_is_what_the_columns_say),
    cmocka_unit_test(lines_after_lines_are_as_on_their_own),
    cmocka_unit_test(a_pod_that_is_not_there_ends_the_program),
};

TEST_MAIN(tests)
