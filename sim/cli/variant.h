/* SPDX-License-Identifier: GPL-3.0-or-later
   Scenarios like another but for the size of some of its numbers: rates of open arrivals,
   demands, speeds, delays.  A variant is made of settings, as --set would. */
#ifndef SIM_CLI_VARIANT_H
#define SIM_CLI_VARIANT_H

#include "models/scenario.h"

enum variant_part { VARIANT_RATE, VARIANT_DEMAND, VARIANT_SPEED, VARIANT_DELAY };

/* A number that may be scaled. */
struct variant_value {
    const char *path;  /* as --set takes it */
    const char *named; /* with the names of clients and pods */
    const char *group; /* what is scaled together: "clients.0.demand" */
    enum variant_part part;
    const struct param *row;
    enum param_type type;
    double number;     /* as it is, in base units */
};

struct variant_list {
    struct variant_value *items;
    size_t count;
};

/* All of them, in the order of the scenario; memory from `arena`. */
struct variant_list variant_list(const struct scenario *scenario, struct arena *arena);
/* The number at a path (of either spelling), whatever it is.  False: there is none. */
bool variant_find(const struct scenario *scenario, const char *path, struct arena *arena,
                  struct variant_value *value);
/* The setting that makes it so large. */
struct config_setting variant_set(const struct variant_value *value, double number,
                                  struct arena *arena);

#endif
