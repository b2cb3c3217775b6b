/* SPDX-License-Identifier: GPL-3.0-or-later
   The reports of a sweep: one for each cell of a grid of settings, as tables of a metric by
   the settings, as sweep.csv (long form, a column for each setting), and as JSON. */
#ifndef SIM_REPORT_GRID_H
#define SIM_REPORT_GRID_H

#include "sim/report/report.h"

#define GRID_FILE "sweep.csv"

/* A setting that varies. */
struct grid_axis {
    const char *path;          /* clients.web.arrivals.poisson.rate */
    const char *name;          /* short: rate */
    const char *const *values; /* as in --set; `count` of them */
    size_t count;
};

struct grid_cell {
    const struct report *report;
    double load;              /* offered, as a share of capacity; NaN: unknown */
    const char *const *notes; /* end with NULL */
};

/* Cells are in the order of their settings, the last axis turning fastest. */
struct grid {
    const char *scenario, *summary; /* summary may be NULL */
    const char *version;
    uint64_t seed;
    bool partial; /* stopped early */
    const struct grid_axis *axes;
    size_t axis_count;
    const struct grid_cell *cells;
    size_t cell_count;
};

/* The value that an axis has in a cell. */
const char *grid_value(const struct grid_axis *axes, size_t axis_count, size_t cell,
                       size_t axis);
/* "rate=600/s, count=8" of a cell. */
void grid_title(const struct grid *grid, size_t cell, char *to, size_t size);

void grid_render(const struct grid *grid, enum report_format format, bool color,
                 struct output *output);

/* One figure of scope "all", as sweep.csv has it; NaN: none. */
struct grid_point {
    const char *policy, *metric, *unit;
    const char *first;  /* value of the first axis */
    const char *others; /* of all others: "count=8", "" */
    double load, value, low, high;
};

struct grid_points {
    const char *scenario;
    const char *path; /* of the first axis */
    struct grid_point *items;
    size_t count, room;
};

/* Reads a sweep.csv; texts from `arena`, `points->items` to be freed.  False after a line in
   `message`. */
bool grid_read(const char *path, struct arena *arena, struct grid_points *points,
               char *message, size_t size);

#endif
