/* SPDX-License-Identifier: GPL-3.0-or-later
   Thinned distributions: few points, the right shape, the same after a file. */
#include "sim/report/curve.h"

#include "tests/test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void curve_of_nothing_has_no_points(void **state)
{
    (void)state;
    struct histogram histogram;
    struct arena arena = {0};
    histogram_init(&histogram);
    struct curve curve = curve_of(&histogram, "p", "all", &arena);
    assert_int_equal(curve.count, 0);
    assert_int_equal(curve_total(&curve), 0);
    assert_true(isnan(curve_quantile(&curve, 0.5)));
    histogram_free(&histogram);
    arena_free(&arena);
}

/* One value: all above its least, none above its largest. */
static void curve_of_one_value_is_a_step(void **state)
{
    (void)state;
    struct histogram histogram;
    struct arena arena = {0};
    histogram_init(&histogram);
    for (int i = 0; i < 7; i++)
        histogram_add(&histogram, 5 * SIM_MILLISECOND);
    struct curve curve = curve_of(&histogram, "p", "all", &arena);
    assert_int_equal(curve.count, 2);
    assert_int_equal(curve.points[0].above, 7);
    assert_int_equal(curve.points[1].above, 0);
    ASSERT_NEAR(curve.points[0].latency, 0.005, 1e-12);
    ASSERT_NEAR(curve_quantile(&curve, 0.99), 0.005, 1e-12);
    histogram_free(&histogram);
    arena_free(&arena);
}

/* 1 … 1 000 000 us, each once: latency x has 1e6 - x above it.  Interpolated between points
   that are 2 % apart, a straight line stays one. */
static void curve_follows_a_line_with_few_points(void **state)
{
    (void)state;
    enum { COUNT = 1000000 };
    struct histogram histogram;
    struct arena arena = {0};
    histogram_init(&histogram);
    for (int i = 1; i <= COUNT; i++)
        histogram_add(&histogram, i * SIM_MICROSECOND);
    struct curve curve = curve_of(&histogram, "p", "all", &arena);
    assert_in_range(curve.count, 300, 2000);
    assert_int_equal(curve_total(&curve), COUNT);
    for (size_t i = 1; i < curve.count; i++) {
        assert_true(curve.points[i].above <= curve.points[i - 1].above);
        assert_true(curve.points[i].latency >= curve.points[i - 1].latency);
        ASSERT_NEAR(curve.points[i].above, COUNT - 1e6 * curve.points[i].latency, 1500);
    }
    assert_int_equal(curve.points[curve.count - 1].above, 0);
    ASSERT_NEAR(curve_quantile(&curve, 0.5), 0.5, 0.001);
    ASSERT_NEAR(curve_quantile(&curve, 0.999), 0.999, 0.001);
    histogram_free(&histogram);
    arena_free(&arena);
}

/* 9900 answers near 1 ms and 100 given up at 1 s: the wall at 1 s starts at 1 %. */
static void curve_has_an_upright_wall_at_a_timeout(void **state)
{
    (void)state;
    struct histogram histogram;
    struct arena arena = {0};
    histogram_init(&histogram);
    for (int i = 0; i < 9900; i++)
        histogram_add(&histogram, SIM_MILLISECOND + i);
    for (int i = 0; i < 100; i++)
        histogram_add(&histogram, SIM_SECOND);
    struct curve curve = curve_of(&histogram, "p", "all", &arena);
    struct curve_point foot = curve.points[curve.count - 1], top = curve.points[curve.count - 2];
    assert_int_equal(foot.above, 0);
    assert_int_equal(top.above, 100);
    ASSERT_NEAR(top.latency, 1, 0.002);
    ASSERT_NEAR(foot.latency, 1, 0.002);
    histogram_free(&histogram);
    arena_free(&arena);
}

static char *curve_text(const struct curve *curves, size_t count)
{
    struct output *output = output_to_memory();
    size_t size;
    curve_write(curves, count, "demo", output);
    char *text = strdup(output_memory(output, &size));
    output_close(output, false);
    return text;
}

static void curve_save(char *path, const char *text)
{
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    assert_true(write(descriptor, text, strlen(text)) == (ssize_t)strlen(text));
    close(descriptor);
}

static void curve_reads_what_it_wrote(void **state)
{
    (void)state;
    static const struct curve_point a[] = {{0.001, 10}, {0.25, 3}, {1.5, 0}};
    static const struct curve_point b[] = {{0.0001, 2}, {0.0002, 0}};
    const struct curve curves[] = {
        {"=1+1", "all", a, 3}, {"x,\"y\"", "all", b, 2}, {"x,\"y\"", "client @w", b, 2}};
    char *text = curve_text(curves, 3), path[] = "/tmp/lbsim-curve-XXXXXX", message[128];
    assert_non_null(strstr(text, "demo,'=1+1,all,0.25,0.3,3\n"));
    curve_save(path, text);
    struct arena arena = {0};
    struct curve *found = NULL;
    size_t count = 0;
    assert_true(curve_read(path, &arena, &found, &count, message, sizeof(message)));
    char *again = curve_text(found, count);
    assert_string_equal(again, text);
    free(again);
    free(text);
    free(found);
    arena_free(&arena);
    unlink(path);
}

static void curve_refuses_other_files(void **state)
{
    (void)state;
    static const char head[] = "scenario,policy,scope,latency_s,share_above,above\n";
    static const char *const texts[][2] = {
        {"a,b\n1,2\n", "line 1: not the columns of latency.csv"},
        {"s,p,all,x,1,3\n", "line 2: latency_s or above is not a number"},
        {"s,p,all,0.5,1,\n", "line 2: latency_s or above is not a number"},
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        char path[] = "/tmp/lbsim-curve-XXXXXX", message[128], whole[256];
        struct arena arena = {0};
        struct curve *found = NULL;
        size_t count = 0;
        snprintf(whole, sizeof(whole), "%s%s", i > 0 ? head : "", texts[i][0]);
        curve_save(path, whole);
        assert_false(curve_read(path, &arena, &found, &count, message, sizeof(message)));
        assert_string_equal(message, texts[i][1]);
        arena_free(&arena);
        unlink(path);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(curve_of_nothing_has_no_points),
    cmocka_unit_test(curve_of_one_value_is_a_step),
    cmocka_unit_test(curve_follows_a_line_with_few_points),
    cmocka_unit_test(curve_has_an_upright_wall_at_a_timeout),
    cmocka_unit_test(curve_reads_what_it_wrote),
    cmocka_unit_test(curve_refuses_other_files),
};
TEST_MAIN(tests)
