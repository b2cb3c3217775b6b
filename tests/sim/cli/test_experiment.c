/* SPDX-License-Identifier: GPL-3.0-or-later
   Trials on several threads give what one thread gives; a stop loses nothing that was done. */
#include "sim/cli/experiment.h"
#include "sim/cli/load.h"
#include "sim/cli/trace_report.h"
#include "sim/cli/folder.h"
#include "sim/engine/check.h"
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { REPLICATIONS = 3, POLICIES = 3 };

static const char text[] =
    "version: 1\n"
    "name: small\n"
    "run: {duration: 1s, warmup: 100ms, replications: 3, seed: 5}\n"
    "clients:\n"
    "  - {arrivals: {poisson: {rate: 300/s}}, demand: {exponential: {mean: 5ms}}}\n"
    "pods:\n"
    "  - {name: pod, count: 3}\n"
    "balancers:\n"
    "  - policy: [random, p2c, round_robin]\n"
    "    count: 2\n"
    "    health_check: {interval: 20ms, timeout: 10ms, fall: 2, rise: 2}\n"
    "    retry: {envoy: {per_try_timeout: 500ms}}\n"
    "    hedge: {after: {after: 10ms, cancel: true}}\n"
    "faults:\n"
    "  - {kind: crash, on: pod-0, from: 300ms, to: 600ms}\n"
    "  - {kind: pause, up: {exponential: {mean: 100ms}}, lasts: 15ms}\n"
    "membership:\n"
    "  - {at: 700ms, add: {pods: pod, count: 1}}\n";

struct trial_run {
    struct arena arena;
    struct report report;
    struct experiment_policy policies[POLICIES];
    atomic_bool stop;
    int progress_calls;
};

static char path[] = "/tmp/lbsim-experiment-XXXXXX";
static char *trace_folder;
static int *rule; /* of extend_unevenly; NULL: no rule */

static bool extend_unevenly(void *context, const struct report *report, uint64_t *wanted);

static int write_scenario(void **state)
{
    (void)state;
    int descriptor = mkstemp(path);
    ssize_t written = write(descriptor, text, strlen(text));
    close(descriptor);
    return written == (ssize_t)strlen(text) ? 0 : -1;
}

static int remove_scenario(void **state)
{
    (void)state;
    return unlink(path);
}

static void note_progress(void *context, const struct watch_view *view)
{
    struct trial_run *run = context;
    assert_int_equal(view->count, POLICIES);
    assert_in_range(view->at, 0, POLICIES - 1);
    assert_true(view->share >= 0 && view->share <= 1);
    for (size_t i = 0; i < view->count; i++) {
        assert_non_null(view->lanes[i].policy);
        assert_in_range(view->lanes[i].done, 0, view->lanes[i].wanted);
        assert_true(view->lanes[i].share >= 0 && view->lanes[i].share <= 1);
    }
    run->progress_calls++;
}

static bool experiment_try(struct trial_run *run, unsigned jobs, char *message)
{
    struct problems problems = {0};
    const struct scenario *scenario = scenario_load(path, NULL, 0, &run->arena, &problems);
    assert_non_null(scenario);
    problems_free(&problems);
    struct experiment_cell cell = {
        .scenario = scenario,
        .policies = load_policies(scenario),
        .replications = scenario_replications(scenario),
        .extend = rule ? extend_unevenly : NULL,
        .rule = rule,
        .replications_max = 100,
        .trace_folder = trace_folder,
        .replay = "test",
        .report = &run->report,
        .outcomes = run->policies,
    };
    struct experiment experiment = {
        .cells = &cell,
        .cell_count = 1,
        .jobs = jobs,
        .stop = &run->stop,
        .progress = note_progress,
        .context = run,
    };
    return experiment_run(&experiment, message, 256);
}

static void free_run(struct trial_run *run)
{
    report_free(&run->report);
    arena_free(&run->arena);
}

