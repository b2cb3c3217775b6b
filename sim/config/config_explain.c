/* SPDX-License-Identifier: GPL-3.0-or-later
   What a key means, as `kubectl explain` shows it: all of it from the tables. */
#include "sim/config/config.h"
#include "sim/config/table.h"
#include "sim/config/value.h"

#include <stdio.h>
#include <string.h>

enum {
    CONFIG_EXPLAIN_PLACES = 5, /* paths that a hint offers */
    CONFIG_EXPLAIN_WIDEST = 40, /* a longer key or type does not push the columns further */
    CONFIG_EXPLAIN_TEXT = 256
};

/* Where the path has come to: a table, a row of one, or a kind. */
struct config_explain {
    const struct param *table; /* whose keys come next; NULL: none */
    const struct param *row;   /* NULL at the top and at a kind */
    const struct kind *kind;
    const char *settings; /* of a kind that is a preset; else NULL */
    enum param_type unit;
};

/* "duration", "list of policy", "map", "distribution of durations": short, for tables. */
static void config_explain_type(const struct param *row, enum param_type around, char *text,
                                size_t size)
{
    static const char *const names[] = {
        [PARAM_BOOL] = "bool", [PARAM_COUNT] = "count", [PARAM_NUMBER] = "number",
        [PARAM_RATIO] = "ratio", [PARAM_DURATION] = "duration", [PARAM_RATE] = "rate",
        [PARAM_SIZE] = "size", [PARAM_NAME] = "name", [PARAM_TEXT] = "text",
        [PARAM_PATH] = "path", [PARAM_CHOICE] = "word", [PARAM_MAP] = "map"};
    enum param_type unit = table_unit(row, around);
    const char *list = "";
    while (row->type == PARAM_LIST) {
        list = "list of ";
        row = row->of.item;
        unit = table_unit(row, unit);
    }
    snprintf(text, size, "%s%s", list,
             row->type == PARAM_KIND ? row->of.kinds->noun : names[value_type(row, unit)]);
}

static void config_explain_default(const struct param *row, char *text, size_t size)
{
    snprintf(text, size, "%s",
             !row->fallback ? "required" : row->fallback[0] ? row->fallback : "(absent)");
}

static int config_explain_width(int widest, const char *text)
{
    int length = (int)strlen(text);
    return length > widest && length <= CONFIG_EXPLAIN_WIDEST ? length : widest;
}

/* Columns: key, type, default, help. */
static void config_explain_keys(const struct param *table, enum param_type unit,
                                struct output *output)
{
    char type[CONFIG_EXPLAIN_TEXT], fallback[CONFIG_EXPLAIN_TEXT];
    int widths[3] = {3, 4, 7};
    for (const struct param *row = table; row->key; row++) {
        config_explain_type(row, unit, type, sizeof type);
        config_explain_default(row, fallback, sizeof fallback);
        widths[0] = config_explain_width(widths[0], row->key);
        widths[1] = config_explain_width(widths[1], type);
        widths[2] = config_explain_width(widths[2], fallback);
    }
    output_format(output, "  %-*s  %-*s  %-*s  %s\n", widths[0], "KEY", widths[1], "TYPE",
                  widths[2], "DEFAULT", "MEANING");
    for (const struct param *row = table; row->key; row++) {
        config_explain_type(row, unit, type, sizeof type);
        config_explain_default(row, fallback, sizeof fallback);
        output_format(output, "  %-*s  %-*s  %-*s  %s\n", widths[0], row->key, widths[1], type,
                      widths[2], fallback, row->help ? row->help : "");
    }
}

