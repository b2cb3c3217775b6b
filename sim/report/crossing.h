/* SPDX-License-Identifier: GPL-3.0-or-later
   How many requests were served in another zone than the balancer's that sent them there, or
   than the client's, of those of which both zones are known. */
#ifndef SIM_REPORT_CROSSING_H
#define SIM_REPORT_CROSSING_H

#include "sim/trace/roster.h"
#include "sim/trace/row.h"

struct crossing {
    uint64_t crossed, known; /* requests due in the measured window, by their last attempt */
    uint64_t remote, homed;  /* the same of the client's zone */
};

static inline void crossing_merge(struct crossing *into, struct crossing from)
{
    into->crossed += from.crossed;
    into->known += from.known;
    into->remote += from.remote;
    into->homed += from.homed;
}

void crossing_add(struct crossing *crossing, const struct roster *roster,
                  const struct trace_row *row);

#endif
