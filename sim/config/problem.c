/* SPDX-License-Identifier: GPL-3.0-or-later
   Messages are made visible (no control characters, no bidirectional marks) when they are
   added; places are sorted when they are printed. */
#include "sim/config/problem.h"

#include "sim/config/utf8.h"
#include "sim/engine/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PROBLEM_TEXT_LIMIT = 1024, /* bytes of a message or hint before escapes */
    PROBLEM_WINDOW = 100,      /* characters of a source line that are shown */
    PROBLEM_WORD_LIMIT = 64    /* longer words are near to nothing */
};

/* Writes the first character of `text` so that it can be seen; returns the bytes read and
   sets the columns used. */
static size_t problem_show(const char *text, size_t left, char shown[32], uint32_t *width)
{
    size_t size = utf8_size(text, left);
    if (size == 1 && *text == '\t') {
        memcpy(shown, " ", 2);
        *width = 1;
        return 1;
    }
    if (size > 0 && !utf8_is_hidden(text, size)) {
        memcpy(shown, text, size);
        shown[size] = '\0';
        *width = 1;
        return size;
    }
    size = size ? size : 1;
    for (size_t i = 0; i < size; i++)
        snprintf(shown + 4 * i, 5, "\\x%02X", (unsigned)(unsigned char)text[i]);
    *width = (uint32_t)(4 * size);
    return size;
}

__attribute__((format(printf, 2, 0))) static const char *
problem_text(struct arena *arena, const char *format, va_list arguments)
{
    char text[PROBLEM_TEXT_LIMIT], visible[4 * PROBLEM_TEXT_LIMIT + 32];
    vsnprintf(text, sizeof text, format, arguments);
    size_t length = strlen(text), used = 0;
    for (size_t at = 0; at < length;) {
        char shown[32];
        uint32_t width;
        if (text[at] == '\t') {
            at++;
            memcpy(shown, "\\x09", 5);
        } else {
            at += problem_show(text + at, length - at, shown, &width);
        }
        size_t size = strlen(shown);
        memcpy(visible + used, shown, size);
        used += size;
    }
    return arena_copy_text(arena, visible, used);
}

static void problem_grow(struct problems *problems)
{
    size_t room = problems->room > 0 ? 2 * problems->room : 8;
    struct problem *items = arena_take(&problems->arena, room, sizeof *items);
    if (problems->count > 0)
        memcpy(items, problems->items, problems->count * sizeof *items);
    problems->items = items;
    problems->room = room;
}

/* Where the next problem goes; an error takes the place of a warning when all are full. */
static size_t problem_slot(struct problems *problems, bool warning)
{
    if (problems->count < PROBLEM_KEPT) {
        if (problems->count == problems->room)
            problem_grow(problems);
        return problems->count++;
    }
    for (size_t i = PROBLEM_KEPT; !warning && i-- > 0;)
        if (problems->items[i].warning)
            return i;
    return PROBLEM_KEPT;
}

__attribute__((format(printf, 3, 0))) static void
problem_put(struct problems *problems, const struct problem *problem, const char *format,
            va_list arguments)
{
    problems->errors += !problem->warning;
    problems->latest = 0;
    size_t slot = problem_slot(problems, problem->warning);
    if (slot == PROBLEM_KEPT)
        return;
    problems->items[slot] = *problem;
    problems->items[slot].message = problem_text(&problems->arena, format, arguments);
    problems->latest = slot + 1;
}

void problem_add(struct problems *problems, struct mark mark, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    problem_put(problems, &(struct problem){.mark = mark}, format, arguments);
    va_end(arguments);
}

void problem_warn(struct problems *problems, struct mark mark, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    problem_put(problems, &(struct problem){.mark = mark, .warning = true}, format, arguments);
    va_end(arguments);
}

void problem_hint(struct problems *problems, const char *format, ...)
{
    if (problems->latest == 0)
        return;
    va_list arguments;
    va_start(arguments, format);
    problems->items[problems->latest - 1].hint =
        problem_text(&problems->arena, format, arguments);
    va_end(arguments);
}

/* Writes the line, cut to a window around the mark; sets where the caret starts and how
   far it reaches. */
static void problem_print_line(const struct mark *mark, struct output *output,
                               uint32_t *before, uint32_t *under)
{
    size_t length;
    const char *line = source_line(mark->source, mark->line, &length);
    uint32_t first = mark->column > PROBLEM_WINDOW - 20 ? mark->column - 20 : 1;
    uint32_t column = 1;
    *before = first > 1 ? 3 : 0;
    *under = 0;
    output_text(output, first > 1 ? "..." : "");
    for (size_t at = 0; at < length; column++) {
        char shown[32];
        uint32_t width;
        at += problem_show(line + at, length - at, shown, &width);
        if (column < first)
            continue;
        if (column >= first + PROBLEM_WINDOW) {
            output_text(output, "...");
            break;
        }
        output_text(output, shown);
        if (column < mark->column)
            *before += width;
        else if (column < mark->column + mark->length)
            *under += width;
    }
}

