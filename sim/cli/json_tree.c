/* SPDX-License-Identifier: GPL-3.0-or-later
   Recursive descent with a limit on depth; strict, as these files are written by us. */
#include "sim/cli/json_tree.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { JSON_TREE_DEPTH = 64 };

struct json_tree {
    const char *bytes, *at, *end;
    struct arena *arena;
    const char *error; /* NULL: none yet */
    int depth;
};

static bool json_tree_value(struct json_tree *tree, struct json_value *value);

static bool json_tree_fail(struct json_tree *tree, const char *error)
{
    if (!tree->error)
        tree->error = error;
    return false;
}

static void json_tree_space(struct json_tree *tree)
{
    while (tree->at < tree->end && strchr(" \t\r\n", *tree->at) && *tree->at)
        tree->at++;
}

static bool json_tree_accept(struct json_tree *tree, char byte)
{
    json_tree_space(tree);
    if (tree->at >= tree->end || *tree->at != byte)
        return false;
    tree->at++;
    return true;
}

/* Four hexadecimal digits; -1 where they are not. */
static long json_tree_hex(const char *digits)
{
    char copy[5] = {digits[0]};
    for (int i = 0; i < 4; i++) {
        if (!strchr("0123456789abcdefABCDEF", digits[i]) || !digits[i])
            return -1;
        copy[i] = digits[i];
    }
    return strtol(copy, NULL, 16);
}

