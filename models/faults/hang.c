/* SPDX-License-Identifier: GPL-3.0-or-later
   The process accepts requests and never answers, until it is killed: then all that it had is
   lost. */
#include "models/fault.h"

static void hang_apply(const void *config, sim_time age, struct fault_condition *condition)
{
    (void)config, (void)age;
    condition->pace = 0;
}

const struct fault_ops fault_hang = {
    .kind = {.name = "hang",
             .summary = "Requests are accepted and never answered; at the end of it all are "
                        "lost"},
    .traits = FAULT_BREAKS_LATE,
    .apply = hang_apply,
};
