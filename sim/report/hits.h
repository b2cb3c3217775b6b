/* SPDX-License-Identifier: GPL-3.0-or-later
   How often caches had what they were asked for. */
#ifndef SIM_REPORT_HITS_H
#define SIM_REPORT_HITS_H

#include "sim/trace/row.h"

struct hits {
    uint64_t found, asked; /* attempts */
};

static inline void hits_add(struct hits *hits, const struct trace_row *row)
{
    hits->found += row->cache == LOOKUP_HIT;
    hits->asked += row->cache != LOOKUP_NONE;
}

static inline void hits_merge(struct hits *into, struct hits from)
{
    into->found += from.found;
    into->asked += from.asked;
}

/* NaN where nobody asked. */
static inline double hits_rate(struct hits hits)
{
    return (double)hits.found / (double)hits.asked;
}

#endif
