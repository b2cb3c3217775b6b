/* SPDX-License-Identifier: GPL-3.0-or-later
   The table made of columns.def and hops.def. */
#include "sim/trace/column.h"

const struct column_rule column_rules[] = {
#define COLUMN(name, kind, limit, fallback, unit, help, value) \
    {{#name, unit, help}, COLUMN_IS_##kind, limit, fallback, 0},
#include "sim/trace/columns.def"
#undef COLUMN
#define HOP(tiers, name, kind, limit, fallback, unit, help, value) \
    {{#name, unit, help}, COLUMN_IS_##kind, limit, fallback, tiers},
#include "sim/trace/hops.def"
#undef HOP
};

const struct trace_column *trace_column_at(size_t index)
{
    return index < COLUMN_TOTAL ? &column_rules[index].about : NULL;
}
