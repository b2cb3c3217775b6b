/* SPDX-License-Identifier: GPL-3.0-or-later
   The pod gets slower and slower (memory leaks, tables grow) until it is restarted. */
#include "models/fault.h"

enum { SLOW_LEAK_STEPS = 64 };

struct slow_leak {
    double to;
    sim_time over;
};

static const struct param slow_leak_params[] = {
    {.key = "to_speed", .type = PARAM_RATIO,
     .offset = PARAM_FIELD(struct slow_leak, to, double), .fallback = "10%", .min = 0.001,
     .max = 1, .help = "of its full speed, in the end"},
    {.key = "over", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct slow_leak, over, sim_time), .fallback = "10m", .min = 64,
     .max = 8.64e15, .help = "from full speed to that"},
    PARAM_END,
};

static void slow_leak_apply(const void *config, sim_time age,
                            struct fault_condition *condition)
{
    const struct slow_leak *leak = config;
    double step = (double)(age / (leak->over / SLOW_LEAK_STEPS)) / SLOW_LEAK_STEPS;
    condition->pace *= 1 - (1 - leak->to) * (step < 1 ? step : 1);
}

static sim_time slow_leak_next(const void *config, sim_time age)
{
    const struct slow_leak *leak = config;
    sim_time step = leak->over / SLOW_LEAK_STEPS;
    return age / step < SLOW_LEAK_STEPS ? (age / step + 1) * step : SIM_NEVER;
}

const struct fault_ops fault_slow_leak = {
    .kind = {.name = "slow_leak",
             .summary = "The pod gets slower and slower until it is restarted",
             .params = slow_leak_params,
             .config_size = sizeof(struct slow_leak)},
    .apply = slow_leak_apply,
    .next = slow_leak_next,
};
