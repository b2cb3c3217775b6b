/* SPDX-License-Identifier: GPL-3.0-or-later
   One walk along the tables: what is given is checked and stored, what is not takes its
   default through the same code, and after a mistake the walk goes on. */
#include "sim/config/bind.h"

#include "sim/config/document.h"
#include "sim/config/table.h"
#include "sim/config/usage.h"
#include "sim/config/value.h"
#include "sim/engine/check.h"

#include <stdlib.h>
#include <string.h>

enum {
    BIND_DEPTH_LIMIT = 56, /* of the resolved document, which must be read again */
    BIND_MISSPELT_LIMIT = 32 /* keys of a map that may explain a missing one */
};

/* Where a value goes. */
struct bind_slot {
    const struct param *row;
    const char *name; /* of the key that the user wrote */
    enum param_type unit;
    void *field;
};

static void bind_value(struct bind *bind, const struct bind_slot *slot,
                       const struct node *node);

/* " in 'run'"; nothing at the top. */
static const char *bind_within(struct bind *bind, const char *name)
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

static void bind_unknown(struct bind *bind, const struct param *table, const char *name,
                         const struct node_pair *pair)
{
    struct problems *problems = bind->problems;
    problem_add(problems, pair->mark, "unknown key '%.64s'%s", pair->key,
                bind_within(bind, name));
    if (problems->latest == 0)
        return;
    if (!table || !table->key) {
        problem_hint(problems, "'%s' takes no parameters", name ? name : "it");
        return;
    }
    const char *const *keys = table_keys(table, bind->arena);
    const char *words = table_words(keys, bind->arena);
    const char *nearest = problem_nearest(pair->key, keys);
    const char *place = nearest ? NULL : table_place(bind->table, pair->key, bind->arena);
    if (nearest)
        problem_hint(problems, "did you mean '%s'? known keys: %s", nearest, words);
    else if (place)
        problem_hint(problems, "'%s' belongs in %s; known keys here: %s", pair->key, place, words);
    else
        problem_hint(problems, "known keys: %s", words);
}

/* Whether an unknown key of the map was already explained as a misspelling of this one. */
static bool bind_is_misspelt(struct bind *bind, const struct param *table,
                             const struct node *map, const char *key)
{
    const char *const *keys = table_keys(table, bind->arena);
    for (size_t i = 0; i < map->count && i < BIND_MISSPELT_LIMIT; i++) {
        const char *word = map->pairs[i].key;
        if (table_row(table, word))
            continue;
        const char *nearest = problem_nearest(word, keys);
        if (nearest && strcmp(nearest, key) == 0)
            return true;
    }
    return false;
}

static void bind_missing(struct bind *bind, const struct param *table, const char *name,
                         const struct node *map, const struct param *row)
{
    size_t errors = bind->problems->errors;
    if (errors > 0 && errors < PROBLEM_LIMIT && bind_is_misspelt(bind, table, map, row->key))
        return;
    problem_add(bind->problems, map->mark, "missing key '%s'%s", row->key,
                bind_within(bind, name));
    problem_hint(bind->problems, "'%s' is %s", row->key,
                 row->help ? row->help : value_noun(row, PARAM_NUMBER));
}

/* Binds the keys of a map to the struct at `base`; `name` NULL at the top. */
static void bind_rows(struct bind *bind, const struct param *table,
                      const struct bind_slot *around, const struct node *map)
{
    for (size_t i = 0; i < map->count; i++)
        if (!table_row(table, map->pairs[i].key))
            bind_unknown(bind, table, around->name, &map->pairs[i]);
    for (const struct param *row = table; row && row->key; row++) {
        struct bind_slot slot = {.row = row, .name = row->key, .unit = around->unit,
                                 .field = (char *)around->field + row->offset};
        const struct node_pair *pair = node_find(map, row->key);
        if (pair)
            bind_value(bind, &slot, pair->value);
        else if (!row->fallback)
            bind_missing(bind, table, around->name, map, row);
        else if (row->fallback[0])
            bind_value(bind, &slot, document_of_text(row->fallback, map->mark, bind->arena));
    }
}

/* Whether one more level is allowed; adds a problem otherwise. */
static bool bind_descend(struct bind *bind, int levels, const struct node *node)
{
    bind->depth += levels;
    if (bind->depth <= BIND_DEPTH_LIMIT)
        return true;
    problem_add(bind->problems, node->mark, "nested more than %d levels deep",
                BIND_DEPTH_LIMIT);
    return false;
}

static void bind_refuse(struct bind *bind, const struct bind_slot *slot, const char *noun,
                        const struct node *node)
{
    problem_add(bind->problems, node->mark, "'%s' must be %s, found %s", slot->name, noun,
                node_words(node, bind->arena));
}

static void bind_map(struct bind *bind, const struct bind_slot *slot, const struct node *node)
{
    const struct param *fields = slot->row->of.fields;
    if (node->type == NODE_MAP) {
        if (bind_descend(bind, 1, node))
            bind_rows(bind, fields, slot, node);
        bind->depth--;
        return;
    }
    bind_refuse(bind, slot, "a map of keys", node);
    problem_hint(bind->problems, "known keys: %s",
                 table_words(table_keys(fields, bind->arena), bind->arena));
}

