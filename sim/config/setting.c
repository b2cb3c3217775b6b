/* SPDX-License-Identifier: GPL-3.0-or-later
   The path is walked along the tables, which know what a missing step would be: a map, a
   default, a kind.  Only the nodes on the path are copied. */
#include "sim/config/setting.h"

#include "sim/config/document.h"
#include "sim/config/preset.h"
#include "sim/config/table.h"
#include "sim/config/usage.h"
#include "sim/config/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SETTING_NAMES_LIMIT = 64 /* names of items that a hint looks at */ };

struct setting {
    const struct source *source; /* PATH=VALUE, or what the user typed in its place */
    const char *path;
    size_t hidden; /* bytes that the path begins with and the source does not */
    size_t start;  /* of the value in the source, in bytes */
    const struct node *value;
    struct arena *arena;
    struct problems *problems;
};

/* NULL after adding a problem; `rest` NULL: the value itself goes here. */
static const struct node *setting_put(struct setting *setting, const struct param *row,
                                      const struct node *node, const char *rest);

/* Of the segment that starts at `rest`. */
static struct mark setting_mark(const struct setting *setting, const char *rest)
{
    const char *shown = setting->path + setting->hidden;
    struct mark mark = {.source = setting->source, .line = 1, .column = 1};
    if (rest >= shown && setting->start > 0) {
        mark.column += (uint32_t)utf8_count(shown, (size_t)(rest - shown));
        mark.length = (uint32_t)utf8_count(rest, strcspn(rest, "."));
    } else {
        mark.length = (uint32_t)utf8_count(setting->source->bytes, setting->source->size);
    }
    mark.length += mark.length == 0;
    return mark;
}

/* The path up to `rest`, as far as the user typed it. */
static const char *setting_before(const struct setting *setting, const char *rest)
{
    const char *shown = setting->path + setting->hidden;
    return arena_copy_text(setting->arena, shown, rest > shown ? (size_t)(rest - shown) : 0);
}

static const char *setting_segment(const struct setting *setting, const char *rest)
{
    return arena_copy_text(setting->arena, rest, strcspn(rest, "."));
}

/* "unknown key 'x'" at the segment, with the nearest of the words. */
static const struct node *setting_unknown(struct setting *setting, const char *what,
                                          const char *rest, const char *const *words)
{
    const char *segment = setting_segment(setting, rest);
    problem_add(setting->problems, setting_mark(setting, rest), "unknown %s '%.64s'", what,
                segment);
    if (setting->problems->latest == 0)
        return NULL;
    const char *nearest = problem_nearest(segment, words);
    const char *all = table_words(words, setting->arena);
    if (nearest)
        problem_hint(setting->problems, "did you mean '%s%s'? known here: %s",
                     setting_before(setting, rest), nearest, all);
    else if (*words)
        problem_hint(setting->problems, "known here: %s", all);
    return NULL;
}

/* The node that a row's default stands for, or NULL. */
static const struct node *setting_default(struct setting *setting, const struct param *row,
                                          const char *rest)
{
    if (!row->fallback || !row->fallback[0])
        return NULL;
    return document_of_text(row->fallback, setting_mark(setting, rest), setting->arena);
}

static const struct node *setting_with(struct setting *setting, const struct node *map,
                                       const char *key, const char *rest,
                                       const struct node *value)
{
    struct mark mark = setting_mark(setting, rest);
    struct node_pair pair = {.key = key, .mark = mark, .value = value};
    return node_with(setting->arena, map ? map : node_map(setting->arena, mark), &pair);
}

static const struct node *setting_put_map(struct setting *setting, const struct param *table,
                                          const struct node *node, const char *rest)
{
    const char *after;
    const struct kind *kind = usage_beside(table_beside(table), node);
    const struct param *beside = kind ? kind->params : NULL;
    const struct param *row = table_step_row(table, rest, &after);
    if (!row)
        row = table_step_row(beside, rest, &after);
    if (!row)
        return setting_unknown(setting, "key", rest,
                               table_keys_of_two(table, beside, setting->arena));
    const struct node *preset = preset_read(table, node, setting->arena);
    const struct node_pair *pair = preset_find(node, preset, row->key);
    const struct node *child =
        pair && !node_is_null(pair->value) ? pair->value : setting_default(setting, row, rest);
    child = setting_put(setting, row, child, after);
    if (!child)
        return NULL;
    bool map = node && node->type == NODE_MAP;
    return setting_with(setting, map ? node : NULL, row->key, rest, child);
}

