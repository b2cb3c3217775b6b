/* SPDX-License-Identifier: GPL-3.0-or-later
   Copies are shallow: a changed map or list shares all that did not change. */
#include "sim/config/node.h"

#include "sim/config/json.h"

#include <stdio.h>
#include <string.h>

enum { NODE_SHOWN = 60 /* bytes of a text that messages repeat */ };

const struct node *node_scalar(struct arena *arena, const char *text, struct mark mark)
{
    struct node *node = arena_take(arena, 1, sizeof *node);
    *node = (struct node){.type = NODE_SCALAR, .plain = true, .height = 1, .weight = 1,
                          .mark = mark, .text = text};
    return node;
}

const struct node *node_map(struct arena *arena, struct mark mark)
{
    struct node *node = arena_take(arena, 1, sizeof *node);
    *node = (struct node){.type = NODE_MAP, .height = 1, .weight = 1, .mark = mark};
    return node;
}

const struct node *node_list_of_one(struct arena *arena, const struct node *item)
{
    struct node *node = arena_take(arena, 1, sizeof *node);
    *node = (struct node){.type = NODE_LIST, .height = item->height + 1,
                          .weight = item->weight + 1, .mark = item->mark, .count = 1};
    node->items = arena_take(arena, 1, sizeof *node->items);
    node->items[0] = item;
    return node;
}

const struct node_pair *node_find(const struct node *node, const char *key)
{
    if (!node || node->type != NODE_MAP)
        return NULL;
    for (size_t i = 0; i < node->count; i++)
        if (strcmp(node->pairs[i].key, key) == 0)
            return &node->pairs[i];
    return NULL;
}

const struct node *node_with(struct arena *arena, const struct node *map,
                             const struct node_pair *pair)
{
    struct node *copy = arena_take(arena, 1, sizeof *copy);
    *copy = *map;
    copy->pairs = arena_take(arena, map->count + 1, sizeof *copy->pairs);
    if (map->count > 0)
        memcpy(copy->pairs, map->pairs, map->count * sizeof *copy->pairs);
    size_t at = 0;
    while (at < map->count && strcmp(map->pairs[at].key, pair->key) != 0)
        at++;
    copy->count = at == map->count ? at + 1 : map->count;
    copy->pairs[at] = *pair;
    return copy;
}

const struct node *node_with_item(struct arena *arena, const struct node *list, size_t index,
                                  const struct node *item)
{
    struct node *copy = arena_take(arena, 1, sizeof *copy);
    *copy = *list;
    copy->items = arena_take(arena, list->count, sizeof *copy->items);
    memcpy(copy->items, list->items, list->count * sizeof *copy->items);
    copy->items[index] = item;
    return copy;
}

bool node_is_null(const struct node *node)
{
    if (node->type != NODE_SCALAR || !node->plain)
        return false;
    return node->text[0] == '\0' || strcmp(node->text, "~") == 0 ||
           strcmp(node->text, "null") == 0 || strcmp(node->text, "Null") == 0 ||
           strcmp(node->text, "NULL") == 0;
}

const char *node_words(const struct node *node, struct arena *arena)
{
    if (node->type != NODE_SCALAR)
        return node->type == NODE_LIST ? "a list" : "a map";
    if (node_is_null(node))
        return "nothing";
    char words[NODE_SHOWN + 16];
    snprintf(words, sizeof words, "'%.*s'", NODE_SHOWN, node->text);
    return arena_copy_text(arena, words, strlen(words));
}

static void node_write(const struct node *node, struct output *output)
{
    bool list = node->type == NODE_LIST;
    if (node->type == NODE_SCALAR) {
        bool bare = node->plain && node->text[0] != '\0' && !strpbrk(node->text, ",[]{}:#\"'");
        if (bare)
            output_text(output, node->text);
        else
            json_quote(output, node->text);
        return;
    }
    output_text(output, list ? "[" : "{");
    for (size_t i = 0; i < node->count; i++) {
        output_text(output, i > 0 ? ", " : "");
        if (!list)
            output_format(output, "%s: ", node->pairs[i].key);
        node_write(list ? node->items[i] : node->pairs[i].value, output);
    }
    output_text(output, list ? "]" : "}");
}

const char *node_text(const struct node *node, struct arena *arena)
{
    struct output *output = output_to_memory();
    size_t size;
    node_write(node, output);
    const char *bytes = output_memory(output, &size);
    const char *text = arena_copy_text(arena, bytes, size);
    output_close(output, false);
    return text;
}
