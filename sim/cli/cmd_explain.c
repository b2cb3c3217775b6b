/* SPDX-License-Identifier: GPL-3.0-or-later
   lbsim explain: what a word means, wherever it stands: a key of the scenario, a policy,
   another kind, a metric, a column. */
#include "models/outlier.h"
#include "models/policy.h"
#include "models/scenario.h"
#include "models/tier_preset.h"
#include "sim/cli/command.h"
#include "sim/cli/talk.h"
#include "sim/cli/topic.h"
#include "sim/config/table.h"
#include "sim/engine/check.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    unsigned trait;
    const char *help;
} cmd_explain_traits[] = {
    {POLICY_ORACLE, "oracle: knows what no balancer can; a bound"},
    {POLICY_TOLD, "pods tell it every change of their load, and it knows at once"},
    {POLICY_SHARED, "one state for all instances of the balancer"},
    {POLICY_WEIGHTED, "shares follow the weights"},
    {POLICY_UNWEIGHTED, "weights mean nothing to it"},
    {POLICY_CONSISTENT, "keys stay where they are when other pods come or go"},
    {POLICY_REPORTS, "needs pods that tell their load with every reply"},
    {POLICY_ZONED, "weights of zones (`locality`) count in its table"},
    {POLICY_HOLDS, "may hold a request until a pod is free"},
};

static void cmd_explain_policy(const struct kind *kind, struct output *output)
{
    const struct policy_ops *policy = (const struct policy_ops *)kind;
    output_text(output, "\n");
    for (size_t i = 0; i < sizeof cmd_explain_traits / sizeof cmd_explain_traits[0]; i++)
        if (policy->traits & cmd_explain_traits[i].trait)
            output_format(output, "TRAIT:    %s\n", cmd_explain_traits[i].help);
    if (policy->probe != NULL)
        output_text(output, "TRAIT:    asks pods for their load between requests\n");
    output_format(output, "TIES:     %s\n", policy->tie_rule ? policy->tie_rule : "none");
    if (policy->differs)
        output_format(output, "DIFFERS:  %s\n", policy->differs);
    if (policy->cost)
        output_format(output, "COST:     with n pods, %s\n", policy->cost);
    if (policy->source)
        output_format(output, "SOURCE:   %s\n", policy->source);
}

static void cmd_explain_topic(const struct topic_list *list, const struct topic *topic,
                              struct output *output)
{
    output_format(output, "KIND:     %s\n", list->noun);
    if (topic->kind) {
        config_explain_kind(topic->kind, topic->unit, output);
        if (strcmp(list->name, "policies") == 0)
            cmd_explain_policy(topic->kind, output);
        if (strcmp(list->name, "presets") == 0)
            output_format(output, "\nIt stands for %s\n", tier_preset_settings(topic->kind));
        return;
    }
    output_format(output, "NAME:     %s\n", topic->name);
    if (topic->measured[0])
        output_format(output, "UNIT:     %s\n", topic->measured);
    output_format(output, "MEANING:  %s\n", topic->summary);
}

/* Of "….outlier_detection.KIND". */
static void cmd_explain_detector(const char *path, struct output *output)
{
    static const char before[] = "outlier_detection.";
    const char *name = strstr(path, before);
    const struct kind *kind =
        name != NULL ? table_kind(&outlier_kinds, name + sizeof before - 1) : NULL;
    if (kind == NULL)
        return;
    const struct outlier_ops *ops = (const struct outlier_ops *)kind;
    output_text(output, "\n");
    if (ops->differs != NULL)
        output_format(output, "DIFFERS:  %s\n", ops->differs);
    output_format(output, "SOURCE:   %s\n", ops->source);
}

/* Explains the word as a path; false with the reason in `problems`. */
static bool cmd_explain_path(const char *word, struct output *output,
                             struct problems *problems, bool follows)
{
    struct output *text = output_to_memory();
    bool found = config_explain(scenario_params, word, text, problems);
    size_t size;
    const char *bytes = output_memory(text, &size);
    if (found) {
        output_text(output, follows ? "\n" : "");
        output_bytes(output, bytes, size);
        cmd_explain_detector(word, output);
    }
    output_close(text, false);
    return found;
}