static char *json_tree_utf8(char *to, unsigned long code)
{
    if (code < 0x80) {
        *to++ = (char)code;
    } else if (code < 0x800) {
        *to++ = (char)(0xc0 | code >> 6);
        *to++ = (char)(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        *to++ = (char)(0xe0 | code >> 12);
        *to++ = (char)(0x80 | (code >> 6 & 0x3f));
        *to++ = (char)(0x80 | (code & 0x3f));
    } else {
        *to++ = (char)(0xf0 | code >> 18);
        *to++ = (char)(0x80 | (code >> 12 & 0x3f));
        *to++ = (char)(0x80 | (code >> 6 & 0x3f));
        *to++ = (char)(0x80 | (code & 0x3f));
    }
    return to;
}

/* \uXXXX, or a pair of them; tree->at behind the u. */
static bool json_tree_unicode(struct json_tree *tree, char **to)
{
    long code = tree->end - tree->at >= 4 ? json_tree_hex(tree->at) : -1;
    if (code <= 0)
        return json_tree_fail(tree, "bad \\u escape");
    tree->at += 4;
    if (code >= 0xd800 && code < 0xe000) {
        bool is_pair = code < 0xdc00 && tree->end - tree->at >= 6 && tree->at[0] == '\\' &&
                       tree->at[1] == 'u';
        long low = is_pair ? json_tree_hex(tree->at + 2) : -1;
        if (low < 0xdc00 || low >= 0xe000)
            return json_tree_fail(tree, "unpaired surrogate");
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        tree->at += 6;
    }
    *to = json_tree_utf8(*to, (unsigned long)code);
    return true;
}

static bool json_tree_escape(struct json_tree *tree, char **to)
{
    static const char from[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    char byte = tree->at < tree->end ? *tree->at++ : '\0';
    if (byte == 'u')
        return json_tree_unicode(tree, to);
    const char *found = byte ? strchr(from, byte) : NULL;
    if (!found)
        return json_tree_fail(tree, "bad escape");
    *(*to)++ = meant[found - from];
    return true;
}

/* A text, its opening quote taken. */
static const char *json_tree_string(struct json_tree *tree)
{
    const char *close = tree->at;
    while (close < tree->end && *close != '"')
        close += *close == '\\' ? 2 : 1;
    if (close >= tree->end)
        return json_tree_fail(tree, "text without end"), NULL;
    char *text = arena_take(tree->arena, (size_t)(close - tree->at) + 1, 1), *to = text;
    while (tree->at < close) {
        char byte = *tree->at++;
        if ((unsigned char)byte < 0x20)
            return json_tree_fail(tree, "control character in a text"), NULL;
        if (byte != '\\')
            *to++ = byte;
        else if (!json_tree_escape(tree, &to))
            return NULL;
    }
    tree->at = close + 1;
    return text;
}

/* The members of a list or map up to `close`. */
static bool json_tree_members(struct json_tree *tree, struct json_value *value, char close)
{
    const struct json_value **link = &value->first;
    if (json_tree_accept(tree, close))
        return true;
    do {
        struct json_value *member = arena_take(tree->arena, 1, sizeof *member);
        if (value->type == JSON_MAP) {
            if (!json_tree_accept(tree, '"'))
                return json_tree_fail(tree, "expected a key");
            const char *key = json_tree_string(tree);
            if (!key || !json_tree_accept(tree, ':'))
                return json_tree_fail(tree, "expected ':'");
            member->key = key;
        }
        if (!json_tree_value(tree, member))
            return false;
        *link = member;
        link = &member->next;
    } while (json_tree_accept(tree, ','));
    return json_tree_accept(tree, close) || json_tree_fail(tree, "expected ',' or the end");
}

static bool json_tree_word(struct json_tree *tree, struct json_value *value)
{
    static const struct {
        const char *word;
        enum json_type type;
    } words[] = {{"null", JSON_NULL}, {"true", JSON_BOOL}, {"false", JSON_BOOL}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t length = strlen(words[i].word);
        if ((size_t)(tree->end - tree->at) < length ||
            memcmp(tree->at, words[i].word, length) != 0)
            continue;
        value->type = words[i].type;
        tree->at += length;
        return true;
    }
    return json_tree_fail(tree, "expected a value");
}

static bool json_tree_number(struct json_tree *tree, struct json_value *value)
{
    const char *begin = tree->at;
    while (tree->at < tree->end && *tree->at && strchr("+-.eE0123456789", *tree->at))
        tree->at++;
    char *end;
    strtod(begin, &end);
    value->type = JSON_NUMBER;
    return end == tree->at || json_tree_fail(tree, "bad number");
}

static bool json_tree_any(struct json_tree *tree, struct json_value *value)
{
    if (json_tree_accept(tree, '{')) {
        value->type = JSON_MAP;
        return json_tree_members(tree, value, '}');
    }
    if (json_tree_accept(tree, '[')) {
        value->type = JSON_LIST;
        return json_tree_members(tree, value, ']');
    }
    if (json_tree_accept(tree, '"')) {
        value->type = JSON_TEXT;
        value->text = json_tree_string(tree);
        return value->text != NULL;
    }
    if (tree->at < tree->end && *tree->at && strchr("-0123456789", *tree->at))
        return json_tree_number(tree, value);
    return json_tree_word(tree, value);
}

static bool json_tree_value(struct json_tree *tree, struct json_value *value)
{
    json_tree_space(tree);
    if (tree->depth == JSON_TREE_DEPTH)
        return json_tree_fail(tree, "nested too deeply");
    tree->depth++;
    value->begin = tree->at;
    bool fine = json_tree_any(tree, value);
    value->end = tree->at;
    tree->depth--;
    return fine;
}

const struct json_value *json_tree_read(const char *bytes, size_t size, struct arena *arena,
                                        char *message, size_t message_size)
{
    struct json_tree tree = {bytes, bytes, bytes + size, arena, NULL, 0};
    struct json_value *root = arena_take(arena, 1, sizeof *root);
    if (json_tree_value(&tree, root)) {
        json_tree_space(&tree);
        if (tree.at == tree.end)
            return root;
        json_tree_fail(&tree, "something follows the end");
    }
    size_t line = 1;
    for (const char *at = bytes; at < tree.at; at++)
        line += *at == '\n';
    snprintf(message, message_size, "line %zu: %s", line, tree.error);
    return NULL;
}

const struct json_value *json_tree_member(const struct json_value *map, const char *key)
{
    if (!map || map->type != JSON_MAP)
        return NULL;
    const struct json_value *member = map->first;
    while (member && strcmp(member->key, key) != 0)
        member = member->next;
    return member;
}

const char *json_tree_text(const struct json_value *value)
{
    return value && value->type == JSON_TEXT ? value->text : NULL;
}

double json_tree_double(const struct json_value *value)
{
    return value && value->type == JSON_NUMBER ? strtod(value->begin, NULL) : (double)NAN;
}

uint64_t json_tree_unsigned(const struct json_value *value)
{
    if (!value || value->type != JSON_NUMBER || *value->begin == '-')
        return 0;
    return strtoull(value->begin, NULL, 10);
}

bool json_tree_bool(const struct json_value *value)
{
    return value && value->type == JSON_BOOL && *value->begin == 't';
}
