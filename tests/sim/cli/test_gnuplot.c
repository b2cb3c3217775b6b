/* SPDX-License-Identifier: GPL-3.0-or-later
   One run of gnuplot: a picture, a mistake, and a machine without it. */
#include "sim/cli/gnuplot.h"

#include "tests/test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const gnuplot_path = "/tmp/lbsim-gnuplot-test.svg";

static enum gnuplot_result gnuplot_try(const char *script, char *message)
{
    unlink(gnuplot_path);
    message[0] = '\0';
    return gnuplot_run(script, strlen(script), gnuplot_path, message, 256);
}

static bool gnuplot_is_here(void)
{
    return system("gnuplot --version >/dev/null 2>&1") == 0;
}

static void a_script_becomes_a_picture(void **state)
{
    (void)state;
    char message[256], begin[32] = "";
    if (!gnuplot_is_here())
        skip();
    enum gnuplot_result result = gnuplot_try("set terminal svg\nplot x\n", message);
    assert_string_equal(message, "");
    assert_int_equal(result, GNUPLOT_FINE);
    FILE *file = fopen(gnuplot_path, "rb");
    assert_non_null(file);
    assert_non_null(fgets(begin, sizeof(begin), file));
    assert_memory_equal(begin, "<?xml", 5);
    fclose(file);
    unlink(gnuplot_path);
}

static void mistakes_are_told_in_one_line(void **state)
{
    (void)state;
    char message[256];
    if (!gnuplot_is_here())
        skip();
    assert_int_equal(gnuplot_try("set terminal svg\nplot 1 +* 2\n", message), GNUPLOT_FAILED);
    assert_memory_equal(message, "gnuplot: ", 9);
    assert_null(strchr(message, '\n'));
    assert_int_equal(gnuplot_try("set terminal svg\n", message), GNUPLOT_FAILED);
    assert_string_equal(message, "gnuplot: it did not say why");
    assert_int_not_equal(access(gnuplot_path, F_OK), 0);
}

static void its_absence_is_told(void **state)
{
    (void)state;
    char message[256], *path = getenv("PATH"), *kept = strdup(path ? path : "");
    setenv("PATH", "/nowhere", 1);
    enum gnuplot_result result = gnuplot_try("plot x\n", message);
    setenv("PATH", kept, 1);
    free(kept);
    assert_int_equal(result, GNUPLOT_ABSENT);
    assert_string_equal(message, "gnuplot is not installed");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_script_becomes_a_picture),
    cmocka_unit_test(mistakes_are_told_in_one_line),
    cmocka_unit_test(its_absence_is_told),
};
TEST_MAIN(tests)
