/* SPDX-License-Identifier: GPL-3.0-or-later
   Rows written and read back are the same rows, packed or not; logs with few columns get
   the stated defaults; each mistake is named with its line, column and remedy. */
#include "sim/trace/trace.h"
#include "sim/cli/trace_file.h"
#include "sim/engine/rng.h"
#include "tests/sim/trace/random_rows.h"
#include "tests/test.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEST_ROWS = 3000 };

struct test_trace {
    struct trace_row rows[TEST_ROWS];
    size_t count, begun, blocks;
    unsigned replication;
    struct roster *roster;
    size_t first[8]; /* row at which each replication began */
    unsigned numbers[8];
    struct roster *rosters[8];
};

struct test_folder {
    char name[32];
    char path[64], timeline[64];
};

static struct test_folder test_folder_make(const char *file)
{
    struct test_folder folder = {.name = "/tmp/lbsim-test-XXXXXX"};
    assert_non_null(mkdtemp(folder.name));
    snprintf(folder.path, sizeof folder.path, "%s/%s", folder.name, file);
    snprintf(folder.timeline, sizeof folder.timeline, "%s/timeline.csv", folder.name);
    return folder;
}

static void test_folder_remove(struct test_folder *folder)
{
    unlink(folder->path);
    unlink(folder->timeline);
    assert_int_equal(rmdir(folder->name), 0);
}

static void test_begin(void *context, unsigned replication, struct roster *roster)
{
    struct test_trace *trace = context;
    assert_true(trace->begun < 8);
    trace->first[trace->begun] = trace->count;
    trace->numbers[trace->begun] = replication;
    trace->rosters[trace->begun++] = roster;
}

static void test_take(void *context, const struct trace_row *rows, size_t count)
{
    struct test_trace *trace = context;
    assert_in_range(count, 1, TRACE_BLOCK_ROWS);
    assert_true(trace->count + count <= TEST_ROWS);
    assert_true(trace->begun > 0);
    memcpy(trace->rows + trace->count, rows, count * sizeof *rows);
    trace->count += count;
    trace->blocks++;
}

static struct trace_reading test_reading(struct test_trace *trace)
{
    memset(trace, 0, sizeof *trace);
    return (struct trace_reading){
        .begin = test_begin, .rows = test_take, .context = trace};
}

/* The first third is replication 1, the next 2, the last 7. */
static unsigned test_replication(size_t row)
{
    return row < TEST_ROWS / 3 ? 1 : row < 2 * TEST_ROWS / 3 ? 2 : 7;
}

static void test_write_plain(const char *path, const struct roster *roster,
                             const struct trace_row *rows)
{
    struct output *output = output_to_file(path);
    assert_non_null(output);
    trace_write_header(output);
    for (size_t third = 0; third < 3; third++) {
        size_t from = third * TEST_ROWS / 3;
        trace_write_rows(output, roster, test_replication(from), rows + from, TEST_ROWS / 3);
    }
    assert_int_equal(output_close(output, true), 0);
}

static void test_write_packed(const char *path, const struct roster *roster,
                              const struct trace_row *rows)
{
    struct trace_file *file = trace_file_open(path, 0);
    assert_non_null(file);
    for (size_t third = 0; third < 3; third++) {
        size_t from = third * TEST_ROWS / 3;
        trace_file_rows(file, roster, test_replication(from), rows + from, NULL,
                        TEST_ROWS / 3);
        trace_file_settle(file);
    }
    assert_int_equal(trace_file_close(file, true), 0);
}

static void test_assert_same(const struct roster *roster,
                             const struct trace_row *expected, const struct roster *other,
                             const struct trace_row *row)
{
    struct trace_row found = *row;
    assert_string_equal(other->clients[found.client], roster->clients[expected->client]);
    assert_int_equal(found.pod == ROW_NO_POD, expected->pod == ROW_NO_POD);
    if (found.pod != ROW_NO_POD)
        assert_string_equal(other->pods[found.pod].name,
                            roster->pods[expected->pod].name);
    found.client = expected->client;
    found.pod = expected->pod;
    assert_memory_equal(&found, expected, sizeof found);
}

typedef void test_write(const char *path, const struct roster *roster,
                        const struct trace_row *rows);

static void test_round_trip(const char *file, test_write *write)
{
    struct test_folder folder = test_folder_make(file);
    struct test_trace *trace = malloc(sizeof *trace);
    struct trace_row *rows = malloc(TEST_ROWS * sizeof *rows);
    struct roster roster;
    struct rng rng;
    random_roster(&roster);
    rng_open(&rng, 4, "rows", 0);
    for (size_t i = 0; i < TEST_ROWS; i++)
        rows[i] = random_row(&rng);
    rows[5].pod = RANDOM_PODS; /* the one of 256 quotes */
    write(folder.path, &roster, rows);
    struct trace_reading reading = test_reading(trace);
    if (!trace_read(folder.path, &reading))
        fail_msg("line %" PRIu64 ": %s", reading.error_line, reading.error);
    assert_false(reading.has_timeline);
    assert_int_equal(trace->count, TEST_ROWS);
    assert_int_equal(trace->begun, 3);
    for (size_t third = 0; third < 3; third++) {
        size_t from = third * TEST_ROWS / 3;
        assert_int_equal(trace->first[third], from);
        assert_int_equal(trace->numbers[third], test_replication(from));
        for (size_t i = from; i < from + TEST_ROWS / 3; i++)
            test_assert_same(&roster, &rows[i], trace->rosters[third], &trace->rows[i]);
    }
    trace_reading_free(&reading);
    roster_free(&roster);
    free(rows);
    free(trace);
    test_folder_remove(&folder);
}

