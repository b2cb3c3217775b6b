/* SPDX-License-Identifier: GPL-3.0-or-later
   lbsim list: names and summaries of whatever comes in a table, and the scenarios at hand. */
#include "models/scenario.h"
#include "sim/cli/command.h"
#include "sim/cli/folder.h"
#include "sim/cli/talk.h"
#include "sim/cli/topic.h"
#include "sim/config/json.h"
#include "sim/engine/check.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cmd_list_entry {
    const char *name, *summary;
    bool apart; /* from those before: another product */
};

struct cmd_list_entries {
    struct cmd_list_entry *items;
    size_t count, room;
    struct arena arena; /* owns texts that need it */
};

static void cmd_list_add(struct cmd_list_entries *entries, const char *name,
                         const char *summary)
{
    if (entries->count == entries->room) {
        entries->room = entries->room ? entries->room * 2 : 32;
        entries->items = memory_grow(entries->items, entries->room, sizeof *entries->items);
    }
    entries->items[entries->count++] = (struct cmd_list_entry){name, summary, false};
}

static void cmd_list_collect(struct cmd_list_entries *entries, const struct topic_list *list)
{
    struct topic topic;
    for (size_t i = 0; topic_at(list, i, &topic); i++)
        cmd_list_add(entries, topic.name, topic.summary);
}

static void cmd_list_add_scenario(struct cmd_list_entries *entries, const char *path)
{
    struct problems problems = {0};
    struct arena *arena = &entries->arena;
    const struct scenario *scenario = scenario_load(path, NULL, 0, arena, &problems);
    const char *summary = scenario ? scenario->summary : "(invalid: see lbsim validate)";
    cmd_list_add(entries, arena_copy_text(arena, path, strlen(path)), summary);
    problems_free(&problems);
}

/* Scenarios below the current folder, then installed ones; by path, ready for `lbsim run`. */
static void cmd_list_collect_scenarios(struct cmd_list_entries *entries)
{
    static const char *const patterns[] = {"scenarios/*.yaml", LBSIM_DATADIR "/scenarios/*.yaml"};
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        glob_t found;
        if (glob(patterns[i], 0, NULL, &found) == 0)
            for (size_t j = 0; j < found.gl_pathc; j++)
                cmd_list_add_scenario(entries, found.gl_pathv[j]);
        globfree(&found);
    }
    if (entries->count == 0)
        talk_note("no scenarios match %s, nor %s", patterns[0], patterns[1]);
}

static void cmd_list_print_text(const struct cmd_list_entries *entries, struct output *output)
{
    size_t width = 0;
    for (size_t i = 0; i < entries->count; i++)
        if (strlen(entries->items[i].name) > width)
            width = strlen(entries->items[i].name);
    for (size_t i = 0; i < entries->count; i++) {
        const struct cmd_list_entry *entry = &entries->items[i];
        bool has_summary = entry->summary && entry->summary[0];
        output_text(output, entry->apart ? "\n" : "");
        output_format(output, "%-*s%s%s\n", has_summary ? (int)width : 0, entry->name,
                      has_summary ? "  " : "", has_summary ? entry->summary : "");
    }
}

static void cmd_list_print_json(const struct cmd_list_entries *entries, struct output *output)
{
    struct json json = {.output = output};
    json_list_open(&json, NULL);
    for (size_t i = 0; i < entries->count; i++) {
        json_map_open(&json, NULL);
        json_text(&json, "name", entries->items[i].name);
        json_text(&json, "summary", entries->items[i].summary);
        json_map_close(&json);
    }
    json_list_close(&json);
}

/* Prints and frees. */
static int cmd_list_print(const struct command_line *line, struct cmd_list_entries *entries)
{
    struct output *output = talk_open_stdout();
    if (option_word(line, &option_format_json, 0) == 0)
        cmd_list_print_text(entries, output);
    else
        cmd_list_print_json(entries, output);
    free(entries->items);
    arena_free(&entries->arena);
    return talk_close(output, "standard output");
}

/* "nginx." of "nginx.hash"; nothing of a textbook policy, which belongs to no product. */
static size_t cmd_list_product(const char *name)
{
    const char *point = strchr(name, '.');
    return point ? (size_t)(point - name) + 1 : 0;
}

static int cmd_list_compare_products(const char *a, const char *b)
{
    size_t a_size = cmd_list_product(a), b_size = cmd_list_product(b);
    int order = memcmp(a, b, a_size < b_size ? a_size : b_size);
    return order != 0 ? order : (a_size > b_size) - (a_size < b_size);
}

/* Together what is of one product; within it in the order of the list. */
static void cmd_list_group_policies(struct cmd_list_entries *entries)
{
    for (size_t i = 1; i < entries->count; i++) {
        struct cmd_list_entry entry = entries->items[i];
        size_t k = i;
        for (; k > 0 && cmd_list_compare_products(entries->items[k - 1].name, entry.name) > 0; k--)
            entries->items[k] = entries->items[k - 1];
        entries->items[k] = entry;
    }
    for (size_t i = 1; i < entries->count; i++)
        entries->items[i].apart =
            cmd_list_compare_products(entries->items[i - 1].name, entries->items[i].name) != 0;
}

/* The list called `word`; NULL for "scenarios" and unknown words. */
static const struct topic_list *cmd_list_find(const char *word)
{
    const struct topic_list *list;
    for (size_t i = 0; (list = topic_list_at(i)); i++)
        if (strcmp(list->name, word) == 0)
            return list;
    return NULL;
}

/* The lists themselves, as one: the number of entries, and the first as an example. */
static void cmd_list_collect_lists(struct cmd_list_entries *entries)
{
    const struct topic_list *list;
    struct topic first, topic;
    for (size_t i = 0; (list = topic_list_at(i)); i++) {
        size_t count = 0;
        while (topic_at(list, count, &topic))
            count++;
        char text[256];
        int size = 0;
        if (topic_at(list, 0, &first))
            size = snprintf(text, sizeof text, "%zu, such as %s", count, first.name);
        cmd_list_add(entries, list->name,
                     arena_copy_text(&entries->arena, text, (size_t)size));
    }
    cmd_list_add(entries, "scenarios", "those below scenarios/ and those that are installed");
}

static int cmd_list_run(const struct command_line *line)
{
    if (line->operand_count == 0) {
        struct cmd_list_entries lists = {0};
        cmd_list_collect_lists(&lists);
        return cmd_list_print(line, &lists);
    }
    const char *word = line->operands[0];
    const struct topic_list *list = cmd_list_find(word);
    struct cmd_list_entries entries = {0};
    if (!list && strcmp(word, "scenarios") != 0)
        return talk_unknown(line->command, "list", word, topic_words);
    if (list)
        cmd_list_collect(&entries, list);
    else
        cmd_list_collect_scenarios(&entries);
    if (list && strcmp(list->name, "policies") == 0)
        cmd_list_group_policies(&entries);
    return cmd_list_print(line, &entries);
}

static const struct option *const cmd_list_options[] = {&option_format_json, NULL};

static const char *const cmd_list_examples[] = {
    "lbsim list",
    "lbsim list policies",
    "lbsim list metrics --format json",
    NULL,
};

const struct command command_list = {
    .name = "list",
    .summary = "names and summaries: policies, distributions, metrics, scenarios ...",
    .operands = "[WHAT]",
    .operand_max = 1,
    .words = topic_words,
    .options = cmd_list_options,
    .examples = cmd_list_examples,
    .statuses = {STATUS_FAILED, STATUS_USAGE},
    .run = cmd_list_run,
};
