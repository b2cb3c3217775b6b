/* SPDX-License-Identifier: GPL-3.0-or-later
   The bounds of a capacity are the ends of the search; what is between them is not known. */
#include "sim/report/capacity_gate.h"

#include "sim/report/quantity.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define CAPACITY_GATE_SLACK 1e-9 /* what scaling to and fro may do to a value */

enum verdict_outcome capacity_gate_outcome(const struct capacity_table *table,
                                           const struct capacity_row *row)
{
    double slack = CAPACITY_GATE_SLACK * table->gate;
    double sign = table->is_least ? -1 : 1;
    if (!(table->gate > 0))
        return VERDICT_SKIPPED;
    if (row->holds.is_known && sign * (row->holds.value - table->gate) >= -slack)
        return VERDICT_PASS;
    if (row->fails.is_known && sign * (row->fails.value - table->gate) <= slack)
        return VERDICT_FAIL;
    return VERDICT_UNDECIDED;
}

/* "p2c: p99 < 50ms up to 8000/s". */
static const char *capacity_gate_text(const struct capacity_table *table,
                                      const struct capacity_row *row, struct arena *arena)
{
    char text[1024], bound[QUANTITY_SIZE];
    capacity_render_value(bound, table->unit, table->gate);
    int size = snprintf(text, sizeof(text), "%.200s: %.600s %s %s", row->policy,
                        table->slo->text, table->is_least ? "with at most" : "up to", bound);
    return arena_copy_text(arena, text, (size_t)size);
}

struct verdict_list capacity_gate_judge(const struct capacity_table *table,
                                        struct arena *arena)
{
    struct verdict_list list = {0};
    for (size_t i = 0; i < table->count; i++) {
        const struct capacity_row *row = &table->rows[i];
        const struct capacity_end *low = table->is_least ? &row->fails : &row->holds;
        const struct capacity_end *high = table->is_least ? &row->holds : &row->fails;
        struct measure *measure = arena_take(arena, 1, sizeof(*measure));
        *measure = (struct measure){
            .policy = row->policy, .scope = table->by, .metric = "capacity",
            .unit = table->unit, .samples = row->tries,
            .value = row->holds.is_known ? row->holds.value : NAN,
            .low = low->is_known ? low->value : NAN,
            .high = high->is_known ? high->value : NAN};
        verdict_skip(&list, capacity_gate_text(table, row, arena), row->note);
        struct verdict *verdict = &list.items[list.count - 1];
        verdict->policy = row->policy;
        verdict->outcome = capacity_gate_outcome(table, row);
        verdict->left = measure;
        verdict->value = measure->value;
        verdict->low = measure->low;
        verdict->high = measure->high;
        if (!row->holds.is_known && row->note == NULL)
            verdict->why = "it held nowhere that was tried";
    }
    return list;
}
