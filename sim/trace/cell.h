/* SPDX-License-Identifier: GPL-3.0-or-later
   Single fields of CSV, for the readers of traces and timelines. */
#ifndef SIM_TRACE_CELL_H
#define SIM_TRACE_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CELL_QUOTED_BYTES = 64 };

/* A whole number of decimal digits, up to `limit`. */
bool cell_count(const char *text, size_t size, uint64_t limit, uint64_t *value);
/* A finite number of at least 0. */
bool cell_number(const char *text, size_t size, double *value);
/* The index of one of `words`, which end with NULL. */
bool cell_word(const char *text, size_t size, const char *const *words, uint64_t *value);
/* UTF-8 without control characters, 1 to ROSTER_NAME_BYTES bytes. */
bool cell_is_name(const char *text, size_t size);
/* The text in quotes for a message: cut when long, bytes outside ASCII as \xNN. */
const char *cell_quote(const char *text, size_t size, char quoted[CELL_QUOTED_BYTES]);
/* "ok, rejected or timeout" of words that end with NULL. */
void cell_list(const char *const *words, char *list, size_t room);

#endif
