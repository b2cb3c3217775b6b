/* SPDX-License-Identifier: GPL-3.0-or-later
   A CPU limit as Linux's CFS bandwidth control enforces it: so much time of the workers a
   period, then the pod stands still until the next period.  Kubernetes: limits.cpu times
   100 ms of cpu.cfs_period_us. */
#include "models/fault.h"

struct cpu_quota {
    sim_time quota, period;
};

static const struct param cpu_quota_params[] = {
    {.key = "quota", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct cpu_quota, quota, sim_time), .fallback = "50ms", .min = 1e3,
     .max = 86400e9, .help = "time of busy workers together in each period (limits.cpu times "
                             "the period)"},
    {.key = "period", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct cpu_quota, period, sim_time), .fallback = "100ms",
     .min = 1e6, .max = 86400e9, .help = "the first begins with the fault"},
    PARAM_END,
};

static void cpu_quota_apply(const void *config, sim_time age, struct fault_condition *condition)
{
    const struct cpu_quota *quota = config;
    bool tighter = (double)quota->quota * (double)condition->quota_period <
                   (double)condition->quota * (double)quota->period;
    if (condition->quota_period > 0 && !tighter)
        return;
    condition->quota = quota->quota;
    condition->quota_period = quota->period;
    condition->quota_age = age;
}

const struct fault_ops fault_cpu_quota = {
    .kind = {.name = "cpu_quota",
             .summary = "So much CPU time a period, then standing still until the next (CFS)",
             .params = cpu_quota_params,
             .config_size = sizeof(struct cpu_quota)},
    .source = "Linux kernel/sched/fair.c; Kubernetes limits.cpu",
    .apply = cpu_quota_apply,
};
