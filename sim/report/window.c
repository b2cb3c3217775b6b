/* SPDX-License-Identifier: GPL-3.0-or-later
   Rows come nearly in order of time, so there is a window at hand for most of them; all others
   take the longer way.  The time that a request was under way is its latency, which the law
   sums up anyway, and what is to be added or taken off from that.  Windows that a request goes
   all through are only marked at both ends, and counted when somebody asks. */
#include "sim/report/window.h"

#include "sim/report/sparse.h"

#include "sim/engine/check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* -- where they lie -- */

/* 1, 2 or 5 times a power of ten ns. */
static sim_time window_width(sim_time span)
{
    static const sim_time steps[] = {1, 2, 5};
    for (sim_time power = 1;; power *= 10)
        for (size_t i = 0; i < 3; i++)
            if ((span - 1) / WINDOW_COUNT_MAX < steps[i] * power)
                return steps[i] * power;
}

void window_name(char name[WINDOW_NAME_SIZE], const struct window_grid *grid, size_t index)
{
    static const struct {
        sim_time ns;
        const char *name;
    } units[] = {{SIM_SECOND, "s"}, {SIM_SECOND / 1000, "ms"}, {SIM_MICROSECOND, "us"}, {1, "ns"}};
    sim_time begin = grid->begin + (sim_time)index * grid->width;
    size_t i = 0;
    while (grid->width % units[i].ns != 0)
        i++;
    snprintf(name, WINDOW_NAME_SIZE, "%" PRId64 "%s..%" PRId64 "%s", begin / units[i].ns,
             units[i].name, (begin + grid->width) / units[i].ns, units[i].name);
}

struct window_grid window_grid(sim_time first, sim_time end)
{
    if (first < 0 || end <= first)
        return (struct window_grid){0};
    struct window_grid grid = {.end = end, .width = window_width(end - first)};
    grid.begin = first - first % grid.width;
    if ((end - grid.begin - 1) / grid.width >= WINDOW_COUNT_MAX) {
        grid.width = window_width(2 * (end - first));
        grid.begin = first - first % grid.width;
    }
    grid.count = (size_t)((end - grid.begin - 1) / grid.width) + 1;
    return grid;
}

static sim_time window_first(const struct roster *roster)
{
    sim_time first = roster->measure_begin;
    for (size_t i = 0; i < roster->pod_count; i++)
        if (roster_life(roster, i)->joined < first)
            first = roster_life(roster, i)->joined;
    return first;
}

void window_open(struct window_set *set, const struct roster *roster)
{
    *set = (struct window_set){.least = SIM_NEVER};
    if (roster->measure_begin == SIM_NEVER || roster->measure_end == SIM_NEVER)
        return;
    struct window_grid grid = window_grid(window_first(roster), roster->measure_end);
    if (grid.count == 0)
        return;
    set->grid = grid;
    set->windows = memory_zeroed(grid.count + 1, sizeof *set->windows);
    for (size_t i = 0; i < grid.count; i++) {
        struct window *window = &set->windows[i];
        window->begin = grid.begin + (sim_time)i * grid.width;
        window->end = i + 1 < grid.count ? window->begin + grid.width : grid.end;
        window_name(window->name, &grid, i);
    }
}

void window_free(struct window_set *set)
{
    for (size_t i = 0; i < set->grid.count; i++)
        free(set->windows[i].packed);
    free(set->counts);
    free(set->windows);
    *set = (struct window_set){0};
}

/* -- rows -- */

/* The buckets of all windows, most of them never touched.  A piece of that size the C library
   maps anew each time; a smaller one it might have to clear. */
enum { WINDOW_MAPPED = 34 << 20 };

static void window_take_memory(struct window_set *set)
{
    _Static_assert(WINDOW_MAPPED >= WINDOW_COUNT_MAX * HISTOGRAM_BUCKETS * 8, "room for all");
    uint64_t *spare = set->spare != NULL ? *set->spare : NULL;
    set->counts = spare != NULL ? spare : memory_sparse(WINDOW_MAPPED, 1);
    if (spare != NULL)
        *set->spare = NULL;
    for (size_t i = 0; i < set->grid.count; i++)
        set->windows[i].law.counts = set->counts + i * HISTOGRAM_BUCKETS;
}

