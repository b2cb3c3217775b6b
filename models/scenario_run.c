/* SPDX-License-Identifier: GPL-3.0-or-later
   The table of a scenario's section `run`. */
#include "models/scenario_run.h"

const struct param scenario_run_params[] = {
    {.key = "duration", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_run, duration, sim_time), .fallback = "10m",
     .min = 1, .max = SCENARIO_TIME_MAX,
     .help = "simulated time, warm-up included; requests due in it are followed to their end"},
    {.key = "warmup", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_run, warmup, sim_time), .fallback = "auto",
     .also = "auto", .max = SCENARIO_TIME_MAX,
     .help = "requests due before this are left out of the figures; auto: the larger of 10 % "
             "of the duration and 20 n rho / (1 - rho)^2 requests, at most half"},
    {.key = "replications", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct scenario_run, replications, uint64_t), .fallback = "20",
     .also = "auto", .min = 1, .max = 10000,
     .help = "independent runs of each policy; from 2 to 9 no interval is shown, of one alone "
             "that from sections of it; auto: from 10 on 5 more at a time, until what `expect` "
             "names, else mean and p99, is as precise as `precision` says"},
    {.key = "precision", .type = PARAM_RATIO,
     .offset = PARAM_FIELD(struct scenario_run, precision, double), .fallback = "5%",
     .min = 1e-4, .max = 1,
     .help = "of `replications: auto`: half of the 95 % interval, relative to the value"},
    {.key = "max_replications", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct scenario_run, max_replications, uint64_t), .fallback = "100",
     .min = 10, .max = 10000,
     .help = "of a policy, by `replications: auto` and by `lbsim check` of what is undecided"},
    {.key = "seed", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct scenario_run, seed, uint64_t), .fallback = "1", .min = 0,
     .max = 9e15, .help = "of all random streams"},
    PARAM_END,
};
