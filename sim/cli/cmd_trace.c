/* SPDX-License-Identifier: GPL-3.0-or-later
   lbsim trace: looks inside a trace: the attempts that a filter lets through, the slowest of
   them, and both in the forms of other tools. */
#include "sim/cli/command.h"
#include "sim/cli/talk.h"
#include "sim/cli/trace_export.h"
#include "sim/cli/trace_find.h"
#include "sim/cli/trace_list.h"
#include "sim/config/config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const cmd_trace_formats[] = {"text", "csv", "json", NULL};
static const char *const cmd_trace_exports[] = {"perfetto", "hlog", "percentiles", NULL};
enum { CMD_TRACE_LIST, CMD_TRACE_PERFETTO, CMD_TRACE_HLOG, CMD_TRACE_PERCENTILES };

static const struct option cmd_trace_from = {
    .name = "from", .argument = "D", .help = "requests due at D or later, from the run's start",
};
static const struct option cmd_trace_to = {
    .name = "to", .argument = "D", .help = "requests due before D",
};
static const struct option cmd_trace_pod = {
    .name = "pod", .argument = "NAME", .repeatable = true,
    .help = "attempts at this pod, or at pods of this group",
};
static const struct option cmd_trace_client = {
    .name = "client", .argument = "NAME", .repeatable = true,
    .help = "requests of this client group",
};
static const struct option cmd_trace_outcome = {
    .name = "outcome", .argument = "WORD", .words = outcome_names, .repeatable = true,
    .help = "attempts that ended so: `lbsim explain outcome`",
};
static const struct option cmd_trace_phase = {
    .name = "phase", .words = phase_names, .repeatable = true,
    .help = "requests due in this part of the run",
};
static const struct option cmd_trace_replication = {
    .name = "replication", .argument = "N", .help = "of this replication, from 1",
};
static const struct option cmd_trace_policy = {
    .name = "policy", .letter = 'p', .argument = "P", .complete = COMPLETE_POLICY,
    .help = "whose trace, where a result has several",
};
static const struct option cmd_trace_slowest = {
    .name = "slowest", .argument = "N", .help = "the N with the longest latency, longest first",
};
static const struct option cmd_trace_limit = {
    .name = "limit", .letter = 'n', .argument = "N", .help = "at most N attempts",
};
static const struct option cmd_trace_format = {
    .name = "format", .letter = 'f', .words = cmd_trace_formats,
    .help = "text (default), csv: a trace again, json: an object a line",
};
static const struct option cmd_trace_export = {
    .name = "export", .words = cmd_trace_exports,
    .help = "for ui.perfetto.dev, or for tools of HdrHistogram",
};
static const struct option cmd_trace_interval = {
    .name = "interval", .argument = "D", .help = "of --export hlog (default: 1s)",
};
static const struct option cmd_trace_output = {
    .name = "output", .letter = 'o', .argument = "FILE", .complete = COMPLETE_FILE,
    .help = "write to FILE in place of stdout",
};

struct cmd_trace {
    const struct command_line *line;
    struct trace_select select;
    struct trace_list_order order;
    sim_time interval;
    size_t export;
    struct arena arena;
};

static bool cmd_trace_duration(const struct command_line *line, const struct option *option,
                               sim_time least, sim_time *duration)
{
    const char *value = option_value(line, option);
    const struct param row = {.key = option->name, .type = PARAM_DURATION,
                              .min = (double)least, .max = (double)SIM_LONGEST, .help = ""};
    char message[256] = "";
    if (value == NULL || config_parse(&row, value, duration, message, sizeof message))
        return true;
    talk_usage(line->command, NULL, "--%s '%s': %s", option->name, value, message);
    return false;
}

