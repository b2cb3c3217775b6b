/* SPDX-License-Identifier: GPL-3.0-or-later
   All work takes so many times longer; of a whole node, what a noisy neighbour does. */
#include "models/fault.h"

struct slowdown {
    double factor;
};

static const struct param slowdown_params[] = {
    {.key = "factor", .type = PARAM_NUMBER,
     .offset = PARAM_FIELD(struct slowdown, factor, double), .fallback = "10", .min = 1,
     .max = 1e6, .help = "how many times longer everything takes"},
    PARAM_END,
};

static void slowdown_apply(const void *config, sim_time age, struct fault_condition *condition)
{
    (void)age;
    const struct slowdown *slowdown = config;
    condition->pace /= slowdown->factor;
}

const struct fault_ops fault_slowdown = {
    .kind = {.name = "slowdown",
             .summary = "Everything takes so many times longer; on a node: a noisy neighbour",
             .params = slowdown_params,
             .config_size = sizeof(struct slowdown)},
    .apply = slowdown_apply,
};
