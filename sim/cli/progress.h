/* SPDX-License-Identifier: GPL-3.0-or-later
   The live view of a run: a bar with the time that is left and, below it, how far each policy
   is and what its p99 is so far, drawn over itself on a terminal. */
#ifndef SIM_CLI_PROGRESS_H
#define SIM_CLI_PROGRESS_H

#include "sim/cli/watch.h"

struct progress {
    const char *title; /* the scenario */
    double began;      /* progress_clock */
    size_t lines;      /* drawn */
};

/* How much of a terminal there is. */
struct progress_size {
    size_t columns, rows;
};

/* Seconds on a clock that never jumps. */
double progress_clock(void);
void progress_draw(struct progress *progress, const struct watch_view *view);
/* Wipes it all. */
void progress_clear(struct progress *progress);

/* The lines alone, each ended by a newline, none wider than the terminal; how many. */
size_t progress_format(const char *title, double elapsed, const struct watch_view *view,
                       struct progress_size size, struct output *output);

#endif
