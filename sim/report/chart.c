/* SPDX-License-Identifier: GPL-3.0-or-later
   The list of charts, and what all of them have: title, caption, the policies' colours. */
#include "sim/report/chart_part.h"

#include "sim/engine/check.h"
#include "sim/stats/interval.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct chart_kind chart_kinds[] = {
    {"ccdf", "Latency: share of requests that took longer",
     "share of requests above each latency, both axes logarithmic", "ccdf", CHART_LINES,
     chart_latency_fill_ccdf, CHART_OF_RESULT},
    {"percentiles", "Latency by percentile", "latency at each percentile, HDR style",
     "percentiles", CHART_LINES, chart_latency_fill_percentiles, CHART_OF_RESULT},
    {"p99", "p99 with 95 % confidence intervals", "p99 of each policy with its interval",
     "forest", CHART_FOREST, chart_rows_fill_p99, CHART_OF_RESULT},
    {"forest", "Ratios, replication by replication",
     "ratios of p99 and mean to one policy (--baseline) or result (--against)", "forest",
     CHART_FOREST, chart_ratio_fill, CHART_OF_RESULT},
    {"parts", "Where the time goes (means)", "parts of the mean latency of each policy", "parts",
     CHART_STACK, chart_rows_fill_parts, CHART_OF_RESULT},
    {"over-time", "Over time",
     "p99, p50, errors, requests in flight and eligible pods, with faults and membership "
     "changes shaded",
     "over-time", CHART_LINES, chart_time_fill, CHART_OF_RESULT},
    {"heatmap", "Latency over time: how many requests took how long",
     "requests by time and latency, with faults and membership changes marked", "heatmap",
     CHART_HEAT, chart_heat_fill, CHART_OF_RESULT},
    {"load", "Load per pod: busy share of capacity", "how busy each pod was, with its fair share",
     "columns", CHART_COLUMNS, chart_load_fill_busy, CHART_OF_RESULT},
    {"requests", "Requests per pod", "share of the attempts that went to each pod", "columns",
     CHART_COLUMNS, chart_load_fill_requests, CHART_OF_RESULT},
    {"cost", "Cost against latency",
     "pod-seconds against p99, with both intervals; of a sweep, a point for each cell", "cost",
     CHART_POINTS, chart_cost_fill, CHART_OF_RESULT | CHART_OF_SWEEP},
    {"churn", "Remap churn: keys moved against the least that must",
     "keys moved by each membership change, with the least that had to move", "churn",
     CHART_BULLET, chart_rows_fill_churn, CHART_OF_RESULT},
    {"load-latency", "Latency against offered load",
     "of a sweep: p99 and mean against offered load, with intervals", "load-latency",
     CHART_LINES, chart_sweep_fill, CHART_OF_SWEEP},
};

const struct chart_kind *chart_kind_at(size_t index)
{
    return index < sizeof(chart_kinds) / sizeof(*chart_kinds) ? &chart_kinds[index] : NULL;
}

const char *chart_format(struct chart *chart, const char *format, ...)
{
    char text[1024];
    va_list list;
    va_start(list, format);
    int size = vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    CHECK(size >= 0);
    size_t length = (size_t)size < sizeof(text) ? (size_t)size : sizeof(text) - 1;
    return arena_copy_text(&chart->arena, text, length);
}

/* The scope "all" comes first and once for each policy. */
struct chart_policies chart_policies(const struct report *report, struct arena *arena)
{
    struct chart_policies policies = {0};
    size_t room = 0;
    for (size_t i = 0; i < report->count; i++)
        room += i == 0 || strcmp(report->measures[i].policy, report->measures[i - 1].policy);
    policies.names = arena_take(arena, room + 1, sizeof(*policies.names));
    for (size_t i = 0; i < report->count; i++)
        if (chart_policy(&policies, report->measures[i].policy) == SIZE_MAX)
            policies.names[policies.count++] = report->measures[i].policy;
    return policies;
}

size_t chart_policy(const struct chart_policies *policies, const char *name)
{
    for (size_t i = policies->count; i > 0; i--)
        if (strcmp(policies->names[i - 1], name) == 0)
            return i - 1;
    return SIZE_MAX;
}

const char *chart_policy_title(struct chart *chart, const struct chart_source *source,
                               const char *policy)
{
    bool oracle = facts_is_oracle(source->heading->facts, policy);
    return oracle ? chart_format(chart, "%s (oracle)", policy) : policy;
}

struct chart_series *chart_open_series(struct chart *chart, size_t room)
{
    struct chart_series *series = arena_take(&chart->arena, room + 1, sizeof(*series));
    chart->series = series;
    return series;
}

static void chart_caption(struct chart *chart, const struct chart_source *source)
{
    const struct report_heading *heading = source->heading;
    size_t count = source->report->replications;
    if (source->sweep != NULL) {
        chart->caption = chart_format(chart, "%s%s%s", heading->scenario,
                                      chart->caption ? "; " : "",
                                      chart->caption ? chart->caption : "");
        return;
    }
    const char *seed =
        heading->seedless ? "" : chart_format(chart, ", seed %" PRIu64, heading->seed);
    const char *method = chart->caption ? chart->caption : "";
    chart->caption = chart_format(
        chart, "%s: %zu replication%s%s, lbsim %s%s%s%s", heading->scenario, count,
        count == 1 ? "" : "s", seed, heading->version ? heading->version : "?",
        heading->partial ? "; partial: the run was stopped early" : "",
        method[0] != '\0' ? "; " : "", method);
}

struct chart chart_make(const struct chart_kind *kind, const struct chart_source *source)
{
    struct chart chart = {.name = kind->name, .title = kind->title, .shape = kind->shape};
    chart.panel_count = 1;
    kind->fill(&chart, source);
    chart_caption(&chart, source);
    return chart;
}

void chart_free(struct chart *chart)
{
    arena_free(&chart->arena);
    *chart = (struct chart){0};
}
