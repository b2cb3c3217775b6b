/* SPDX-License-Identifier: GPL-3.0-or-later
   A list of glances for each lane, behind one lock. */
#include "sim/cli/watch.h"

#include "sim/engine/check.h"

#include <pthread.h>
#include <stdlib.h>

struct watch_list {
    struct glance *glances;
    size_t count, room;
};

struct watch {
    pthread_mutex_t lock; /* guards the lists */
    struct watch_list *lists;
    size_t count;
};

struct watch *watch_open(size_t lanes)
{
    struct watch *watch = memory_zeroed(1, sizeof *watch);
    watch->lists = memory_zeroed(lanes, sizeof *watch->lists);
    watch->count = lanes;
    CHECK(pthread_mutex_init(&watch->lock, NULL) == 0);
    return watch;
}

void watch_take(struct watch *watch, size_t lane, const struct tally *tally)
{
    struct glance glance = glance_of(tally);
    pthread_mutex_lock(&watch->lock);
    struct watch_list *list = &watch->lists[lane];
    if (list->count == list->room) {
        list->room = list->room == 0 ? 16 : 2 * list->room;
        list->glances = memory_grow(list->glances, list->room, sizeof *list->glances);
    }
    list->glances[list->count++] = glance;
    pthread_mutex_unlock(&watch->lock);
}

struct watch_lane watch_look(struct watch *watch, size_t lane)
{
    pthread_mutex_lock(&watch->lock);
    const struct watch_list *list = &watch->lists[lane];
    struct watch_lane seen = {.done = list->count, .p99 = glance_pool(list->glances, list->count)};
    pthread_mutex_unlock(&watch->lock);
    return seen;
}

void watch_close(struct watch *watch)
{
    if (watch == NULL)
        return;
    for (size_t i = 0; i < watch->count; i++)
        free(watch->lists[i].glances);
    pthread_mutex_destroy(&watch->lock);
    free(watch->lists);
    free(watch);
}
