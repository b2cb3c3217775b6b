/* SPDX-License-Identifier: GPL-3.0-or-later
   columns.def as numbers and as a table, for writer and reader. */
#ifndef SIM_TRACE_COLUMN_H
#define SIM_TRACE_COLUMN_H

#include "sim/engine/clock.h"
#include "sim/trace/row.h"
#include "sim/trace/trace.h"

enum column {
#define COLUMN(name, kind, limit, fallback, unit, help, value) COLUMN_AT_##name,
#include "sim/trace/columns.def"
#undef COLUMN
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
};

extern const struct column_rule column_rules[]; /* by enum column */

#endif
