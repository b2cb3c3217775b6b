/* SPDX-License-Identifier: GPL-3.0-or-later
   run.json and the comparison of two of them. */
#include "sim/cli/result.h"
#include "sim/cli/result_facts.h"
#include "sim/cli/version.h"
#include "sim/report/render.h"

#include <string.h>

static bool result_is_of_pod(const struct measure *measure)
{
    return strncmp(measure->scope, "pod ", 4) == 0;
}

bool result_is_crowded(const struct report *report)
{
    size_t pods = 0;
    const char *policy = "";
    for (size_t i = 0; i < report->count && pods <= RESULT_PODS_MAX; i++) {
        const struct measure *measure = &report->measures[i];
        if (strcmp(measure->policy, policy) != 0)
            pods = 0;
        policy = measure->policy;
        pods += result_is_of_pod(measure) && strcmp(measure->metric, "requests") == 0;
    }
    return pods > RESULT_PODS_MAX;
}

static void result_write_measures(struct json *json, const struct report *report)
{
    bool crowded = result_is_crowded(report);
    json_list_open(json, "measures");
    for (size_t i = 0; i < report->count; i++) {
        const struct measure *measure = &report->measures[i];
        if (crowded && result_is_of_pod(measure))
            continue;
        render_json_measure(json, measure);
    }
    json_list_close(json);
}

static void result_write_policies(struct json *json, const struct result *result)
{
    json_list_open(json, "policies");
    for (size_t i = 0; i < result->policy_count; i++) {
        const struct result_policy *policy = &result->policies[i];
        json_map_open(json, NULL);
        json_text(json, "kind", policy->kind);
        json_text(json, "label", policy->label);
        json_unsigned(json, "replications", policy->replications);
        json_unsigned(json, "requests", policy->requests);
        json_unsigned(json, "rows", policy->rows);
        json_map_close(json);
    }
    json_list_close(json);
}

static void result_write_provenance(struct json *json)
{
    json_map_open(json, "provenance");
    json_text(json, "compiler", version_compiler());
    json_text(json, "libraries", version_libraries());
    json_map_close(json);
}

void result_write(const struct result *result, struct output *output)
{
    struct json json = {.output = output};
    json_map_open(&json, NULL);
    result_write_measures(&json, &result->report);
    json_list_open(&json, "notes");
    for (size_t i = 0; result->notes[i]; i++)
        json_text(&json, NULL, result->notes[i]);
    json_list_close(&json);
    json_bool(&json, "partial", result->partial);
    result_write_policies(&json, result);
    result_write_provenance(&json);
    json_key(&json, "scenario");
    output_text(output, result->resolved);
    json_text(&json, "schema", RESULT_SCHEMA);
    json_unsigned(&json, "seed", result->seed);
    json_text(&json, "version", result->version);
    json_map_close(&json);
}

struct report_heading result_heading(const struct result *result)
{
    return (struct report_heading){
        .scenario = result->scenario,
        .summary = result->summary,
        .seed = result->seed,
        .seedless = result->seedless,
        .version = result->version,
        .partial = result->partial,
        .notes = result->notes,
    };
}

void result_render(const struct result *result, enum report_format format, bool color,
                   struct output *output)
{
    struct arena arena = {0};
    struct report_facts facts = result_facts(result, &arena);
    struct report_heading heading = result_heading(result);
    heading.facts = &facts;
    report_render(&result->report, &heading, format, color, output);
    arena_free(&arena);
}

bool result_is_same(const struct result *a, const struct result *b)
{
    return strcmp(a->version, b->version) == 0 && strcmp(a->resolved, b->resolved) == 0;
}

void result_free(struct result *result)
{
    report_free(&result->report);
    arena_free(&result->arena);
}
