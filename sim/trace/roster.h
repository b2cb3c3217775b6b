/* SPDX-License-Identifier: GPL-3.0-or-later
   Who appears in the rows of a run: client groups and pods by index, with what reports need
   to know of them.  Built by the world, or read back from a timeline and a trace. */
#ifndef SIM_TRACE_ROSTER_H
#define SIM_TRACE_ROSTER_H

#include "sim/engine/arena.h"
#include "sim/trace/roster_pod.h"

#include <stddef.h>

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
    struct roster_kind *kinds; /* 0: nothing is known of it */
    size_t kind_count, kind_room;
    struct roster_life *lives; /* 0: from the beginning to the end */
    size_t life_count, life_room;
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
   it is new.  Names are copied.  Only these three add entries. */
uint32_t roster_client(struct roster *roster, const char *name);
uint32_t roster_pod(struct roster *roster, const char *name);
/* The same of a name that is known to be new, which takes less time and memory. */
uint32_t roster_new_pod(struct roster *roster, const char *name);
/* Says what kind of pod it is.  The texts are copied. */
void roster_set_kind(struct roster *roster, uint32_t pod, const struct roster_kind *kind);
bool roster_is_same_kind(const struct roster_kind *a, const struct roster_kind *b);
/* The times of a pod, to be changed; until the next one is asked for. */
struct roster_life *roster_own_life(struct roster *roster, uint32_t pod);

/* Until a kind is set next. */
static inline const struct roster_kind *roster_kind(const struct roster *roster, size_t pod)
{
    return &roster->kinds[roster->pods[pod].kind];
}

/* Until somebody's times are to be changed next. */
static inline const struct roster_life *roster_life(const struct roster *roster, size_t pod)
{
    return &roster->lives[roster->pods[pod].life];
}

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
/* Those of all that there are by now, made when asked for, so that a run without a trace does
   not pay for them.  Until roster_free they stay as they are, whoever is added. */
const struct roster_cell *roster_client_cells(const struct roster *roster);
const struct roster_cell *roster_pod_cells(const struct roster *roster);
void roster_free(struct roster *roster);

/* What is worth keeping when a run is over: client groups, measured window, and the pods,
   without what became of them, if there are at most `pods` of them.  Nothing can be added to
   it, nor asked for by name. */
void roster_keep(struct roster *kept, const struct roster *roster, size_t pods);
/* Whether roster_keep would give an equal one. */
bool roster_is_kept(const struct roster *kept, const struct roster *roster, size_t pods);

#endif