/* The folder that a relative path starts from: settings count from the current one. */
static const char *bind_base(const struct bind *bind, const struct mark *mark)
{
    return mark->source == bind->source || !mark->source ? bind->base : mark->source->base;
}

static void bind_path(struct bind *bind, const char **path, const struct mark *mark)
{
    const char *base = bind_base(bind, mark);
    if (base[0] == '\0' || (*path)[0] == '/')
        return;
    size_t before = strlen(base), after = strlen(*path);
    bool slash = base[before - 1] != '/';
    char *joined = arena_take(bind->arena, before + after + 2, 1);
    memcpy(joined, base, before);
    joined[before] = '/';
    memcpy(joined + before + slash, *path, after);
    *path = joined;
}

static void bind_scalar(struct bind *bind, const struct bind_slot *slot,
                        const struct node *node)
{
    struct value_error error;
    struct param row = *slot->row;
    row.key = slot->name;
    if (node->type != NODE_SCALAR || node_is_null(node)) {
        bind_refuse(bind, slot, value_noun(&row, slot->unit), node);
        problem_hint(bind->problems, "write it like %s", value_example(&row, slot->unit));
        return;
    }
    if (value_parse(&row, slot->unit, node->text, node->plain, slot->field, &error)) {
        if (row.type == PARAM_PATH)
            bind_path(bind, slot->field, &node->mark);
        return;
    }
    problem_add(bind->problems, node->mark, "%s", error.message);
    if (error.hint[0])
        problem_hint(bind->problems, "%s", error.hint);
}

static void bind_unknown_kind(struct bind *bind, const struct bind_slot *slot,
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

/* Adds the problem of a usage that names no single kind. */
static void bind_bad_usage(struct bind *bind, const struct bind_slot *slot,
                           const struct usage *usage, const struct node *node)
{
    const struct kind_list *kinds = slot->row->of.kinds;
    if (usage->fault == USAGE_UNKNOWN) {
        bind_unknown_kind(bind, slot, usage);
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
                    node->type == NODE_MAP ? "no name in it" : node_words(node, bind->arena));
        problem_hint(bind->problems, "write NAME or {NAME: {key: value}}, as in '%s'",
                     kinds->at(0) ? kinds->at(0)->name : "");
    }
}

static void bind_label(struct bind *bind, struct param_kind *field, const struct usage *usage)
{
    static const struct param row = {.key = "as", .type = PARAM_NAME};
    field->label = field->kind->name;
    const struct node *node = usage->label ? usage->label->value : NULL;
    struct bind_slot slot = {.row = &row, .name = "as", .unit = PARAM_NUMBER,
                             .field = &field->label};
    if (node)
        bind_value(bind, &slot, node);
}

static void bind_parameters(struct bind *bind, const struct bind_slot *slot,
                            const struct usage *usage, const struct node *node)
{
    const struct kind *kind = usage->kind;
    struct param_kind *field = slot->field;
    size_t errors = bind->problems->errors;
    if (usage->odd_body) {
        problem_add(bind->problems, usage->odd_body->mark, "%s '%s' takes no parameters",
                    slot->row->of.kinds->noun, kind->name);
        return;
    }
    if (kind->config_size > 0) {
        field->config = arena_take(bind->arena, 1, kind->config_size);
        bind->parent = places_add(bind->places, field->config, kind->config_size, bind->parent,
                                  usage->mark);
    }
    struct bind_slot inner = {.name = kind->name, .unit = slot->unit, .field = field->config};
    struct node empty = {.type = NODE_MAP, .mark = node->mark};
    bind_rows(bind, kind->params, &inner, usage->body ? usage->body : &empty);
    char message[512] = "";
    if (bind->problems->errors == errors && kind->check &&
        !kind->check(field->config, bind->arena, message, sizeof message))
        problem_add(bind->problems, usage->mark, "%s", message);
}

static void bind_kind(struct bind *bind, const struct bind_slot *slot, const struct node *node)
{
    struct usage usage = usage_read(slot->row, node, bind->arena);
    if (usage.fault != USAGE_FINE) {
        bind_bad_usage(bind, slot, &usage, node);
        return;
    }
    struct param_kind *field = slot->field;
    size_t parent = bind->parent;
    field->kind = usage.kind;
    if (bind_descend(bind, 2, node)) {
        bind_label(bind, field, &usage);
        bind_parameters(bind, slot, &usage, node);
    }
    bind->parent = parent;
    bind->depth -= 2;
}

/* The name that tells items of a list apart: label of a kind, `name` of a map; else NULL. */
static const char *const *bind_item_name(const struct param *item, const void *value)
{
    const struct param *name = item->type == PARAM_MAP ? table_name_row(item->of.fields) : NULL;
    if (name)
        return (const char *const *)((const char *)value + name->offset);
    if (item->type == PARAM_KIND && item->labelled)
        return &((const struct param_kind *)value)->label;
    return NULL;
}

struct bind_named {
    const char *name;
    size_t index;
};

