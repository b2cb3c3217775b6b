/* SPDX-License-Identifier: GPL-3.0-or-later
   The backends that are up, in slot order: what textbook hashing counts and numbers. */
#ifndef MODELS_BLOCKS_UP_LIST_H
#define MODELS_BLOCKS_UP_LIST_H

#include "models/policy.h"

struct up_list {
    backend_id *backends;
    uint32_t count;
};

static inline void up_list_init(struct up_list *list, const struct view *view,
                                struct arena *arena)
{
    list->backends = arena_take(arena, view->capacity, sizeof *list->backends);
}

static inline void up_list_update(struct up_list *list, const struct view *view)
{
    list->count = 0;
    for (backend_id i = 0; i < view->count; i++)
        if (view->is_up[i])
            list->backends[list->count++] = i;
}

/* Who is at `place`, or the next who may be picked; somebody must. */
static inline backend_id up_list_from(const struct up_list *list, const struct view *view,
                                      uint32_t place)
{
    while (!view->is_eligible[list->backends[place]])
        place = place + 1 < list->count ? place + 1 : 0;
    return list->backends[place];
}

#endif
