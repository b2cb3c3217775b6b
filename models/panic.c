/* SPDX-License-Identifier: GPL-3.0-or-later
   The order of the steps is Envoy's, as each rounds down: health of levels, load by health,
   load by degraded health, the rest to the first level, panic. */
#include "models/panic.h"

static uint32_t panic_share(const struct panic_config *config, const struct panic_level *level,
                            uint32_t hosts)
{
    uint32_t counted = level->hosts - level->excluded;
    if (counted == 0)
        return 0;
    uint64_t share = (uint64_t)config->overprovisioning * hosts / counted;
    return share < 100 ? (uint32_t)share : 100;
}

/* Shares of all levels together, at most 100. */
static uint32_t panic_available(const struct panic_config *config,
                                const struct panic_level *levels, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += panic_share(config, &levels[i], levels[i].healthy) +
               panic_share(config, &levels[i], levels[i].degraded);
    return sum < 100 ? (uint32_t)sum : 100;
}

static uint32_t panic_take(uint32_t *left, uint32_t share, uint32_t available)
{
    uint32_t load = share * 100 / available;
    load = load < *left ? load : *left;
    *left -= load;
    return load;
}

/* What rounding left over goes to the first level with healthy hosts, else with degraded. */
static void panic_round(const struct panic_config *config, struct panic_level *levels,
                        size_t count, uint32_t left)
{
    for (size_t i = 0; i < count; i++)
        if (panic_share(config, &levels[i], levels[i].healthy) > 0) {
            levels[i].healthy_load += left;
            return;
        }
    for (size_t i = 0; i < count; i++)
        if (panic_share(config, &levels[i], levels[i].degraded) > 0) {
            levels[i].degraded_load += left;
            return;
        }
}

static void panic_spread_by_health(const struct panic_config *config,
                                   struct panic_level *levels, size_t count,
                                   uint32_t available)
{
    uint32_t left = 100;
    for (size_t i = 0; i < count; i++)
        levels[i].healthy_load =
            panic_take(&left, panic_share(config, &levels[i], levels[i].healthy), available);
    for (size_t i = 0; i < count; i++)
        levels[i].degraded_load =
            panic_take(&left, panic_share(config, &levels[i], levels[i].degraded), available);
    panic_round(config, levels, count, left);
}

/* All levels are in panic: by hosts, the rest to the first level that has any. */
static void panic_spread_by_hosts(struct panic_level *levels, size_t count)
{
    uint64_t hosts = 0;
    for (size_t i = 0; i < count; i++)
        hosts += levels[i].hosts;
    uint32_t left = 100;
    size_t first = count;
    for (size_t i = 0; i < count; i++) {
        uint32_t load = hosts > 0 ? (uint32_t)(UINT64_C(100) * levels[i].hosts / hosts) : 0;
        levels[i].healthy_load = load;
        levels[i].degraded_load = 0;
        left -= load;
        if (first == count && levels[i].hosts > 0)
            first = i;
    }
    if (count > 0)
        levels[first < count ? first : 0].healthy_load += left;
}

/* Fewer of its hosts are of use than the threshold wants. */
static bool panic_is_due(const struct panic_config *config, const struct panic_level *level)
{
    uint64_t counted = level->hosts - level->excluded;
    if (counted == 0)
        return config->threshold > 0;
    uint64_t useful = UINT64_C(100) * ((uint64_t)level->healthy + level->degraded);
    return useful < config->threshold * counted;
}

void panic_spread(const struct panic_config *config, struct panic_level *levels, size_t count)
{
    uint32_t available = panic_available(config, levels, count);
    bool all = true;
    for (size_t i = 0; i < count; i++) {
        levels[i].healthy_load = levels[i].degraded_load = 0;
        levels[i].panics = available < 100 && panic_is_due(config, &levels[i]);
        all = all && levels[i].panics;
    }
    if (all)
        panic_spread_by_hosts(levels, count);
    else if (available > 0)
        panic_spread_by_health(config, levels, count, available);
    else
        levels[0].healthy_load = 100;
}

size_t panic_choose(const struct panic_level *levels, size_t count, uint64_t hash,
                    bool *degraded)
{
    uint32_t ticket = (uint32_t)(hash % 100), sum = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < count; i++) {
            sum += pass == 0 ? levels[i].healthy_load : levels[i].degraded_load;
            if (ticket < sum) {
                *degraded = pass == 1;
                return i;
            }
        }
    *degraded = false;
    return 0;
}