static void window_move(struct window_set *set, struct window *window)
{
    if (set->counts == NULL)
        window_take_memory(set);
    set->now = window;
    set->from = window->begin;
    set->to = window->end;
}

/* The window that a row was due in; NULL: none. */
static inline struct window *window_of(struct window_set *set, sim_time due)
{
    const struct window_grid *grid = &set->grid;
    if (due >= set->from && due < set->to)
        return set->now;
    if (due < grid->begin || due >= grid->end)
        return NULL;
    uint64_t place = (uint64_t)(due - grid->begin) / (uint64_t)grid->width;
    struct window *window = &set->windows[place];
    if (window > set->now)
        window_move(set, window);
    return window;
}

/* The time under way beyond the latency, of a request due in that window: all up to the end of
   each window, down to that in which it ended, and of that one the rest. */
static inline void window_spread(const struct window_set *set, struct window *window,
                                 sim_time ended)
{
    uint64_t since = (uint64_t)(ended - window->begin);
    struct window *last = ended < set->grid.end
                              ? window + since / (uint64_t)set->grid.width
                              : set->windows + set->grid.count;
    window->flight -= since;
    window->crossed++;
    last->flight += (uint64_t)(ended - last->begin);
    last->crossed--;
}

void window_take_across(struct window_set *set, const struct trace_row *row, sim_time latency)
{
    struct window *window = window_of(set, row->due);
    if (window == NULL)
        return;
    window_spread(set, window, row->ended);
    histogram_mark(&window->law, latency);
    window->law.sum += (uint64_t)latency;
}

void window_take(struct window_set *set, const struct trace_row *row)
{
    sim_time latency = row->ended - row->due;
    bool late = row->outcome == OUTCOME_TIMEOUT || row->outcome == OUTCOME_QUEUE_TIMEOUT;
    struct window *window = window_of(set, row->due);
    if (window == NULL)
        return;
    if (row->outcome != OUTCOME_OK && !late) {
        window->failed++;
        window->flight += (uint64_t)latency;
        window_spread(set, window, row->ended);
        return;
    }
    window->late += late;
    window_bound(set, latency, latency);
    window_take_answered(set, row, latency);
}

/* -- the end -- */

void window_bound(struct window_set *set, sim_time least, sim_time largest)
{
    set->least = least < set->least ? least : set->least;
    set->largest = largest > set->largest ? largest : set->largest;
}

struct histogram window_law(const struct window_set *set, const struct window *window)
{
    struct histogram law = window->law;
    if (law.counts != NULL)
        histogram_settle_within(&law, set->least, set->largest);
    return law;
}

wide_uint window_flight(const struct window_set *set, size_t index)
{
    const struct window *window = &set->windows[index];
    uint64_t through = 0;
    for (size_t i = 0; i <= index; i++)
        through += set->windows[i].crossed;
    return window->law.sum + window->flight +
           (wide_uint)through * (uint64_t)(window->end - window->begin);
}

void window_reuse(struct window_set *set, uint64_t **spare)
{
    set->spare = spare;
}

/* As new, and kept for the next set. */
static void window_give_memory(struct window_set *set)
{
    for (size_t i = 0; i < set->grid.count && set->counts != NULL; i++)
        histogram_clear(&(struct histogram){
            .counts = set->counts + i * HISTOGRAM_BUCKETS, .count = set->windows[i].law.count,
            .least = set->windows[i].law.least, .largest = set->windows[i].law.largest});
    if (set->spare != NULL && *set->spare == NULL)
        *set->spare = set->counts;
    else
        free(set->counts);
    set->counts = NULL;
    set->spare = NULL;
}

void window_close(struct window_set *set)
{
    for (size_t i = 0; i < set->grid.count; i++) {
        struct window *window = &set->windows[i];
        window->law = window_law(set, window);
        window->packed = window->law.counts != NULL ? sparse_copy(&window->law) : NULL;
        window->law.counts = NULL;
    }
    window_give_memory(set);
    set->is_closed = true;
}
