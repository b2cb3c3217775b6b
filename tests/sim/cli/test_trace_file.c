/* SPDX-License-Identifier: GPL-3.0-or-later
   A trace has the same bytes however its rows came and whichever thread was faster; a disk
   that is full is said; what is not kept leaves nothing. */
#include "sim/cli/trace_file.h"
#include "sim/engine/rng.h"
#include "tests/test.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEST_ROWS = 20000, TEST_PATH_ROOM = 64, TEST_FILE_ROOM = 4000000 };

struct test_run {
    struct trace_row rows[TEST_ROWS];
    struct trace_hops hops[TEST_ROWS];
    size_t seen;
    bool hopped;    /* hops are handed on */
    bool is_tiered; /* and written */
};

struct test_bytes {
    char *bytes;
    size_t size;
};

static struct test_run *test_run_make(bool hopped, bool is_tiered)
{
    struct test_run *run = calloc(1, sizeof *run);
    struct rng rng;
    rng_open(&rng, 2, "rows", 0);
    sim_time due = 0;
    for (size_t i = 0; i < TEST_ROWS; i++) {
        struct trace_row *row = &run->rows[i];
        due += (sim_time)rng_below(&rng, 100000);
        sim_time wait = (sim_time)rng_below(&rng, 3) * 1234567;
        *row = (struct trace_row){.request = i, .demand = (sim_time)rng_below(&rng, 100000000)};
        row->due = row->sent = row->received = row->dispatched = row->arrived = due;
        row->started = due + wait;
        row->served = row->ended = row->started + row->demand;
        row->pod = (uint32_t)rng_below(&rng, i < 5000 ? 2 : 40);
        row->last = 1;
        run->hops[i].there[0] = hopped ? (sim_time)rng_below(&rng, 500) : 0;
    }
    run->hopped = hopped;
    run->is_tiered = is_tiered;
    return run;
}

/* Pods join while the rows are written, so that their names move. */
static void test_roster_fill(struct roster *roster, size_t pods)
{
    while (roster->pod_count < pods) {
        char name[16];
        snprintf(name, sizeof name, "pod-%zu", roster->pod_count);
        roster_new_pod(roster, name);
    }
}

/* As two replications of half the rows each, every portion of up to `most` rows. */
static int test_write(const char *path, const struct test_run *run, size_t most, bool keep)
{
    struct trace_file *file = trace_file_open(path, run->is_tiered ? 1 : 0);
    assert_non_null(file);
    struct rng rng;
    rng_open(&rng, most, "portions", 0);
    for (size_t at = 0; at < TEST_ROWS;) {
        size_t end = at < TEST_ROWS / 2 ? TEST_ROWS / 2 : TEST_ROWS;
        unsigned replication = at < TEST_ROWS / 2 ? 1 : 2;
        struct roster roster;
        roster_init(&roster);
        roster_client(&roster, "all");
        if (run->is_tiered)
            roster_tier(&roster, "edge", 1);
        while (at < end) {
            size_t count = 1 + (size_t)rng_below(&rng, most);
            count = count < end - at ? count : end - at;
            test_roster_fill(&roster, at + count <= 5000 ? 2 : 40);
            trace_file_rows(file, &roster, replication, run->rows + at,
                            run->hopped ? run->hops + at : NULL, count);
            at += count;
        }
        trace_file_settle(file);
        roster_free(&roster);
    }
    return trace_file_close(file, keep);
}

static struct test_bytes test_bytes_of(const char *path)
{
    struct test_bytes found = {.bytes = malloc(TEST_FILE_ROOM)};
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    found.size = fread(found.bytes, 1, TEST_FILE_ROOM, file);
    fclose(file);
    return found;
}

static void test_path(char path[TEST_PATH_ROOM])
{
    snprintf(path, TEST_PATH_ROOM, "/tmp/lbsim-trace-XXXXXX");
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    close(descriptor);
}

