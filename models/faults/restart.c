/* SPDX-License-Identifier: GPL-3.0-or-later
   Restart with exponential back-off. */
#include "models/faults/restart.h"

const struct param restart_params[] = {
    {.key = "takes", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct restart, takes, sim_time), .fallback = "1s", .min = 1,
     .max = 1.728e16, .help = "to start, once it may"},
    {.key = "backoff", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct restart, backoff, sim_time), .fallback = "10s",
     .max = 8.64e13,
     .help = "to wait before the second start of a pod; twice as long before each later one"},
    {.key = "max_backoff", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct restart, longest, sim_time), .fallback = "5m",
     .max = 8.64e13, .help = "to wait at most"},
    PARAM_END,
};

sim_time restart_time(const struct restart *restart, uint32_t nth)
{
    sim_time wait = nth > 0 ? restart->backoff : 0;
    for (uint32_t i = 1; i < nth && wait < restart->longest; i++)
        wait *= 2;
    return restart->takes + (wait < restart->longest ? wait : restart->longest);
}
