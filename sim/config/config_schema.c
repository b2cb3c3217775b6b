/* SPDX-License-Identifier: GPL-3.0-or-later
   The tables as JSON Schema, draft-07, for editors.  Kinds may hold kinds, so each registry
   stands once under `definitions` for every unit that it is used with. */
#include "sim/config/config.h"
#include "sim/config/json.h"
#include "sim/config/preset.h"
#include "sim/config/table.h"
#include "sim/config/unit.h"
#include "sim/config/value.h"
#include "sim/engine/check.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONFIG_SCHEMA_LIMIT = 64 /* registries times units */ };

#define CONFIG_SCHEMA_NUMERAL "(0|[1-9][0-9]*|(0|[1-9][0-9]*)\\.[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?"
#define CONFIG_SCHEMA_LINE \
    "^[^\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]"

/* A registry, what its quantities measure, and whether `as` is allowed. */
struct config_schema_use {
    const struct kind_list *kinds;
    enum param_type unit;
    bool labelled;
    char name[64];
};

struct config_schema {
    struct json json;
    struct config_schema_use uses[CONFIG_SCHEMA_LIMIT];
    size_t count;
};

static void config_schema_value(struct config_schema *schema, const char *key,
                                const struct param *row, enum param_type around,
                                bool described);

static const char *config_schema_unit(enum param_type unit)
{
    return unit == PARAM_DURATION ? "duration" : unit == PARAM_SIZE ? "size" : "number";
}

/* The entry of a registry in use; makes it if it is new. */
static const struct config_schema_use *config_schema_use(struct config_schema *schema,
                                                         const struct param *row,
                                                         enum param_type unit)
{
    size_t same_name = 0;
    for (size_t i = 0; i < schema->count; i++) {
        const struct config_schema_use *use = &schema->uses[i];
        if (use->kinds == row->of.kinds && use->unit == unit && use->labelled == row->labelled)
            return use;
        same_name += use->unit == unit && use->labelled == row->labelled &&
                     strcmp(use->kinds->noun, row->of.kinds->noun) == 0;
    }
    CHECK(schema->count < CONFIG_SCHEMA_LIMIT);
    struct config_schema_use *use = &schema->uses[schema->count++];
    *use = (struct config_schema_use){
        .kinds = row->of.kinds, .unit = unit, .labelled = row->labelled};
    snprintf(use->name, sizeof use->name, "%s%s of %s", row->labelled ? "labelled " : "",
             row->of.kinds->noun, config_schema_unit(unit));
    for (char *at = use->name; *at; at++)
        *at = *at == ' ' ? '_' : *at;
    if (same_name > 0)
        snprintf(use->name + strlen(use->name), sizeof use->name - strlen(use->name), "_%zu",
                 same_name + 1);
    return use;
}

static void config_schema_one_word(struct json *json, const char *word)
{
    json_map_open(json, NULL);
    json_list_open(json, "enum");
    json_text(json, NULL, word);
    json_list_close(json);
    json_map_close(json);
}

/* A bare number within the row's bounds. */
static void config_schema_number(struct json *json, const struct param *row,
                                 enum param_type unit, bool integer)
{
    double min, max;
    value_bounds(row, unit, &min, &max);
    json_map_open(json, NULL);
    if (integer && max >= 0x1p64)
        json_unsigned(json, "maximum", UINT64_MAX);
    else if (max < DBL_MAX)
        json_double(json, "maximum", max);
    if (min > -DBL_MAX)
        json_double(json, "minimum", min);
    json_text(json, "type", integer ? "integer" : "number");
    json_map_close(json);
}

static void config_schema_pattern(struct json *json, const char *pattern)
{
    json_map_open(json, NULL);
    json_text(json, "pattern", pattern);
    json_text(json, "type", "string");
    json_map_close(json);
}

/* Text made of a numeral and a unit. */
static void config_schema_united(struct json *json, enum param_type type, double min)
{
    char pattern[512];
    const char *unit = unit_pattern(type);
    if (!unit)
        return;
    snprintf(pattern, sizeof pattern, "^[+%s]?(%s%s)%s$", min < 0 ? "-" : "",
             CONFIG_SCHEMA_NUMERAL, unit, type == PARAM_DURATION ? "+" : "");
    config_schema_pattern(json, pattern);
}