static void assert_same_value(double found, double expected)
{
    assert_true(found == expected || (isnan(found) && isnan(expected)));
}

static void assert_same_report(const struct report *found, const struct report *expected)
{
    assert_int_equal(found->count, expected->count);
    for (size_t i = 0; i < found->count; i++) {
        const struct measure *a = &found->measures[i], *b = &expected->measures[i];
        assert_string_equal(a->policy, b->policy);
        assert_string_equal(a->scope, b->scope);
        assert_string_equal(a->metric, b->metric);
        assert_same_value(a->value, b->value);
        assert_same_value(a->low, b->low);
        assert_same_value(a->high, b->high);
        assert_int_equal(a->samples, b->samples);
    }
}

static void experiment_is_independent_of_threads(void **state)
{
    (void)state;
    struct trial_run one = {0};
    char message[256];
    assert_true(experiment_try(&one, 1, message));
    assert_true(one.report.count > 0);
    for (unsigned jobs = 2; jobs <= 16; jobs += 7) {
        struct trial_run many = {0};
        assert_true(experiment_try(&many, jobs, message));
        assert_same_report(&many.report, &one.report);
        for (size_t i = 0; i < POLICIES; i++) {
            assert_int_equal(many.policies[i].replications, REPLICATIONS);
            assert_int_equal(many.policies[i].requests, one.policies[i].requests);
        }
        free_run(&many);
    }
    free_run(&one);
}

static void experiment_traces_give_the_same_report(void **state)
{
    (void)state;
    char folder[] = "/tmp/lbsim-experiment-XXXXXX";
    assert_non_null(mkdtemp(folder));
    struct trial_run plain = {0}, traced = {0};
    struct report again = {0};
    char message[256];
    assert_true(experiment_try(&plain, 2, message));
    const struct measure *detect =
        report_find(&plain.report, "p2c", "fault 1", "time_to_detect");
    assert_true(detect != NULL && detect->value > 0);
    trace_folder = folder;
    assert_true(experiment_try(&traced, 2, message));
    trace_folder = NULL;
    assert_same_report(&traced.report, &plain.report);
    static const char *const labels[] = {"random", "p2c", "round_robin"};
    for (size_t i = 0; i < POLICIES; i++) {
        char *home = folder_path(folder, labels[i]);
        char *trace = folder_path(home, "trace.csv.zst");
        struct trace_report_fault fault;
        assert_int_equal(trace_report_add(&again, labels[i], trace, 0, &fault),
                         REPLICATIONS);
        free(trace);
        free(home);
    }
    assert_same_report(&again, &plain.report);
    report_free(&again);
    free_run(&plain);
    free_run(&traced);
    folder_remove(folder);
}

static void experiment_stopped_before_its_start_is_empty(void **state)
{
    (void)state;
    struct trial_run run = {.stop = true};
    char message[256];
    assert_true(experiment_try(&run, 2, message));
    assert_int_equal(run.report.count, 0);
    for (size_t i = 0; i < POLICIES; i++)
        assert_int_equal(run.policies[i].replications, 0);
    free_run(&run);
}

static void experiment_names_a_trace_that_fails(void **state)
{
    (void)state;
    static char nowhere[] = "/proc/nowhere";
    struct trial_run run = {0};
    char message[256];
    trace_folder = nowhere;
    assert_false(experiment_try(&run, 2, message));
    trace_folder = NULL;
    assert_non_null(strstr(message, "/proc/nowhere/"));
    free_run(&run);
}

/* Policy number i gets 2 more at a time, up to 3 + 2 * i of them. */
static bool extend_unevenly(void *context, const struct report *report, uint64_t *wanted)
{
    int *rounds = context;
    bool more = false;
    assert_true(report->count > 0);
    for (uint64_t i = 0; i < POLICIES; i++) {
        bool is_short = wanted[i] < REPLICATIONS + 2 * i;
        wanted[i] += is_short ? 2 : 0;
        more |= is_short;
    }
    ++*rounds;
    return more;
}