static void the_bytes_depend_on_the_rows_alone(void **state)
{
    (void)state;
    static const size_t portions[] = {64, 1, 7, 1000, 5000, 64, 64};
    char path[TEST_PATH_ROOM];
    test_path(path);
    struct test_run *run = test_run_make(false, false);
    struct test_bytes first = {0};
    for (size_t i = 0; i < sizeof portions / sizeof portions[0]; i++) {
        assert_int_equal(test_write(path, run, portions[i], true), 0);
        struct test_bytes again = test_bytes_of(path);
        if (i == 0) {
            first = again;
            continue;
        }
        assert_int_equal(again.size, first.size);
        assert_memory_equal(again.bytes, first.bytes, first.size);
        free(again.bytes);
    }
    free(first.bytes);
    free(run);
    unlink(path);
}

static void test_see(void *context, const struct trace_row *rows, const struct trace_hops *hops,
                     size_t count)
{
    struct test_run *run = context;
    assert_true(run->seen + count <= TEST_ROWS);
    for (size_t i = 0; i < count; i++, run->seen++) {
        struct trace_row row = rows[i], expected = run->rows[run->seen];
        row.pod = expected.pod = 0; /* numbered in the order of the file */
        assert_memory_equal(&row, &expected, sizeof row);
        if (hops != NULL)
            assert_int_equal(hops[i].there[0], run->hops[run->seen].there[0]);
    }
}

static void test_see_rows(void *context, const struct trace_row *rows, size_t count)
{
    test_see(context, rows, NULL, count);
}

static void rows_and_hops_come_back(void **state)
{
    (void)state;
    for (int kind = 0; kind < 3; kind++) {
        char path[TEST_PATH_ROOM];
        test_path(path);
        struct test_run *run = test_run_make(kind > 0, kind > 1);
        assert_int_equal(test_write(path, run, 64, true), 0);
        struct trace_reading reading = {
            .rows = test_see_rows, .hopped = kind > 1 ? test_see : NULL, .context = run};
        if (!trace_read(path, &reading))
            fail_msg("line %" PRIu64 ": %s", reading.error_line, reading.error);
        assert_int_equal(run->seen, TEST_ROWS);
        trace_reading_free(&reading);
        free(run);
        unlink(path);
    }
}

static void a_trace_without_rows_is_its_header(void **state)
{
    (void)state;
    char path[TEST_PATH_ROOM];
    test_path(path);
    struct trace_file *file = trace_file_open(path, 0);
    trace_file_settle(file);
    assert_int_equal(trace_file_close(file, true), 0);
    struct test_run *run = test_run_make(false, false);
    struct trace_reading reading = {.rows = test_see_rows, .context = run};
    assert_true(trace_read(path, &reading));
    assert_int_equal(run->seen, 0);
    trace_reading_free(&reading);
    free(run);
    unlink(path);
}

static void what_cannot_be_written_is_said(void **state)
{
    (void)state;
    struct test_run *run = test_run_make(false, false);
    assert_int_equal(test_write("/dev/full", run, 64, true), ENOSPC);
    assert_null(trace_file_open("/tmp", 0));
    assert_int_equal(errno, EISDIR);
    free(run);
}

static void what_is_not_kept_leaves_the_old_one(void **state)
{
    (void)state;
    char path[TEST_PATH_ROOM];
    test_path(path);
    struct test_run *run = test_run_make(false, false);
    assert_int_equal(test_write(path, run, 64, false), 0);
    struct test_bytes found = test_bytes_of(path);
    assert_int_equal(found.size, 0);
    free(found.bytes);
    free(run);
    unlink(path);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_bytes_depend_on_the_rows_alone),
    cmocka_unit_test(rows_and_hops_come_back),
    cmocka_unit_test(a_trace_without_rows_is_its_header),
    cmocka_unit_test(what_cannot_be_written_is_said),
    cmocka_unit_test(what_is_not_kept_leaves_the_old_one),
};

TEST_MAIN(tests)
