/* SPDX-License-Identifier: GPL-3.0-or-later
   Where bound values stood: stretches of memory with marks, each within the one that was
   being bound around it. */
#ifndef SIM_CONFIG_PLACES_H
#define SIM_CONFIG_PLACES_H

#include "sim/config/problem.h"

struct place {
    const char *address;
    size_t size, parent, order;
    struct mark mark;
};

struct places {
    struct arena *arena;
    struct place *items;
    size_t count, room;
    size_t *sorted; /* after places_seal: by address, wider ones first */
};

enum { PLACES_ROOT = 0 }; /* the first place added; its own parent */

/* Returns the index of the new place. */
size_t places_add(struct places *places, const void *address, size_t size, size_t parent,
                  struct mark mark);
/* Makes places_find possible; nothing may be added after. */
void places_seal(struct places *places);
/* The mark of the narrowest place that holds the address, else of the root. */
struct mark places_find(const struct places *places, const void *address);

#endif
