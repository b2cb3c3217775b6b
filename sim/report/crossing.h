/* SPDX-License-Identifier: GPL-3.0-or-later
   How many requests were served in another zone than the balancer's that sent them there, of
   those of which both zones are known. */
#ifndef SIM_REPORT_CROSSING_H
#define SIM_REPORT_CROSSING_H

#include "sim/trace/roster.h"
#include "sim/trace/row.h"

struct crossing {
    uint64_t crossed, known; /* requests due in the measured window, by their last attempt */
};

static inline void crossing_merge(struct crossing *into, struct crossing from)
{
    into->crossed += from.crossed;
    into->known += from.known;
}

void crossing_add(struct crossing *crossing, const struct roster *roster,
                  const struct trace_row *row);

#endif
