/* SPDX-License-Identifier: GPL-3.0-or-later
   The list of tables, and how one is filled: a row for each policy, or for each member of a
   scope under each policy. */
#include "sim/report/section.h"

#include "sim/engine/check.h"
#include "sim/report/figure.h"
#include "sim/report/scope.h"

#include <math.h>
#include <string.h>

struct section_column {
    const char *head, *metric;
    enum figure figure;
    bool half; /* shows its interval */
};

struct section {
    const char *title; /* NULL: none */
    enum scope_kind kind;
    bool sparse;                          /* leaves out columns that are 0 everywhere */
    const struct section_column *columns; /* ends with head NULL */
};

static const struct section_column section_latency[] = {
    {"requests", "requests", FIGURE_COUNT, false},
    {"errors", "error_rate", FIGURE_PERCENT, false},
    {"mean", "mean", FIGURE_TIME, true},
    {"p50", "p50", FIGURE_TIME, true},
    {"p90", "p90", FIGURE_TIME, true},
    {"p99", "p99", FIGURE_TIME, true},
    {"p99.9", "p99.9", FIGURE_TIME, true},
    {"max", "max", FIGURE_TIME, false},
    {NULL, NULL, 0, false},
};

static const struct section_column section_parts[] = {
    {"client", "client_time", FIGURE_TIME, false},
    {"network", "network_time", FIGURE_TIME, false},
    {"balancer", "balancer_time", FIGURE_TIME, false},
    {"queue", "queue_time", FIGURE_TIME, false},
    {"service", "service_time", FIGURE_TIME, false},
    {NULL, NULL, 0, false},
};

static const struct section_column section_load[] = {
    {"utilisation", "utilisation", FIGURE_PERCENT, false},
    {"busiest", "utilisation_max", FIGURE_PERCENT, false},
    {"max/mean", "max_over_mean_utilisation", FIGURE_NUMBER, false},
    {"Jain", "jain_utilisation", FIGURE_INDEX, false},
    {"max/mean req", "max_over_mean_requests", FIGURE_NUMBER, false},
    {"Jain req", "jain_requests", FIGURE_INDEX, false},
    {"random", "jain_floor", FIGURE_INDEX, false},
    {NULL, NULL, 0, false},
};

static const struct section_column section_errors[] = {
    {"rejected", "rejected", FIGURE_PERCENT, false},
    {"timeout", "timeout", FIGURE_PERCENT, false},
    {"overflow", "overflow", FIGURE_PERCENT, false},
    {"queue timeout", "queue_timeout", FIGURE_PERCENT, false},
    {"no backend", "no_backend", FIGURE_PERCENT, false},
    {"unfinished", "unfinished", FIGURE_PERCENT, false},
    {NULL, NULL, 0, false},
};

static const struct section_column section_clients[] = {
    {"requests", "requests", FIGURE_COUNT, false},
    {"errors", "error_rate", FIGURE_PERCENT, false},
    {"mean", "mean", FIGURE_TIME, true},
    {"p50", "p50", FIGURE_TIME, false},
    {"p99", "p99", FIGURE_TIME, true},
    {"p99.9", "p99.9", FIGURE_TIME, true},
    {"max", "max", FIGURE_TIME, false},
    {NULL, NULL, 0, false},
};

static const struct section_column section_groups[] = {
    {"attempts", "requests", FIGURE_COUNT, false},
    {"mean", "mean", FIGURE_TIME, true},
    {"p99", "p99", FIGURE_TIME, true},
    {"utilisation", "utilisation", FIGURE_PERCENT, false},
    {NULL, NULL, 0, false},
};

static const struct section section_list[] = {
    {NULL, SCOPE_ALL, false, section_latency},
    {"Where the time goes (means)", SCOPE_ALL, false, section_parts},
    {"Load over the pods (Jain's index: 1 is even; random: that of even random dispatch)",
     SCOPE_ALL, false, section_load},
    {"Errors by kind", SCOPE_ALL, true, section_errors},
    {"Clients", SCOPE_CLIENT, false, section_clients},
    {"Pod groups", SCOPE_GROUP, false, section_groups},
};

/* Each member of a scope has exactly one measure of requests: it stands for the row. */
static bool section_is_row(const struct measure *measure, enum scope_kind kind)
{
    const char *word = scope_words[kind];
    return strcmp(measure->metric, "requests") == 0 &&
           strncmp(measure->scope, word, strlen(word)) == 0;
}

