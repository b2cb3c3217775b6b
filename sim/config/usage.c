/* SPDX-License-Identifier: GPL-3.0-or-later
   Every form becomes a kind and a map of its parameters. */
#include "sim/config/usage.h"

#include "sim/config/table.h"
#include "sim/config/value.h"

#include <string.h>

/* A value that stands for the kind's first parameter becomes a map with that one key. */
static void usage_set_body(struct usage *usage, const struct node *body, struct arena *arena)
{
    const struct param *first = usage->kind->params;
    if (node_is_null(body))
        return;
    if (body->type == NODE_MAP) {
        usage->body = body;
    } else if (!first || !first->key) {
        usage->odd_body = body;
    } else {
        struct node_pair pair = {.key = first->key, .mark = body->mark, .value = body};
        usage->body = node_with(arena, node_map(arena, body->mark), &pair);
    }
}

/* A word may only stand for the first parameter if that is a word itself: otherwise it is
   the misspelt name of a kind. */
static bool usage_is_short(const struct param *row, const char *text)
{
    const char *name = row->of.kinds->shorthand;
    const struct kind *kind = name ? table_kind(row->of.kinds, name) : NULL;
    if (!kind || !kind->params || !kind->params->key)
        return false;
    const struct param *first = table_item(kind->params);
    bool word = first->type == PARAM_NAME || first->type == PARAM_TEXT ||
                first->type == PARAM_PATH || first->type == PARAM_CHOICE ||
                first->type == PARAM_KIND;
    bool letter = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z');
    return word || !letter || (first->also && strcmp(first->also, text) == 0);
}

static struct usage usage_read_word(const struct param *row, const struct node *node,
                                    struct arena *arena)
{
    struct usage usage = {.name = node->text, .mark = node->mark};
    usage.kind = table_kind(row->of.kinds, node->text);
    if (usage.kind)
        return usage;
    if (!usage_is_short(row, node->text)) {
        usage.fault = USAGE_UNKNOWN;
        return usage;
    }
    usage.kind = table_kind(row->of.kinds, row->of.kinds->shorthand);
    usage.name = usage.kind->name;
    usage.bare = true;
    usage_set_body(&usage, node, arena);
    return usage;
}

static struct usage usage_read_map(const struct param *row, const struct node *node,
                                   struct arena *arena)
{
    struct usage usage = {.fault = USAGE_SHAPE, .mark = node->mark};
    const struct node_pair *second = NULL;
    for (size_t i = 0; i < node->count; i++) {
        const struct node_pair *pair = &node->pairs[i];
        if (row->labelled && strcmp(pair->key, "as") == 0) {
            usage.label = pair;
        } else if (usage.name) {
            second = second ? second : pair;
        } else {
            usage.name = pair->key;
            usage.mark = pair->mark;
            usage.kind = table_kind(row->of.kinds, pair->key);
            usage.fault = usage.kind ? USAGE_FINE : USAGE_UNKNOWN;
            if (usage.kind)
                usage_set_body(&usage, pair->value, arena);
        }
    }
    if (usage.fault == USAGE_FINE && second) {
        usage.fault = USAGE_SECOND;
        usage.name = second->key;
        usage.mark = second->mark;
    }
    return usage;
}

const struct kind *usage_beside(const struct param *row, const struct node *map)
{
    const struct node_pair *pair = row ? node_find(map, row->key) : NULL;
    if (row && !pair && row->fallback)
        return table_kind(row->of.kinds, row->fallback);
    bool word = pair && pair->value->type == NODE_SCALAR;
    return word ? table_kind(row->of.kinds, pair->value->text) : NULL;
}

struct usage usage_read(const struct param *row, const struct node *node,
                        struct arena *arena)
{
    if (node->type == NODE_MAP && !row->beside)
        return usage_read_map(row, node, arena);
    if (node->type == NODE_SCALAR && !node_is_null(node))
        return usage_read_word(row, node, arena);
    return (struct usage){.fault = USAGE_SHAPE, .mark = node->mark};
}
