/* SPDX-License-Identifier: GPL-3.0-or-later
   Rows written and read back are the same rows, packed or not; logs with few columns get
   the stated defaults; each mistake is named with its line, column and remedy. */
#include "sim/trace/trace.h"
#include "sim/engine/rng.h"
#include "tests/test.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEST_ROWS = 3000, TEST_PODS = 20, TEST_CLIENTS = 5 };

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

/* Zero often, small often, now and then the largest there is. */
static sim_time test_duration(struct rng *rng)
{
    uint64_t draw = rng_next(rng);
    if (draw % 4 == 0)
        return 0;
    return draw % 101 == 0 ? SIM_LONGEST : (sim_time)((draw >> 8) >> (8 + draw % 48));
}

static uint64_t test_number(struct rng *rng, uint64_t limit)
{
    uint64_t draw = rng_next(rng);
    return draw % 3 == 0 ? 0 : draw % 17 == 0 ? limit : (draw >> draw % 60) & limit;
}

static struct trace_row test_random_row(struct rng *rng)
{
    struct trace_row row;
    memset(&row, 0, sizeof row);
    row.request = test_number(rng, UINT64_MAX);
    row.key = test_number(rng, UINT64_MAX);
    row.size = test_number(rng, UINT64_MAX);
    row.demand = test_duration(rng);
    row.due = test_duration(rng);
    row.sent = row.due + test_duration(rng);
    row.received = row.sent + test_duration(rng);
    row.dispatched = row.received + test_duration(rng);
    row.arrived = row.dispatched + test_duration(rng);
    row.started = row.arrived + test_duration(rng);
    row.served = row.started + test_duration(rng);
    row.ended = row.due + test_duration(rng); /* before served where a client gave up */
    row.user = (uint32_t)test_number(rng, UINT32_MAX);
    row.pod = rng_next(rng) % 9 == 0 ? ROW_NO_POD : (uint32_t)(rng_next(rng) % TEST_PODS);
    row.client = (uint16_t)(rng_next(rng) % TEST_CLIENTS);
    row.balancer = (uint16_t)test_number(rng, UINT16_MAX);
    row.attempt = (uint8_t)test_number(rng, UINT8_MAX);
    row.outcome = (uint8_t)(rng_next(rng) % OUTCOME_COUNT);
    row.phase = (uint8_t)(rng_next(rng) % PHASE_COUNT);
    row.last = rng_next(rng) % 2 > 0;
    row.cache = (unsigned)rng_below(rng, LOOKUP_COUNT) & 3;
    return row;
}

static void test_fill_roster(struct roster *roster)
{
    static const char *const odd[] = {"plain",    "with,comma", "with \"quotes\"",
                                      " blanks ", "=1+1",       "\xc3\xa9t\xc3\xa9"};
    char name[ROSTER_NAME_BYTES + 1];
    roster_init(roster);
    for (int i = 0; i < TEST_CLIENTS; i++)
        roster_client(roster, odd[i]);
    for (int i = 0; i < TEST_PODS; i++) {
        snprintf(name, sizeof name, "%s-%d", odd[i % 6], i);
        roster_pod(roster, name);
    }
    memset(name, '"', ROSTER_NAME_BYTES);
    name[ROSTER_NAME_BYTES] = '\0';
    roster_pod(roster, name);
}

/* The first third is replication 1, the next 2, the last 7. */
static unsigned test_replication(size_t row)
{
    return row < TEST_ROWS / 3 ? 1 : row < 2 * TEST_ROWS / 3 ? 2 : 7;
}

