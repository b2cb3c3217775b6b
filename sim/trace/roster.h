/* SPDX-License-Identifier: GPL-3.0-or-later
   Who appears in the rows of a run: client groups and pods by index, with what reports need
   to know of them.  Built by the world, or read back from a timeline and a trace. */
#ifndef SIM_TRACE_ROSTER_H
#define SIM_TRACE_ROSTER_H

#include "sim/engine/arena.h"
#include "sim/engine/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct roster_pod {
    const char *name, *group, *zone; /* zone "" where none */
    double speed, weight;
    uint32_t workers; /* 0: unknown, as in a trace without a timeline */
    sim_time joined;  /* SIM_NEVER: it has not */
    sim_time left;    /* SIM_NEVER: still there at the end */
    sim_time created; /* SIM_NEVER: when it joined */
    sim_time ended;   /* SIM_NEVER: when it left */
    bool is_scaled;   /* comes and goes by an autoscaler: no churn is reckoned for that */
};

/* What became of a pod beside joining and leaving. */
enum roster_event {
    ROSTER_DOWN,  /* marked down: nothing is sent there */
    ROSTER_UP,    /* and up again */
    ROSTER_WEIGHT /* its weight is another from now on */
};

struct roster_change {
    sim_time at;
    enum roster_event event;
    uint32_t pod;
    double weight; /* of ROSTER_WEIGHT */
};

/* What went wrong, and what balancers made of it. */
enum roster_moment_kind {
    ROSTER_FAULT_BEGINS, /* an episode of a fault, at a pod */
    ROSTER_FAULT_ENDS,
    ROSTER_AVOIDED, /* a health check, outlier detection or reach keeps a balancer from a pod */
    ROSTER_TRUSTED  /* and no more */
};

struct roster_moment {
    sim_time at;
    enum roster_moment_kind kind;
    uint32_t pod;
    uint32_t number; /* of the fault, or of the balancer instance, from 0 */
};

/* A tier of balancers. */
struct roster_tier {
    const char *name;
    uint32_t count; /* of its instances, at most */
    struct roster_tier_size {
        sim_time at;
        uint32_t count;
    } *sizes; /* how many there were from then on; none: always all */
    size_t size_count;
};

/* DNS takes a site out of its answers, or back in. */
struct roster_site {
    sim_time at;
    const char *zone;
    bool is_up;
};

/* More moments than that, or sites, are not kept. */
enum { ROSTER_MOMENTS_MAX = 200000 };

struct roster {
    const char **clients;
    size_t client_count, client_room;
    struct roster_pod *pods;
    size_t pod_count, pod_room;
    struct roster_change *changes; /* those of one time in the order in which they came */
    size_t change_count, change_room;
    struct roster_moment *moments; /* by time, else in the order in which they came */
    size_t moment_count, moment_room;
    struct roster_site *sites; /* in order of time */
    size_t site_count, site_room;
    sim_time cut; /* SIM_NEVER, or the first moment that was one too many */
    const char **faults; /* what each is: "crash of old-0, from 20s to 40s" */
    size_t fault_count;
    struct roster_tier *tiers; /* from the client inwards; none where there is one instance
                                  in all, nor where they are not known */
    size_t tier_count;
    uint32_t guards; /* balancer instances that may avoid pods */
    const char **places; /* zones of balancer instances, of the last tier; "" unknown */
    size_t place_count;
    const char **homes; /* zones of client groups; likewise */
    size_t home_count;
    sim_time measure_begin, measure_end; /* SIM_NEVER, SIM_NEVER: unknown; then all rows'
                                            span of due times */
    struct roster_index *index; /* finds names; NULL until asked */
    struct arena arena;         /* owns the texts */
};

enum {
    ROSTER_NAME_BYTES = 256, /* of a name, at most, in UTF-8 */
    ROSTER_CELL_ROOM = 32
};

/* A name as it stands in CSV, with the comma behind it. */
struct roster_cell {
    const char *text; /* at least ROSTER_CELL_ROOM bytes may be read */
    size_t size;
};

void roster_init(struct roster *roster);
/* The index of a name, adding it (group and zone "", speed and weight 1, there for ever) if
   it is new.  Names are copied.  Only these two add entries. */
uint32_t roster_client(struct roster *roster, const char *name);
uint32_t roster_pod(struct roster *roster, const char *name);
/* Adds to the changes. */
void roster_change(struct roster *roster, struct roster_change change);
/* Adds to the moments, in order of time; live ones come in that order anyway. */
void roster_moment(struct roster *roster, struct roster_moment moment);
/* Adds to what became of sites. */
void roster_site(struct roster *roster, sim_time at, const char *zone, bool is_up);
/* Adds a tier behind those that there are.  The name is copied. */
void roster_tier(struct roster *roster, const char *name, uint32_t count);
/* From now on so many instances of a tier are there. */
void roster_tier_size(struct roster *roster, size_t tier, sim_time at, uint32_t count);
/* Says what a fault is; faults below it that nobody described are "". */
void roster_fault(struct roster *roster, uint32_t number, const char *about);
/* Says in which zone a balancer instance is; of those below it that nobody told, nothing is
   known. */
void roster_place(struct roster *roster, uint32_t balancer, const char *zone);
/* The same of a client group. */
void roster_home(struct roster *roster, uint32_t client, const char *zone);
/* Made when first asked for, so that a run without a trace does not pay for them. */
const struct roster_cell *roster_client_cell(const struct roster *roster, uint32_t client);
const struct roster_cell *roster_pod_cell(const struct roster *roster, uint32_t pod);
void roster_free(struct roster *roster);

/* What is worth keeping when a run is over: client groups, measured window, and the pods,
   without what became of them, if there are at most `pods` of them.  Nothing can be added to
   it, nor asked for by name. */
void roster_keep(struct roster *kept, const struct roster *roster, size_t pods);
/* Whether roster_keep would give an equal one. */
bool roster_is_kept(const struct roster *kept, const struct roster *roster, size_t pods);

#endif
