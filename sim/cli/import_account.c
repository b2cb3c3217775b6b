/* SPDX-License-Identifier: GPL-3.0-or-later
   What a file of requests is like: rate, spread of the gaps, popularity of keys, and whether
   its stamps are fine enough, and plausible enough, to time arrivals by. */
#include "sim/cli/import_part.h"
#include "sim/engine/check.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { IMPORT_TOP = 5, IMPORT_FEW = 10 }; /* stamps from which a tick can be told */

static const struct import_tick {
    sim_time tick;
    const char *name, *words;
} import_ticks[] = {
    {3600 * SIM_SECOND, "1h", "whole hours"},
    {600 * SIM_SECOND, "10m", "multiples of 10m"},
    {60 * SIM_SECOND, "1m", "whole minutes"},
    {10 * SIM_SECOND, "10s", "multiples of 10s"},
    {SIM_SECOND, "1s", "whole seconds"},
    {100 * SIM_MILLISECOND, "100ms", "multiples of 100ms"},
    {10 * SIM_MILLISECOND, "10ms", "multiples of 10ms"},
    {SIM_MILLISECOND, "1ms", "whole milliseconds"},
    {100 * SIM_MICROSECOND, "100us", "multiples of 100us"},
    {10 * SIM_MICROSECOND, "10us", "multiples of 10us"},
    {SIM_MICROSECOND, "1us", "whole microseconds"},
    {100, "100ns", "multiples of 100ns"},
    {10, "10ns", "multiples of 10ns"},
    {1, "1ns", "whole nanoseconds"},
};

static const struct import_tick *import_account_find_tick(sim_time tick)
{
    const struct import_tick *row = import_ticks;
    while (row->tick > tick && row->tick > 1)
        row++;
    return row;
}

const char *import_account_tick_name(sim_time tick)
{
    return import_account_find_tick(tick)->name;
}

static sim_time import_account_tick(const struct import_harvest *harvest)
{
    const struct import_tick *row = import_ticks;
    for (size_t i = 0; i < harvest->count; i++)
        while (harvest->requests[i].stamp % row->tick != 0)
            row++;
    return row->tick;
}

static double import_account_shared(const struct import_harvest *harvest)
{
    const struct import_request *requests = harvest->requests;
    size_t shared = 0;
    for (size_t i = 0; i < harvest->count; i++)
        shared += (i > 0 && requests[i - 1].stamp == requests[i].stamp) ||
                  (i + 1 < harvest->count && requests[i + 1].stamp == requests[i].stamp);
    return (double)shared / (double)harvest->count;
}

static void import_account_gaps(struct import_account *account,
                                const struct import_harvest *harvest)
{
    size_t gaps = harvest->count - 1;
    account->span = harvest->requests[gaps].stamp - harvest->requests[0].stamp;
    account->rate = account->gap_cv = NAN;
    if (account->span == 0)
        return;
    double mean = (double)account->span / (double)gaps, squares = 0;
    account->rate = 1e9 / mean;
    if (gaps < 2)
        return;
    for (size_t i = 0; i < gaps; i++) {
        int64_t gap = harvest->requests[i + 1].stamp - harvest->requests[i].stamp;
        squares += ((double)gap - mean) * ((double)gap - mean);
    }
    account->gap_cv = sqrt(squares / (double)(gaps - 1)) / mean;
}

static void import_account_keys(struct import_account *account,
                                const struct import_harvest *harvest)
{
    uint64_t top[IMPORT_TOP] = {0}, sum = 0;
    for (size_t i = 0; i < harvest->keys.count; i++) {
        uint64_t count = harvest->keys.items[i].count;
        for (int j = 0; j < IMPORT_TOP; j++)
            if (count > top[j]) {
                uint64_t next = top[j];
                top[j] = count;
                count = next;
            }
    }
    for (int j = 0; j < IMPORT_TOP; j++)
        sum += top[j];
    account->keys = harvest->keys.count;
    account->users = harvest->users.count;
    account->upstreams = harvest->upstreams.count;
    account->top_share = (double)sum / (double)harvest->count;
}

static int import_account_compare(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

static void import_account_sizes(struct import_account *account,
                                 const struct import_harvest *harvest)
{
    size_t count = harvest->count;
    double size = 0, demand = 0;
    int64_t *demands = memory_take(count, sizeof *demands);
    for (size_t i = 0; i < count; i++) {
        demands[i] = harvest->requests[i].demand;
        size += (double)harvest->requests[i].size;
        demand += (double)demands[i];
    }
    qsort(demands, count, sizeof *demands, import_account_compare);
    account->size_mean = size / (double)count;
    account->demand_mean = demand / (double)count;
    account->demand_p99 = demands[(count * 99 + 99) / 100 - 1];
    free(demands);
}

static void import_account_warn(struct import_account *account, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void import_account_warn(struct import_account *account, const char *format, ...)
{
    CHECK(account->warning_count < IMPORT_WARNINGS);
    char *warning = account->warnings[account->warning_count++];
    va_list list;
    va_start(list, format);
    vsnprintf(warning, sizeof account->warnings[0], format, list);
    va_end(list);
}

/* What is left of a file whose times are of no use. */
static const char *import_account_remains(const struct import_account *account)
{
    if (account->has[IMPORT_KEY])
        return account->has[IMPORT_SIZE] ? "keys and sizes can be used" : "keys can be used";
    if (account->has[IMPORT_SIZE] || account->has[IMPORT_DEMAND])
        return "sizes and demands can be used";
    return "nothing of it can be used";
}

static void import_account_judge(struct import_account *account,
                                 const struct import_harvest *harvest)
{
    double gap = account->span > 0 ? 1e9 / account->rate : 0;
    bool one_minute = harvest->has_minutes && account->span > 7200 * SIM_SECOND &&
                      (harvest->minutes & (harvest->minutes - 1)) == 0;
    account->unusable = one_minute || (harvest->count > 1 && account->span == 0);
    if (one_minute)
        import_account_warn(account,
                            "unusable for timing: over %.1f hours every stamp lies in minute "
                            "%02d of its hour, so the times were rewritten; %s",
                            sim_seconds(account->span) / 3600,
                            __builtin_ctzll(harvest->minutes),
                            import_account_remains(account));
    else if (account->unusable)
        import_account_warn(account,
                            "unusable for timing: all requests have the same stamp; %s",
                            import_account_remains(account));
    else if (harvest->count >= IMPORT_FEW && (double)account->tick * 20 > gap)
        import_account_warn(account,
                            "stamps are %s: %.1f %% of requests share a stamp; use spread: "
                            "%s when replaying",
                            import_account_find_tick(account->tick)->words,
                            account->shared_stamps * 100, import_account_tick_name(account->tick));
}

void import_account_fill(struct import_account *account,
                         const struct import_harvest *harvest)
{
    account->requests = harvest->count;
    account->tick = import_account_tick(harvest);
    account->shared_stamps = import_account_shared(harvest);
    import_account_gaps(account, harvest);
    import_account_keys(account, harvest);
    import_account_sizes(account, harvest);
    import_account_judge(account, harvest);
}
