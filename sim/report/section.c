/* SPDX-License-Identifier: GPL-3.0-or-later
   The list of tables, and how one is filled: a row for each policy, or for each member of a
   scope under each policy. */
#include "sim/report/section.h"

#include "sim/engine/check.h"
#include "sim/report/blame_render.h"
#include "sim/report/figure.h"
#include "sim/report/regret.h"
#include "sim/report/scope.h"

#include <math.h>
#include <string.h>

/* What a page calls the table that needs no title elsewhere. */
static const char section_first[] = "Latency";

struct section_column {
    const char *head, *metric;
    enum figure figure;
    bool half; /* shows its interval */
    bool rare; /* left out where nobody has a value */
};

struct section {
    const char *title; /* NULL: none */
    enum scope_kind kind;
    bool sparse;                          /* leaves out columns that are 0 everywhere */
    bool (*is_wanted)(const struct report *report); /* NULL: always */
    const struct section_column *columns; /* ends with head NULL */
};

static const struct section_column section_latency[] = {
    {"requests", "requests", FIGURE_COUNT, false, false},
    {"errors", "error_rate", FIGURE_PERCENT, false, false},
    {"mean", "mean", FIGURE_TIME, true, false},
    {"p50", "p50", FIGURE_TIME, true, false},
    {"p90", "p90", FIGURE_TIME, true, false},
    {"p99", "p99", FIGURE_TIME, true, false},
    {"p99.9", "p99.9", FIGURE_TIME, true, false},
    {"max", "max", FIGURE_TIME, false, false},
    {NULL, NULL, 0, false, false},
};

static const struct section_column section_parts[] = {
    {"client", "client_time", FIGURE_TIME, false, false},
    {"network", "network_time", FIGURE_TIME, false, false},
    {"balancer", "balancer_time", FIGURE_TIME, false, false},
    {"queue", "queue_time", FIGURE_TIME, false, false},
    {"service", "service_time", FIGURE_TIME, false, false},
    {NULL, NULL, 0, false, false},
};

static const struct section_column section_load[] = {
    {"utilisation", "utilisation", FIGURE_PERCENT, false, false},
    {"busiest", "utilisation_max", FIGURE_PERCENT, false, false},
    {"max/mean", "max_over_mean_utilisation", FIGURE_NUMBER, false, false},
    {"Jain", "jain_utilisation", FIGURE_INDEX, false, false},
    {"max/mean req", "max_over_mean_requests", FIGURE_NUMBER, false, false},
    {"Jain req", "jain_requests", FIGURE_INDEX, false, false},
    {"random", "jain_floor", FIGURE_INDEX, false, false},
    {"cache hits", "cache_hit_rate", FIGURE_PERCENT, true, true},
    {"cross zone", "cross_zone", FIGURE_PERCENT, true, true},
    {"remote", "remote", FIGURE_PERCENT, true, true},
    {NULL, NULL, 0, false, false},
};

static const struct section_column section_hops[] = {
    {"mean", "hop_time", FIGURE_TIME, true, false},
    {"share", "hop_share", FIGURE_PERCENT, false, false},
    {"slowest 1 %", "slow1_hop_time", FIGURE_TIME, true, false},
    {"share there", "slow1_hop_share", FIGURE_PERCENT, false, false},
    {NULL, NULL, 0, false, false},
};

static const struct section_column section_tiers[] = {
    {"balancers", "instances", FIGURE_NUMBER, false, false},
    {"requests", "requests", FIGURE_COUNT, false, false},
    {"max/mean", "max_over_mean_instances", FIGURE_NUMBER, false, false},
    {"Jain", "jain_instances", FIGURE_INDEX, false, false},
    {NULL, NULL, 0, false, false},
};

static const struct section_column section_balancers[] = {
    {"requests", "requests", FIGURE_COUNT, false, false},
    {"share", "share", FIGURE_PERCENT, false, false},
    {"errors", "error_rate", FIGURE_PERCENT, false, false},
    {"mean", "mean", FIGURE_TIME, true, false},
    {"p99", "p99", FIGURE_TIME, true, false},
    {NULL, NULL, 0, false, false},
};

