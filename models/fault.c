/* SPDX-License-Identifier: GPL-3.0-or-later
   The registry of faults, from models/faults/list.def. */
#include "models/fault.h"

#define FAULT(name) extern const struct fault_ops fault_##name;
#include "models/faults/list.def"
#undef FAULT

#define FAULT(name) &fault_##name,
static const struct fault_ops *const fault_list[] = {
#include "models/faults/list.def"
};
#undef FAULT

static const struct kind *fault_at(size_t index)
{
    return index < sizeof fault_list / sizeof *fault_list ? &fault_list[index]->kind : NULL;
}

const struct kind_list fault_kinds = {.noun = "fault", .at = fault_at};

const struct fault_condition fault_condition_well = {
    .pace = 1,
    .slow_factor = 1,
    .in_flight_limit = UINT32_MAX,
};
