/* SPDX-License-Identifier: GPL-3.0-or-later
   The episodes of one fault, in the order in which they began, and where in them a time falls.
   A moment at which an episode begins belongs to the time before it, the moment of its end to
   the episode: so nothing that comes at a later time changes an answer. */
#ifndef SIM_REPORT_EPISODE_H
#define SIM_REPORT_EPISODE_H

#include "sim/engine/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct episode {
    sim_time begin, end;     /* SIM_NEVER: it goes on */
    size_t before, after;    /* at the same pod; SIZE_MAX: none */
    uint32_t pod;
};

/* Of one pod, or of all: then an episode lasts while any pod is in one. */
struct episode_list {
    struct episode *episodes;
    size_t count, room;
    struct episode_pod {
        size_t last, near; /* the newest, and the one asked for last; SIZE_MAX: none */
    } *pods;
    uint32_t pod_room;
};

/* Where a time falls. */
enum episode_span {
    EPISODE_BEFORE,  /* of no episode, and a later one is known */
    EPISODE_DURING,
    EPISODE_AFTER,   /* for as long as the last one had lasted */
    EPISODE_WAITING, /* as before, if there is another one to come */
    EPISODE_SPANS
};

/* In order of time.  False where the pod is in one already, or in none. */
bool episode_begin(struct episode_list *list, uint32_t pod, sim_time at);
bool episode_end(struct episode_list *list, uint32_t pod, sim_time at);
void episode_free(struct episode_list *list);

/* The last episode of a pod that began before `at`; NULL: none. */
const struct episode *episode_at(struct episode_list *list, uint32_t pod, sim_time at);
enum episode_span episode_span(struct episode_list *list, uint32_t pod, sim_time at);

#endif
