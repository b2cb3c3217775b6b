/* SPDX-License-Identifier: GPL-3.0-or-later
   lbsim compare: the policies of one result against one of them, or two results policy by
   policy.  A scenario stands for the result of running it. */
#include "sim/cli/command.h"
#include "sim/cli/compare_pairs.h"
#include "sim/cli/interrupt.h"
#include "sim/cli/perturb.h"
#include "sim/cli/ranked.h"
#include "sim/cli/talk.h"
#include "sim/engine/check.h"
#include "sim/report/metric_find.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    CMD_COMPARE_JOBS_MAX = 1024,
    CMD_COMPARE_TIMES = 20,
    CMD_COMPARE_TIMES_MAX = 1000
};

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

static const struct option cmd_compare_until = {
    .name = "until-ranked", .argument = "METRIC",
    .help = "of one scenario: add replications until METRIC tells all apart",
};
static const struct option cmd_compare_perturb = {
    .name = "perturb", .argument = "RATIO",
    .help = "of one scenario: which verdicts survive changes of its numbers",
};
static const struct option cmd_compare_times = {
    .name = "times", .argument = "N",
    .help = "how often --perturb changes them (default: 20)",
};

/* One comparison of everything, under way. */
struct cmd_compare {
    const struct command_line *line;
    struct run_order order;
    struct compare_pairs pairs;
    struct ranked ranked;   /* metric NULL: no rule */
    struct perturb perturb; /* times 0: not asked for */
};

/* NULL after a message. */
static const char *cmd_compare_read_metric(struct cmd_compare *compare, const char *name)
{
    const struct command_line *line = compare->line;
    const struct metric_row *row = metric_find(name);
    if (row && row->rule != METRIC_FACT)
        return row->metric.name;
    const char *hint = talk_suggestion(&compare->pairs.arena, metric_find_nearest(name));
    if (row)
        talk_usage(line->command, NULL, "'%s' is a fact of its runs: it has no interval, so it "
                   "is not compared", name);
    else
        talk_usage(line->command, hint ? hint : "'lbsim list metrics' has them all",
                   "unknown metric '%s'", name);
    return NULL;
}

static int cmd_compare_read_metrics(struct cmd_compare *compare)
{
    static const char *usual[] = {"mean", "p99", "error_rate", NULL};
    const struct command_line *line = compare->line;
    size_t count = 0;
    compare->pairs.metrics =
        arena_take(&compare->pairs.arena, line->given_count + 1, sizeof(char *));
    const char *name;
    for (; (name = option_value_at(line, &cmd_compare_metric, count)); count++)
        if (!(compare->pairs.metrics[count] = cmd_compare_read_metric(compare, name)))
            return STATUS_USAGE;
    if (count == 0)
        compare->pairs.metrics = usual;
    return STATUS_FINE;
}

/* --until-ranked and --perturb. */
static int cmd_compare_read_rules(struct cmd_compare *compare)
{
    static const struct param share = {
        .key = "perturb", .type = PARAM_RATIO, .min = 0.001, .max = 1};
    const struct command_line *line = compare->line;
    const char *until = option_value(line, &cmd_compare_until);
    const char *perturb = option_value(line, &cmd_compare_perturb);
    uint64_t times = CMD_COMPARE_TIMES;
    char message[256];
    if ((until || perturb) && line->operand_count == 2)
        return talk_usage(line->command, NULL, "--%s is for the policies of one scenario",
                          until ? cmd_compare_until.name : cmd_compare_perturb.name);
    if (!perturb && option_is_given(line, &cmd_compare_times))
        return talk_usage(line->command, NULL, "--times goes with --perturb");
    if (!option_number(line, &cmd_compare_times, 1, CMD_COMPARE_TIMES_MAX, &times))
        return STATUS_USAGE;
    if (perturb && !config_parse(&share, perturb, &compare->perturb.share, message,
                                 sizeof message))
        return talk_usage(line->command, NULL, "--perturb '%s': %s", perturb, message);
    compare->perturb.times = perturb ? times : 0;
    if (!until)
        return STATUS_FINE;
    compare->ranked = (struct ranked){.metric = cmd_compare_read_metric(compare, until),
                                      .scope = compare->pairs.scope,
                                      .margin = compare->pairs.family.margin};
    if (!compare->ranked.metric)
        return STATUS_USAGE;
    compare->order.extend = ranked_extend;
    compare->order.rule = &compare->ranked;
    return STATUS_FINE;
}

