/* SPDX-License-Identifier: GPL-3.0-or-later
   Poisson arrivals, exponential service of 10 ms, load 0.7, reports on.  Beside each case runs
   a yardstick that needs no event list: single FIFO servers taken in turn, whose departures
   follow from D. Lindley's recursion (1952).  Ratios to it compare across machines, times do
   not. */
#include "sim/cli/bench.h"

#include "models/scenario.h"
#include "models/world.h"
#include "sim/cli/trace_file.h"
#include "sim/engine/check.h"
#include "sim/engine/sampler.h"
#include "sim/report/report.h"
#include "sim/report/summary.h"
#include "sim/stats/histogram.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BENCH_REQUESTS_MIN = 3000000, BENCH_REQUESTS_EACH = 10 };
enum { BENCH_REFERENCE_REQUESTS = 1000000, BENCH_REFERENCE_PODS = 100, BENCH_ROWS_KEPT = 1 << 16 };
#define BENCH_LOAD 0.7
#define BENCH_SERVICE 0.01 /* s */

/* What stands in the scenario of a shape. */
static const struct {
    const char *name;
    unsigned workers;
    const char *timeout, *network, *balancer;
} bench_shapes[BENCH_SHAPES] = {
    [BENCH_PLAIN] = {"plain", 1, "none", "0s", ""},
    [BENCH_DEFENDED] =
        {"defended", 1, "5s", "0s",
         ", health_check: {interval: 2s}, outlier_detection: envoy, panic: 50%, cancel: true,\n"
         " slow_start: {envoy: {slow_start_window: 30s}},\n"
         " retry: {envoy: {per_try_timeout: 2s}}, hedge: 2s, shed: 100000000,\n"
         " circuit_breakers: {preset: envoy, max_requests: 100000000}"},
    [BENCH_FULL] = {"full", 4, "1s", "{exponential: {mean: 500us}}", ""},
};

static const char *const bench_sinks[] = {"report", "rows", "trace", NULL};

static const struct bench_case bench_cases[] = {
    {BENCH_PLAIN, "random", 100, BENCH_REPORT},
    {BENCH_PLAIN, "round_robin", 100, BENCH_REPORT},
    {BENCH_PLAIN, "p2c", 100, BENCH_REPORT},
    {BENCH_PLAIN, "least_connections", 100, BENCH_REPORT},
    {BENCH_PLAIN, "jsq", 100, BENCH_REPORT},
    {BENCH_PLAIN, "central_queue", 100, BENCH_REPORT},
    {BENCH_PLAIN, "p2c", 10000, BENCH_REPORT},
    {BENCH_PLAIN, "p2c", 100000, BENCH_REPORT},
    {BENCH_PLAIN, "p2c", 1000000, BENCH_REPORT},
    {BENCH_DEFENDED, "p2c", 100, BENCH_REPORT},
    {BENCH_FULL, "p2c", 100, BENCH_REPORT},
    {BENCH_FULL, "p2c", 10000, BENCH_REPORT},
    {BENCH_FULL, "p2c", 100000, BENCH_REPORT},
    {BENCH_PLAIN, "p2c", 100, BENCH_ROWS},
    {BENCH_PLAIN, "p2c", 100, BENCH_TRACE},
};

const struct bench_case *bench_at(size_t index)
{
    return index < sizeof bench_cases / sizeof *bench_cases ? &bench_cases[index] : NULL;
}

uint64_t bench_enough(const struct bench_case *wanted)
{
    uint64_t enough = BENCH_REQUESTS_EACH * wanted->pods * bench_shapes[wanted->shape].workers;
    return enough > BENCH_REQUESTS_MIN ? enough : BENCH_REQUESTS_MIN;
}

void bench_name(const struct bench_case *wanted, char *name, size_t size)
{
    snprintf(name, size, "%s/%s/%llu%s%s", bench_shapes[wanted->shape].name, wanted->policy,
             (unsigned long long)wanted->pods, wanted->sink != BENCH_REPORT ? "/" : "",
             wanted->sink != BENCH_REPORT ? bench_sinks[wanted->sink] : "");
}

