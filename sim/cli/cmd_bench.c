/* SPDX-License-Identifier: GPL-3.0-or-later
   lbsim bench: requests per second, events per second, time and memory of a request, by
   policy and number of pods; `lbsim bench policies`: what a decision alone costs. */
#include "models/policy.h"
#include "sim/cli/bench.h"
#include "sim/cli/bench_policies.h"
#include "sim/cli/command.h"
#include "sim/cli/talk.h"
#include "sim/cli/version.h"
#include "sim/config/json.h"
#include "sim/engine/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct option bench_requests = {
    .name = "requests", .letter = 'n', .argument = "N", .help = "simulate that many in each case",
};

static const struct option bench_repeat = {
    .name = "repeat", .argument = "N", .help = "best of N (default: 3)",
};

static const struct option bench_bare = {
    .name = "bare",
    .help = "once, in this process, without the yardstick: for callgrind and perf",
};

static const char *const bench_formats[] = {"text", "json", "csv", NULL};

static const struct option bench_format = {
    .name = "format", .letter = 'f', .words = bench_formats,
    .help = "what to print on stdout (default: text); csv: of policies only",
};

static bool bench_is_policy(const char *name)
{
    for (size_t i = 0; policy_kinds.at(i) != NULL; i++)
        if (strcmp(policy_kinds.at(i)->name, name) == 0)
            return true;
    return false;
}

static bool bench_best_of(const struct bench_case *wanted, uint64_t requests, uint64_t repeat,
                          struct bench_result *best)
{
    for (uint64_t i = 0; i < repeat; i++) {
        struct bench_result result;
        if (!bench_run(wanted, requests, true, &result))
            return false;
        double fastest = i == 0 ? 0 : best->reference_ns;
        if (i == 0 || result.seconds < best->seconds)
            *best = result;
        if (i > 0 && fastest < best->reference_ns)
            best->reference_ns = fastest;
    }
    return true;
}

static void bench_print_heading(struct output *output)
{
    output_format(output, "%-34s %10s %10s %9s %8s %10s %9s\n", "case", "Mrequest/s", "Mevent/s",
                  "ns/req", "× bare", "bytes/pod", "peak MiB");
}

static void bench_print(const struct bench_case *wanted, const struct bench_result *result,
                        struct output *output)
{
    char name[128];
    bench_name(wanted, name, sizeof name);
    double ns = 1e9 * result->seconds / (double)result->requests;
    double grown = (double)(result->peak_bytes - result->idle_bytes);
    output_format(output, "%-34s %10.2f %10.2f %9.1f %7.1f %10.0f %9.1f\n", name, 1e3 / ns,
                  1e-6 * (double)result->events / result->seconds, ns,
                  ns / result->reference_ns, grown / (double)wanted->pods,
                  (double)result->peak_bytes / (1 << 20));
}

static void bench_write(const struct bench_case *wanted, const struct bench_result *result,
                        struct json *json)
{
    char name[128];
    bench_name(wanted, name, sizeof name);
    double ns = 1e9 * result->seconds / (double)result->requests;
    json_map_open(json, NULL);
    json_text(json, "case", name);
    json_unsigned(json, "events", result->events);
    json_double(json, "events_per_second", (double)result->events / result->seconds);
    json_double(json, "ns_per_request", ns);
    json_double(json, "p99_seconds", result->p99);
    json_unsigned(json, "peak_bytes", result->peak_bytes);
    json_unsigned(json, "pods", wanted->pods);
    json_double(json, "ratio_to_bare_loop", ns / result->reference_ns);
    json_unsigned(json, "requests", result->requests);
    json_double(json, "requests_per_second", (double)result->requests / result->seconds);
    json_map_close(json);
}

/* Cases by name, or the standard ones; at least one. */
struct bench_list {
    struct bench_case *cases;
    size_t count;
};

/* SHAPE/POLICY/ and then digits, but too many or too few pods. */
static bool bench_is_size_wrong(const char *name)
{
    const char *slash = strchr(name, '/');
    const char *size = slash != NULL ? strchr(slash + 1, '/') : NULL;
    size_t digits = size != NULL ? strspn(size + 1, "0123456789") : 0;
    unsigned long long pods = digits > 0 ? strtoull(size + 1, NULL, 10) : 1;
    return pods < 1 || pods > BENCH_PODS_MAX;
}

static int bench_refuse(const struct command_line *line, const char *name)
{
    static const char hint[] = "as in plain/p2c/100, full/random/10000, plain/p2c/100/trace";
    if (bench_is_size_wrong(name))
        return talk_usage(line->command, hint, "'%s': pods go from 1 to 1,000,000", name);
    return talk_usage(line->command, hint, "'%s' is not SHAPE/POLICY/PODS[/SINK]", name);
}

static int bench_collect(const struct command_line *line, struct arena *arena,
                         struct bench_list *list)
{
    size_t room = line->operand_count;
    while (line->operand_count == 0 && bench_at(room) != NULL)
        room++;
    list->cases = arena_take(arena, room, sizeof *list->cases);
    for (list->count = 0; list->count < room; list->count++) {
        struct bench_case *wanted = &list->cases[list->count];
        if (line->operand_count == 0) {
            *wanted = *bench_at(list->count);
            continue;
        }
        const char *name = line->operands[list->count];
        if (!bench_parse(name, arena, wanted))
            return bench_refuse(line, name);
        if (!bench_is_policy(wanted->policy))
            return talk_unknown_policy(line->command, wanted->policy);
    }
    return STATUS_FINE;
}