static int bind_compare(const void *left, const void *right)
{
    const struct bind_named *a = left, *b = right;
    int order = strcmp(a->name, b->name);
    return order ? order : (a->index > b->index) - (a->index < b->index);
}

/* Where the name of an item stands, or the item. */
static struct mark bind_name_mark(const struct param *item, const struct node *node)
{
    const struct node_pair *pair = node_find(node, item->type == PARAM_MAP ? "name" : "as");
    return pair ? pair->value->mark : node->mark;
}

/* Refuses two items of one name. */
static void bind_distinct(struct bind *bind, const struct param *item,
                          const struct param_list *list, const struct node *node)
{
    struct bind_named *named = memory_take(list->count + 1, sizeof *named);
    size_t size = table_size(item), count = 0;
    for (size_t i = 0; i < list->count; i++) {
        const char *const *name = bind_item_name(item, (const char *)list->items + i * size);
        if (name && *name)
            named[count++] = (struct bind_named){.name = *name, .index = i};
    }
    qsort(named, count, sizeof *named, bind_compare);
    for (size_t i = 1, first = 0; i < count; i++) {
        if (strcmp(named[i].name, named[first].name) != 0) {
            first = i;
            continue;
        }
        struct mark one = bind_name_mark(item, node->items[named[first].index]);
        problem_add(bind->problems, bind_name_mark(item, node->items[named[i].index]),
                    "the name '%.64s' is taken", named[i].name);
        if (item->type == PARAM_KIND)
            problem_hint(bind->problems, "the first one is on line %u; give this one a name "
                                         "of its own: {%.64s: {}, as: NAME}", one.line,
                         ((const struct param_kind *)list->items)[named[i].index].kind->name);
        else
            problem_hint(bind->problems, "the first one is on line %u", one.line);
    }
    free(named);
}

static void bind_check_count(struct bind *bind, const struct bind_slot *slot,
                             const struct node *list)
{
    double min = slot->row->min, max = slot->row->max, count = (double)list->count;
    if ((min == 0 && max == 0) || (count >= min && count <= max))
        return;
    double limit = count < min ? min : max;
    problem_add(bind->problems, list->mark, "'%s' must have at %s %.0f item%s, found %zu",
                slot->name, count < min ? "least" : "most", limit, limit == 1 ? "" : "s",
                list->count);
}

static void bind_list(struct bind *bind, const struct bind_slot *slot, const struct node *node)
{
    const struct param *item = slot->row->of.item;
    struct param_list *list = slot->field;
    if (node_is_null(node)) {
        bind_refuse(bind, slot, "a list", node);
        problem_hint(bind->problems, "write [] for an empty one");
        return;
    }
    if (node->type != NODE_LIST)
        node = node_list_of_one(bind->arena, node);
    bind_check_count(bind, slot, node);
    size_t size = table_size(item);
    list->count = node->count;
    if (!bind_descend(bind, 1, node) || node->count == 0) {
        bind->depth--;
        return;
    }
    list->items = arena_take(bind->arena, node->count, size);
    for (size_t i = 0; i < node->count; i++) {
        struct bind_slot inner = {.row = item, .name = slot->name, .unit = slot->unit,
                                  .field = (char *)list->items + i * size};
        bind_value(bind, &inner, node->items[i]);
    }
    bind->depth--;
    if (bind->problems->errors < PROBLEM_LIMIT)
        bind_distinct(bind, item, list, node);
}

static void bind_value(struct bind *bind, const struct bind_slot *slot,
                       const struct node *node)
{
    struct bind_slot inner = *slot;
    inner.unit = table_unit(slot->row, slot->unit);
    size_t parent = bind->parent;
    bind->parent =
        places_add(bind->places, slot->field, table_size(slot->row), parent, node->mark);
    switch (slot->row->type) {
    case PARAM_MAP: bind_map(bind, &inner, node); break;
    case PARAM_LIST: bind_list(bind, &inner, node); break;
    case PARAM_KIND: bind_kind(bind, &inner, node); break;
    case PARAM_BOOL:
    case PARAM_COUNT:
    case PARAM_NUMBER:
    case PARAM_RATIO:
    case PARAM_DURATION:
    case PARAM_RATE:
    case PARAM_SIZE:
    case PARAM_QUANTITY:
    case PARAM_NAME:
    case PARAM_TEXT:
    case PARAM_PATH:
    case PARAM_CHOICE: bind_scalar(bind, &inner, node); break;
    }
    bind->parent = parent;
}

void bind_document(struct bind *bind, const struct node *node, void *root)
{
    struct bind_slot top = {.unit = PARAM_NUMBER, .field = root};
    bind->parent = places_add(bind->places, root, table_extent(bind->table), PLACES_ROOT,
                              node->mark);
    if (node->type == NODE_MAP) {
        bind_rows(bind, bind->table, &top, node);
        return;
    }
    problem_add(bind->problems, node->mark, "the document must be a map of keys, found %s",
                node_words(node, bind->arena));
    problem_hint(bind->problems, "known keys: %s",
                 table_words(table_keys(bind->table, bind->arena), bind->arena));
}
