/* SPDX-License-Identifier: GPL-3.0-or-later
   The balancers themselves, from rows: how requests spread over the instances of each tier,
   what each instance of the last one did, and which pods it used.  Only requests due in the
   measured window count. */
#ifndef SIM_REPORT_FLEET_H
#define SIM_REPORT_FLEET_H

#include "sim/report/pairs.h"
#include "sim/stats/histogram.h"
#include "sim/trace/hops.h"

enum { FLEET_LISTED_MAX = 64 }; /* with more instances none has figures of its own */

struct fleet_tier {
    const char *name;
    uint32_t count;     /* of instances that there can be */
    uint64_t *requests; /* by instance, decided there or further in */
    struct fleet_presence {
        double mean;   /* instances that there were in the measured window */
        uint32_t most; /* at one time */
    } presence; /* of a closed one */
};

struct fleet_instance {
    const char *name; /* NAME-0, NAME-1, … */
    uint64_t failed;
    struct histogram law; /* of requests answered or timed out */
    unsigned char *packed; /* of a closed one: see sparse.h */
};

struct fleet {
    struct fleet_tier tiers[HOPS_TIERS_MAX];
    size_t tier_count; /* 0: there is one instance in all, or nothing is known */
    struct fleet_instance *instances; /* of the last tier */
    size_t instance_count;            /* 0: too many, or one */
    struct pairs pairs;               /* until it is closed */
    bool has_pairs, is_closed;
    bool is_large; /* too much so for pairs */
    struct pairs_count counted;       /* of a closed one */
};

/* Of one tier. */
struct fleet_count {
    struct moments requests; /* of its instances, but for those that were never there */
    double instances;        /* that there were, mean over the measured window */
    struct pairs_count pairs;
    bool has_pairs;
};

void fleet_open(struct fleet *fleet, const struct roster *roster, struct arena *arena);
void fleet_free(struct fleet *fleet);
void fleet_close(struct fleet *fleet, const struct roster *roster);

/* `hops` is NULL where there are none. */
void fleet_rows(struct fleet *fleet, const struct trace_row *rows, const struct trace_hops *hops,
                size_t count);

/* Whether the last tier has more instances than are listed. */
bool fleet_is_crowded(const struct fleet *fleet);
/* Whether an instance of the last tier was there in the measured window, or did anything. */
bool fleet_was_there(const struct fleet *fleet, const struct roster *roster, size_t instance);

struct fleet_count fleet_count(const struct fleet *fleet, const struct roster *roster,
                               size_t tier);

#endif
