/* SPDX-License-Identifier: GPL-3.0-or-later
   What faults are in words, and when each was on where: written into the roster. */
#include "models/fault_note.h"

#include "models/state.h"
#include "sim/engine/output.h"

#include <stdio.h>

static void fault_note_time(struct output *text, const char *word, sim_time time)
{
    output_format(text, " %s ", word);
    output_double(text, sim_seconds(time));
    output_text(text, "s");
}

void fault_note_open(struct world *world, size_t index)
{
    const struct scenario_fault *fault =
        PARAM_ITEM(world->scenario->faults, struct scenario_fault, index);
    struct output *text = output_to_memory();
    output_format(text, "%s of ", fault->kind.kind->name);
    if (fault->pick != UINT64_MAX)
        output_format(text, "%llu of ", (unsigned long long)fault->pick);
    output_text(text, fault->on != NULL ? fault->on : "all pods");
    if (fault->zone != NULL)
        output_format(text, " in zone %s", fault->zone);
    if (fault->node != NULL)
        output_format(text, " on node %s", fault->node);
    output_text(text, fault->from > 0 || fault->to != SIM_NEVER ? "," : "");
    if (fault->from > 0 || fault->to != SIM_NEVER)
        fault_note_time(text, "from", fault->from);
    if (fault->to != SIM_NEVER)
        fault_note_time(text, "to", fault->to);
    if (fault->up.kind != NULL)
        output_text(text, fault->together ? ", again and again, together" : ", again and again");
    char about[ROSTER_NAME_BYTES + 1];
    snprintf(about, sizeof about, "%s", output_memory(text, NULL));
    output_close(text, false);
    roster_fault(&world->roster, (uint32_t)index, about);
}

void fault_note_site(struct world *world, const struct fault_site *site,
                     enum roster_moment_kind kind)
{
    size_t number =
        (size_t)(site->fault - PARAM_ITEM(world->scenario->faults, struct scenario_fault, 0));
    for (uint32_t i = 0; i < site->count; i++)
        roster_moment(&world->roster, (struct roster_moment){world->now, kind, site->slots[i],
                                                             (uint32_t)number});
}
