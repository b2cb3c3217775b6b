/* SPDX-License-Identifier: GPL-3.0-or-later
   The formats that can be imported. */
#include "sim/cli/import.h"
#include "sim/config/config.h"

#include <stdio.h>
#include <string.h>

static const struct import_format import_formats[] = {
    {
        .name = "common", .kind = IMPORT_COMMON, .columns = {[IMPORT_KEY] = "path"},
        .summary = "Apache or nginx log: host ident user [time] \"request\" status bytes",
    },
    {
        .name = "combined", .kind = IMPORT_COMBINED, .columns = {[IMPORT_KEY] = "path"},
        .summary = "common, then \"referrer\" \"agent\"; anything after them is ignored",
    },
    {
        .name = "nginx", .kind = IMPORT_NGINX, .columns = {[IMPORT_KEY] = "path"},
        .demand_unit = SIM_SECOND,
        .summary = "combined, then $request_time $upstream_addr, bare or as rt= ua=",
        .note = "nginx stamps a request when its reply ends; the demand is $request_time, "
                "queueing and slow clients included",
    },
    {
        .name = "nasa", .kind = IMPORT_TABLE,
        .columns = {"t_s", "path", "bytes", "client", NULL}, .time_unit = SIM_SECOND,
        .summary = "CSV of the NASA log: t_s,client,method,path,status,bytes",
    },
    {
        .name = "azure", .kind = IMPORT_TABLE,
        .columns = {"TIMESTAMP", NULL, NULL, NULL, "GeneratedTokens"},
        .demand_unit = SIM_MILLISECOND,
        .summary = "CSV of Azure's LLM traces: TIMESTAMP,ContextTokens,GeneratedTokens",
        .note = "the demand is GeneratedTokens at 1ms each, unless --demand-unit says "
                "otherwise",
    },
    {
        .name = "csv", .kind = IMPORT_TABLE,
        .summary = "any CSV with a header: --time COLUMN, and --key --size --user --demand",
    },
};

const struct import_format *import_format_at(size_t index)
{
    return index < sizeof import_formats / sizeof *import_formats ? &import_formats[index]
                                                                  : NULL;
}

const struct import_format *import_format_find(const char *name)
{
    for (size_t i = 0; import_format_at(i) != NULL; i++)
        if (strcmp(import_formats[i].name, name) == 0)
            return &import_formats[i];
    return NULL;
}

bool import_format_unit(const char *text, sim_time *unit)
{
    static const struct param row = {.key = "unit", .type = PARAM_DURATION, .min = 1,
                                     .max = 8.64e13};
    char value[64], message[128];
    bool is_bare = text[0] >= 'a' && text[0] <= 'z'; /* "ms" stands for 1ms */
    snprintf(value, sizeof value, "%s%s", is_bare ? "1" : "", text);
    return config_parse(&row, value, unit, message, sizeof message);
}
