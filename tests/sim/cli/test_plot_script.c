/* SPDX-License-Identifier: GPL-3.0-or-later
   What gnuplot is told, and that names stay names. */
#include "sim/cli/plot_script.h"

#include "tests/test.h"

#include <string.h>

static void script_has(const struct chart *chart, enum plot_format format,
                       const char *const *expected)
{
    struct output *output = output_to_memory();
    size_t size;
    plot_script_write(chart, format, output);
    const char *script = output_memory(output, &size);
    for (; *expected != NULL; expected++)
        if (strstr(script, *expected) == NULL)
            fail_msg("expected %s\nfound %s", *expected, script);
    output_close(output, true);
}

/* Of what gnuplot acts upon in a line, within quotes or without, nothing is left. */
static void names_are_only_letters_and_numbers_to_gnuplot(void **state)
{
    (void)state;
    struct chart_point point = {1, 2, (double)NAN, 0.5};
    struct chart_series series = {.name = "';system('id');'\"`id`$(id)@x^_{y}\\n%d\n#ü\xff",
                                  .points = &point, .count = 1, .color = 3};
    static const char *const rows[] = {"100%"};
    const struct chart chart = {.name = "c", .title = "t", .caption = "a'b", .panel_count = 1,
                                .rows = rows, .row_count = 1, .series = &series,
                                .series_count = 1};
    script_has(&chart, PLOT_SVG,
               (const char *const[]){
                   "name[1] = \"\\047;system(\\047id\\047);\\047\\042\\140id\\140\\044(id)"
                   "\\100x\\136_\\173y\\175\\134n\\045d?\\043ü?\"\n",
                   "caption = \"a\\047b\"\n",
                   "row_name[1] = \"100\\045\\045\"\n", /* of a tick: a format */
                   "$data << END_OF_DATA\n1 2 NaN 0.5\n\n\nEND_OF_DATA\n",
                   "color[1] = 3\n", "array mark_at[1]\n", "marks = 0\n", NULL});
}

static void empty_charts_are_short(void **state)
{
    (void)state;
    const struct chart chart = {.name = "c", .title = "t", .caption = "d", .empty = "no data"};
    struct output *output = output_to_memory();
    size_t size;
    plot_script_write(&chart, PLOT_PNG, output);
    assert_string_equal(output_memory(output, &size),
                        "set encoding utf8\n"
                        "set terminal pngcairo size 1920,600 noenhanced font 'DejaVu Sans,10' "
                        "fontscale 2 linewidth 2 pointscale 2 dashlength 0.7\n"
                        "height = 300\ntitle = \"t\"\ncaption = \"d\"\nempty = \"no data\"\n");
    output_close(output, true);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(names_are_only_letters_and_numbers_to_gnuplot),
    cmocka_unit_test(empty_charts_are_short),
};
TEST_MAIN(tests)
