/* SPDX-License-Identifier: GPL-3.0-or-later
   lbsim capacity: how much load each policy bears, or how few pods it needs, while an
   objective holds. */
#include "sim/cli/capacity.h"
#include "sim/cli/command.h"
#include "sim/cli/interrupt.h"
#include "sim/cli/talk.h"
#include "sim/engine/check.h"
#include "sim/report/capacity_gate.h"

#include "models/arrival.h"
#include "models/replay.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { CMD_CAPACITY_JOBS_MAX = 1024, CMD_CAPACITY_NOTES = 3 };

#define CMD_CAPACITY_FACTOR_MAX 1024. /* further than that from the scenario nothing is tried */
#define CMD_CAPACITY_LOAD_MAX 8.      /* as a share of capacity */
#define CMD_CAPACITY_LOAD_START 0.7

static const struct option cmd_capacity_slo = {
    .name = "slo", .argument = "TEXT",
    .help = "what must hold: 'p99 < 200ms', 'error_rate in client web < 0.1%'",
};
static const struct option cmd_capacity_by = {
    .name = "by", .argument = "PATH",
    .help = "search the highest value of PATH in place of the load",
};
static const struct option cmd_capacity_pods = {
    .name = "pods", .argument = "GROUP",
    .help = "search the least number of pods of a group in place of the load",
};
static const struct option cmd_capacity_precision = {
    .name = "precision", .argument = "RATIO",
    .help = "how narrow the interval is to be (default: 2%)",
};

static const struct option cmd_capacity_at_least = {
    .name = "at-least", .argument = "VALUE",
    .help = "what each policy must bear: 8000/s; the exit status says whether it does",
};
static const struct option cmd_capacity_at_most = {
    .name = "at-most", .argument = "COUNT",
    .help = "with --pods: how many each policy may need",
};

static const char *const cmd_capacity_formats[] = {"text", "json",   "csv", "md",
                                                   "junit", "github", NULL};

static const struct option cmd_capacity_format = {
    .name = "format", .letter = 'f', .words = cmd_capacity_formats,
    .help = "what to print on stdout (default: text); junit, github: verdicts",
};

struct cmd_capacity {
    const struct command_line *line;
    struct run_order order;
    struct run run;
    struct expectations expectations;
    struct capacity capacity;
    const char *notes[CMD_CAPACITY_NOTES + 1];
    size_t note_count;
    double gate; /* 0: none */
    struct arena arena;
};

/* Whether it can be said at all what must be reached. */
static int cmd_capacity_check_gate(const struct command_line *line)
{
    bool is_least = option_is_given(line, &cmd_capacity_pods);
    const struct option *other = is_least ? &cmd_capacity_at_least : &cmd_capacity_at_most;
    const struct option *own = is_least ? &cmd_capacity_at_most : &cmd_capacity_at_least;
    if (option_is_given(line, other))
        return talk_usage(line->command, is_least ? "--at-most 12" : "--at-least 8000/s",
                          "--%s is for %s", other->name,
                          is_least ? "what may be higher; of pods, say --at-most"
                                   : "the number of pods, with --pods GROUP");
    size_t format = option_word(line, &cmd_capacity_format, CAPACITY_TEXT);
    if (format >= CAPACITY_JUNIT && !option_is_given(line, own))
        return talk_usage(line->command, is_least ? "--at-most 12" : "--at-least 8000/s",
                          "--format %s has verdicts: say what must be reached",
                          cmd_capacity_formats[format]);
    return STATUS_FINE;
}

static int cmd_capacity_read_options(struct cmd_capacity *own)
{
    static const struct param precision = {
        .key = "precision", .type = PARAM_RATIO, .min = 1e-4, .max = 1};
    const struct command_line *line = own->line;
    uint64_t jobs = option_default_jobs();
    if (!option_number(line, &option_jobs, 1, CMD_CAPACITY_JOBS_MAX, &jobs))
        return STATUS_USAGE;
    own->order = (struct run_order){.line = line, .jobs = (unsigned)jobs, .decides = true,
                                    .quiet = option_is_given(line, &option_quiet)};
    own->capacity.precision = 0.02;
    const char *text = option_value(line, &cmd_capacity_precision);
    char message[256];
    if (text &&
        !config_parse(&precision, text, &own->capacity.precision, message, sizeof message))
        return talk_usage(line->command, NULL, "--precision '%s': %s", text, message);
    if (!option_is_given(line, &cmd_capacity_slo))
        return talk_usage(line->command, "--slo 'p99 < 200ms'",
                          "say with --slo what must hold");
    if (option_is_given(line, &cmd_capacity_by) && option_is_given(line, &cmd_capacity_pods))
        return talk_usage(line->command, NULL, "--by and --pods do not go together");
    return cmd_capacity_check_gate(line);
}

