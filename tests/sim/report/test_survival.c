/* SPDX-License-Identifier: GPL-3.0-or-later
   Verdicts counted over perturbations: the same, the contrary, neither, none. */
#include "sim/report/survival.h"

#include "tests/sim/report/replicated.h"

#include <string.h>

enum { RUNS = 10 };

/* A family of b against a, b being `factor` times a. */
static void with_family(double factor, void (*use)(void *, const struct compare_family *),
                        void *context)
{
    struct replicated measures = {0};
    struct compare_family family = {.margin = 0.02};
    double values[RUNS];
    for (int i = 0; i < RUNS; i++)
        values[i] = replicated_plain[i] * factor * (i % 2 ? 1 : 1.0001);
    struct measure *a = replicated_add(&measures, "a", replicated_plain, RUNS);
    struct measure *b = replicated_add(&measures, "b", values, RUNS);
    if (isnan(factor))
        b->note = "insufficient";
    compare_add(&family, a, b, true);
    compare_settle(&family);
    use(context, &family);
    compare_free(&family);
}

static void add(void *context, const struct compare_family *family)
{
    survival_add(context, family);
}

static void count_all(void *context, const struct compare_family *family)
{
    struct survival item = {.base = &family->items[0], .least = (double)INFINITY,
                            .most = -(double)INFINITY};
    struct survival_leader leaders[] = {{"p99", "b", 3}, {"p99", "a", 1}};
    struct survival_table table = {.what = "demo: policies against a", .share = 0.3, .times = 5,
                                   .overloaded = 1, .load_least = 0.4, .load_most = 1.1,
                                   .items = &item, .count = 1, .leaders = leaders,
                                   .leader_count = 2};
    const struct compare_family nobody = {0};
    (void)context;
    with_family(0.7, add, &table);
    with_family(0.9, add, &table);
    with_family(1, add, &table);
    with_family(1.2, add, &table);
    survival_add(&table, &nobody);
    assert_int_equal(item.lower, 2);
    assert_int_equal(item.neither, 1);
    assert_int_equal(item.higher, 1);
    assert_int_equal(item.missing, 1);
    assert_int_equal(item.same, 2);
    ASSERT_NEAR(item.least, 0.7, 1e-3);
    ASSERT_NEAR(item.most, 1.2, 1e-3);
    struct output *output = output_to_memory();
    size_t size;
    survival_render(&table, REPORT_TEXT, false, output);
    const char *text = output_memory(output, &size);
    const char *sizes = "5 perturbations, each rate, demand, speed and delay times 0.769 to 1.3; "
                        "offered load 40.0% to 110%, in 1 of them 100% or more\n";
    const char *const parts[] = {
        sizes, "demo: policies against a, perturbed\n", "p99     b       a        lower", " 40%\n",
        "among the best by p99: b in 3, a in 1\n"};
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
        if (strstr(text, parts[i]) == NULL)
            fail_msg("'%s' is missing in:\n%s", parts[i], text);
    output_close(output, false);
    output = output_to_memory();
    survival_render(&table, REPORT_CSV, false, output);
    text = output_memory(output, &size);
    assert_non_null(strstr(text, "\np99,all,b,a,ratio,lower,0.8"));
    assert_non_null(strstr(text, ",5,2,1,1,1,2,0.7"));
    output_close(output, false);
}

static void verdicts_are_counted(void **state)
{
    (void)state;
    with_family(0.8, count_all, NULL);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(verdicts_are_counted),
};

TEST_MAIN(tests)
