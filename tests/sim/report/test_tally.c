/* SPDX-License-Identifier: GPL-3.0-or-later
   The tally against rows worked by hand. */
#include "sim/report/tally.h"

#include "sim/engine/check.h"
#include "tests/sim/report/rows.h"
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

/* ns of a part, over all requests; in the place of PART_NETWORK the latency. */
static uint64_t test_sum(const struct tally *tally, enum part part)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < BLAME_CLASSES; i++)
        sum += tally->blame.recent[i][part] + (uint64_t)tally->blame.sums[i][part];
    return sum;
}

static void answered_requests_are_split_into_parts(void **state)
{
    (void)state;
    struct roster roster;
    rows_roster(&roster);
    struct tally *tally = tally_open(&roster);
    struct trace_row rows[] = {rows_ok(1100, 0, 10, 100), rows_ok(1200, 2, 0, 50)};
    rows[1].client = 1;
    tally_rows(tally, rows, 2);
    assert_int_equal(tally->clients[0].outcomes[OUTCOME_OK], 1);
    assert_int_equal(tally->clients[1].outcomes[OUTCOME_OK], 1);
    assert_int_equal(tally->clients[0].law.answered.sum, 128);
    assert_int_equal(tally->clients[1].law.answered.sum, 68);
    assert_int_equal(test_sum(tally, PART_CLIENT), 2);
    assert_int_equal(test_sum(tally, PART_BALANCER), 10);
    assert_int_equal(test_sum(tally, PART_QUEUE), 10);
    assert_int_equal(test_sum(tally, PART_SERVICE), 150);
    assert_int_equal(tally->pods[1].requests, 1);
    assert_int_equal(tally->pods[1].latency, 128);
    assert_int_equal(tally->pods[2].requests, 0);
    assert_int_equal(tally->pods[3].busy, 50);
    assert_int_equal(tally_pod_counted(&tally->pods[3]), 1);
    assert_string_equal(tally->groups[tally_pod_group(&tally->pods[2])].name, "a");
    assert_string_equal(tally->groups[tally_pod_group(&tally->pods[3])].name, "b");
    tally_free(tally);
    roster_free(&roster);
}

static void other_phases_count_for_nothing_but_busy_time(void **state)
{
    (void)state;
    struct roster roster;
    rows_roster(&roster);
    struct tally *tally = tally_open(&roster);
    /* Service from 961 to 1061, from 1911 to 2111, within, before and after. */
    struct trace_row rows[] = {rows_ok(950, 0, 0, 100), rows_ok(1900, 0, 0, 200),
                               rows_ok(1489, 0, 0, 30), rows_ok(100, 0, 0, 30),
                               rows_ok(2100, 0, 0, 30), rows_ok(0, 1, 0, 5000)};
    for (int i = 0; i < 6; i++)
        rows[i].phase = i % 2 == 0 ? PHASE_WARMUP : PHASE_COOLDOWN;
    tally_rows(tally, rows, 6);
    assert_int_equal(tally->pods[1].busy, 61 + 89 + 30);
    assert_int_equal(tally->pods[2].busy, 1000);
    assert_int_equal(tally->pods[1].requests, 0);
    assert_int_equal(tally->clients[0].outcomes[OUTCOME_OK], 0);
    assert_int_equal(tally->clients[0].law.answered.count, 0);
    assert_int_equal(test_sum(tally, PART_SERVICE), 0);
    tally_free(tally);
    roster_free(&roster);
}

/* Abandoned after 60: 1 client, 2 + 3 network, 5 balancer, 20 queue, 29 of 100 in service,
   which the pod does to the end all the same. */
static void a_timeout_counts_at_the_time_waited(void **state)
{
    (void)state;
    struct roster roster;
    rows_roster(&roster);
    struct tally *tally = tally_open(&roster);
    struct trace_row row = rows_ok(1100, 0, 20, 100);
    row.outcome = OUTCOME_TIMEOUT;
    row.ended = row.due + 60;
    tally_rows(tally, &row, 1);
    assert_int_equal(tally->clients[0].outcomes[OUTCOME_TIMEOUT], 1);
    assert_int_equal(tally->clients[0].law.answered.count, 0);
    assert_int_equal(tally->clients[0].law.late.sum, 60);
    assert_int_equal(test_sum(tally, PART_CLIENT), 1);
    assert_int_equal(test_sum(tally, PART_BALANCER), 5);
    assert_int_equal(test_sum(tally, PART_QUEUE), 20);
    assert_int_equal(test_sum(tally, PART_SERVICE), 29);
    assert_int_equal(tally->pods[1].busy, 100);
    assert_int_equal(tally->pods[1].latency, 60);
    /* Given up before it was even sent: all of it is the client's. */
    row = rows_failed(1100, OUTCOME_TIMEOUT, 40);
    row.sent = row.received = row.ended;
    tally_rows(tally, &row, 1);
    assert_int_equal(test_sum(tally, PART_CLIENT), 41);
    tally_free(tally);
    roster_free(&roster);
}

