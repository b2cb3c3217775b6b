/* SPDX-License-Identifier: GPL-3.0-or-later
   Numbers for people: three significant digits and a unit they know.  For machines there is
   output_double. */
#ifndef SIM_REPORT_FIGURE_H
#define SIM_REPORT_FIGURE_H

#include <stddef.h>

enum { FIGURE_SIZE = 32 };

enum figure {
    FIGURE_TIME,    /* 41.2ms, from seconds */
    FIGURE_COUNT,   /* 21.6M; below 10 000 whole where it is, as of means it may not be */
    FIGURE_PERCENT, /* 12.3%, <0.001% */
    FIGURE_INDEX,   /* 0.9987 */
    FIGURE_NUMBER   /* 1.03 */
};

/* Writes a value into FIGURE_SIZE bytes; "-" for one that is not finite. */
void figure_write(char *to, enum figure figure, double value);

/* Half the width of an interval relative to its value, "±1.8%"; "" where there is none. */
void figure_write_half(char *to, double value, double high);

#endif
