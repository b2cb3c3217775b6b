/* SPDX-License-Identifier: GPL-3.0-or-later
   Tables are small, so everything here is a plain search. */
#include "sim/config/table.h"

#include "sim/config/value.h"

#include <stdio.h>
#include <string.h>

enum {
    TABLE_PLACE_DEPTH = 7,   /* keys in a path that table_places looks at */
    TABLE_PATH_LIMIT = 256,  /* bytes of such a path */
    TABLE_WORDS_SHOWN = 12
};

static const struct param table_empty[] = {PARAM_END};

static const struct param *table_rows(const struct param *table)
{
    return table ? table : table_empty;
}

const struct param *table_row(const struct param *table, const char *key)
{
    for (const struct param *row = table_rows(table); row->key; row++)
        if (strcmp(row->key, key) == 0)
            return row;
    return NULL;
}

const struct param *table_next(const struct param *table, const char *key)
{
    const struct param *next = NULL;
    for (const struct param *row = table_rows(table); row->key; row++)
        if ((!key || strcmp(row->key, key) > 0) && (!next || strcmp(row->key, next->key) < 0))
            next = row;
    return next;
}

const struct param *table_next_of_two(const struct param *first, const struct param *second,
                                      const char *key)
{
    const struct param *one = table_next(first, key), *two = table_next(second, key);
    return !two || (one && strcmp(one->key, two->key) < 0) ? one : two;
}

const struct param *table_beside(const struct param *table)
{
    for (const struct param *row = table_rows(table); row->key; row++)
        if (row->type == PARAM_KIND && row->beside)
            return row;
    return NULL;
}

const struct param *table_preset(const struct param *table)
{
    for (const struct param *row = table_rows(table); row->key; row++)
        if (row->settings)
            return row;
    return NULL;
}

bool table_needs(const struct param *table)
{
    for (const struct param *row = table_rows(table); row->key; row++)
        if (!row->fallback)
            return true;
    return false;
}

const struct param *table_name_row(const struct param *table)
{
    const struct param *row = table_row(table, "name");
    return row && row->type == PARAM_NAME ? row : NULL;
}

size_t table_extent(const struct param *table)
{
    size_t extent = 0;
    for (const struct param *row = table_rows(table); row->key; row++) {
        size_t end = row->offset + table_size(row);
        extent = end > extent ? end : extent;
    }
    return extent;
}

size_t table_size(const struct param *row)
{
    switch (row->type) {
    case PARAM_BOOL: return sizeof(bool);
    case PARAM_COUNT:
    case PARAM_SIZE: return sizeof(uint64_t);
    case PARAM_NUMBER:
    case PARAM_RATIO:
    case PARAM_RATE:
    case PARAM_QUANTITY: return sizeof(double);
    case PARAM_DURATION: return sizeof(sim_time);
    case PARAM_NAME:
    case PARAM_TEXT:
    case PARAM_PATH: return sizeof(const char *);
    case PARAM_CHOICE: return sizeof(uint32_t);
    case PARAM_MAP: return row->size ? row->size : table_extent(row->of.fields);
    case PARAM_LIST: return sizeof(struct param_list);
    case PARAM_KIND: return sizeof(struct param_kind);
    }
    return 0;
}

enum param_type table_unit(const struct param *row, enum param_type around)
{
    bool own = row->unit == PARAM_DURATION || row->unit == PARAM_SIZE ||
               row->unit == PARAM_NUMBER;
    return own ? row->unit : around;
}

const struct param *table_item(const struct param *row)
{
    while (row->type == PARAM_LIST)
        row = row->of.item;
    return row;
}

const struct kind *table_kind(const struct kind_list *kinds, const char *name)
{
    const struct kind *kind;
    for (size_t i = 0; (kind = kinds->at(i)) != NULL; i++)
        if (strcmp(kind->name, name) == 0)
            return kind;
    return NULL;
}

const struct kind *table_next_kind(const struct kind_list *kinds, const char *name)
{
    const struct kind *next = NULL, *kind;
    for (size_t i = 0; (kind = kinds->at(i)) != NULL; i++)
        if ((!name || strcmp(kind->name, name) > 0) &&
            (!next || strcmp(kind->name, next->name) < 0))
            next = kind;
    return next;
}

static size_t table_count(const struct param *table)
{
    size_t count = 0;
    while (table_rows(table)[count].key)
        count++;
    return count;
}

const char *const *table_keys_of_two(const struct param *first, const struct param *second,
                                     struct arena *arena)
{
    size_t one = table_count(first), two = table_count(second);
    const char **keys = arena_take(arena, one + two + 1, sizeof *keys);
    for (size_t i = 0; i < one; i++)
        keys[i] = first[i].key;
    for (size_t i = 0; i < two; i++)
        keys[one + i] = second[i].key;
    return keys;
}

