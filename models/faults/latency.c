/* SPDX-License-Identifier: GPL-3.0-or-later
   The way between balancer and pod takes longer. */
#include "models/fault.h"

#include "sim/engine/dist.h"

struct latency {
    struct param_kind extra;
};

static const struct param latency_params[] = {
    {.key = "extra", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct latency, extra, struct param_kind), .fallback = "100ms",
     .of.kinds = &dist_kinds, .help = "delay, each way"},
    PARAM_END,
};

/* Of two such faults the later in the list counts. */
static void latency_apply(const void *config, sim_time age, struct fault_condition *condition)
{
    (void)age;
    const struct latency *latency = config;
    condition->latency = &latency->extra;
}

const struct fault_ops fault_latency = {
    .kind = {.name = "latency",
             .summary = "Messages to and from a pod take longer",
             .params = latency_params,
             .config_size = sizeof(struct latency)},
    .apply = latency_apply,
};