/* What the path may call an item: its name, its label, or its kind. */
static const char *setting_item_name(struct setting *setting, const struct param *item,
                                     const struct node *node)
{
    bool map = item->type == PARAM_MAP;
    const struct node *preset =
        map ? preset_read(item->of.fields, node, setting->arena) : NULL;
    const struct node_pair *pair = preset_find(node, preset, map ? "name" : "as");
    if (pair && pair->value->type == NODE_SCALAR)
        return pair->value->text;
    if (item->type != PARAM_KIND)
        return "";
    struct usage usage = usage_read(item, node, setting->arena);
    return usage.kind ? usage.kind->name : "";
}

static bool setting_step_index(const char *rest, const char **after, size_t count,
                               size_t *index)
{
    char *end;
    if (*rest < '0' || *rest > '9')
        return false;
    unsigned long number = strtoul(rest, &end, 10);
    if ((*end != '.' && *end != '\0') || number >= count)
        return false;
    *after = *end ? end + 1 : NULL;
    *index = number;
    return true;
}

/* The item that the path means: by the longest name, else by number. */
static bool setting_step_item(struct setting *setting, const struct param *item,
                              const struct node *list, const char **rest, size_t *index)
{
    size_t longest = 0;
    const char *after = NULL, *start = *rest;
    for (size_t i = 0; i < list->count; i++) {
        const char *name = setting_item_name(setting, item, list->items[i]);
        if (strlen(name) <= longest || !table_step(start, name, &after))
            continue;
        longest = strlen(name);
        *rest = after;
        *index = i;
    }
    return longest > 0 || setting_step_index(start, rest, list->count, index);
}

static const struct node *setting_no_item(struct setting *setting, const struct param *item,
                                          const struct node *list, const char *rest)
{
    const char *names[SETTING_NAMES_LIMIT + 1] = {NULL};
    size_t count = 0;
    for (size_t i = 0; i < list->count && count < SETTING_NAMES_LIMIT; i++) {
        const char *name = setting_item_name(setting, item, list->items[i]);
        if (name[0])
            names[count++] = name;
    }
    setting_unknown(setting, "item", rest, names);
    const char *after;
    bool key = item->type == PARAM_MAP && table_step_row(item->of.fields, rest, &after);
    if (key && list->count > 0)
        problem_hint(setting->problems, "say of which item: '%s%s.%s'",
                     setting_before(setting, rest), count ? names[0] : "0", rest);
    else if (list->count == 0)
        problem_hint(setting->problems, "the list is empty");
    else if (count == 0 || strspn(rest, "-0123456789") == strcspn(rest, "."))
        problem_hint(setting->problems, "%s%s%sindices go from 0 to %zu",
                     count ? "known here: " : "", table_words(names, setting->arena),
                     count ? "; " : "", list->count - 1);
    return NULL;
}

static const struct node *setting_put_list(struct setting *setting, const struct param *row,
                                           const struct node *node, const char *rest)
{
    const struct param *item = row->of.item;
    if (!node) {
        problem_add(setting->problems, setting_mark(setting, rest),
                    "'%s' is an empty list, it has no item '%.64s'",
                    row->key ? row->key : "item",
                    setting_segment(setting, rest));
        return NULL;
    }
    if (node->type != NODE_LIST)
        node = node_list_of_one(setting->arena, node);
    size_t index = 0;
    const char *after = rest, *unused;
    bool found = setting_step_item(setting, item, node, &after, &index);
    /* A list of one needs no index. */
    bool only = node->count == 1 && item->type == PARAM_MAP &&
                table_step_row(item->of.fields, rest, &unused);
    if (!found && !only)
        return setting_no_item(setting, item, node, rest);
    const struct node *child = setting_put(setting, item, node->items[index], after);
    return child ? node_with_item(setting->arena, node, index, child) : NULL;
}

static const struct node *setting_no_kind(struct setting *setting, const struct param *row,
                                          const struct kind *present, const char *rest)
{
    const char *const *names = table_kind_names(row->of.kinds, setting->arena);
    if (present && !problem_nearest(setting_segment(setting, rest), names))
        return setting_unknown(setting, "parameter", rest,
                               table_keys(present->params, setting->arena));
    return setting_unknown(setting, row->of.kinds->noun, rest, names);
}

