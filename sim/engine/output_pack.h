/* SPDX-License-Identifier: GPL-3.0-or-later
   A stream of bytes as one zstd frame, for output.c.  Equal bytes give an equal frame under
   one version of libzstd, however they were cut into writes. */
#ifndef SIM_ENGINE_OUTPUT_PACK_H
#define SIM_ENGINE_OUTPUT_PACK_H

#include <stdbool.h>
#include <stddef.h>

struct output_pack;

struct output_pack *output_pack_open(void);
/* Returns 0 or an errno. */
typedef int output_pack_write_call(void *context, const char *bytes, size_t size);
/* Hands what is ready to `write`; `last` ends the frame.  Returns the first errno. */
int output_pack_write(struct output_pack *pack, const char *bytes, size_t size, bool last,
                      output_pack_write_call *write, void *context);
void output_pack_close(struct output_pack *pack); /* NULL is fine */

#endif
