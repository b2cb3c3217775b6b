/* SPDX-License-Identifier: GPL-3.0-or-later
   What the binder says of keys, values and kinds that do not fit the tables. */
#include "sim/config/bind_refuse.h"

#include "sim/config/preset.h"
#include "sim/config/table.h"
#include "sim/config/value.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    BIND_REFUSE_MISSPELT = 32, /* keys of a map that may explain a missing one */
    BIND_REFUSE_PLACES = 5     /* paths that a hint offers */
};

/* " in 'run'"; nothing at the top. */
static const char *bind_refuse_within(struct bind *bind, const char *name)
{
    if (!name)
        return "";
    size_t length = strlen(name);
    char *text = arena_take(bind->arena, length + 8, 1);
    memcpy(text, " in '", 5);
    memcpy(text + 5, name, length);
    memcpy(text + 5 + length, "'", 2);
    return text;
}

/* Where a key that is unknown here would be known: in a map around this one, or below it.
   Elsewhere it may mean another thing.  NULL if nowhere. */
static const char *bind_refuse_place(struct bind *bind, const char *key)
{
    for (const struct bind_scope *at = bind->scope->outer; at; at = at->outer)
        if (table_row(at->table, key))
            return at->name ? bind_refuse_within(bind, at->name) : " at the top";
    if (table_beside(bind->scope->table)) /* a key of another kind has no path */
        return NULL;
    const char *places[BIND_REFUSE_PLACES + 1] = {NULL};
    size_t count = table_places(bind->scope->table, key, places, BIND_REFUSE_PLACES,
                                bind->arena);
    if (count == 0)
        return NULL;
    const char *words = table_words(places, bind->arena);
    size_t size = strlen(words) + 16;
    char *text = arena_take(bind->arena, size, 1);
    snprintf(text, size, " in %s%s", count > 1 ? "one of " : "", words);
    return text;
}

void bind_refuse_key(struct bind *bind, const struct node_pair *pair)
{
    struct problems *problems = bind->problems;
    const struct param *table = bind->scope->table;
    const char *name = bind->scope->name;
    problem_add(problems, pair->mark, "unknown key '%.64s'%s", pair->key,
                bind_refuse_within(bind, name));
    if (problems->latest == 0)
        return;
    if (!table || !table->key) {
        problem_hint(problems, "'%s' takes no parameters", name ? name : "it");
        return;
    }
    const char *const *keys = table_keys_of_two(table, bind->scope->also, bind->arena);
    const char *words = table_words(keys, bind->arena);
    const char *nearest = problem_nearest(pair->key, keys);
    const char *place = nearest ? NULL : bind_refuse_place(bind, pair->key);
    if (nearest)
        problem_hint(problems, "did you mean '%s'? known keys: %s", nearest, words);
    else if (place)
        problem_hint(problems, "'%s' belongs%s; known keys here: %s", pair->key, place, words);
    else
        problem_hint(problems, "known keys: %s", words);
}

/* Whether an unknown key of the map was already explained as a misspelling of this one. */
static bool bind_refuse_is_misspelt(struct bind *bind, const struct node *map,
                                    const char *key)
{
    const struct param *table = bind->scope->table, *also = bind->scope->also;
    const char *const *keys = table_keys_of_two(table, also, bind->arena);
    for (size_t i = 0; i < map->count && i < BIND_REFUSE_MISSPELT; i++) {
        const char *word = map->pairs[i].key;
        if (table_row(table, word) || table_row(also, word))
            continue;
        const char *nearest = problem_nearest(word, keys);
        if (nearest && strcmp(nearest, key) == 0)
            return true;
    }
    return false;
}

void bind_refuse_missing(struct bind *bind, const struct node *map, const struct param *row)
{
    size_t errors = bind->problems->errors;
    if (errors > 0 && errors < PROBLEM_KEPT && bind_refuse_is_misspelt(bind, map, row->key))
        return;
    if (preset_is_unknown(bind->scope->table, map, bind->arena))
        return; /* nobody knows what it would give */
    problem_add(bind->problems, map->mark, "missing key '%s'%s", row->key,
                bind_refuse_within(bind, bind->scope->name));
    const struct param *preset = table_preset(bind->scope->table);
    const struct kind *giving = preset_giving(preset, row->key, NULL);
    problem_hint(bind->problems, "'%s': %s%s%s%s%s%s", row->key,
                 row->help ? row->help : value_noun(row, PARAM_NUMBER),
                 giving ? "; or give a preset that has it, as in `" : "",
                 giving ? preset->key : "", giving ? ": " : "", giving ? giving->name : "",
                 giving ? "`" : "");
}

