/* SPDX-License-Identifier: GPL-3.0-or-later
   A map whose kind has its parameters beside it, for the tests of sim/config:
   {kind: slow, at: 3m, pace: 0.5}. */
#ifndef TESTS_SIM_CONFIG_EVENT_TABLE_H
#define TESTS_SIM_CONFIG_EVENT_TABLE_H

#include "sim/engine/param.h"

struct event_slow {
    double pace;
    sim_time until;
};
struct event_fill {
    double amount;
};
static const struct param event_slow_params[] = {
    {"pace", PARAM_NUMBER, PARAM_FIELD(struct event_slow, pace, double), "0.5", 0.01, 1,
     .help = "share of the speed that is left"},
    {"until", PARAM_DURATION, PARAM_FIELD(struct event_slow, until, sim_time), "none",
     .help = "when it ends", .also = "none"},
    PARAM_END};
static const struct param event_fill_params[] = {
    {"amount", PARAM_QUANTITY, PARAM_FIELD(struct event_fill, amount, double),
     .help = "how much is put in"},
    PARAM_END};
static const struct kind event_list[] = {
    {"slow", "works slowly", event_slow_params, sizeof(struct event_slow), NULL},
    {"stop", "does not work", NULL, 0, NULL},
    {"fill", "is filled", event_fill_params, sizeof(struct event_fill), NULL},
};
static const struct kind *event_at(size_t index)
{
    return index < sizeof event_list / sizeof *event_list ? &event_list[index] : NULL;
}
static const struct kind_list event_kinds = {"event", NULL, event_at};

struct event {
    struct param_kind kind;
    sim_time at;
    const char *what; /* may be absent */
};

static const struct param event_params[] = {
    {"at", PARAM_DURATION, PARAM_FIELD(struct event, at, sim_time), .help = "when it begins"},
    {"kind", PARAM_KIND, PARAM_FIELD(struct event, kind, struct param_kind),
     .help = "what happens", .of.kinds = &event_kinds, .unit = PARAM_SIZE, .beside = true},
    {"what", PARAM_TEXT, PARAM_FIELD(struct event, what, const char *), "", .help = "to whom"},
    PARAM_END};

#endif
