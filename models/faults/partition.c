/* SPDX-License-Identifier: GPL-3.0-or-later
   Nothing gets through between some balancers and a pod, one way or both, and nobody is told:
   only time-outs notice. */
#include "models/fault.h"

enum partition_direction { PARTITION_BOTH, PARTITION_TO_POD, PARTITION_FROM_POD };
static const char *const partition_directions[] = {"both", "to_pod", "from_pod", NULL};

struct partition {
    uint64_t balancers;
    uint32_t direction;
};

static const struct param partition_params[] = {
    {.key = "balancers", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct partition, balancers, uint64_t), .fallback = "all",
     .also = "all", .min = 1, .max = 65535,
     .help = "so many of the instances, from the first, are cut off"},
    {.key = "direction", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct partition, direction, uint32_t), .fallback = "both",
     .of.words = partition_directions, .help = "what is lost: requests, answers, or both"},
    PARAM_END,
};

static void partition_apply(const void *config, sim_time age,
                            struct fault_condition *condition)
{
    (void)age;
    const struct partition *partition = config;
    uint32_t cut =
        partition->balancers < UINT32_MAX ? (uint32_t)partition->balancers : UINT32_MAX;
    if (partition->direction != PARTITION_FROM_POD && cut > condition->cut_to)
        condition->cut_to = cut;
    if (partition->direction != PARTITION_TO_POD && cut > condition->cut_from)
        condition->cut_from = cut;
}

const struct fault_ops fault_partition = {
    .kind = {.name = "partition",
             .summary = "Nothing gets through between some balancers and a pod",
             .params = partition_params,
             .config_size = sizeof(struct partition)},
    .apply = partition_apply,
};
