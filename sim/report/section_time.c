/* SPDX-License-Identifier: GPL-3.0-or-later
   How a run went over time, for the eye: a row for each policy, a column for each of a few
   stretches of windows, with the worst window of it.  Only where something happened: a fault, a
   change of membership, or a rate that is not the same all the time.  Means, because a window
   has seldom evidence for a percentile. */
#include "sim/report/section.h"

#include "sim/report/figure.h"
#include "sim/report/scope.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SECTION_TIME_STRETCHES = 12 };

struct section_time {
    const struct section_view *view;
    size_t windows; /* of the first policy */
    size_t each;    /* windows in a stretch */
    size_t stretches;
    char heads[SECTION_TIME_STRETCHES][32]; /* when each begins */
};

static bool section_time_is(const struct measure *measure, enum scope_kind kind,
                            const char *metric)
{
    return strncmp(measure->scope, scope_words[kind], strlen(scope_words[kind])) == 0 &&
           strcmp(measure->metric, metric) == 0;
}

/* Whether two windows differ in their rates by more than chance and half as much again. */
static bool section_time_differ(const struct measure *low, const struct measure *high)
{
    double apart = (double)high->samples - (double)low->samples;
    return high->value > 1.5 * low->value &&
           apart * apart > 64 * ((double)high->samples + (double)low->samples);
}

static bool section_time_is_eventful(const struct report *report)
{
    const struct measure *low = NULL, *high = NULL;
    for (size_t i = 0; i < report->count; i++) {
        const struct measure *measure = &report->measures[i];
        if (section_time_is(measure, SCOPE_FAULT, "fault_episodes") ||
            section_time_is(measure, SCOPE_CHANGE, "churn_keys"))
            return true;
        if (!section_time_is(measure, SCOPE_WINDOW, "arrival_rate") || isnan(measure->value))
            continue;
        low = low == NULL || measure->value < low->value ? measure : low;
        high = high == NULL || measure->value > high->value ? measure : high;
    }
    return low != NULL && section_time_differ(low, high);
}

/* Counts the windows, which are the same for all policies of a scenario, and names the
   stretches.  False where there are too few. */
static bool section_time_open(struct section_time *time)
{
    const struct report *report = time->view->report;
    const struct measure *measures = report->measures;
    size_t total = 0, number = 0;
    for (size_t i = 0; i < report->count; i++) {
        bool window = section_time_is(&measures[i], SCOPE_WINDOW, "arrival_rate");
        total += window;
        time->windows += window && strcmp(measures[i].policy, measures[0].policy) == 0;
    }
    if (time->windows < 2 || total % time->windows != 0)
        return false;
    time->each = (time->windows - 1) / SECTION_TIME_STRETCHES + 1;
    time->stretches = (time->windows - 1) / time->each + 1;
    for (size_t i = 0; i < report->count && number < time->windows; i++) {
        if (!section_time_is(&measures[i], SCOPE_WINDOW, "arrival_rate"))
            continue;
        const char *name = measures[i].scope + strlen(scope_words[SCOPE_WINDOW]);
        if (number % time->each == 0)
            snprintf(time->heads[number / time->each], sizeof *time->heads, "%.*s",
                     (int)strcspn(name, "."), name);
        number++;
    }
    return true;
}

static void section_time_row(const struct section_time *time, struct table *table,
                             const struct measure *const *worst, enum figure figure)
{
    char text[FIGURE_SIZE];
    table_add(table, worst[0]->policy, "");
    for (size_t i = 0; i < time->stretches; i++) {
        figure_write(text, figure, worst[i]->value);
        table_add(table, text, "")->measure = worst[i];
    }
}

/* One metric; true where it is above 0 anywhere. */
static bool section_time_fill(const struct section_time *time, struct table *table,
                              const char *metric, enum figure figure)
{
    const struct report *report = time->view->report;
    const struct measure *worst[SECTION_TIME_STRETCHES];
    size_t number = 0;
    bool is_used = false;
    *table = (struct table){.labels = 1, .columns = time->stretches + 1};
    table_add(table, "policy", "");
    for (size_t i = 0; i < time->stretches; i++)
        table_add(table, time->heads[i], "");
    for (size_t i = 0; i < report->count; i++) {
        const struct measure *measure = &report->measures[i];
        if (!section_time_is(measure, SCOPE_WINDOW, metric))
            continue;
        size_t stretch = number / time->each;
        bool first = number % time->each == 0 || isnan(worst[stretch]->value);
        if (first || measure->value > worst[stretch]->value)
            worst[stretch] = measure;
        is_used = is_used || measure->value > 0;
        if (++number < time->windows)
            continue;
        section_time_row(time, table, worst, figure);
        number = 0;
    }
    return is_used;
}

static void section_time_table(const struct section_time *time, const char *title,
                               const char *metric, enum figure figure)
{
    const struct section_view *view = time->view;
    struct table table;
    if (section_time_fill(time, &table, metric, figure)) {
        table.title = title;
        section_title(view, title);
        table_print(&table, view->style, view->output);
    }
    table_free(&table);
}

void section_time_print(const struct section_view *view)
{
    struct section_time time = {.view = view};
    if (!section_time_is_eventful(view->report) || !section_time_open(&time))
        return;
    section_time_table(&time, "Mean over time (of the worst window from then to the next column)",
                       "mean", FIGURE_TIME);
    section_time_table(&time, "Errors over time (likewise)", "error_rate", FIGURE_PERCENT);
}
