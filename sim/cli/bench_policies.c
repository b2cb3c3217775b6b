/* SPDX-License-Identifier: GPL-3.0-or-later
   A balancer without a world: each request is picked for, sent, and a random one of those
   under way ends, so that about two a pod stay so.  More and more steps are taken until a batch
   of them is long enough to be timed. */
#include "sim/cli/bench_policies.h"

#include "models/backends.h"
#include "models/scenario.h"
#include "sim/cli/talk.h"
#include "sim/config/json.h"
#include "sim/engine/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
    BENCH_POLICIES_SIZES = 4,
    BENCH_POLICIES_EACH = 2, /* under way per pod */
    BENCH_POLICIES_WORKERS = 4,
    BENCH_POLICIES_KEYS = 100000,
    BENCH_POLICIES_USERS = 1000,
};
#define BENCH_POLICIES_LATENCY (10 * SIM_MILLISECOND) /* about, of a request */
#define BENCH_POLICIES_BATCH 0.02                     /* s: the least that is timed */

static const uint32_t bench_policies_sizes[BENCH_POLICIES_SIZES] = {10, 100, 1000, 10000};

struct bench_policies_cost {
    double pick_ns[BENCH_POLICIES_SIZES];
    double rebuild_us[BENCH_POLICIES_SIZES];
};

struct bench_policies_attempt {
    backend_id backend;
    sim_time sent;
};

struct bench_policies_host {
    struct arena arena;
    struct backends backends;
    struct backend *pods;
    uint32_t count;
    struct bench_policies_attempt *under_way;
    uint32_t under_way_count;
    sim_time now, gap; /* between requests */
    struct rng rng;
    backend_id out;    /* who is no member; NO_BACKEND: all are */
};

static double bench_policies_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* -- the host of a policy's decisions -- */

static struct load_report bench_policies_load(const struct bench_policies_host *host,
                                              backend_id backend)
{
    uint32_t load = host->backends.outstanding[backend];
    bool has_free = load < BENCH_POLICIES_WORKERS;
    return (struct load_report){
        .backend = backend,
        .in_flight = load,
        .free_workers = has_free ? BENCH_POLICIES_WORKERS - load : 0,
        .speed = 1,
        .work = (double)BENCH_POLICIES_LATENCY * load,
        .rate = 200,
        .utilisation = has_free ? load / (double)BENCH_POLICIES_WORKERS : 1,
        .latency = BENCH_POLICIES_LATENCY,
        .measured_at = host->now,
    };
}

static void bench_policies_hear(struct bench_policies_host *host, backend_id backend)
{
    struct backends *backends = &host->backends;
    struct load_report load = bench_policies_load(host, backend);
    backends->ops->hear(backends->state, &backends->view, &load);
}

/* Some hear of every change. */
static void bench_policies_tell(struct bench_policies_host *host, backend_id backend)
{
    if (host->backends.ops->traits & POLICY_TOLD)
        bench_policies_hear(host, backend);
}

/* Who is asked answers at once. */
static void bench_policies_probe(struct bench_policies_host *host)
{
    struct backends *backends = &host->backends;
    backend_id targets[POLICY_PROBES_MAX];
    uint32_t count = backends->ops->probe(backends->state, &backends->view, targets,
                                          &backends->rng);
    for (uint32_t i = 0; i < count; i++)
        bench_policies_hear(host, targets[i]);
}

static void bench_policies_send(struct bench_policies_host *host, backend_id backend)
{
    host->under_way[host->under_way_count++] =
        (struct bench_policies_attempt){backend, host->now};
    backends_sent(&host->backends, backend);
    bench_policies_tell(host, backend);
}

static void bench_policies_finish(struct bench_policies_host *host)
{
    struct backends *backends = &host->backends;
    uint32_t index = (uint32_t)rng_below(&host->rng, host->under_way_count);
    struct bench_policies_attempt attempt = host->under_way[index];
    host->under_way[index] = host->under_way[--host->under_way_count];
    backends_done(backends, attempt.backend);
    if (backends->ops->learn != NULL) {
        struct load_report load = bench_policies_load(host, attempt.backend);
        struct outcome_report outcome = {
            .backend = attempt.backend,
            .success = true,
            .status = 200,
            .first_byte = host->now - attempt.sent,
            .latency = host->now - attempt.sent,
            .size = 1000,
            .load = backends->ops->traits & POLICY_REPORTS ? &load : NULL,
        };
        backends->ops->learn(backends->state, &backends->view, &outcome);
    }
    bench_policies_tell(host, attempt.backend);
}

