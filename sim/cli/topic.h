/* SPDX-License-Identifier: GPL-3.0-or-later
   The lists that a user can ask for by name: kinds of everything that the scenario's tables
   know, metrics, columns of a trace. */
#ifndef SIM_CLI_TOPIC_H
#define SIM_CLI_TOPIC_H

#include "sim/engine/param.h"

#include <stdbool.h>
#include <stddef.h>

/* One entry of a list. */
struct topic {
    const char *name, *summary;
    const struct kind *kind;  /* of a list of kinds, else NULL */
    enum param_type unit;     /* of the kind's quantities */
    const char *measured;     /* unit of a metric or column, else "" */
};

struct topic_list {
    const char *name; /* "policies", as in `list` */
    const char *noun; /* "policy" */
    const char *path; /* row of the scenario that takes the kinds; NULL: see `at` */
    bool (*at)(size_t index, struct topic *topic);
};

/* The names of the lists, and "scenarios"; ends with NULL. */
extern const char *const topic_words[];

/* NULL past the end. */
const struct topic_list *topic_list_at(size_t index);
/* False past the end. */
bool topic_at(const struct topic_list *list, size_t index, struct topic *topic);
bool topic_find(const struct topic_list *list, const char *name, struct topic *topic);

#endif
