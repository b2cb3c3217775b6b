/* SPDX-License-Identifier: GPL-3.0-or-later
   Both are short arrays kept in order by moving the rest. */
#include "models/blocks/probe_pool.h"

#include <string.h>

void probe_pool_drop(struct probe_pool *pool, uint32_t place)
{
    pool->count--;
    memmove(&pool->probes[place], &pool->probes[place + 1],
            (pool->count - place) * sizeof *pool->probes);
}

void probe_pool_put(struct probe_pool *pool, struct probe probe)
{
    for (uint32_t i = 0; i < pool->count; i++)
        if (pool->probes[i].backend == probe.backend) {
            probe_pool_drop(pool, i);
            break;
        }
    if (pool->count == pool->room)
        probe_pool_drop(pool, 0);
    pool->probes[pool->count++] = probe;
}

void probe_pool_expire(struct probe_pool *pool, const struct view *view, sim_time age)
{
    for (uint32_t i = pool->count; i-- > 0;)
        if (view->now - pool->probes[i].heard_at > age ||
            !view->is_up[pool->probes[i].backend])
            probe_pool_drop(pool, i);
}

/* The place of the first sorted count not below `in_flight`. */
static uint32_t probe_window_place(const struct probe_window *window, uint32_t in_flight)
{
    uint32_t low = 0, high = window->count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (window->sorted[middle] < in_flight)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void probe_window_put(struct probe_window *window, uint32_t in_flight)
{
    uint32_t *sorted = window->sorted;
    if (window->count == PROBE_WINDOW) {
        uint32_t old = probe_window_place(window, window->recent[window->next]);
        window->count--;
        memmove(sorted + old, sorted + old + 1, (window->count - old) * sizeof *sorted);
    }
    uint32_t place = probe_window_place(window, in_flight);
    memmove(sorted + place + 1, sorted + place, (window->count - place) * sizeof *sorted);
    sorted[place] = in_flight;
    window->count++;
    window->recent[window->next] = in_flight;
    window->next = (window->next + 1) % PROBE_WINDOW;
}

int64_t probe_window_quantile(const struct probe_window *window, double quantile)
{
    if (quantile <= 0)
        return -1;
    if (window->count == 0 || quantile >= 1)
        return UINT32_MAX;
    double rank = quantile * window->count;
    uint32_t place = (uint32_t)rank;
    if (place == rank)
        place--;
    return window->sorted[place];
}
