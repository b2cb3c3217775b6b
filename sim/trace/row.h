/* SPDX-License-Identifier: GPL-3.0-or-later
   The contract between a run and its reports: one row per attempt.  The stages of an
   attempt are in order of time; a stage that it never reached has the time at which it
   stopped, so that the parts after it are 0. */
#ifndef SIM_TRACE_ROW_H
#define SIM_TRACE_ROW_H

#include "sim/engine/clock.h"

#include <stdbool.h>

/* How an attempt ended, for the client. */
enum outcome {
    OUTCOME_OK,
    OUTCOME_REJECTED,      /* the pod's queue was full */
    OUTCOME_TIMEOUT,       /* the client gave up */
    OUTCOME_OVERFLOW,      /* the balancer had no room, or shed it */
    OUTCOME_QUEUE_TIMEOUT, /* waited too long in the balancer's queue */
    OUTCOME_NO_BACKEND,    /* nobody to send it to */
    OUTCOME_UNFINISHED,    /* the run stopped first */
    OUTCOME_REFUSED,       /* nobody listened at the pod */
    OUTCOME_RESET,         /* the pod broke the connection */
    OUTCOME_ERROR,         /* the pod answered that it failed */
    OUTCOME_CANCELLED,     /* another attempt of the request was answered first */
    OUTCOME_COUNT
};

/* Which part of a run a request was due in; only MEASURE counts in reports. */
enum phase { PHASE_WARMUP, PHASE_MEASURE, PHASE_COOLDOWN, PHASE_COUNT };

/* What the cache of the pod had of the key when service began. */
enum lookup { LOOKUP_NONE, LOOKUP_HIT, LOOKUP_MISS, LOOKUP_COUNT };

extern const char *const outcome_names[]; /* by enum outcome; end with NULL */
extern const char *const phase_names[];
extern const char *const lookup_names[];

#define ROW_NO_POD UINT32_MAX

struct trace_row {
    uint64_t request; /* number in order of birth, from 0 */
    uint64_t key;
    uint64_t size;       /* bytes of the reply */
    sim_time due;        /* when it should have been sent; latency counts from here */
    sim_time sent;       /* by the client */
    sim_time received;   /* by the balancer */
    sim_time dispatched; /* by the balancer to the pod */
    sim_time arrived;    /* at the pod */
    sim_time started;    /* service began */
    sim_time served;     /* service ended; after `ended` where the client had given up */
    sim_time ended;      /* for the client */
    sim_time demand;     /* work, at speed 1 */
    uint32_t user;       /* who in the client group */
    uint32_t pod;        /* index in the roster, or ROW_NO_POD */
    uint16_t client;     /* client group: index in the roster */
    uint16_t balancer;   /* instance */
    uint8_t attempt;     /* of this request, from 0 */
    uint8_t outcome;     /* enum outcome */
    uint8_t phase;       /* enum phase */
    bool last : 1;       /* the attempt that decided the request */
    unsigned cache : 7;  /* enum lookup; NONE without a cache, or where service never began */
};
_Static_assert(sizeof(struct trace_row) == 112, "no padding");

enum { TRACE_BLOCK_ROWS = 64 }; /* rows are handed on in blocks of at most this many */

#endif
