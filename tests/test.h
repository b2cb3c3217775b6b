/* SPDX-License-Identifier: GPL-3.0-or-later
   What every test program includes: cmocka, assertions that print both values in full, and
   a main whose exit status is 0 or 1. */
#ifndef TESTS_TEST_H
#define TESTS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>

/* |found - expected| <= tolerance, absolute; prints all three otherwise. */
#define ASSERT_NEAR(found, expected, tolerance) \
    test_near((double)(found), (double)(expected), (double)(tolerance), #found, __FILE__, \
              __LINE__)

static inline void test_near(double found, double expected, double tolerance,
                             const char *what, const char *file, int line)
{
    if (fabs(found - expected) <= tolerance)
        return;
    print_error("%s: found %.17g, expected %.17g within %.3g\n", what, found, expected,
                tolerance);
    _fail(file, line);
}

/* cmocka returns the number of failures, which wraps at 256. */
#define TEST_MAIN(tests) \
    int main(void) \
    { \
        return cmocka_run_group_tests(tests, NULL, NULL) != 0; \
    }

#endif