/* The path goes on with a kind's name, with a parameter of the present kind, or `as`. */
static const struct node *setting_put_kind(struct setting *setting, const struct param *row,
                                           const struct node *node, const char *rest)
{
    struct usage usage = {.kind = NULL};
    if (node)
        usage = usage_read(row, node, setting->arena);
    const char *after = rest, *unused;
    const struct kind *kind = table_step_kind(row->of.kinds, rest, &after);
    bool label = !kind && row->labelled && usage.kind && strcmp(rest, "as") == 0;
    if (!kind && usage.kind && (label || table_step_row(usage.kind->params, rest, &unused)))
        kind = usage.kind;
    if (!kind)
        return setting_no_kind(setting, row, usage.kind, rest);
    const struct node *body = kind == usage.kind ? usage.body : NULL;
    if (!body)
        body = node_map(setting->arena, setting_mark(setting, rest));
    if (!label)
        body = after ? setting_put_map(setting, kind->params, body, after) : setting->value;
    if (!body)
        return NULL;
    const struct node *map = setting_with(setting, NULL, kind->name, rest, body);
    if (label)
        return setting_with(setting, map, "as", rest, setting->value);
    return kind == usage.kind && usage.label ? node_with(setting->arena, map, usage.label) : map;
}

static const struct node *setting_put(struct setting *setting, const struct param *row,
                                      const struct node *node, const char *rest)
{
    if (!rest)
        return setting->value;
    if (row->type == PARAM_MAP)
        return setting_put_map(setting, row->of.fields, node, rest);
    if (row->type == PARAM_LIST)
        return setting_put_list(setting, row, node, rest);
    if (row->type == PARAM_KIND && !row->beside)
        return setting_put_kind(setting, row, node, rest);
    problem_add(setting->problems, setting_mark(setting, rest), "'%s' has no keys below it",
                row->key ? row->key : "item");
    return NULL;
}

/* What the user typed without the option's name, as far as the value can be found in it. */
static const char *setting_argument(const struct config_setting *setting)
{
    const char *blank = strchr(setting->shown, ' ');
    const char *argument = blank ? blank + 1 : setting->shown;
    size_t length = strlen(argument), size = strlen(setting->value);
    bool ends = length >= size && strcmp(argument + length - size, setting->value) == 0;
    size_t before = ends ? length - size : 0, path = strlen(setting->path);
    if (before == 0)
        return setting->value;
    bool fits = argument[before - 1] == '=' && before - 1 <= path &&
                memcmp(setting->path + path - (before - 1), argument, before - 1) == 0;
    return fits ? argument : setting->value;
}

/* Named by what the user typed, and holding its argument as its line.  False after adding a
   problem. */
static bool setting_open(struct setting *change, const struct config_setting *setting)
{
    size_t value = strlen(setting->value), path = strlen(setting->path);
    struct config_setting typed = *setting;
    if (!typed.shown || !setting_argument(setting)[0]) {
        size_t size = path + value + 16;
        char *name = arena_take(change->arena, size, 1);
        snprintf(name, size, "--set %s=%s", setting->path, setting->value);
        typed.shown = name;
    }
    const char *text = setting_argument(&typed);
    change->start = strlen(text) - value;
    change->hidden = change->start > 0 ? path - (change->start - 1) : path;
    change->source = source_of_text(typed.shown, text, strlen(text), change->arena,
                                    change->problems);
    return change->source != NULL;
}

const struct node *setting_apply(const struct node *root, const struct param *table,
                                 const struct config_setting *setting, struct arena *arena,
                                 struct problems *problems)
{
    struct setting change = {.path = setting->path, .arena = arena, .problems = problems};
    if (!setting_open(&change, setting))
        return root;
    const char *bytes = change.source->bytes;
    struct mark end = {.source = change.source, .line = 1, .length = 1,
                       .column = (uint32_t)utf8_count(bytes, change.start) + 1};
    change.value = strspn(setting->value, " \t") == strlen(setting->value)
                       ? node_scalar(arena, "", end)
                       : document_parse(change.source, change.start, arena, problems);
    if (!change.value)
        return root;
    const struct node *result = setting_put_map(&change, table, root, setting->path);
    return result ? result : root;
}
