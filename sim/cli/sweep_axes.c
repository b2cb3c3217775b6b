/* SPDX-License-Identifier: GPL-3.0-or-later
   A value is tried by loading the scenario with it as --set would.  What is wrong then is
   shown at the path or the value in the scenario's own file. */
#include "sim/cli/sweep_axes.h"

#include "sim/cli/talk.h"
#include "sim/engine/check.h"

#include <stdio.h>
#include <string.h>

const struct option option_vary = {
    .name = "vary", .argument = "PATH=V,V", .repeatable = true,
    .help = "run each of these values, in all combinations with other --vary",
};

/* The length of a value up to the comma behind it; commas in brackets and quotes are its
   own. */
static size_t sweep_axes_span(const char *text)
{
    size_t depth = 0, i = 0;
    char quote = '\0';
    for (; text[i] != '\0' && (text[i] != ',' || depth > 0 || quote); i++) {
        char c = text[i];
        if (quote)
            quote = c == quote ? '\0' : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '[' || c == '{')
            depth++;
        else if ((c == ']' || c == '}') && depth > 0)
            depth--;
    }
    return i;
}

/* The axis of a path: one that is there, emptied, or a new one. */
static struct grid_axis *sweep_axes_open(struct sweep_axes *axes, const char *path)
{
    size_t i = 0;
    while (i < axes->count && strcmp(axes->items[i].path, path) != 0)
        i++;
    axes->count += i == axes->count;
    axes->items[i] = (struct grid_axis){.path = path};
    axes->vary[i] = NULL;
    return &axes->items[i];
}

static int sweep_axes_add_option(const struct command_line *line, const char *text,
                                 struct arena *arena, struct sweep_axes *axes)
{
    const char *equals = strchr(text, '=');
    if (!equals || equals == text || equals[1] == '\0')
        return talk_usage(line->command, NULL, "--vary takes PATH=VALUE,VALUE,…, not '%s'",
                          text);
    struct grid_axis *axis =
        sweep_axes_open(axes, arena_copy_text(arena, text, (size_t)(equals - text)));
    const char **values = arena_take(arena, strlen(equals) + 1, sizeof *values);
    for (const char *at = equals + 1;; at++) {
        size_t length = sweep_axes_span(at);
        values[axis->count++] = arena_copy_text(arena, at, length);
        at += length;
        if (*at == '\0')
            break;
    }
    axis->values = values;
    return STATUS_FINE;
}

/* "rate", or the whole path where two end alike. */
static void sweep_axes_name(struct sweep_axes *axes)
{
    for (size_t i = 0; i < axes->count; i++) {
        const char *dot = strrchr(axes->items[i].path, '.');
        axes->items[i].name = dot ? dot + 1 : axes->items[i].path;
    }
    for (size_t i = 0; i < axes->count; i++)
        for (size_t k = 0; k < axes->count; k++) {
            const char *dot = strrchr(axes->items[k].path, '.');
            if (k != i && strcmp(axes->items[i].name, dot ? dot + 1 : axes->items[k].path) == 0)
                axes->items[i].name = axes->items[i].path;
        }
}

/* Puts a mistake found in a setting where its path or value stands in the file. */
static void sweep_axes_place(const struct loaded *base, const struct scenario_vary *vary,
                             const char *const *value, const struct problem *problem,
                             struct problems *to)
{
    const struct config *config = base->scenario->config;
    bool of_path = problem->mark.source && strncmp(problem->mark.source->name, "--set ", 6) == 0 &&
                   problem->mark.column <= strlen(vary->path);
    struct mark mark = of_path ? config_mark(config, &vary->path) : config_mark(config, value);
    problem_add(to, mark, "%s", problem->message);
    if (problem->hint)
        problem_hint(to, "%s", problem->hint);
}

struct config_setting sweep_axes_setting(const struct sweep_axes *axes, size_t cell,
                                         size_t axis, struct arena *arena)
{
    const struct grid_axis *at = &axes->items[axis];
    struct config_setting setting = {
        .path = at->path, .value = grid_value(axes->items, axes->count, cell, axis)};
    if (axes->vary[axis])
        return setting;
    size_t size = strlen(setting.path) + strlen(setting.value) + 16;
    char *shown = arena_take(arena, size, 1);
    snprintf(shown, size, "--vary %s=%s", setting.path, setting.value);
    setting.shown = shown;
    return setting;
}

/* Tries the values of one axis, up to the first that is wrong. */
static int sweep_axes_try(const struct command_line *line, const struct loaded *base,
                          const struct sweep_axes *axes, size_t axis)
{
    const struct scenario_vary *vary = axes->vary[axis];
    const struct sweep_axes alone = {&axes->items[axis], 1, &axes->vary[axis]};
    int status = STATUS_FINE;
    for (size_t i = 0; i < axes->items[axis].count && status == STATUS_FINE; i++) {
        struct arena arena = {0};
        struct problems found = {0}, placed = {0};
        struct config_setting setting = sweep_axes_setting(&alone, i, 0, &arena);
        bool fine = load_try(line, base->path, &setting, &arena, &found);
        for (size_t k = 0; vary && k < found.count; k++)
            if (!found.items[k].warning)
                sweep_axes_place(base, vary, &((const char *const *)vary->values.items)[i],
                                 &found.items[k], &placed);
        if (!fine)
            status = talk_problems(line, vary ? &placed : &found);
        problems_free(&found);
        arena_free(&arena);
    }
    return status;
}

int sweep_axes_read(const struct command_line *line, const struct loaded *base,
                    struct arena *arena, struct sweep_axes *axes)
{
    const struct param_list *list = &base->vary;
    size_t room = list->count + line->given_count + 1;
    const char *text;
    *axes = (struct sweep_axes){.items = arena_take(arena, room, sizeof *axes->items),
                                .vary = arena_take(arena, room, sizeof *axes->vary)};
    for (size_t i = 0; i < list->count; i++) {
        const struct scenario_vary *vary = PARAM_ITEM(*list, struct scenario_vary, i);
        struct grid_axis *axis = sweep_axes_open(axes, vary->path);
        axis->values = vary->values.items;
        axis->count = vary->values.count;
        axes->vary[axis - axes->items] = vary;
    }
    for (size_t i = 0; (text = option_value_at(line, &option_vary, i)); i++)
        if (sweep_axes_add_option(line, text, arena, axes) != STATUS_FINE)
            return STATUS_USAGE;
    sweep_axes_name(axes);
    int status = STATUS_FINE;
    for (size_t i = 0; i < axes->count; i++) {
        int one = sweep_axes_try(line, base, axes, i);
        status = one == STATUS_FINE ? status : one;
    }
    return status;
}
