/* SPDX-License-Identifier: GPL-3.0-or-later
   The kinds of events of a world; the switch in world.c says what each does. */
#ifndef MODELS_EVENT_KIND_H
#define MODELS_EVENT_KIND_H

/* Everything that can happen. */
enum event_kind {
    EVENT_AT_BALANCER,   /* subject: attempt; detail: its pod, if any.  Stale for an attempt */
    EVENT_DECIDED,       /* that has ended, up to EVENT_BACK_AT_TIER */
    EVENT_UPSTREAM,      /* the connection to its pod is there */
    EVENT_AT_POD,
    EVENT_SERVED,
    EVENT_BACK_AT_BALANCER,
    EVENT_BACK_AT_CLIENT,
    EVENT_TIMEOUT,
    EVENT_QUEUE_TIMEOUT,
    EVENT_RETRY,
    EVENT_FAILED,        /* under a fault, at once */
    EVENT_CANCEL,
    EVENT_TRY_TIMEOUT,   /* detail: number of the attempt */
    EVENT_HEDGE,         /* likewise */
    EVENT_CONNECTED,
    EVENT_AT_TIER,       /* of balancers, before the last */
    EVENT_TIER_DECIDED,
    EVENT_TIER_TIMEOUT,  /* detail: tier in whose queue it waits */
    EVENT_BACK_AT_TIER,
    EVENT_ARRIVAL,       /* subject: client group */
    EVENT_CONNECTION,    /* subject: connection; ticket: its life */
    EVENT_ASK,           /* subject: client group; detail: user */
    EVENT_SHARE_LEAVES,  /* subject: pod */
    EVENT_PROBE_AT_POD,  /* subject: balancer; detail: pod */
    EVENT_PROBE_BACK,    /* subject: balancer; detail: probe */
    EVENT_MEMBERSHIP,    /* subject: step of the plan */
    EVENT_REBUILT,       /* subject: balancer */
    EVENT_CHECK,         /* subject: balancer; detail: pod; ticket: step */
    EVENT_DETECT,        /* subject: balancer */
    EVENT_SLOW_START,    /* subject: balancer; detail: pod */
    EVENT_FAULT,         /* subject: site; detail: what */
    EVENT_QUOTA_BEGINS,  /* subject: pod */
    EVENT_QUOTA_ENDS,    /* likewise */
    EVENT_ENDPOINTS_SENT,
    EVENT_ENDPOINTS,     /* subject: balancer; detail: how many news the update has */
    EVENT_SYNC,          /* subject: balancer */
    EVENT_SYNCED,        /* subject: balancer; detail: as EVENT_ENDPOINTS */
    EVENT_LIFE,          /* subject: pod; detail: what */
    EVENT_SCALE,         /* subject: autoscaler */
    EVENT_DNS_CHECK,     /* subject: site; detail: what */
    EVENT_ENGINES,       /* detail: so many are ready; 0: to decide */
    EVENT_END,           /* nothing goes on beyond this */
};

#endif
