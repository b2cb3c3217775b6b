/* SPDX-License-Identifier: GPL-3.0-or-later
   How the policies of a result compare to one of them, or to those of another result: log-ratios,
   paired where they can be, the intervals one by one, the words by Holm for all rows together
   (sim/report/compare.h). */
#include "sim/report/chart_part.h"
#include "sim/report/compare.h"

#include <math.h>
#include <string.h>

#define CHART_RATIO_MARGIN 0.02 /* that of lbsim compare, unless told otherwise */
#define CHART_RATIO_LOG 8       /* largest over least from which on the axis is logarithmic */

static const char *const chart_ratio_metrics[] = {"p99", "mean"};
enum { CHART_RATIO_METRICS = sizeof(chart_ratio_metrics) / sizeof(*chart_ratio_metrics) };

/* Rows on their way. */
struct chart_ratio {
    const struct chart_source *source;
    struct chart_policies policies;
    const char *base; /* a policy, or another result */
    const char **names, **notes;
};

/* The row of a comparison that has an interval, in the colour of its policy. */
static void chart_ratio_add(struct chart *chart, const struct chart_ratio *ratio,
                            const struct comparison *item)
{
    const struct measure *measure = item->candidate;
    const struct contrast *contrast = &item->contrast;
    if (!contrast->is_ratio || !isfinite(contrast->low) || chart->row_count == CHART_ROWS_MAX)
        return;
    size_t row = chart->row_count++;
    char value[FIGURE_SIZE];
    figure_write(value, FIGURE_NUMBER, contrast->value);
    struct chart_point *point = arena_take(&chart->arena, 1, sizeof(*point));
    *point = (struct chart_point){contrast->value, (double)row, contrast->low, contrast->high};
    ratio->names[row] = chart_format(chart, "%s: %s", measure->metric,
                                     chart_policy_title(chart, ratio->source, measure->policy));
    ratio->notes[row] =
        chart_format(chart, "%s %s", value, compare_verdict_word(item->verdict));
    chart->series[chart->series_count++] =
        (struct chart_series){.name = measure->policy, .points = point, .count = 1,
                              .color = chart_policy(&ratio->policies, measure->policy)};
    chart_axis_meet(&chart->x, contrast->low);
    chart_axis_meet(&chart->x, contrast->high);
}

static void chart_ratio_compare(struct compare_family *family, const struct chart_ratio *ratio)
{
    const struct chart_source *source = ratio->source;
    const struct chart_policies *policies = &ratio->policies;
    for (size_t m = 0; m < CHART_RATIO_METRICS; m++)
        for (size_t i = 0; i < policies->count; i++) {
            const char *metric = chart_ratio_metrics[m], *policy = policies->names[i];
            const struct measure *baseline =
                source->against != NULL ? report_find(source->against, policy, "all", metric)
                                        : report_find(source->report, ratio->base, "all", metric);
            const struct measure *measure = report_find(source->report, policy, "all", metric);
            bool is_other = source->against != NULL || strcmp(policy, ratio->base) != 0;
            if (baseline != NULL && measure != NULL && is_other)
                compare_add(family, baseline, measure,
                            source->against == NULL || source->against_is_paired);
        }
    compare_settle(family);
}

static void chart_ratio_close(struct chart *chart, const char *base)
{
    struct chart_mark *mark = arena_take(&chart->arena, 1, sizeof(*mark));
    *mark = (struct chart_mark){1, false, base};
    chart->marks = mark;
    chart->mark_count = 1;
    chart_axis_meet(&chart->x, 1);
    chart->x.log = chart->x.low > 0 && chart->x.high > CHART_RATIO_LOG * chart->x.low;
    chart_axis_close(&chart->x);
}

void chart_ratio_fill(struct chart *chart, const struct chart_source *source)
{
    struct chart_ratio ratio = {
        .source = source,
        .policies = chart_policies(source->report, &chart->arena),
        .names = arena_take(&chart->arena, CHART_ROWS_MAX, sizeof(char *)),
        .notes = arena_take(&chart->arena, CHART_ROWS_MAX, sizeof(char *)),
    };
    struct compare_family family = {.margin = CHART_RATIO_MARGIN};
    chart_open_series(chart, CHART_ROWS_MAX);
    chart->rows = ratio.names;
    chart->notes = ratio.notes;
    chart->empty = "no data: it needs two policies, ten replications and the values of each";
    chart->caption = chart_format(
        chart, "95 %% intervals of %s by Student's t; words by Holm for all rows together, "
               "equal: within 2 %%",
        source->against == NULL || source->against_is_paired ? "paired log-ratios"
                                                             : "log-ratios, not paired,");
    if (ratio.policies.count < (source->against != NULL ? 1 : 2))
        return;
    ratio.base = source->against != NULL    ? source->against_name
                 : source->baseline != NULL ? source->baseline
                                            : ratio.policies.names[0];
    chart_axis_open(&chart->x, chart_format(chart, "times that of %s", ratio.base), FIGURE_NUMBER,
                    false);
    chart_ratio_compare(&family, &ratio);
    for (size_t i = 0; i < family.count; i++)
        chart_ratio_add(chart, &ratio, &family.items[i]);
    compare_free(&family);
    if (chart->row_count == 0)
        return;
    chart->empty = NULL;
    chart->title = chart_format(chart, source->against != NULL
                                           ? "p99 and mean as a multiple of those of %s"
                                           : "p99 and mean as a multiple of %s's", ratio.base);
    chart_ratio_close(chart, ratio.base);
}