/* The objective: of any policy, against a value. */
static int cmd_capacity_read_slo(struct cmd_capacity *own)
{
    const struct command_line *line = own->line;
    const char *text = option_value(line, &cmd_capacity_slo);
    const char *const labels[] = {NULL};
    struct problems problems = {0};
    const struct expectations_subject about = {
        .option = "--slo", .scenario = own->run.loaded.scenario, .labels = labels};
    expectations_add(&own->expectations, text, &about, &own->arena, &problems);
    bool fine = own->expectations.count > 0;
    if (!fine) {
        talk_problems(line, &problems);
        return STATUS_USAGE;
    }
    problems_free(&problems);
    own->capacity.slo = &own->expectations.items[0];
    if (own->capacity.slo->right.metric)
        return talk_usage(line->command, "p99 < 200ms", "the objective '%s' has to name a value",
                          text);
    return STATUS_FINE;
}

static void cmd_capacity_note(struct cmd_capacity *own, const char *before, const char *name,
                              const char *after)
{
    char text[256];
    snprintf(text, sizeof text, "%s '%s' %s", before, name, after);
    if (own->note_count < CMD_CAPACITY_NOTES)
        own->notes[own->note_count++] = arena_copy_text(&own->arena, text, strlen(text));
}

/* Which groups follow the load, and what there is to say of the others. */
static int cmd_capacity_check_clients(struct cmd_capacity *own)
{
    const struct scenario *scenario = own->run.loaded.scenario;
    size_t open = 0;
    for (size_t i = 0; i < scenario->clients.count; i++) {
        const struct scenario_client *client =
            PARAM_ITEM(scenario->clients, struct scenario_client, i);
        enum arrival_mode mode = arrival_ops(&client->arrivals)->mode;
        const struct replay_config *replay = client->arrivals.config;
        open += mode != ARRIVAL_CLOSED;
        if (mode == ARRIVAL_CLOSED)
            cmd_capacity_note(own, "the closed loop of", client->name, "stays as it is");
        if (mode == ARRIVAL_REPLAY && replay->at_end == REPLAY_STOP)
            return talk_invalid(own->run.loaded.path, 0,
                                "with `at_end: loop` it can be sped up",
                                "the replay of '%s' stops at the end of its file, which would "
                                "come sooner at a higher rate", client->name);
        if (mode == ARRIVAL_REPLAY)
            cmd_capacity_note(own, "the replay of", client->name,
                              "is sped up, bursts and all");
    }
    if (open > 0)
        return STATUS_FINE;
    return talk_invalid(own->run.loaded.path, 0,
                        "search by its users: --by clients.0.arrivals.closed.users, or --pods "
                        "GROUP", "all clients are closed loops, which have no rate to raise");
}

/* The rate of all open arrivals. */
static int cmd_capacity_by_load(struct cmd_capacity *own)
{
    const struct scenario *scenario = own->run.loaded.scenario;
    struct capacity_scale *scale = &own->capacity.scale;
    struct variant_list all = variant_list(scenario, &own->arena);
    int status = cmd_capacity_check_clients(own);
    for (size_t i = 0; i < all.count; i++)
        if (all.items[i].part == VARIANT_RATE)
            all.items[scale->values.count++] = all.items[i];
    scale->values.items = all.items;
    double load = scenario_load_factor(scenario);
    bool is_known = load > 0 && isfinite(load);
    scale->start = is_known ? CMD_CAPACITY_LOAD_START / load : 1;
    scale->least = scale->start / CMD_CAPACITY_FACTOR_MAX;
    scale->most = is_known ? CMD_CAPACITY_LOAD_MAX / load : CMD_CAPACITY_FACTOR_MAX;
    scale->base = scenario_rate(scenario);
    scale->by = "rate of all open arrivals";
    scale->unit = "1/s";
    return status;
}

static const char *cmd_capacity_unit(const struct variant_value *value)
{
    return value->type == PARAM_RATE       ? "1/s"
           : value->type == PARAM_DURATION ? "s"
           : value->type == PARAM_RATIO    ? "ratio"
                                           : "count";
}