static int cmd_compare_read_options(struct cmd_compare *compare)
{
    static const struct param margin = {
        .key = "margin", .type = PARAM_RATIO, .min = 0, .max = 1};
    const struct command_line *line = compare->line;
    uint64_t jobs = option_default_jobs();
    if (!option_number(line, &option_jobs, 1, CMD_COMPARE_JOBS_MAX, &jobs))
        return STATUS_USAGE;
    compare->order = (struct run_order){
        .line = line, .jobs = (unsigned)jobs, .quiet = option_is_given(line, &option_quiet)};
    compare->pairs.scope = option_value(line, &cmd_compare_scope);
    compare->pairs.base = option_value(line, &cmd_compare_baseline);
    compare->pairs.each = option_is_given(line, &cmd_compare_pairs);
    compare->pairs.asked = option_is_given(line, &cmd_compare_metric);
    if (!compare->pairs.scope)
        compare->pairs.scope = "all";
    compare->pairs.family.margin = 0.02;
    const char *text = option_value(line, &cmd_compare_margin);
    char message[256];
    double *parsed = &compare->pairs.family.margin;
    if (text && !config_parse(&margin, text, parsed, message, sizeof message))
        return talk_usage(line->command, NULL, "--margin '%s': %s", text, message);
    bool is_two = line->operand_count == 2;
    const struct option *only = option_is_given(line, &cmd_compare_pairs) ? &cmd_compare_pairs
                                                                          : &cmd_compare_baseline;
    if (is_two && option_is_given(line, only))
        return talk_usage(line->command, "of two results the first is the baseline",
                          "--%s is for the policies of one result", only->name);
    int status = cmd_compare_read_metrics(compare);
    return status == STATUS_FINE ? cmd_compare_read_rules(compare) : status;
}

/* What the labels alone tell, before anything is simulated. */
static int cmd_compare_check_labels(struct cmd_compare *compare)
{
    const struct command_line *line = compare->line;
    const struct subject *subjects = compare->pairs.subjects;
    const char *base = option_value(line, &cmd_compare_baseline);
    const char *const *a = compare->pairs.labels[0], *const *b = compare->pairs.labels[1];
    if (compare->pairs.count == 1 && (!a[0] || !a[1]))
        return talk_usage(line->command, "give two results or another --policy",
                          "'%s' has only one policy", subjects[0].path);
    if (compare->pairs.count == 1)
        return base && !compare_pairs_has(a, base)
                   ? talk_unknown(line->command, "policy", base, a)
                   : STATUS_FINE;
    compare->pairs.single = a[0] && !a[1] && b[0] && !b[1];
    while (*b && !compare_pairs_has(a, *b))
        b++;
    if (*b || compare->pairs.single)
        return STATUS_FINE;
    return talk_usage(line->command, "with one policy on each side labels need not be equal",
                      "'%s' and '%s' have no policy in common", subjects[0].path,
                      subjects[1].path);
}

static int cmd_compare_load(struct cmd_compare *compare)
{
    const struct command_line *line = compare->line;
    for (size_t i = 0; i < line->operand_count; i++) {
        struct subject *subject = &compare->pairs.subjects[i];
        int status = subject_load(&compare->order, line->operands[i], subject);
        if (status != STATUS_FINE)
            return status;
        compare->pairs.count++;
        compare->pairs.labels[i] = subject_labels(subject, &compare->pairs.arena);
    }
    int status = subject_check_options(line, compare->pairs.subjects, compare->pairs.count);
    bool has_rule = compare->ranked.metric || compare->perturb.times > 0;
    if (status == STATUS_FINE && has_rule && !compare->pairs.subjects[0].is_run)
        return talk_usage(line->command, "name the scenario",
                          "'%s' is a stored result: there is nothing to simulate",
                          compare->pairs.subjects[0].path);
    if (has_rule)
        compare->ranked.scenario = compare->pairs.subjects[0].run.loaded.scenario;
    if (status == STATUS_FINE)
        status = cmd_compare_check_labels(compare);
    if (status != STATUS_FINE)
        return status;
    /* Lasts until the end of the program, as the thread that waits for signals does. */
    compare->order.interrupt = memory_zeroed(1, sizeof *compare->order.interrupt);
    interrupt_watch(compare->order.interrupt);
    for (size_t i = 0; i < compare->pairs.count && status == STATUS_FINE; i++)
        status = subject_measure(&compare->order, &compare->pairs.subjects[i]);
    return status;
}

static void cmd_compare_add_rank(struct cmd_compare *compare)
{
    char text[RANKED_TEXT_SIZE];
    if (!compare->ranked.metric)
        return;
    const struct result *result = subject_result(&compare->pairs.subjects[0]);
    ranked_describe(&compare->ranked, &result->report, text);
    compare->pairs.notes[compare->pairs.note_count++] =
        arena_copy_text(&compare->pairs.arena, text, strlen(text));
    compare->pairs.notes[compare->pairs.note_count++] =
        "<: told apart, =: equal within the margin, ?: neither, after the most replications "
        "allowed";
}

