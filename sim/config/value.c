/* SPDX-License-Identifier: GPL-3.0-or-later
   Numbers of every unit share one path: text to base units, bounds, field.  A refusal names
   key, value and limits in the unit that the user writes. */
#include "sim/config/value.h"

#include "sim/config/problem.h"
#include "sim/config/unit.h"
#include "sim/config/utf8.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    VALUE_NAME_LIMIT = 64,   /* bytes */
    VALUE_TEXT_LIMIT = 1024, /* bytes */
    VALUE_PATH_LIMIT = 4095, /* bytes */
    VALUE_SHOWN = 80         /* bytes of the user's text that messages repeat */
};

/* The longest duration that a scenario may hold: whole days below SIM_LONGEST. */
#define VALUE_LONGEST (INT64_C(13343) * 86400 * SIM_SECOND)

struct value_words {
    const char *noun, *example;
};

static const struct value_words value_words[] = {
    [PARAM_BOOL] = {"true or false", "true"},
    [PARAM_COUNT] = {"a whole number", "12 or 100k"},
    [PARAM_NUMBER] = {"a number", "1.5"},
    [PARAM_RATIO] = {"a ratio", "25% or 0.25"},
    [PARAM_DURATION] = {"a duration", "250ms or 1m30s"},
    [PARAM_RATE] = {"a rate", "1800/s or 5/m"},
    [PARAM_SIZE] = {"a size", "64Ki or 2MB"},
    [PARAM_NAME] = {"a name", "web-1"},
    [PARAM_TEXT] = {"text", "any words on one line"},
    [PARAM_PATH] = {"a path", "traces/web.csv"},
    [PARAM_CHOICE] = {"a word", "one of its words"},
    [PARAM_MAP] = {"a map of keys", "{key: value}"},
    [PARAM_LIST] = {"a list", "[first, second]"},
    [PARAM_KIND] = {"a kind", "its name, or {NAME: {key: value}}"},
};

bool value_is_scalar(enum param_type type)
{
    return type != PARAM_MAP && type != PARAM_LIST && type != PARAM_KIND;
}

enum param_type value_type(const struct param *row, enum param_type unit)
{
    return row->type == PARAM_QUANTITY ? unit : row->type;
}

const char *value_noun(const struct param *row, enum param_type unit)
{
    return value_words[value_type(row, unit)].noun;
}

const char *value_example(const struct param *row, enum param_type unit)
{
    return value_words[value_type(row, unit)].example;
}

static bool value_is_numeric(enum param_type type)
{
    return type >= PARAM_COUNT && type <= PARAM_QUANTITY;
}

static void value_own_bounds(const struct param *row, enum param_type unit, double *min,
                             double *max)
{
    enum param_type type = value_type(row, unit);
    bool real = row->type == PARAM_QUANTITY;
    *min = type == PARAM_NUMBER || type == PARAM_RATIO ? -DBL_MAX : 0;
    *max = type == PARAM_DURATION                            ? (double)VALUE_LONGEST
           : type == PARAM_COUNT || (type == PARAM_SIZE && !real) ? (double)UINT64_MAX
                                                             : DBL_MAX;
}

void value_bounds(const struct param *row, enum param_type unit, double *min, double *max)
{
    value_own_bounds(row, unit, min, max);
    if (row->min == 0 && row->max == 0)
        return;
    *min = fmax(*min, row->min);
    *max = fmin(*max, row->max);
}

static void value_write_bound(enum param_type type, double bound, char *text)
{
    if (type == PARAM_COUNT)
        *text_unsigned(text, bound >= 0x1p64 ? UINT64_MAX : (uint64_t)bound) = '\0';
    else if (unit_names(type) && type != PARAM_RATIO && type != PARAM_RATE && bound >= 1 &&
             bound < 0x1p63 && bound == floor(bound))
        unit_write_whole(type, (uint64_t)bound, text);
    else
        unit_write(type, bound, text);
}

