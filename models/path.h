/* SPDX-License-Identifier: GPL-3.0-or-later
   The way of a request from its client to the last tier of balancers: where it is, who counts
   it as outstanding, which connection it is on.  Its answer takes the same way back.  Only
   worlds with several tiers or with connections keep any. */
#ifndef MODELS_PATH_H
#define MODELS_PATH_H

#include "models/policy.h"
#include "models/scenario_balancer.h"
#include "models/slot_book.h"

struct world;

#define PATH_NO_CONNECTION UINT32_MAX

/* At a tier before the last. */
struct path_hop {
    uint32_t instance;
    backend_id backend; /* instance of the next tier that it was sent to */
    sim_time since;     /* received there; once sent on, when that was */
    bool sent;          /* and not answered yet */
};

struct path {
    uint64_t request; /* UINT64_MAX: a free record */
    uint32_t tier;    /* on its way to this one, or there; the last: the outer count */
    bool held;        /* in the queue of an outer tier */
    bool waits;       /* at the client, for a connection */
    bool met;         /* by the end-of-run check */
    sim_time inside;  /* time that it was in balancers of outer tiers */
    uint32_t connection, life;           /* and which of its lives; or PATH_NO_CONNECTION */
    backend_id pins[SCENARIO_TIERS_MAX]; /* where the connection went, by tier, as known when
                                            the request was sent; NO_BACKEND: undecided */
    struct path_hop hops[SCENARIO_TIERS_MAX];
};

/* Of all requests that have not ended. */
struct path_book {
    struct slot_book book;
    uint32_t live;
};

/* A path of its own for the attempt in a slot. */
struct path *path_begin(struct world *world, uint32_t slot);
/* That of the request of an attempt; NULL: the request has ended.  Records move when others
   begin. */
struct path *path_find(const struct world *world, uint32_t slot);
/* The attempt in `slot` is one more of the request of `other`. */
void path_join(struct world *world, uint32_t slot, uint32_t other);
/* The request has its end. */
void path_end(struct world *world, struct path *path);

/* How many that are under way an outer tier should count as outstanding; every path must
   belong to an attempt. */
uint64_t path_count_sent(struct world *world, uint32_t tier);

#endif
