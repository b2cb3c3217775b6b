/* SPDX-License-Identifier: GPL-3.0-or-later
   Requests fail at once, without queueing or work.  A pod that fails fast looks idle: to
   whoever sends where the least is under way it is a black hole. */
#include "models/fault.h"

struct errors {
    uint64_t status;
    sim_time after;
    double share;
};

static const struct param errors_params[] = {
    {.key = "status", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct errors, status, uint64_t), .fallback = "503", .min = 400,
     .max = 599, .help = "of the answer, as HTTP has it"},
    {.key = "after", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct errors, after, sim_time), .fallback = "1ms",
     .max = 8.64e13, .help = "from the request to the answer, at the pod"},
    {.key = "share", .type = PARAM_RATIO, .offset = PARAM_FIELD(struct errors, share, double),
     .fallback = "100%", .max = 1, .help = "of the requests"},
    PARAM_END,
};

/* Of two such faults the later in the list says how. */
static void errors_apply(const void *config, sim_time age, struct fault_condition *condition)
{
    (void)age;
    const struct errors *errors = config;
    condition->error_share = fault_share(condition->error_share, errors->share);
    condition->status = (uint16_t)errors->status;
    condition->error_after = errors->after;
}

const struct fault_ops fault_errors = {
    .kind = {.name = "errors",
             .summary = "Requests fail at once, without any work: the black hole",
             .params = errors_params,
             .config_size = sizeof(struct errors)},
    .apply = errors_apply,
};
