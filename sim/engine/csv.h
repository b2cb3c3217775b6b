/* SPDX-License-Identifier: GPL-3.0-or-later
   The only reader of CSV: libcsv in strict mode, with what it lacks: line numbers, header,
   column counts, a limit on field size, a byte-order mark, zstd input.  Rows come as text
   fields in file order. */
#ifndef SIM_ENGINE_CSV_H
#define SIM_ENGINE_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct csv_row {
    uint64_t line;       /* physical line on which the row begins, from 1 */
    const char **fields; /* NUL-terminated, valid during the callback; count of them */
    const size_t *sizes; /* bytes before the NUL, so that an embedded NUL can be seen */
    size_t count;
};

struct csv_reader {
    void *context;
    /* First row when has_header.  Return false to stop, after setting the error. */
    bool (*header)(void *context, const struct csv_row *row);
    bool (*row)(void *context, const struct csv_row *row);
    bool has_header;
    bool ragged;          /* accept rows of other lengths than the first one's */
    char delimiter;       /* 0: comma */
    /* Filled on failure: */
    uint64_t error_line;  /* 0: not about a line */
    char error[256];      /* one line, lower case, no final stop */
};

/* Reads the whole file (decompressing by its zstd magic number).  False on failure, with
   error and error_line set; callbacks may set them too before they return false. */
bool csv_read(const char *path, struct csv_reader *reader);

#endif
