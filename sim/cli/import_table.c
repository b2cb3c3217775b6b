/* SPDX-License-Identifier: GPL-3.0-or-later
   One line of a CSV with a header; columns are found by name, the delimiter by counting in
   the header. */
#include "models/replay_stamp.h"
#include "sim/cli/command.h"
#include "sim/cli/import_part.h"
#include "sim/config/problem.h"

#include <stdio.h>
#include <string.h>

/* The fields of a line, in `scratch` where quotes had to be undone. */
struct import_split {
    struct import_text fields[IMPORT_COLUMNS];
    size_t columns[IMPORT_COLUMNS]; /* where each begins, from 1 */
    size_t count;
};

/* Takes a quoted field at *at; doubled quotes become one.  False where it does not end, or
   ends before the delimiter. */
static bool import_table_unquote(const char **at, const char *end, char delimiter,
                                 char **scratch, struct import_text *field)
{
    const char *from = *at + 1;
    char *to = *scratch;
    for (;; from++) {
        if (from >= end)
            return false;
        if (*from == '"' && (from + 1 == end || from[1] != '"'))
            break;
        from += *from == '"';
        *to++ = *from;
    }
    *field = (struct import_text){*scratch, (size_t)(to - *scratch)};
    *scratch = to;
    *at = from + 1;
    return *at == end || **at == delimiter;
}

static bool import_table_split(const struct import_line *line, char delimiter, char *scratch,
                               struct import_split *split, struct import_fault *fault)
{
    const char *at = line->text, *end = line->text + line->size;
    for (split->count = 0;; at++) {
        size_t column = (size_t)(at - line->text) + 1;
        *fault = (struct import_fault){"more than 256 columns", column};
        if (split->count == IMPORT_COLUMNS)
            return false;
        struct import_text *field = &split->fields[split->count];
        split->columns[split->count++] = column;
        if (at < end && *at == '"') {
            fault->reason = "a quote is missing or in the wrong place";
            if (!import_table_unquote(&at, end, delimiter, &scratch, field))
                return false;
        } else {
            const char *next = memchr(at, delimiter, (size_t)(end - at));
            *field = (struct import_text){at, (size_t)((next ? next : end) - at)};
            at += field->size;
        }
        if (at == end)
            return true;
    }
}

static char import_table_delimiter(const struct import_line *line)
{
    static const char choices[] = ",\t;";
    size_t best = 0;
    char delimiter = ',';
    for (const char *choice = choices; *choice != '\0'; choice++) {
        size_t count = 0;
        for (size_t i = 0; i < line->size; i++)
            count += line->text[i] == *choice;
        if (count > best) {
            best = count;
            delimiter = *choice;
        }
    }
    return delimiter;
}

void import_table_list(const struct import_line *line, char *list, size_t size)
{
    size_t used = 0;
    char delimiter = import_table_delimiter(line);
    for (size_t i = 0; i < line->size && used + 6 < size; i++) {
        if (line->text[i] == delimiter)
            list[used++] = ',';
        list[used++] = line->text[i] == delimiter ? ' ' : line->text[i];
    }
    list[used] = '\0';
    if (used + 6 >= size)
        memcpy(list + used, "...", 4);
}

static bool import_table_missing(const struct import_line *line,
                                 const struct import_split *split, const char *name,
                                 struct import_failure *failure)
{
    char names[IMPORT_COLUMNS][48];
    const char *candidates[IMPORT_COLUMNS + 1];
    for (size_t i = 0; i < split->count; i++) {
        snprintf(names[i], sizeof names[i], "%.*s", (int)split->fields[i].size,
                 split->fields[i].at);
        candidates[i] = names[i];
    }
    candidates[split->count] = NULL;
    const char *nearest = problem_nearest(name, candidates);
    char list[400];
    import_table_list(line, list, sizeof list);
    snprintf(failure->hint, sizeof failure->hint, "%s%s%scolumns are %s",
             nearest ? "did you mean '" : "", nearest ? nearest : "", nearest ? "'? " : "",
             list);
    return import_fail(failure, STATUS_INVALID, "no column '%s' in the header", name);
}

/* What a column's own name says of its unit: "t_ms" is in milliseconds. */
static sim_time import_table_unit(const char *name)
{
    const char *suffix = strrchr(name, '_');
    sim_time unit = 0;
    if (suffix != NULL && strchr("num", suffix[1]) != NULL && suffix[1] != '\0' &&
        strcmp(suffix + 2, "s") == 0)
        import_format_unit(suffix + 1, &unit);
    else if (suffix != NULL && strcmp(suffix + 1, "s") == 0)
        unit = SIM_SECOND;
    return unit;
}

