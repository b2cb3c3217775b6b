/* SPDX-License-Identifier: GPL-3.0-or-later
   How an order settles what is read of a format, and the parser of one line. */
#include "sim/cli/command.h"
#include "sim/cli/import_part.h"
#include "sim/engine/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void import_parser_hint(struct import_failure *failure, const char *hint)
{
    snprintf(failure->hint, sizeof failure->hint, "%s", hint);
}

/* Logs have no columns to choose: only the form of the key, and what to leave out. */
static bool import_parser_suits_log(const struct import_order *order,
                                    struct import_failure *failure)
{
    const char *key = order->columns[IMPORT_KEY];
    if (key != NULL && strcmp(key, "path") != 0 && strcmp(key, "query") != 0 &&
        strcmp(key, "client") != 0 && strcmp(key, "none") != 0) {
        import_parser_hint(failure, "the key is one of path, query (the path with its "
                                    "query), client, none");
        return import_fail(failure, STATUS_USAGE, "a log has no column '%s' for the key", key);
    }
    import_parser_hint(failure, "columns and units are chosen for the formats nasa, azure and "
                                "csv; --size, --user and --demand of a log take only none");
    for (int role = 0; role < IMPORT_ROLES; role++)
        if (role != IMPORT_KEY && order->columns[role] != NULL &&
            (role == IMPORT_TIME || strcmp(order->columns[role], "none") != 0))
            return import_fail(failure, STATUS_USAGE, "a log has no column '%s' to choose",
                               order->columns[role]);
    if (order->time_unit > 0 || order->demand_unit > 0)
        return import_fail(failure, STATUS_USAGE, "the units of format '%s' are fixed",
                           order->format->name);
    import_parser_hint(failure, "");
    return true;
}

bool import_parser_open(struct import_parser *parser, const struct import_order *order,
                        struct import_failure *failure)
{
    const struct import_format *format = order->format;
    bool is_table = format->kind == IMPORT_TABLE;
    *parser = (struct import_parser){
        .format = format,
        .time_unit = order->time_unit > 0 ? order->time_unit : format->time_unit,
        .demand_unit = order->demand_unit > 0 ? order->demand_unit : format->demand_unit,
    };
    if (!is_table && !import_parser_suits_log(order, failure))
        return false;
    for (int role = 0; role < IMPORT_ROLES; role++) {
        bool is_in_log = role != IMPORT_DEMAND || format->kind == IMPORT_NGINX;
        const char *name = format->columns[role];
        if (!is_table && name == NULL && is_in_log)
            name = "log";
        if (order->columns[role] != NULL)
            name = strcmp(order->columns[role], "none") == 0 ? NULL : order->columns[role];
        parser->columns[role] = name;
    }
    if (parser->columns[IMPORT_TIME] == NULL) {
        import_parser_hint(failure, "and, where that is a plain number, --time-unit s, ms, us "
                                    "or ns");
        return import_fail(failure, STATUS_USAGE, "format '%s' needs --time COLUMN",
                           format->name);
    }
    parser->scratch = memory_take(IMPORT_LINE_LIMIT + 1, 1);
    return true;
}

void import_parser_close(struct import_parser *parser)
{
    free(parser->scratch);
    parser->scratch = NULL;
}

bool import_parser_parse(struct import_parser *parser, const struct import_line *line,
                  struct import_fields *fields, struct import_fault *fault)
{
    *fields = (struct import_fields){0};
    *fault = (struct import_fault){"longer than 64 KiB", IMPORT_LINE_LIMIT + 1};
    if (line->is_cut)
        return false;
    *fault = (struct import_fault){"a NUL byte", line->nul_column};
    if (line->nul_column > 0)
        return false;
    return parser->format->kind == IMPORT_TABLE
               ? import_table_parse(parser, line, fields, fault)
               : import_log_parse(parser, line, fields, fault);
}
