/* SPDX-License-Identifier: GPL-3.0-or-later
   Replication by replication, as both met the same requests: paired log-ratios
   (sim/stats/contrast.h), so the intervals are narrower than those of the two figures. */
#include "sim/report/regret.h"

#include "sim/report/facts.h"
#include "sim/report/figure.h"
#include "sim/stats/contrast.h"

#include <math.h>
#include <stdio.h>

static const char *const regret_metrics[] = {"mean", "p99"};
enum { REGRET_METRICS = sizeof regret_metrics / sizeof *regret_metrics };

static const struct measure *regret_find(const struct section_view *view, const char *policy,
                                         const char *metric)
{
    return report_find(view->report, policy, "all", metric);
}

/* A row of the report stands for its policy. */
static bool regret_is_policy(const struct measure *measure)
{
    return strcmp(measure->metric, "mean") == 0 && strcmp(measure->scope, "all") == 0;
}

static const char *regret_bound(const struct section_view *view)
{
    const struct measure *bound = NULL;
    for (size_t i = 0; i < view->report->count; i++) {
        const struct measure *measure = &view->report->measures[i];
        if (regret_is_policy(measure) && isfinite(measure->value) &&
            facts_is_oracle(view->heading->facts, measure->policy) &&
            (bound == NULL || measure->value < bound->value))
            bound = measure;
    }
    return bound != NULL ? bound->policy : NULL;
}

/* What it is more, and how many times the bound's with its interval. */
static void regret_cells(struct section_view *view, struct table *table,
                         const struct measure *measure, const struct measure *bound)
{
    char more[FIGURE_SIZE], times[FIGURE_SIZE], half[FIGURE_SIZE] = "";
    size_t count = measure->value_count < bound->value_count ? measure->value_count
                                                             : bound->value_count;
    double excess = measure->value - bound->value, size = fabs(excess);
    figure_write(more, FIGURE_TIME, isfinite(size) ? size : NAN);
    figure_write(times, FIGURE_NUMBER, measure->value / bound->value);
    if (measure->values != NULL && bound->values != NULL) {
        struct contrast contrast = contrast_paired(bound->values, measure->values, count);
        if (contrast.is_ratio)
            figure_write_half(half, contrast.value, contrast.high);
    }
    char text[FIGURE_SIZE + 2];
    snprintf(text, sizeof text, "%s%s", excess < 0 ? "-" : "", more);
    table_add(table, text, "");
    table_add(table, times, half);
    view->halves = view->halves || half[0] != '\0';
    view->replicated = view->replicated || half[0] != '\0';
}

static void regret_fill(struct section_view *view, struct table *table, const char *bound)
{
    static const char *const heads[] = {"policy", "mean", "times", "p99", "times"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        table_add(table, heads[i], "");
    for (size_t i = 0; i < view->report->count; i++) {
        const struct measure *row = &view->report->measures[i];
        if (!regret_is_policy(row) || facts_is_oracle(view->heading->facts, row->policy))
            continue;
        table_add(table, row->policy, "");
        for (size_t k = 0; k < REGRET_METRICS; k++)
            regret_cells(view, table, regret_find(view, row->policy, regret_metrics[k]),
                         regret_find(view, bound, regret_metrics[k]));
    }
}

static void regret_print_bound(const struct section_view *view, const char *bound)
{
    output_text(view->output, view->style == TABLE_HTML ? "<p>" : "");
    output_text(view->output, "the best oracle: ");
    table_print_text(bound, view->style, view->output);
    output_text(view->output, view->style == TABLE_HTML       ? "</p>\n"
                              : view->style == TABLE_MARKDOWN ? "\n\n"
                                                              : "\n");
}

void regret_print(struct section_view *view)
{
    const char *bound = regret_bound(view);
    if (bound == NULL)
        return;
    struct table table = {.title = "Regret", .columns = 1 + 2 * REGRET_METRICS, .labels = 1};
    regret_fill(view, &table, bound);
    if (table.count > table.columns) {
        section_title(view, "Regret (beyond the best oracle on the same requests; times: as a "
                            "multiple of it)");
        regret_print_bound(view, bound);
        table_print(&table, view->style, view->output);
    }
    table_free(&table);
}