void value_range(const struct param *row, enum param_type unit, const double *found,
                 char *text, size_t size)
{
    enum param_type type = value_type(row, unit);
    double min, max, type_min, type_max;
    value_bounds(row, unit, &min, &max);
    value_own_bounds(row, unit, &type_min, &type_max);
    bool low = min > type_min || (found && *found < min);
    bool high = max < type_max || (found && *found > max);
    char from[64], to[64];
    value_write_bound(type, min, from);
    value_write_bound(type, max, to);
    *text = '\0';
    if (!value_is_numeric(row->type))
        return;
    if (low && high && min == max)
        snprintf(text, size, " equal to %s", from);
    else if (low && high)
        snprintf(text, size, " from %s to %s", from, to);
    else if (low)
        snprintf(text, size, " of at least %s", from);
    else if (high)
        snprintf(text, size, " of at most %s", to);
}

static const char *value_key(const struct param *row)
{
    return row->key ? row->key : "value";
}

/* "'timeout' must be a duration from 1ms to 10s or 'none', found 'x'" */
static bool value_refuse(const struct param *row, enum param_type unit, const char *text,
                         const double *found, struct value_error *error)
{
    char range[160];
    value_range(row, unit, found, range, sizeof range);
    snprintf(error->message, sizeof error->message, "'%s' must be %s%s%s%s%s, found '%.*s'",
             value_key(row), value_noun(row, unit), range, row->also ? " or '" : "",
             row->also ? row->also : "", row->also ? "'" : "", VALUE_SHOWN, text);
    return false;
}

/* A bare number where a unit matters: show it with the first unit that the bounds allow, a
   duration with the first two, as nobody knows which one was meant. */
static bool value_refuse_bare(const struct param *row, enum param_type unit,
                              const char *text, struct value_error *error)
{
    static const char *const durations[] = {"s", "ms", "m", "us", "h", "d", "ns", NULL};
    static const char *const rates[] = {"/s", "/m", "k/s", NULL};
    static const char *const sizes[] = {"B", "KB", "MB", "GB", NULL};
    enum param_type type = value_type(row, unit);
    const char *const *names = type == PARAM_DURATION ? durations
                               : type == PARAM_RATE   ? rates
                                                      : sizes;
    snprintf(error->message, sizeof error->message, "'%s' needs a unit, found '%.*s'",
             value_key(row), VALUE_SHOWN, text);
    snprintf(error->hint, sizeof error->hint, "write it like %s", value_example(row, unit));
    double min, max;
    size_t used = 0;
    value_bounds(row, unit, &min, &max);
    for (; *names && strlen(text) <= VALUE_SHOWN; names++) {
        char with_unit[VALUE_SHOWN + 8];
        struct unit_value value;
        snprintf(with_unit, sizeof with_unit, "%s%s", text, *names);
        if (unit_read(type, with_unit, &value) != UNIT_READ || value.real < min ||
            value.real > max || (row->type == PARAM_DURATION && value.fit != NUMBER_WHOLE))
            continue;
        if (used > 0 || type != PARAM_DURATION) {
            snprintf(error->hint + used, sizeof error->hint - used, "%s%s?",
                     used > 0 ? " or " : "did you mean ", with_unit);
            return false;
        }
        used = (size_t)snprintf(error->hint, sizeof error->hint, "did you mean %s", with_unit);
    }
    if (used > 0)
        snprintf(error->hint + used, sizeof error->hint - used, "?");
    return false;
}

static bool value_refuse_fraction(const struct param *row, const char *text,
                                  struct value_error *error)
{
    const char *what = row->type == PARAM_DURATION ? "whole nanoseconds"
                       : row->type == PARAM_SIZE   ? "whole bytes"
                                                   : "a whole number";
    snprintf(error->message, sizeof error->message, "'%s' must be %s, found '%.*s'",
             value_key(row), what, VALUE_SHOWN, text);
    return false;
}

static bool value_refuse_wrong(const struct param *row, enum param_type unit,
                               const char *text, struct value_error *error)
{
    const char *names = unit_names(value_type(row, unit));
    snprintf(error->hint, sizeof error->hint, "write it like %s%s%s", value_example(row, unit),
             names ? "; units: " : "", names ? names : "");
    return value_refuse(row, unit, text, NULL, error);
}

/* Rows of uint64_t and sim_time. */
static bool value_is_integer(enum param_type type)
{
    return type == PARAM_COUNT || type == PARAM_SIZE || type == PARAM_DURATION;
}

