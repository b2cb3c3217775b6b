/* SPDX-License-Identifier: GPL-3.0-or-later
   A roster written as a timeline comes back the same, number by number, for the replication
   that it belongs to; events of later versions do no harm. */
#include "sim/trace/trace.h"
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct test_seen {
    unsigned replications[4];
    struct roster *rosters[4];
    size_t count;
};

struct test_folder {
    char name[32], path[64], timeline[64];
};

static void test_begin(void *context, unsigned replication, struct roster *roster)
{
    struct test_seen *seen = context;
    assert_true(seen->count < 4);
    seen->replications[seen->count] = replication;
    seen->rosters[seen->count++] = roster;
}

static void test_write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static struct test_folder test_folder_make(const char *trace, const char *timeline)
{
    struct test_folder folder = {.name = "/tmp/lbsim-test-XXXXXX"};
    assert_non_null(mkdtemp(folder.name));
    snprintf(folder.path, sizeof folder.path, "%s/trace.csv", folder.name);
    snprintf(folder.timeline, sizeof folder.timeline, "%s/timeline.csv", folder.name);
    test_write_text(folder.path, trace);
    test_write_text(folder.timeline, timeline);
    return folder;
}

static void test_folder_remove(struct test_folder *folder)
{
    unlink(folder->path);
    unlink(folder->timeline);
    assert_int_equal(rmdir(folder->name), 0);
}

static void test_fill_roster(struct roster *roster)
{
    roster_init(roster);
    roster_client(roster, "web");
    roster_client(roster, "batch");
    roster->measure_begin = 500;
    roster->measure_end = 9000;
    static const struct {
        const char *name;
        struct roster_kind kind;
        struct roster_life life;
    } pods[] = {
        {"late", {"slow", "eu,1", 0.1, 2.5, 4}, {700, SIM_NEVER, 300, SIM_NEVER, true}},
        {"first", {"fast", "", 1, 1, 1}, {0, 800, 0, 950, false}},
        {"never", {"fast", "", 3, 0, 0}, {SIM_NEVER, SIM_NEVER, SIM_NEVER, SIM_NEVER, false}},
        {"gone", {"fast", "", 1, 1, 1}, {0, 600, SIM_NEVER, SIM_NEVER, false}},
    };
    for (size_t i = 0; i < 4; i++) {
        uint32_t place = roster_pod(roster, pods[i].name);
        roster_set_kind(roster, place, &pods[i].kind);
        *roster_own_life(roster, place) = pods[i].life;
    }
    static const struct roster_change changes[] = {
        {600, ROSTER_WEIGHT, 1, 0.25},
        {600, ROSTER_DOWN, 1, 0},
        {900, ROSTER_UP, 1, 0},
        {600, ROSTER_WEIGHT, 0, 7},
    };
    for (size_t i = 0; i < 4; i++)
        roster_change(roster, changes[i]);
    roster_fault(roster, 2, "hang of late");
    roster_fault(roster, 0, "crash of first, from 550s");
    roster->guards = 2;
    roster_place(roster, 1, "eu,1");
    roster_place(roster, 3, "us");
    roster_home(roster, 1, "eu,1");
    roster_site(roster, 600, "eu,1", false);
    roster_site(roster, 900, "eu,1", true);
    roster_tier(roster, "edge", 3);
    roster_tier(roster, "proxy", 65535);
    roster_tier_size(roster, 1, 0, 2);
    roster_tier_size(roster, 1, 600, 3);
    roster->cut = 8000;
    static const struct roster_moment moments[] = {
        {600, ROSTER_AVOIDED, 1, 1},      {550, ROSTER_FAULT_BEGINS, 1, 0},
        {600, ROSTER_FAULT_ENDS, 1, 0},   {850, ROSTER_TRUSTED, 1, 1},
        {600, ROSTER_FAULT_BEGINS, 0, 2},
    };
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++)
        roster_moment(roster, moments[i]);
}

