/* SPDX-License-Identifier: GPL-3.0-or-later
   What nginx keeps of the servers of an upstream, for all its methods: weights of smooth round
   robin, failures within fail_timeout, the trial request after it.
   src/http/ngx_http_upstream_round_robin.c */
#ifndef MODELS_BLOCKS_NGINX_PEERS_H
#define MODELS_BLOCKS_NGINX_PEERS_H

#include "models/blocks/smooth_heap.h"

/* First member of the configuration of every policy that fails over as nginx does. */
struct nginx_peers_config {
    uint64_t max_fails;
    sim_time fail_timeout;
};

/* The two rows that bind it, for a configuration struct with the member `peers`. */
#define NGINX_PEERS_PARAMS(section)                                                        \
    {.key = "max_fails", .type = PARAM_COUNT,                                              \
     .offset = PARAM_FIELD(section, peers.max_fails, uint64_t), .fallback = "1",           \
     .max = 1e9,                                                                           \
     .help = "attempts without a reply after which a pod is passed over; 0: never"},       \
    {.key = "fail_timeout", .type = PARAM_DURATION,                                        \
     .offset = PARAM_FIELD(section, peers.fail_timeout, sim_time), .fallback = "10s",      \
     .help = "how long it is passed over until one request may try it; whole seconds"}

#define NGINX_PEERS_DIFFERS                                                                \
    "requests under way when members or weights change still count, where new workers of " \
    "nginx begin at none"

struct nginx_peers {
    struct smooth smooth;
    struct smooth_heap heap; /* in use: it has the current weights, not `smooth` */
    uint32_t calm;           /* turns of late at which all took part */
    bool is_troubled;        /* somebody may have failures, or not all of his weight */
    uint32_t *fails;    /* by backend_id, as the three below */
    int64_t *accessed;  /* the second of the last failure */
    int64_t *checked;   /* the second of the last failure or trial */
    uint64_t *identity; /* whom the slot belonged to at the last update */
    int64_t max_fails, fail_timeout; /* seconds */
    uint32_t count;                  /* of members */
};

void nginx_peers_init(struct nginx_peers *peers, const struct nginx_peers_config *config,
                      const struct view *view, struct arena *arena);

/* Members that come or go or change their weight are a new configuration: the workers start
   anew.  Returns whether it was so.  Pods that only go down or come up keep their weights. */
bool nginx_peers_update(struct nginx_peers *peers, const struct view *view);

/* Whether a request may go there: not tried before by it, and not failed lately.  The only
   server of an upstream is never failed. */
bool nginx_peers_is_usable(const struct nginx_peers *peers, const struct view *view,
                           const struct request *request, backend_id backend);

/* Smooth weighted round robin over the usable, and nginx_peers_chosen.  NO_BACKEND: "no live
   upstreams", which nginx answers with 502. */
backend_id nginx_peers_round_robin(struct nginx_peers *peers, const struct view *view,
                                   const struct request *request);

/* To be called with every pick: after fail_timeout it counts as a trial. */
void nginx_peers_chosen(struct nginx_peers *peers, const struct view *view,
                        backend_id backend);

/* The same for a pick that nginx makes by a turn over this one: its weight comes back by one. */
void nginx_peers_turn_of_one(struct nginx_peers *peers, const struct view *view,
                             backend_id backend);

/* Whether an attempt failed as `proxy_next_upstream error timeout` has it: no reply came.  That
   the client has gone (499) says nothing of the peer. */
static inline bool nginx_peers_is_failure(const struct outcome_report *outcome)
{
    return !outcome->success && outcome->status == 0 && !outcome->abandoned;
}

void nginx_peers_learn(struct nginx_peers *peers, const struct view *view,
                       const struct outcome_report *outcome);

/* ngx_time(): whole seconds of a clock that was set long before the run began. */
static inline int64_t nginx_peers_seconds(const struct view *view)
{
    return (INT64_C(1) << 30) + view->now / SIM_SECOND;
}

#endif
