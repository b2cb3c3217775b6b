/* SPDX-License-Identifier: GPL-3.0-or-later
   Blame, from a few requests by hand.  A fast one takes 1000 ns: 100 client, 250 network, 50
   balancer, 400 queue, 200 service; a slow one 1 ms: the same but 999 400 in the queue. */
#include "sim/report/blame.h"
#include "tests/test.h"

#include <math.h>

enum { FAST_QUEUE = 400, SLOW_QUEUE = 999400 };

struct sample {
    struct blame blame;
    struct histogram law;
};

static struct sample sample_open(void)
{
    struct sample sample;
    blame_open(&sample.blame);
    histogram_init(&sample.law);
    return sample;
}

static void sample_free(struct sample *sample)
{
    blame_free(&sample->blame);
    histogram_free(&sample->law);
}

static struct trace_row sample_row(sim_time queue)
{
    struct trace_row row = {.due = 5000};
    row.sent = row.due + 100;
    row.received = row.sent + 60;
    row.dispatched = row.received + 50;
    row.arrived = row.dispatched + 90;
    row.started = row.arrived + queue;
    row.served = row.started + 200;
    row.ended = row.served + 100;
    return row;
}

static void sample_add(struct sample *sample, int count, sim_time queue)
{
    struct trace_row row = sample_row(queue);
    for (int i = 0; i < count; i++) {
        blame_add(&sample->blame, &row, row.ended - row.due);
        histogram_add(&sample->law, row.ended - row.due);
        blame_end_block(&sample->blame);
    }
}

static void assert_parts(const struct sample *sample, double p, const double *expected)
{
    for (int i = 0; i < PART_COUNT; i++)
        ASSERT_NEAR(blame_mean_beyond(&sample->blame, &sample->law, p, (enum part)i),
                    expected[i], 1e-9 * expected[i]);
}

/* Of 200 the slowest 1 % are the two slow ones.  Over all the queue is (198 * 400 + 2 * 999 400)
   / 200 = 10 390, before and after the sums are closed. */
static void the_slowest_are_told_apart(void **state)
{
    (void)state;
    struct sample sample = sample_open();
    sample_add(&sample, 198, FAST_QUEUE);
    sample_add(&sample, 2, SLOW_QUEUE);
    for (int closed = 0; closed < 2; closed++) {
        assert_parts(&sample, 0.99, (double[]){100, 250, 50, SLOW_QUEUE, 200});
        assert_parts(&sample, 0, (double[]){100, 250, 50, 10390, 200});
        if (!closed)
            blame_close(&sample.blame);
    }
    sample_free(&sample);
}

/* Of 100 the slowest 2 % are the slow one and one of the others, which are of one class (latencies
   960 to 1023): 49 with 400 in the queue, 50 with 420, in the mean 410.10.  So it is
   (999 400 + 410.10) / 2. */
static void a_class_counts_in_proportion(void **state)
{
    (void)state;
    struct sample sample = sample_open();
    sample_add(&sample, 50, 420);
    sample_add(&sample, 1, SLOW_QUEUE);
    sample_add(&sample, 49, FAST_QUEUE);
    double queue = (SLOW_QUEUE + (49 * 400 + 50 * 420) / 99.0) / 2;
    assert_parts(&sample, 0.98, (double[]){100, 250, 50, queue, 200});
    sample_free(&sample);
}

/* Two replications, one closed and one not: three of 150 are slow, so all of the slowest 2 %. */
static void replications_are_merged(void **state)
{
    (void)state;
    struct sample one = sample_open(), other = sample_open(), pooled;
    blame_open_empty(&pooled.blame);
    histogram_init(&pooled.law);
    sample_add(&one, 99, FAST_QUEUE);
    sample_add(&one, 1, SLOW_QUEUE);
    sample_add(&other, 48, FAST_QUEUE);
    sample_add(&other, 2, 2 * SLOW_QUEUE);
    blame_close(&one.blame);
    for (int again = 0; again < 2; again++) {
        blame_merge(&pooled.blame, &one.blame);
        blame_merge(&pooled.blame, &other.blame);
        histogram_merge(&pooled.law, &one.law);
        histogram_merge(&pooled.law, &other.law);
        assert_parts(&pooled, 0.98, (double[]){100, 250, 50, 5 * SLOW_QUEUE / 3.0, 200});
        blame_clear(&pooled.blame);
        histogram_clear(&pooled.law);
    }
    assert_true(isnan(blame_mean_beyond(&pooled.blame, &pooled.law, 0.99, PART_QUEUE)));
    sample_free(&one);
    sample_free(&other);
    sample_free(&pooled);
}

/* Given up 340 ns after it was due: 40 of the queue are left, and no service. */
static void what_comes_after_the_end_is_cut(void **state)
{
    (void)state;
    struct sample sample = sample_open();
    struct trace_row row = sample_row(FAST_QUEUE);
    row.ended = row.due + 340;
    blame_add(&sample.blame, &row, 340);
    histogram_add(&sample.law, 340);
    assert_parts(&sample, 0, (double[]){100, 150, 50, 40, 0});
    sample_free(&sample);
}

/* Three times as many full blocks as 64 bits have room for, of the longest requests that go there,
   and two that are longer than that. */
static void sums_do_not_overflow(void **state)
{
    (void)state;
    enum { BLOCKS = 3 * 2 * BLAME_BLOCKS };
    struct sample sample = sample_open();
    struct trace_row row = {.started = 0, .served = BLAME_LONG - 1, .ended = BLAME_LONG - 1};
    for (int block = 0; block < BLOCKS; block++) {
        for (int i = 0; i < TRACE_BLOCK_ROWS; i++)
            blame_add(&sample.blame, &row, row.ended);
        blame_end_block(&sample.blame);
    }
    uint64_t rows = (uint64_t)BLOCKS * TRACE_BLOCK_ROWS;
    histogram_add(&sample.law, row.ended);
    sample.law.counts[histogram_bucket(row.ended)] = sample.law.count = rows;
    assert_parts(&sample, 0, (double[]){0, 0, 0, 0, (double)(BLAME_LONG - 1)});
    row.served = row.ended = SIM_NEVER - 1;
    for (int i = 0; i < 3; i++) {
        blame_add(&sample.blame, &row, row.ended);
        histogram_add(&sample.law, row.ended);
    }
    assert_parts(&sample, 1 - 2.0 / (double)(rows + 3),
                 (double[]){0, 0, 0, 0, (double)SIM_NEVER});
    sample_free(&sample);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_slowest_are_told_apart),
    cmocka_unit_test(a_class_counts_in_proportion),
    cmocka_unit_test(replications_are_merged),
    cmocka_unit_test(what_comes_after_the_end_is_cut),
    cmocka_unit_test(sums_do_not_overflow),
};

TEST_MAIN(tests)
