/* SPDX-License-Identifier: GPL-3.0-or-later
   The cells of a sweep: their order, tables, and sweep.csv there and back. */
#include "sim/report/grid.h"

#include "sim/report/chart_part.h"
#include "tests/sim/report/measures.h"
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CELLS = 4 };

static const char *const rates[] = {"300/s", "600/s"}, *const counts[] = {"2", "=3"};
static const struct grid_axis axes[] = {{"clients.web.arrivals.poisson.rate", "rate", rates, 2},
                                        {"pods.0.count", "count", counts, 2}};
static const char *const nothing[] = {NULL}, *const note[] = {"late", NULL};

/* p99 of a in cell i is 10 ms (i + 1), of b there is none in the last; load is 0.2 (i + 1). */
static void with_grid(void (*use)(const struct grid *grid))
{
    struct report reports[CELLS] = {0};
    struct grid_cell cells[CELLS];
    for (int i = 0; i < CELLS; i++) {
        measures_add(&reports[i], "a", "all", "p99", 0.01 * (i + 1), 0.001);
        measures_add(&reports[i], "a", "pod pod-0", "p99", 1, 0.001);
        measures_add(&reports[i], "b", "all", "p99", i == 3 ? NAN : 0.02, 0.001);
        measures_add(&reports[i], "b", "all", "mean", 0.005, 0.001);
        reports[i].replications = reports[i].fewest = 10;
        cells[i] = (struct grid_cell){&reports[i], 0.2 * (i + 1), i == 1 ? note : nothing};
    }
    struct grid grid = {.scenario = "demo", .version = "1", .seed = 4, .axes = axes,
                        .axis_count = 2, .cells = cells, .cell_count = CELLS};
    use(&grid);
    for (int i = 0; i < CELLS; i++)
        free(reports[i].measures);
}

static void render_has(const struct grid *grid, enum report_format format,
                       const char *const *parts)
{
    struct output *output = output_to_memory();
    size_t size;
    grid_render(grid, format, false, output);
    for (; *parts != NULL; parts++)
        if (strstr(output_memory(output, &size), *parts) == NULL)
            fail_msg("'%s' is missing in:\n%s", *parts, output_memory(output, &size));
    output_close(output, false);
}

static void use_tables(const struct grid *grid)
{
    char title[64];
    grid_title(grid, 2, title, sizeof(title));
    assert_string_equal(title, "rate=600/s, count=2");
    render_has(grid, REPORT_TEXT,
               (const char *const[]){"4 cells, 10 replications, seed 4\n",
                                     "p99 by clients.web.arrivals.poisson.rate, pods.0.count\n",
                                     "the evidence is too thin", "rate=300/s, count==3: late\n",
                                     NULL});
    render_has(grid, REPORT_JSON,
               (const char *const[]){"\"schema\": \"lbsim.sweep/1\"", "\"pods.0.count\"", NULL});
}

static void cells_are_rows(void **state)
{
    (void)state;
    with_grid(use_tables);
}

static void use_file(const struct grid *grid)
{
    char path[] = "/tmp/lbsim-grid-XXXXXX", message[256];
    int descriptor = mkstemp(path);
    struct output *output = output_to_descriptor(descriptor, path);
    grid_render(grid, REPORT_CSV, false, output);
    assert_int_equal(output_close(output, true), 0);
    close(descriptor);
    struct arena arena = {0};
    struct grid_points points;
    bool fine = grid_read(path, &arena, &points, message, sizeof(message));
    unlink(path);
    assert_true(fine);
    assert_string_equal(points.scenario, "demo");
    assert_string_equal(points.path, axes[0].path);
    assert_int_equal(points.count, 3 * CELLS); /* without the pod's */
    const struct grid_point *point = &points.items[9];
    assert_string_equal(point->policy, "a");
    assert_string_equal(point->first, "600/s");
    assert_string_equal(point->others, "count='=3");
    ASSERT_NEAR(point->load, 0.8, 1e-12);
    ASSERT_NEAR(point->value, 0.04, 1e-12);
    ASSERT_NEAR(point->high, 0.041, 1e-12);
    assert_true(isnan(points.items[10].value));
    struct report_heading heading = {.scenario = "demo"};
    const struct report empty = {0};
    struct chart_source source = {.report = &empty, .heading = &heading, .sweep = &points};
    struct chart chart = {.panel_count = 1};
    chart_sweep_fill(&chart, &source);
    assert_null(chart.empty);
    /* p99 of a and b for each count, then the means of b */
    assert_int_equal(chart.series_count, 6);
    assert_int_equal(chart.series[0].count, 2);
    ASSERT_NEAR(chart.series[0].points[0].x, 0.2, 1e-12);
    ASSERT_NEAR(chart.series[0].points[1].x, 0.6, 1e-12);
    ASSERT_NEAR(chart.series[0].points[1].y, 0.03, 1e-12);
    chart_free(&chart);
    free(points.items);
    arena_free(&arena);
}

static void sweep_csv_reads_back_and_is_drawn(void **state)
{
    (void)state;
    with_grid(use_file);
}

static void charts_without_a_sweep_say_so(void **state)
{
    (void)state;
    struct chart chart = {.panel_count = 1};
    const struct report empty = {0};
    struct report_heading heading = {.scenario = "demo"};
    struct chart_source source = {.report = &empty, .heading = &heading};
    chart_sweep_fill(&chart, &source);
    assert_non_null(strstr(chart.empty, "only a sweep"));
    chart_free(&chart);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(cells_are_rows),
    cmocka_unit_test(sweep_csv_reads_back_and_is_drawn),
    cmocka_unit_test(charts_without_a_sweep_say_so),
};

TEST_MAIN(tests)
