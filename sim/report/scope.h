/* SPDX-License-Identifier: GPL-3.0-or-later
   Who has figures of their own, by name, because the replications of a policy number their
   pods and client groups each for themselves. */
#ifndef SIM_REPORT_SCOPE_H
#define SIM_REPORT_SCOPE_H

#include "sim/report/tally.h"

enum scope_kind {
    SCOPE_ALL,
    SCOPE_CLIENT,
    SCOPE_GROUP,
    SCOPE_POD,
    SCOPE_CHANGE, /* a membership change */
    SCOPE_FAULT,  /* an entry of the scenario's faults */
    SCOPE_WINDOW, /* a stretch of time, warm-up included */
    SCOPE_HOP,    /* on the way of requests */
    SCOPE_TIER,   /* of balancers */
    SCOPE_BALANCER, /* an instance of the last tier */
    SCOPE_KIND_COUNT
};

enum { SCOPE_MEMBERS_MAX = TALLY_PODS_KEPT }; /* more of a kind: none of them is listed */

/* "client " and so on, as a measure's scope begins; "all" for SCOPE_ALL. */
extern const char *const scope_words[];

struct scope_list {
    const char **names; /* unique, in natural order: pod-2 before pod-10; owned by `arena` */
    size_t count;
    bool crowded; /* too many: the list is empty, that of faults cut; of tiers: too many pairs */
};

/* Everybody of a kind (not SCOPE_ALL) with rows, or who was there while it was measured. */
struct scope_list scope_list(enum scope_kind kind, struct tally *const *tallies,
                             size_t count, struct arena *arena);

/* The number that `name` has in a tally; SIZE_MAX: none.  `hint` is tried first. */
size_t scope_find(enum scope_kind kind, const struct tally *tally, const char *name,
                  size_t hint);

/* How long a pod was there within [begin, end). */
sim_time scope_presence(const struct roster_life *life, sim_time begin, sim_time end);
/* How long it was paid for: from its creation to its end. */
sim_time scope_cost(const struct roster_life *life, sim_time begin, sim_time end);

/* <0, 0 or >0 as strcmp, but runs of digits compare as numbers. */
int scope_compare(const char *a, const char *b);

#endif
