/* SPDX-License-Identifier: GPL-3.0-or-later
   The order of the steps: simulate, write all files under a hidden name, rename, print. */
#include "sim/cli/run.h"

#include "sim/cli/folder.h"
#include "sim/cli/interrupt.h"
#include "sim/cli/pairing.h"
#include "sim/cli/progress.h"
#include "sim/cli/run_note.h"
#include "sim/cli/talk.h"
#include "sim/cli/version.h"
#include "sim/engine/check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int run_prepare(const struct run_order *order, const char *path, struct run *run)
{
    return run_prepare_with(order, path, NULL, run);
}

int run_prepare_with(const struct run_order *order, const char *path,
                     const struct load_further *further, struct run *run)
{
    *run = (struct run){0};
    int status = load_scenario_with(order->line, path, further, &run->loaded);
    if (status != STATUS_FINE)
        return status;
    const struct scenario *scenario = run->loaded.scenario;
    run->resolved = output_to_memory();
    config_dump(scenario_params, scenario, run->resolved, 1);
    size_t size;
    run->result = (struct result){
        .scenario = scenario->name,
        .summary = scenario->summary,
        .version = LBSIM_VERSION,
        .seed = scenario->run.seed,
        .resolved = output_memory(run->resolved, &size),
    };
    if (order->folder)
        run->folder = folder_path(order->folder, scenario->name);
    return STATUS_FINE;
}

int run_look(const struct run_order *order, struct run *run)
{
    run->state = result_folder_look(run->folder, &run->result);
    if (run->state == RESULT_FOLDER_FOREIGN)
        return talk_failure("'%s' is there and is not a result of lbsim: choose another "
                            "folder with -o", run->folder);
    if (run->state == RESULT_FOLDER_OTHER && !order->force)
        return talk_failure("'%s' holds the results of another run: add --force to replace "
                            "them, or choose another folder with -o", run->folder);
    return STATUS_FINE;
}

#define RUN_MANY_REQUESTS 1e10 /* all runs together */

/* A run's part in an experiment. */
struct run_plan {
    struct run *run;
    struct stopping stopping;
    struct experiment_policy *outcomes;
    char *replay;
};

/* Sums up what the experiment did. */
static void run_take(struct run_plan *plan, const struct experiment_cell *cell, bool stopped)
{
    struct run *run = plan->run;
    struct result *result = &run->result;
    const struct param_list *list = cell->policies;
    result->policies = arena_take(&result->arena, list->count, sizeof *result->policies);
    result->policy_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        const struct param_kind *policy = PARAM_ITEM(*list, struct param_kind, i);
        const struct experiment_policy *outcome = &plan->outcomes[i];
        result->policies[i] = (struct result_policy){
            .label = policy->label,
            .kind = policy->kind->name,
            .replications = outcome->replications,
            .requests = outcome->requests,
            .rows = outcome->rows,
        };
        result->partial |= outcome->replications < cell->replications;
        run->requests += outcome->requests;
        run->events += outcome->events;
    }
    /* With a rule nobody knows how many it would have been. */
    result->partial |= cell->extend && stopped;
    plan->stopping.ground.report = &result->report;
    plan->stopping.ground.is_partial = result->partial;
    run->verdicts = expectations_judge(plan->stopping.expectations, &plan->stopping.ground);
    result->notes = run_note_list(run, &plan->stopping, cell->replications);
}

int run_verdict_status(const struct verdict_list *verdicts)
{
    enum verdict_outcome worst = verdict_worst(verdicts);
    return worst == VERDICT_FAIL        ? STATUS_MISSED
           : worst == VERDICT_UNDECIDED ? STATUS_UNDECIDED
                                        : STATUS_FINE;
}

static void run_draw(void *context, const struct watch_view *view)
{
    progress_draw(context, view);
}