static void config_schema_numeric(struct json *json, const struct param *row,
                                  enum param_type unit)
{
    enum param_type type = value_type(row, unit);
    double min, max;
    value_bounds(row, unit, &min, &max);
    json_list_open(json, "anyOf");
    if (row->also)
        config_schema_one_word(json, row->also);
    if (type == PARAM_COUNT || type == PARAM_NUMBER || type == PARAM_RATIO)
        config_schema_number(json, row, unit, type == PARAM_COUNT);
    config_schema_united(json, type, min);
    json_list_close(json);
}

/* A bare 12 or true is as good a name or text as any. */
static void config_schema_words(struct json *json, const char *pattern, uint64_t longest)
{
    json_unsigned(json, "maxLength", longest);
    json_text(json, "pattern", pattern);
    json_list_open(json, "type");
    json_text(json, NULL, "boolean");
    json_text(json, NULL, "number");
    json_text(json, NULL, "string");
    json_list_close(json);
}

static void config_schema_scalar(struct json *json, const struct param *row,
                                 enum param_type unit)
{
    if (row->type == PARAM_BOOL) {
        json_text(json, "type", "boolean");
    } else if (row->type == PARAM_CHOICE) {
        json_list_open(json, "enum");
        for (size_t i = 0; row->of.words[i]; i++)
            json_text(json, NULL, row->of.words[i]);
        json_list_close(json);
    } else if (row->type == PARAM_NAME) {
        config_schema_words(json, "^[A-Za-z0-9][A-Za-z0-9._-]*$", 64);
        json_unsigned(json, "minimum", 0);
    } else if (row->type == PARAM_TEXT) {
        config_schema_words(json, CONFIG_SCHEMA_LINE "*\\n*$", 1024);
    } else if (row->type == PARAM_PATH) {
        config_schema_words(json, CONFIG_SCHEMA_LINE "+\\n*$", 4095);
    } else {
        config_schema_numeric(json, row, unit);
    }
}

/* The key that names a kind whose parameters stand beside it. */
static void config_schema_beside(struct json *json, const struct param *row,
                                 const struct kind *kind)
{
    json_map_open(json, row->key);
    json_text(json, "description", kind->summary ? kind->summary : "");
    json_list_open(json, "enum");
    json_text(json, NULL, kind->name);
    json_list_close(json);
    json_map_close(json);
}

/* Whether a map must have a key, where `kind` stands beside it or is NULL.  What says which kind it
   is may be left out for one of them only. */
static bool config_schema_is_needed(const struct param *row, const struct kind *kind,
                                    const struct param *preset)
{
    if (!row->fallback && preset_giving(preset, row->key, NULL))
        return false;
    return !row->fallback || (row->beside && strcmp(row->fallback, kind->name) != 0);
}

/* A map with the rows of the table and those of the kind that stand beside them, or NULL;
   as members of the open one. */
static void config_schema_object(struct config_schema *schema, const struct param *table,
                                 const struct kind *kind, enum param_type unit)
{
    struct json *json = &schema->json;
    const struct param *row = NULL, *also = kind ? kind->params : NULL;
    const struct param *preset = table_preset(table);
    bool needs = false;
    while ((row = table_next_of_two(table, also, row ? row->key : NULL)) != NULL)
        needs |= config_schema_is_needed(row, kind, preset);
    json_bool(json, "additionalProperties", false);
    preset_schema(json, table);
    json_map_open(json, "properties");
    while ((row = table_next_of_two(table, also, row ? row->key : NULL)) != NULL)
        if (row->beside)
            config_schema_beside(json, row, kind);
        else if (table_row(table, row->key) == row)
            config_schema_value(schema, row->key, row, unit, true);
        else
            config_schema_value(schema, row->key, row, table_unit(table_beside(table), unit),
                                true);
    json_map_close(json);
    if (needs)
        json_list_open(json, "required");
    while ((row = table_next_of_two(table, also, row ? row->key : NULL)) != NULL)
        if (config_schema_is_needed(row, kind, preset))
            json_text(json, NULL, row->key);
    if (needs)
        json_list_close(json);
    json_text(json, "type", "object");
}

