/* SPDX-License-Identifier: GPL-3.0-or-later
   The section `run` of a scenario: how long, how often, from which seed. */
#ifndef MODELS_SCENARIO_RUN_H
#define MODELS_SCENARIO_RUN_H

#include "sim/engine/param.h"

#define SCENARIO_TIME_MAX 1.728e16 /* 200 days */

struct scenario_run {
    sim_time duration, warmup; /* warmup SIM_NEVER: auto; scenario_warmup resolves it */
    uint64_t replications;     /* UINT64_MAX: auto, as many as precision asks for */
    double precision;          /* relative half-width of 95 % intervals that auto aims at */
    uint64_t max_replications; /* of one policy, where more are added */
    uint64_t seed;
};

extern const struct param scenario_run_params[];

#endif
