/* SPDX-License-Identifier: GPL-3.0-or-later
   run.json back into a struct result; missing or odd members are refused by name. */
#include "sim/cli/json_tree.h"
#include "sim/cli/result.h"
#include "sim/engine/check.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where reading stands. */
struct result_reading {
    struct result *result;
    char *message;
    size_t size;
};

static bool result_read_fail(const struct result_reading *reading, const char *what)
{
    snprintf(reading->message, reading->size, "%s", what);
    return false;
}

/* The whole file, NUL-terminated, in the result's arena; NULL after a message. */
static char *result_read_file(const struct result_reading *reading, const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    size_t room = 0, used = 0, got = 0;
    do {
        room = room ? room * 2 : 1 << 16;
        text = file ? memory_grow(text, room, 1) : NULL;
        got = file ? fread(text + used, 1, room - used - 1, file) : 0;
        used += got;
    } while (file && used == room - 1);
    if (!file || ferror(file)) {
        result_read_fail(reading, strerror(errno));
        if (file)
            fclose(file);
        free(text);
        return NULL;
    }
    fclose(file);
    char *copy = arena_copy_text(&reading->result->arena, text, used);
    free(text);
    *size = used;
    return copy;
}

static size_t result_read_count(const struct json_value *list)
{
    size_t count = 0;
    for (const struct json_value *item = list ? list->first : NULL; item; item = item->next)
        count++;
    return count;
}

static bool result_read_notes(const struct result_reading *reading,
                              const struct json_value *list)
{
    struct result *result = reading->result;
    size_t i = 0;
    result->notes = arena_take(&result->arena, result_read_count(list) + 1, sizeof(char *));
    for (const struct json_value *item = list ? list->first : NULL; item; item = item->next)
        if (!(result->notes[i++] = json_tree_text(item)))
            return result_read_fail(reading, "'notes' holds something that is not a text");
    return true;
}

static bool result_read_policies(const struct result_reading *reading,
                                 const struct json_value *list)
{
    struct result *result = reading->result;
    result->policies = arena_take(&result->arena, result_read_count(list) + 1,
                                  sizeof *result->policies);
    for (const struct json_value *item = list ? list->first : NULL; item; item = item->next) {
        struct result_policy *policy = &result->policies[result->policy_count++];
        policy->label = json_tree_text(json_tree_member(item, "label"));
        policy->kind = json_tree_text(json_tree_member(item, "kind"));
        policy->replications = json_tree_unsigned(json_tree_member(item, "replications"));
        policy->requests = json_tree_unsigned(json_tree_member(item, "requests"));
        policy->rows = json_tree_unsigned(json_tree_member(item, "rows"));
        if (!policy->label || !policy->kind || strchr(policy->label, '/') ||
            policy->label[0] == '.')
            return result_read_fail(reading, "'policies' holds one without a proper name");
    }
    return true;
}

static bool result_read_measures(const struct result_reading *reading,
                                 const struct json_value *list)
{
    struct report *report = &reading->result->report;
    report->room = result_read_count(list) + 1;
    report->measures = memory_zeroed(report->room, sizeof *report->measures);
    for (const struct json_value *item = list ? list->first : NULL; item; item = item->next) {
        struct measure *measure = &report->measures[report->count++];
        *measure = (struct measure){
            .policy = json_tree_text(json_tree_member(item, "policy")),
            .scope = json_tree_text(json_tree_member(item, "scope")),
            .metric = json_tree_text(json_tree_member(item, "metric")),
            .unit = json_tree_text(json_tree_member(item, "unit")),
            .value = json_tree_double(json_tree_member(item, "value")),
            .low = json_tree_double(json_tree_member(item, "low")),
            .high = json_tree_double(json_tree_member(item, "high")),
            .sections = (unsigned)json_tree_unsigned(json_tree_member(item, "sections")),
            .samples = json_tree_unsigned(json_tree_member(item, "samples")),
            .note = json_tree_text(json_tree_member(item, "note")),
        };
        if (!measure->policy || !measure->scope || !measure->metric || !measure->unit)
            return result_read_fail(reading, "'measures' holds one without policy, scope, metric "
                                        "or unit");
    }
    return true;
}

/* The most and the fewest replications of a policy. */
static void result_read_counts(struct result *result)
{
    struct report *report = &result->report;
    for (size_t i = 0; i < result->policy_count; i++) {
        uint64_t count = result->policies[i].replications;
        if (count > report->replications)
            report->replications = count;
        if (count > 0 && (report->fewest == 0 || count < report->fewest))
            report->fewest = count;
    }
}

static bool result_read_root(const struct result_reading *reading,
                             const struct json_value *root)
{
    struct result *result = reading->result;
    const char *schema = json_tree_text(json_tree_member(root, "schema"));
    if (!schema || strcmp(schema, RESULT_SCHEMA) != 0)
        return result_read_fail(reading, "not a result: its 'schema' is not " RESULT_SCHEMA);
    const struct json_value *scenario = json_tree_member(root, "scenario");
    result->scenario = json_tree_text(json_tree_member(scenario, "name"));
    result->summary = json_tree_text(json_tree_member(scenario, "summary"));
    result->version = json_tree_text(json_tree_member(root, "version"));
    const struct json_value *provenance = json_tree_member(root, "provenance");
    result->compiler = json_tree_text(json_tree_member(provenance, "compiler"));
    result->libraries = json_tree_text(json_tree_member(provenance, "libraries"));
    if (!result->scenario || !result->version)
        return result_read_fail(reading, "'scenario.name' or 'version' is missing");
    result->resolved = arena_copy_text(&result->arena, scenario->begin,
                                       (size_t)(scenario->end - scenario->begin));
    result->seed = json_tree_unsigned(json_tree_member(root, "seed"));
    result->partial = json_tree_bool(json_tree_member(root, "partial"));
    if (!result_read_notes(reading, json_tree_member(root, "notes")) ||
        !result_read_policies(reading, json_tree_member(root, "policies")) ||
        !result_read_measures(reading, json_tree_member(root, "measures")))
        return false;
    result_read_counts(result);
    return true;
}

bool result_read(const char *path, struct result *result, char *message, size_t size)
{
    struct result_reading reading = {result, message, size};
    *result = (struct result){0};
    size_t length;
    const char *text = result_read_file(&reading, path, &length);
    const struct json_value *root =
        text ? json_tree_read(text, length, &result->arena, message, size) : NULL;
    if (root && result_read_root(&reading, root))
        return true;
    result_free(result);
    return false;
}
