/* SPDX-License-Identifier: GPL-3.0-or-later
   The only place that runs gnuplot: one process for a picture, without a shell and without the
   user's own settings.  Script in by stdin, picture out by stdout, so that no name of a file
   is ever part of a script. */
#ifndef SIM_CLI_GNUPLOT_H
#define SIM_CLI_GNUPLOT_H

#include <stdbool.h>
#include <stddef.h>

enum gnuplot_result {
    GNUPLOT_FINE,
    GNUPLOT_ABSENT, /* it is not installed */
    GNUPLOT_FAILED
};

enum { GNUPLOT_SECONDS_MAX = 60 }; /* longer than that, it is ended */

/* Runs a script and writes what it draws to `path`, which appears only when whole.  On failure
   `message` (of `size` bytes) is one line saying why. */
enum gnuplot_result gnuplot_run(const char *script, size_t length, const char *path,
                                char *message, size_t size);

#endif
