/* SPDX-License-Identifier: GPL-3.0-or-later
   A sentence, one line of figures, a second one where a fresh start would map otherwise, and
   who has how much. */
#include "sim/cli/churn_print.h"

#include "sim/config/json.h"
#include "sim/engine/check.h"
#include "sim/report/figure.h"
#include "sim/report/table.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { CHURN_PRINT_PODS_MAX = 100 }; /* listed in text */

/* Keys that end up elsewhere after a fresh start. */
static uint64_t churn_print_differing(const struct churn_story *story)
{
    uint64_t count = 0;
    for (uint64_t i = 0; i < story->fresh.key_count; i++)
        count += story->fresh.after[i] != story->in_place.after[i];
    return count;
}

static uint32_t churn_print_removed(const struct churn_mapping *mapping)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < mapping->pod_count; i++)
        count += mapping->is_removed[i];
    return count;
}

/* -- text -- */

static void churn_print_heading(const struct churn_story *story, struct output *output)
{
    const struct churn_mapping *mapping = &story->in_place;
    uint32_t added = mapping->pod_count - mapping->first_count;
    uint32_t removed = churn_print_removed(mapping);
    output_format(output, "%s: %" PRIu32 " pod%s", story->policy, mapping->first_count,
                  mapping->first_count == 1 ? "" : "s");
    if (added > 0)
        output_format(output, ", %" PRIu32 " added", added);
    if (removed > 0)
        output_format(output, ", %" PRIu32 " removed", removed);
    output_format(output, "; %" PRIu64 " key%s\n\n", mapping->key_count,
                  mapping->key_count == 1 ? "" : "s");
}

static void churn_print_cell(struct table *table, double keys, double all)
{
    char text[FIGURE_SIZE], share[FIGURE_SIZE];
    double whole = fabs(keys) < 0.5 ? 0 : keys; /* a least that is part of a key is no key */
    snprintf(text, sizeof text, "%.0f", whole);
    figure_write(share, FIGURE_PERCENT, whole / all);
    table_add(table, text, share);
}

static void churn_print_row(struct table *table, const char *label,
                            const struct churn_mapping *mapping)
{
    struct churn_figures figures = churn_figures_make(mapping);
    double all = (double)mapping->key_count;
    table_add(table, label, "");
    churn_print_cell(table, (double)figures.moved, all);
    churn_print_cell(table, figures.least, all);
    churn_print_cell(table, (double)figures.moved - figures.least, all);
    churn_print_cell(table, (double)figures.among, all);
}

static void churn_print_change(const struct churn_story *story, enum table_style style,
                               struct output *output)
{
    static const char *const heads[] = {"change", "moved", "least", "excess",
                                        "between pods that stay"};
    struct table table = {.columns = 5, .labels = 1};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        table_add(&table, heads[i], "");
    bool differs = churn_print_differing(story) > 0;
    churn_print_row(&table, "in place", &story->in_place);
    if (differs)
        churn_print_row(&table, "fresh start", &story->fresh);
    table_print(&table, style, output);
    table_free(&table);
}

static void churn_print_pod(struct table *table, const struct churn_mapping *mapping,
                            uint32_t pod, const uint64_t *before, const uint64_t *after)
{
    char text[FIGURE_SIZE];
    double all = (double)mapping->key_count;
    table_add(table, mapping->pods[pod].name, "");
    *text_double(text, mapping->pods[pod].weight) = '\0';
    table_add(table, text, "");
    figure_write(text, FIGURE_PERCENT, (double)before[pod] / all);
    table_add(table, pod < mapping->first_count ? text : "-", "");
    figure_write(text, FIGURE_PERCENT, (double)after[pod] / all);
    table_add(table, mapping->is_removed[pod] ? "-" : text, "");
}

static void churn_print_pods(const struct churn_mapping *mapping, enum table_style style,
                             struct output *output)
{
    static const char *const heads[] = {"pod", "weight", "before", "after"};
    uint64_t *before = memory_take(mapping->pod_count, sizeof *before);
    uint64_t *after = memory_take(mapping->pod_count, sizeof *after);
    char peak[FIGURE_SIZE];
    churn_figures_count(mapping, false, before);
    churn_figures_count(mapping, true, after);
    struct table table = {.columns = 4, .labels = 1};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        table_add(&table, heads[i], "");
    for (uint32_t i = 0; i < mapping->pod_count && mapping->pod_count <= CHURN_PRINT_PODS_MAX;
         i++)
        churn_print_pod(&table, mapping, i, before, after);
    table_add(&table, mapping->weighted ? "max/mean, by weight" : "max/mean", "");
    table_add(&table, "", "");
    figure_write(peak, FIGURE_NUMBER, churn_figures_peak(mapping, false, before));
    table_add(&table, peak, "");
    figure_write(peak, FIGURE_NUMBER, churn_figures_peak(mapping, true, after));
    table_add(&table, peak, "");
    table_print(&table, style, output);
    table_free(&table);
    free(before);
    free(after);
}

