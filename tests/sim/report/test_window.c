/* SPDX-License-Identifier: GPL-3.0-or-later
   Windows worked by hand: their grid, and what falls into which. */
#include "sim/report/window.h"

#include "sim/engine/check.h"
#include "sim/report/sparse.h"
#include "tests/sim/report/rows.h"
#include "tests/test.h"

#include <stdlib.h>

static void test_open(struct window_set *set, sim_time joined, sim_time end)
{
    struct roster roster;
    roster_init(&roster);
    roster.measure_begin = joined + (end - joined) / 10;
    roster.measure_end = end;
    uint32_t pod = roster_pod(&roster, "a");
    roster_own_life(&roster, pod)->joined = joined;
    window_open(set, &roster);
    roster_free(&roster);
}

static void the_grid_is_round(void **state)
{
    (void)state;
    static const struct {
        sim_time joined, end;
        size_t count;
        const char *first, *last;
    } cases[] = {
        {0, 60 * SIM_SECOND, 60, "0s..1s", "59s..60s"},
        {0, 60 * SIM_SECOND + 1, 31, "0s..2s", "60s..62s"},
        {0, 600 * SIM_SECOND, 60, "0s..10s", "590s..600s"},
        {0, 300 * SIM_SECOND, 60, "0s..5s", "295s..300s"},
        {0, SIM_SECOND, 50, "0ms..20ms", "980ms..1000ms"},
        {0, 1, 1, "0ns..1ns", "0ns..1ns"},
        {0, 6 * SIM_MICROSECOND, 60, "0ns..100ns", "5900ns..6000ns"},
        {7 * SIM_SECOND, 67 * SIM_SECOND, 60, "7s..8s", "66s..67s"},
        {SIM_SECOND / 2, 60 * SIM_SECOND + SIM_SECOND / 2, 31, "0s..2s", "60s..62s"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct window_set set;
        test_open(&set, cases[i].joined, cases[i].end);
        if (set.grid.count != cases[i].count)
            fail_msg("case %zu: %zu windows, expected %zu", i, set.grid.count, cases[i].count);
        assert_string_equal(set.windows[0].name, cases[i].first);
        assert_string_equal(set.windows[set.grid.count - 1].name, cases[i].last);
        assert_int_equal(set.windows[set.grid.count - 1].end, cases[i].end);
        window_free(&set);
    }
}

static void no_window_no_windows(void **state)
{
    (void)state;
    struct roster roster;
    roster_init(&roster);
    struct window_set set;
    window_open(&set, &roster);
    struct trace_row row = rows_ok(0, 0, 0, 1);
    assert_int_equal(set.grid.count, 0);
    window_take_answered(&set, &row, 19);
    window_close(&set);
    window_free(&set);
}

/* Windows of 100 ns, from 0 to 950.  Latency is 18 + queue + service. */
static void test_take(struct window_set *set, size_t order)
{
    struct trace_row rows[] = {
        rows_ok(0, 0, 0, 2),                     /* 0 to 20 */
        rows_ok(90, 0, 200, 32),                 /* 90 to 340: 10, 100, 100, 40 */
        rows_ok(99, 0, 0, 2),                    /* 99 to 119: 1, 19 */
        rows_ok(100, 0, 0, 82),                  /* 100 to 200, just inside */
        rows_failed(110, OUTCOME_TIMEOUT, 30),   /* 110 to 140, late */
        rows_failed(199, OUTCOME_REJECTED, 2),   /* 199 to 201: 1, 1 */
        rows_ok(949, 0, 0, 2),                   /* 949 to 969, cut at 950 */
        rows_ok(950, 0, 0, 2),                   /* after the end */
        rows_ok(150, 0, 850, 82),                /* 150 to 1100: 50, eight times 100, but 50 */
        rows_failed(850, OUTCOME_RESET, 70),     /* 850 to 920: 50, 20 */
    };
    enum { ROWS = sizeof rows / sizeof *rows };
    for (size_t i = 0; i < ROWS; i++) {
        const struct trace_row *row = &rows[(i * order + order) % ROWS];
        if (row->outcome == OUTCOME_OK) {
            window_take_answered(set, row, row->ended - row->due);
            window_bound(set, row->ended - row->due, row->ended - row->due);
        } else {
            window_take(set, row);
        }
    }
}

static void rows_fall_into_their_windows(void **state)
{
    (void)state;
    static const struct {
        uint64_t count, late, failed, sum, flight;
    } expected[10] = {{3, 0, 0, 290, 20 + 10 + 1},
                      {3, 1, 1, 130 + 950, 100 + 19 + 100 + 30 + 1 + 50},
                      {0, 0, 0, 0, 100 + 1 + 100},
                      {0, 0, 0, 0, 40 + 100},
                      {0, 0, 0, 0, 100},
                      {0, 0, 0, 0, 100},
                      {0, 0, 0, 0, 100},
                      {0, 0, 0, 0, 100},
                      {0, 0, 1, 0, 100 + 50},
                      {1, 0, 0, 20, 1 + 50 + 20}};
    static const size_t orders[] = {1, 3, 7}; /* any order of the rows */
    for (size_t o = 0; o < sizeof orders / sizeof *orders; o++) {
        struct window_set set;
        test_open(&set, 0, 950);
        free(set.windows);
        set.grid = (struct window_grid){0, 950, 100, 10}; /* 20 would be the round width */
        set.windows = memory_zeroed(set.grid.count + 1, sizeof *set.windows);
        for (int i = 0; i < 10; i++) {
            set.windows[i].begin = i * 100;
            set.windows[i].end = i < 9 ? i * 100 + 100 : 950;
        }
        test_take(&set, orders[o]);
        window_close(&set);
        for (size_t i = 0; i < set.grid.count; i++) {
            const struct window *window = &set.windows[i];
            if (window->law.count != expected[i].count || window->late != expected[i].late ||
                window->failed != expected[i].failed || window->law.sum != expected[i].sum ||
                window_flight(&set, i) != expected[i].flight)
                fail_msg("order %zu, window %zu: %llu in the law, %llu late, %llu failed, sum "
                         "%llu, under way %llu",
                         o, i, (unsigned long long)window->law.count,
                         (unsigned long long)window->late, (unsigned long long)window->failed,
                         (unsigned long long)window->law.sum,
                         (unsigned long long)window_flight(&set, i));
        }
        window_free(&set);
    }
}

/* Two sets one after another: the memory of the first, all zero again, serves the second. */
static void memory_is_used_again(void **state)
{
    (void)state;
    uint64_t *spare = NULL, *first = NULL;
    for (int i = 0; i < 2; i++) {
        struct window_set set;
        test_open(&set, 0, 950);
        window_reuse(&set, &spare);
        test_take(&set, 1);
        assert_null(spare);
        window_close(&set);
        assert_non_null(spare);
        first = i == 0 ? spare : first;
        assert_ptr_equal(spare, first);
        uint64_t count = 0;
        for (size_t k = 0; k < set.grid.count; k++)
            count += set.windows[k].law.count;
        assert_int_equal(count, 7);
        for (size_t k = 0; k < set.grid.count * HISTOGRAM_BUCKETS; k++)
            assert_int_equal(spare[k], 0);
        window_free(&set);
    }
    free(spare);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_grid_is_round),
    cmocka_unit_test(no_window_no_windows),
    cmocka_unit_test(rows_fall_into_their_windows),
    cmocka_unit_test(memory_is_used_again),
};

TEST_MAIN(tests)
