/* SPDX-License-Identifier: GPL-3.0-or-later
   Values of a file are drawn alike, and a file that has no such values is refused. */
#include "tests/sim/engine/dist_test.h"

#include <unistd.h>

/* Writes `text` to a file and binds an empirical distribution to its column. */
static bool test_dist_empirical(struct arena *arena, const char *text, const char *column,
                                struct param_kind *dist, char *message)
{
    const struct test_dist_setting unit[] = {{"unit", 1000}, {NULL, 0}};
    char path[] = "/tmp/test_dist_XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    size_t size = strlen(text);
    assert_int_equal(write(descriptor, text, size), size);
    close(descriptor);
    *dist = test_dist_make(arena, "empirical", unit);
    const char *name = path;
    char *config = dist->config;
    const struct param *params = dist->kind->params;
    memcpy(config + test_dist_param(params, "file")->offset, &name, sizeof(name));
    memcpy(config + test_dist_param(params, "column")->offset, &column, sizeof(column));
    bool good = test_dist_check(dist, arena, message, 256);
    unlink(path);
    name = NULL;
    memcpy(config + test_dist_param(params, "file")->offset, &name, sizeof(name));
    return good;
}

static void empirical_draws_each_value_alike(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct param_kind dist;
    char message[256];
    if (!test_dist_empirical(&arena, "name,took\na,1\nb,2.5\nc,1e1\nd,1\ne,0\n", "took", &dist,
                             message))
        fail_msg("%s", message);
    ASSERT_NEAR(dist_mean(&dist), 2900, 1e-9);
    ASSERT_NEAR(dist_variance(&dist), (2 * 1.9 * 1.9 + 0.16 + 50.41 + 8.41) / 5 * 1e6, 1e-6);
    test_dist_assert_order(&dist);
    assert_int_equal(test_dist_hash(&dist), UINT64_C(0x8550ab51bac5197b));
    const double values[] = {0, 1000, 2500, 10000};
    const double n = TEST_DIST_DRAWS, expected[] = {n / 5, 2 * n / 5, n / 5, n / 5};
    double counts[4] = {0};
    for (int i = 0; i < TEST_DIST_DRAWS; i++)
        for (int j = 0; j < 4; j++)
            counts[j] += test_dist_values[i] == values[j];
    ASSERT_NEAR(counts[0] + counts[1] + counts[2] + counts[3], n, 0);
    law_assert_counts(counts, expected, 4);
    arena_free(&arena);
}

static void empirical_refuses_what_is_no_quantity(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"a,took\n1,2\n1,x\n", ":3: 'x' in column 'took'"},
        {"a,took\n1,-2\n", ":2: '-2' in column 'took'"},
        {"a,took\n1,nan\n", ":2: 'nan' in column 'took'"},
        {"a,took\n1,inf\n", ":2: 'inf' in column 'took'"},
        {"a,took\n1,1e999\n", ":2: '1e999' in column 'took'"},
        {"a,took\n1,0x10\n", ":2: '0x10' in column 'took'"},
        {"a,took\n1,\n", ":2: '' in column 'took'"},
        {"a,took\n1,1.2.3\n", ":2: '1.2.3' in column 'took'"},
        {"a,took\n", ": no values in column 'took'"},
        {"a,b\n1,2\n", ":1: no column 'took'; there is a, b"},
        {"a,took\n1\n", ":2: "},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct param_kind dist;
        char message[256];
        assert_false(test_dist_empirical(&arena, rows[i].text, "took", &dist, message));
        if (strstr(message, rows[i].message) == NULL)
            fail_msg("found \"%s\", expected it to have \"%s\"", message, rows[i].message);
    }
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(empirical_draws_each_value_alike),
    cmocka_unit_test(empirical_refuses_what_is_no_quantity),
};

TEST_MAIN(tests)
