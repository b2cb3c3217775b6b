/* SPDX-License-Identifier: GPL-3.0-or-later
   lbsim compare: the policies of one result against one of them, or two results policy by
   policy.  A scenario stands for the result of running it. */
#include "sim/cli/command.h"
#include "sim/cli/interrupt.h"
#include "sim/cli/pairing.h"
#include "sim/cli/subject.h"
#include "sim/cli/talk.h"
#include "sim/engine/check.h"
#include "sim/report/compare_render.h"
#include "sim/report/metric_find.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CMD_COMPARE_JOBS_MAX = 1024, CMD_COMPARE_LINE = 1024 };

static const struct option cmd_compare_metric = {
    .name = "metric", .letter = 'm', .argument = "METRIC", .repeatable = true,
    .help = "what to compare (default: mean, p99, error_rate)",
};
static const struct option cmd_compare_scope = {
    .name = "scope", .argument = "SCOPE",
    .help = "of whom: 'client web', 'group slow' (default: all)",
};
static const struct option cmd_compare_baseline = {
    .name = "baseline", .argument = "POLICY", .complete = COMPLETE_POLICY,
    .help = "of one result: compare with this policy (default: the first)",
};
static const struct option cmd_compare_pairs = {
    .name = "pairs", .help = "of one result: compare each policy with each",
};
static const struct option cmd_compare_margin = {
    .name = "margin", .argument = "RATIO",
    .help = "up to so far apart is equal, and passes the gate (default: 2%)",
};
static const struct option cmd_compare_gate = {
    .name = "gate",
    .help = "exit with 99 if anything is worse than its baseline by more than the margin",
};

/* One comparison of everything, under way. */
struct cmd_compare {
    const struct command_line *line;
    struct run_order order;
    struct subject subjects[2];
    size_t count;
    const char *const *labels[2]; /* of the policies; end with NULL */
    bool single; /* each of two has one policy: they are compared, whatever their labels */
    const char *scope;
    const char **metrics; /* ends with NULL */
    struct compare_family family;
    struct pairing pairing;
    char what[CMD_COMPARE_LINE];
    struct compare_leaders *leaders; /* by metric */
    size_t leader_count;
    const char *notes[3]; /* ends with NULL */
    size_t note_count;
    struct arena arena;
};

static int cmd_compare_read_metrics(struct cmd_compare *compare)
{
    static const char *usual[] = {"mean", "p99", "error_rate", NULL};
    const struct command_line *line = compare->line;
    size_t count = 0;
    compare->metrics = arena_take(&compare->arena, line->given_count + 1, sizeof(char *));
    const char *name;
    for (; (name = option_value_at(line, &cmd_compare_metric, count)); count++) {
        const struct metric_row *row = metric_find(name);
        if (!row) {
            const char *hint = talk_suggestion(&compare->arena, metric_find_nearest(name));
            return talk_usage(line->command, hint ? hint : "'lbsim list metrics' has them all",
                              "unknown metric '%s'", name);
        }
        if (row->rule == METRIC_FACT)
            return talk_usage(line->command, NULL,
                              "'%s' is a fact of its runs: it has no interval, so it is not "
                              "compared", name);
        compare->metrics[count] = row->metric.name;
    }
    if (count == 0)
        compare->metrics = usual;
    return STATUS_FINE;
}

static int cmd_compare_read_options(struct cmd_compare *compare)
{
    static const struct param margin = {
        .key = "margin", .type = PARAM_RATIO, .min = 0, .max = 1};
    const struct command_line *line = compare->line;
    uint64_t jobs = experiment_default_jobs();
    if (!option_number(line, &option_jobs, 1, CMD_COMPARE_JOBS_MAX, &jobs))
        return STATUS_USAGE;
    compare->order = (struct run_order){
        .line = line, .jobs = (unsigned)jobs, .quiet = option_is_given(line, &option_quiet)};
    compare->scope = option_value(line, &cmd_compare_scope);
    if (!compare->scope)
        compare->scope = "all";
    compare->family.margin = 0.02;
    const char *text = option_value(line, &cmd_compare_margin);
    char message[256];
    if (text && !config_parse(&margin, text, &compare->family.margin, message, sizeof message))
        return talk_usage(line->command, NULL, "--margin '%s': %s", text, message);
    bool is_two = line->operand_count == 2;
    const struct option *only = option_is_given(line, &cmd_compare_pairs) ? &cmd_compare_pairs
                                                                          : &cmd_compare_baseline;
    if (is_two && option_is_given(line, only))
        return talk_usage(line->command, "of two results the first is the baseline",
                          "--%s is for the policies of one result", only->name);
    return cmd_compare_read_metrics(compare);
}

