/* SPDX-License-Identifier: GPL-3.0-or-later
   A sweep: a scenario run once for each combination of the values of `vary` and --vary, all
   on the same seed and on the same threads.  Its folder holds a folder for each cell, the
   figures of all (sweep.csv, sweep.md), and what was swept (sweep.json). */
#ifndef SIM_CLI_SWEEP_H
#define SIM_CLI_SWEEP_H

#include "sim/cli/run.h"
#include "sim/cli/sweep_axes.h"

enum { SWEEP_CELLS_MAX = 1000 };

struct sweep {
    struct sweep_axes axes;
    struct run *base;  /* the scenario as it stands; owned by the caller */
    struct run *cells; /* of each combination, the last axis turning fastest */
    const char **folders; /* names of their folders */
    size_t count;         /* of cells; 0: nothing varies */
    size_t loaded;        /* of them */
    char *identity;       /* what sweep.json holds of a complete sweep */
    enum result_folder_state state; /* of the folder before */
    struct arena arena;
};

/* These return an exit status, STATUS_FINE or one after messages. */

/* Loads every cell of the grid of `base`, which is prepared; sweep->count is 0 where neither
   the scenario nor the command line varies anything.  To be freed in any case. */
int sweep_prepare(const struct run_order *order, struct run *base, struct sweep *sweep);
/* Refuses a folder that may not be replaced. */
int sweep_look(const struct run_order *order, struct sweep *sweep);
/* Simulates, writes the folder, prints the tables: the `index`-th of the command. */
int sweep_simulate(const struct run_order *order, struct sweep *sweep, size_t index);
void sweep_free(struct sweep *sweep);

#endif