/* One request comes and another, or itself, ends; where it is refused, only the latter. */
static void bench_policies_step(struct bench_policies_host *host)
{
    struct request request = {
        .key = rng_below(&host->rng, BENCH_POLICIES_KEYS),
        .user = (uint32_t)rng_below(&host->rng, BENCH_POLICIES_USERS),
    };
    host->now += host->gap;
    backend_id pick = backends_pick(&host->backends, host->now, &request);
    if (host->backends.ops->probe != NULL)
        bench_policies_probe(host);
    if (pick != NO_BACKEND)
        bench_policies_send(host, pick);
    if (host->under_way_count > BENCH_POLICIES_EACH * host->count ||
        (pick == NO_BACKEND && host->under_way_count > 0))
        bench_policies_finish(host);
}

/* Another pod goes, or the one that went comes back; and a request. */
static void bench_policies_rebuild(struct bench_policies_host *host)
{
    bool is_back = host->out != NO_BACKEND;
    backend_id pod = is_back ? host->out : (backend_id)rng_below(&host->rng, host->count);
    backends_set_member(&host->backends, pod, is_back);
    backends_update(&host->backends);
    host->out = is_back ? NO_BACKEND : pod;
    bench_policies_step(host);
}

static void bench_policies_name_pods(struct bench_policies_host *host)
{
    for (uint32_t i = 0; i < host->count; i++) {
        char name[32];
        int length = snprintf(name, sizeof name, "pod-%u", i);
        const char *text = arena_copy_text(&host->arena, name, (size_t)length);
        host->pods[i] = (struct backend){
            .name = text, .address = text, .zone = "", .identity = rng_key(0, text, 0),
            .weight = 1};
    }
}

static void bench_policies_open(struct bench_policies_host *host,
                                const struct param_kind *policy, uint32_t count)
{
    *host = (struct bench_policies_host){.count = count, .out = NO_BACKEND};
    uint32_t room = BENCH_POLICIES_EACH * count + 1;
    host->gap = BENCH_POLICIES_LATENCY / (BENCH_POLICIES_EACH * count);
    host->pods = arena_take(&host->arena, count, sizeof *host->pods);
    host->under_way = arena_take(&host->arena, room, sizeof *host->under_way);
    bench_policies_name_pods(host);
    rng_open(&host->rng, 1, "bench", 0);
    backends_open(&host->backends, policy, host->pods, count,
                  (struct backends_place){.limit = UINT32_MAX, .peers = 1, .key = 1},
                  &host->arena);
    for (backend_id i = 0; i < count; i++)
        bench_policies_tell(host, i);
    for (uint32_t i = 0; i < BENCH_POLICIES_EACH * count; i++)
        bench_policies_send(host, i % count);
}

/* Seconds per call.  Each batch is what the one before says would be enough, but at most a
   hundred times as many. */
static double bench_policies_time(struct bench_policies_host *host,
                                  void (*call)(struct bench_policies_host *host))
{
    for (double calls = 1;;) {
        double begin = bench_policies_seconds();
        for (double i = 0; i < calls; i++)
            call(host);
        double spent = bench_policies_seconds() - begin;
        if (spent >= BENCH_POLICIES_BATCH)
            return spent / calls;
        calls = ceil(calls * fmin(100, 1.2 * BENCH_POLICIES_BATCH / fmax(spent, 1e-9)));
    }
}

static struct bench_policies_cost bench_policies_measure(const struct param_kind *policy)
{
    struct bench_policies_cost cost;
    for (size_t i = 0; i < BENCH_POLICIES_SIZES; i++) {
        struct bench_policies_host host;
        bench_policies_open(&host, policy, bench_policies_sizes[i]);
        bench_policies_step(&host); /* what is built when first needed */
        double pick = bench_policies_time(&host, bench_policies_step);
        double change = bench_policies_time(&host, bench_policies_rebuild);
        cost.pick_ns[i] = 1e9 * pick;
        cost.rebuild_us[i] = 1e6 * fmax(change - pick, 0);
        arena_free(&host.arena);
    }
    return cost;
}

/* -- the report -- */

/* The policy with its defaults, as a scenario would have it. */
static struct param_kind bench_policies_bind(const char *name, struct arena *arena)
{
    char text[512];
    int length = snprintf(text, sizeof text,
                          "{version: 1, name: bench, clients: {arrivals: {poisson: {rate: 1/s}},"
                          " demand: 1ms}, pods: {}, balancers: {policy: %s}}\n", name);
    struct problems problems = {0};
    const struct source *source =
        source_of_text("bench", text, (size_t)length, arena, &problems);
    const struct scenario *scenario = scenario_bind(source, NULL, 0, arena, &problems);
    CHECK(scenario != NULL);
    problems_free(&problems);
    const struct scenario_balancer *tier =
        PARAM_ITEM(scenario->balancers, struct scenario_balancer, 0);
    return *PARAM_ITEM(tier->policy, struct param_kind, 0);
}