static const struct section_column section_pairs[] = {
    {"pods of a balancer", "pods_per_balancer", FIGURE_NUMBER, false, true},
    {"most", "pods_per_balancer_max", FIGURE_NUMBER, false, true},
    {"balancers of a pod", "balancers_per_pod", FIGURE_NUMBER, false, true},
    {"fewest", "balancers_per_pod_min", FIGURE_NUMBER, false, true},
    {"most", "balancers_per_pod_max", FIGURE_NUMBER, false, true},
    {NULL, NULL, 0, false, false},
};

static const struct section_column section_cost[] = {
    {"pods", "pods", FIGURE_NUMBER, true, true},
    {"pod seconds", "pod_seconds", FIGURE_COUNT, false, true},
    {"idle", "idle_share", FIGURE_PERCENT, false, true},
    {"per request", "pod_seconds_per_request", FIGURE_TIME, true, true},
    {NULL, NULL, 0, false, false},
};

static const struct section_column section_errors[] = {
    {"rejected", "rejected", FIGURE_PERCENT, false, false},
    {"timeout", "timeout", FIGURE_PERCENT, false, false},
    {"overflow", "overflow", FIGURE_PERCENT, false, false},
    {"queue timeout", "queue_timeout", FIGURE_PERCENT, false, false},
    {"no backend", "no_backend", FIGURE_PERCENT, false, false},
    {"unfinished", "unfinished", FIGURE_PERCENT, false, false},
    {"refused", "refused", FIGURE_PERCENT, false, false},
    {"reset", "reset", FIGURE_PERCENT, false, false},
    {"error", "error", FIGURE_PERCENT, false, false},
    {"retries", "retries", FIGURE_PERCENT, false, false},
    {NULL, NULL, 0, false, false},
};

static const struct section_column section_clients[] = {
    {"requests", "requests", FIGURE_COUNT, false, false},
    {"errors", "error_rate", FIGURE_PERCENT, false, false},
    {"mean", "mean", FIGURE_TIME, true, false},
    {"p50", "p50", FIGURE_TIME, false, false},
    {"p99", "p99", FIGURE_TIME, true, false},
    {"p99.9", "p99.9", FIGURE_TIME, true, false},
    {"max", "max", FIGURE_TIME, false, false},
    {"cross zone", "cross_zone", FIGURE_PERCENT, true, true},
    {"remote", "remote", FIGURE_PERCENT, true, true},
    {NULL, NULL, 0, false, false},
};

static const struct section_column section_groups[] = {
    {"attempts", "requests", FIGURE_COUNT, false, false},
    {"mean", "mean", FIGURE_TIME, true, false},
    {"p99", "p99", FIGURE_TIME, true, false},
    {"utilisation", "utilisation", FIGURE_PERCENT, false, false},
    {"cache hits", "cache_hit_rate", FIGURE_PERCENT, true, true},
    {NULL, NULL, 0, false, false},
};

static const struct section_column section_changes[] = {
    {"keys", "churn_keys", FIGURE_COUNT, false, false},
    {"moved", "churn_moved", FIGURE_PERCENT, true, false},
    {"least", "churn_least", FIGURE_PERCENT, false, false},
    {"excess", "churn_excess", FIGURE_PERCENT, false, false},
    {"sessions lost", "churn_sessions_lost", FIGURE_PERCENT, true, true},
    {"needless", "churn_sessions_needless", FIGURE_PERCENT, false, true},
    {"hits before", "cache_hit_rate_before", FIGURE_PERCENT, false, true},
    {"after", "cache_hit_rate_after", FIGURE_PERCENT, false, true},
    {"lowest", "cache_hit_rate_lowest", FIGURE_PERCENT, true, true},
    {"links opened", "links_opened", FIGURE_PERCENT, true, true},
    {"closed", "links_closed", FIGURE_PERCENT, true, true},
    {"needless", "links_needless", FIGURE_PERCENT, false, true},
    {NULL, NULL, 0, false, false},
};

