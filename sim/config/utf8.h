/* SPDX-License-Identifier: GPL-3.0-or-later
   The little of UTF-8 that places and messages need. */
#ifndef SIM_CONFIG_UTF8_H
#define SIM_CONFIG_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the well-formed character that `text` starts with; 0 if there is none within
   `left` bytes (also for overlong forms, surrogates and beyond U+10FFFF). */
size_t utf8_size(const char *text, size_t left);

/* Whether the character (of utf8_size bytes) is a control character, a line or paragraph
   separator or a bidirectional mark: nothing that a terminal should get. */
bool utf8_is_hidden(const char *text, size_t size);

/* Characters in `size` bytes; a byte that fits nowhere counts as one. */
size_t utf8_count(const char *text, size_t size);

#endif
