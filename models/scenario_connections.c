/* SPDX-License-Identifier: GPL-3.0-or-later
   The table of `clients.connections`.  grpc-go spreads MaxConnectionAge by 10 % each way. */
#include "models/scenario_connections.h"

#include "models/scenario_balancer.h"

static const char *const scenario_connections_protocols[] = {"http2", "http1", NULL};

const struct param scenario_connections_params[] = {
    {.key = "protocol", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct scenario_connections, protocol, uint32_t),
     .fallback = "http2", .of.words = scenario_connections_protocols,
     .help = "http2: a connection carries any number of requests at once; http1: one, so that a "
             "user opens further ones up to `count`, and then waits for the first that is free"},
    {.key = "count", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct scenario_connections, count, uint64_t), .fallback = "1",
     .min = 1, .max = 10000,
     .help = "of each user: with http2 used in turn, with http1 the most there may be"},
    {.key = "requests", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct scenario_connections, requests, uint64_t),
     .fallback = "unlimited", .also = "unlimited", .min = 1, .max = 1e15,
     .help = "after which a connection is not used any more (keepalive_requests)"},
    {.key = "idle_timeout", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_connections, idle_timeout, sim_time),
     .fallback = "never", .also = "never", .min = 1, .max = SCENARIO_TIME_MAX,
     .help = "it is closed so long after the last request was sent on it (http1: answered)"},
    {.key = "max_age", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_connections, max_age, sim_time),
     .fallback = "never", .also = "never", .min = 1, .max = SCENARIO_TIME_MAX,
     .help = "it gets no new requests when it is so old (MAX_CONNECTION_AGE)"},
    {.key = "jitter", .type = PARAM_RATIO,
     .offset = PARAM_FIELD(struct scenario_connections, jitter, double), .fallback = "10%",
     .max = 1, .help = "each connection's max_age is drawn up to so much above or below"},
    {.key = "setup", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct scenario_connections, setup, uint64_t), .fallback = "1",
     .max = 100,
     .help = "round trips before the first request can be sent: TCP 1, with TLS 1.3 2; to the "
             "first tier that decides per request, else to the pod"},
    PARAM_END,
};
