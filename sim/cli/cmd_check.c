/* SPDX-License-Identifier: GPL-3.0-or-later
   lbsim check: the thresholds of scenarios, which are simulated in memory for as long as it
   takes to decide, or of stored results as they are. */
#include "sim/cli/command.h"
#include "sim/cli/interrupt.h"
#include "sim/cli/pairing.h"
#include "sim/cli/subject.h"
#include "sim/cli/talk.h"
#include "sim/engine/check.h"
#include "sim/report/verdict_render.h"

#include <stdlib.h>
#include <unistd.h>

enum { CMD_CHECK_JOBS_MAX = 1024 };

static const char *const cmd_check_formats[] = {"text", "json", "md", "junit", "github", NULL};

static const struct option cmd_check_format = {
    .name = "format", .letter = 'f', .words = cmd_check_formats,
    .help = "what to print on stdout (default: text)",
};
static const struct option cmd_check_baseline = {
    .name = "baseline", .letter = 'b', .argument = "RESULT", .complete = COMPLETE_FOLDER,
    .help = "stored result that `of baseline` stands for",
};
static const struct option cmd_check_expect = {
    .name = "expect", .letter = 'e', .argument = "TEXT", .repeatable = true,
    .help = "expect this too: 'p99 of p2c < 60ms'",
};

/* One scenario or result. */
struct cmd_check_item {
    struct subject subject;
    struct expectations read; /* of a result */
    struct arena arena;       /* owns them */
};

struct cmd_check {
    const struct command_line *line;
    struct run_order order;
    struct cmd_check_item *items;
    struct verdict_suite *suites;
    size_t count;
    struct result baseline;
    bool has_baseline;
};

static struct expectations *cmd_check_expectations(struct cmd_check_item *item)
{
    return item->subject.is_run ? &item->subject.run.loaded.expectations : &item->read;
}

/* Those of the file, then those of --expect. */
static int cmd_check_expect_all(const struct cmd_check *check, struct cmd_check_item *item)
{
    struct problems problems = {0};
    struct expectations *expectations = cmd_check_expectations(item);
    const char *path = item->subject.path, *text;
    if (!item->subject.is_run) {
        char *file = subject_file(path);
        expectations_read(file, &item->subject.read, &item->arena, &problems, expectations);
        free(file);
    }
    const struct expectations_subject about = {
        .option = "--expect",
        .scenario = item->subject.is_run ? item->subject.run.loaded.scenario : NULL,
        .report = item->subject.is_run ? NULL : &item->subject.read.report,
        .labels = subject_labels(&item->subject, &item->arena)};
    for (size_t i = 0; (text = option_value_at(check->line, &cmd_check_expect, i)); i++)
        expectations_add(expectations, text, &about, &item->arena, &problems);
    int status = talk_problems(check->line, &problems);
    if (status != STATUS_FINE)
        return status;
    if (expectations->count + expectations->skipped_count == 0)
        return talk_invalid(path, 0, "add `expect: [p99 < 60ms]`, or --expect 'p99 < 60ms'",
                            "nothing is expected");
    if (expectations_need_baseline(expectations) && !check->has_baseline)
        return talk_usage(check->line->command, "--baseline results/main",
                          "'%s' compares with a baseline: name the stored result", path);
    return STATUS_FINE;
}

static int cmd_check_load_one(struct cmd_check *check, const char *path)
{
    struct cmd_check_item *item = &check->items[check->count];
    int status = subject_load(&check->order, path, &item->subject);
    if (status != STATUS_FINE)
        return status;
    check->count++;
    return cmd_check_expect_all(check, item);
}

/* Loads all, so that all problems are seen at once. */
static int cmd_check_load(struct cmd_check *check)
{
    const struct command_line *line = check->line;
    uint64_t jobs = option_default_jobs();
    if (!option_number(line, &option_jobs, 1, CMD_CHECK_JOBS_MAX, &jobs))
        return STATUS_USAGE;
    check->order = (struct run_order){.line = line, .jobs = (unsigned)jobs, .decides = true,
                                      .quiet = option_is_given(line, &option_quiet)};
    const char *baseline = option_value(line, &cmd_check_baseline);
    int status = baseline ? subject_read(baseline, &check->baseline) : STATUS_FINE;
    check->has_baseline = baseline && status == STATUS_FINE;
    check->order.baseline = check->has_baseline ? &check->baseline : NULL;
    for (size_t i = 0; i < line->operand_count && status != STATUS_USAGE; i++) {
        int one = cmd_check_load_one(check, line->operands[i]);
        status = one == STATUS_FINE ? status : one;
    }
    if (status != STATUS_FINE)
        return status;
    for (size_t i = 0; i < check->count; i++)
        if (check->items[i].subject.is_run)
            return STATUS_FINE;
    for (size_t i = 0; i < check->count; i++)
        status = subject_check_options(line, &check->items[i].subject, 1);
    return status;
}

