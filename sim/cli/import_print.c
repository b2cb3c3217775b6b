/* SPDX-License-Identifier: GPL-3.0-or-later
   The account of an import as text for people and as JSON for programs. */
#include "sim/cli/import_part.h"
#include "sim/config/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *import_print_columns(const struct import_account *account, char *text,
                                        size_t size)
{
    static const char *const names[] = {"time_ns", "key", "size", "user", "demand_ns"};
    size_t used = 0;
    for (int role = 0; role < IMPORT_ROLES; role++)
        if (account->has[role])
            used += (size_t)snprintf(text + used, size - used, "%s%s", used > 0 ? "," : "",
                                     names[role]);
    return text;
}

/* 33996 as "33,996". */
static const char *import_print_count(uint64_t count, char *text)
{
    char digits[24];
    size_t length = (size_t)(text_unsigned(digits, count) - digits), used = 0;
    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            text[used++] = ',';
        text[used++] = digits[i];
    }
    text[used] = '\0';
    return text;
}

static void import_print_duration(struct output *output, double ns)
{
    static const char *const units[] = {"ns", "us", "ms"};
    int unit = 0;
    for (; unit < 3 && ns >= 1000; unit++)
        ns /= 1000;
    if (unit < 3)
        output_format(output, "%.4g %s", ns, units[unit]);
    else if (ns < 10)
        output_format(output, "%.3g s", ns);
    else
        output_format(output, "%.1f s", ns);
}

static void import_print_timing(const struct import_account *account, struct output *output)
{
    output_text(output, "span     ");
    import_print_duration(output, (double)account->span);
    if (account->span >= 7200 * SIM_SECOND)
        output_format(output, " (%.1f h)", sim_seconds(account->span) / 3600);
    if (!isnan(account->rate))
        output_format(output, "\nrate     %.3g/s", account->rate);
    if (!isnan(account->gap_cv))
        output_format(output, ", cv of gaps %.3g (Poisson has 1)", account->gap_cv);
    if (account->requests > 1)
        output_text(output, "\nstamps   ");
    if (account->span > 0) /* one stamp has no tick */
        output_format(output, "multiples of %s; ", import_account_tick_name(account->tick));
    if (account->requests > 1)
        output_format(output, "%.1f %% of requests share one", account->shared_stamps * 100);
    char count[32];
    if (account->out_of_order > 0)
        output_format(output, "; %s stood out of order and were sorted",
                      import_print_count(account->out_of_order, count));
    output_text(output, "\n");
}

static void import_print_figures(const struct import_account *account,
                                 struct output *output)
{
    char count[32];
    if (account->has[IMPORT_KEY])
        output_format(output, "keys     %s distinct, the five most wanted take %.1f %%\n",
                      import_print_count(account->keys, count), account->top_share * 100);
    if (account->has[IMPORT_USER])
        output_format(output, "users    %s distinct\n",
                      import_print_count(account->users, count));
    if (account->has[IMPORT_SIZE])
        output_format(output, "sizes    mean %s bytes\n",
                      import_print_count((uint64_t)(account->size_mean + 0.5), count));
    if (account->has[IMPORT_DEMAND]) {
        output_text(output, "demand   mean ");
        import_print_duration(output, account->demand_mean);
        output_text(output, ", p99 ");
        import_print_duration(output, (double)account->demand_p99);
        output_text(output, "\n");
    }
    if (account->upstreams > 0)
        output_format(output, "pods     %s distinct upstreams\n",
                      import_print_count(account->upstreams, count));
}

static void import_print_skipped(const struct import_account *account, struct output *output)
{
    for (size_t i = 0; i < account->reason_count; i++) {
        const struct import_reason *reason = &account->reasons[i];
        char count[32];
        output_format(output, "skipped  %s: %s, at",
                      import_print_count(reason->count, count), reason->text);
        for (uint64_t j = 0; j < IMPORT_FIRST && j < reason->count; j++)
            output_format(output, "%s %llu:%llu", j > 0 ? "," : "",
                          (unsigned long long)reason->lines[j],
                          (unsigned long long)reason->columns[j]);
        output_text(output, reason->count > IMPORT_FIRST ? ", ...\n" : "\n");
    }
}