const char *const *table_keys(const struct param *table, struct arena *arena)
{
    return table_keys_of_two(table, NULL, arena);
}

const char *const *table_kind_names(const struct kind_list *kinds, struct arena *arena)
{
    size_t count = 0;
    while (kinds->at(count))
        count++;
    const char **names = arena_take(arena, count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = kinds->at(i)->name;
    return names;
}

const char *table_words(const char *const *words, struct arena *arena)
{
    char text[TABLE_WORDS_SHOWN * 80 + 32];
    size_t used = 0, count = 0;
    text[0] = '\0';
    for (; words[count]; count++)
        if (count < TABLE_WORDS_SHOWN)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%.64s",
                                     count ? ", " : "", words[count]);
    if (count > TABLE_WORDS_SHOWN)
        used += (size_t)snprintf(text + used, sizeof text - used, ", and others");
    return arena_copy_text(arena, text, used);
}

const char *table_article(const char *noun)
{
    return strchr("aeiou", noun[0]) ? "an" : "a";
}

/* What table_places looks for, the path so far, and what was found. */
struct table_search {
    const char *key;
    char path[TABLE_PATH_LIMIT];
    const struct kind_list *within[TABLE_PLACE_DEPTH]; /* registries on the path */
    size_t within_count;
    const char **places;
    size_t count, limit;
    struct arena *arena;
};

static void table_search_rows(struct table_search *search, const struct param *table,
                              size_t used, int depth);

/* Appends a key to the path; 0 when it is full. */
static size_t table_search_append(struct table_search *search, size_t used, const char *key)
{
    int length = snprintf(search->path + used, sizeof search->path - used, "%s%s",
                          used ? "." : "", key);
    size_t end = used + (size_t)length;
    return end < sizeof search->path ? end : 0;
}

static void table_search_kinds(struct table_search *search, const struct kind_list *kinds,
                               size_t used, int depth)
{
    const struct kind *kind;
    for (size_t i = 0; i < search->within_count; i++)
        if (search->within[i] == kinds)
            return;
    search->within[search->within_count++] = kinds;
    for (size_t i = 0; (kind = kinds->at(i)) != NULL; i++) {
        size_t end = table_search_append(search, used, kind->name);
        if (end > 0)
            table_search_rows(search, kind->params, end, depth - 1);
    }
    search->within_count--;
}

/* Looks at rows exactly `depth` keys below the table. */
static void table_search_rows(struct table_search *search, const struct param *table,
                              size_t used, int depth)
{
    for (const struct param *row = table_rows(table); row->key && depth > 0; row++) {
        const struct param *item = table_item(row);
        size_t end = table_search_append(search, used, row->key);
        bool found = depth == 1 && strcmp(row->key, search->key) == 0;
        if (end == 0 || search->count == search->limit)
            return;
        if (found)
            search->places[search->count++] = arena_copy_text(search->arena, search->path, end);
        else if (depth > 1 && item->type == PARAM_MAP)
            table_search_rows(search, item->of.fields, end, depth - 1);
        else if (depth > 1 && item->type == PARAM_KIND)
            table_search_kinds(search, item->of.kinds, end, depth - 1);
    }
}

size_t table_places(const struct param *table, const char *key, const char **places,
                    size_t limit, struct arena *arena)
{
    struct table_search search = {.key = key, .places = places, .limit = limit, .arena = arena};
    for (int depth = 1; depth <= TABLE_PLACE_DEPTH; depth++)
        table_search_rows(&search, table, 0, depth);
    return search.count;
}

bool table_step(const char *path, const char *word, const char **rest)
{
    size_t length = strlen(word);
    if (length == 0 || strncmp(path, word, length) != 0)
        return false;
    *rest = path[length] == '.' ? path + length + 1 : NULL;
    return path[length] == '.' || path[length] == '\0';
}

const struct param *table_step_row(const struct param *table, const char *path,
                                   const char **rest)
{
    const struct param *best = NULL;
    const char *after;
    for (const struct param *row = table_rows(table); row->key; row++) {
        if (!table_step(path, row->key, &after) ||
            (best && strlen(row->key) < strlen(best->key)))
            continue;
        best = row;
        *rest = after;
    }
    return best;
}

const struct kind *table_step_kind(const struct kind_list *kinds, const char *path,
                                   const char **rest)
{
    const struct kind *best = NULL, *kind;
    const char *after;
    for (size_t i = 0; (kind = kinds->at(i)) != NULL; i++) {
        if (!table_step(path, kind->name, &after) ||
            (best && strlen(kind->name) < strlen(best->name)))
            continue;
        best = kind;
        *rest = after;
    }
    return best;
}
