/* SPDX-License-Identifier: GPL-3.0-or-later
   JSON with two spaces a level, one member a line; an empty container stays on its line. */
#include "sim/config/json.h"

#include "sim/engine/check.h"

#include <math.h>

static void json_indent(struct json *json)
{
    output_text(json->output, "\n");
    for (int i = 0; i < json->depth; i++)
        output_text(json->output, "  ");
}

static void json_escape(struct output *output, unsigned char byte)
{
    switch (byte) {
    case '"': output_text(output, "\\\""); return;
    case '\\': output_text(output, "\\\\"); return;
    case '\n': output_text(output, "\\n"); return;
    case '\t': output_text(output, "\\t"); return;
    default: output_format(output, "\\u%04x", (unsigned)byte); return;
    }
}

void json_quote(struct output *output, const char *text)
{
    output_text(output, "\"");
    const char *start = text;
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte >= 0x20 && byte != '"' && byte != '\\' && byte != 0x7f)
            continue;
        output_bytes(output, start, (size_t)(text - start));
        json_escape(output, byte);
        start = text + 1;
    }
    output_bytes(output, start, (size_t)(text - start));
    output_text(output, "\"");
}

void json_key(struct json *json, const char *key)
{
    if (json->depth > 0) {
        if (json->filled[json->depth])
            output_text(json->output, ",");
        json_indent(json);
    }
    json->filled[json->depth] = true;
    if (key) {
        json_quote(json->output, key);
        output_text(json->output, ": ");
    }
}

static void json_open(struct json *json, const char *key, const char *bracket)
{
    json_key(json, key);
    output_text(json->output, bracket);
    CHECK(json->depth + 1 < JSON_DEPTH_LIMIT);
    json->filled[++json->depth] = false;
}

static void json_close(struct json *json, const char *bracket)
{
    CHECK(json->depth > 0);
    bool filled = json->filled[json->depth--];
    if (filled)
        json_indent(json);
    output_text(json->output, bracket);
    if (json->depth == 0)
        output_text(json->output, "\n");
}

void json_map_open(struct json *json, const char *key)
{
    json_open(json, key, "{");
}

void json_map_close(struct json *json)
{
    json_close(json, "}");
}

void json_list_open(struct json *json, const char *key)
{
    json_open(json, key, "[");
}

void json_list_close(struct json *json)
{
    json_close(json, "]");
}

void json_text(struct json *json, const char *key, const char *text)
{
    json_key(json, key);
    if (text)
        json_quote(json->output, text);
    else
        output_text(json->output, "null");
}

void json_double(struct json *json, const char *key, double value)
{
    json_key(json, key);
    if (isfinite(value))
        output_double(json->output, value);
    else
        output_text(json->output, "null");
}

void json_unsigned(struct json *json, const char *key, uint64_t value)
{
    json_key(json, key);
    output_unsigned(json->output, value);
}

void json_signed(struct json *json, const char *key, int64_t value)
{
    json_key(json, key);
    output_signed(json->output, value);
}

void json_bool(struct json *json, const char *key, bool value)
{
    json_key(json, key);
    output_text(json->output, value ? "true" : "false");
}