/* The words that could have been meant. */
struct cmd_explain_words {
    const char **items; /* ends with NULL */
    size_t count, room;
};

static void cmd_explain_add(struct cmd_explain_words *words, const char *word)
{
    if (words->count + 1 >= words->room) {
        words->room = words->room ? words->room * 2 : 64;
        words->items = memory_grow(words->items, words->room, sizeof *words->items);
    }
    words->items[words->count++] = word;
    words->items[words->count] = NULL;
}

static struct cmd_explain_words cmd_explain_collect(void)
{
    struct cmd_explain_words words = {0};
    const struct topic_list *list;
    struct topic topic;
    for (const struct param *row = scenario_params; row->key; row++)
        cmd_explain_add(&words, row->key);
    for (size_t i = 0; (list = topic_list_at(i)); i++)
        for (size_t j = 0; topic_at(list, j, &topic); j++)
            cmd_explain_add(&words, topic.name);
    return words;
}

static int cmd_explain_refuse(const struct command_line *line, const char *word,
                              const struct problems *problems)
{
    static const char meant[] = "did you mean";
    struct cmd_explain_words words = cmd_explain_collect();
    struct arena arena = {0};
    const char *hint = problems->count ? problems->items[0].hint : NULL;
    if (hint && !strchr(word, '.') && strncmp(hint, meant, strlen(meant)) != 0)
        hint = NULL;
    if (!hint)
        hint = talk_suggestion(&arena, talk_nearest(word, words.items));
    if (!hint)
        hint = "'lbsim list' shows names; paths look like clients.arrivals.poisson.rate";
    int status = talk_usage(line->command, hint, "nothing is called '%s'", word);
    arena_free(&arena);
    free(words.items);
    return status;
}

/* Every meaning of a word. */
static int cmd_explain_word(const struct command_line *line, const char *word,
                            struct output *output)
{
    struct problems problems = {0};
    const struct topic_list *list;
    struct topic topic;
    size_t found = 0;
    for (size_t i = 0; (list = topic_list_at(i)); i++) {
        if (!topic_find(list, word, &topic))
            continue;
        output_text(output, found++ ? "\n" : "");
        cmd_explain_topic(list, &topic, output);
    }
    found += cmd_explain_path(word, output, &problems, found > 0);
    int status = found ? STATUS_FINE : cmd_explain_refuse(line, word, &problems);
    problems_free(&problems);
    return status;
}

/* What can be explained, with an example of each. */
static int cmd_explain_overview(void)
{
    struct output *output = talk_open_stdout();
    output_text(output, "What can be explained, as in:\n"
                        "  lbsim explain clients.arrivals   key of the scenario\n");
    const struct topic_list *list;
    struct topic first;
    for (size_t i = 0; (list = topic_list_at(i)); i++)
        if (topic_at(list, 0, &first))
            output_format(output, "  lbsim explain %-18s %s; all: lbsim list %s\n",
                          first.name, list->noun, list->name);
    output_text(output, "Keys of the scenario begin with:\n ");
    for (const struct param *row = scenario_params; row->key; row++)
        output_format(output, " %s", row->key);
    output_text(output, "\n");
    return talk_close(output, "standard output");
}

static int cmd_explain_run(const struct command_line *line)
{
    if (line->operand_count == 0)
        return cmd_explain_overview();
    struct output *output = talk_open_stdout();
    int status = STATUS_FINE;
    for (size_t i = 0; i < line->operand_count && status == STATUS_FINE; i++) {
        output_text(output, i ? "\n" : "");
        status = cmd_explain_word(line, line->operands[i], output);
    }
    int closed = talk_close(output, "standard output");
    return status ? status : closed;
}

static const char *const cmd_explain_examples[] = {
    "lbsim explain",
    "lbsim explain clients.arrivals",
    "lbsim explain p2c",
    "lbsim explain p99 jain_requests",
    "lbsim explain queue_ns",
    NULL,
};

const struct command command_explain = {
    .name = "explain",
    .summary = "what a key, policy, metric, distribution or column means",
    .operands = "[PATH|WORD...]",
    .operand_max = SIZE_MAX,
    .complete = COMPLETE_TOPIC,
    .examples = cmd_explain_examples,
    .statuses = {STATUS_FAILED, STATUS_USAGE},
    .run = cmd_explain_run,
};