/* Of a scenario the verdicts came with its run. */
static int cmd_check_judge(struct cmd_check *check, size_t index)
{
    struct subject *subject = &check->items[index].subject;
    struct verdict_suite *suite = &check->suites[index];
    int status = subject_measure(&check->order, subject);
    const struct result *result = subject_result(subject);
    *suite = (struct verdict_suite){.name = result->scenario, .path = subject->path};
    if (status != STATUS_FINE)
        return status;
    struct verdict_ground ground = {.report = &result->report,
                                    .is_partial = result->partial};
    if (check->has_baseline) {
        ground.stored = &check->baseline.report;
        ground.stored_is_paired = pairing_of(&check->baseline, result).paired;
    }
    suite->verdicts = expectations_judge(cmd_check_expectations(&check->items[index]), &ground);
    return STATUS_FINE;
}

/* A run that was stopped early shows nothing: nobody should take it for a verdict. */
static int cmd_check_all(struct cmd_check *check)
{
    int status = STATUS_FINE, worst = STATUS_FINE;
    for (size_t i = 0; i < check->count && status == STATUS_FINE; i++) {
        status = cmd_check_judge(check, i);
        int one = run_verdict_status(&check->suites[i].verdicts);
        if (one == STATUS_FINE && subject_result(&check->items[i].subject)->partial)
            one = STATUS_PARTIAL;
        worst = one > worst ? one : worst;
    }
    if (status != STATUS_FINE)
        return status;
    struct output *output = talk_open_stdout();
    verdict_render(check->suites, check->count,
                   (enum verdict_format)option_word(check->line, &cmd_check_format, VERDICT_TEXT),
                   talk_is_colored(check->line, STDOUT_FILENO), output);
    status = talk_close(output, "standard output");
    return status != STATUS_FINE ? status : worst;
}

static int cmd_check_run(const struct command_line *line)
{
    struct cmd_check check = {.line = line};
    check.items = memory_zeroed(line->operand_count, sizeof *check.items);
    check.suites = memory_zeroed(line->operand_count, sizeof *check.suites);
    int status = cmd_check_load(&check);
    if (status == STATUS_FINE) {
        /* Lasts until the end of the program, as the thread that waits for signals does. */
        check.order.interrupt = memory_zeroed(1, sizeof *check.order.interrupt);
        interrupt_watch(check.order.interrupt);
        status = cmd_check_all(&check);
    }
    for (size_t i = 0; i < check.count; i++) {
        verdict_free(&check.suites[i].verdicts);
        subject_free(&check.items[i].subject);
        arena_free(&check.items[i].arena);
    }
    if (check.has_baseline)
        result_free(&check.baseline);
    free(check.suites);
    free(check.items);
    return status;
}

static const struct option *const cmd_check_options[] = {
    &cmd_check_expect, &cmd_check_baseline,  &option_policy,   &option_set,
    &option_seed,      &option_replications, &option_duration, &option_jobs,
    &cmd_check_format, &option_quiet,        &option_color,    NULL,
};

static const char *const cmd_check_examples[] = {
    "lbsim check scenarios/quick-start.yaml --expect 'p99 of p2c < 0.5 * p99 of random'",
    "lbsim check mine.yaml --baseline results/main --format github",
    "lbsim check results/mine --format junit > lbsim.xml",
    NULL,
};

const struct command command_check = {
    .name = "check",
    .summary = "hold thresholds against scenarios or results: the CI gate",
    .operands = "RESULT|SCENARIO...",
    .operand_min = 1,
    .operand_max = SIZE_MAX,
    .complete = COMPLETE_SCENARIO,
    .options = cmd_check_options,
    .examples = cmd_check_examples,
    .details = "A threshold is METRIC [of POLICY] [in SCOPE] OP VALUE, or OP [FACTOR *] METRIC\n"
               "of POLICY, which may be `baseline`.  It passes where the whole 95 % interval\n"
               "is on the right side, fails where it is on the wrong one.  While one is\n"
               "undecided, scenarios get more replications, up to run.max_replications.\n",
    .statuses = {STATUS_FAILED, STATUS_USAGE, STATUS_INVALID, STATUS_PARTIAL,
                 STATUS_UNDECIDED, STATUS_MISSED, STATUS_INTERRUPTED, STATUS_TERMINATED},
    .run = cmd_check_run,
};
