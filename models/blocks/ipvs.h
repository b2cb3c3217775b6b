/* SPDX-License-Identifier: GPL-3.0-or-later
   What the schedulers of Linux' IPVS share: the list of destinations in the kernel's order,
   the newest first (each ipvsadm -a puts its one at the head), their weights as whole numbers,
   and the load of connections.  A full backend is one with the flag OVERLOAD, a backend of
   weight 0 is drained.  Linux, net/netfilter/ipvs/ip_vs_ctl.c, include/net/ip_vs.h. */
#ifndef MODELS_BLOCKS_IPVS_H
#define MODELS_BLOCKS_IPVS_H

#include "models/policy.h"

struct ipvs {
    backend_id *list; /* destinations, the newest first */
    uint32_t count;
    int32_t *weight;      /* by backend_id */
    int32_t *last_weight; /* by backend_id: the last that was not 0 */
    uint8_t *is_listed;   /* by backend_id */
    uint32_t *inactive;   /* by backend_id: connections closed not long ago */
    uint32_t *closed;     /* the same by part of the time that they count, and backend_id */
    sim_time part;        /* of that time; 0: closed connections do not count */
    uint64_t parts_done;
    uint32_t capacity;
};

enum ipvs_change { IPVS_ADDED, IPVS_DELETED, IPVS_EDITED };
/* What one command of ipvsadm did; `before` was before the deleted one in the list,
   NO_BACKEND where it was the first. */
typedef void ipvs_changed(void *state, enum ipvs_change change, backend_id backend,
                          backend_id before);

/* inactive: how long a closed connection counts as an inactive one; 0 for never. */
void ipvs_init(struct ipvs *ipvs, const struct view *view, sim_time inactive,
               struct arena *arena);
/* As a sequence of commands: deletes who is not up, edits weights, adds who is new, each in
   slot order.  Calls `changed`, unless NULL, after each. */
void ipvs_update(struct ipvs *ipvs, const struct view *view, ipvs_changed *changed,
                 void *state);
/* Counts a connection that closed. */
void ipvs_done(struct ipvs *ipvs, const struct view *view, backend_id backend);
/* Forgets those that closed long ago; to be called before loads are read. */
void ipvs_pass_time(struct ipvs *ipvs, sim_time now);

static inline bool ipvs_is_usable(const struct ipvs *ipvs, const struct view *view,
                                  backend_id backend)
{
    return view->is_eligible[backend] && ipvs->weight[backend] > 0;
}

/* 256 for each active connection, 1 for each inactive one. */
static inline int64_t ipvs_overhead(const struct ipvs *ipvs, const struct view *view,
                                    backend_id backend)
{
    return ((int64_t)view->outstanding[backend] << 8) + ipvs->inactive[backend];
}

/* The first with the least load over weight; NO_BACKEND where none is usable. */
typedef int64_t ipvs_load(const struct ipvs *ipvs, const struct view *view,
                          backend_id backend);
backend_id ipvs_least(const struct ipvs *ipvs, const struct view *view, ipvs_load *load);
/* (active + 1): the delay that a new connection would meet, times the weight. */
int64_t ipvs_delay(const struct ipvs *ipvs, const struct view *view, backend_id backend);

/* Does it have more active connections than its weight while somebody has less than half of
   theirs? */
bool ipvs_is_overloaded(const struct ipvs *ipvs, const struct view *view, backend_id backend);

/* The address that a client comes from, and the one that it goes to: here the key, in dotted
   form, else a number that stands for it. */
uint32_t ipvs_source(const struct request *request, uint16_t *port);
uint32_t ipvs_destination(const struct request *request);

/* The parameter `inactive` of schedulers that count inactive connections, and the table of
   those that take no other. */
#define IPVS_PARAM_INACTIVE(config)                                                            \
    {.key = "inactive", .type = PARAM_DURATION,                                                \
     .offset = PARAM_FIELD(config, inactive, sim_time), .fallback = "0s",                      \
     .help = "how long a request that ended counts as an inactive connection, 1/256 of an "    \
             "active one: 0s where connections are kept, 2m (the kernel's TIME_WAIT) with "    \
             "one for each request"}
struct ipvs_inactive_config {
    sim_time inactive;
};
extern const struct param ipvs_inactive_params[];

#endif