/* The usual rule, or the one that the order brings. */
static void run_plan_rule(const struct run_order *order, struct run_plan *plan,
                          struct experiment_cell *cell)
{
    const struct scenario *scenario = plan->run->loaded.scenario;
    plan->stopping = (struct stopping){
        .scenario = scenario,
        .expectations = &plan->run->loaded.expectations,
        .ground.stored = order->baseline ? &order->baseline->report : NULL,
        .ground.stored_is_paired =
            order->baseline && pairing_of(order->baseline, &plan->run->result).paired,
        .precise = scenario->run.replications == UINT64_MAX,
    };
    plan->stopping.decides = order->decides || plan->stopping.precise;
    cell->extend = plan->stopping.decides ? stopping_extend : NULL;
    cell->rule = &plan->stopping;
    if (order->extend) {
        cell->extend = order->extend;
        cell->rule = order->rule;
    }
}

static struct experiment_cell run_open_plan(const struct run_order *order, struct run *run,
                                            struct run_plan *plan)
{
    const struct scenario *scenario = run->loaded.scenario;
    const struct param_list *policies = load_policies(scenario);
    *plan = (struct run_plan){
        .run = run,
        .outcomes = memory_zeroed(policies->count, sizeof *plan->outcomes),
        .replay = run_note_replay(order->line, run->loaded.path),
    };
    struct experiment_cell cell = {
        .scenario = scenario,
        .policies = policies,
        .replications = scenario_replications(scenario),
        .replications_max = scenario->run.max_replications,
        .trace_folder = order->traces ? run->part : NULL,
        .replay = plan->replay,
        .report = &run->result.report,
        .outcomes = plan->outcomes,
    };
    run_plan_rule(order, plan, &cell);
    return cell;
}

/* Says so where even the fastest machine is busy for half an hour: mostly a rate or a unit is
   wrong then, and without a terminal nothing else is said before the end. */
static void run_note_long(const struct experiment *experiment)
{
    double requests = 0;
    for (size_t i = 0; i < experiment->cell_count; i++) {
        const struct experiment_cell *cell = &experiment->cells[i];
        requests += scenario_rate(cell->scenario) * sim_seconds(cell->scenario->run.duration) *
                    (double)cell->replications * (double)cell->policies->count;
    }
    if (requests > RUN_MANY_REQUESTS)
        talk_note("about %.2g requests are to be simulated, which takes hours: a shorter "
                  "--duration or a lower rate helps", requests);
}

/* Whether it went well; otherwise with a message. */
static bool run_perform(const struct run_order *order, const char *title,
                        struct experiment *experiment)
{
    struct progress progress = {
        .title = title,
        .began = progress_clock(),
    };
    bool live = !order->quiet && talk_is_live(STDERR_FILENO);
    char message[1024];
    if (!order->quiet)
        run_note_long(experiment);
    experiment->jobs = order->jobs;
    experiment->stop = &order->interrupt->stop;
    experiment->progress = live ? run_draw : NULL;
    experiment->context = &progress;
    bool fine = experiment_run(experiment, message, sizeof message);
    progress_clear(&progress);
    if (!fine)
        talk_failure("%s", message);
    return fine;
}

int run_measure(const struct run_order *order, struct run *runs, size_t count,
                double *elapsed_seconds)
{
    struct run_plan *plans = memory_take(count, sizeof *plans);
    struct experiment_cell *cells = memory_take(count, sizeof *cells);
    struct experiment experiment = {.cells = cells, .cell_count = count};
    double began = progress_clock();
    for (size_t i = 0; i < count; i++)
        cells[i] = run_open_plan(order, &runs[i], &plans[i]);
    bool fine = run_perform(order, runs[0].loaded.scenario->name, &experiment);
    for (size_t i = 0; i < count; i++) {
        if (fine)
            run_take(&plans[i], &cells[i], atomic_load(experiment.stop));
        free(plans[i].outcomes);
        free(plans[i].replay);
    }
    *elapsed_seconds = progress_clock() - began;
    free(cells);
    free(plans);
    return fine ? STATUS_FINE : STATUS_FAILED;
}