/* One value of the scenario; `path` as the user has it. */
static int cmd_capacity_by_path(struct cmd_capacity *own, const char *path, bool is_least)
{
    struct capacity_scale *scale = &own->capacity.scale;
    struct variant_value *value = arena_take(&own->arena, 1, sizeof *value);
    if (!variant_find(own->run.loaded.scenario, path, &own->arena, value))
        return talk_usage(own->line->command,
                          "as in clients.web.arrivals.poisson.rate; 'lbsim explain' has the "
                          "keys", "the scenario has no number at '%s'", path);
    if (!(value->number > 0))
        return talk_usage(own->line->command, "--set gives it another value to begin with",
                          "'%s' is 0, so it cannot be scaled", path);
    bool whole = value->type == PARAM_COUNT || value->type == PARAM_SIZE;
    double base = value->type == PARAM_DURATION ? value->number / 1e9 : value->number;
    double least = value->row->min > 0 ? value->row->min : whole ? 1 : 0;
    double most = value->row->max > 0 ? value->row->max : INFINITY;
    *scale = (struct capacity_scale){
        .values = {value, 1}, .start = 1, .base = base, .by = value->named,
        .unit = cmd_capacity_unit(value), .is_least = is_least, .whole = whole,
        .least = fmax(least / value->number, 1 / CMD_CAPACITY_FACTOR_MAX),
        .most = fmin(most / value->number, CMD_CAPACITY_FACTOR_MAX)};
    if (whole)
        scale->least = fmax(scale->least, 1 / value->number);
    return STATUS_FINE;
}

static int cmd_capacity_choose(struct cmd_capacity *own)
{
    const char *by = option_value(own->line, &cmd_capacity_by);
    const char *pods = option_value(own->line, &cmd_capacity_pods);
    const struct scenario *scenario = own->run.loaded.scenario;
    if (by)
        return cmd_capacity_by_path(own, by, false);
    if (!pods)
        return cmd_capacity_by_load(own);
    const char **names = arena_take(&own->arena, scenario->pods.count + 1, sizeof *names);
    char path[128];
    for (size_t i = 0; i < scenario->pods.count; i++) {
        names[i] = PARAM_ITEM(scenario->pods, struct scenario_pods, i)->name;
        if (strcmp(names[i], pods) != 0)
            continue;
        snprintf(path, sizeof path, "pods.%zu.count", i);
        return cmd_capacity_by_path(own, path, true);
    }
    return talk_unknown(own->line->command, "pod group", pods, names);
}

/* The first value to be tried is that which must be reached: mostly that settles it. */
static int cmd_capacity_read_gate(struct cmd_capacity *own)
{
    struct capacity_scale *scale = &own->capacity.scale;
    const struct option *option = scale->is_least ? &cmd_capacity_at_most
                                                  : &cmd_capacity_at_least;
    const char *text = option_value(own->line, option);
    const struct param *row = scale->values.items[0].row;
    struct param param = {.key = option->name, .type = scale->values.items[0].type};
    union {
        sim_time time;
        uint64_t count;
        double number;
    } value = {0};
    char message[256];
    if (text == NULL)
        return STATUS_FINE;
    bool is_path = option_is_given(own->line, &cmd_capacity_by) || scale->is_least;
    param.min = is_path ? row->min : 0;
    param.max = is_path ? row->max : 0;
    param.type = is_path ? param.type : PARAM_RATE;
    if (!config_parse(&param, text, &value, message, sizeof message))
        return talk_usage(own->line->command, NULL, "--%s '%s': %s", option->name, text,
                          message);
    bool whole = param.type == PARAM_COUNT || param.type == PARAM_SIZE;
    double gate = param.type == PARAM_DURATION ? sim_seconds(value.time)
                  : whole                      ? (double)value.count
                                               : value.number;
    if (!(gate > 0) || !isfinite(gate / scale->base))
        return talk_usage(own->line->command, NULL, "--%s '%s' has to be above 0", option->name,
                          text);
    own->gate = gate;
    scale->start = gate / scale->base;
    scale->least = fmin(scale->least, scale->start);
    scale->most = fmax(scale->most, scale->start);
    return STATUS_FINE;
}

