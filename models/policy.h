/* SPDX-License-Identifier: GPL-3.0-or-later
   What a load-balancing policy is.  It sees what a balancer could know: what it sent itself,
   what came back, what pods told it.  Who may be picked is the host's business (health,
   ejection, drain, limits); who is picked is the policy's. */
#ifndef MODELS_POLICY_H
#define MODELS_POLICY_H

#include "sim/engine/arena.h"
#include "sim/engine/clock.h"
#include "sim/engine/param.h"
#include "sim/engine/rng.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint32_t backend_id; /* a slot in view->backends */
#define NO_BACKEND UINT32_MAX

/* What a balancer is configured with of one pod. */
struct backend {
    const char *name, *address, *zone; /* address is the name where there is none; zone "" */
    uint64_t identity; /* hash of the name; outlives the slot */
    double weight;
};

struct view {
    const struct backend *backends; /* by backend_id, in the order they were configured */
    uint32_t count, capacity;       /* slots in use now; slots there can ever be */
    const uint32_t *outstanding;    /* by backend_id: sent from here, not yet answered */
    const uint8_t *is_member;       /* by backend_id: configured now; a removed one is not */
    const uint8_t *is_up;           /* by backend_id: a member, and neither down nor failed */
    const uint8_t *is_eligible;     /* by backend_id: up and not full */
    const backend_id *eligible;     /* those that may be picked, in slot order */
    uint32_t eligible_count;
    const uint8_t (*records)[64]; /* by backend_id: what a pick touches, for blocks/ahead.h */
    double whole; /* what weights are parts of; 0: the sum of those of who is up */
    uint32_t peers, peer; /* balancer instances in the tier; which of them this is, from 0 */
    sim_time now;
};

/* The i-th of those that may be picked. */
static inline backend_id view_eligible(const struct view *view, uint32_t i)
{
    return view->eligible_count == view->count ? i : view->eligible[i];
}

/* What a balancer knows of a request. */
struct request {
    uint64_t key;
    const char *key_text; /* the key's bytes; NULL: the decimal digits of `key` */
    size_t key_size;
    uint64_t hash;        /* when has_hash: the key's hash, given in place of the key */
    bool has_hash;
    uint32_t user, attempt; /* who sends it; 0 for the first */
    const backend_id *tried; /* by earlier attempts of this request, oldest first */
    uint32_t tried_count;
};

/* A pod's load as told by itself: with a reply, by probe, or (to an oracle) at once. */
struct load_report {
    backend_id backend;
    uint32_t in_flight;    /* in service and queued at the pod, from all balancers */
    uint32_t free_workers;
    double speed;
    double work;           /* ns of work at speed 1 not yet done there; to an oracle only */
    double rate;           /* replies per second, over the pod's last second */
    double utilisation;    /* share of its workers busy, over the same */
    sim_time latency;      /* its estimate for one that comes now: median time at the pod of those
                              that met about the same in_flight lately */
    sim_time measured_at;
};

/* How an attempt sent from here ended. */
struct outcome_report {
    backend_id backend;
    bool success, refused; /* refused: there was no connection */
    bool abandoned;      /* the client gave up: not known whether it would have succeeded */
    bool last_try;       /* the balancer retries, but not after this one, however it ended */
    uint16_t status;     /* as HTTP has it: 200, 503, 504, …; 0 where there was no reply */
    sim_time first_byte, latency; /* dispatch to first and last byte, or to giving up */
    uint64_t size;       /* bytes of the reply */
    const struct load_report *load; /* that came with the reply; NULL unless POLICY_REPORTS */
};

enum policy_trait {
    POLICY_WEIGHTED = 1 << 0,   /* promises shares in proportion to weights */
    POLICY_UNWEIGHTED = 1 << 1, /* weights mean nothing to it */
    POLICY_CONSISTENT = 1 << 2, /* promises that keys stay where they are when others change */
    POLICY_SHARED = 1 << 3,     /* one state for all balancer instances, as if they were one */
    POLICY_TOLD = 1 << 4,       /* hears every change of the true load at once */
    POLICY_ORACLE = 1 << 5,     /* knows what no balancer can: only a bound; always told */
    POLICY_REPORTS = 1 << 6,    /* pods attach their load to every reply (ORCA) */
    POLICY_KEYLESS = 1 << 7,    /* a request without a key has a hash of its own, at random */
    POLICY_ZONED = 1 << 8,      /* its table takes weights of zones into those of pods */
    POLICY_HOLDS = 1 << 9,      /* may return NO_BACKEND: held, asked again when one ends */
    POLICY_REFUSES = 1 << 10,   /* may return NO_BACKEND where its product refuses the request */
    POLICY_WAITS = 1 << 11,     /* may return NO_BACKEND while all that it may use are full: held */
    POLICY_LIVE = 1 << 12,      /* reads weights at each pick: a slow start's growth is no update */
};

struct policy_ops { /* only kind.name, kind.summary and pick are required */
    struct kind kind;
    unsigned traits;      /* enum policy_trait bits */
    const char *tie_rule; /* who wins among equals, one line; NULL: there are no ties */
    const char *differs;  /* where it knowingly decides otherwise than its product; or NULL */
    const char *cost;     /* of a pick and of a change of n pods: "O(1) a pick; O(n) a change" */
    const char *source;   /* paper, or file of the product */
    size_t state_size;    /* bytes of the zeroed state that the host hands to each verb */

    /* Once per balancer, before the first update: take all memory now, enough for
       view->capacity slots.  rng is the balancer's stream, the same that pick gets. */
    void (*init)(void *state, const void *config, const struct view *view, struct rng *rng,
                 struct arena *arena);
    /* Members, weights or health changed, and once after init: rebuild in place.  Not called
       when a slot only becomes full or free again, nor, with POLICY_LIVE, in a slow start. */
    void (*update)(void *state, const struct view *view, struct rng *rng);
    /* Choose one.  Called only while eligible_count > 0 (and, with POLICY_HOLDS, whenever the
       host has a request).  The host then counts the attempt in view->outstanding. */
    backend_id (*pick)(void *state, const struct view *view, const struct request *request,
                       struct rng *rng);
    /* The host has counted an attempt on a slot (after pick), or counted it off. */
    void (*sent)(void *state, const struct view *view, backend_id backend);
    void (*done)(void *state, const struct view *view, backend_id backend);
    /* An attempt sent from here ended; after done. */
    void (*learn)(void *state, const struct view *view, const struct outcome_report *outcome);
    /* A pod told its load. */
    void (*hear)(void *state, const struct view *view, const struct load_report *report);
    /* Called after each pick: whom to ask for its load now.  Fills targets with up to
       POLICY_PROBES_MAX slots and returns how many; the answers come through hear. */
    uint32_t (*probe)(void *state, const struct view *view, backend_id *targets, struct rng *rng);
};

enum { POLICY_PROBES_MAX = 16 };
extern const struct kind_list policy_kinds;
static inline const struct policy_ops *policy_ops(const struct param_kind *policy)
{
    return (const struct policy_ops *)policy->kind;
}

/* The bytes of a request's key: key_text, or the digits of key written to `digits` (20 bytes). */
const char *policy_key(const struct request *request, char *digits, size_t *size);

/* The client's IPv4 address, first byte highest: key_text where it is one, else 10.0.0.0 + user. */
uint32_t policy_client_address(const struct request *request);

/* Of "a.b.c.d:port", 0 for what is missing; false without any. */
bool policy_address(const char *text, uint32_t *address, uint16_t *port);

#endif
