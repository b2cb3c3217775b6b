/* SPDX-License-Identifier: GPL-3.0-or-later
   What a preset gives is a text of our own, read as defaults are. */
#include "sim/config/preset.h"

#include "sim/config/document.h"
#include "sim/config/table.h"
#include "sim/config/usage.h"

/* What a map says of its preset, or NULL; sets the preset, NULL where nobody knows it. */
static const struct node_pair *preset_named(const struct param *table, const struct node *map,
                                            struct arena *arena, const struct kind **kind)
{
    const struct param *row = table_preset(table);
    const struct node_pair *pair = row ? node_find(map, row->key) : NULL;
    *kind = pair ? usage_read(row, pair->value, arena).kind : NULL;
    return pair;
}

const struct node *preset_read(const struct param *table, const struct node *map,
                               struct arena *arena)
{
    const struct kind *kind;
    const struct node_pair *pair = preset_named(table, map, arena, &kind);
    return kind ? document_of_text(table_preset(table)->settings(kind), pair->value->mark, arena)
                : NULL;
}

bool preset_is_unknown(const struct param *table, const struct node *map, struct arena *arena)
{
    const struct kind *kind;
    return preset_named(table, map, arena, &kind) && !kind;
}

const struct node_pair *preset_find(const struct node *map, const struct node *preset,
                                    const char *key)
{
    const struct node_pair *pair = node_find(map, key);
    return pair ? pair : node_find(preset, key);
}

const struct kind *preset_giving(const struct param *row, const char *key,
                                 const struct kind *kind)
{
    struct arena arena = {0};
    const struct node *given = NULL;
    while (row && !node_find(given, key) &&
           (kind = table_next_kind(row->of.kinds, kind ? kind->name : NULL)) != NULL)
        given = document_of_text(row->settings(kind), (struct mark){.source = NULL}, &arena);
    arena_free(&arena);
    return kind;
}

/* -- the JSON Schema -- */

static void preset_schema_required(struct json *json, const char *key)
{
    json_map_open(json, NULL);
    json_list_open(json, "required");
    json_text(json, NULL, key);
    json_list_close(json);
    json_map_close(json);
}

/* The names of the presets that give the key. */
static void preset_schema_names(struct json *json, const struct param *preset, const char *key,
                                const char *member)
{
    const struct kind *kind = NULL;
    json_map_open(json, member);
    json_list_open(json, "enum");
    while ((kind = preset_giving(preset, key, kind)) != NULL)
        json_text(json, NULL, kind->name);
    json_list_close(json);
    json_map_close(json);
}

/* A preset is a name, or a map with it as its key. */
static void preset_schema_value(struct json *json, const struct param *preset, const char *key)
{
    json_map_open(json, preset->key);
    json_list_open(json, "anyOf");
    preset_schema_names(json, preset, key, NULL);
    json_map_open(json, NULL);
    preset_schema_names(json, preset, key, "propertyNames");
    json_text(json, "type", "object");
    json_map_close(json);
    json_list_close(json);
    json_map_close(json);
}

/* That a map has the key or names a preset that gives it. */
static void preset_schema_given(struct json *json, const struct param *preset, const char *key)
{
    json_map_open(json, NULL);
    json_list_open(json, "anyOf");
    preset_schema_required(json, key);
    json_map_open(json, NULL);
    json_list_open(json, "allOf");
    preset_schema_required(json, preset->key);
    json_list_close(json);
    json_map_open(json, "properties");
    preset_schema_value(json, preset, key);
    json_map_close(json);
    json_map_close(json);
    json_list_close(json);
    json_map_close(json);
}

void preset_schema(struct json *json, const struct param *table)
{
    const struct param *preset = table_preset(table), *row = NULL;
    if (!preset)
        return;
    json_list_open(json, "allOf");
    while ((row = table_next(table, row ? row->key : NULL)) != NULL)
        if (!row->fallback && preset_giving(preset, row->key, NULL))
            preset_schema_given(json, preset, row->key);
    json_list_close(json);
}
