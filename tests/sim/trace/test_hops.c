/* SPDX-License-Identifier: GPL-3.0-or-later
   Hops as columns: those of the tiers that there are, written and read back the same; a trace
   without them hands on rows alone. */
#include "sim/trace/trace.h"
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct test_seen {
    struct trace_hops hops[4];
    size_t hopped, plain;
};

static void test_hopped(void *context, const struct trace_row *rows,
                        const struct trace_hops *hops, size_t count)
{
    struct test_seen *seen = context;
    assert_non_null(rows);
    assert_true(seen->hopped + count <= 4);
    memcpy(&seen->hops[seen->hopped], hops, count * sizeof *hops);
    seen->hopped += count;
}

static void test_plain(void *context, const struct trace_row *rows, size_t count)
{
    assert_non_null(rows);
    ((struct test_seen *)context)->plain += count;
}

static void test_roster(struct roster *roster, size_t tiers)
{
    roster_init(roster);
    roster_client(roster, "web");
    for (size_t i = 0; i < tiers; i++)
        roster_tier(roster, "tier", 3);
}

static struct trace_hops test_all(void)
{
    return (struct trace_hops){.connect = 1,
                               .there = {2, 3, 4, 5, 6},
                               .back = {7, 8, 9, 10, SIM_LONGEST},
                               .inside = {11, 12, 13, 14},
                               .instances = {15, 16, 17, UINT16_MAX},
                               .reached = 5};
}

static void lines_have_the_tiers_that_there_are(void **state)
{
    (void)state;
    const struct trace_hops hops = test_all();
    const struct trace_row row = {.pod = ROW_NO_POD};
    static const char *const heads[] = {
        ",cache,connect_ns,tiers,to_tier1_ns,from_tier1_ns\n",
        ",cache,connect_ns,tiers,to_tier1_ns,from_tier1_ns,tier1,tier1_ns,to_tier2_ns,"
        "from_tier2_ns\n"};
    static const char *const tails[] = {",none,1,5,2,7\n", ",none,1,5,2,7,15,11,3,8\n"};
    for (size_t tiers = 1; tiers <= 2; tiers++) {
        struct roster roster;
        test_roster(&roster, tiers);
        struct output *output = output_to_memory();
        trace_write_header_hopped(output, tiers);
        assert_non_null(strstr(output_memory(output, NULL), heads[tiers - 1]));
        trace_write_hopped(output, &roster, 1, &row, &hops, 1);
        assert_non_null(strstr(output_memory(output, NULL), tails[tiers - 1]));
        output_close(output, true);
        roster_free(&roster);
    }
}

static struct test_seen test_read(const struct roster *roster, const struct trace_hops *hops)
{
    const struct trace_row row = {.pod = ROW_NO_POD};
    char path[] = "/tmp/lbsim-hops-XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    close(descriptor);
    struct output *output = output_to_file(path);
    trace_write_header_hopped(output, hops != NULL ? roster->tier_count : 0);
    trace_write_hopped(output, roster, 1, &row, hops, 1);
    assert_int_equal(output_close(output, true), 0);
    struct test_seen seen = {0};
    struct trace_reading reading = {
        .rows = test_plain, .hopped = test_hopped, .context = &seen};
    if (!trace_read(path, &reading))
        fail_msg("line %d: %s", (int)reading.error_line, reading.error);
    trace_reading_free(&reading);
    unlink(path);
    return seen;
}

static void hops_come_back(void **state)
{
    (void)state;
    const struct trace_hops hops = test_all();
    struct roster roster;
    test_roster(&roster, HOPS_TIERS_MAX);
    struct test_seen seen = test_read(&roster, &hops);
    assert_int_equal(seen.hopped, 1);
    assert_int_equal(seen.plain, 0);
    assert_int_equal(seen.hops[0].connect, hops.connect);
    assert_int_equal(seen.hops[0].reached, hops.reached);
    assert_memory_equal(seen.hops[0].there, hops.there, sizeof hops.there);
    assert_memory_equal(seen.hops[0].back, hops.back, sizeof hops.back);
    assert_memory_equal(seen.hops[0].inside, hops.inside, sizeof hops.inside);
    assert_memory_equal(seen.hops[0].instances, hops.instances, sizeof hops.instances);
    roster_free(&roster);
}

static void without_hops_there_are_rows(void **state)
{
    (void)state;
    struct roster roster;
    test_roster(&roster, 2);
    struct test_seen seen = test_read(&roster, NULL);
    assert_int_equal(seen.hopped, 0);
    assert_int_equal(seen.plain, 1);
    roster_free(&roster);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(lines_have_the_tiers_that_there_are),
    cmocka_unit_test(hops_come_back),
    cmocka_unit_test(without_hops_there_are_rows),
};

TEST_MAIN(tests)
