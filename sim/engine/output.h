/* SPDX-License-Identifier: GPL-3.0-or-later
   A buffered writer with one sticky error: to a file descriptor, a file that appears under
   its name only when whole, or memory.  Every write, flush, sync, close and rename is
   checked; ENOSPC, EIO, EPIPE, EINTR and short writes are handled here and nowhere else. */
#ifndef SIM_ENGINE_OUTPUT_H
#define SIM_ENGINE_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct output;

struct output *output_to_descriptor(int descriptor, const char *name); /* not closed */
/* Writes to PATH.part-PID beside it; output_close syncs and renames it to `path`.  A `path`
   that is a device or a pipe is written in place.  NULL and errno when it cannot be
   created. */
struct output *output_to_file(const char *path);
struct output *output_to_memory(void);
const char *output_name(const struct output *output); /* for messages */

void output_bytes(struct output *output, const void *bytes, size_t size);
void output_text(struct output *output, const char *text);
void output_format(struct output *output, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void output_unsigned(struct output *output, uint64_t value);
void output_signed(struct output *output, int64_t value);
/* The shortest decimal that reads back equal; "nan", "inf", "-inf" for those. */
void output_double(struct output *output, double value);
/* A field of CSV: in quotes where RFC 4180 or the blanks around it ask for them. */
void output_field(struct output *output, const char *text);

/* At least `size` (at most 64 KiB) bytes of room in the buffer to write to directly;
   output_advance says how many were used. */
char *output_room(struct output *output, size_t size);
void output_advance(struct output *output, size_t used);

/* 0, or the errno of the first failure; later writes are dropped. */
int output_error(const struct output *output);
/* The bytes so far of an output_to_memory, NUL-terminated; owned by the output. */
const char *output_memory(const struct output *output, size_t *size);
/* Flushes, syncs, closes, renames, frees.  Returns output_error; on failure, or when
   `keep` is false, nothing new stays under the final name, the part file is removed. */
int output_close(struct output *output, bool keep);

/* Decimal digits of value at `to` (20 bytes at most); returns the end. */
char *text_unsigned(char *to, uint64_t value);
char *text_signed(char *to, int64_t value);
/* As output_field, into 2 * strlen(text) + 2 bytes; returns the end. */
char *text_field(char *to, const char *text);
/* As output_double, into 32 bytes; returns the end. */
char *text_double(char *to, double value);

#endif