static void problem_print_caret(const struct mark *mark, struct output *output, bool color)
{
    uint32_t before, under;
    output_format(output, "%5u | ", (unsigned)mark->line);
    problem_print_line(mark, output, &before, &under);
    output_format(output, "\n      | %*s%s^", (int)before, "", color ? "\033[1;32m" : "");
    for (uint32_t i = 1; i < under; i++)
        output_text(output, "~");
    output_text(output, color ? "\033[0m\n" : "\n");
}

static void problem_print_name(const char *name, struct output *output)
{
    char shown[32];
    uint32_t width;
    for (size_t left = strlen(name); left > 0;) {
        size_t size = problem_show(name, left, shown, &width);
        output_text(output, shown);
        name += size;
        left -= size;
    }
}

static void problem_print(const struct problem *problem, struct output *output, bool color)
{
    const struct mark *mark = &problem->mark;
    const char *word = problem->warning ? "warning" : "error";
    output_text(output, color ? "\033[1m" : "");
    if (mark->source) {
        output_text(output, mark->source->name[0] ? "" : "''");
        problem_print_name(mark->source->name, output);
        output_text(output, ":");
        if (mark->line > 0)
            output_format(output, "%u:%u:", (unsigned)mark->line, (unsigned)mark->column);
        output_text(output, " ");
    }
    if (color)
        output_format(output, "\033[1;%dm%s:\033[0m ", problem->warning ? 33 : 31, word);
    else
        output_format(output, "%s: ", word);
    output_text(output, problem->message);
    output_text(output, "\n");
    if (mark->source && mark->line > 0)
        problem_print_caret(mark, output, color);
    if (problem->hint) {
        output_text(output, color ? "\033[1mhint:\033[0m " : "hint: ");
        output_text(output, problem->hint);
        output_text(output, "\n");
    }
}

/* A problem on its way to print. */
struct problem_turn {
    const struct problem *problem;
    size_t source, order; /* when its source, and when it itself, was met */
};

/* Sources keep the order in which they were met. */
static int problem_compare(const void *left, const void *right)
{
    const struct problem_turn *a = left, *b = right;
    const struct mark *one = &a->problem->mark, *two = &b->problem->mark;
    if (a->source != b->source)
        return a->source < b->source ? -1 : 1;
    if (one->line != two->line)
        return one->line < two->line ? -1 : 1;
    if (one->column != two->column)
        return one->column < two->column ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static struct problem_turn *problem_sort(const struct problems *problems)
{
    struct problem_turn *turns = memory_take(problems->count + 1, sizeof *turns);
    for (size_t i = 0; i < problems->count; i++) {
        turns[i] = (struct problem_turn){.problem = &problems->items[i], .order = i};
        while (turns[i].source < i && problems->items[turns[i].source].mark.source !=
                                          problems->items[i].mark.source)
            turns[i].source++;
    }
    qsort(turns, problems->count, sizeof *turns, problem_compare);
    return turns;
}

void problems_print(const struct problems *problems, struct output *output, bool color)
{
    struct problem_turn *turns = problem_sort(problems);
    size_t errors = problems->errors < PROBLEM_LIMIT ? problems->errors : PROBLEM_LIMIT;
    size_t room[2] = {errors, PROBLEM_LIMIT - errors}; /* of errors, of warnings */
    for (size_t i = 0; i < problems->count; i++) {
        if (room[turns[i].problem->warning] == 0)
            continue;
        room[turns[i].problem->warning]--;
        problem_print(turns[i].problem, output, color);
    }
    if (problems->errors > errors)
        output_format(output, "and %zu more error%s\n", problems->errors - errors,
                      problems->errors - errors == 1 ? "" : "s");
    free(turns);
}

void problems_free(struct problems *problems)
{
    arena_free(&problems->arena);
    *problems = (struct problems){.count = 0};
}

static size_t problem_least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Edit distance where swapping two neighbours is one step (optimal string alignment). */
static size_t problem_distance(const char *from, const char *to)
{
    size_t rows[3][PROBLEM_WORD_LIMIT + 1];
    size_t width = strlen(to);
    for (size_t j = 0; j <= width; j++)
        rows[0][j] = j;
    for (size_t i = 1; from[i - 1]; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *swap = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            size_t change = above[j - 1] + (from[i - 1] != to[j - 1]);
            row[j] = problem_least(change, problem_least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                row[j] = problem_least(row[j], swap[j - 2] + 1);
        }
    }
    return rows[strlen(from) % 3][width];
}

const char *problem_nearest(const char *word, const char *const *candidates)
{
    size_t length = strlen(word);
    if (length == 0 || length > PROBLEM_WORD_LIMIT)
        return NULL;
    size_t best = length / 3 > 1 ? length / 3 : 1;
    const char *nearest = NULL;
    for (; *candidates; candidates++) {
        if (strlen(*candidates) > PROBLEM_WORD_LIMIT)
            continue;
        size_t distance = problem_distance(word, *candidates);
        if (distance < best || (distance == best && !nearest)) {
            best = distance;
            nearest = *candidates;
        }
    }
    return nearest;
}
