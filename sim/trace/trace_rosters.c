/* SPDX-License-Identifier: GPL-3.0-or-later
   The rosters of a trace's replications, looked for from the newest: files are sorted. */
#include "sim/trace/timeline.h"

#include "sim/engine/check.h"

#include <stdlib.h>

struct roster *trace_rosters_find(struct trace_rosters *rosters, unsigned replication)
{
    for (size_t i = rosters->count; i-- > 0;)
        if (rosters->list[i].replication == replication)
            return rosters->list[i].roster;
    if (rosters->count == rosters->room) {
        rosters->room = rosters->room * 2 + 8;
        rosters->list = memory_grow(rosters->list, rosters->room, sizeof *rosters->list);
    }
    struct roster *roster = memory_take(1, sizeof *roster);
    roster_init(roster);
    rosters->list[rosters->count++] = (struct trace_roster){replication, roster};
    return roster;
}

void trace_reading_free(struct trace_reading *reading)
{
    struct trace_rosters *rosters = reading->rosters;
    if (rosters == NULL)
        return;
    for (size_t i = 0; i < rosters->count; i++) {
        roster_free(rosters->list[i].roster);
        free(rosters->list[i].roster);
    }
    free(rosters->list);
    free(rosters->timeline_path);
    free(rosters);
    reading->rosters = NULL;
}
