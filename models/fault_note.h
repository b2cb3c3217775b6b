/* SPDX-License-Identifier: GPL-3.0-or-later
   What reports are told of faults. */
#ifndef MODELS_FAULT_NOTE_H
#define MODELS_FAULT_NOTE_H

#include "models/fault_plan.h"
#include "sim/trace/roster.h"

/* What entry `index` of the scenario's list is: "crash of old-0, from 20s to 40s". */
void fault_note_open(struct world *world, size_t index);
/* An episode begins, or ends, at all pods of a site. */
void fault_note_site(struct world *world, const struct fault_site *site,
                     enum roster_moment_kind kind);

#endif
