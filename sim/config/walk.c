/* SPDX-License-Identifier: GPL-3.0-or-later
   Down the tables as the dump goes, with the path so far in two spellings. */
#include "sim/config/walk.h"

#include "sim/config/table.h"
#include "sim/config/value.h"
#include "sim/engine/output.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WALK_PATH_SIZE = 1024 };

struct walk {
    void (*see)(void *context, const struct walk_value *value);
    void *context;
    char path[WALK_PATH_SIZE], named[WALK_PATH_SIZE];
    size_t path_used, named_used;
};

static void walk_value(struct walk *walk, const struct param *row, enum param_type around,
                       const void *field);

/* Appends a segment to one of the paths; what does not fit is cut. */
static void walk_append(char *path, size_t *used, const char *segment)
{
    int size = snprintf(path + *used, WALK_PATH_SIZE - *used, "%s%s", *used > 0 ? "." : "",
                        segment);
    *used += size < 0 ? 0 : (size_t)size;
    *used = *used < WALK_PATH_SIZE ? *used : WALK_PATH_SIZE - 1;
}

/* Visits what is below a segment. */
static void walk_below(struct walk *walk, const char *segment, const char *name,
                       const struct param *row, enum param_type unit, const void *field)
{
    size_t path = walk->path_used, named = walk->named_used;
    walk_append(walk->path, &walk->path_used, segment);
    walk_append(walk->named, &walk->named_used, name);
    walk_value(walk, row, unit, field);
    walk->path[walk->path_used = path] = '\0';
    walk->named[walk->named_used = named] = '\0';
}

static void walk_rows(struct walk *walk, const struct param *table, enum param_type unit,
                      const void *base)
{
    for (const struct param *row = table; row && row->key; row++)
        walk_below(walk, row->key, row->key, row, unit, (const char *)base + row->offset);
}

static void walk_kind(struct walk *walk, const struct param *row, enum param_type unit,
                      const struct param_kind *field)
{
    if (!field->kind || !field->config)
        return;
    size_t path = walk->path_used, named = walk->named_used;
    if (row->beside) { /* its parameters are keys of the map around it */
        char *dot = strrchr(walk->path, '.'), *named_dot = strrchr(walk->named, '.');
        walk->path_used = dot ? (size_t)(dot - walk->path) : 0;
        walk->named_used = named_dot ? (size_t)(named_dot - walk->named) : 0;
    } else {
        walk_append(walk->path, &walk->path_used, field->kind->name);
        walk_append(walk->named, &walk->named_used, field->kind->name);
    }
    walk_rows(walk, field->kind->params, unit, field->config);
    if (row->beside) {
        walk_append(walk->path, &walk->path_used, row->key);
        walk_append(walk->named, &walk->named_used, row->key);
    }
    walk->path[walk->path_used = path] = '\0';
    walk->named[walk->named_used = named] = '\0';
}

static void walk_list(struct walk *walk, const struct param *row, enum param_type unit,
                      const struct param_list *list)
{
    const struct param *item = row->of.item;
    const struct param *name = item->type == PARAM_MAP ? table_name_row(item->of.fields) : NULL;
    for (size_t i = 0; i < list->count; i++) {
        const char *field = (const char *)list->items + i * table_size(item);
        const char *text = NULL;
        char number[32];
        snprintf(number, sizeof number, "%zu", i);
        if (name)
            memcpy(&text, field + name->offset, sizeof text);
        walk_below(walk, number, text ? text : number, item, unit, field);
    }
}

static void walk_value(struct walk *walk, const struct param *row, enum param_type around,
                       const void *field)
{
    enum param_type unit = table_unit(row, around);
    if (row->type == PARAM_MAP) {
        walk_rows(walk, row->of.fields, unit, field);
    } else if (row->type == PARAM_LIST) {
        walk_list(walk, row, unit, field);
    } else if (row->type == PARAM_KIND) {
        walk_kind(walk, row, unit, field);
    } else {
        struct walk_value value = {walk->path, walk->named, row, value_type(row, unit), field};
        walk->see(walk->context, &value);
    }
}

void walk_values(const struct param *table, const void *root,
                 void (*see)(void *context, const struct walk_value *value), void *context)
{
    struct walk walk = {.see = see, .context = context};
    walk_rows(&walk, table, PARAM_NUMBER, root);
}

static bool walk_is_double(const struct walk_value *value)
{
    return value->row->type == PARAM_QUANTITY || value->type == PARAM_NUMBER ||
           value->type == PARAM_RATIO || value->type == PARAM_RATE;
}

double walk_number(const struct walk_value *value)
{
    bool whole = value->type == PARAM_COUNT || value->type == PARAM_SIZE;
    if (value->row->also && value_is_also(value->row, value->field))
        return NAN;
    if (walk_is_double(value))
        return *(const double *)value->field;
    if (value->type == PARAM_DURATION)
        return (double)*(const sim_time *)value->field;
    return whole ? (double)*(const uint64_t *)value->field : NAN;
}

char *walk_write(const struct walk_value *value, double number, char to[WALK_TEXT_SIZE])
{
    const char *unit = value->type == PARAM_DURATION ? "ns"
                       : value->type == PARAM_RATE   ? "/s"
                       : value->type == PARAM_SIZE   ? "B"
                                                     : "";
    if (walk_is_double(value)) {
        char *end = text_double(to, number);
        snprintf(end, (size_t)(to + WALK_TEXT_SIZE - end), "%s", unit);
    } else {
        snprintf(to, WALK_TEXT_SIZE, "%" PRIu64 "%s", (uint64_t)llround(number), unit);
    }
    return to;
}
