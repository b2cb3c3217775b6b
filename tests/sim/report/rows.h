/* SPDX-License-Identifier: GPL-3.0-or-later
   Rows and rosters by hand, for the tests of reports. */
#ifndef TESTS_SIM_REPORT_ROWS_H
#define TESTS_SIM_REPORT_ROWS_H

#include "sim/report/report.h"

/* A pod of speed and weight 1. */
static inline void rows_kind(struct roster *roster, uint32_t pod, const char *group,
                             const char *zone, uint32_t workers)
{
    struct roster_kind kind = {group, zone, .speed = 1, .weight = 1, .workers = workers};
    roster_set_kind(roster, pod, &kind);
}

/* Two client groups (web, batch), pods a-1 and a-2 of group a with one worker, b-1 of group
   b with two; measured from 1000 to 2000 ns. */
static inline void rows_roster(struct roster *roster)
{
    static const char *const pods[] = {"a-1", "a-2", "b-1"};
    roster_init(roster);
    roster->measure_begin = 1000;
    roster->measure_end = 2000;
    roster_client(roster, "web");
    roster_client(roster, "batch");
    for (int i = 0; i < 3; i++) {
        uint32_t pod = roster_pod(roster, pods[i]);
        rows_kind(roster, pod, i < 2 ? "a" : "b", "", i < 2 ? 1 : 2);
    }
}

/* An answered request, last attempt: 1 ns client, 2 + 3 + 7 network, 5 balancer, then queue
   and service as given; the latency is 18 + queue + service. */
static inline struct trace_row rows_ok(sim_time due, uint32_t pod, sim_time queue,
                                       sim_time service)
{
    struct trace_row row = {.due = due, .pod = pod, .last = 1, .phase = PHASE_MEASURE};
    row.sent = row.due + 1;
    row.received = row.sent + 2;
    row.dispatched = row.received + 5;
    row.arrived = row.dispatched + 3;
    row.started = row.arrived + queue;
    row.served = row.started + service;
    row.ended = row.served + 7;
    return row;
}

/* One that stopped `after` being due, before it reached a pod. */
static inline struct trace_row rows_failed(sim_time due, enum outcome outcome, sim_time after)
{
    struct trace_row row = {.due = due, .pod = ROW_NO_POD, .last = 1, .phase = PHASE_MEASURE};
    row.sent = row.received = due;
    row.dispatched = row.arrived = row.started = row.served = row.ended = due + after;
    row.outcome = (uint8_t)outcome;
    return row;
}

#endif
