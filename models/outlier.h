/* SPDX-License-Identifier: GPL-3.0-or-later
   What passive outlier detection is: the part of a balancer that sees how attempts end and
   takes pods out of the running for a while.  Pure: no world, no events, memory only at
   open, and no randomness but host->rng.  Each instance has a detector of its own. */
#ifndef MODELS_OUTLIER_H
#define MODELS_OUTLIER_H

#include "models/policy.h"

/* What detection sees of one balancer instance, and what it may do there.  The host keeps
   it for the life of the run and sets `now` before each verb. */
struct outlier_host {
    sim_time now;
    uint32_t count;             /* slots there can ever be; the same for the whole run */
    const uint8_t *is_member;   /* by slot */
    uint32_t member_count;
    struct rng *rng;            /* a stream for the detector alone */
    uint8_t *is_out;            /* by slot, zeroed at first: ejected; changed by outlier_eject
                                   and outlier_admit only.  Never set for one that is no member */
    uint32_t out_count;
    /* is_out of a slot changed.  Must not call a verb of the detector: what follows from it
       (requests that were held and may go now) waits until the verb under way is over. */
    void (*changed)(void *context, backend_id backend, bool out);
    void *context;
};

/* Verbs are only told of members.  All are required but sent and passed.  Who may be out at once
   is the detector's rule, and it may be all: what a balancer does with nobody left is the
   host's. */
struct outlier_ops {
    struct kind kind;
    const char *source;  /* file of the product */
    const char *differs; /* where it knowingly decides otherwise; or NULL */
    size_t state_size;  /* bytes of the zeroed state that the host hands to each verb */
    bool takes_any;     /* with all out, requests go to those that are out: they do not fail */

    /* Once, before the first request.  `config` must outlive the state; takes all memory. */
    void (*open)(void *state, const void *config, struct outlier_host *host,
                 struct arena *arena);
    /* An attempt was sent to a member.  Detectors that revive a pod by a single request admit
       it after its back-off and eject it again here, until the end of that request. */
    void (*sent)(void *state, struct outlier_host *host, backend_id backend);
    /* An attempt ended, at one that is out too.  What the client gave up on is for the host to
       leave out where the product would not count it. */
    void (*learn)(void *state, struct outlier_host *host, const struct outcome_report *outcome);
    /* An active health check passed, and the pod is up by these. */
    void (*passed)(void *state, struct outlier_host *host, backend_id backend);
    /* When it wants to be woken, SIM_NEVER: not.  May change with each other verb, either
       way; later than host->now after each of them. */
    sim_time (*due)(const void *state);
    /* now == due. */
    void (*wake)(void *state, struct outlier_host *host);
    /* A member left (is_member and member_count say so already): forgets it and admits it,
       so that whoever gets the slot next starts anew. */
    void (*left)(void *state, struct outlier_host *host, backend_id backend);
};

extern const struct kind_list outlier_kinds;

static inline const struct outlier_ops *outlier_ops(const struct param_kind *outlier)
{
    return (const struct outlier_ops *)outlier->kind;
}

/* Both do nothing where it is so already. */
void outlier_eject(struct outlier_host *host, backend_id backend);
void outlier_admit(struct outlier_host *host, backend_id backend);

/* The rest is what several kinds share. */

/* No reply came: connection refused or reset, or the time was up. */
static inline bool outlier_is_local(const struct outcome_report *outcome)
{
    return outcome->status == 0;
}

/* No reply, or one of 5xx: what HTTP balancers call a failure.  404 is none. */
static inline bool outlier_is_failure(const struct outcome_report *outcome)
{
    return outlier_is_local(outcome) || outcome->status >= 500;
}

/* True `percent` times in a hundred; draws only where that is open. */
bool outlier_enforced(struct outlier_host *host, uint64_t percent);

/* The ends of an interval. */
struct outlier_tally {
    uint64_t successes, total;
};

/* mean - factor * population standard deviation; count > 0. */
double outlier_threshold(const double *rates, uint32_t count, double factor);

/* base * times, but no more than max(base, most); base > 0. */
sim_time outlier_ejection(sim_time base, uint64_t times, sim_time most);

/* One alarm for each slot. */
struct outlier_alarms {
    sim_time *at; /* SIM_NEVER: not set */
    uint32_t count;
    sim_time first;
};

void outlier_alarms_open(struct outlier_alarms *alarms, uint32_t count, struct arena *arena);
void outlier_alarms_set(struct outlier_alarms *alarms, backend_id backend, sim_time at);
/* Takes the lowest slot whose alarm is at `now` or before; NO_BACKEND: no more. */
backend_id outlier_alarms_take(struct outlier_alarms *alarms, sim_time now);

#endif