bool bench_parse(const char *name, struct arena *arena, struct bench_case *wanted)
{
    char shape[16], policy[64], sink[16] = "report";
    unsigned long long pods;
    int parts = sscanf(name, "%15[^/]/%63[^/]/%llu/%15s", shape, policy, &pods, sink);
    if (parts < 3 || pods < 1 || pods > BENCH_PODS_MAX)
        return false;
    *wanted = (struct bench_case){.pods = pods};
    wanted->policy = arena_copy_text(arena, policy, strlen(policy));
    while (wanted->shape < BENCH_SHAPES && strcmp(bench_shapes[wanted->shape].name, shape) != 0)
        wanted->shape++;
    size_t i = 0;
    while (bench_sinks[i] != NULL && strcmp(bench_sinks[i], sink) != 0)
        i++;
    wanted->sink = (enum bench_sink)i;
    return bench_sinks[i] != NULL && wanted->shape < BENCH_SHAPES;
}

static double bench_cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double bench_clock_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static uint64_t bench_peak_bytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (uint64_t)usage.ru_maxrss * 1024;
}

/* -- the yardstick -- */

static double bench_reference_ns(void)
{
    struct rng arrivals, demands;
    rng_open(&arrivals, 1, "bench arrivals", 0);
    rng_open(&demands, 1, "bench demands", 0);
    sim_time free_at[BENCH_REFERENCE_PODS] = {0}, now = 0;
    struct histogram latencies;
    histogram_init(&latencies);
    double gap = 1e9 * BENCH_SERVICE / (BENCH_LOAD * BENCH_REFERENCE_PODS);
    double begin = bench_cpu_seconds();
    for (uint32_t i = 0, pod = 0; i < BENCH_REFERENCE_REQUESTS; i++) {
        now += sim_time_of(sampler_exponential(&arrivals) * gap);
        sim_time start = free_at[pod] > now ? free_at[pod] : now;
        free_at[pod] = start + sim_time_of(sampler_exponential(&demands) * 1e9 * BENCH_SERVICE);
        histogram_add(&latencies, free_at[pod] - now);
        pod = pod + 1 < BENCH_REFERENCE_PODS ? pod + 1 : 0;
    }
    double ns = 1e9 * (bench_cpu_seconds() - begin) / BENCH_REFERENCE_REQUESTS;
    CHECK(latencies.count == BENCH_REFERENCE_REQUESTS);
    histogram_free(&latencies);
    return ns;
}

/* -- one case -- */

/* Where rows go beside the report. */
struct bench_rows {
    struct tally *tally;
    const struct roster *roster;
    struct trace_row *kept;
    size_t next;
    struct trace_file *trace;
};

static void bench_take(void *context, const struct trace_row *rows, size_t count)
{
    struct bench_rows *sink = context;
    tally_rows(sink->tally, rows, count);
    if (sink->kept != NULL) {
        memcpy(sink->kept + sink->next, rows, count * sizeof *rows);
        sink->next = (sink->next + TRACE_BLOCK_ROWS) % BENCH_ROWS_KEPT;
    }
    if (sink->trace != NULL)
        trace_file_rows(sink->trace, sink->roster, 1, rows, NULL, count);
}

static struct scenario *bench_scenario(const struct bench_case *wanted, uint64_t requests,
                                       struct arena *arena)
{
    unsigned workers = bench_shapes[wanted->shape].workers;
    double rate = BENCH_LOAD * (double)wanted->pods * workers / BENCH_SERVICE;
    char text[1024];
    int length = snprintf(
        text, sizeof text,
        "{version: 1, name: bench, run: {duration: %.0fns, warmup: %.0fns, replications: 1},\n"
        " clients: {arrivals: {poisson: {rate: %.0f/s}},\n"
        "           demand: {exponential: {mean: 10ms}}, timeout: %s},\n"
        " pods: {count: %llu, workers: %u}, network: {to_pod: %s},\n"
        " balancers: {policy: %s%s}}\n",
        1e9 * (double)requests / rate, 1e8 * (double)requests / rate, rate,
        bench_shapes[wanted->shape].timeout, (unsigned long long)wanted->pods, workers,
        bench_shapes[wanted->shape].network, wanted->policy,
        bench_shapes[wanted->shape].balancer);
    struct problems problems = {0};
    const struct source *source =
        source_of_text("bench", text, (size_t)length, arena, &problems);
    struct scenario *scenario = scenario_bind(source, NULL, 0, arena, &problems);
    if (scenario == NULL) {
        struct output *output = output_to_descriptor(STDERR_FILENO, "standard error");
        problems_print(&problems, output, false);
        output_close(output, true);
    }
    problems_free(&problems);
    return scenario;
}

