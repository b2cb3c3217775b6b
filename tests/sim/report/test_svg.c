/* SPDX-License-Identifier: GPL-3.0-or-later
   Where things are drawn. */
#include "sim/report/svg_part.h"

#include "tests/test.h"

#include <string.h>

static void svg_has(const struct chart *chart, const char *const *expected)
{
    struct output *output = output_to_memory();
    size_t size;
    svg_write(chart, output);
    const char *svg = output_memory(output, &size);
    for (; *expected != NULL; expected++)
        if (strstr(svg, *expected) == NULL)
            fail_msg("expected %s\nfound %s", *expected, svg);
    output_close(output, true);
}

static void places_are_linear_or_logarithmic(void **state)
{
    (void)state;
    const struct svg_frame frame = {100, 10, 400, 200};
    const struct chart_axis line = {.low = 0, .high = 10};
    const struct chart_axis logarithmic = {.low = 0.01, .high = 100, .log = true};
    ASSERT_NEAR(svg_x(&frame, &line, 2.5), 200, 1e-9);
    ASSERT_NEAR(svg_y(&frame, &line, 2.5), 160, 1e-9);
    ASSERT_NEAR(svg_x(&frame, &logarithmic, 1), 300, 1e-9);
    ASSERT_NEAR(svg_y(&frame, &logarithmic, 10), 60, 1e-9);
}

/* The pen leaves the paper where a value is unknown. */
static void curves_have_gaps(void **state)
{
    (void)state;
    struct chart_point points[] = {
        {0, 0, 0, 0}, {1, 10, 0, 0}, {2, (double)NAN, 0, 0}, {3, 10, 0, 0}, {4, 0, 0, 0}};
    struct chart_series series = {.name = "a<b", .points = points, .count = 5, .color = 1,
                                  .label_x = (double)NAN};
    struct chart chart = {.name = "c", .title = "t", .caption = "", .panel_count = 1,
                          .series = &series, .series_count = 1};
    chart.x = (struct chart_axis){.label = "x", .low = 0, .high = 4};
    chart.y[0] = (struct chart_axis){.label = "y", .low = 0, .high = 10};
    /* 64 to 772 across, 28 to 408 down */
    svg_has(&chart, (const char *const[]){
                        "<g class=\"series c1 d1\" data-series=\"1\">",
                        "d=\"M64.0 408.0L241.0 28.0M595.0 28.0L772.0 408.0\"><title>a&lt;b</title>",
                        "<title id=\"c-title\">t</title>", NULL});
}

/* A quarter of an axis from 0 to 4 beside a name of one character. */
static void bars_have_their_lengths(void **state)
{
    (void)state;
    static const char *const rows[] = {"a"}, *const notes[] = {"1"};
    struct chart_point point = {1, 0, 2, (double)NAN};
    struct chart_series series = {.name = "a", .points = &point, .count = 1};
    struct chart chart = {.name = "c", .title = "t", .caption = "", .panel_count = 1,
                          .shape = CHART_BULLET, .rows = rows, .notes = notes, .row_count = 1,
                          .series = &series, .series_count = 1};
    chart.x = (struct chart_axis){.label = "x", .low = 0, .high = 4, .figure = FIGURE_COUNT};
    /* 60 to 770: a quarter is 177.5, a half ends at 415 */
    svg_has(&chart, (const char *const[]){
                        "x=\"60.0\" y=\"13.0\" width=\"177.5\" height=\"16\"><title>a: 1</title>",
                        "<path class=\"tickmark\" d=\"M415.0 10.0L415.0 32.0\"/>", NULL});
}

/* Two columns of two rows, the lower two of one shade: one rectangle of the whole width. */
static void cells_of_a_shade_are_one_path(void **state)
{
    (void)state;
    struct chart_point points[] = {
        {1, 1, 1, 0}, {3, 1, 1, 0}, {1, 3, (double)NAN, 0}, {3, 3, 100, 0}};
    struct chart_series series = {.name = "a", .points = points, .count = 4};
    struct chart chart = {.name = "c", .title = "t", .caption = "", .panel_count = 1,
                          .shape = CHART_HEAT, .series = &series, .series_count = 1, .columns = 2};
    chart.panels[0] = "a&b";
    chart.x = (struct chart_axis){.label = "x", .low = 0, .high = 4};
    chart.y[0] = (struct chart_axis){.label = "y", .low = 0, .high = 4};
    chart.z = (struct chart_axis){.label = "requests", .low = 1, .high = 100, .log = true,
                                  .figure = FIGURE_COUNT};
    /* 64 to 772 across, 42 to 302 down */
    svg_has(&chart, (const char *const[]){
                        ">a&amp;b</text>",
                        "<path class=\"h0\" d=\"M64.0 172.0h708.0v130.0h-708.0z\"/>",
                        "<path class=\"h6\" d=\"M418.0 42.0h354.0v130.0h-354.0z\"/>",
                        ">52–100</text>", NULL});
}

/* In the middle of the frame, from a quarter to three quarters along both axes. */
static void points_have_bars_along_both_axes(void **state)
{
    (void)state;
    struct chart_point point = {2, 2, 1, 3};
    struct chart_range across = {1, 3};
    struct chart_series series = {.name = "a", .points = &point, .count = 1, .across = &across,
                                  .label_x = (double)NAN};
    struct chart chart = {.name = "c", .title = "t", .caption = "", .panel_count = 1,
                          .shape = CHART_POINTS, .series = &series, .series_count = 1};
    chart.x = (struct chart_axis){.label = "x", .low = 0, .high = 4, .figure = FIGURE_COUNT};
    chart.y[0] = (struct chart_axis){.label = "y", .low = 0, .high = 4, .figure = FIGURE_COUNT};
    /* 64 to 772 across, 14 to 354 down */
    svg_has(&chart, (const char *const[]){
                        "<path class=\"whisker\" d=\"M418.0 269.0L418.0 99.0\"/>",
                        "<path class=\"whisker\" d=\"M241.0 184.0L595.0 184.0\"/>",
                        "cx=\"418.0\" cy=\"184.0\" r=\"4.5\"><title>a: 2, 2</title>", NULL});
}

static void empty_charts_say_why(void **state)
{
    (void)state;
    const struct chart chart = {.name = "c", .title = "t", .empty = "no data: none"};
    svg_has(&chart, (const char *const[]){">no data: none</text>", NULL});
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(places_are_linear_or_logarithmic),
    cmocka_unit_test(curves_have_gaps),
    cmocka_unit_test(bars_have_their_lengths),
    cmocka_unit_test(cells_of_a_shade_are_one_path),
    cmocka_unit_test(points_have_bars_along_both_axes),
    cmocka_unit_test(empty_charts_say_why),
};
TEST_MAIN(tests)