static const struct section_column section_faults[] = {
    {"share", "fault_share", FIGURE_PERCENT, false, false},
    {"fair", "fault_share_fair", FIGURE_PERCENT, false, false},
    {"errors there", "fault_errors", FIGURE_PERCENT, false, false},
    {"lost", "requests_lost", FIGURE_COUNT, false, true},
    {"detect", "time_to_detect", FIGURE_TIME, true, true},
    {"undetected", "fault_undetected", FIGURE_PERCENT, false, true},
    {"recover", "time_to_recover", FIGURE_TIME, true, true},
    {"p99 before", "p99_before", FIGURE_TIME, false, true},
    {"p99 during", "p99_during", FIGURE_TIME, true, false},
    {"p99 after", "p99_after", FIGURE_TIME, false, true},
    {NULL, NULL, 0, false, false},
};

enum { SECTION_BALANCERS_MAX = 8 }; /* with more, a row for each says less than their spread */

static bool section_has_few_balancers(const struct report *report)
{
    const char *word = scope_words[SCOPE_BALANCER];
    size_t count = 0;
    for (size_t i = 0; i < report->count && count <= SECTION_BALANCERS_MAX; i++) {
        const struct measure *measure = &report->measures[i];
        if (strcmp(measure->scope, "all") == 0)
            count = 0; /* the next policy */
        else if (strncmp(measure->scope, word, strlen(word)) == 0)
            count += strcmp(measure->metric, "requests") == 0;
    }
    return count <= SECTION_BALANCERS_MAX;
}

static bool section_has_several_balancers(const struct report *report)
{
    for (size_t i = 0; i < report->count; i++)
        if (strcmp(report->measures[i].metric, "instances") == 0 &&
            report->measures[i].value > 1)
            return true;
    return false;
}

/* Whether anywhere pods do not hear from all instances, and not for want of requests alone. */
static bool section_has_subsets(const struct report *report)
{
    double most = 0, fewest = INFINITY;
    for (size_t i = 0; i < report->count; i++) {
        const struct measure *measure = &report->measures[i];
        if (strcmp(measure->metric, "instances") == 0)
            most = fmax(most, measure->value);
        if (strcmp(measure->metric, "balancers_per_pod") == 0)
            fewest = fmin(fewest, measure->value);
    }
    return fewest < 0.9 * most;
}

static const struct section section_list[] = {
    {NULL, SCOPE_ALL, false, NULL, section_latency},
    {"Where the time goes (means)", SCOPE_ALL, false, NULL, section_parts},
    {"Load over the pods (Jain's index: 1 is even; random: that of even random dispatch)",
     SCOPE_ALL, false, NULL, section_load},
    {"Cost (of pods from creation to end; per request: pod time for each that was answered)",
     SCOPE_ALL, false, NULL, section_cost},
    {"Where the time goes, hop by hop (means; rtt: there and back)", SCOPE_HOP, false, NULL,
     section_hops},
    {"Balancers by tier (Jain's index of their requests)", SCOPE_TIER, false,
     section_has_several_balancers, section_tiers},
    {"Balancers of the last tier", SCOPE_BALANCER, false, section_has_few_balancers,
     section_balancers},
    {"Subsets (pods that a balancer sent anything to, and balancers that a pod heard from)",
     SCOPE_ALL, false, section_has_subsets, section_pairs},
    {"Errors by kind", SCOPE_ALL, true, NULL, section_errors},
    {"Clients", SCOPE_CLIENT, false, NULL, section_clients},
    {"Pod groups", SCOPE_GROUP, false, NULL, section_groups},
    {"Remap churn (of keys seen before and after; least: what had to move)", SCOPE_CHANGE, false,
     NULL, section_changes},
    {"Faults (share: of attempts that went to pods in trouble; fair: of those pods)", SCOPE_FAULT,
     false, NULL, section_faults},
};

