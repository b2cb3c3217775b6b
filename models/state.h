/* SPDX-License-Identifier: GPL-3.0-or-later
   The state of one run, for the files of the life cycles and the switch in world.c. */
#ifndef MODELS_STATE_H
#define MODELS_STATE_H

#include "models/admission.h"
#include "models/attempt.h"
#include "models/balancer.h"
#include "models/client.h"
#include "models/connection.h"
#include "models/dns.h"
#include "models/endpoints.h"
#include "models/engines.h"
#include "models/event_kind.h"
#include "models/guard.h"
#include "models/hops.h"
#include "models/fault_plan.h"
#include "models/fault_pod.h"
#include "models/membership.h"
#include "models/meter.h"
#include "models/network.h"
#include "models/path.h"
#include "models/place.h"
#include "models/pod.h"
#include "models/scaler.h"
#include "models/tried.h"
#include "models/tries.h"
#include "models/upstream.h"
#include "models/world.h"
#include "sim/engine/check.h"
#include "sim/engine/event.h"

struct world {
    sim_time now;
    struct event_queue *queue;
    struct attempt_pool pool;

    const struct scenario *scenario;
    const struct scenario_balancer *tier; /* the last */
    struct tier *outer;   /* those before it, from the client inwards */
    uint32_t outer_count, entry_count; /* entries: instances of the first tier */
    bool keeps_paths;     /* as scenario_tiers_hopped */
    bool counts_connections; /* the last tier decides per connection */
    struct path_book paths;
    struct hop_book hops;
    struct engines engines;
    struct connection_book connections;
    struct dns *dns;      /* NULL: clients know where to go */
    struct client *clients;
    struct balancer *balancers;
    struct pod *pods;
    uint32_t client_count, balancer_count, pod_count; /* pods: all that will ever be */
    struct membership membership;
    struct endpoints endpoints;
    struct places places;
    struct life *lives;     /* by pod; NULL: none starts or stops */
    struct scaler *scalers; /* NULL: none */
    double *scaled_used;    /* by pod: meter_used at the last decision */
    struct pod_cache *caches; /* by pod; NULL where no pod has one */
    uint64_t cache_key;       /* of the streams that misses draw from */
    struct upstream *upstreams; /* by balancer and pod; NULL: none */
    bool *vacant; /* by balancer: reach_is_vacant, as the tier before knows; NULL: it need not */
    bool follows; /* a request may go where another went: sticky, or on a connection */
    bool draws_hashes; /* for requests without a key, as the policy's product does */
    bool picks_apart; /* follows, or has several tries */
    bool minds_requests, tells_sent, tells_ended; /* somebody hears when one comes, or a decision
                                                     takes time; when one goes, ends */
    bool takes_time, takes_even;  /* deciding does; always the same, so a lane will do */
    struct tries *tries;  /* by balancer; NULL: one attempt a request */
    struct slot_book tried; /* of struct tried, likewise */
    struct admission *admissions; /* by balancer; NULL: all are let in */
    struct guard *guards; /* by balancer; NULL: none */
    struct fault_plan plan;
    bool bends_service; /* service takes other than demand over speed, or is told of */
    bool bends_arrival; /* not all that arrives is served or rejected, or it is told of */
    struct fault_pod *faulty;       /* by pod; NULL in a world without faults */
    struct fault_service *services; /* by slot, where there are faults */
    uint32_t service_room;
    uint64_t fault_key;             /* of what chance means to attempts under faults */
    struct meter *meters; /* by pod; NULL unless the policy asks about load */
    struct meter_past *pasts; /* by pod; NULL unless pods tell a latency */
    uint32_t *met;        /* by slot: how many were at the pod when the attempt arrived */
    struct load_report *attached; /* by slot: what the pod said with its reply */
    uint32_t met_room, attached_room;
    struct backend *backends;
    struct balancer_probe *probes;
    struct sticky *stickies; /* one, or one an instance; NULL: none */
    uint32_t sticky_count, probe_count, probe_free;
    struct network_leg legs[NETWORK_LEGS];
    event_lane queue_timeout_lane, decision_lane, try_lane, hedge_lane;
    uint64_t key; /* of this run's streams: seed and replication */

    sim_time measure_begin, measure_end;
    uint64_t measured_open; /* requests due in the window whose rows are not out */
    uint64_t requests, retries, row_count, events;
    bool over; /* all that counts is done */

    struct trace_row block[TRACE_BLOCK_ROWS];
    size_t block_count, block_limit; /* limit: with so many there is something to do */
    struct trace_sink sink;
    const atomic_bool *stop;
    _Atomic uint64_t *progress;

    struct roster roster;
    struct arena arena;
};

/* Sends an attempt to the next place on its way, where `arrive` is what the switch does for
   it: by an event, or at once where the leg takes no time. */
static inline void world_travel(struct world *world, enum network_way way, uint32_t slot,
                                void (*arrive)(struct world *world, uint32_t slot))
{
    if (world->legs[way].instant)
        arrive(world, slot);
    else
        network_carry(world, way, slot);
}

static inline struct attempt *world_attempt(struct world *world, uint32_t slot)
{
    return &world->pool.attempts[slot];
}

static inline struct event_tickets world_tickets(const struct world *world)
{
    return (struct event_tickets){
        .records = (const void *const *)&world->pool.attempts,
        .record_size = sizeof(struct attempt),
        .ticket_offset = offsetof(struct attempt, ticket),
    };
}

/* Ends the run once the window has passed and all that was due in it is out. */
static inline void world_end_if_over(struct world *world)
{
    world->over |= world->now >= world->measure_end && world->measured_open == 0;
}

/* Hands a row on, that of the attempt in `slot`. */
void world_hand_on(struct world *world, uint32_t slot, const struct trace_row *row);
/* Both sides of an attempt are done: hands its row on and frees the slot. */
void world_close_attempt(struct world *world, uint32_t slot);

#endif
