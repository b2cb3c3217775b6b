/* SPDX-License-Identifier: GPL-3.0-or-later
   Our own mistakes end the program at once: CHECK stays on in release builds and prints
   the condition, the place and the note of the run that failed.  The user's mistakes never
   come here: they become problems (sim/config/problem.h). */
#ifndef SIM_ENGINE_CHECK_H
#define SIM_ENGINE_CHECK_H

#include <stddef.h>

#define CHECK(condition) \
    ((condition) ? (void)0 : check_failed(#condition, __FILE__, __LINE__))

/* Prints condition, place and note to stderr, then exits with status 1. */
_Noreturn void check_failed(const char *condition, const char *file, int line);

/* What this thread is doing, e.g. the command that replays the run; printed when a CHECK
   fails.  `note` must outlive the work; NULL clears it. */
void check_note(const char *note);

/* Ends the program with "out of memory" and status 1; nobody passes that up. */
_Noreturn void check_out_of_memory(size_t bytes);

/* malloc, calloc and realloc of count * size bytes that never return NULL and never
   overflow. */
void *memory_take(size_t count, size_t size);
void *memory_zeroed(size_t count, size_t size);
void *memory_grow(void *memory, size_t count, size_t size);
/* As memory_zeroed, but most of it is never touched, and does not become memory then. */
void *memory_sparse(size_t count, size_t size);

#endif