/* The scopes that have tables of their own. */
static const struct {
    const char *noun;   /* over their names */
    const char *metric; /* that each member has exactly once: it stands for the row */
    size_t least;       /* with fewer members there is no table */
} section_kinds[SCOPE_KIND_COUNT] = {
    [SCOPE_ALL] = {"", "requests", 0},          [SCOPE_CLIENT] = {"client", "requests", 2},
    [SCOPE_GROUP] = {"group", "requests", 2},   [SCOPE_POD] = {"pod", "requests", 2},
    [SCOPE_CHANGE] = {"change", "churn_keys", 1}, [SCOPE_FAULT] = {"fault", "fault_episodes", 1},
    [SCOPE_WINDOW] = {"window", "arrival_rate", 2}, [SCOPE_HOP] = {"hop", "hop_time", 1},
    [SCOPE_TIER] = {"tier", "instances", 1},      [SCOPE_BALANCER] = {"balancer", "requests", 2},
};

/* A hop that takes no time has no row. */
static bool section_is_row(const struct measure *measure, enum scope_kind kind)
{
    const char *word = scope_words[kind];
    return (kind != SCOPE_HOP || measure->value > 0) &&
           strcmp(measure->metric, section_kinds[kind].metric) == 0 &&
           strncmp(measure->scope, word, strlen(word)) == 0;
}

static bool section_has_enough(const struct section_view *view, enum scope_kind kind)
{
    const struct measure *first = NULL;
    size_t members = 0;
    for (size_t i = 0; i < view->report->count && members < section_kinds[kind].least; i++) {
        const struct measure *measure = &view->report->measures[i];
        if (!section_is_row(measure, kind))
            continue;
        if (first == NULL || strcmp(first->scope, measure->scope) != 0)
            members++;
        first = first != NULL ? first : measure;
    }
    return members >= section_kinds[kind].least;
}

/* Whether a metric is about keys, and there is but one. */
static bool section_is_keyless(const struct section_view *view, const char *metric)
{
    static const char *const metrics[] = {"churn_keys", "churn_moved", "churn_least",
                                          "churn_excess"};
    for (size_t i = 0; i < sizeof(metrics) / sizeof(*metrics); i++)
        if (strcmp(metric, metrics[i]) == 0)
            return !report_has_keys(view->report);
    return false;
}

static bool section_is_used(const struct section_view *view,
                            const struct section *section,
                            const struct section_column *column)
{
    if (section_is_keyless(view, column->metric))
        return false;
    for (size_t i = 0; i < view->report->count; i++) {
        const struct measure *measure = &view->report->measures[i];
        if (strcmp(measure->metric, column->metric) == 0 &&
            (column->rare ? isfinite(measure->value) : measure->value > 0))
            return true;
    }
    return !section->sparse && !column->rare;
}

