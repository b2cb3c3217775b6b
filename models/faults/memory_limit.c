/* SPDX-License-Identifier: GPL-3.0-or-later
   Every request under way takes memory; with more than so many the pod is killed (OOMKilled),
   and what it leaves to do may kill the next. */
#include "models/faults/restart.h"

#include <stddef.h>

struct memory_limit {
    uint64_t in_flight;
    struct restart restart;
};

static const struct param memory_limit_params[] = {
    {.key = "in_flight", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct memory_limit, in_flight, uint64_t), .min = 1, .max = 4e9,
     .help = "requests that a pod may have, in service and waiting; one more kills it"},
    {.key = "restart", .type = PARAM_MAP, .offset = offsetof(struct memory_limit, restart),
     .fallback = "{}", .of.fields = restart_params, .size = sizeof(struct restart),
     .help = "how it comes back where `lasts` does not say when"},
    PARAM_END,
};

static void memory_limit_watch(const void *config, struct fault_condition *condition)
{
    const struct memory_limit *limit = config;
    if (limit->in_flight < condition->in_flight_limit)
        condition->in_flight_limit = (uint32_t)limit->in_flight;
}

static void memory_limit_apply(const void *config, sim_time age,
                               struct fault_condition *condition)
{
    (void)config, (void)age;
    condition->is_down = true;
}

static sim_time memory_limit_lasts(const void *config, uint32_t nth)
{
    const struct memory_limit *limit = config;
    return restart_time(&limit->restart, nth);
}

const struct fault_ops fault_memory_limit = {
    .kind = {.name = "memory_limit",
             .summary = "A pod with too many requests under way is killed and starts again",
             .params = memory_limit_params,
             .config_size = sizeof(struct memory_limit)},
    .traits = FAULT_BREAKS | FAULT_BY_LOAD,
    .source = "kubernetes/kubernetes: OOMKilled, back-off of container restarts",
    .apply = memory_limit_apply,
    .lasts = memory_limit_lasts,
    .watch = memory_limit_watch,
};
