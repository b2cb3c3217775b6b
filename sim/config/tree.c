/* SPDX-License-Identifier: GPL-3.0-or-later
   A stack of open lists and maps.  Merge keys are spelled out when their map closes. */
#include "sim/config/tree.h"

#include "sim/config/utf8.h"
#include "sim/engine/check.h"

#include <stdlib.h>
#include <string.h>

struct tree_frame *tree_top(struct tree *tree)
{
    return tree->depth > 0 ? &tree->frames[tree->depth - 1] : NULL;
}

bool tree_wants_key(struct tree *tree)
{
    const struct tree_frame *top = tree_top(tree);
    return top && top->node->type == NODE_MAP && !top->pair.key;
}

static bool tree_refuse(struct tree *tree, struct mark mark, const char *message)
{
    problem_add(tree->problems, mark, "%s", message);
    return false;
}

static bool tree_count(struct tree *tree, uint32_t weight, struct mark mark)
{
    tree->weight += weight;
    if (tree->weight <= TREE_NODE_LIMIT)
        return true;
    problem_add(tree->problems, mark, "more than %d values, aliases spelled out",
                TREE_NODE_LIMIT);
    problem_hint(tree->problems, "long lists belong in a CSV file");
    return false;
}

static void tree_add_item(struct tree *tree, struct tree_frame *top, const struct node *item)
{
    struct node *list = top->node;
    if (list->count == top->room) {
        top->room = top->room ? 2 * top->room : 4;
        const struct node **items = arena_take(tree->arena, top->room, sizeof *items);
        if (list->count > 0)
            memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
    }
    list->items[list->count++] = item;
}

static void tree_add_pair(struct tree *tree, struct tree_frame *top,
                          const struct node_pair *pair)
{
    struct node *map = top->node;
    if (map->count == top->room) {
        top->room = top->room ? 2 * top->room : 4;
        struct node_pair *pairs = arena_take(tree->arena, top->room, sizeof *pairs);
        if (map->count > 0)
            memcpy(pairs, map->pairs, map->count * sizeof *pairs);
        map->pairs = pairs;
    }
    map->pairs[map->count++] = *pair;
}

/* Puts a complete value where the document has come to. */
static bool tree_add(struct tree *tree, const struct node *node)
{
    struct tree_frame *top = tree_top(tree);
    if (!top) {
        tree->root = node;
        return true;
    }
    top->weight += node->weight;
    if (node->height > top->height)
        top->height = node->height;
    if (top->node->type == NODE_LIST) {
        tree_add_item(tree, top, node);
        return true;
    }
    struct node_pair pair = {.key = top->pair.key, .mark = top->pair.mark, .value = node};
    top->pair.key = NULL;
    if (strcmp(pair.key, "<<") != 0)
        tree_add_pair(tree, top, &pair);
    else if (top->merges)
        return tree_refuse(tree, pair.mark, "key '<<' appears twice");
    else
        top->merges = node;
    return true;
}

static bool tree_merge_map(struct tree *tree, struct tree_frame *top, const struct node *from)
{
    if (from->type != NODE_MAP)
        return tree_refuse(tree, from->mark, "'<<' takes a map or a list of maps");
    for (size_t i = 0; i < from->count; i++)
        tree_add_pair(tree, top, &from->pairs[i]);
    return true;
}

/* Appends the pairs of the maps that `<<` names; tree_unique drops what the map itself or
   an earlier one has. */
static bool tree_merge(struct tree *tree, struct tree_frame *top)
{
    const struct node *from = top->merges;
    if (!from)
        return true;
    if (from->type != NODE_LIST)
        return tree_merge_map(tree, top, from);
    for (size_t i = 0; i < from->count; i++)
        if (!tree_merge_map(tree, top, from->items[i]))
            return false;
    return true;
}

/* By key, then in the order of the document: all pairs are of one array. */
static int tree_compare(const void *left, const void *right)
{
    const struct node_pair *a = *(struct node_pair *const *)left;
    const struct node_pair *b = *(struct node_pair *const *)right;
    int order = strcmp(a->key, b->key);
    return order ? order : (a > b) - (a < b);
}

/* Reports keys given twice and drops merged ones that are there already; the first `own`
   pairs are the map's own. */
static void tree_unique(struct tree *tree, struct node *map, size_t own)
{
    struct node_pair **sorted = memory_take(map->count + 1, sizeof *sorted);
    for (size_t i = 0; i < map->count; i++)
        sorted[i] = &map->pairs[i];
    qsort(sorted, map->count, sizeof *sorted, tree_compare);
    const struct node_pair *first = map->count ? sorted[0] : NULL;
    for (size_t i = 1; i < map->count; i++) {
        if (strcmp(first->key, sorted[i]->key) != 0) {
            first = sorted[i];
            continue;
        }
        if (sorted[i] < map->pairs + own) {
            problem_add(tree->problems, sorted[i]->mark, "key '%.64s' appears twice", first->key);
            problem_hint(tree->problems, "the first one is on line %u", first->mark.line);
        }
        sorted[i]->value = NULL;
    }
    free(sorted);
    size_t kept = 0;
    for (size_t i = 0; i < map->count; i++)
        if (map->pairs[i].value)
            map->pairs[kept++] = map->pairs[i];
    map->count = kept;
}

