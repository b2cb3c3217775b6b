/* SPDX-License-Identifier: GPL-3.0-or-later
   columns.def and, behind it, hops.def as numbers and as a table, for writer and reader. */
#ifndef SIM_TRACE_COLUMN_H
#define SIM_TRACE_COLUMN_H

#include "sim/engine/clock.h"
#include "sim/trace/hops.h"
#include "sim/trace/row.h"
#include "sim/trace/trace.h"

enum column {
#define COLUMN(name, kind, limit, fallback, unit, help, value) COLUMN_AT_##name,
#include "sim/trace/columns.def"
#undef COLUMN
#define HOP(tiers, name, kind, limit, fallback, unit, help, value) COLUMN_AT_##name,
#include "sim/trace/hops.def"
#undef HOP
    COLUMN_TOTAL
};

enum column_kind {
    COLUMN_IS_count,
    COLUMN_IS_client,
    COLUMN_IS_pod,
    COLUMN_IS_outcome,
    COLUMN_IS_phase,
    COLUMN_IS_lookup
};

/* Fallbacks that are none of the values. */
#define COLUMN_NEEDED UINT64_MAX
#define COLUMN_ROW_NUMBER (UINT64_MAX - 1)

struct column_rule {
    struct trace_column about;
    enum column_kind kind;
    uint64_t limit, fallback;
    unsigned tiers; /* with fewer it is not written; 0: it always is */
};

extern const struct column_rule column_rules[]; /* by enum column */

#endif