static void run_unevenly(struct trial_run *run, unsigned jobs)
{
    int rounds = 0;
    char message[256];
    rule = &rounds;
    assert_true(experiment_try(run, jobs, message));
    rule = NULL;
    assert_int_equal(rounds, 3); /* asked for more twice, then for none */
}

static void experiment_goes_on_as_the_rule_asks(void **state)
{
    (void)state;
    struct trial_run one = {0}, many = {0}, traced = {0}, plain = {0};
    char folder[] = "/tmp/lbsim-experiment-XXXXXX", message[256];
    assert_non_null(mkdtemp(folder));
    run_unevenly(&one, 1);
    run_unevenly(&many, 5);
    trace_folder = folder;
    run_unevenly(&traced, 2);
    trace_folder = NULL;
    assert_same_report(&many.report, &one.report);
    assert_same_report(&traced.report, &one.report);
    for (size_t i = 0; i < POLICIES; i++)
        assert_int_equal(one.policies[i].replications, REPLICATIONS + 2 * i);
    assert_int_equal(one.report.fewest, REPLICATIONS);
    assert_int_equal(one.report.replications, REPLICATIONS + 2 * (POLICIES - 1));
    /* Those of the first rounds are the same as without the rule. */
    assert_true(experiment_try(&plain, 2, message));
    const struct measure *was = report_find(&plain.report, "round_robin", "all", "p50");
    const struct measure *is = report_find(&one.report, "round_robin", "all", "p50");
    assert_int_equal(is->value_count, REPLICATIONS + 4);
    for (size_t i = 0; i < REPLICATIONS; i++)
        assert_true(was->values[i] == is->values[i]);
    free_run(&one);
    free_run(&many);
    free_run(&traced);
    free_run(&plain);
    folder_remove(folder);
}

/* Of two cells, one that goes on and one that does not, each has the figures that it has
   alone, for any number of threads. */
static void experiment_cells_do_not_disturb_each_other(void **state)
{
    (void)state;
    struct trial_run plain = {0}, uneven = {0}, both[2] = {{.stop = false}, {.stop = false}};
    char message[256];
    int rounds = 0;
    assert_true(experiment_try(&plain, 1, message));
    run_unevenly(&uneven, 2);
    struct experiment_cell cells[2];
    for (size_t i = 0; i < 2; i++) {
        struct problems problems = {0};
        const struct scenario *scenario = scenario_load(path, NULL, 0, &both[i].arena, &problems);
        problems_free(&problems);
        cells[i] = (struct experiment_cell){
            .scenario = scenario, .policies = load_policies(scenario),
            .replications = REPLICATIONS, .extend = i == 0 ? extend_unevenly : NULL,
            .rule = &rounds, .replications_max = 100, .replay = "test",
            .report = &both[i].report, .outcomes = both[i].policies};
    }
    struct experiment experiment = {.cells = cells, .cell_count = 2, .jobs = 3,
                                    .stop = &both[0].stop};
    assert_true(experiment_run(&experiment, message, sizeof message));
    assert_same_report(&both[0].report, &uneven.report);
    assert_same_report(&both[1].report, &plain.report);
    free_run(&plain);
    free_run(&uneven);
    free_run(&both[0]);
    free_run(&both[1]);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(experiment_cells_do_not_disturb_each_other),
    cmocka_unit_test(experiment_is_independent_of_threads),
    cmocka_unit_test(experiment_traces_give_the_same_report),
    cmocka_unit_test(experiment_goes_on_as_the_rule_asks),
    cmocka_unit_test(experiment_stopped_before_its_start_is_empty),
    cmocka_unit_test(experiment_names_a_trace_that_fails),
};

int main(void)
{
    return cmocka_run_group_tests(tests, write_scenario, remove_scenario) != 0;
}
