/* SPDX-License-Identifier: GPL-3.0-or-later
   A bar with the policy at work and the time that is left, drawn over itself on a terminal. */
#ifndef SIM_CLI_PROGRESS_H
#define SIM_CLI_PROGRESS_H

#include <stdbool.h>

struct progress {
    const char *title; /* the scenario */
    double began;      /* progress_clock */
    bool live;         /* false: nothing is drawn */
    bool drawn;
};

/* Seconds on a clock that never jumps. */
double progress_clock(void);
/* share from 0 to 1. */
void progress_draw(struct progress *progress, const char *policy, double share);
/* Wipes the bar. */
void progress_clear(struct progress *progress);

#endif