static void config_explain_kinds(const struct param *item, struct output *output)
{
    int width = 4;
    const struct kind *kind;
    const struct kind_list *kinds = item->of.kinds;
    for (size_t i = 0; (kind = kinds->at(i)) != NULL; i++)
        width = config_explain_width(width, kind->name);
    output_format(output, "  %-*s  MEANING\n", width, "KIND");
    for (size_t i = 0; (kind = kinds->at(i)) != NULL; i++) {
        output_format(output, "  %-*s  %s\n", width, kind->name,
                      kind->summary ? kind->summary : "");
        if (item->settings)
            output_format(output, "  %-*s  %s\n", width, "", item->settings(kind));
    }
    if (kinds->shorthand)
        output_format(output, "\nA bare value stands for the first parameter of '%s'.\n",
                      kinds->shorthand);
}

static void config_explain_bounds(const struct param *row, enum param_type unit,
                                  struct output *output)
{
    char range[CONFIG_EXPLAIN_TEXT];
    value_range(row, unit, NULL, range, sizeof range);
    bool list = row->type == PARAM_LIST && (row->min != 0 || row->max != 0);
    if (range[0])
        output_format(output, "RANGE:    %s\n", range + (strncmp(range, " of ", 4) ? 1 : 4));
    if (list && row->max < 0x1p53)
        output_format(output, "ITEMS:    from %.0f to %.0f\n", row->min, row->max);
    else if (list)
        output_format(output, "ITEMS:    at least %.0f\n", row->min);
    if (row->also)
        output_format(output, "ALSO:     %s\n", row->also);
    if (row->type != PARAM_CHOICE)
        return;
    output_text(output, "WORDS:    ");
    for (size_t i = 0; row->of.words[i]; i++)
        output_format(output, "%s%s", i ? ", " : "", row->of.words[i]);
    output_text(output, "\n");
}

static void config_explain_row(const struct param *row, enum param_type around,
                               struct output *output)
{
    char text[CONFIG_EXPLAIN_TEXT];
    enum param_type unit = table_unit(row, around);
    config_explain_type(row, around, text, sizeof text);
    output_format(output, "TYPE:     %s", text);
    if (value_is_scalar(row->type) && row->type != PARAM_CHOICE)
        output_format(output, ", such as %s", value_example(row, unit));
    config_explain_default(row, text, sizeof text);
    output_format(output, "\nDEFAULT:  %s\n", text);
    config_explain_bounds(row, unit, output);
    if (row->help)
        output_format(output, "MEANING:  %s\n", row->help);
    const struct param *item = table_item(row);
    if (item->type == PARAM_KIND) {
        output_text(output, "\n");
        config_explain_kinds(item, output);
    }
    if (item->settings)
        output_text(output, "\nA key that is given wins over what the preset says of it.\n");
    if (item->type == PARAM_KIND && item->beside)
        output_text(output, "\nIts parameters stand beside this key, in the same map.\n");
    if (item->type == PARAM_KIND && item->labelled)
        output_text(output, "\nA sibling key `as: NAME` gives it a name of its own.\n");
}

static void config_explain_set_row(struct config_explain *at, const struct param *row)
{
    at->row = row;
    at->kind = NULL;
    at->table = NULL;
    row = table_item(row);
    if (row->type == PARAM_MAP)
        at->table = row->of.fields;
}

/* The registry that the path stands at, or NULL. */
static const struct kind_list *config_explain_registry(const struct config_explain *at)
{
    const struct param *item = at->row ? table_item(at->row) : NULL;
    return item && item->type == PARAM_KIND && !at->kind ? item->of.kinds : NULL;
}

/* The unit inside the row that the path stands at. */
static enum param_type config_explain_inner(const struct config_explain *at)
{
    enum param_type unit = at->unit;
    const struct param *row = at->row;
    for (; row && row->type == PARAM_LIST; row = row->of.item)
        unit = table_unit(row, unit);
    return row ? table_unit(row, unit) : unit;
}