static void rows_survive_a_plain_file(void **state)
{
    (void)state;
    test_round_trip("trace.csv", test_write_plain);
}

static void rows_survive_a_packed_file(void **state)
{
    (void)state;
    test_round_trip("trace.csv.zst", test_write_packed);
}

static void columns_are_documented(void **state)
{
    (void)state;
    size_t count = 0;
    for (; trace_column_at(count) != NULL; count++) {
        const struct trace_column *column = trace_column_at(count);
        assert_true(strlen(column->help) > 5);
        size_t size = strlen(column->name);
        bool is_time = size > 3 && strcmp(column->name + size - 3, "_ns") == 0;
        assert_string_equal(column->unit, is_time                             ? "ns"
                                          : strcmp(column->name, "size") == 0 ? "B"
                                                                              : "");
    }
    assert_int_equal(count, 22 + 20);
}

static void test_write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void a_foreign_log_gets_defaults(void **state)
{
    (void)state;
    struct test_folder folder = test_folder_make("log.csv");
    struct test_trace *trace = malloc(sizeof *trace);
    test_write_text(folder.path, "status,latency_ns,due_ns,pod\r\n200,50,1000,\r\n"
                                 "200,70,2000,10.0.0.1:80\r\n500,0,3000,\"a,b\"");
    struct trace_reading reading = test_reading(trace);
    if (!trace_read(folder.path, &reading))
        fail_msg("line %" PRIu64 ": %s", reading.error_line, reading.error);
    assert_int_equal(trace->count, 3);
    assert_int_equal(trace->numbers[0], 1);
    const struct roster *roster = trace->rosters[0];
    assert_int_equal(roster->client_count, 1);
    assert_string_equal(roster->clients[0], "all");
    assert_int_equal(roster->pod_count, 2);
    assert_string_equal(roster->pods[1].name, "a,b");
    assert_int_equal(roster_kind(roster, 0)->workers, 0);
    assert_true(roster->measure_begin == SIM_NEVER);
    struct trace_row expected = {.request = 1,
                                 .due = 2000,
                                 .sent = 2000,
                                 .received = 2000,
                                 .dispatched = 2000,
                                 .arrived = 2000,
                                 .started = 2000,
                                 .served = 2000,
                                 .ended = 2070,
                                 .phase = PHASE_MEASURE,
                                 .last = 1};
    assert_memory_equal(&trace->rows[1], &expected, sizeof expected);
    assert_int_equal(trace->rows[0].pod, ROW_NO_POD);
    trace_reading_free(&reading);
    free(trace);
    test_folder_remove(&folder);
}