static void bench_policies_print_heading(struct output *output)
{
    output_format(output, "%-40s %37s   %37s\n%-40s", "", "ns per request, by pods",
                  "µs per change of members, by pods", "policy");
    for (size_t i = 0; i < 2 * BENCH_POLICIES_SIZES; i++)
        output_format(output, "%s%9u", i == BENCH_POLICIES_SIZES ? "   " : " ",
                      bench_policies_sizes[i % BENCH_POLICIES_SIZES]);
    output_text(output, "\n");
}

/* Three significant digits, as far as there are decimals to give. */
static void bench_policies_print_number(struct output *output, double value)
{
    output_format(output, " %9.*f", value < 10 ? 2 : value < 100 ? 1 : 0, value);
}

static void bench_policies_print(const char *name, const struct bench_policies_cost *cost,
                                 struct output *output)
{
    output_format(output, "%-40s", name);
    for (size_t i = 0; i < BENCH_POLICIES_SIZES; i++)
        bench_policies_print_number(output, cost->pick_ns[i]);
    output_text(output, "  ");
    for (size_t i = 0; i < BENCH_POLICIES_SIZES; i++)
        bench_policies_print_number(output, cost->rebuild_us[i]);
    output_text(output, "\n");
}

static void bench_policies_write(const char *name, const struct bench_policies_cost *cost,
                                 struct json *json)
{
    json_map_open(json, NULL);
    json_text(json, "policy", name);
    json_list_open(json, "sizes");
    for (size_t i = 0; i < BENCH_POLICIES_SIZES; i++) {
        json_map_open(json, NULL);
        json_double(json, "ns_per_pick", cost->pick_ns[i]);
        json_unsigned(json, "pods", bench_policies_sizes[i]);
        json_double(json, "us_per_rebuild", cost->rebuild_us[i]);
        json_map_close(json);
    }
    json_list_close(json);
    json_map_close(json);
}

/* One line a size, as `decision_cost: measured` of a scenario reads them. */
static void bench_policies_list(const char *name, const struct bench_policies_cost *cost,
                                struct output *output)
{
    for (size_t i = 0; i < BENCH_POLICIES_SIZES; i++) {
        output_field(output, name);
        output_format(output, ",%u,", bench_policies_sizes[i]);
        output_double(output, cost->pick_ns[i]);
        output_text(output, ",");
        output_double(output, cost->rebuild_us[i]);
        output_text(output, "\n");
    }
}

/* The index-th policy to be measured; NULL past the end. */
static const char *bench_policies_at(const struct command_line *line, size_t index)
{
    if (line->operand_count > 1)
        return index + 1 < line->operand_count ? line->operands[index + 1] : NULL;
    return policy_kinds.at(index) != NULL ? policy_kinds.at(index)->name : NULL;
}

static bool bench_policies_is_known(const char *name)
{
    for (size_t i = 0; policy_kinds.at(i) != NULL; i++)
        if (strcmp(policy_kinds.at(i)->name, name) == 0)
            return true;
    return false;
}

static void bench_policies_report(const char *name, enum bench_policies_format format,
                                  struct json *json)
{
    struct arena arena = {0};
    struct param_kind policy = bench_policies_bind(name, &arena);
    struct bench_policies_cost cost = bench_policies_measure(&policy);
    if (format == BENCH_POLICIES_JSON)
        bench_policies_write(name, &cost, json);
    else if (format == BENCH_POLICIES_CSV)
        bench_policies_list(name, &cost, json->output);
    else
        bench_policies_print(name, &cost, json->output);
    arena_free(&arena);
}

static void bench_policies_begin(enum bench_policies_format format, struct json *json)
{
    if (format == BENCH_POLICIES_JSON) {
        json_map_open(json, NULL);
        json_list_open(json, "policies");
    } else if (format == BENCH_POLICIES_CSV) {
        output_text(json->output, "policy,pods,ns_per_pick,us_per_rebuild\n");
    } else {
        bench_policies_print_heading(json->output);
    }
}

int bench_policies_run(const struct command_line *line, enum bench_policies_format format)
{
    const char *name;
    for (size_t i = 0; (name = bench_policies_at(line, i)) != NULL; i++)
        if (!bench_policies_is_known(name))
            return talk_unknown_policy(line->command, name);
    struct json json = {.output = talk_open_stdout()};
    bench_policies_begin(format, &json);
    for (size_t i = 0; (name = bench_policies_at(line, i)) != NULL; i++)
        bench_policies_report(name, format, &json);
    if (format == BENCH_POLICIES_JSON) {
        json_list_close(&json);
        json_text(&json, "schema", "lbsim.bench.policies/1");
        json_map_close(&json);
    }
    return talk_close(json.output, "standard output");
}
