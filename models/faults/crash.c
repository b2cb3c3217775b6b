/* SPDX-License-Identifier: GPL-3.0-or-later
   The process ends: what it had is lost, and connections are refused until it is back. */
#include "models/faults/restart.h"

#include <stddef.h>

struct crash {
    struct restart restart;
};

static const struct param crash_params[] = {
    {.key = "restart", .type = PARAM_MAP, .offset = offsetof(struct crash, restart),
     .fallback = "{}", .of.fields = restart_params, .size = sizeof(struct restart),
     .help = "how it comes back where neither `to` nor `lasts` says when"},
    PARAM_END,
};

static void crash_apply(const void *config, sim_time age, struct fault_condition *condition)
{
    (void)config, (void)age;
    condition->is_down = true;
}

static sim_time crash_lasts(const void *config, uint32_t nth)
{
    const struct crash *crash = config;
    return restart_time(&crash->restart, nth);
}

const struct fault_ops fault_crash = {
    .kind = {.name = "crash",
             .summary = "The process ends: what it has is lost, connections are refused until "
                        "it has started again",
             .params = crash_params,
             .config_size = sizeof(struct crash)},
    .traits = FAULT_BREAKS,
    .source = "kubernetes/kubernetes pkg/kubelet, back-off of container restarts",
    .apply = crash_apply,
    .lasts = crash_lasts,
};