static bool section_has_several(const struct section_view *view, enum scope_kind kind)
{
    const struct measure *first = NULL;
    for (size_t i = 0; i < view->report->count; i++) {
        const struct measure *measure = &view->report->measures[i];
        if (!section_is_row(measure, kind))
            continue;
        if (first != NULL && strcmp(first->scope, measure->scope) != 0)
            return true;
        first = first != NULL ? first : measure;
    }
    return false;
}

static bool section_is_used(const struct section_view *view,
                            const struct section *section,
                            const struct section_column *column)
{
    for (size_t i = 0; i < view->report->count; i++) {
        const struct measure *measure = &view->report->measures[i];
        if (strcmp(measure->metric, column->metric) == 0 && measure->value > 0)
            return true;
    }
    return !section->sparse;
}

static void section_miss(struct section_view *view, const struct measure *measure)
{
    if (strncmp(measure->note, REPORT_NOTHING_DUE, strlen(REPORT_NOTHING_DUE)) == 0) {
        view->nothing = measure->note;
        return;
    }
    if (view->missing_count == view->missing_room) {
        view->missing_room = view->missing_room == 0 ? 16 : 2 * view->missing_room;
        view->missing =
            memory_grow(view->missing, view->missing_room, sizeof(*view->missing));
    }
    view->missing[view->missing_count++] = measure;
}

static bool section_is_lowest(const struct section_view *view,
                              const struct measure *measure)
{
    return strcmp(measure->metric, "p99") == 0 && strcmp(measure->scope, "all") == 0 &&
           measure->value <= view->lowest;
}

static void section_cell(struct section_view *view, struct table *table,
                         const struct section_column *column, const struct measure *row)
{
    const struct measure *measure =
        report_find(view->report, row->policy, row->scope, column->metric);
    if (measure == NULL) {
        table_add(table, "-", "");
        return;
    }
    char text[FIGURE_SIZE], half[FIGURE_SIZE] = "";
    figure_write(text, column->figure, measure->value);
    if (column->half)
        figure_write_half(half, measure->value, measure->high);
    if (measure->note != NULL)
        section_miss(view, measure);
    view->halves = view->halves || half[0] != '\0';
    table_add(table, text, half)->bold = section_is_lowest(view, measure);
}

static double section_lowest(const struct section_view *view)
{
    double lowest = NAN;
    size_t count = 0;
    for (size_t i = 0; i < view->report->count; i++) {
        const struct measure *measure = &view->report->measures[i];
        if (strcmp(measure->metric, "p99") != 0 || strcmp(measure->scope, "all") != 0)
            continue;
        count++;
        lowest = fmin(lowest, measure->value);
    }
    return count > 1 ? lowest : NAN;
}

static void section_row(struct section_view *view, struct table *table,
                        const struct section_column *const *columns,
                        const struct measure *row, enum scope_kind kind)
{
    table_add(table, row->policy, "");
    if (kind != SCOPE_ALL)
        table_add(table, row->scope + strlen(scope_words[kind]), "");
    for (; *columns != NULL; columns++)
        section_cell(view, table, *columns, row);
}

static void section_title(const struct section_view *view, const char *title)
{
    bool markdown = view->style == TABLE_MARKDOWN;
    if (title != NULL)
        output_format(view->output, markdown ? "\n**%s**\n\n" : "\n%s\n", title);
}

static void section_print(struct section_view *view, const struct section *section)
{
    const struct section_column *columns[16] = {NULL};
    size_t count = 0;
    for (const struct section_column *column = section->columns; column->head != NULL;
         column++) {
        CHECK(count + 1 < sizeof(columns) / sizeof(*columns));
        if (section_is_used(view, section, column))
            columns[count++] = column;
    }
    if (count == 0 ||
        (section->kind != SCOPE_ALL && !section_has_several(view, section->kind)))
        return;
    struct table table = {.labels = section->kind == SCOPE_ALL ? 1 : 2};
    table.columns = table.labels + count;
    table_add(&table, "policy", "");
    if (section->kind != SCOPE_ALL)
        table_add(&table, section->kind == SCOPE_CLIENT ? "client" : "group", "");
    for (size_t i = 0; i < count; i++)
        table_add(&table, columns[i]->head, "");
    for (size_t i = 0; i < view->report->count; i++)
        if (section_is_row(&view->report->measures[i], section->kind))
            section_row(view, &table, columns, &view->report->measures[i], section->kind);
    section_title(view, section->title);
    table_print(&table, view->style, view->output);
    table_free(&table);
}

void section_print_all(struct section_view *view)
{
    view->lowest = section_lowest(view);
    for (size_t i = 0; i < sizeof(section_list) / sizeof(*section_list); i++)
        section_print(view, &section_list[i]);
}
