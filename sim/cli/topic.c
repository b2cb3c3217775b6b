/* SPDX-License-Identifier: GPL-3.0-or-later
   Lists of kinds are found through the row of the scenario that takes them. */
#include "sim/cli/topic.h"

#include "sim/cli/load.h"
#include "sim/engine/check.h"
#include "sim/report/report.h"
#include "sim/trace/trace.h"

#include <string.h>

static bool topic_metric_at(size_t index, struct topic *topic)
{
    const struct metric *metric = metric_at(index);
    if (metric)
        *topic = (struct topic){
            .name = metric->name, .summary = metric->help, .measured = metric->unit};
    return metric != NULL;
}

static bool topic_column_at(size_t index, struct topic *topic)
{
    const struct trace_column *column = trace_column_at(index);
    if (column)
        *topic = (struct topic){
            .name = column->name, .summary = column->help, .measured = column->unit};
    return column != NULL;
}

/* LIST(name, noun, path, at) */
#define TOPIC_LISTS(LIST) \
    LIST("policies", "policy", "balancers.policy", NULL) \
    LIST("presets", "preset of a tier", "balancers.preset", NULL) \
    LIST("faults", "fault", "faults.kind", NULL) \
    LIST("distributions", "distribution", "clients.demand", NULL) \
    LIST("arrivals", "arrival process", "clients.arrivals", NULL) \
    LIST("rates", "rate profile", "clients.rate", NULL) \
    LIST("keys", "key source", "clients.key", NULL) \
    LIST("metrics", "metric", NULL, topic_metric_at) \
    LIST("columns", "column of the trace", NULL, topic_column_at)

#define TOPIC_LIST(name, noun, path, at) {name, noun, path, at},
#define TOPIC_WORD(name, noun, path, at) name,

static const struct topic_list topic_lists[] = {TOPIC_LISTS(TOPIC_LIST)};
const char *const topic_words[] = {TOPIC_LISTS(TOPIC_WORD) "scenarios", NULL};

const struct topic_list *topic_list_at(size_t index)
{
    return index < sizeof topic_lists / sizeof topic_lists[0] ? &topic_lists[index] : NULL;
}

bool topic_at(const struct topic_list *list, size_t index, struct topic *topic)
{
    if (list->at)
        return list->at(index, topic);
    const struct param *row = load_row(scenario_params, list->path);
    if (row && row->type == PARAM_LIST)
        row = row->of.item;
    CHECK(row && row->type == PARAM_KIND);
    const struct kind *kind = row->of.kinds->at(index);
    if (kind)
        *topic = (struct topic){kind->name, kind->summary, kind, row->unit, ""};
    return kind != NULL;
}

bool topic_find(const struct topic_list *list, const char *name, struct topic *topic)
{
    for (size_t i = 0; topic_at(list, i, topic); i++)
        if (strcmp(topic->name, name) == 0)
            return true;
    return false;
}