static bool cmd_compare_has(const char *const *labels, const char *label)
{
    while (*labels && strcmp(*labels, label) != 0)
        labels++;
    return *labels != NULL;
}

/* What the labels alone tell, before anything is simulated. */
static int cmd_compare_check_labels(struct cmd_compare *compare)
{
    const struct command_line *line = compare->line;
    const struct subject *subjects = compare->subjects;
    const char *base = option_value(line, &cmd_compare_baseline);
    const char *const *a = compare->labels[0], *const *b = compare->labels[1];
    if (compare->count == 1 && (!a[0] || !a[1]))
        return talk_usage(line->command, "give two results or another --policy",
                          "'%s' has only one policy", subjects[0].path);
    if (compare->count == 1)
        return base && !cmd_compare_has(a, base)
                   ? talk_unknown(line->command, "policy", base, a)
                   : STATUS_FINE;
    compare->single = a[0] && !a[1] && b[0] && !b[1];
    while (*b && !cmd_compare_has(a, *b))
        b++;
    if (*b || compare->single)
        return STATUS_FINE;
    return talk_usage(line->command, "with one policy on each side labels need not be equal",
                      "'%s' and '%s' have no policy in common", subjects[0].path,
                      subjects[1].path);
}

static int cmd_compare_load(struct cmd_compare *compare)
{
    const struct command_line *line = compare->line;
    for (size_t i = 0; i < line->operand_count; i++) {
        struct subject *subject = &compare->subjects[i];
        int status = subject_load(&compare->order, line->operands[i], subject);
        if (status != STATUS_FINE)
            return status;
        compare->count++;
        compare->labels[i] = subject_labels(subject, &compare->arena);
    }
    int status = subject_check_options(line, compare->subjects, compare->count);
    if (status == STATUS_FINE)
        status = cmd_compare_check_labels(compare);
    if (status != STATUS_FINE)
        return status;
    /* Lasts until the end of the program, as the thread that waits for signals does. */
    compare->order.interrupt = memory_zeroed(1, sizeof *compare->order.interrupt);
    interrupt_watch(compare->order.interrupt);
    for (size_t i = 0; i < compare->count && status == STATUS_FINE; i++)
        status = subject_measure(&compare->order, &compare->subjects[i]);
    return status;
}

static const struct measure *cmd_compare_find(struct cmd_compare *compare, size_t side,
                                              const char *policy, const char *metric)
{
    return report_find(&subject_result(&compare->subjects[side])->report, policy,
                       compare->scope, metric);
}

static void cmd_compare_add(struct cmd_compare *compare, const char *baseline, size_t side,
                            const char *candidate, const char *metric)
{
    const struct measure *a = cmd_compare_find(compare, 0, baseline, metric);
    const struct measure *b = cmd_compare_find(compare, side, candidate, metric);
    if (a && b)
        compare_add(&compare->family, a, b, compare->pairing.paired);
}

static void cmd_compare_add_leaders(struct cmd_compare *compare, const char *metric)
{
    const struct report *report = &subject_result(&compare->subjects[0])->report;
    const struct measure **measures =
        arena_take(&compare->arena, report->count + 1, sizeof *measures);
    const char **policies = arena_take(&compare->arena, report->count + 1, sizeof *policies);
    bool *among = arena_take(&compare->arena, report->count + 1, sizeof *among);
    size_t count = 0, named = 0;
    for (const char *const *label = compare->labels[0]; *label; label++) {
        measures[count] = cmd_compare_find(compare, 0, *label, metric);
        count += measures[count] != NULL;
    }
    compare_best(measures, count, among);
    for (size_t i = 0; i < count; i++)
        if (among[i])
            policies[named++] = measures[i]->policy;
    if (named > 0)
        compare->leaders[compare->leader_count++] = (struct compare_leaders){metric, policies};
}