/* The schema of a map, as members of the open one. */
static void config_schema_rows(struct config_schema *schema, const struct param *table,
                               enum param_type unit)
{
    const struct param *beside = table_beside(table);
    const struct kind *kind = NULL;
    if (!beside) {
        config_schema_object(schema, table, NULL, unit);
        return;
    }
    json_list_open(&schema->json, "oneOf");
    while ((kind = table_next_kind(beside->of.kinds, kind ? kind->name : NULL)) != NULL) {
        json_map_open(&schema->json, NULL);
        config_schema_object(schema, table, kind, unit);
        json_map_close(&schema->json);
    }
    json_list_close(&schema->json);
}

/* How the first parameter alone stands for all: if the others have defaults. */
static bool config_schema_has_first(const struct kind *kind)
{
    return kind->params && kind->params->key && kind->params->type != PARAM_MAP &&
           !table_needs(kind->params + 1);
}

/* What may stand behind a kind's name. */
static void config_schema_body(struct config_schema *schema, const struct kind *kind,
                               enum param_type unit)
{
    struct json *json = &schema->json;
    json_map_open(json, kind->name);
    json_list_open(json, "anyOf");
    json_map_open(json, NULL);
    config_schema_rows(schema, kind->params, unit);
    json_map_close(json);
    if (!table_needs(kind->params)) {
        json_map_open(json, NULL);
        json_text(json, "type", "null");
        json_map_close(json);
    }
    if (config_schema_has_first(kind)) {
        json_map_open(json, NULL);
        json_list_open(json, "allOf");
        config_schema_value(schema, NULL, kind->params, unit, false);
        json_map_open(json, NULL);
        json_map_open(json, "not");
        json_list_open(json, "type");
        json_text(json, NULL, "null");
        json_text(json, NULL, "object");
        json_list_close(json);
        json_map_close(json);
        json_map_close(json);
        json_list_close(json);
        json_map_close(json);
    }
    json_list_close(json);
    json_text(json, "description", kind->summary ? kind->summary : "");
    json_map_close(json);
}

static void config_schema_kind(struct config_schema *schema, const struct kind *kind,
                               const struct config_schema_use *use)
{
    static const struct param label = {.key = "as", .type = PARAM_NAME, .fallback = "",
                                       .help = "a name of its own"};
    struct json *json = &schema->json;
    json_map_open(json, NULL);
    json_bool(json, "additionalProperties", false);
    json_map_open(json, "properties");
    if (use->labelled)
        config_schema_value(schema, label.key, &label, PARAM_NUMBER, true);
    config_schema_body(schema, kind, use->unit);
    json_map_close(json);
    json_list_open(json, "required");
    json_text(json, NULL, kind->name);
    json_list_close(json);
    json_text(json, "type", "object");
    json_map_close(json);
}

/* A bare value for the first parameter of the shorthand kind: anything but a kind's name. */
static void config_schema_shorthand(struct config_schema *schema,
                                    const struct config_schema_use *use)
{
    const struct kind *kind =
        use->kinds->shorthand ? table_kind(use->kinds, use->kinds->shorthand) : NULL;
    if (!kind || !config_schema_has_first(kind))
        return;
    struct json *json = &schema->json;
    json_map_open(json, NULL);
    json_list_open(json, "allOf");
    config_schema_value(schema, NULL, kind->params, use->unit, false);
    json_map_open(json, NULL);
    json_map_open(json, "not");
    json_list_open(json, "anyOf");
    json_map_open(json, NULL);
    json_list_open(json, "enum");
    const struct kind *one = NULL;
    while ((one = table_next_kind(use->kinds, one ? one->name : NULL)) != NULL)
        json_text(json, NULL, one->name);
    json_list_close(json);
    json_map_close(json);
    json_map_open(json, NULL);
    json_list_open(json, "type");
    json_text(json, NULL, "array");
    json_text(json, NULL, "null");
    json_text(json, NULL, "object");
    json_list_close(json);
    json_map_close(json);
    json_list_close(json);
    json_map_close(json);
    json_map_close(json);
    json_list_close(json);
    json_map_close(json);
}

