/* SPDX-License-Identifier: GPL-3.0-or-later
   The process stands still and then goes on where it was, as while collecting garbage. */
#include "models/fault.h"

static void pause_apply(const void *config, sim_time age, struct fault_condition *condition)
{
    (void)config, (void)age;
    condition->pace = 0;
}

const struct fault_ops fault_pause = {
    .kind = {.name = "pause",
             .summary = "The pod stands still and then goes on, as while collecting garbage"},
    .apply = pause_apply,
};