/* The values of a repeatable option, ended with NULL; NULL: there are none. */
static const char **cmd_trace_names(struct cmd_trace *trace, const struct option *option)
{
    size_t count = 0;
    while (option_value_at(trace->line, option, count) != NULL)
        count++;
    const char **names = arena_take(&trace->arena, count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = option_value_at(trace->line, option, i);
    return count > 0 ? names : NULL;
}

static unsigned cmd_trace_bits(const struct command_line *line, const struct option *option)
{
    unsigned bits = 0;
    const char *value;
    for (size_t i = 0; (value = option_value_at(line, option, i)) != NULL; i++)
        for (unsigned word = 0; option->words[word] != NULL; word++)
            bits |= strcmp(value, option->words[word]) == 0 ? 1u << word : 0;
    return bits;
}

/* What has no meaning beside --export, or without one of its kinds. */
static bool cmd_trace_fits(const struct cmd_trace *trace)
{
    static const struct option *const lists[] = {&cmd_trace_slowest, &cmd_trace_format};
    const struct command_line *line = trace->line;
    const char *export = option_value(line, &cmd_trace_export);
    const struct option *odd = NULL;
    for (size_t i = 0; i < sizeof lists / sizeof *lists && export != NULL; i++)
        odd = option_is_given(line, lists[i]) ? lists[i] : odd;
    if (trace->export >= CMD_TRACE_HLOG && option_is_given(line, &cmd_trace_limit))
        odd = &cmd_trace_limit;
    if (odd != NULL)
        talk_usage(line->command, NULL, "--%s has no meaning with --export %s", odd->name,
                   export);
    else if (trace->export != CMD_TRACE_HLOG && option_is_given(line, &cmd_trace_interval))
        talk_usage(line->command, NULL, "--interval needs --export hlog");
    else if (trace->select.from >= trace->select.to)
        talk_usage(line->command, "--from is less than --to",
                   "nothing is due between --from and --to");
    else
        return true;
    return false;
}

static bool cmd_trace_order(struct cmd_trace *trace)
{
    const struct command_line *line = trace->line;
    trace->export = CMD_TRACE_LIST;
    if (option_is_given(line, &cmd_trace_export))
        trace->export = CMD_TRACE_PERFETTO + option_word(line, &cmd_trace_export, 0);
    bool perfetto = trace->export == CMD_TRACE_PERFETTO;
    trace->select = (struct trace_select){
        .to = SIM_NEVER,
        .outcomes = cmd_trace_bits(line, &cmd_trace_outcome),
        .phases = cmd_trace_bits(line, &cmd_trace_phase),
        .pods = cmd_trace_names(trace, &cmd_trace_pod),
        .clients = cmd_trace_names(trace, &cmd_trace_client),
    };
    trace->order = (struct trace_list_order){
        .format = (enum trace_list_format)option_word(line, &cmd_trace_format, TRACE_LIST_TEXT),
        .limit = perfetto ? TRACE_PERFETTO_DEFAULT : UINT64_MAX,
    };
    trace->interval = SIM_SECOND;
    if (trace->export >= CMD_TRACE_HLOG && trace->select.phases == 0)
        trace->select.phases = 1u << PHASE_MEASURE;
    return cmd_trace_duration(line, &cmd_trace_from, 0, &trace->select.from) &&
           cmd_trace_duration(line, &cmd_trace_to, 1, &trace->select.to) &&
           cmd_trace_duration(line, &cmd_trace_interval, SIM_MILLISECOND, &trace->interval) &&
           option_number(line, &cmd_trace_replication, 1, UINT32_MAX,
                         &trace->select.replication) &&
           option_number(line, &cmd_trace_slowest, 1, TRACE_LIST_SLOWEST_MAX,
                         &trace->order.slowest) &&
           option_number(line, &cmd_trace_limit, 1, perfetto ? TRACE_PERFETTO_MAX : UINT64_MAX,
                         &trace->order.limit) &&
           cmd_trace_fits(trace);
}

static void cmd_trace_note(const struct cmd_trace *trace, uint64_t count)
{
    if (count == 0)
        talk_note("no attempt is like that");
    else if (trace->export == CMD_TRACE_PERFETTO && count == trace->order.limit)
        talk_note("stopped at %llu attempts; --from and --to choose a part, --limit a number",
                  (unsigned long long)count);
}

static int cmd_trace_write(const struct cmd_trace *trace, const char *path)
{
    const char *file = option_value(trace->line, &cmd_trace_output);
    bool is_file = file != NULL && strcmp(file, "-") != 0;
    struct output *output = is_file ? output_to_file(file) : talk_open_stdout();
    if (output == NULL)
        return talk_failure("cannot write '%s': %s", file, strerror(errno));
    uint64_t count = 0;
    int status = STATUS_FINE;
    if (trace->export == CMD_TRACE_PERFETTO)
        status = trace_perfetto(path, &trace->select, trace->order.limit, output, &count);
    else if (trace->export == CMD_TRACE_HLOG)
        status = trace_hlog(path, &trace->select, trace->interval, output, &count);
    else if (trace->export == CMD_TRACE_PERCENTILES)
        status = trace_percentiles(path, &trace->select, output, &count);
    else
        status = trace_list(path, &trace->select, &trace->order, output, &count);
    if (status != STATUS_FINE && is_file) {
        output_close(output, false);
        return status;
    }
    int closed = talk_close(output, is_file ? file : "standard output");
    if (status == STATUS_FINE && closed == STATUS_FINE)
        cmd_trace_note(trace, count);
    return status != STATUS_FINE ? status : closed;
}

static int cmd_trace_run(const struct command_line *line)
{
    struct cmd_trace trace = {.line = line};
    int status = STATUS_USAGE;
    if (cmd_trace_order(&trace)) {
        char *path = trace_find(line, line->operands[0], option_value(line, &cmd_trace_policy),
                                &status);
        if (path != NULL)
            status = cmd_trace_write(&trace, path);
        free(path);
    }
    arena_free(&trace.arena);
    return status;
}

static const struct option *const cmd_trace_options[] = {
    &cmd_trace_from,     &cmd_trace_to,     &cmd_trace_pod,         &cmd_trace_client,
    &cmd_trace_outcome,  &cmd_trace_phase,  &cmd_trace_replication, &cmd_trace_policy,
    &cmd_trace_slowest,  &cmd_trace_limit,  &cmd_trace_format,      &cmd_trace_export,
    &cmd_trace_interval, &cmd_trace_output, NULL,
};

static const char *const cmd_trace_examples[] = {
    "lbsim run scenarios/quick-start.yaml --trace    # makes what is looked into here",
    "lbsim trace results/quick-start --policy p2c --slowest 20",
    "lbsim trace results/quick-start/p2c --replication 1 --from 30s --to 31s --format csv",
    "lbsim trace results/quick-start/p2c --replication 1 --export perfetto -o p2c.json",
    "lbsim trace results/quick-start/p2c --export hlog --interval 10s -o p2c.hlog",
    NULL,
};

const struct command command_trace = {
    .name = "trace",
    .summary = "looks inside a trace: single attempts, the slowest, exports",
    .operands = "RESULT|TRACE",
    .operand_min = 1,
    .operand_max = 1,
    .complete = COMPLETE_FILE,
    .options = cmd_trace_options,
    .examples = cmd_trace_examples,
    .details = "A line an attempt; latency counts from when the request was due, and client,\n"
               "network, balancer, queue and service are its parts.\n"
               "\n"
               "perfetto: Chrome's JSON; pods are processes, workers threads, of one\n"
               "replication, at most 100,000 attempts unless --limit says otherwise.\n"
               "hlog, percentiles: HdrHistogram's log (nanoseconds) and text (milliseconds), of\n"
               "the latencies that `lbsim report` counts: of requests answered or given up, due\n"
               "in the measured window unless --phase is given; all replications together\n"
               "unless --replication is.  An interval has what ended in it.\n",
    .statuses = {STATUS_FAILED, STATUS_USAGE, STATUS_INVALID},
    .run = cmd_trace_run,
};