static void value_store(const struct param *row, const struct unit_value *value, void *field)
{
    if (row->type == PARAM_DURATION)
        *(sim_time *)field = (sim_time)value->whole;
    else if (value_is_integer(row->type))
        *(uint64_t *)field = value->whole;
    else
        *(double *)field = value->real;
}

static bool value_parse_number(const struct param *row, enum param_type unit,
                               const char *text, void *field, struct value_error *error)
{
    struct unit_value value;
    switch (unit_read(value_type(row, unit), text, &value)) {
    case UNIT_MISSING: return value_refuse_bare(row, unit, text, error);
    case UNIT_WRONG: return value_refuse_wrong(row, unit, text, error);
    case UNIT_READ: break;
    }
    double min, max;
    value_bounds(row, unit, &min, &max);
    if (value_is_integer(row->type) && value.fit == NUMBER_LARGE)
        value.real = value.negative ? -INFINITY : INFINITY;
    if (!(value.real >= min && value.real <= max))
        return value_refuse(row, unit, text, &value.real, error);
    if (value_is_integer(row->type) && value.fit == NUMBER_FRACTION)
        return value_refuse_fraction(row, text, error);
    value_store(row, &value, field);
    return true;
}

static void value_store_also(const struct param *row, void *field)
{
    if (row->type == PARAM_DURATION)
        *(sim_time *)field = SIM_NEVER;
    else if (value_is_integer(row->type))
        *(uint64_t *)field = UINT64_MAX;
    else
        *(double *)field = INFINITY;
}

bool value_is_also(const struct param *row, const void *field)
{
    if (!row->also || !value_is_numeric(row->type))
        return false;
    if (row->type == PARAM_DURATION)
        return *(const sim_time *)field == SIM_NEVER;
    if (value_is_integer(row->type))
        return *(const uint64_t *)field == UINT64_MAX;
    return *(const double *)field == INFINITY;
}

static bool value_parse_bool(const struct param *row, const char *text, bool *field,
                             struct value_error *error)
{
    static const char *const yes[] = {"yes", "on", "1", "True", "TRUE", "Yes", "On", NULL};
    static const char *const no[] = {"no", "off", "0", "False", "FALSE", "No", "Off", NULL};
    *field = strcmp(text, "true") == 0;
    if (*field || strcmp(text, "false") == 0)
        return true;
    for (size_t i = 0; yes[i]; i++)
        if (strcmp(text, yes[i]) == 0 || strcmp(text, no[i]) == 0)
            snprintf(error->hint, sizeof error->hint, "did you mean %s?",
                     strcmp(text, yes[i]) == 0 ? "true" : "false");
    return value_refuse(row, PARAM_NUMBER, text, NULL, error);
}

static bool value_parse_choice(const struct param *row, const char *text, uint32_t *field,
                               struct value_error *error)
{
    size_t used = 0;
    char words[256] = "";
    for (uint32_t i = 0; row->of.words[i]; i++) {
        if (strcmp(text, row->of.words[i]) == 0) {
            *field = i;
            return true;
        }
        used += (size_t)snprintf(words + used, sizeof words - used, "%s%s", i ? ", " : "",
                                 row->of.words[i]);
        used = used < sizeof words ? used : sizeof words - 1;
    }
    snprintf(error->message, sizeof error->message, "'%s' must be one of %s, found '%.*s'",
             value_key(row), words, VALUE_SHOWN, text);
    const char *nearest = problem_nearest(text, row->of.words);
    if (nearest)
        snprintf(error->hint, sizeof error->hint, "did you mean '%s'?", nearest);
    return false;
}