static void what_is_turned_away_has_no_latency(void **state)
{
    (void)state;
    struct roster roster;
    rows_roster(&roster);
    struct tally *tally = tally_open(&roster);
    struct trace_row rows[OUTCOME_COUNT + 1];
    for (int i = 0; i < OUTCOME_COUNT; i++)
        rows[i] = rows_failed(1500, (enum outcome)i, 10 * i);
    rows[OUTCOME_OK] = rows_ok(1500, 0, 0, 1);
    rows[OUTCOME_COUNT] = rows_ok(1500, 1, 0, 0); /* refused by the pod */
    rows[OUTCOME_COUNT].outcome = OUTCOME_REJECTED;
    tally_rows(tally, rows, OUTCOME_COUNT + 1);
    for (int i = 0; i < OUTCOME_COUNT; i++)
        assert_int_equal(tally->clients[0].outcomes[i], i == OUTCOME_REJECTED ? 2 : 1);
    assert_int_equal(tally->clients[0].law.answered.count, 1);
    assert_int_equal(tally->clients[0].law.late.count, 2);
    assert_int_equal(tally->clients[0].law.late.sum,
                     10 * OUTCOME_TIMEOUT + 10 * OUTCOME_QUEUE_TIMEOUT);
    assert_int_equal(tally->pods[2].requests, 1);
    assert_int_equal(tally_pod_counted(&tally->pods[2]), 0);
    assert_int_equal(tally->pods[0].requests, OUTCOME_COUNT - 1);
    tally_free(tally);
    roster_free(&roster);
}

static void only_the_last_attempt_decides_a_request(void **state)
{
    (void)state;
    struct roster roster;
    rows_roster(&roster);
    struct tally *tally = tally_open(&roster);
    struct trace_row rows[] = {rows_ok(1100, 0, 0, 10), rows_ok(1100, 1, 0, 10)};
    rows[0].last = 0;
    rows[0].outcome = OUTCOME_TIMEOUT;
    rows[1].attempt = 1;
    tally_rows(tally, rows, 2);
    assert_int_equal(tally->pods[1].requests, 1);
    assert_int_equal(tally->pods[1].busy, 10);
    assert_int_equal(tally_pod_counted(&tally->pods[1]), 0);
    assert_int_equal(tally->clients[0].outcomes[OUTCOME_TIMEOUT], 0);
    assert_int_equal(tally->clients[0].outcomes[OUTCOME_OK], 1);
    assert_null(tally->clients[0].law.late.counts);
    tally_free(tally);
    roster_free(&roster);
}

static void the_window_is_the_span_of_due_times_where_unknown(void **state)
{
    (void)state;
    struct roster roster;
    rows_roster(&roster);
    roster.measure_begin = roster.measure_end = SIM_NEVER;
    struct tally *tally = tally_open(&roster);
    sim_time begin, end;
    tally_window(tally, &begin, &end);
    assert_int_equal(end - begin, 0);
    struct trace_row rows[] = {rows_ok(700, 0, 0, 10), rows_ok(300, 1, 0, 10),
                               rows_ok(900, 1, 0, 10)};
    rows[2].phase = PHASE_COOLDOWN;
    tally_rows(tally, rows, 3);
    tally_window(tally, &begin, &end);
    assert_int_equal(begin, 300);
    assert_int_equal(end, 700);
    assert_int_equal(tally->pods[1].busy, 0);
    tally_free(tally);
    roster_free(&roster);
}

static void the_roster_may_grow_between_blocks(void **state)
{
    (void)state;
    struct roster roster;
    char name[16];
    roster_init(&roster);
    struct tally *tally = tally_open(&roster);
    for (uint32_t i = 0; i < 3000; i++) {
        snprintf(name, sizeof(name), "c%u", i);
        roster_client(&roster, name);
        snprintf(name, sizeof(name), "p%u", i);
        uint32_t pod = roster_pod(&roster, name);
        rows_kind(&roster, pod, name, "", 0);
        struct trace_row rows[] = {rows_ok(i, i, 0, 1), rows_ok(i, 0, 0, 1)};
        rows[0].client = (uint16_t)i;
        tally_rows(tally, rows, 2);
    }
    assert_int_equal(tally->pods[1].requests, 3001);
    assert_int_equal(tally->pods[3000].requests, 1);
    assert_int_equal(tally->client_count, TALLY_CLASSES_MAX + 1);
    assert_int_equal(tally->clients[7].outcomes[OUTCOME_OK], 1);
    assert_int_equal(tally->clients[TALLY_CLASSES_MAX].outcomes[OUTCOME_OK], 2000);
    assert_int_equal(tally->group_count, TALLY_CLASSES_MAX + 2);
    assert_int_equal(tally_pod_group(&tally->pods[3000]), TALLY_CLASSES_MAX + 1);
    assert_string_equal(tally->groups[tally_pod_group(&tally->pods[1000])].name, "p999");
    tally_free(tally);
    roster_free(&roster);
}