/* Of a log that knows nothing else of its caches. */
static void caches_are_read_from_any_place(void **state)
{
    (void)state;
    static const unsigned expected[] = {LOOKUP_MISS, LOOKUP_NONE, LOOKUP_HIT, LOOKUP_NONE};
    struct test_folder folder = test_folder_make("log.csv");
    struct test_trace *trace = malloc(sizeof *trace);
    test_write_text(folder.path,
                    "cache,due_ns,latency_ns\nmiss,1,2\nnone,2,2\nhit,3,2\n,4,2\n");
    struct trace_reading reading = test_reading(trace);
    if (!trace_read(folder.path, &reading))
        fail_msg("line %" PRIu64 ": %s", reading.error_line, reading.error);
    assert_int_equal(trace->count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(trace->rows[i].cache, expected[i]);
    trace_reading_free(&reading);
    free(trace);
    test_folder_remove(&folder);
}

static void test_expect_error(const char *text, uint64_t line, const char *message)
{
    struct test_folder folder = test_folder_make("trace.csv");
    struct test_trace *trace = malloc(sizeof *trace);
    test_write_text(folder.path, text);
    struct trace_reading reading = test_reading(trace);
    assert_false(trace_read(folder.path, &reading));
    assert_string_equal(reading.error, message);
    assert_int_equal(reading.error_line, line);
    assert_string_equal(reading.error_path, folder.path);
    trace_reading_free(&reading);
    free(trace);
    test_folder_remove(&folder);
}

static void mistakes_are_named_with_line_column_and_remedy(void **state)
{
    (void)state;
    static const struct {
        const char *column, *value, *message;
    } cases[] = {
        {"key", "x1", "key \"x1\": expected a whole number up to 18446744073709551615"},
        {"attempt", "256", "attempt \"256\": expected a whole number up to 255"},
        {"balancer", "65536", "balancer \"65536\": expected a whole number up to 65535"},
        {"user", "-1", "user \"-1\": expected a whole number up to 4294967295"},
        {"last", "2", "last \"2\": expected a whole number up to 1"},
        {"queue_ns", "1.5",
         "queue_ns \"1.5\": expected a whole number of ns up to 1152921504606846976"},
        {"demand_ns", "1152921504606846977",
         "demand_ns \"1152921504606846977\": expected a whole number of ns up to "
         "1152921504606846976"},
        {"size", "1KB",
         "size \"1KB\": expected a whole number of B up to 18446744073709551615"},
        {"outcome", "fine",
         "outcome \"fine\": expected ok, rejected, timeout, overflow, "
         "queue_timeout, no_backend, "
                        "unfinished, refused, reset, error or cancelled"},
        {"phase", "Measure", "phase \"Measure\": expected warmup, measure or cooldown"},
        {"cache", "1", "cache \"1\": expected none, hit or miss"},
        {"pod", "a\x07",
         "pod \"a\\x07\": expected a name of up to 256 bytes in UTF-8 without "
         "control characters"},
        {"client", "\xff",
         "client \"\\xff\": expected a name of up to 256 bytes in UTF-8 "
         "without control characters"},
        {"replication", "0",
         "replication 0 after 0: replications count from 1, and the rows must be sorted "
         "by them"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[256];
        snprintf(text, sizeof text, "due_ns,latency_ns,%s\n1,2,\n\n1,2,%s\n",
                 cases[i].column, cases[i].value);
        if (strcmp(cases[i].column, "replication") == 0)
            snprintf(text, sizeof text, "due_ns,latency_ns,replication\n\n\n1,2,0\n");
        test_expect_error(text, 4, cases[i].message);
    }
}

static void traces_that_are_none_are_refused(void **state)
{
    (void)state;
    test_expect_error(
        "due_ns,key\n1,2\n", 1,
        "there is no column latency_ns in the header; a trace needs due_ns and "
        "latency_ns");
    test_expect_error("due_ns,latency_ns,due_ns\n", 1,
                      "the column due_ns is there twice");
    test_expect_error("due_ns,latency_ns\n1,2\n1\n", 3, "1 field where the header has 2");
    test_expect_error("due_ns,latency_ns\n1,\n", 2,
                      "latency_ns \"\": expected a whole number of ns up to "
                      "1152921504606846976");
    test_expect_error(
        "due_ns,latency_ns,replication\n1,2,2\n1,2,1\n", 3,
        "replication 1 after 2: replications count from 1, and the rows must be "
        "sorted by them");
    test_expect_error("", 0, "the file is empty: a header line was expected");
    struct trace_reading reading = {0};
    assert_false(trace_read("/tmp/lbsim-no-such-folder/trace.csv", &reading));
    assert_string_equal(reading.error, "cannot be read: no such file or directory");
    trace_reading_free(&reading);
}

static void too_many_client_groups_are_refused(void **state)
{
    (void)state;
    char *text = malloc(2000000);
    size_t size = (size_t)snprintf(text, 64, "due_ns,latency_ns,client\n");
    for (int i = 0; i < 65537; i++)
        size += (size_t)snprintf(text + size, 64, "1,2,c%d\n", i);
    struct test_folder folder = test_folder_make("trace.csv");
    test_write_text(folder.path, text);
    struct trace_reading reading = {0};
    assert_false(trace_read(folder.path, &reading));
    assert_int_equal(reading.error_line, 65538);
    assert_string_equal(reading.error,
                        "more than 65536 client groups; use fewer, and the "
                        "column user for the rest");
    trace_reading_free(&reading);
    test_folder_remove(&folder);
    free(text);
}

static void a_cut_trace_is_refused(void **state)
{
    (void)state;
    struct test_folder folder = test_folder_make("trace.csv.zst");
    struct roster roster;
    struct rng rng;
    random_roster(&roster);
    rng_open(&rng, 5, "rows", 0);
    struct trace_row *rows = malloc(TEST_ROWS * sizeof *rows);
    for (size_t i = 0; i < TEST_ROWS; i++)
        rows[i] = random_row(&rng);
    test_write_packed(folder.path, &roster, rows);
    assert_int_equal(truncate(folder.path, 100000), 0);
    struct trace_reading reading = {0};
    assert_false(trace_read(folder.path, &reading));
    assert_string_equal(reading.error,
                        "ends inside a zstd frame: the file was cut short");
    assert_true(reading.error_line > 1);
    trace_reading_free(&reading);
    roster_free(&roster);
    free(rows);
    test_folder_remove(&folder);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(rows_survive_a_plain_file),
    cmocka_unit_test(rows_survive_a_packed_file),
    cmocka_unit_test(columns_are_documented),
    cmocka_unit_test(a_foreign_log_gets_defaults),
    cmocka_unit_test(caches_are_read_from_any_place),
    cmocka_unit_test(mistakes_are_named_with_line_column_and_remedy),
    cmocka_unit_test(traces_that_are_none_are_refused),
    cmocka_unit_test(too_many_client_groups_are_refused),
    cmocka_unit_test(a_cut_trace_is_refused),
};

TEST_MAIN(tests)