static const char test_timeline[] =
    "replication,at_ns,event,subject,group,zone,workers,speed,weight,fault,balancer\n"
    "3,0,client_added,web,,,,,,,\n"
    "3,0,client_added,batch,,\"eu,1\",,,,,\n"
    "3,700,pod_added,late,slow,\"eu,1\",4,0.1,2.5,,\n"
    "3,0,pod_added,first,fast,,1,1,1,,\n"
    "3,,pod_added,never,fast,,0,3,0,,\n"
    "3,0,pod_added,gone,fast,,1,1,1,,\n"
    "3,0,fault,\"crash of first, from 550s\",,,,,,1,\n"
    "3,0,fault,,,,,,,2,\n"
    "3,0,fault,hang of late,,,,,,3,\n"
    "3,0,guards,,,,,,,,2\n"
    "3,0,balancer_placed,,,\"eu,1\",,,,,1\n"
    "3,0,balancer_placed,,,us,,,,,3\n"
    "3,0,tier,edge,,,,,,,3\n"
    "3,0,tier,proxy,,,,,,,65535\n"
    "3,0,tier_size,proxy,,,,,,,2\n"
    "3,300,pod_created,late,,,,,,,\n"
    "3,300,pod_scaled,late,,,,,,,\n"
    "3,500,measure_begin,,,,,,,,\n"
    "3,550,fault_begins,first,,,,,,1,\n"
    "3,600,pod_removed,gone,,,,,,,\n"
    "3,600,pod_weight,first,,,,,0.25,,\n"
    "3,600,pod_down,first,,,,,,,\n"
    "3,600,pod_weight,late,,,,,7,,\n"
    "3,600,pod_avoided,first,,,,,,,1\n"
    "3,600,fault_ends,first,,,,,,1,\n"
    "3,600,fault_begins,late,,,,,,3,\n"
    "3,600,site_down,\"eu,1\",,,,,,,\n"
    "3,600,tier_size,proxy,,,,,,,3\n"
    "3,800,pod_removed,first,,,,,,,\n"
    "3,850,pod_trusted,first,,,,,,,1\n"
    "3,900,pod_up,first,,,,,,,\n"
    "3,900,site_up,\"eu,1\",,,,,,,\n"
    "3,950,pod_ended,first,,,,,,,\n"
    "3,8000,cut,,,,,,,,\n"
    "3,9000,measure_end,,,,,,,,\n";

static void a_timeline_is_what_the_roster_says(void **state)
{
    (void)state;
    struct roster roster;
    test_fill_roster(&roster);
    struct output *output = output_to_memory();
    timeline_write_header(output);
    timeline_write(output, &roster, 3);
    assert_string_equal(output_memory(output, NULL), test_timeline);
    output_close(output, true);
    roster_free(&roster);
}

/* Zones, sites and tiers. */
static void test_assert_same_places(const struct roster *found, const struct roster *expected)
{
    assert_int_equal(found->place_count, expected->place_count);
    for (size_t i = 0; i < found->place_count; i++)
        assert_string_equal(found->places[i], expected->places[i]);
    assert_int_equal(found->home_count, expected->home_count);
    for (size_t i = 0; i < found->home_count; i++)
        assert_string_equal(found->homes[i], expected->homes[i]);
    assert_int_equal(found->site_count, expected->site_count);
    for (size_t i = 0; i < found->site_count; i++) {
        assert_int_equal(found->sites[i].at, expected->sites[i].at);
        assert_string_equal(found->sites[i].zone, expected->sites[i].zone);
        assert_int_equal(found->sites[i].is_up, expected->sites[i].is_up);
    }
    assert_int_equal(found->tier_count, expected->tier_count);
    for (size_t i = 0; i < found->tier_count; i++) {
        assert_string_equal(found->tiers[i].name, expected->tiers[i].name);
        assert_int_equal(found->tiers[i].count, expected->tiers[i].count);
        assert_int_equal(found->tiers[i].size_count, expected->tiers[i].size_count);
        for (size_t k = 0; k < found->tiers[i].size_count; k++) {
            assert_int_equal(found->tiers[i].sizes[k].at, expected->tiers[i].sizes[k].at);
            assert_int_equal(found->tiers[i].sizes[k].count, expected->tiers[i].sizes[k].count);
        }
    }
}