static bool tree_name(struct tree *tree, const char *name, const struct node *node)
{
    if (!name)
        return true;
    size_t at = 0;
    while (at < tree->anchor_count && strcmp(tree->anchors[at].name, name) != 0)
        at++;
    if (at == TREE_ANCHOR_LIMIT)
        return tree_refuse(tree, node->mark, "more than 1000 anchors");
    if (!tree->anchors)
        tree->anchors = arena_take(tree->arena, TREE_ANCHOR_LIMIT, sizeof *tree->anchors);
    tree->anchors[at] = (struct tree_anchor){
        .name = arena_copy_text(tree->arena, name, strlen(name)), .node = node};
    tree->anchor_count += at == tree->anchor_count;
    return true;
}

bool tree_key(struct tree *tree, const char *text, size_t length, struct mark mark)
{
    struct tree_frame *top = tree_top(tree);
    if (length == 0)
        return tree_refuse(tree, mark, "a key is missing before ':'");
    if (memchr(text, '\0', length) || length > TREE_SCALAR_LIMIT)
        return tree_refuse(tree, mark, "a key must be a word");
    top->pair.key = arena_copy_text(tree->arena, text, length);
    top->pair.mark = mark;
    return true;
}

static bool tree_text_is_sound(struct tree *tree, const char *text, size_t length,
                               struct mark mark)
{
    if (length > TREE_SCALAR_LIMIT)
        return tree_refuse(tree, mark, "text of more than 64 KiB");
    if (memchr(text, '\0', length))
        return tree_refuse(tree, mark, "a NUL character has no place in a text");
    for (size_t at = 0; at < length;) {
        size_t step = utf8_size(text + at, length - at);
        if (step == 0)
            return tree_refuse(tree, mark, "an escape that stands for no character");
        at += step;
    }
    return true;
}

bool tree_scalar(struct tree *tree, const struct node *scalar, size_t length,
                 const char *anchor)
{
    if (!tree_text_is_sound(tree, scalar->text, length, scalar->mark))
        return false;
    struct node *node = arena_take(tree->arena, 1, sizeof *node);
    *node = *scalar;
    node->height = node->weight = 1;
    node->text = arena_copy_text(tree->arena, scalar->text, length);
    return tree_count(tree, 1, node->mark) && tree_name(tree, anchor, node) &&
           tree_add(tree, node);
}

bool tree_alias(struct tree *tree, const char *name, struct mark mark)
{
    if (tree_wants_key(tree))
        return tree_refuse(tree, mark, "a key must be a word, not an alias");
    const struct node *node = NULL;
    for (size_t i = 0; i < tree->anchor_count; i++)
        if (strcmp(tree->anchors[i].name, name) == 0)
            node = tree->anchors[i].node;
    if (!node) {
        problem_add(tree->problems, mark, "unknown alias '*%.64s'", name);
        problem_hint(tree->problems, "an anchor '&%.64s' must stand before it", name);
        return false;
    }
    if (node->height == 0 || tree->depth + (int)node->height > TREE_DEPTH_LIMIT) {
        problem_add(tree->problems, mark, "alias '*%.64s' %s", name,
                    node->height ? "nests too deeply" : "stands inside what it names");
        return false;
    }
    return tree_count(tree, node->weight, mark) && tree_add(tree, node);
}

bool tree_open(struct tree *tree, enum node_type type, bool flow, struct mark mark,
               const char *anchor)
{
    if (tree_wants_key(tree))
        return tree_refuse(tree, mark, "a key must be a word, not a list or map");
    if (tree->depth == TREE_DEPTH_LIMIT) {
        problem_add(tree->problems, mark, "nested more than %d levels deep", TREE_DEPTH_LIMIT);
        return false;
    }
    struct node *node = arena_take(tree->arena, 1, sizeof *node);
    *node = (struct node){.type = type, .mark = mark};
    if (!tree_count(tree, 1, mark) || !tree_name(tree, anchor, node))
        return false;
    tree->frames[tree->depth++] = (struct tree_frame){.node = node, .flow = flow};
    return true;
}

bool tree_close(struct tree *tree, uint32_t length)
{
    struct tree_frame *top = tree_top(tree);
    struct node *node = top->node;
    size_t own = node->count;
    if (!tree_merge(tree, top))
        return false;
    if (node->type == NODE_MAP)
        tree_unique(tree, node, own);
    node->height = top->height + 1;
    node->weight = top->weight + 1;
    if (length > 0)
        node->mark.length = length;
    tree->depth--;
    return tree_add(tree, node);
}
