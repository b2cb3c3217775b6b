/* SPDX-License-Identifier: GPL-3.0-or-later
   Some requests take much longer, the others do not: health checks see nothing.
   Huang et al., "Gray Failure: The Achilles' Heel of Cloud-Scale Systems", HotOS 2017. */
#include "models/fault.h"

struct gray {
    double share, factor;
};

static const struct param gray_params[] = {
    {.key = "share", .type = PARAM_RATIO, .offset = PARAM_FIELD(struct gray, share, double),
     .fallback = "10%", .max = 1, .help = "of the requests"},
    {.key = "factor", .type = PARAM_NUMBER, .offset = PARAM_FIELD(struct gray, factor, double),
     .fallback = "10", .min = 1, .max = 1e6, .help = "how many times longer these take"},
    PARAM_END,
};

/* Of two such faults the slower decides by how much. */
static void gray_apply(const void *config, sim_time age, struct fault_condition *condition)
{
    (void)age;
    const struct gray *gray = config;
    condition->slow_share = fault_share(condition->slow_share, gray->share);
    if (gray->factor > condition->slow_factor)
        condition->slow_factor = gray->factor;
}

const struct fault_ops fault_gray = {
    .kind = {.name = "gray",
             .summary = "Some of the requests take many times longer",
             .params = gray_params,
             .config_size = sizeof(struct gray)},
    .source = "Huang et al., Gray Failure, HotOS 2017",
    .apply = gray_apply,
};
