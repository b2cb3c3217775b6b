/* SPDX-License-Identifier: GPL-3.0-or-later
   A writer of JSON: keeps commas, indentation and escapes; the caller keeps keys sorted.
   Closing the outermost container ends the line. */
#ifndef SIM_CONFIG_JSON_H
#define SIM_CONFIG_JSON_H

#include "sim/engine/output.h"

enum { JSON_DEPTH_LIMIT = 64 };

struct json {
    struct output *output;
    int depth;
    bool filled[JSON_DEPTH_LIMIT]; /* the open container at that depth has a member */
};

/* A text as JSON has it, in quotes. */
void json_quote(struct output *output, const char *text);

/* Writes comma, line and key; the caller writes the value to the output itself, e.g. by
   config_dump with the json's depth as indent. */
void json_key(struct json *json, const char *key);

/* key NULL inside a list and at the top. */
void json_map_open(struct json *json, const char *key);
void json_map_close(struct json *json);
void json_list_open(struct json *json, const char *key);
void json_list_close(struct json *json);
void json_text(struct json *json, const char *key, const char *text); /* NULL: null */
void json_double(struct json *json, const char *key, double value); /* not finite: null */
void json_unsigned(struct json *json, const char *key, uint64_t value);
void json_signed(struct json *json, const char *key, int64_t value);
void json_bool(struct json *json, const char *key, bool value);

#endif
