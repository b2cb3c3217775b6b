/* SPDX-License-Identifier: GPL-3.0-or-later
   A client group at work: births ahead of time in blocks, so that all policies face the same
   requests, whatever they do with them. */
#ifndef MODELS_CLIENT_H
#define MODELS_CLIENT_H

#include "models/arrival.h"
#include "models/rate.h"
#include "models/replay.h"
#include "models/scenario.h"
#include "sim/engine/event.h"
#include "sim/engine/rng.h"

struct world;

enum { CLIENT_BLOCK = 64 };

struct client_birth {
    sim_time due, demand;
    uint64_t key, size;
    uint32_t user, balancer;
};

struct client {
    const struct scenario_client *config;
    const struct arrival_ops *arrivals;
    uint32_t index;
    bool enters_late; /* where its requests go is not known at birth: connections, DNS */
    bool is_single;    /* each of which carries one at a time */
    bool gives_up;     /* has a timeout */
    bool minds_end;    /* of a request: who is closed, or single */
    bool is_keyless; /* its requests ask for nothing in particular: key 0 */
    uint32_t turn; /* SPREAD_ROUND_ROBIN: the next balancer */
    uint32_t *near; /* instances of the first tier in its zone; NULL: any will do */
    uint32_t near_count;
    event_alarm alarm;
    event_lane timeout_lane;

    struct client_birth births[CLIENT_BLOCK];
    size_t next, count; /* the next birth; how many the block holds */

    double clock; /* the arrival process's own time, ns */
    struct arrival_state arrival_state;
    struct rate_cursor cursor;
    struct replay_cursor replay;
    struct rng arrival_rng, demand_rng, key_rng, size_rng, user_rng, spread_rng;

    uint64_t think_key; /* closed loop: of the users' own streams */
    uint32_t *asked;    /* closed loop: requests so far, by user */
};

/* Which instance of the first tier a request goes to, or a connection. */
uint32_t client_choose_entry(struct world *world, uint32_t index, uint32_t user,
                             struct rng *rng);

void client_open(struct world *world, struct client *client, uint32_t index);
void client_close(struct client *client);

/* The next birth of an open or replayed group is due. */
void client_arrive(struct world *world, uint32_t index);
/* A user of a closed group has thought. */
void client_ask(struct world *world, uint32_t index, uint32_t user);
/* An answer reaches the client. */
void client_answer(struct world *world, uint32_t slot);
/* The client gives up. */
void client_expire(struct world *world, uint32_t slot);
/* It is told that its request has taken too long. */
void client_fail(struct world *world, uint32_t slot);

#endif