static struct trace_row test_random_row(struct rng *rng)
{
    struct trace_row row = rows_ok((sim_time)rng_below(rng, 3000), (uint32_t)rng_below(rng, 3),
                                   (sim_time)rng_below(rng, 100),
                                   (sim_time)rng_below(rng, 100));
    if (rng_below(rng, 5) == 0) {
        row.outcome = (uint8_t)rng_below(rng, OUTCOME_COUNT);
        row.ended = row.due + (sim_time)rng_below(rng, 100);
    }
    row.last = rng_below(rng, 5) > 0;
    row.client = (uint16_t)rng_below(rng, 2);
    row.phase = (uint8_t)rng_below(rng, PHASE_COUNT);
    return row;
}

static void test_same(const struct tally *a, const struct tally *b)
{
    for (int i = 0; i < PART_COUNT; i++)
        assert_true(test_sum(a, (enum part)i) == test_sum(b, (enum part)i));
    assert_memory_equal(a->pods, b->pods, 4 * sizeof(*a->pods));
    for (int i = 0; i < 2; i++) {
        const struct tally_law *x = &a->clients[i].law, *y = &b->clients[i].law;
        assert_memory_equal(a->clients[i].outcomes, b->clients[i].outcomes,
                            sizeof(a->clients[i].outcomes));
        assert_true(x->answered.sum_of_squares == y->answered.sum_of_squares);
        assert_true(x->late.sum_of_squares == y->late.sum_of_squares);
        assert_memory_equal(x->late.counts, y->late.counts,
                            HISTOGRAM_BUCKETS * sizeof(*x->late.counts));
    }
}

/* Parts add up to the latency to the last unit, and order and blocks do not matter. */
static void rows_in_any_order_and_blocks_give_the_same_tally(void **state)
{
    (void)state;
    enum { ROWS = 3000 };
    struct roster roster;
    struct rng rng;
    struct trace_row *rows = memory_take(ROWS, sizeof(*rows));
    rows_roster(&roster);
    rng_seed(&rng, 5);
    struct tally *one = tally_open(&roster), *other = tally_open(&roster);
    for (int i = 0; i < ROWS; i++)
        rows[i] = test_random_row(&rng);
    tally_rows(one, rows, ROWS);
    for (int i = ROWS; i > 0; i--)
        tally_rows(other, &rows[i - 1], 1);
    test_same(one, other);
    wide_uint latency = 0, parts = 0;
    for (int i = 0; i < 2; i++)
        latency += one->clients[i].law.answered.sum + one->clients[i].law.late.sum;
    for (int i = 0; i < PART_COUNT; i++)
        parts += i != PART_NETWORK ? test_sum(one, (enum part)i) : 0;
    assert_true(latency > 0 && parts <= latency && latency == test_sum(one, PART_NETWORK));
    tally_free(one);
    tally_free(other);
    roster_free(&roster);
    free(rows);
}

static uint64_t test_group_has(const struct tally *tally, size_t group, sim_time latency)
{
    return tally->groups[group].law.answered.counts[histogram_bucket(latency)];
}

/* One client group and one pod group: what the former saw is what the latter did, until a row
   without a pod, or another client group, comes. */
static void a_lone_group_gets_its_law_when_it_is_not_alone_any_more(void **state)
{
    (void)state;
    for (int other = 0; other < 2; other++) {
        struct roster roster;
        roster_init(&roster);
        roster_client(&roster, "web");
        roster_pod(&roster, "a-1");
        roster_pod(&roster, "a-2");
        roster.measure_begin = 1000;
        roster.measure_end = 2000;
        struct tally *tally = tally_open(&roster);
        struct trace_row rows[] = {rows_ok(1100, 0, 10, 100), rows_ok(1200, 1, 0, 50)};
        tally_rows(tally, rows, 2);
        assert_true(tally->is_lone);
        struct trace_row late = rows_ok(1300, 1, 0, 500);
        if (other == 0)
            late.pod = ROW_NO_POD;
        else
            late.client = (uint16_t)roster_client(&roster, "batch");
        tally_rows(tally, &late, 1);
        assert_false(tally->is_lone);
        assert_int_equal(test_group_has(tally, 1, 128), 1);
        assert_int_equal(test_group_has(tally, 1, 68), 1);
        assert_int_equal(test_group_has(tally, 1, 518), other);
        assert_int_equal(test_group_has(tally, 0, 518), 1 - other);
        assert_int_equal(tally->groups[1].law.answered.sum, 0);
        tally_free(tally);
        roster_free(&roster);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_lone_group_gets_its_law_when_it_is_not_alone_any_more),
    cmocka_unit_test(answered_requests_are_split_into_parts),
    cmocka_unit_test(other_phases_count_for_nothing_but_busy_time),
    cmocka_unit_test(a_timeout_counts_at_the_time_waited),
    cmocka_unit_test(what_is_turned_away_has_no_latency),
    cmocka_unit_test(only_the_last_attempt_decides_a_request),
    cmocka_unit_test(the_window_is_the_span_of_due_times_where_unknown),
    cmocka_unit_test(the_roster_may_grow_between_blocks),
    cmocka_unit_test(rows_in_any_order_and_blocks_give_the_same_tally),
};

TEST_MAIN(tests)