static void cmd_compare_add_within(struct cmd_compare *compare, const char *base,
                                   const char *metric)
{
    bool pairs = option_is_given(compare->line, &cmd_compare_pairs);
    for (const char *const *a = compare->labels[0]; *a; a++) {
        for (const char *const *b = a + 1; pairs && *b; b++)
            cmd_compare_add(compare, *a, 0, *b, metric);
        if (!pairs && strcmp(*a, base) != 0)
            cmd_compare_add(compare, base, 0, *a, metric);
    }
}

static void cmd_compare_within(struct cmd_compare *compare)
{
    const char *scenario = subject_result(&compare->subjects[0])->scenario;
    const char *base = option_value(compare->line, &cmd_compare_baseline);
    if (!base)
        base = compare->labels[0][0];
    compare->pairing = pairing_within();
    if (option_is_given(compare->line, &cmd_compare_pairs))
        snprintf(compare->what, sizeof compare->what, "%s: each policy against each", scenario);
    else
        snprintf(compare->what, sizeof compare->what, "%s: policies against %s", scenario, base);
    for (size_t m = 0; compare->metrics[m]; m++)
        cmd_compare_add_within(compare, base, compare->metrics[m]);
    for (size_t m = 0; compare->metrics[m]; m++)
        cmd_compare_add_leaders(compare, compare->metrics[m]);
}

/* Policies that only one side has are named. */
static void cmd_compare_add_lonely(struct cmd_compare *compare, size_t side)
{
    char line[CMD_COMPARE_LINE];
    size_t named = 0;
    int used = snprintf(line, sizeof line, "only in %.200s:", compare->subjects[side].path);
    for (const char *const *label = compare->labels[side]; *label; label++)
        if (!cmd_compare_has(compare->labels[1 - side], *label) && used < (int)sizeof line)
            used += snprintf(line + used, sizeof line - (size_t)used, "%s %s",
                             named++ ? "," : "", *label);
    if (named > 0)
        compare->notes[compare->note_count++] =
            arena_copy_text(&compare->arena, line, strlen(line));
}

/* Policies of the same label; the only one of each side, whatever its label. */
static void cmd_compare_between(struct cmd_compare *compare)
{
    const char *const *a = compare->labels[0];
    compare->pairing = pairing_of(subject_result(&compare->subjects[0]),
                                  subject_result(&compare->subjects[1]));
    snprintf(compare->what, sizeof compare->what, "%.400s against %.400s",
             compare->subjects[1].path, compare->subjects[0].path);
    for (size_t m = 0; compare->metrics[m]; m++)
        for (const char *const *b = compare->labels[1]; *b; b++)
            cmd_compare_add(compare, compare->single ? a[0] : *b, 1, *b, compare->metrics[m]);
    for (size_t side = 0; side < 2 && !compare->single; side++)
        cmd_compare_add_lonely(compare, side);
}

static int cmd_compare_print(struct cmd_compare *compare)
{
    const struct command_line *line = compare->line;
    struct compare_heading heading = {
        .what = compare->what,
        .pairing = compare->pairing.text,
        .paired = compare->pairing.paired,
        .gated = option_is_given(line, &cmd_compare_gate),
        .leaders = compare->leaders,
        .leader_count = compare->leader_count,
        .notes = compare->notes,
    };
    struct output *output = talk_open_stdout();
    compare_render(&compare->family, &heading,
                   (enum report_format)option_word(line, &option_format, REPORT_TEXT),
                   talk_is_colored(line, STDOUT_FILENO), output);
    return talk_close(output, "standard output");
}