static bool config_explain_step(struct config_explain *at, const char **path)
{
    const char *rest = *path;
    if (at->row && strspn(rest, "0123456789") > 0 &&
        strspn(rest, "0123456789") == strcspn(rest, ".") && at->row->type == PARAM_LIST) {
        rest += strcspn(rest, ".");
        *path = *rest ? rest + 1 : NULL;
        return true;
    }
    enum param_type inner = config_explain_inner(at);
    const struct kind_list *kinds = config_explain_registry(at);
    const struct kind *kind = kinds ? table_step_kind(kinds, rest, path) : NULL;
    if (kind) {
        const struct param *item = table_item(at->row);
        *at = (struct config_explain){.table = kind->params, .kind = kind, .unit = inner,
                                      .settings = item->settings ? item->settings(kind) : NULL};
        return true;
    }
    const struct param *row = table_step_row(at->table, rest, path);
    if (!row)
        return false;
    at->unit = inner;
    config_explain_set_row(at, row);
    return true;
}

static void config_explain_unknown(const struct config_explain *at,
                                   const struct param *table, const char *path,
                                   const char *rest, struct problems *problems)
{
    struct arena *arena = &problems->arena;
    const char *segment = arena_copy_text(arena, rest, strcspn(rest, "."));
    const struct kind_list *kinds = config_explain_registry(at);
    const char *const *words =
        kinds ? table_kind_names(kinds, arena) : table_keys(at->table, arena);
    const char *nearest = problem_nearest(segment, words);
    const char *places[CONFIG_EXPLAIN_PLACES + 1] = {NULL};
    size_t count = table_places(table, segment, places, CONFIG_EXPLAIN_PLACES, arena);
    int before = (int)(rest - path);
    problem_add(problems, (struct mark){.source = NULL}, "nothing named '%.64s'%s%.*s%s",
                segment, before > 0 ? " in '" : "", before > 0 ? before - 1 : 0, path,
                before > 0 ? "'" : "");
    if (nearest)
        problem_hint(problems, "did you mean '%.*s%s'?", before, path, nearest);
    else if (count == 1)
        problem_hint(problems, "did you mean '%s'?", places[0]);
    else if (count > 1)
        problem_hint(problems, "did you mean one of %s?", table_words(places, arena));
    else if (*words)
        problem_hint(problems, "known here: %s", table_words(words, arena));
    else
        problem_hint(problems, "there are no keys below it");
}

static void config_explain_summary(const struct kind *kind, enum param_type unit,
                                   struct output *output)
{
    output_format(output, "MEANING:  %s\n", kind->summary ? kind->summary : "");
    if (!kind->params || !kind->params->key) {
        output_text(output, "\nIt takes no parameters.\n");
        return;
    }
    output_text(output, "\n");
    config_explain_keys(kind->params, unit, output);
}

bool config_explain(const struct param *table, const char *path, struct output *output,
                    struct problems *problems)
{
    struct config_explain at = {.table = table, .unit = PARAM_NUMBER};
    const char *rest = path[0] ? path : NULL;
    while (rest) {
        const char *start = rest;
        if (!config_explain_step(&at, &rest)) {
            config_explain_unknown(&at, table, path, start, problems);
            return false;
        }
    }
    if (path[0])
        output_format(output, "PATH:     %s\n", path);
    if (at.kind) {
        config_explain_summary(at.kind, at.unit, output);
        if (at.settings)
            output_format(output, "\nIt stands for %s\n", at.settings);
        return true;
    }
    if (at.row)
        config_explain_row(at.row, at.unit, output);
    if (at.row && at.table)
        output_text(output, "\n");
    if (at.table)
        config_explain_keys(at.table, config_explain_inner(&at), output);
    return true;
}

void config_explain_kind(const struct kind *kind, enum param_type unit,
                         struct output *output)
{
    output_format(output, "NAME:     %s\n", kind->name);
    config_explain_summary(kind, unit, output);
    for (const struct param *row = kind->params; row && row->key; row++) {
        output_format(output, "\nKEY:      %s\n", row->key);
        config_explain_row(row, unit, output);
    }
}
