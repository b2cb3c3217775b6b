/* SPDX-License-Identifier: GPL-3.0-or-later
   What a sweep varies: the axes of `vary` in the scenario, with those of --vary in place of
   the same path or added behind. */
#ifndef SIM_CLI_SWEEP_AXES_H
#define SIM_CLI_SWEEP_AXES_H

#include "sim/cli/load.h"
#include "sim/report/grid.h"

struct sweep_axes {
    struct grid_axis *items;
    size_t count;
    const struct scenario_vary **vary; /* by axis: where it stands in the file; NULL: --vary */
};

extern const struct option option_vary;

/* Collects the axes and tries each value alone, so that every mistake is shown at its place.
   STATUS_FINE, or a status after messages; memory from `arena`. */
int sweep_axes_read(const struct command_line *line, const struct loaded *base,
                    struct arena *arena, struct sweep_axes *axes);
/* The setting of a cell on an axis. */
struct config_setting sweep_axes_setting(const struct sweep_axes *axes, size_t cell,
                                         size_t axis, struct arena *arena);

#endif