static void test_assert_same(const struct roster *found, const struct roster *expected)
{
    assert_int_equal(found->client_count, expected->client_count);
    for (size_t i = 0; i < found->client_count; i++)
        assert_string_equal(found->clients[i], expected->clients[i]);
    assert_int_equal(found->pod_count, expected->pod_count);
    for (size_t i = 0; i < found->pod_count; i++) {
        assert_string_equal(found->pods[i].name, expected->pods[i].name);
        const struct roster_kind *a = roster_kind(found, i), *b = roster_kind(expected, i);
        assert_string_equal(a->group, b->group);
        assert_string_equal(a->zone, b->zone);
        ASSERT_NEAR(a->speed, b->speed, 0);
        ASSERT_NEAR(a->weight, b->weight, 0);
        assert_int_equal(a->workers, b->workers);
        const struct roster_life *c = roster_life(found, i), *d = roster_life(expected, i);
        assert_int_equal(c->joined, d->joined);
        assert_int_equal(c->left, d->left);
        assert_int_equal(c->ended, d->ended);
        assert_int_equal(c->is_scaled, d->is_scaled);
    }
    static const size_t sorted[] = {0, 1, 3, 2}; /* by time, else as they were */
    assert_int_equal(found->change_count, expected->change_count);
    for (size_t i = 0; i < found->change_count; i++) {
        const struct roster_change *a = &found->changes[i], *b = &expected->changes[sorted[i]];
        assert_int_equal(a->at, b->at);
        assert_int_equal(a->event, b->event);
        assert_int_equal(a->pod, b->pod);
        if (a->event == ROSTER_WEIGHT)
            ASSERT_NEAR(a->weight, b->weight, 0);
    }
    assert_int_equal(found->moment_count, expected->moment_count);
    for (size_t i = 0; i < found->moment_count; i++) {
        const struct roster_moment *a = &found->moments[i], *b = &expected->moments[i];
        assert_int_equal(a->at, b->at);
        assert_int_equal(a->kind, b->kind);
        assert_int_equal(a->pod, b->pod);
        assert_int_equal(a->number, b->number);
    }
    assert_int_equal(found->fault_count, expected->fault_count);
    for (size_t i = 0; i < found->fault_count; i++)
        assert_string_equal(found->faults[i], expected->faults[i]);
    assert_int_equal(found->guards, expected->guards);
    test_assert_same_places(found, expected);
    assert_int_equal(found->cut, expected->cut);
    assert_int_equal(found->measure_begin, expected->measure_begin);
    assert_int_equal(found->measure_end, expected->measure_end);
}

static void a_roster_survives_for_its_replication(void **state)
{
    (void)state;
    struct roster roster;
    test_fill_roster(&roster);
    struct test_folder folder = test_folder_make(
        "due_ns,latency_ns,replication,pod,client\n1,2,1,x,other\n1,2,3,gone,batch\n",
        test_timeline);
    struct test_seen seen = {0};
    struct trace_reading reading = {.begin = test_begin, .context = &seen};
    if (!trace_read(folder.path, &reading))
        fail_msg("line %d: %s", (int)reading.error_line, reading.error);
    assert_true(reading.has_timeline);
    assert_int_equal(seen.count, 2);
    assert_int_equal(seen.replications[0], 1);
    assert_int_equal(seen.rosters[0]->pod_count, 1);
    assert_string_equal(seen.rosters[0]->pods[0].name, "x");
    assert_int_equal(seen.replications[1], 3);
    test_assert_same(seen.rosters[1], &roster);
    trace_reading_free(&reading);
    roster_free(&roster);
    test_folder_remove(&folder);
}

