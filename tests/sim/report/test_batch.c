/* SPDX-License-Identifier: GPL-3.0-or-later
   Rows go to the section that they were due in, and sections merge to the whole. */
#include "sim/report/batch.h"

#include "sim/report/summary.h"

#include "tests/sim/report/rows.h"
#include "tests/test.h"

/* From 1000 to 2000 ns sections are 50 ns long. */
static void rows_go_where_they_were_due(void **state)
{
    (void)state;
    struct batch_set *set = batch_open(1000, 2000);
    struct trace_row rows[] = {rows_ok(1000, 0, 0, 10),
                               rows_ok(1049, 0, 0, 10),
                               rows_ok(1999, 0, 0, 10),
                               rows_ok(1050, 0, 0, 10),
                               rows_failed(1051, OUTCOME_TIMEOUT, 7),
                               rows_failed(1052, OUTCOME_REJECTED, 0),
                               rows_ok(1060, 0, 0, 10),
                               rows_ok(990, 0, 0, 10)};
    rows[6].last = 0;
    rows[7].phase = PHASE_WARMUP;
    batch_rows(set, rows, 8);
    assert_int_equal(set->width, 50);
    assert_int_equal(set->batches[0].attempts, 2);
    assert_int_equal(set->batches[1].attempts, 4);
    assert_int_equal(set->batches[1].clients[0].outcomes[OUTCOME_OK], 1);
    assert_int_equal(set->batches[1].clients[0].outcomes[OUTCOME_TIMEOUT], 1);
    assert_int_equal(set->batches[1].clients[0].law.late.count, 1);
    assert_int_equal(set->batches[1].clients[0].law.late.sum, 7);
    assert_int_equal(set->batches[19].clients[0].law.answered.count, 1);
    batch_free(set);
}

static void check_pair(const struct batch_set *set)
{
    struct summary summary;
    summary_init(&summary);
    summary_add_batch(&summary, SCOPE_ALL, 0, set, 0);
    summary_add_batch(&summary, SCOPE_ALL, 0, set, 1);
    assert_int_equal(summary.requests, 3);
    assert_int_equal(summary.attempts, 3);
    assert_int_equal(summary.law.count, 3);
    assert_int_equal(summary.latency, 28 + 28 + 38);
    ASSERT_NEAR(summary.seconds, 100e-9, 1e-15);
    summary_clear(&summary);
    summary_add_batch(&summary, SCOPE_CLIENT, 1, set, 1);
    assert_int_equal(summary.requests, 1);
    assert_int_equal(summary.latency, 38);
    summary_free(&summary);
}

/* Latencies are 18 and what is given; the group after the last that has its own counts with
   all. */
static void sections_merge_packed_or_not(void **state)
{
    (void)state;
    struct batch_set *set = batch_open(1000, 2000);
    struct trace_row rows[] = {rows_ok(1000, 0, 0, 10), rows_ok(1001, 0, 0, 10),
                               rows_ok(1050, 0, 10, 10)};
    rows[1].client = BATCH_CLIENTS_MAX + 3;
    rows[2].client = 1;
    batch_rows(set, rows, 3);
    check_pair(set);
    batch_close(set);
    check_pair(set);
    batch_free(set);
}

/* 1003 ns are nineteen sections of 51 ns and one of 34. */
static void the_last_section_is_cut(void **state)
{
    (void)state;
    struct batch_set *set = batch_open(0, 1003);
    assert_int_equal(batch_length(set, 0), 51);
    assert_int_equal(batch_length(set, 19), 34);
    batch_free(set);
    assert_null(batch_open(0, 10));
    assert_null(batch_open(0, SIM_NEVER));
    batch_free(NULL);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(rows_go_where_they_were_due),
    cmocka_unit_test(sections_merge_packed_or_not),
    cmocka_unit_test(the_last_section_is_cut),
};

TEST_MAIN(tests)