/* Without the rest of a report, whose cost does not depend on the number of requests. */
static double bench_p99(struct tally *tally)
{
    struct summary summary;
    struct arena arena = {0};
    summary_init(&summary);
    summary_fill(&summary, SCOPE_ALL, 0, tally, summary_loads(tally, &arena));
    double value = histogram_quantile(&summary.law, 0.99) / 1e9;
    summary_free(&summary);
    arena_free(&arena);
    return value;
}

static bool bench_open_trace(struct bench_rows *sink)
{
    char path[] = "/tmp/lbsim-bench-XXXXXX";
    int descriptor = mkstemp(path);
    if (descriptor < 0)
        return false;
    close(descriptor);
    unlink(path);
    sink->trace = trace_file_open(path, 0);
    return sink->trace != NULL;
}

static bool bench_measure(const struct bench_case *wanted, uint64_t requests,
                          struct bench_result *result)
{
    struct arena arena = {0};
    struct scenario *scenario = bench_scenario(wanted, requests, &arena);
    if (scenario == NULL)
        return false;
    struct bench_rows sink = {0};
    if (wanted->sink == BENCH_ROWS)
        sink.kept = arena_take(&arena, BENCH_ROWS_KEPT, sizeof *sink.kept);
    if (wanted->sink == BENCH_TRACE && !bench_open_trace(&sink)) {
        fprintf(stderr, "lbsim bench: error: cannot write a trace: %s\n", strerror(errno));
        return false;
    }
    const struct scenario_balancer *tier =
        PARAM_ITEM(scenario->balancers, struct scenario_balancer, 0);
    struct world *world = world_build(&(struct world_order){
        .scenario = scenario,
        .policy = PARAM_ITEM(tier->policy, struct param_kind, 0),
        .replication = 1,
        .sink = {bench_take, &sink},
    });
    sink.roster = world_roster(world);
    sink.tally = tally_open(sink.roster);
    double begin = sink.trace != NULL ? bench_clock_seconds() : bench_cpu_seconds();
    struct world_account account = world_run(world);
    if (sink.trace != NULL) {
        trace_file_settle(sink.trace);
        trace_file_close(sink.trace, false);
    }
    double end = sink.trace != NULL ? bench_clock_seconds() : bench_cpu_seconds();
    result->seconds = end - begin;
    result->requests = account.requests;
    result->events = account.events;
    result->p99 = bench_p99(sink.tally);
    tally_free(sink.tally);
    world_free(world);
    arena_free(&arena);
    return true;
}

/* -- a process for each -- */

static bool bench_measure_all(const struct bench_case *wanted, uint64_t requests, bool yardstick,
                              struct bench_result *result)
{
    *result = (struct bench_result){0};
    if (yardstick)
        result->reference_ns = bench_reference_ns();
    result->idle_bytes = bench_peak_bytes();
    bool good = bench_measure(wanted, requests, result);
    result->peak_bytes = bench_peak_bytes();
    return good;
}

static _Noreturn void bench_child(const struct bench_case *wanted, uint64_t requests,
                                  int descriptor)
{
    struct bench_result result;
    bool good = bench_measure_all(wanted, requests, true, &result);
    good = good && write(descriptor, &result, sizeof result) == (ssize_t)sizeof result;
    _exit(good ? 0 : 1);
}

bool bench_run(const struct bench_case *wanted, uint64_t requests, bool isolate,
               struct bench_result *result)
{
    if (!isolate)
        return bench_measure_all(wanted, requests, false, result);
    int ends[2];
    if (pipe(ends) != 0)
        return false;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        bench_child(wanted, requests, ends[1]);
    close(ends[1]);
    bool good = child > 0 && read(ends[0], result, sizeof *result) == (ssize_t)sizeof *result;
    close(ends[0]);
    int status = 1;
    if (child > 0)
        waitpid(child, &status, 0);
    if (!good || status != 0)
        fprintf(stderr, "lbsim bench: error: a case failed\n");
    return good && status == 0;
}
