/* SPDX-License-Identifier: GPL-3.0-or-later
   A balancer that the roster does not know, and a pod in no zone, have no part in it. */
#include "sim/report/crossing.h"

#include <string.h>

void crossing_add(struct crossing *crossing, const struct roster *roster,
                  const struct trace_row *row)
{
    if (!row->last || row->phase != PHASE_MEASURE || row->pod == ROW_NO_POD ||
        row->balancer >= roster->place_count)
        return;
    const char *from = roster->places[row->balancer], *to = roster->pods[row->pod].zone;
    if (from[0] == '\0' || to[0] == '\0')
        return;
    crossing->known++;
    crossing->crossed += strcmp(from, to) != 0;
}
