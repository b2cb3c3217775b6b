/* SPDX-License-Identifier: GPL-3.0-or-later
   A report as canonical JSON: sorted keys, shortest numbers, null for what is unknown. */
#include "sim/report/render.h"

void render_json_measure(struct json *json, const struct measure *measure)
{
    json_map_open(json, NULL);
    json_double(json, "high", measure->high);
    json_double(json, "low", measure->low);
    json_text(json, "metric", measure->metric);
    json_text(json, "note", measure->note);
    json_text(json, "policy", measure->policy);
    json_unsigned(json, "samples", measure->samples);
    json_text(json, "scope", measure->scope);
    if (measure->sections > 0)
        json_unsigned(json, "sections", measure->sections);
    json_text(json, "unit", measure->unit);
    json_double(json, "value", measure->value);
    json_map_close(json);
}

static void render_json_notes(struct json *json, const struct report *report,
                              const char *const *notes)
{
    json_list_open(json, "notes");
    for (enum scope_kind kind = 0; kind < SCOPE_KIND_COUNT; kind++)
        if (render_crowded(report, kind) != NULL)
            json_text(json, NULL, render_crowded(report, kind));
    for (; notes != NULL && *notes != NULL; notes++)
        json_text(json, NULL, *notes);
    json_list_close(json);
}

void render_json(const struct report *report, const struct report_heading *heading,
                 struct output *output)
{
    struct json json = {.output = output};
    json_map_open(&json, NULL);
    json_list_open(&json, "measures");
    for (size_t i = 0; i < report->count; i++)
        render_json_measure(&json, &report->measures[i]);
    json_list_close(&json);
    render_json_notes(&json, report, heading->notes);
    json_bool(&json, "partial", heading->partial);
    json_unsigned(&json, "replications", report->replications);
    json_text(&json, "scenario", heading->scenario);
    json_text(&json, "schema", "lbsim.report/1");
    if (!heading->seedless)
        json_unsigned(&json, "seed", heading->seed);
    json_text(&json, "summary", heading->summary);
    json_text(&json, "version", heading->version);
    json_map_close(&json);
}
