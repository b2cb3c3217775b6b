/* SPDX-License-Identifier: GPL-3.0-or-later
   The way of a document: source, nodes, settings, bound structs. */
#include "sim/config/config.h"

#include "sim/config/bind.h"
#include "sim/config/document.h"
#include "sim/config/places.h"
#include "sim/config/setting.h"
#include "sim/config/table.h"
#include "sim/config/value.h"

#include <stdio.h>

struct config {
    struct places places;
};

/* The scenario inside a run.json; NULL where the document is one itself. */
static const struct node *config_inner(const struct node *root, const struct param *table)
{
    const struct node_pair *pair = node_find(root, "scenario");
    return pair && !table_row(table, "scenario") ? pair->value : NULL;
}

struct config *config_bind(const struct source *source, const struct param *table,
                           void *root, const struct config_setting *settings,
                           size_t setting_count, struct arena *arena,
                           struct problems *problems)
{
    size_t errors = problems->errors;
    const struct node *node = document_parse(source, 0, arena, problems);
    if (!node)
        return NULL;
    const struct node *inner = config_inner(node, table);
    struct config *config = arena_take(arena, 1, sizeof *config);
    config->places.arena = arena;
    struct bind bind = {.arena = arena, .problems = problems, .places = &config->places,
                        .table = table, .source = source,
                        .base = inner ? "" : source->base, .is_run = inner != NULL};
    node = inner ? inner : node;
    for (size_t i = 0; i < setting_count; i++)
        node = setting_apply(node, table, &settings[i], arena, problems);
    bind_document(&bind, node, root);
    if (problems->errors > errors)
        return NULL;
    places_seal(&config->places);
    return config;
}

struct mark config_mark(const struct config *config, const void *address)
{
    return places_find(&config->places, address);
}

bool config_parse(const struct param *row, const char *text, void *field, char *message,
                  size_t size)
{
    struct value_error error;
    if (value_parse(row, table_unit(row, PARAM_NUMBER), text, true, field, &error))
        return true;
    snprintf(message, size, "%s%s%s", error.message, error.hint[0] ? "; " : "", error.hint);
    return false;
}

void config_format(const struct param *row, const void *field, char *text, size_t size)
{
    value_format(row, table_unit(row, PARAM_NUMBER), field, text, size);
}
