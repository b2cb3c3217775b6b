/* SPDX-License-Identifier: GPL-3.0-or-later
   Reads JSON (RFC 8259) back: results that this program wrote.  Scenarios, YAML or JSON, are
   read by sim/config. */
#ifndef SIM_CLI_JSON_TREE_H
#define SIM_CLI_JSON_TREE_H

#include "sim/engine/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum json_type { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_TEXT, JSON_LIST, JSON_MAP };

struct json_value {
    enum json_type type;
    const char *key;           /* of a map's member, else NULL */
    const char *begin, *end;   /* as it stands in the text */
    const char *text;          /* JSON_TEXT: decoded, NUL-terminated */
    const struct json_value *first, *next; /* members; the next one beside it */
};

/* Parses `size` bytes followed by a NUL, which must outlive the tree; memory from `arena`.
   NULL after writing one line to `message`. */
const struct json_value *json_tree_read(const char *bytes, size_t size, struct arena *arena,
                                        char *message, size_t message_size);

/* These take NULL for an absent value. */
const struct json_value *json_tree_member(const struct json_value *map, const char *key);
const char *json_tree_text(const struct json_value *value);   /* NULL: not a text */
double json_tree_double(const struct json_value *value);      /* NaN: not a number */
uint64_t json_tree_unsigned(const struct json_value *value);  /* 0: not a whole number */
bool json_tree_bool(const struct json_value *value);          /* false: not true */

#endif
