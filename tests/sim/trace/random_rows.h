/* SPDX-License-Identifier: GPL-3.0-or-later
   Rows with all that columns may have in them, and a roster for them with odd names. */
#ifndef TESTS_SIM_TRACE_RANDOM_ROWS_H
#define TESTS_SIM_TRACE_RANDOM_ROWS_H

#include "sim/engine/rng.h"
#include "sim/trace/roster.h"
#include "sim/trace/row.h"

#include <stdio.h>
#include <string.h>

enum { RANDOM_PODS = 20, RANDOM_CLIENTS = 5 };

/* Zero often, small often, now and then the largest there is. */
static inline sim_time random_duration(struct rng *rng)
{
    uint64_t draw = rng_next(rng);
    if (draw % 4 == 0)
        return 0;
    return draw % 101 == 0 ? SIM_LONGEST : (sim_time)((draw >> 8) >> (8 + draw % 48));
}

static inline uint64_t random_number(struct rng *rng, uint64_t limit)
{
    uint64_t draw = rng_next(rng);
    return draw % 3 == 0 ? 0 : draw % 17 == 0 ? limit : (draw >> draw % 60) & limit;
}

static inline struct trace_row random_row(struct rng *rng)
{
    struct trace_row row;
    memset(&row, 0, sizeof row);
    row.request = random_number(rng, UINT64_MAX);
    row.key = random_number(rng, UINT64_MAX);
    row.size = random_number(rng, UINT64_MAX);
    row.demand = random_duration(rng);
    row.due = random_duration(rng);
    row.sent = row.due + random_duration(rng);
    row.received = row.sent + random_duration(rng);
    row.dispatched = row.received + random_duration(rng);
    row.arrived = row.dispatched + random_duration(rng);
    row.started = row.arrived + random_duration(rng);
    row.served = row.started + random_duration(rng);
    row.ended = row.due + random_duration(rng); /* before served where a client gave up */
    row.user = (uint32_t)random_number(rng, UINT32_MAX);
    row.pod = rng_next(rng) % 9 == 0 ? ROW_NO_POD : (uint32_t)(rng_next(rng) % RANDOM_PODS);
    row.client = (uint16_t)(rng_next(rng) % RANDOM_CLIENTS);
    row.balancer = (uint16_t)random_number(rng, UINT16_MAX);
    row.attempt = (uint8_t)random_number(rng, UINT8_MAX);
    row.outcome = (uint8_t)(rng_next(rng) % OUTCOME_COUNT);
    row.phase = (uint8_t)(rng_next(rng) % PHASE_COUNT);
    row.last = rng_next(rng) % 2 > 0;
    row.cache = (unsigned)rng_below(rng, LOOKUP_COUNT) & 3;
    return row;
}

static inline void random_roster(struct roster *roster)
{
    static const char *const odd[] = {"plain",    "with,comma", "with \"quotes\"",
                                      " blanks ", "=1+1",       "\xc3\xa9t\xc3\xa9"};
    char name[ROSTER_NAME_BYTES + 1];
    roster_init(roster);
    for (int i = 0; i < RANDOM_CLIENTS; i++)
        roster_client(roster, odd[i]);
    for (int i = 0; i < RANDOM_PODS; i++) {
        snprintf(name, sizeof name, "%s-%d", odd[i % 6], i);
        roster_pod(roster, name);
    }
    memset(name, '"', ROSTER_NAME_BYTES);
    name[ROSTER_NAME_BYTES] = '\0';
    roster_pod(roster, name);
}

#endif
