/* SPDX-License-Identifier: GPL-3.0-or-later
   Connections of clients.  Each user of a group keeps a few and uses them in turn.  A connection
   leads to one instance of the first tier, and through every tier that decides per connection
   to where that tier sent its first request.  It is opened when it is needed, which takes round
   trips, and closed when it is too old, idle, used up, or when its pod has gone.
   A connection carries any number of requests at once (HTTP/2), or one (HTTP/1): then a user
   takes one that is idle, opens another, or waits until one is free, first come, first served. */
#ifndef MODELS_CONNECTION_H
#define MODELS_CONNECTION_H

#include "models/path.h"
#include "models/world.h"
#include "sim/engine/key_map.h"

struct scenario_connections;

struct connection {
    uint64_t name;      /* of its streams: user and number */
    uint32_t life;      /* counts openings */
    uint32_t client;    /* group */
    bool is_open;
    sim_time opened, ready; /* ready: set up */
    sim_time expires;   /* SIM_NEVER: does not */
    sim_time used;      /* the last request was sent */
    uint64_t requests;  /* sent on it */
    uint64_t carries;   /* HTTP/1: 1 + the request that is on it; 0: idle */
    bool is_late;       /* HTTP/1: it had to be looked at while it was busy */
    uint32_t entry;     /* instance of the first tier */
    uint32_t instances[SCENARIO_TIERS_MAX]; /* by tier: who decided; where pinned */
    backend_id pins[SCENARIO_TIERS_MAX];    /* by tier; NO_BACKEND: not decided there yet */
};

/* Of a client group. */
struct connection_group {
    const struct scenario_connections *config; /* NULL: it has none */
    uint64_t key;
    struct key_map users; /* of struct connection_user */
};

struct connection_book {
    struct connection_group *groups; /* by client group; NULL: nobody has any */
    struct connection *records;
    uint32_t count, room;
};

/* After the tiers are built. */
void connection_open(struct world *world);
void connection_close(struct world *world);

/* Whether the requests of a client group are on connections. */
bool connection_is_used(const struct world *world, uint32_t client);

/* Takes the attempt's request on a connection, opened now if need be, and sets the instance
   of the first tier in the path; returns when it can be sent, or SIM_NEVER: it waits for a
   connection, and EVENT_CONNECTED comes later. */
sim_time connection_take(struct world *world, struct path *path, uint32_t slot);
/* Whether a client group's connections carry one request at a time. */
bool connection_is_single(const struct world *world, uint32_t client);
/* Of such a group: the request of the row has its end for the client, who, if it has given up,
   breaks off the connection.  Whoever waits is next. */
RARE void connection_release(struct world *world, const struct trace_row *row, bool given_up);
/* An attempt that waits for a connection does so no more. */
void connection_leave(struct world *world, uint32_t slot);
/* Where a tier sent the connection of a request; NO_BACKEND: it is to decide. */
backend_id connection_pin(const struct world *world, const struct path *path, uint32_t tier);
/* It has decided: `instance` of the tier has one more connection to `backend`. */
void connection_note(struct world *world, const struct path *path, uint32_t tier,
                     uint32_t instance, backend_id backend);
/* A connection may have grown too old, or idle. */
void connection_wake(struct world *world, uint32_t index, uint32_t life);
/* How many a tier has sent on. */
uint64_t connection_count_pins(const struct world *world, uint32_t tier);

#endif
