/* SPDX-License-Identifier: GPL-3.0-or-later
   The bytes of a file for csv.c, unpacked when it begins like a zstd file, without its
   byte-order mark. */
#ifndef SIM_ENGINE_CSV_INPUT_H
#define SIM_ENGINE_CSV_INPUT_H

#include <stdbool.h>
#include <stddef.h>

enum { CSV_INPUT_BLOCK = 64 * 1024 };

struct csv_input;

/* NULL when the file cannot be read as text, with the reason in `error`. */
struct csv_input *csv_input_open(const char *path, char *error, size_t error_room);
/* The next block, at most CSV_INPUT_BLOCK bytes, 0 at the end.  False on failure, with the
   reason in `error`. */
bool csv_input_next(struct csv_input *input, const char **bytes, size_t *size);
void csv_input_close(struct csv_input *input);

#endif