int run_open_part(const struct run_order *order, struct run *run)
{
    char *parent = folder_parent(run->folder);
    run->made = folder_missing(parent);
    free(parent);
    atomic_store(&order->interrupt->made, run->made);
    run->part = folder_open_part(run->folder);
    if (!run->part)
        return talk_failure("cannot make the folder '%s': %s", run->folder, strerror(errno));
    atomic_store(&order->interrupt->part, run->part);
    return STATUS_FINE;
}

void run_drop_part(const struct run_order *order, struct run *run, bool landed)
{
    atomic_store(&order->interrupt->part, NULL);
    atomic_store(&order->interrupt->made, NULL);
    if (run->part && !landed)
        folder_remove(run->part);
    if (run->made && !landed) {
        char *parent = folder_parent(run->folder);
        folder_prune(parent, run->made);
        free(parent);
    }
    free(run->part);
    free(run->made);
    run->part = run->made = NULL;
}

/* Writes the files and gives the folder its name.  A complete result is not given up for a
   partial one of the same run. */
static int run_land(struct run *run, const struct result_log *log, bool *landed)
{
    if (run->result.partial && run->state == RESULT_FOLDER_SAME) {
        talk_note("'%s' holds the same run, complete: kept", run->folder);
        return STATUS_FINE;
    }
    int status = result_folder_write(run->part, &run->result, log);
    if (status == STATUS_FINE)
        status = result_folder_land(run->part, run->folder, run->state);
    *landed = status == STATUS_FINE;
    return status;
}

/* Table, CSV, Markdown or JSON.  CSV of several scenarios has one header line. */
static int run_print(const struct run_order *order, struct run *run, size_t index)
{
    struct output *output = talk_open_stdout();
    struct report_heading heading = result_heading(&run->result);
    bool is_csv = order->format == REPORT_CSV, is_json = order->format == REPORT_JSON;
    if (!order->folder) {
        result_write(&run->result, output);
    } else if (is_csv && index > 0) {
        struct output *whole = output_to_memory();
        report_render(&run->result.report, &heading, order->format, false, whole);
        size_t size;
        const char *line = strchr(output_memory(whole, &size), '\n');
        output_text(output, line ? line + 1 : "");
        output_close(whole, false);
    } else {
        output_text(output, index > 0 && !is_json ? "\n" : "");
        result_render(&run->result, order->format, talk_is_colored(order->line, STDOUT_FILENO),
                      output);
    }
    return talk_close(output, "standard output");
}

int run_simulate(const struct run_order *order, struct run *run, size_t index)
{
    struct result_log log = {
        .argc = order->line->argc,
        .argv = order->line->argv,
        .started = (int64_t)time(NULL),
        .jobs = order->jobs,
    };
    bool landed = false;
    int status = run->folder ? run_open_part(order, run) : STATUS_FINE;
    if (status == STATUS_FINE)
        status = run_measure(order, run, 1, &log.elapsed_seconds);
    log.requests = run->requests;
    log.events = run->events;
    bool is_empty = run->result.report.count == 0 && run->result.partial;
    if (status == STATUS_FINE && is_empty)
        talk_note("stopped before the first replication was finished: nothing written");
    if (status == STATUS_FINE && !is_empty && run->folder)
        status = run_land(run, &log, &landed);
    run_drop_part(order, run, landed);
    if (status == STATUS_FINE && !is_empty) {
        status = run_print(order, run, index);
        if (!order->quiet)
            run_note_end(run, &log);
    }
    int stopped = interrupt_status(order->interrupt);
    if (status == STATUS_FINE)
        status = run_verdict_status(&run->verdicts);
    return stopped ? stopped : status;
}

void run_free(struct run *run)
{
    verdict_free(&run->verdicts);
    result_free(&run->result);
    output_close(run->resolved, false);
    load_free(&run->loaded);
    free(run->folder);
}
