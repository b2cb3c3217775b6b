/* SPDX-License-Identifier: GPL-3.0-or-later
   Ctrl-C and SIGTERM during long work: the first asks it to end early, the second ends the
   program at once, leaving nothing half made. */
#ifndef SIM_CLI_INTERRUPT_H
#define SIM_CLI_INTERRUPT_H

#include <stdatomic.h>

struct interrupt {
    atomic_bool stop;           /* end early; work that fails may set it too */
    atomic_int signal;          /* the first that came; 0: none */
    _Atomic(const char *) part; /* folder to remove when ended at once; NULL: none */
    _Atomic(const char *) made; /* the topmost folder that was made above it; NULL: none */
};

/* Call once, before other threads start; `interrupt` (zeroed) must last as long as the
   program. */
void interrupt_watch(struct interrupt *interrupt);
/* The exit status that the signal asks for; 0: none came. */
int interrupt_status(const struct interrupt *interrupt);

#endif