void bind_refuse_value(struct bind *bind, const struct bind_slot *slot, const char *noun,
                       const struct node *node)
{
    problem_add(bind->problems, node->mark, "'%s' must be %s, found %s", slot->name, noun,
                node_words(node, bind->arena));
}

static void bind_refuse_unknown_kind(struct bind *bind, const struct bind_slot *slot,
                                     const struct usage *usage)
{
    const struct kind_list *kinds = slot->row->of.kinds;
    const char *const *names = table_kind_names(kinds, bind->arena);
    const char *words = table_words(names, bind->arena);
    problem_add(bind->problems, usage->mark, "unknown %s '%.64s'", kinds->noun, usage->name);
    if (bind->problems->latest == 0)
        return;
    const char *nearest = problem_nearest(usage->name, names);
    if (nearest)
        problem_hint(bind->problems, "did you mean '%s'? known: %s", nearest, words);
    else
        problem_hint(bind->problems, "known: %s", words);
}

void bind_refuse_usage(struct bind *bind, const struct bind_slot *slot,
                       const struct usage *usage, const struct node *node)
{
    const struct kind_list *kinds = slot->row->of.kinds;
    if (usage->fault == USAGE_UNKNOWN) {
        bind_refuse_unknown_kind(bind, slot, usage);
    } else if (usage->fault == USAGE_SECOND) {
        bool known = table_row(usage->kind->params, usage->name) != NULL;
        problem_add(bind->problems, usage->mark, "'%.64s' stands beside the %s '%s'",
                    usage->name, kinds->noun, usage->kind->name);
        if (known)
            problem_hint(bind->problems, "put it inside: {%s: {%s: ...}}", usage->kind->name,
                         usage->name);
        else
            problem_hint(bind->problems, "%s %s is one name with its parameters inside: "
                                         "{NAME: {key: value}}",
                         table_article(kinds->noun), kinds->noun);
    } else {
        problem_add(bind->problems, node->mark, "'%s' must be %s %s, found %s", slot->name,
                    table_article(kinds->noun), kinds->noun,
                    node->type == NODE_MAP && !slot->row->beside
                        ? "no name in it"
                        : node_words(node, bind->arena));
        problem_hint(bind->problems, "write %s, as in '%s'",
                     slot->row->beside ? "its name, and its parameters beside it"
                                       : "NAME or {NAME: {key: value}}",
                     kinds->at(0) ? kinds->at(0)->name : "");
    }
}

/* Where the path that stands at the mark starts. */
static void bind_refuse_path(struct bind *bind, const struct mark *mark)
{
    if (mark->source != bind->source)
        problem_hint(bind->problems, "a path in --set starts from the current folder");
    else if (bind->is_run)
        problem_hint(bind->problems, "paths in a run.json start from the current folder: go "
                                     "to where it was made, or say with --set where it is");
    else if (bind->base[0])
        problem_hint(bind->problems, "paths in a scenario start from its folder, '%s'",
                     bind->base);
    else
        problem_hint(bind->problems,
                     "paths in a scenario start from its folder, here the current one");
}

void bind_refuse_config(struct bind *bind, const struct param_kind *field,
                        const struct usage *usage, const char *message)
{
    problem_add(bind->problems, usage->mark, "%s", message);
    for (const struct param *row = field->kind->params; row && row->key; row++) {
        const char *at = (const char *)field->config + row->offset, *path = NULL;
        const struct node_pair *pair = node_find(usage->body, row->key);
        if (row->type == PARAM_PATH && pair)
            path = *(const char *const *)at;
        if (path && path[0] != '/' && access(path, F_OK) != 0)
            bind_refuse_path(bind, &pair->value->mark);
    }
}

void bind_refuse_list(struct bind *bind, const struct bind_slot *slot,
                      const struct node *node)
{
    const struct param *item = slot->row->of.item;
    const char *example = value_example(item, slot->unit);
    double min = slot->row->min;
    if (item->type == PARAM_KIND && item->of.kinds->at(0))
        example = item->of.kinds->at(0)->name;
    bind_refuse_value(bind, slot, "a list", node);
    if (min > 0)
        problem_hint(bind->problems, "write it like [%s], with at least %.0f item%s", example,
                     min, min == 1 ? "" : "s");
    else
        problem_hint(bind->problems, "write it like [%s], or [] for an empty one", example);
}
