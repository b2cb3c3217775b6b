/* SPDX-License-Identifier: GPL-3.0-or-later
   Values of replications, written and read back. */
#include "sim/report/replications.h"

#include "tests/sim/report/replicated.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[64];

static int open_file(void **state)
{
    (void)state;
    strcpy(path, "/tmp/lbsim-replications-XXXXXX");
    int descriptor = mkstemp(path);
    return descriptor < 0 ? -1 : close(descriptor);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static void write_text(const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static struct replicated two_measures(const double *first, const double *second)
{
    struct replicated measures = {0};
    replicated_add(&measures, "a", first, 2);
    replicated_add(&measures, "b,c", second, 2)->scope = "client web";
    return measures;
}

static const char expected[] =
    "scenario,policy,scope,metric,unit,replication,value\n"
    "demo,a,all,p99,s,1,0.1\n"
    "demo,a,all,p99,s,2,\n"
    "demo,\"b,c\",client web,p99,s,1,3\n"
    "demo,\"b,c\",client web,p99,s,2,1e-09\n";

static const double first[] = {0.1, NAN}, second[] = {3, 1e-9};

static void values_are_written_in_order(void **state)
{
    (void)state;
    struct replicated measures = two_measures(first, second);
    replicated_add(&measures, "a", first, 2)->scope = "change 1"; /* left out, as is this */
    struct measure *window = replicated_add(&measures, "a", first, 2);
    window->scope = "window 0s..2s";
    window->metric = "arrival_rate";
    window = replicated_add(&measures, "a", first, 2);
    window->scope = "window 0s..2s";
    window->value = NAN;
    replicated_add(&measures, "a", NULL, 0)->scope = "pod a-0";
    struct output *output = output_to_memory();
    replications_write(&measures.report, "demo", output);
    size_t size;
    assert_string_equal(output_memory(output, &size), expected);
    output_close(output, false);
}

static void values_are_read_back(void **state)
{
    (void)state;
    struct replicated measures = two_measures(NULL, NULL);
    for (int i = 0; i < 2; i++)
        measures.items[i].value_count = 0;
    measures.report.measures = measures.items;
    char message[256];
    uint64_t line;
    write_text(expected);
    assert_true(replications_read(path, &measures.report, &line, message, sizeof message));
    assert_int_equal(measures.items[0].value_count, 2);
    ASSERT_NEAR(measures.items[0].values[0], 0.1, 0);
    assert_true(isnan(measures.items[0].values[1]));
    ASSERT_NEAR(measures.items[1].values[1], 1e-9, 0);
    arena_free(&measures.report.arena);
}

static void check_refused(const char *text, uint64_t at, const char *word)
{
    struct replicated measures = two_measures(first, second);
    measures.report.measures = measures.items;
    char message[256];
    uint64_t line = 0;
    write_text(text);
    assert_false(replications_read(path, &measures.report, &line, message, sizeof message));
    assert_int_equal(line, at);
    if (strstr(message, word) == NULL)
        fail_msg("found '%s', expected '%s'", message, word);
    arena_free(&measures.report.arena);
}

#define HEAD "scenario,policy,scope,metric,unit,replication,value\n"

static void odd_files_are_refused(void **state)
{
    (void)state;
    check_refused("a,b,c\n1,2,3\n", 1, "columns");
    check_refused(HEAD "demo,z,all,p99,s,1,0.1\n", 2, "does not have");
    check_refused(HEAD "demo,a,all,p99,s,2,0.1\n", 2, "not in order");
    check_refused(HEAD "demo,a,all,p99,s,1,0.1\ndemo,a,all,p99,s,2,much\n", 3, "not a number");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(values_are_written_in_order),
    cmocka_unit_test(values_are_read_back),
    cmocka_unit_test(odd_files_are_refused),
};

int main(void)
{
    return cmocka_run_group_tests(tests, open_file, remove_file) != 0;
}