/* The same comparison of scenarios near this one. */
static int cmd_compare_perturb_all(struct cmd_compare *compare, enum report_format format)
{
    struct perturb *perturb = &compare->perturb;
    perturb->order = &compare->order;
    perturb->base = &compare->pairs.subjects[0].run;
    int status = perturb_measure(perturb);
    if (status == STATUS_FINE) {
        struct survival_table table =
            perturb_survey(perturb, &compare->pairs.family, compare->pairs.metrics,
                           compare->pairs.labels[0], &compare->pairs.arena);
        table.what = compare->pairs.what;
        struct output *output = talk_open_stdout();
        if (format == REPORT_TEXT || format == REPORT_MARKDOWN)
            output_text(output, "\n");
        survival_render(&table, format, talk_is_colored(compare->line, STDOUT_FILENO), output);
        status = talk_close(output, "standard output");
    }
    perturb_free(perturb);
    return status;
}

static int cmd_compare_print(struct cmd_compare *compare, enum report_format format)
{
    const struct command_line *line = compare->line;
    struct compare_heading heading = {
        .what = compare->pairs.what,
        .pairing = compare->pairs.pairing.text,
        .paired = compare->pairs.pairing.paired,
        .gated = option_is_given(line, &cmd_compare_gate),
        .leaders = compare->pairs.leaders,
        .leader_count = compare->pairs.leader_count,
        .notes = compare->pairs.notes,
    };
    struct output *output = talk_open_stdout();
    compare_render(&compare->pairs.family, &heading, format, talk_is_colored(line, STDOUT_FILENO),
                   output);
    return talk_close(output, "standard output");
}

/* What the gate makes of it; a partial result is said. */
static int cmd_compare_status(struct cmd_compare *compare)
{
    enum compare_gate worst = COMPARE_PASS;
    for (size_t i = 0; i < compare->pairs.family.count; i++)
        if (compare->pairs.family.items[i].gate > worst)
            worst = compare->pairs.family.items[i].gate;
    bool gated = option_is_given(compare->line, &cmd_compare_gate);
    if (gated && worst != COMPARE_PASS)
        return worst == COMPARE_FAIL ? STATUS_MISSED : STATUS_UNDECIDED;
    for (size_t i = 0; i < compare->pairs.count; i++)
        if (subject_result(&compare->pairs.subjects[i])->partial)
            return STATUS_PARTIAL;
    return STATUS_FINE;
}

static int cmd_compare_all(struct cmd_compare *compare)
{
    compare_pairs_make(&compare->pairs);
    const char *missing = compare_pairs_missing(&compare->pairs);
    if (missing)
        return talk_usage(compare->line->command, "a scope is one of the report's: all, "
                          "'client NAME', 'group NAME'",
                          "no figures of %s in scope '%s'", missing, compare->pairs.scope);
    compare_settle(&compare->pairs.family);
    cmd_compare_add_rank(compare);
    enum report_format format =
        (enum report_format)option_word(compare->line, &option_format, REPORT_TEXT);
    /* For programs there is one document: that of the perturbations has the verdicts too. */
    bool both = format == REPORT_TEXT || format == REPORT_MARKDOWN;
    int status = STATUS_FINE;
    if (compare->perturb.times == 0 || both)
        status = cmd_compare_print(compare, format);
    if (compare->perturb.times > 0 && status == STATUS_FINE)
        status = cmd_compare_perturb_all(compare, format);
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
    for (size_t i = 0; i < compare.pairs.count; i++)
        subject_free(&compare.pairs.subjects[i]);
    compare_free(&compare.pairs.family);
    arena_free(&compare.pairs.arena);
    return status;
}

static const struct option *const cmd_compare_options[] = {
    &cmd_compare_metric, &cmd_compare_scope,   &cmd_compare_baseline, &cmd_compare_pairs,
    &cmd_compare_margin, &cmd_compare_gate,    &cmd_compare_until,    &cmd_compare_perturb,
    &cmd_compare_times,  &option_policy,       &option_set,           &option_seed,
    &option_replications, &option_duration,    &option_jobs,          &option_format,
    &option_quiet,       &option_color,        NULL,
};

static const char *const cmd_compare_examples[] = {
    "lbsim compare results/quick-start --baseline round_robin",
    "lbsim compare results/quick-start --pairs --metric p99",
    "lbsim compare results/main results/branch --margin 5% --gate",
    "lbsim compare before.yaml after.yaml --replications 40",
    "lbsim compare scenarios/quick-start.yaml --pairs --until-ranked p99",
    "lbsim compare scenarios/quick-start.yaml --perturb 30% --times 20",
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
