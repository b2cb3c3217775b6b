/* SPDX-License-Identifier: GPL-3.0-or-later
   lbsim run: simulate every policy of each scenario.  All scenarios are loaded and all
   folders looked at before anything is simulated or written. */
#include "sim/cli/command.h"
#include "sim/cli/interrupt.h"
#include "sim/cli/run.h"
#include "sim/cli/sweep.h"
#include "sim/cli/talk.h"
#include "sim/engine/check.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CMD_RUN_JOBS_MAX = 1024 };

/* The options, read once. */
static bool cmd_run_read_options(const struct command_line *line, struct run_order *order)
{
    uint64_t jobs = option_default_jobs();
    if (!option_number(line, &option_jobs, 1, CMD_RUN_JOBS_MAX, &jobs))
        return false;
    const char *folder = option_value(line, &option_output);
    *order = (struct run_order){
        .line = line,
        .folder = folder ? folder : "results",
        .jobs = (unsigned)jobs,
        .format = (enum report_format)option_word(line, &option_format, REPORT_TEXT),
        .traces = option_is_given(line, &option_trace),
        .force = option_is_given(line, &option_force),
        .quiet = option_is_given(line, &option_quiet),
    };
    if (order->folder[0] == '\0') {
        talk_usage(line->command, NULL, "--output needs the name of a folder");
        return false;
    }
    if (strcmp(order->folder, "-") != 0)
        return true;
    order->folder = NULL;
    if (order->traces || option_is_given(line, &option_format)) {
        talk_usage(line->command, "leave one of them out",
                   "'-o -' writes JSON to stdout and no files, so it does not go with --%s",
                   order->traces ? "trace" : "format");
        return false;
    }
    return true;
}

static int cmd_run_check_names(const struct run_order *order, const struct run *runs,
                               size_t count)
{
    for (size_t i = 0; order->folder && i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(runs[i].result.scenario, runs[j].result.scenario) == 0)
                return talk_usage(order->line->command, "run them one by one, each with its -o",
                                  "'%s' and '%s' are both named '%s'", runs[j].loaded.path,
                                  runs[i].loaded.path, runs[i].result.scenario);
    return STATUS_FINE;
}

/* Loads all, so that all problems are seen at once; *loaded of them, with their sweeps. */
static int cmd_run_prepare(const struct run_order *order, struct run *runs,
                           struct sweep *sweeps, size_t *loaded)
{
    const struct command_line *line = order->line;
    int status = STATUS_FINE;
    for (size_t i = 0; i < line->operand_count && status != STATUS_USAGE; i++) {
        int one = run_prepare(order, line->operands[i], &runs[*loaded]);
        if (one == STATUS_FINE)
            one = sweep_prepare(order, &runs[*loaded], &sweeps[*loaded]), ++*loaded;
        status = one == STATUS_FINE ? status : one;
    }
    if (status == STATUS_FINE)
        status = cmd_run_check_names(order, runs, *loaded);
    for (size_t i = 0; order->folder && i < *loaded && status == STATUS_FINE; i++)
        status = sweeps[i].count > 0 ? sweep_look(order, &sweeps[i]) : run_look(order, &runs[i]);
    return status;
}

static int cmd_run_run(const struct command_line *line)
{
    struct run_order order;
    if (!cmd_run_read_options(line, &order))
        return STATUS_USAGE;
    struct run *runs = memory_zeroed(line->operand_count, sizeof *runs);
    struct sweep *sweeps = memory_zeroed(line->operand_count, sizeof *sweeps);
    size_t loaded = 0;
    int status = cmd_run_prepare(&order, runs, sweeps, &loaded);
    if (status == STATUS_FINE) {
        /* Lasts until the end of the program, as the thread that waits for signals does. */
        order.interrupt = memory_zeroed(1, sizeof *order.interrupt);
        interrupt_watch(order.interrupt);
    }
    bool goes_on = status == STATUS_FINE;
    for (size_t i = 0; i < loaded && goes_on; i++) {
        int one = sweeps[i].count > 0 ? sweep_simulate(&order, &sweeps[i], i)
                                      : run_simulate(&order, &runs[i], i);
        /* A threshold that is missed is no reason to leave out the other scenarios. */
        goes_on = one == STATUS_FINE || one == STATUS_UNDECIDED || one == STATUS_MISSED;
        status = goes_on && status > one ? status : one;
    }
    for (size_t i = 0; i < loaded; i++) {
        sweep_free(&sweeps[i]);
        run_free(&runs[i]);
    }
    free(sweeps);
    free(runs);
    return status;
}

static const struct option *const cmd_run_options[] = {
    &option_policy,   &option_set,   &option_vary,   &option_seed,  &option_replications,
    &option_duration, &option_jobs,  &option_output, &option_trace, &option_format,
    &option_force,    &option_quiet, &option_color,  NULL,
};

static const char *const cmd_run_examples[] = {
    "lbsim run scenarios/quick-start.yaml",
    "lbsim run scenarios/quick-start.yaml -o two -p p2c -p '{p2c: {choices: 3}, as: three}'",
    "lbsim run scenarios/quick-start.yaml -o larger --set pods.0.count=16",
    "lbsim run scenarios/quick-start.yaml -o traced --policy all --replications 2 --trace",
    "lbsim run scenarios/quick-start.yaml -o sweep --vary pods.0.count=10,12,14",
    "lbsim run results/quick-start/run.json    # the same run again",
    NULL,
};

const struct command command_run = {
    .name = "run",
    .summary = "simulate every policy in it; table on stdout, files in results/",
    .operands = "SCENARIO...",
    .operand_min = 1,
    .operand_max = SIZE_MAX,
    .complete = COMPLETE_SCENARIO,
    .options = cmd_run_options,
    .examples = cmd_run_examples,
    .details = "All policies face the same requests.  Results of the same run are replaced,\n"
               "those of another run only with --force.  What `expect` in the scenario asks\n"
               "for is judged under the table; `lbsim check` adds replications until it is\n"
               "decided.  With `vary` in the scenario or --vary every combination of the values\n"
               "is run, each into a folder of its own, with sweep.csv and sweep.md of them all.\n",
    .statuses = {STATUS_FAILED, STATUS_USAGE, STATUS_INVALID, STATUS_UNDECIDED,
                 STATUS_MISSED, STATUS_INTERRUPTED, STATUS_TERMINATED},
    .run = cmd_run_run,
};
