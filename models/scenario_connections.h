/* SPDX-License-Identifier: GPL-3.0-or-later
   The connections of a client group as bound.  Constant once loaded. */
#ifndef MODELS_SCENARIO_CONNECTIONS_H
#define MODELS_SCENARIO_CONNECTIONS_H

#include "sim/engine/clock.h"
#include "sim/engine/param.h"

enum connection_protocol { PROTOCOL_HTTP2, PROTOCOL_HTTP1 };

struct scenario_connections {
    uint32_t protocol;     /* enum connection_protocol */
    uint64_t count;        /* of each user; 0: none, requests come one by one */
    uint64_t requests;     /* a connection carries at most; UINT64_MAX: unlimited */
    sim_time idle_timeout; /* SIM_NEVER: none */
    sim_time max_age;      /* SIM_NEVER: none */
    double jitter;         /* of max_age, each way */
    uint64_t setup;        /* round trips */
};

extern const struct param scenario_connections_params[];

#endif