static void pods_that_were_never_made_are_not_told_of(void **state)
{
    (void)state;
    struct roster roster;
    roster_init(&roster);
    uint32_t place = roster_pod(&roster, "spare");
    roster_own_life(&roster, place)->joined = SIM_NEVER;
    roster_own_life(&roster, place)->is_scaled = true;
    struct output *output = output_to_memory();
    timeline_write(output, &roster, 1);
    assert_string_equal(output_memory(output, NULL), "");
    output_close(output, true);
    roster_free(&roster);
}

static void unknown_events_and_columns_do_no_harm(void **state)
{
    (void)state;
    struct test_folder folder =
        test_folder_make("due_ns,latency_ns,pod\n1,2,b\n",
                         "event,subject,colour,at_ns\nfault_begin,,red,what?\n"
                         "pod_added,a,blue,5\npod_removed,a,,7\npod_added,a,,9\n");
    struct test_seen seen = {0};
    struct trace_reading reading = {.begin = test_begin, .context = &seen};
    if (!trace_read(folder.path, &reading))
        fail_msg("line %d: %s", (int)reading.error_line, reading.error);
    assert_int_equal(seen.replications[0], 1);
    const struct roster *roster = seen.rosters[0];
    assert_int_equal(roster->pod_count, 2);
    assert_string_equal(roster->pods[0].name, "a");
    assert_int_equal(roster_life(roster, 0)->joined, 5); /* it came back */
    assert_true(roster_life(roster, 0)->left == SIM_NEVER);
    assert_int_equal(roster->change_count, 2); /* as if it had been down in between */
    assert_int_equal(roster->changes[0].at, 7);
    assert_int_equal(roster->changes[0].event, ROSTER_DOWN);
    assert_int_equal(roster->changes[1].at, 9);
    assert_int_equal(roster->changes[1].event, ROSTER_UP);
    assert_string_equal(roster->pods[1].name, "b");
    trace_reading_free(&reading);
    test_folder_remove(&folder);
}

static void mistakes_are_the_timelines_own(void **state)
{
    (void)state;
    static const struct {
        const char *timeline;
        uint64_t line;
        const char *message;
    } cases[] = {
        {"at_ns,subject\n", 1,
         "there is no column \"event\" in the header; a timeline needs one"},
        {"event,subject,at_ns\npod_added,a,-1\n", 2,
         "at_ns \"-1\": expected a whole number up to 1152921504606846976"},
        {"event,subject\n\npod_added,\n", 3,
         "subject \"\": expected a name of 1 to 256 bytes in UTF-8 without control "
         "characters"},
        {"event,subject,speed\npod_added,a,fast\n", 2,
         "speed \"fast\": expected a number of at least 0"},
        {"event,subject,fault\nfault_begins,a,100001\n", 2,
         "fault \"100001\": expected a whole number up to 100000"},
        {"event,subject,workers\npod_added,a,4294967296\n", 2,
         "workers \"4294967296\": expected a whole number up to 4294967295"},
        {"event,subject\npod_added\n", 2, "1 field where the header has 2"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct test_folder folder =
            test_folder_make("due_ns,latency_ns\n1,2\n", cases[i].timeline);
        struct trace_reading reading = {0};
        assert_false(trace_read(folder.path, &reading));
        assert_string_equal(reading.error, cases[i].message);
        assert_int_equal(reading.error_line, cases[i].line);
        assert_string_equal(reading.error_path, folder.timeline);
        trace_reading_free(&reading);
        test_folder_remove(&folder);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_timeline_is_what_the_roster_says),
    cmocka_unit_test(a_roster_survives_for_its_replication),
    cmocka_unit_test(pods_that_were_never_made_are_not_told_of),
    cmocka_unit_test(unknown_events_and_columns_do_no_harm),
    cmocka_unit_test(mistakes_are_the_timelines_own),
};

TEST_MAIN(tests)
