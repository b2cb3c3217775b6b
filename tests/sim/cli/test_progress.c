/* SPDX-License-Identifier: GPL-3.0-or-later
   The lines of the live view: what they say, and that they fit into a terminal. */
#include "sim/cli/progress.h"

#include "tests/test.h"

#include <string.h>

static const struct watch_lane lanes[] = {
    {"random", 10, 10, 1, {0.0412, 0.0392, 0.0432, false}},
    {"round_robin", 3, 10, 0.341, {0.0355, (double)NAN, (double)NAN, false}},
    {"p2c", 0, 10, 0, {(double)NAN, (double)NAN, (double)NAN, true}},
};

static void progress_is(const struct watch_view *view, size_t columns, size_t rows,
                        const char *expected)
{
    struct output *output = output_to_memory();
    size_t size, lines = 0;
    const struct progress_size terminal = {columns, rows};
    size_t counted = progress_format("demo", 20, view, terminal, output);
    const char *found = output_memory(output, &size);
    assert_string_equal(found, expected);
    for (const char *at = found; (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    assert_int_equal(counted, lines);
    output_close(output, false);
}

/* 20 s for 40 % leave 30 s. */
static void each_policy_has_a_line(void **state)
{
    (void)state;
    const struct watch_view view = {lanes, 3, 1, 1, 0.4};
    progress_is(&view, 80, 24,
                "demo [########------------]  40%  ETA 0:30\n"
                "  random         10/10 100%  p99 41.2ms ±4.9%\n"
                "  round_robin     3/10  34%  p99 35.5ms\n"
                "  p2c             0/10   0%\n");
}

static void what_does_not_fit_is_cut(void **state)
{
    (void)state;
    const struct watch_view view = {lanes, 3, 1, 1, 0.001};
    progress_is(&view, 31, 4,
                "demo [--------------------]   \n"
                "  random         10/10 100%  p\n"
                "  round_robin     3/10  34%  p\n");
    const struct watch_view later = {lanes, 3, 1, 2, 1};
    progress_is(&later, 20, 3,
                "demo [#############\n"
                "  p2c     0/10   0%\n"); /* of those with room the one at work */
}

/* Of the cells of a sweep only the one at work. */
static void a_sweep_has_one_line(void **state)
{
    (void)state;
    const struct watch_view view = {lanes, 3, 3, 1, 0.5};
    progress_is(&view, 80, 24,
                "demo [##########----------]  50%  ETA 0:20\n"
                "  round_robin     3/10  34%  p99 35.5ms\n");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(each_policy_has_a_line),
    cmocka_unit_test(what_does_not_fit_is_cut),
    cmocka_unit_test(a_sweep_has_one_line),
};
TEST_MAIN(tests)