bool import_table_header(struct import_parser *parser, const struct import_line *line,
                         struct import_failure *failure)
{
    struct import_split split;
    struct import_fault fault;
    parser->delimiter = import_table_delimiter(line);
    if (!import_table_split(line, parser->delimiter, parser->scratch, &split, &fault))
        return import_fail(failure, STATUS_INVALID, "the header cannot be read: %s",
                           fault.reason);
    parser->column_count = split.count;
    for (int role = 0; role < IMPORT_ROLES; role++) {
        const char *name = parser->columns[role];
        parser->at[role] = -1;
        for (size_t i = 0; name != NULL && i < split.count && parser->at[role] < 0; i++)
            if (split.fields[i].size == strlen(name) &&
                memcmp(split.fields[i].at, name, split.fields[i].size) == 0)
                parser->at[role] = (ptrdiff_t)i;
        if (name != NULL && parser->at[role] < 0)
            return import_table_missing(line, &split, name, failure);
    }
    if (parser->time_unit == 0)
        parser->time_unit = import_table_unit(parser->columns[IMPORT_TIME]);
    const char *demand = parser->columns[IMPORT_DEMAND];
    if (parser->demand_unit == 0 && demand != NULL)
        parser->demand_unit = import_table_unit(demand);
    if (parser->demand_unit > 0 || demand == NULL)
        return true;
    snprintf(failure->hint, sizeof failure->hint,
             "--demand-unit says what 1 in it is worth, such as ms or 250us");
    return import_fail(failure, STATUS_USAGE, "column '%s' needs a unit", demand);
}

static const char *import_table_time(const struct import_parser *parser,
                                     struct import_text text, struct import_fields *fields)
{
    struct replay_civil civil;
    fields->minute = -1;
    if (replay_stamp_iso(text.at, text.size, &civil, &fields->stamp)) {
        fields->minute = civil.minute;
        return NULL;
    }
    sim_time unit = parser->time_unit > 0 ? parser->time_unit : 1;
    if (!replay_stamp_number(text.at, text.size, unit, &fields->stamp))
        return text.size == 0 ? "the time is empty"
                              : "the time is neither a number nor like "
                                "2023-11-16 18:17:03.9799600";
    if (parser->time_unit == 0)
        return "the time is a plain number, which needs --time-unit s, ms, us or ns";
    return fields->stamp < 0 ? "the time is negative" : NULL;
}

static const char *import_table_demand(const struct import_parser *parser,
                                       struct import_text text, int64_t *demand)
{
    if (!replay_stamp_number(text.at, text.size, parser->demand_unit, demand) || *demand < 0)
        return "the demand is not a number of at least 0";
    return NULL;
}

static const char *import_table_size(struct import_text text, int64_t *size)
{
    *size = 0;
    if (text.size == 0 || (text.size == 1 && text.at[0] == '-'))
        return NULL;
    if (!replay_stamp_number(text.at, text.size, 1, size) || *size < 0)
        return "the size is not a number of at least 0";
    return NULL;
}

bool import_table_parse(const struct import_parser *parser, const struct import_line *line,
                        struct import_fields *fields, struct import_fault *fault)
{
    struct import_split split;
    if (!import_table_split(line, parser->delimiter, parser->scratch, &split, fault))
        return false;
    fault->reason = split.count < parser->column_count ? "fewer columns than the header"
                                                       : "more columns than the header";
    fault->column = split.columns[split.count - 1];
    if (split.count != parser->column_count)
        return false;
    for (int role = 0; role < IMPORT_ROLES; role++) {
        if (parser->at[role] < 0)
            continue;
        size_t at = (size_t)parser->at[role];
        struct import_text text = split.fields[at];
        *fault = (struct import_fault){NULL, split.columns[at]};
        if (role == IMPORT_TIME)
            fault->reason = import_table_time(parser, text, fields);
        else if (role == IMPORT_DEMAND)
            fault->reason = import_table_demand(parser, text, &fields->demand);
        else if (role == IMPORT_SIZE)
            fault->reason = import_table_size(text, &fields->size);
        else
            *(role == IMPORT_KEY ? &fields->key : &fields->user) = text;
        if (fault->reason != NULL)
            return false;
    }
    return true;
}
