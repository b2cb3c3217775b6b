/* SPDX-License-Identifier: GPL-3.0-or-later
   Latencies in bands, and the table that they are stored in. */
#include "sim/report/heat.h"

#include "tests/test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void edges_are_round(void **state)
{
    (void)state;
    ASSERT_NEAR(heat_edge(0), 1e-9, 1e-20);
    ASSERT_NEAR(heat_edge(1), 1.15e-9, 1e-20);
    ASSERT_NEAR(heat_edge(6 * 16), 1e-3, 0);
    ASSERT_NEAR(heat_edge(6 * 16 + 15), 8.66e-3, 0);
    for (size_t band = 0; band < 200; band++) /* 10 to the 1/16 is 1.1548 */
        ASSERT_NEAR(heat_edge(band + 1) / heat_edge(band), 1.1548, 0.012);
}

static void requests_fall_into_their_bands(void **state)
{
    (void)state;
    struct histogram histogram;
    struct arena arena = {0};
    histogram_init(&histogram);
    struct heat none = heat_of(&histogram, &arena);
    assert_int_equal(none.count, 0);
    histogram_add(&histogram, SIM_MILLISECOND);            /* from 1.00 ms: band 96 */
    histogram_add(&histogram, 1140 * SIM_MICROSECOND);     /* below 1.15 ms: the same */
    histogram_add(&histogram, 1160 * SIM_MICROSECOND);     /* 97 */
    histogram_add(&histogram, 20 * SIM_MILLISECOND);       /* from 17.8 ms: 96 + 16 + 4 */
    histogram_add(&histogram, 20 * SIM_MILLISECOND);
    struct heat heat = heat_of(&histogram, &arena);
    assert_int_equal(heat.first, 96);
    assert_int_equal(heat.count, 21);
    assert_int_equal(heat.counts[0], 2);
    assert_int_equal(heat.counts[1], 1);
    assert_int_equal(heat.counts[2], 0);
    assert_int_equal(heat.counts[20], 2);
    histogram_clear(&histogram);
    histogram_add(&histogram, 0);
    heat = heat_of(&histogram, &arena);
    assert_int_equal(heat.first, 0);
    assert_int_equal(heat.counts[0], 1);
    histogram_free(&histogram);
    arena_free(&arena);
}

/* Writes a table, or a text, to a new file. */
static void heat_save(char *path, const struct heat *heats, size_t count, const char *text)
{
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    close(descriptor);
    struct output *output = output_to_file(path);
    assert_non_null(output);
    if (text != NULL)
        output_text(output, text);
    else
        heat_write(heats, count, "demo", output);
    assert_int_equal(output_close(output, true), 0);
}

static void a_file_gives_the_same_again(void **state)
{
    (void)state;
    static const uint64_t early[] = {3, 0, 1}, late[] = {7};
    const struct heat heats[] = {{"=p", 0, 0.5, 96, 3, early}, {"=p", 0.5, 1, 0, 0, NULL},
                                 {"q", 0, 0.5, 99, 1, late}};
    struct arena arena = {0};
    struct heat *found;
    size_t count;
    char message[256], path[] = "/tmp/lbsim-heat-XXXXXX";
    heat_save(path, heats, 3, NULL);
    assert_true(heat_read(path, &arena, &found, &count, message, sizeof message));
    assert_int_equal(count, 3);
    for (size_t i = 0; i < 3; i++) { /* all with the bands 96 to 99 */
        assert_string_equal(found[i].policy, heats[i].policy);
        ASSERT_NEAR(found[i].from, heats[i].from, 0);
        ASSERT_NEAR(found[i].to, heats[i].to, 0);
        assert_int_equal(found[i].first, 96);
        assert_int_equal(found[i].count, 4);
    }
    assert_int_equal(found[0].counts[0], 3);
    assert_int_equal(found[0].counts[2], 1);
    assert_int_equal(found[1].counts[0], 0);
    assert_int_equal(found[2].counts[3], 7);
    free(found);
    unlink(path);
    arena_free(&arena);
}

static void other_tables_are_refused(void **state)
{
    (void)state;
    static const char *const tables[][2] = {
        {"scenario,policy,from_s\n", "line 1: not the columns of heatmap.csv"},
        {"scenario,policy,from_s,to_s,0.0011\n", "line 1: not the columns of heatmap.csv"},
        {"scenario,policy,from_s,to_s,0.001,0.00133\n", "line 1: not the columns of heatmap.csv"},
        {"scenario,policy,from_s,to_s,0.001\na,b,0,1,x\n",
         "line 2: from, to or a number of requests is no such number"},
        {"scenario,policy,from_s,to_s,0.001\na,b,1,1,0\n",
         "line 2: from, to or a number of requests is no such number"},
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        struct arena arena = {0};
        struct heat *found;
        size_t count;
        char message[256], path[] = "/tmp/lbsim-heat-XXXXXX";
        heat_save(path, NULL, 0, tables[i][0]);
        assert_false(heat_read(path, &arena, &found, &count, message, sizeof message));
        assert_string_equal(message, tables[i][1]);
        unlink(path);
        arena_free(&arena);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(edges_are_round),
    cmocka_unit_test(requests_fall_into_their_bands),
    cmocka_unit_test(a_file_gives_the_same_again),
    cmocka_unit_test(other_tables_are_refused),
};
TEST_MAIN(tests)