static bool value_parse_name(const struct param *row, const char *text, const char **field,
                             struct value_error *error)
{
    static const char alnum[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    size_t first = strspn(text, alnum), length = strlen(text);
    size_t good = 0;
    while (good < length && (strchr(alnum, text[good]) || strchr("._-", text[good])))
        good++;
    *field = text;
    if (first > 0 && good == length && length <= VALUE_NAME_LIMIT)
        return true;
    snprintf(error->message, sizeof error->message, "'%s' must be a name, found '%.*s'",
             value_key(row), VALUE_SHOWN, text);
    snprintf(error->hint, sizeof error->hint,
             "1 to %d of A-Z a-z 0-9 . _ -, first a letter or digit", VALUE_NAME_LIMIT);
    return false;
}

static bool value_parse_text(const struct param *row, const char *text, const char **field,
                             struct value_error *error)
{
    size_t limit = row->type == PARAM_PATH ? VALUE_PATH_LIMIT : VALUE_TEXT_LIMIT;
    size_t length = strlen(text);
    *field = text;
    if (length > limit || (length == 0 && row->type == PARAM_PATH)) {
        snprintf(error->message, sizeof error->message, "'%s' must have %s%zu bytes, found %zu",
                 value_key(row), row->type == PARAM_PATH ? "1 to " : "at most ", limit, length);
        return false;
    }
    for (size_t at = 0; at < length;) {
        size_t step = utf8_size(text + at, length - at);
        if (step == 0 || utf8_is_hidden(text + at, step)) {
            snprintf(error->message, sizeof error->message,
                     "'%s' must be one line without control characters or bidirectional marks",
                     value_key(row));
            return false;
        }
        at += step;
    }
    return true;
}

/* What JSON Schema calls a number or a boolean may not stand in quotes. */
static bool value_is_quoted(const struct param *row, enum param_type unit, const char *text,
                            struct value_error *error)
{
    enum param_type type = value_type(row, unit);
    struct unit_value value;
    bool bare = type == PARAM_BOOL;
    if (type == PARAM_COUNT || type == PARAM_NUMBER || type == PARAM_RATIO)
        bare = unit_read(PARAM_NUMBER, text, &value) == UNIT_READ;
    if (!bare)
        return false;
    snprintf(error->message, sizeof error->message, "'%s' must be %s, found text in quotes",
             value_key(row), value_noun(row, unit));
    snprintf(error->hint, sizeof error->hint, "write %.*s without quotes", VALUE_SHOWN, text);
    return true;
}

bool value_parse(const struct param *row, enum param_type unit, const char *text, bool plain,
                 void *field, struct value_error *error)
{
    *error = (struct value_error){.hint = ""};
    if (row->also && value_is_numeric(row->type) && strcmp(text, row->also) == 0) {
        value_store_also(row, field);
        return true;
    }
    if (!plain && value_is_quoted(row, unit, text, error))
        return false;
    switch (row->type) {
    case PARAM_BOOL: return value_parse_bool(row, text, field, error);
    case PARAM_COUNT:
    case PARAM_NUMBER:
    case PARAM_RATIO:
    case PARAM_DURATION:
    case PARAM_RATE:
    case PARAM_SIZE:
    case PARAM_QUANTITY: return value_parse_number(row, unit, text, field, error);
    case PARAM_NAME: return value_parse_name(row, text, field, error);
    case PARAM_TEXT:
    case PARAM_PATH: return value_parse_text(row, text, field, error);
    case PARAM_CHOICE: return value_parse_choice(row, text, field, error);
    case PARAM_MAP:
    case PARAM_LIST:
    case PARAM_KIND: break;
    }
    return value_refuse(row, unit, text, NULL, error);
}

static void value_format_number(const struct param *row, enum param_type unit,
                                const void *field, char text[64])
{
    if (row->type == PARAM_COUNT)
        *text_unsigned(text, *(const uint64_t *)field) = '\0';
    else if (row->type == PARAM_SIZE)
        unit_write_whole(PARAM_SIZE, *(const uint64_t *)field, text);
    else if (row->type == PARAM_DURATION)
        unit_write_whole(PARAM_DURATION, (uint64_t)*(const sim_time *)field, text);
    else
        unit_write(value_type(row, unit), *(const double *)field, text);
}

void value_format(const struct param *row, enum param_type unit, const void *field,
                  char *text, size_t size)
{
    char number[64];
    const char *shown = "";
    if (value_is_also(row, field)) {
        shown = row->also;
    } else if (value_is_numeric(row->type)) {
        value_format_number(row, unit, field, number);
        shown = number;
    } else if (row->type == PARAM_BOOL) {
        shown = *(const bool *)field ? "true" : "false";
    } else if (row->type == PARAM_CHOICE) {
        shown = row->of.words[*(const uint32_t *)field];
    } else if (value_is_scalar(row->type)) {
        shown = *(const char *const *)field ? *(const char *const *)field : "";
    }
    snprintf(text, size, "%s", shown);
}