static int cmd_capacity_print(struct cmd_capacity *own)
{
    const struct capacity *capacity = &own->capacity;
    const struct capacity_scale *scale = &capacity->scale;
    struct capacity_table table = {
        .scenario = own->run.result.scenario, .slo = capacity->slo, .by = scale->by,
        .unit = scale->unit, .is_least = scale->is_least, .precision = capacity->precision,
        .gate = own->gate, .seed = own->run.result.seed, .rows = capacity->rows,
        .count = load_policies(own->run.loaded.scenario)->count, .notes = own->notes};
    struct verdict_suite suite = {.name = table.scenario, .path = own->line->operands[0]};
    if (own->gate > 0)
        suite.verdicts = capacity_gate_judge(&table, &own->arena);
    struct output *output = talk_open_stdout();
    capacity_render(&table, &suite,
                    (enum capacity_format)option_word(own->line, &cmd_capacity_format,
                                                      CAPACITY_TEXT),
                    talk_is_colored(own->line, STDOUT_FILENO), output);
    int status = talk_close(output, "standard output");
    if (status == STATUS_FINE)
        status = run_verdict_status(&suite.verdicts);
    verdict_free(&suite.verdicts);
    return status;
}

static int cmd_capacity_all(struct cmd_capacity *own)
{
    struct capacity *capacity = &own->capacity;
    int status = cmd_capacity_choose(own);
    if (status == STATUS_FINE)
        status = cmd_capacity_read_gate(own);
    if (status != STATUS_FINE)
        return status;
    /* Lasts until the end of the program, as the thread that waits for signals does. */
    own->order.interrupt = memory_zeroed(1, sizeof *own->order.interrupt);
    interrupt_watch(own->order.interrupt);
    capacity->order = &own->order;
    capacity->base = &own->run;
    status = capacity_search(capacity);
    return status == STATUS_FINE ? cmd_capacity_print(own) : status;
}

static int cmd_capacity_run(const struct command_line *line)
{
    struct cmd_capacity own = {.line = line};
    int status = cmd_capacity_read_options(&own);
    if (status == STATUS_FINE)
        status = run_prepare(&own.order, line->operands[0], &own.run);
    if (status == STATUS_FINE) {
        status = cmd_capacity_read_slo(&own);
        if (status == STATUS_FINE)
            status = cmd_capacity_all(&own);
        run_free(&own.run);
    }
    capacity_free(&own.capacity);
    arena_free(&own.arena);
    return status;
}

static const struct option *const cmd_capacity_options[] = {
    &cmd_capacity_slo,      &cmd_capacity_by,      &cmd_capacity_pods,
    &cmd_capacity_at_least, &cmd_capacity_at_most, &cmd_capacity_precision,
    &option_policy,         &option_set,           &option_seed,
    &option_replications,   &option_duration,      &option_jobs,
    &cmd_capacity_format,   &option_quiet,         &option_color,
    NULL,
};

static const char *const cmd_capacity_examples[] = {
    "lbsim capacity scenarios/many-balancers.yaml --slo 'p99 < 50ms'",
    "lbsim capacity scenarios/many-balancers.yaml --slo 'p99 < 50ms' --pods pod -p p2c",
    "lbsim capacity mine.yaml --slo 'p99 < 50ms' --at-least 8000/s -f junit > capacity.xml",
    "lbsim capacity mine.yaml --slo 'error_rate < 0.1%' --by clients.web.arrivals.poisson.rate",
    NULL,
};

const struct command command_capacity = {
    .name = "capacity",
    .summary = "the highest load, or the fewest pods, with which an objective holds",
    .operands = "SCENARIO",
    .operand_min = 1,
    .operand_max = 1,
    .complete = COMPLETE_SCENARIO,
    .options = cmd_capacity_options,
    .examples = cmd_capacity_examples,
    .details = "Bisects, for each policy, on one seed: the rates of all open arrivals are scaled\n"
               "together.  Shown are the last value at which the 95 % interval is on the right\n"
               "side and the first at which it is on the wrong one; while a try is undecided it\n"
               "gets more replications, up to run.max_replications.  With --at-least or\n"
               "--at-most the exit status is that of the gravest verdict, as of `check`.\n",
    .statuses = {STATUS_FAILED, STATUS_USAGE, STATUS_INVALID, STATUS_UNDECIDED, STATUS_MISSED,
                 STATUS_INTERRUPTED, STATUS_TERMINATED},
    .run = cmd_capacity_run,
};