static void section_miss(struct section_view *view, const struct measure *measure)
{
    if (strncmp(measure->note, REPORT_NOTHING_DUE, strlen(REPORT_NOTHING_DUE)) == 0) {
        view->nothing = measure->note;
        return;
    }
    if (strncmp(measure->metric, "churn", strlen("churn")) == 0) {
        view->unseen = true;
        return;
    }
    if (strncmp(measure->metric, "slow1_", strlen("slow1_")) == 0)
        return; /* as of the p99 */
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

/* `measure` is one whose interval is shown. */
static void section_note_half(struct section_view *view, const struct measure *measure)
{
    unsigned sections = measure != NULL ? measure->sections : 0;
    view->halves = view->halves || measure != NULL;
    view->replicated = view->replicated || (measure != NULL && sections == 0);
    if (sections > view->most_sections)
        view->most_sections = sections;
    if (sections > 0 && (view->fewest_sections == 0 || sections < view->fewest_sections))
        view->fewest_sections = sections;
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
    bool is_missing = !isfinite(measure->value) || (column->half && isnan(measure->high));
    if (measure->note != NULL && is_missing)
        section_miss(view, measure);
    section_note_half(view, half[0] != '\0' ? measure : NULL);
    struct table_cell *cell = table_add(table, text, half);
    cell->bold = section_is_lowest(view, measure);
    cell->measure = measure;
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

void section_title(const struct section_view *view, const char *title)
{
    bool markdown = view->style == TABLE_MARKDOWN;
    if (view->style == TABLE_HTML)
        output_format(view->output, "<h3>%s</h3>\n", title != NULL ? title : section_first);
    else if (title != NULL)
        output_format(view->output, markdown ? "\n**%s**\n\n" : "\n%s\n", title);
}

/* What each change or fault was, once for all policies that say the same of it. */
static void section_print_about(const struct section_view *view, enum scope_kind kind)
{
    const struct report *report = view->report;
    output_text(view->output, view->style == TABLE_HTML ? "<ul>\n" : "");
    for (size_t i = 0; i < report->count; i++) {
        const struct measure *measure = &report->measures[i];
        bool told = !section_is_row(measure, kind) || measure->note == NULL;
        for (size_t k = 0; k < i && !told; k++)
            told = section_is_row(&report->measures[k], kind) &&
                   report->measures[k].note != NULL &&
                   strcmp(report->measures[k].scope, measure->scope) == 0 &&
                   strcmp(report->measures[k].note, measure->note) == 0;
        if (told)
            continue;
        output_text(view->output, table_bullet(view->style));
        table_print_text(measure->scope, view->style, view->output);
        output_text(view->output, " ");
        table_print_text(measure->note, view->style, view->output);
        output_text(view->output, "\n");
    }
    output_text(view->output, view->style == TABLE_MARKDOWN ? "\n"
                              : view->style == TABLE_HTML   ? "</ul>\n"
                                                            : "");
}

static void section_fill(struct section_view *view, const struct section *section,
                         const struct section_column *const *columns, struct table *table)
{
    table_add(table, "policy", "");
    if (section->kind != SCOPE_ALL)
        table_add(table, section_kinds[section->kind].noun, "");
    for (size_t i = 0; columns[i] != NULL; i++)
        table_add(table, columns[i]->head, "");
    for (size_t i = 0; i < view->report->count; i++)
        if (section_is_row(&view->report->measures[i], section->kind))
            section_row(view, table, columns, &view->report->measures[i], section->kind);
}

static void section_print(struct section_view *view, const struct section *section)
{
    const struct section_column *columns[16] = {NULL};
    size_t count = 0;
    if (section->is_wanted != NULL && !section->is_wanted(view->report))
        return;
    for (const struct section_column *column = section->columns; column->head != NULL;
         column++) {
        CHECK(count + 1 < sizeof(columns) / sizeof(*columns));
        if (section_is_used(view, section, column))
            columns[count++] = column;
    }
    bool is_told = section->kind == SCOPE_CHANGE || section->kind == SCOPE_FAULT;
    if ((count == 0 && !is_told) || !section_has_enough(view, section->kind))
        return;
    const char *title = section->title;
    if (section->kind == SCOPE_CHANGE && !report_has_keys(view->report))
        title = "Membership changes";
    struct table table = {.title = title ? title : section_first,
                          .labels = section->kind == SCOPE_ALL ? 1 : 2};
    table.columns = table.labels + count;
    section_title(view, title);
    if (is_told)
        section_print_about(view, section->kind);
    if (count > 0) {
        section_fill(view, section, columns, &table);
        table_print(&table, view->style, view->output);
    }
    table_free(&table);
}

void section_print_all(struct section_view *view)
{
    view->lowest = section_lowest(view);
    for (size_t i = 0; i < sizeof(section_list) / sizeof(*section_list); i++) {
        section_print(view, &section_list[i]);
        if (section_list[i].columns != section_parts)
            continue;
        blame_render_print(view);
        regret_print(view);
    }
    section_time_print(view);
}
