/* SPDX-License-Identifier: GPL-3.0-or-later
   A roster that outlives the world or the reading it came from. */
#ifndef SIM_CLI_ROSTER_FOLLOW_H
#define SIM_CLI_ROSTER_FOLLOW_H

#include "sim/trace/roster.h"

/* Brings `copy`, an initialised roster, up to date with `roster`, which may have grown. */
void roster_follow(struct roster *copy, const struct roster *roster);
/* The same where it grew; for calls with every block of rows. */
static inline void roster_follow_growth(struct roster *copy, const struct roster *roster)
{
    if (copy->pod_count != roster->pod_count || copy->client_count != roster->client_count)
        roster_follow(copy, roster);
}

#endif