void churn_print_text(const struct churn_story *story, bool color, struct output *output)
{
    enum table_style style = color ? TABLE_COLOR : TABLE_PLAIN;
    struct churn_figures figures = churn_figures_make(&story->in_place);
    uint64_t differing = churn_print_differing(story);
    churn_print_heading(story, output);
    churn_print_change(story, style, output);
    output_text(output, "\n");
    churn_print_pods(&story->in_place, style, output);
    output_text(output, "\nleast: the keys of removed pods, and as many as make up the share that "
                        "the others cede\n");
    if (differing > 0)
        output_format(output,
                      "in place: the policy was told; after a fresh start with the new list "
                      "%" PRIu64 " keys are elsewhere\n", differing);
    if (figures.nowhere_before + figures.nowhere_after > 0)
        output_format(output,
                      "keys without a pod: %" PRIu64 " before, %" PRIu64 " after the change\n",
                      figures.nowhere_before, figures.nowhere_after);
    if (story->in_place.pod_count > CHURN_PRINT_PODS_MAX)
        output_format(output, "more than %d pods: --format json lists them\n",
                      CHURN_PRINT_PODS_MAX);
}

/* -- JSON -- */

static void churn_print_figures(struct json *json, const char *key,
                                const struct churn_mapping *mapping)
{
    struct churn_figures figures = churn_figures_make(mapping);
    double all = (double)mapping->key_count, moved = (double)figures.moved;
    json_map_open(json, key);
    json_double(json, "excess", moved - figures.least);
    json_double(json, "excess_share", (moved - figures.least) / all);
    json_double(json, "least", figures.least);
    json_double(json, "least_share", figures.least / all);
    json_unsigned(json, "moved", figures.moved);
    json_unsigned(json, "moved_among_staying", figures.among);
    json_double(json, "moved_share", moved / all);
    json_unsigned(json, "nowhere_after", figures.nowhere_after);
    json_unsigned(json, "nowhere_before", figures.nowhere_before);
    json_map_close(json);
}

static void churn_print_names(struct json *json, const char *key,
                              const struct churn_mapping *mapping, bool added)
{
    json_list_open(json, key);
    for (uint32_t i = 0; i < mapping->pod_count; i++)
        if (added ? i >= mapping->first_count : mapping->is_removed[i])
            json_text(json, NULL, mapping->pods[i].name);
    json_list_close(json);
}

static void churn_print_loads(struct json *json, const struct churn_mapping *mapping)
{
    uint64_t *before = memory_take(mapping->pod_count, sizeof *before);
    uint64_t *after = memory_take(mapping->pod_count, sizeof *after);
    churn_figures_count(mapping, false, before);
    churn_figures_count(mapping, true, after);
    json_double(json, "max_over_mean_after", churn_figures_peak(mapping, true, after));
    json_double(json, "max_over_mean_before", churn_figures_peak(mapping, false, before));
    json_list_open(json, "pods");
    for (uint32_t i = 0; i < mapping->pod_count; i++) {
        json_map_open(json, NULL);
        json_unsigned(json, "keys_after", after[i]);
        json_unsigned(json, "keys_before", before[i]);
        json_text(json, "name", mapping->pods[i].name);
        json_double(json, "weight", mapping->pods[i].weight);
        json_map_close(json);
    }
    json_list_close(json);
    free(before);
    free(after);
}

void churn_print_json(const struct churn_story *story, struct output *output)
{
    const struct churn_mapping *mapping = &story->in_place;
    struct json json = {.output = output};
    json_map_open(&json, NULL);
    churn_print_names(&json, "added", mapping, true);
    json_unsigned(&json, "differing", churn_print_differing(story));
    churn_print_figures(&json, "fresh_start", &story->fresh);
    churn_print_figures(&json, "in_place", mapping);
    json_unsigned(&json, "keys", mapping->key_count);
    churn_print_loads(&json, mapping);
    json_text(&json, "policy", story->policy);
    churn_print_names(&json, "removed", mapping, false);
    json_text(&json, "schema", "lbsim.churn/1");
    json_unsigned(&json, "seed", story->seed);
    json_map_close(&json);
}