static void config_schema_kinds(struct config_schema *schema,
                                const struct config_schema_use *use)
{
    struct json *json = &schema->json;
    const struct kind *kind = NULL;
    bool bare = false;
    json_map_open(json, use->name);
    json_list_open(json, "oneOf");
    while ((kind = table_next_kind(use->kinds, kind ? kind->name : NULL)) != NULL) {
        config_schema_kind(schema, kind, use);
        bare = bare || !table_needs(kind->params);
    }
    if (bare) {
        json_map_open(json, NULL);
        json_list_open(json, "enum");
        while ((kind = table_next_kind(use->kinds, kind ? kind->name : NULL)) != NULL)
            if (!table_needs(kind->params))
                json_text(json, NULL, kind->name);
        json_list_close(json);
        json_map_close(json);
    }
    config_schema_shorthand(schema, use);
    json_list_close(json);
    json_map_close(json);
}

static void config_schema_reference(struct config_schema *schema, const struct param *row,
                                    enum param_type unit)
{
    char reference[96];
    snprintf(reference, sizeof reference, "#/definitions/%s",
             config_schema_use(schema, row, unit)->name);
    json_text(&schema->json, "$ref", reference);
}

/* A map with keys of the user's own, and any values. */
static void config_schema_keyed(struct json *json)
{
    json_map_open(json, NULL);
    json_map_open(json, "additionalProperties");
    json_map_open(json, "not");
    json_text(json, "type", "null");
    json_map_close(json);
    json_map_close(json);
    json_text(json, "type", "object");
    json_map_close(json);
}

/* A list, or one item that is no list. */
static void config_schema_list(struct config_schema *schema, const struct param *row,
                               enum param_type unit)
{
    struct json *json = &schema->json;
    json_list_open(json, "anyOf");
    json_map_open(json, NULL);
    config_schema_value(schema, "items", row->of.item, unit, false);
    if (row->max > 0 && row->max < 0x1p53)
        json_unsigned(json, "maxItems", (uint64_t)row->max);
    if (row->min > 0)
        json_unsigned(json, "minItems", (uint64_t)row->min);
    json_text(json, "type", "array");
    json_map_close(json);
    if (row->keyed) {
        config_schema_keyed(json);
    } else if (row->min <= 1) {
        json_map_open(json, NULL);
        json_list_open(json, "allOf");
        config_schema_value(schema, NULL, row->of.item, unit, false);
        json_map_open(json, NULL);
        json_map_open(json, "not");
        json_list_open(json, "type");
        json_text(json, NULL, "array");
        json_text(json, NULL, "null");
        json_list_close(json);
        json_map_close(json);
        json_map_close(json);
        json_list_close(json);
        json_map_close(json);
    }
    json_list_close(json);
}

static void config_schema_value(struct config_schema *schema, const char *key,
                                const struct param *row, enum param_type around,
                                bool described)
{
    struct json *json = &schema->json;
    enum param_type unit = table_unit(row, around);
    json_map_open(json, key);
    if (described && row->fallback && row->fallback[0])
        json_text(json, "default", row->fallback);
    if (described && row->help)
        json_text(json, "description", row->help);
    if (row->type == PARAM_MAP) {
        config_schema_rows(schema, row->of.fields, unit);
    } else if (row->type == PARAM_LIST) {
        config_schema_list(schema, row, unit);
    } else if (row->type == PARAM_KIND) {
        /* Draft-07 ignores what stands beside a $ref. */
        json_list_open(json, "allOf");
        json_map_open(json, NULL);
        config_schema_reference(schema, row, unit);
        json_map_close(json);
        json_list_close(json);
    } else {
        config_schema_scalar(json, row, unit);
    }
    json_map_close(json);
}

void config_schema(const struct param *table, const char *title, struct output *output)
{
    struct config_schema *schema = memory_zeroed(1, sizeof *schema);
    struct json *json = &schema->json;
    json->output = output;
    json_map_open(json, NULL);
    json_text(json, "$schema", "http://json-schema.org/draft-07/schema#");
    config_schema_rows(schema, table, PARAM_NUMBER);
    json_text(json, "title", title);
    json_map_open(json, "definitions");
    for (size_t i = 0; i < schema->count; i++) /* grows while it is written */
        config_schema_kinds(schema, &schema->uses[i]);
    json_map_close(json);
    json_map_close(json);
    free(schema);
}
