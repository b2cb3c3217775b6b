/* SPDX-License-Identifier: GPL-3.0-or-later
   The resolved document: what the tables say of bound structs, so that binding it again
   gives the same structs.  A key that may be absent and is zero stays absent. */
#include "sim/config/config.h"
#include "sim/config/json.h"
#include "sim/config/table.h"
#include "sim/config/value.h"
#include "sim/engine/check.h"

#include <string.h>

enum { CONFIG_DUMP_TEXT = 8192 /* bytes; longer than any text or path */ };

static void config_dump_value(struct json *json, const char *key, const struct param *row,
                              enum param_type unit, const void *field);

static bool config_dump_is_zero(const struct param *row, const void *field)
{
    static const char zero[sizeof(struct param_kind)];
    if (row->type == PARAM_KIND)
        return !((const struct param_kind *)field)->kind;
    if (row->type == PARAM_LIST)
        return ((const struct param_list *)field)->count == 0;
    if (row->type != PARAM_MAP)
        return memcmp(field, zero, table_size(row)) == 0;
    for (const struct param *inner = row->of.fields; inner->key; inner++)
        if (!config_dump_is_zero(inner, (const char *)field + inner->offset))
            return false;
    return true;
}

static void config_dump_rows(struct json *json, const struct param *table,
                             enum param_type unit, const void *base)
{
    const struct param *row = NULL, *beside = table_beside(table);
    const struct param_kind *chosen =
        beside ? (const void *)((const char *)base + beside->offset) : NULL;
    const struct param *also = chosen && chosen->kind ? chosen->kind->params : NULL;
    while ((row = table_next_of_two(table, also, row ? row->key : NULL)) != NULL) {
        bool own = table_row(table, row->key) == row;
        const void *field = (const char *)(own ? base : chosen->config) + row->offset;
        bool optional = row->fallback && row->fallback[0] == '\0';
        if (!optional || !config_dump_is_zero(row, field))
            config_dump_value(json, row->key, row, own ? unit : table_unit(beside, unit), field);
    }
}

static void config_dump_kind(struct json *json, const char *key, const struct param *row,
                             enum param_type unit, const struct param_kind *field)
{
    const struct kind *kind = field->kind;
    CHECK(kind);
    bool label = row->labelled && field->label && strcmp(field->label, kind->name) != 0;
    bool parameters = kind->params && kind->params->key;
    if (row->beside || (!label && !parameters)) {
        json_text(json, key, kind->name);
        return;
    }
    json_map_open(json, key);
    bool first = label && strcmp("as", kind->name) < 0;
    if (first)
        json_text(json, "as", field->label);
    json_map_open(json, kind->name);
    config_dump_rows(json, kind->params, unit, field->config);
    json_map_close(json);
    if (label && !first)
        json_text(json, "as", field->label);
    json_map_close(json);
}

static void config_dump_list(struct json *json, const char *key, const struct param *row,
                             enum param_type unit, const struct param_list *list)
{
    const struct param *item = row->of.item;
    json_list_open(json, key);
    for (size_t i = 0; i < list->count; i++)
        config_dump_value(json, NULL, item, unit,
                          (const char *)list->items + i * table_size(item));
    json_list_close(json);
}

static void config_dump_scalar(struct json *json, const char *key, const struct param *row,
                               enum param_type unit, const void *field)
{
    char text[CONFIG_DUMP_TEXT];
    enum param_type type = value_type(row, unit);
    value_format(row, unit, field, text, sizeof text);
    bool plain = !value_is_also(row, field) && !strchr(text, '%');
    if (row->type == PARAM_BOOL)
        json_bool(json, key, *(const bool *)field);
    else if (plain && type == PARAM_COUNT)
        json_unsigned(json, key, *(const uint64_t *)field);
    else if (plain && (type == PARAM_NUMBER || type == PARAM_RATIO))
        json_double(json, key, *(const double *)field);
    else
        json_text(json, key, text);
}

static void config_dump_value(struct json *json, const char *key, const struct param *row,
                              enum param_type around, const void *field)
{
    enum param_type unit = table_unit(row, around);
    if (row->type == PARAM_MAP) {
        json_map_open(json, key);
        config_dump_rows(json, row->of.fields, unit, field);
        json_map_close(json);
    } else if (row->type == PARAM_LIST) {
        config_dump_list(json, key, row, unit, field);
    } else if (row->type == PARAM_KIND) {
        config_dump_kind(json, key, row, unit, field);
    } else {
        config_dump_scalar(json, key, row, unit, field);
    }
}

void config_dump(const struct param *table, const void *root, struct output *output,
                 int indent)
{
    struct json json = {.output = output, .depth = indent};
    /* The caller has written the key: no comma, no line. */
    CHECK(indent >= 0 && indent + 1 < JSON_DEPTH_LIMIT);
    output_text(output, "{");
    json.depth++;
    config_dump_rows(&json, table, PARAM_NUMBER, root);
    json_map_close(&json);
}
