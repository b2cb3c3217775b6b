/* SPDX-License-Identifier: GPL-3.0-or-later
   A pod that has just started is slow (cold caches, code not yet compiled) and gets faster in
   equal steps. */
#include "models/fault.h"

enum { WARM_UP_STEPS = 64 };

struct warm_up {
    double from;
    sim_time over;
};

static const struct param warm_up_params[] = {
    {.key = "from_speed", .type = PARAM_RATIO,
     .offset = PARAM_FIELD(struct warm_up, from, double), .fallback = "10%", .min = 0.001,
     .max = 1, .help = "of its full speed, at the start"},
    {.key = "over", .type = PARAM_DURATION, .offset = PARAM_FIELD(struct warm_up, over, sim_time),
     .fallback = "30s", .min = 64, .max = 8.64e13, .help = "until it is at full speed"},
    PARAM_END,
};

static void warm_up_apply(const void *config, sim_time age, struct fault_condition *condition)
{
    const struct warm_up *warm_up = config;
    double step = (double)(age / (warm_up->over / WARM_UP_STEPS)) / WARM_UP_STEPS;
    if (step < 1)
        condition->pace *= warm_up->from + (1 - warm_up->from) * step;
}

static sim_time warm_up_next(const void *config, sim_time age)
{
    const struct warm_up *warm_up = config;
    sim_time step = warm_up->over / WARM_UP_STEPS;
    return age / step < WARM_UP_STEPS ? (age / step + 1) * step : SIM_NEVER;
}

static sim_time warm_up_lasts(const void *config, uint32_t nth)
{
    (void)nth;
    const struct warm_up *warm_up = config;
    return warm_up->over;
}

const struct fault_ops fault_warm_up = {
    .kind = {.name = "warm_up",
             .summary = "A pod that joins or has restarted is slow at first",
             .params = warm_up_params,
             .config_size = sizeof(struct warm_up)},
    .traits = FAULT_AT_START,
    .apply = warm_up_apply,
    .next = warm_up_next,
    .lasts = warm_up_lasts,
};
