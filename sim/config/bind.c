/* SPDX-License-Identifier: GPL-3.0-or-later
   One walk along the tables: what is given is checked and stored, what is not takes its
   default through the same code, and after a mistake the walk goes on. */
#include "sim/config/bind.h"

#include "sim/config/bind_refuse.h"
#include "sim/config/document.h"
#include "sim/config/preset.h"
#include "sim/config/table.h"
#include "sim/config/usage.h"
#include "sim/config/value.h"
#include "sim/engine/check.h"

#include <stdlib.h>
#include <string.h>

enum { BIND_DEPTH_LIMIT = 56 }; /* of the resolved document, which must be read again */

static void bind_value(struct bind *bind, const struct bind_slot *slot,
                       const struct node *node);

/* Refuses keys that neither the table nor the kind beside it has; without a kind, nobody
   knows what else may stand there. */
static void bind_check_keys(struct bind *bind, struct bind_scope *scope,
                            const struct node *map)
{
    const struct param *beside = table_beside(scope->table);
    const struct kind *kind = usage_beside(beside, map);
    if (beside && !kind)
        return;
    if (kind)
        scope->also = kind->params;
    for (size_t i = 0; i < map->count; i++)
        if (!table_row(scope->table, map->pairs[i].key) &&
            !table_row(scope->also, map->pairs[i].key))
            bind_refuse_key(bind, &map->pairs[i]);
}

/* Binds the keys of a map to the struct at `base`; `name` NULL at the top. */
static void bind_rows(struct bind *bind, const struct param *table,
                      const struct bind_slot *around, const struct node *map)
{
    struct bind_scope scope = {.table = table, .also = around->also, .name = around->name,
                               .outer = bind->scope};
    bind->scope = &scope;
    if (!around->also)
        bind_check_keys(bind, &scope, map);
    const struct node *preset = preset_read(table, map, bind->arena);
    for (const struct param *row = table; row && row->key; row++) {
        struct bind_slot slot = {.row = row, .name = row->key, .unit = around->unit,
                                 .field = (char *)around->field + row->offset};
        if (row == table && around->first)
            slot.name = around->first;
        if (row->beside) {
            slot.also = table;
            slot.map = map;
        }
        const struct node_pair *pair = preset_find(map, preset, row->key);
        if (pair)
            bind_value(bind, &slot, pair->value);
        else if (!row->fallback)
            bind_refuse_missing(bind, map, row);
        else if (row->fallback[0])
            bind_value(bind, &slot, document_of_text(row->fallback, map->mark, bind->arena));
    }
    bind->scope = scope.outer;
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

static void bind_map(struct bind *bind, const struct bind_slot *slot, const struct node *node)
{
    const struct param *fields = slot->row->of.fields;
    if (node->type == NODE_MAP) {
        if (bind_descend(bind, 1, node))
            bind_rows(bind, fields, slot, node);
        bind->depth--;
        return;
    }
    bind_refuse_value(bind, slot, "a map of keys", node);
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
        bind_refuse_value(bind, slot, value_noun(&row, slot->unit), node);
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
    struct bind_slot inner = {.name = kind->name, .first = usage->bare ? slot->name : NULL,
                              .also = slot->also, .unit = slot->unit,
                              .field = field->config};
    struct node empty = {.type = NODE_MAP, .mark = node->mark};
    bind_rows(bind, kind->params, &inner, usage->body ? usage->body : &empty);
    char message[512] = "";
    if (bind->problems->errors == errors && kind->check &&
        !kind->check(field->config, bind->arena, message, sizeof message))
        bind_refuse_config(bind, field, usage, message);
}

static void bind_kind(struct bind *bind, const struct bind_slot *slot, const struct node *node)
{
    struct usage usage = usage_read(slot->row, node, bind->arena);
    if (usage.fault != USAGE_FINE) {
        bind_refuse_usage(bind, slot, &usage, node);
        return;
    }
    struct param_kind *field = slot->field;
    size_t parent = bind->parent;
    field->kind = usage.kind;
    if (slot->row->beside)
        usage.body = slot->map;
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

/* A list whose maps and lists are spelled as texts; of another node a list of that one. */
static const struct node *bind_spell_values(struct bind *bind, const struct node *node)
{
    if (node->type != NODE_LIST)
        node = node_list_of_one(bind->arena, node);
    for (size_t i = 0; i < node->count; i++)
        if (node->items[i]->type != NODE_SCALAR)
            node = node_with_item(bind->arena, node, i,
                                  node_scalar(bind->arena,
                                              node_text(node->items[i], bind->arena),
                                              node->items[i]->mark));
    return node;
}

/* The list that a map with keys of the user's own stands for. */
static const struct node *bind_spell_out(struct bind *bind, const struct param *item,
                                         const struct node *map)
{
    const struct param *fields = item->of.fields;
    const struct node **items = arena_take(bind->arena, map->count + 1, sizeof *items);
    for (size_t i = 0; i < map->count; i++) {
        const struct node_pair *pair = &map->pairs[i];
        const struct node_pair key = {fields[0].key, pair->mark,
                                      node_scalar(bind->arena, pair->key, pair->mark)};
        const struct node *values = fields[1].type == PARAM_LIST
                                        ? bind_spell_values(bind, pair->value)
                                        : pair->value;
        const struct node_pair value = {fields[1].key, pair->mark, values};
        const struct node *one = node_with(bind->arena, node_map(bind->arena, pair->mark), &key);
        items[i] = node_with(bind->arena, one, &value);
    }
    struct node *list = arena_take(bind->arena, 1, sizeof *list);
    *list = (struct node){.type = NODE_LIST, .mark = map->mark, .count = map->count,
                          .items = items};
    return list;
}

static void bind_list(struct bind *bind, const struct bind_slot *slot, const struct node *node)
{
    const struct param *item = slot->row->of.item;
    struct param_list *list = slot->field;
    if (slot->row->keyed && node->type == NODE_MAP)
        node = bind_spell_out(bind, item, node);
    if (node_is_null(node)) {
        bind_refuse_list(bind, slot, node);
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
    if (bind->problems->errors < PROBLEM_KEPT)
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