/* What the gate makes of it; a partial result is said. */
static int cmd_compare_status(struct cmd_compare *compare)
{
    enum compare_gate worst = COMPARE_PASS;
    for (size_t i = 0; i < compare->family.count; i++)
        if (compare->family.items[i].gate > worst)
            worst = compare->family.items[i].gate;
    bool gated = option_is_given(compare->line, &cmd_compare_gate);
    if (gated && worst != COMPARE_PASS)
        return worst == COMPARE_FAIL ? STATUS_MISSED : STATUS_UNDECIDED;
    for (size_t i = 0; i < compare->count; i++)
        if (subject_result(&compare->subjects[i])->partial)
            return STATUS_PARTIAL;
    return STATUS_FINE;
}

/* A metric asked for without figures, or "these metrics" where none of the usual ones has
   any; NULL: there is something to compare. */
static const char *cmd_compare_missing(const struct cmd_compare *compare)
{
    const struct compare_family *family = &compare->family;
    bool asked = option_is_given(compare->line, &cmd_compare_metric);
    for (size_t m = 0; asked && compare->metrics[m]; m++) {
        size_t i = 0;
        while (i < family->count &&
               strcmp(family->items[i].candidate->metric, compare->metrics[m]) != 0)
            i++;
        if (i == family->count)
            return compare->metrics[m];
    }
    return family->count == 0 ? "these metrics" : NULL;
}

static int cmd_compare_all(struct cmd_compare *compare)
{
    size_t metrics = 0;
    while (compare->metrics[metrics])
        metrics++;
    compare->leaders = arena_take(&compare->arena, metrics + 1, sizeof *compare->leaders);
    if (compare->count == 2)
        cmd_compare_between(compare);
    else
        cmd_compare_within(compare);
    const char *missing = cmd_compare_missing(compare);
    if (missing)
        return talk_usage(compare->line->command, "a scope is one of the report's: all, "
                          "'client NAME', 'group NAME'",
                          "no figures of %s in scope '%s'", missing, compare->scope);
    compare_settle(&compare->family);
    int status = cmd_compare_print(compare);
    return status != STATUS_FINE ? status : cmd_compare_status(compare);
}

static int cmd_compare_run(const struct command_line *line)
{
    struct cmd_compare compare = {.line = line};
    int status = cmd_compare_read_options(&compare);
    if (status == STATUS_FINE)
        status = cmd_compare_load(&compare);
    if (status == STATUS_FINE)
        status = cmd_compare_all(&compare);
    for (size_t i = 0; i < compare.count; i++)
        subject_free(&compare.subjects[i]);
    compare_free(&compare.family);
    arena_free(&compare.arena);
    return status;
}

static const struct option *const cmd_compare_options[] = {
    &cmd_compare_metric, &cmd_compare_scope,   &cmd_compare_baseline, &cmd_compare_pairs,
    &cmd_compare_margin, &cmd_compare_gate,    &option_policy,        &option_set,
    &option_seed,        &option_replications, &option_duration,      &option_jobs,
    &option_format,      &option_quiet,        &option_color,         NULL,
};

static const char *const cmd_compare_examples[] = {
    "lbsim compare results/quick-start --baseline round_robin",
    "lbsim compare results/quick-start --pairs --metric p99",
    "lbsim compare results/main results/branch --margin 5% --gate",
    "lbsim compare before.yaml after.yaml --replications 40",
    NULL,
};

const struct command command_compare = {
    .name = "compare",
    .summary = "compare policies, or two results, and say what is certain",
    .operands = "RESULT|SCENARIO [RESULT|SCENARIO]",
    .operand_min = 1,
    .operand_max = 2,
    .complete = COMPLETE_SCENARIO,
    .options = cmd_compare_options,
    .examples = cmd_compare_examples,
    .details = "Of one operand its policies are compared, of two the second with the first.\n"
               "Scenarios are simulated in memory.  Verdicts hold for all that is shown at\n"
               "once (Holm).  The gate passes where the whole interval is within the margin,\n"
               "fails (99) where it is beyond, and is undecided (98) in between.\n",
    .statuses = {STATUS_FAILED, STATUS_USAGE, STATUS_INVALID, STATUS_PARTIAL,
                 STATUS_UNDECIDED, STATUS_MISSED, STATUS_INTERRUPTED, STATUS_TERMINATED},
    .run = cmd_compare_run,
};