static int bench_measure_list(const struct bench_list *list, uint64_t requests,
                              uint64_t repeat, bool as_json)
{
    struct output *output = talk_open_stdout();
    struct json json = {.output = output};
    if (as_json) {
        json_map_open(&json, NULL);
        json_list_open(&json, "cases");
    } else {
        bench_print_heading(output);
    }
    int status = STATUS_FINE;
    for (size_t i = 0; i < list->count && status == STATUS_FINE; i++) {
        const struct bench_case *wanted = &list->cases[i];
        struct bench_result best = {0};
        if (!bench_best_of(wanted, requests > 0 ? requests : bench_enough(wanted), repeat, &best))
            status = STATUS_FAILED;
        else if (as_json)
            bench_write(wanted, &best, &json);
        else
            bench_print(wanted, &best, output);
    }
    if (as_json) {
        json_list_close(&json);
        json_text(&json, "schema", "lbsim.bench/1");
        json_map_close(&json);
    } else {
        output_text(output, "× bare: against single servers taken in turn without any event "
                            "list, in the same process\n");
    }
    int closed = talk_close(output, "standard output");
    return status != STATUS_FINE ? status : closed;
}

static int bench_once(const struct bench_list *list, uint64_t requests)
{
    for (size_t i = 0; i < list->count; i++) {
        struct bench_result result;
        const struct bench_case *wanted = &list->cases[i];
        if (!bench_run(wanted, requests > 0 ? requests : bench_enough(wanted), false, &result))
            return STATUS_FAILED;
    }
    return STATUS_FINE;
}

/* Decisions are measured for as long as it takes: the options of cases say nothing here. */
static int bench_decisions(const struct command_line *line)
{
    static const struct option *const others[] = {&bench_requests, &bench_repeat, &bench_bare};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (option_is_given(line, others[i]))
            return talk_usage(line->command, "it is about SHAPE/POLICY/PODS",
                              "--%s has no meaning with 'policies'", others[i]->name);
    return bench_policies_run(line, (enum bench_policies_format)option_word(
                                        line, &bench_format, BENCH_POLICIES_TEXT));
}

static int cmd_bench_run(const struct command_line *line)
{
    if (line->operand_count > 0 && strcmp(line->operands[0], "policies") == 0)
        return bench_decisions(line);
    size_t format = option_word(line, &bench_format, BENCH_POLICIES_TEXT);
    if (format == BENCH_POLICIES_CSV)
        return talk_usage(line->command, "as in 'lbsim bench policies --format csv'",
                          "csv is for 'policies' only");
    uint64_t requests = 0, repeat = 3;
    if (!option_number(line, &bench_requests, 1000, UINT64_C(10000000000), &requests) ||
        !option_number(line, &bench_repeat, 1, 1000, &repeat))
        return STATUS_USAGE;
    struct arena arena = {0};
    struct bench_list list;
    int status = bench_collect(line, &arena, &list);
    if (status == STATUS_FINE && option_is_given(line, &bench_bare))
        status = bench_once(&list, requests);
    else if (status == STATUS_FINE)
        status = bench_measure_list(&list, requests, repeat, format == BENCH_POLICIES_JSON);
    arena_free(&arena);
    return status;
}

static const struct option *const cmd_bench_options[] = {
    &bench_requests, &bench_repeat, &bench_bare, &bench_format, NULL,
};

static const char *const cmd_bench_examples[] = {
    "lbsim bench",
    "lbsim bench plain/p2c/100 full/p2c/10000 --repeat 9",
    "lbsim bench plain/random/1000000 --requests 10000000 --format json",
    "lbsim bench policies p2c envoy.maglev",
    "lbsim bench policies --format csv > costs.csv    # for decision_cost: {measured: {file: …}}",
    NULL,
};

const struct command command_bench = {
    .name = "bench",
    .summary = "what a simulated request costs on this machine",
    .operands = "[policies [NAME...] | SHAPE/POLICY/PODS[/SINK]...]",
    .operand_max = SIZE_MAX,
    .options = cmd_bench_options,
    .examples = cmd_bench_examples,
    .details = "Shapes: plain (one worker a pod, no delays), defended (the same with timeouts,\n"
               "health checks, outlier detection, retries, hedges, shedding, slow start, panic,\n"
               "breakers and cancel, while nothing goes wrong) and full (4 workers, random\n"
               "network delays both ways, a timeout).  Sinks: report (default), rows (also kept\n"
               "in memory), trace (also written as trace.csv.zst).  Load 0.7, Poisson arrivals,\n"
               "exponential service.\n"
               "\n"
               "policies: without simulation, at 10, 100, 1,000 and 10,000 pods with two requests\n"
               "each under way, the time of a pick with all bookkeeping around it, and what a pod\n"
               "that leaves or comes back adds to the pick after it; all policies where none is\n"
               "named, which takes about half a minute.\n",
    .statuses = {STATUS_FAILED, STATUS_USAGE},
    .run = cmd_bench_run,
};
