/* SPDX-License-Identifier: GPL-3.0-or-later
   Balancers and clients that the roster does not place, and pods in no zone, have no part. */
#include "sim/report/crossing.h"

#include <string.h>

/* Of number `number` of a list of zones, against another: whether both are known, and differ. */
static void crossing_count(const char *const *zones, size_t count, size_t number,
                           const char *other, uint64_t *known, uint64_t *differ)
{
    if (number >= count || zones[number][0] == '\0' || other[0] == '\0')
        return;
    ++*known;
    *differ += strcmp(zones[number], other) != 0;
}

void crossing_add(struct crossing *crossing, const struct roster *roster,
                  const struct trace_row *row)
{
    if (!row->last || row->phase != PHASE_MEASURE || row->pod == ROW_NO_POD)
        return;
    const char *zone = roster_kind(roster, row->pod)->zone;
    crossing_count(roster->places, roster->place_count, row->balancer, zone, &crossing->known,
                   &crossing->crossed);
    crossing_count(roster->homes, roster->home_count, row->client, zone, &crossing->homed,
                   &crossing->remote);
}