/* The scenario's line that replays what was written. */
static void import_print_use(const struct import_account *account, struct output *output)
{
    static const char *const maps[] = {"", ", key: key", ", size: size", ", user: user",
                                       ", demand: demand_ns"};
    bool is_plain = strpbrk(account->target, " ,:{}[]#&*!|>'\"%@`\\") == NULL;
    if (strcmp(account->target, "-") == 0 || !is_plain)
        return;
    output_format(output, "use      arrivals: {replay: {file: %s", account->target);
    for (int role = 0; role < IMPORT_ROLES; role++)
        if (account->has[role])
            output_text(output, maps[role]);
    if (account->warning_count > 0 && !account->unusable)
        output_format(output, ", spread: %s", import_account_tick_name(account->tick));
    output_text(output, "}}\n");
}

void import_print_text(const struct import_account *account, struct output *output)
{
    char count[3][32], columns[64];
    output_format(output, "read     %s as %s: %s lines\n", account->file,
                  account->format->name, import_print_count(account->lines, count[0]));
    output_format(output, "kept     %s requests; %s skipped, %s blank\n",
                  import_print_count(account->requests, count[0]),
                  import_print_count(account->skipped, count[1]),
                  import_print_count(account->blank, count[2]));
    import_print_skipped(account, output);
    import_print_timing(account, output);
    import_print_figures(account, output);
    if (account->format->note != NULL && account->has[IMPORT_DEMAND])
        output_format(output, "note     %s\n", account->format->note);
    for (size_t i = 0; i < account->warning_count; i++)
        output_format(output, "warning  %s\n", account->warnings[i]);
    output_format(output, "wrote    %s with %s\n",
                  strcmp(account->target, "-") == 0 ? "standard output" : account->target,
                  import_print_columns(account, columns, sizeof columns));
    import_print_use(account, output);
}

static void import_print_reasons(const struct import_account *account, struct json *json)
{
    json_list_open(json, "skipped");
    for (size_t i = 0; i < account->reason_count; i++) {
        const struct import_reason *reason = &account->reasons[i];
        json_map_open(json, NULL);
        json_unsigned(json, "count", reason->count);
        json_list_open(json, "first");
        for (uint64_t j = 0; j < IMPORT_FIRST && j < reason->count; j++) {
            json_map_open(json, NULL);
            json_unsigned(json, "column", reason->columns[j]);
            json_unsigned(json, "line", reason->lines[j]);
            json_map_close(json);
        }
        json_list_close(json);
        json_text(json, "reason", reason->text);
        json_map_close(json);
    }
    json_list_close(json);
}

/* A figure whose column is not there is null. */
static double import_print_if(bool is_there, double value)
{
    return is_there ? value : NAN;
}

void import_print_json(const struct import_account *account, struct output *output)
{
    const bool *has = account->has;
    struct json json = {.output = output};
    char columns[64];
    json_map_open(&json, NULL);
    json_unsigned(&json, "blank_lines", account->blank);
    json_text(&json, "columns", import_print_columns(account, columns, sizeof columns));
    json_double(&json, "demand_mean_s",
                import_print_if(has[IMPORT_DEMAND], account->demand_mean / 1e9));
    json_double(&json, "demand_p99_s",
                import_print_if(has[IMPORT_DEMAND], sim_seconds(account->demand_p99)));
    json_text(&json, "file", account->file);
    json_text(&json, "format", account->format->name);
    json_double(&json, "gap_cv", account->gap_cv);
    json_unsigned(&json, "keys", account->keys);
    json_unsigned(&json, "lines", account->lines);
    json_unsigned(&json, "out_of_order", account->out_of_order);
    json_double(&json, "rate", account->rate);
    json_unsigned(&json, "requests", account->requests);
    json_double(&json, "shared_stamps", account->shared_stamps);
    json_double(&json, "size_mean", import_print_if(has[IMPORT_SIZE], account->size_mean));
    import_print_reasons(account, &json);
    json_unsigned(&json, "skipped_lines", account->skipped);
    json_double(&json, "span_s", sim_seconds(account->span));
    json_double(&json, "tick_s", import_print_if(account->span > 0, sim_seconds(account->tick)));
    json_double(&json, "top_five_share",
                import_print_if(has[IMPORT_KEY], account->top_share));
    json_bool(&json, "unusable_for_timing", account->unusable);
    json_unsigned(&json, "upstreams", account->upstreams);
    json_unsigned(&json, "users", account->users);
    json_list_open(&json, "warnings");
    for (size_t i = 0; i < account->warning_count; i++)
        json_text(&json, NULL, account->warnings[i]);
    json_list_close(&json);
    json_text(&json, "written", account->target);
    json_map_close(&json);
}
