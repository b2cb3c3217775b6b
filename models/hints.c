/* SPDX-License-Identifier: GPL-3.0-or-later
   An endpoint is for its own zone, but for as many as zones that have too many give to zones
   that have too few. */
#include "models/hints.h"

#include "sim/engine/check.h"

#include <stdbool.h>
#include <stdlib.h>

#define HINTS_OVERLOAD_THRESHOLD 0.2

const char *const hints_reasons[HINTS_STATES] = {
    [HINTS_ON] = "",
    [HINTS_NO_NODES] = "not all zones of pods say how many nodes they have",
    [HINTS_ONE_ZONE] = "all nodes are in one zone",
    [HINTS_FEW] = "there are fewer pods than zones",
    [HINTS_OVERLOAD] = "no share of the pods leaves every zone within 120 % of the mean load",
    [HINTS_NO_ZONE] = "some pods are in no zone",
};

/* What a zone lacks, or has too much. */
struct hints_zone {
    double desired;
    double giving, receiving;
    uint32_t given, received; /* endpoints still to be given away, or to come */
};

static uint32_t hints_ceiling(double value)
{
    uint32_t whole = (uint32_t)value;
    return (double)whole < value ? whole + 1 : whole;
}

static enum hints_state hints_allocate(const struct hints_order *order,
                                       struct hints_zone *zones)
{
    uint64_t nodes = 0, least = 0;
    uint32_t known = 0;
    for (uint32_t zone = 1; zone <= order->zone_count; zone++) {
        nodes += order->nodes[zone];
        known += order->nodes[zone] > 0;
    }
    if (known == 0)
        return HINTS_NO_NODES;
    if (known == 1)
        return HINTS_ONE_ZONE;
    if (known > order->count)
        return HINTS_FEW;
    for (uint32_t zone = 1; zone <= order->zone_count; zone++) {
        double ratio = (double)order->nodes[zone] / (double)nodes;
        double desired = ratio * (double)order->count;
        uint32_t minimum = hints_ceiling(desired * (1 / (1 + HINTS_OVERLOAD_THRESHOLD)));
        zones[zone].desired = desired > minimum ? desired : minimum;
        least += minimum;
    }
    return least > order->count ? HINTS_OVERLOAD : HINTS_ON;
}

/* The zone that has most to give, or lacks most; 0: none does. */
static uint32_t hints_most(const struct hints_zone *zones, uint32_t count, bool giving)
{
    uint32_t most = 0;
    double value = 0;
    for (uint32_t zone = 1; zone <= count; zone++) {
        double own = giving ? zones[zone].giving : zones[zone].receiving;
        if (own > value) {
            most = zone;
            value = own;
        }
    }
    return most;
}

static void hints_settle(const struct hints_order *order, struct hints_zone *zones)
{
    for (uint32_t i = 0; i < order->count; i++)
        zones[order->zones[i]].giving++;
    for (uint32_t zone = 1; zone <= order->zone_count; zone++) {
        double more = zones[zone].giving - zones[zone].desired;
        zones[zone].giving = more > 0 ? more : 0;
        zones[zone].receiving = more < 0 ? -more : 0;
    }
    for (;;) {
        struct hints_zone *from = &zones[hints_most(zones, order->zone_count, true)];
        struct hints_zone *to = &zones[hints_most(zones, order->zone_count, false)];
        if (from == zones || to == zones || (from->giving < 1 && to->receiving < 1) ||
            from->giving < 0.5 || to->receiving < 0.5)
            return;
        from->giving--;
        from->given++;
        to->receiving--;
        to->received++;
    }
}

static void hints_hand_out(const struct hints_order *order, struct hints_zone *zones,
                           uint32_t *hints)
{
    uint32_t to = 1;
    for (uint32_t i = 0; i < order->count; i++) {
        hints[i] = order->zones[i];
        struct hints_zone *own = &zones[hints[i]];
        if (own->given == 0)
            continue;
        while (zones[to].received == 0)
            to++;
        own->given--;
        zones[to].received--;
        hints[i] = to;
    }
}

enum hints_state hints_assign(const struct hints_order *order, uint32_t *hints)
{
    struct hints_zone *zones = memory_zeroed(order->zone_count + 1, sizeof *zones);
    enum hints_state state = hints_allocate(order, zones);
    for (uint32_t i = 0; state == HINTS_ON && i < order->count; i++) {
        if (order->zones[i] == 0)
            state = HINTS_NO_ZONE;
        else if (order->nodes[order->zones[i]] == 0)
            state = HINTS_NO_NODES;
    }
    if (state == HINTS_ON) {
        hints_settle(order, zones);
        hints_hand_out(order, zones, hints);
    }
    free(zones);
    return state;
}
