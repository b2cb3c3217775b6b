/* SPDX-License-Identifier: GPL-3.0-or-later
   lbsim import: an access log or a public trace becomes a replay file, with an account of
   it. */
#include "sim/cli/command.h"
#include "sim/cli/import.h"
#include "sim/cli/talk.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const cmd_import_formats[] = {"common", "combined", "nginx", "nasa",
                                                 "azure",  "csv",      NULL};

static const struct option cmd_import_time = {
    .name = "time", .argument = "COLUMN",
    .help = "column of the time: a number or like 2023-11-16 18:17:03.9799600",
};
static const struct option cmd_import_time_unit = {
    .name = "time-unit", .argument = "UNIT",
    .help = "what 1 in it is worth: s, ms, us, ns (default: by its name, as in t_ms)",
};
static const struct option cmd_import_key = {
    .name = "key", .argument = "KEY",
    .help = "column of the key, or none; of a log: path, query, client or none",
};
static const struct option cmd_import_size = {
    .name = "size", .argument = "COLUMN", .help = "column of the bytes of the reply, or none",
};
static const struct option cmd_import_user = {
    .name = "user", .argument = "COLUMN", .help = "column of who sends, or none",
};
static const struct option cmd_import_demand = {
    .name = "demand", .argument = "COLUMN", .help = "column of the work, or none",
};
static const struct option cmd_import_demand_unit = {
    .name = "demand-unit", .argument = "UNIT",
    .help = "what 1 in it is worth: s, ms, us, ns, or such as 250us",
};
static const struct option cmd_import_output = {
    .name = "output", .letter = 'o', .argument = "FILE", .complete = COMPLETE_FILE,
    .help = "write here (default: FILE's name with .replay.csv); -: stdout",
};
static const struct option cmd_import_force = {
    .name = "force", .help = "replace the file that is written",
};

static const struct option *const cmd_import_options[] = {
    &cmd_import_time,   &cmd_import_time_unit, &cmd_import_key,
    &cmd_import_size,   &cmd_import_user,      &cmd_import_demand,
    &cmd_import_demand_unit, &cmd_import_output, &cmd_import_force,
    &option_format_json, NULL,
};

static const char *const cmd_import_examples[] = {
    "awk -f scenarios/web-log.awk > access.log    # a log to try it with",
    "lbsim import nginx access.log",
    "lbsim import combined access.log -o pages.csv --key query --format json",
    "gzip -c access.log | zcat | lbsim import nginx - -o - > web.csv",
    "lbsim import csv web.csv --time time_ns --key key --demand demand_ns --demand-unit ns",
    NULL,
};

static bool cmd_import_read_unit(const struct command_line *line, const struct option *option,
                                 sim_time *unit)
{
    const char *value = option_value(line, option);
    if (value == NULL || import_format_unit(value, unit))
        return true;
    talk_usage(line->command, "say s, ms, us or ns, or a duration such as 250us",
               "--%s cannot be '%s'", option->name, value);
    return false;
}

static bool cmd_import_refuse_format(const struct command_line *line)
{
    const char *nearest = problem_nearest(line->operands[0], cmd_import_formats);
    char hint[256];
    size_t used = 0;
    if (nearest != NULL)
        used = (size_t)snprintf(hint, sizeof hint, "did you mean '%s'? ", nearest);
    for (size_t i = 0; cmd_import_formats[i] != NULL && used < sizeof hint; i++)
        used += (size_t)snprintf(hint + used, sizeof hint - used, "%s%s",
                                 i > 0 ? ", " : "formats are ", cmd_import_formats[i]);
    talk_usage(line->command, hint, "unknown format '%s'", line->operands[0]);
    return false;
}

static bool cmd_import_read_options(const struct command_line *line,
                                    struct import_order *order)
{
    *order = (struct import_order){
        .format = import_format_find(line->operands[0]),
        .file = line->operands[1],
        .target = option_value(line, &cmd_import_output),
        .force = option_is_given(line, &cmd_import_force),
        .columns = {option_value(line, &cmd_import_time), option_value(line, &cmd_import_key),
                    option_value(line, &cmd_import_size), option_value(line, &cmd_import_user),
                    option_value(line, &cmd_import_demand)},
    };
    if (order->format == NULL)
        return cmd_import_refuse_format(line);
    if (order->target != NULL && order->target[0] == '\0') {
        talk_usage(line->command, NULL, "--output needs the name of a file");
        return false;
    }
    return cmd_import_read_unit(line, &cmd_import_time_unit, &order->time_unit) &&
           cmd_import_read_unit(line, &cmd_import_demand_unit, &order->demand_unit);
}

static int cmd_import_fail(const struct command_line *line,
                           const struct import_account *account,
                           const struct import_failure *failure)
{
    const char *hint = failure->hint[0] != '\0' ? failure->hint : NULL;
    if (failure->status == STATUS_USAGE)
        return talk_usage(line->command, hint, "%s", failure->message);
    if (failure->status == STATUS_FAILED)
        return talk_failure("%s", failure->message);
    return talk_invalid(account->file, failure->line, hint, "%s", failure->message);
}

static int cmd_import_run(const struct command_line *line)
{
    struct import_order order;
    if (!cmd_import_read_options(line, &order))
        return STATUS_USAGE;
    struct import_account account;
    struct import_failure failure;
    if (!import_run(&order, &account, &failure))
        return cmd_import_fail(line, &account, &failure);
    bool is_stdout_taken = strcmp(account.target, "-") == 0;
    struct output *output = is_stdout_taken
                                ? output_to_descriptor(STDERR_FILENO, "standard error")
                                : talk_open_stdout();
    if (option_word(line, &option_format_json, 0) == 1)
        import_print_json(&account, output);
    else
        import_print_text(&account, output);
    return talk_close(output, is_stdout_taken ? "standard error" : "standard output");
}

const struct command command_import = {
    .name = "import",
    .summary = "turn an access log or a public trace into a file to replay",
    .operands = "FORMAT FILE",
    .operand_min = 2,
    .operand_max = 2,
    .words = cmd_import_formats,
    .complete = COMPLETE_FILE,
    .options = cmd_import_options,
    .examples = cmd_import_examples,
    .details = "Formats:\n"
               "  common    Apache or nginx: host ident user [time] \"request\" status bytes\n"
               "  combined  common, then \"referrer\" \"agent\"; the rest is ignored\n"
               "  nginx     combined, then $request_time $upstream_addr, or rt= ua=\n"
               "  nasa      CSV: t_s,client,method,path,status,bytes\n"
               "  azure     CSV: TIMESTAMP,ContextTokens,GeneratedTokens\n"
               "  csv       any CSV with a header, by --time COLUMN and the like\n"
               "FILE may be packed by zstd; - is standard input.  Lines that do not parse\n"
               "are skipped and counted; if they are the most, nothing is written.\n",
    .statuses = {STATUS_FAILED, STATUS_USAGE, STATUS_INVALID},
    .run = cmd_import_run,
};
