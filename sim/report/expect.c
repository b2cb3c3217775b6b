/* SPDX-License-Identifier: GPL-3.0-or-later
   Word by word from left to right.  Blanks may be left out around operators. */
#include "sim/report/expect.h"

#include "sim/config/unit.h"
#include "sim/report/metric_find.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define EXPECT_STORED "baseline"
#define EXPECT_FORM "write it like `p99 of p2c < 60ms` or `p99 of p2c <= 0.9 * p99 of random`"

struct expect_reader {
    const char *text, *at;
    struct arena *arena;
    struct expect_error *error;
};

static bool expect_fail(struct expect_reader *reader, const char *at, size_t length,
                        const char *hint, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

static bool expect_fail(struct expect_reader *reader, const char *at, size_t length,
                        const char *hint, const char *format, ...)
{
    struct expect_error *error = reader->error;
    va_list list;
    va_start(list, format);
    vsnprintf(error->message, sizeof(error->message), format, list);
    va_end(list);
    snprintf(error->hint, sizeof(error->hint), "%s", hint);
    error->offset = (size_t)(at - reader->text);
    error->length = length;
    return false;
}

static void expect_skip(struct expect_reader *reader)
{
    reader->at += strspn(reader->at, " \t");
}

/* The length of the word that comes next; 0 before an operator and at the end. */
static size_t expect_peek(struct expect_reader *reader)
{
    expect_skip(reader);
    return strcspn(reader->at, " \t<>=*");
}

static bool expect_is_next(struct expect_reader *reader, const char *word)
{
    size_t length = expect_peek(reader);
    return length == strlen(word) && memcmp(reader->at, word, length) == 0;
}

static bool expect_accept(struct expect_reader *reader, const char *word)
{
    bool is_next = expect_is_next(reader, word);
    reader->at += is_next ? strlen(word) : 0;
    return is_next;
}

/* NULL after an error: there is none. */
static const char *expect_take(struct expect_reader *reader, const char *what)
{
    size_t length = expect_peek(reader);
    if (length == 0) {
        expect_fail(reader, reader->at, 1, EXPECT_FORM, "expected %s", what);
        return NULL;
    }
    const char *word = arena_copy_text(reader->arena, reader->at, length);
    reader->at += length;
    return word;
}

static bool expect_read_metric(struct expect_reader *reader, struct expect_side *side)
{
    const char *word = expect_take(reader, "a metric");
    if (word == NULL)
        return false;
    side->metric = metric_find(word);
    if (side->metric != NULL)
        return true;
    char hint[128];
    const char *nearest = metric_find_nearest(word);
    snprintf(hint, sizeof(hint), nearest != NULL ? "did you mean '%s'?"
                                                 : "'lbsim list metrics' has them all", nearest);
    size_t length = strlen(word);
    return expect_fail(reader, reader->at - length, length, hint, "unknown metric '%.64s'",
                       word);
}

static bool expect_read_policy(struct expect_reader *reader, struct expect_side *side)
{
    if (!expect_accept(reader, "of"))
        return true;
    side->policy = expect_take(reader, "a policy after 'of'");
    if (side->policy != NULL && strcmp(side->policy, "all") == 0)
        side->policy = NULL;
    else if (side->policy == NULL)
        return false;
    return true;
}

/* The kind of scope that a word stands for; SCOPE_KIND_COUNT: none. */
static enum scope_kind expect_scope_kind(const char *word, size_t length)
{
    enum scope_kind kind = SCOPE_ALL;
    while (kind < SCOPE_KIND_COUNT && (strcspn(scope_words[kind], " ") != length ||
                                       memcmp(scope_words[kind], word, length) != 0))
        kind++;
    return kind;
}

/* "where there is one: all, client". */
static void expect_list_scopes(unsigned scopes, char *to, size_t size)
{
    size_t used = (size_t)snprintf(to, size, "where there is one:");
    const char *comma = "";
    for (enum scope_kind kind = SCOPE_ALL; kind < SCOPE_KIND_COUNT; kind++) {
        int length = (int)strcspn(scope_words[kind], " ");
        if ((scopes >> kind & 1) && used < size)
            used += (size_t)snprintf(to + used, size - used, "%s %.*s", comma, length,
                                     scope_words[kind]);
        comma = scopes >> kind & 1 ? "," : comma;
    }
}

/* All words up to the operator, or to `of`. */
static bool expect_read_scope(struct expect_reader *reader, struct expect_side *side)
{
    char hint[160];
    side->scope = scope_words[SCOPE_ALL];
    enum scope_kind kind = SCOPE_ALL;
    const char *begin = reader->at;
    if (expect_accept(reader, "in")) {
        size_t length = expect_peek(reader);
        begin = reader->at;
        kind = expect_scope_kind(begin, length);
        if (kind == SCOPE_KIND_COUNT) {
            expect_list_scopes(~0u, hint, sizeof(hint));
            return expect_fail(reader, begin, length, hint, "unknown scope '%.*s'",
                               (int)length, begin);
        }
        while ((length = expect_peek(reader)) > 0 && !expect_is_next(reader, "of"))
            reader->at += length;
        length = (size_t)(reader->at - begin);
        while (length > 0 && begin[length - 1] == ' ')
            length--;
        side->scope = arena_copy_text(reader->arena, begin, length);
        if (kind != SCOPE_ALL && strlen(scope_words[kind]) > length)
            return expect_fail(reader, begin, length, "", "'%s' needs a name after it",
                               side->scope);
    }
    if (side->metric->scopes >> kind & 1)
        return true;
    expect_list_scopes(side->metric->scopes, hint, sizeof(hint));
    return expect_fail(reader, begin, strlen(side->scope), hint,
                       "there is no %s in scope '%.64s'", side->metric->metric.name,
                       side->scope);
}

/* METRIC, then `of POLICY` and `in SCOPE` in either order. */
static bool expect_read_side(struct expect_reader *reader, struct expect_side *side)
{
    if (!expect_read_metric(reader, side))
        return false;
    bool scope_first = expect_is_next(reader, "in");
    return (scope_first || expect_read_policy(reader, side)) &&
           expect_read_scope(reader, side) &&
           (!scope_first || expect_read_policy(reader, side));
}

static bool expect_read_op(struct expect_reader *reader, enum expect_op *op)
{
    expect_skip(reader);
    char first = *reader->at;
    if (first != '<' && first != '>')
        return expect_fail(reader, reader->at, first != '\0' ? expect_peek(reader) + 1 : 1,
                           EXPECT_FORM, "expected one of < <= > >=");
    bool or_equal = reader->at[1] == '=';
    reader->at += 1 + or_equal;
    *op = first == '<' ? (or_equal ? EXPECT_AT_MOST : EXPECT_LESS)
                       : (or_equal ? EXPECT_AT_LEAST : EXPECT_MORE);
    return true;
}

static enum param_type expect_type(const char *unit)
{
    if (strcmp(unit, "s") == 0)
        return PARAM_DURATION;
    if (strcmp(unit, "1/s") == 0)
        return PARAM_RATE;
    return strcmp(unit, "ratio") == 0 ? PARAM_RATIO : PARAM_COUNT;
}

/* What is left of the text is a value in the metric's unit. */
static bool expect_read_value(struct expect_reader *reader, struct expectation *expectation)
{
    static const char *const examples[] = {
        [PARAM_DURATION] = "a duration: 60ms", [PARAM_RATE] = "a rate: 1800/s",
        [PARAM_RATIO] = "a ratio: 0.5% or 1.2", [PARAM_COUNT] = "a count: 100k"};
    const struct metric *metric = &expectation->left.metric->metric;
    enum param_type type = expect_type(metric->unit);
    expect_skip(reader);
    size_t length = strlen(reader->at);
    while (length > 0 && strchr(" \t", reader->at[length - 1]) != NULL)
        length--;
    const char *text = arena_copy_text(reader->arena, reader->at, length);
    struct unit_value value = {0};
    enum unit_result result = unit_read(type, text, &value);
    bool is_zero = result == UNIT_MISSING && strcmp(text, "0") == 0;
    if (result != UNIT_READ && !is_zero)
        return expect_fail(reader, reader->at, length > 0 ? length : 1, "",
                           "%s is compared with %s, not '%.64s'", metric->name,
                           examples[type], text);
    expectation->value = is_zero ? 0 : value.real;
    if (type == PARAM_DURATION)
        expectation->value /= 1e9;
    return true;
}

/* [FACTOR *] METRIC of POLICY [in SCOPE] */
static bool expect_read_other(struct expect_reader *reader, struct expectation *expectation)
{
    struct expect_side *right = &expectation->right;
    const char *begin = reader->at;
    size_t length = expect_peek(reader);
    if (strchr(reader->at, '*') != NULL) {
        struct unit_value factor = {0};
        begin = reader->at;
        const char *text = arena_copy_text(reader->arena, begin, length);
        reader->at += length;
        expect_skip(reader);
        if (unit_read(PARAM_RATIO, text, &factor) != UNIT_READ || !(factor.real > 0) ||
            *reader->at != '*')
            return expect_fail(reader, begin, length > 0 ? length : 1, EXPECT_FORM,
                               "expected a factor above 0, as in 0.9 * or 110%% *");
        expectation->factor = factor.real;
        reader->at++;
    }
    expect_skip(reader);
    begin = reader->at;
    if (!expect_read_side(reader, right))
        return false;
    right->is_stored = right->policy != NULL && strcmp(right->policy, EXPECT_STORED) == 0;
    if (right->is_stored)
        right->policy = NULL;
    else if (right->policy == NULL)
        return expect_fail(reader, begin, (size_t)(reader->at - begin), EXPECT_FORM,
                           "of which policy?");
    const char *unit = right->metric->metric.unit;
    if (strcmp(unit, expectation->left.metric->metric.unit) != 0)
        return expect_fail(reader, begin, (size_t)(reader->at - begin), "",
                           "%s and %s have different units",
                           expectation->left.metric->metric.name, right->metric->metric.name);
    expect_skip(reader);
    return *reader->at == '\0' ||
           expect_fail(reader, reader->at, strlen(reader->at), EXPECT_FORM,
                       "something follows the end");
}

bool expect_parse(const char *text, struct expectation *expectation, struct arena *arena,
                  struct expect_error *error)
{
    struct expect_reader reader = {text, text, arena, error};
    *expectation = (struct expectation){.text = text, .factor = 1};
    if (!expect_read_side(&reader, &expectation->left) ||
        !expect_read_op(&reader, &expectation->op))
        return false;
    bool is_relative = strchr(reader.at, '*') != NULL || strstr(reader.at, " of ") != NULL;
    return is_relative ? expect_read_other(&reader, expectation)
                       : expect_read_value(&reader, expectation);
}

void expect_locate(const struct expectation *expectation, const char *name,
                   struct expect_error *error)
{
    const char *text = expectation->text;
    const char *from = name == expectation->right.policy || name == expectation->right.scope
                           ? text + strcspn(text, "<>")
                           : text;
    const char *found = strstr(from, name);
    error->offset = found != NULL ? (size_t)(found - text) : 0;
    error->length = strlen(found != NULL ? name : text);
}

const char *expect_op_word(enum expect_op op)
{
    static const char *const words[] = {"<", "<=", ">", ">="};
    return words[op];
}