static void test_write(const char *path, bool compress, const struct roster *roster,
                       const struct trace_row *rows)
{
    struct output *output = output_to_file(path, compress);
    assert_non_null(output);
    trace_write_header(output);
    for (size_t third = 0; third < 3; third++) {
        size_t from = third * TEST_ROWS / 3, to = from + TEST_ROWS / 3;
        for (size_t size; from < to; from += size) {
            size = to - from < 250 ? to - from : 250;
            trace_write_rows(output, roster, test_replication(from), rows + from, size);
        }
    }
    assert_int_equal(output_close(output, true), 0);
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

static void test_round_trip(const char *file, bool compress)
{
    struct test_folder folder = test_folder_make(file);
    struct test_trace *trace = malloc(sizeof *trace);
    struct trace_row *rows = malloc(TEST_ROWS * sizeof *rows);
    struct roster roster;
    struct rng rng;
    test_fill_roster(&roster);
    rng_open(&rng, 4, "rows", 0);
    for (size_t i = 0; i < TEST_ROWS; i++)
        rows[i] = test_random_row(&rng);
    rows[5].pod = TEST_PODS; /* the one of 256 quotes */
    test_write(folder.path, compress, &roster, rows);
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
    test_round_trip("trace.csv", false);
}

static void rows_survive_a_packed_file(void **state)
{
    (void)state;
    test_round_trip("trace.csv.zst", true);
}

static void a_line_is_what_the_columns_say(void **state)
{
    (void)state;
    struct roster roster;
    roster_init(&roster);
    roster_client(&roster, "web");
    roster_pod(&roster, "fast-1");
    struct trace_row row = {.request = 3,
                            .key = 9,
                            .demand = 40,
                            .due = 100,
                            .sent = 101,
                            .received = 103,
                            .dispatched = 106,
                            .arrived = 110,
                            .started = 115,
                            .served = 155,
                            .ended = 160,
                            .size = 512,
                            .user = 7,
                            .balancer = 2,
                            .attempt = 1,
                            .outcome = OUTCOME_TIMEOUT,
                            .phase = PHASE_COOLDOWN,
                            .last = 1,
                            .cache = LOOKUP_HIT};
    struct output *output = output_to_memory();
    trace_write_header(output);
    trace_write_rows(output, &roster, 2, &row, 1);
    row.cache = LOOKUP_MISS;
    trace_write_rows(output, &roster, 2, &row, 1);
    row.pod = ROW_NO_POD;
    row.cache = LOOKUP_NONE;
    row.last = 0;
    trace_write_rows(output, &roster, 2, &row, 1);
    assert_string_equal(
        output_memory(output, NULL),
        "replication,request,attempt,client,user,key,size,demand_ns,due_ns,latency_ns,"
        "client_ns,to_balancer_ns,balancer_ns,to_pod_ns,queue_ns,service_ns,balancer,pod,"
        "outcome,phase,last,cache\n"
        "2,3,1,web,7,9,512,40,100,60,1,2,3,4,5,40,2,fast-1,timeout,cooldown,1,hit\n"
        "2,3,1,web,7,9,512,40,100,60,1,2,3,4,5,40,2,fast-1,timeout,cooldown,1,miss\n"
        "2,3,1,web,7,9,512,40,100,60,1,2,3,4,5,40,2,,timeout,cooldown,0,none\n");
    output_close(output, true);
    roster_free(&roster);
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
    test_fill_roster(&roster);
    rng_open(&rng, 5, "rows", 0);
    struct trace_row *rows = malloc(TEST_ROWS * sizeof *rows);
    for (size_t i = 0; i < TEST_ROWS; i++)
        rows[i] = test_random_row(&rng);
    test_write(folder.path, true, &roster, rows);
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
    cmocka_unit_test(a_line_is_what_the_columns_say),
    cmocka_unit_test(columns_are_documented),
    cmocka_unit_test(a_foreign_log_gets_defaults),
    cmocka_unit_test(caches_are_read_from_any_place),
    cmocka_unit_test(mistakes_are_named_with_line_column_and_remedy),
    cmocka_unit_test(traces_that_are_none_are_refused),
    cmocka_unit_test(too_many_client_groups_are_refused),
    cmocka_unit_test(a_cut_trace_is_refused),
};

TEST_MAIN(tests)
