/* SPDX-License-Identifier: GPL-3.0-or-later
   A mistake is shown at the word that is wrong, as far as the text stands in its file as it
   is: one in quotes may be shifted by them, one folded over lines is shown as a whole. */
#include "sim/cli/expectations.h"

#include "sim/cli/json_tree.h"
#include "sim/cli/load.h"
#include "sim/cli/scope_names.h"
#include "sim/cli/talk.h"
#include "sim/engine/check.h"
#include "sim/report/scope.h"

#include <stdio.h>
#include <string.h>

/* Where parsing stands. */
struct expectations_reader {
    const struct scenario *scenario; /* what they are about: one of these two */
    const struct report *report;
    const char *const *labels;       /* policies that may be named; ends with NULL */
    struct arena *arena;
    struct problems *problems;
};

/* Characters in the first `size` bytes. */
static uint32_t expectations_characters(const char *text, size_t size)
{
    uint32_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

static void expectations_problem(const struct expectations_reader *reader, const char *text,
                                 struct mark mark, const struct expect_error *error)
{
    uint32_t whole = expectations_characters(text, strlen(text));
    uint32_t offset = expectations_characters(text, error->offset);
    if (mark.length == whole || mark.length == whole + 2) {
        mark.column += offset + (mark.length - whole) / 2;
        mark.length = expectations_characters(text + error->offset, error->length);
    }
    problem_add(reader->problems, mark, "%s", error->message);
    if (error->hint[0] != '\0')
        problem_hint(reader->problems, "%s", error->hint);
}

/* What to write instead of `name`. */
static void expectations_hint(const char *name, const char *const *names,
                              struct expect_error *error)
{
    const char *nearest = talk_nearest(name, names);
    snprintf(error->hint, sizeof error->hint, "there are none");
    if (nearest)
        snprintf(error->hint, sizeof error->hint, "did you mean '%.100s'?", nearest);
    else if (names[0])
        snprintf(error->hint, sizeof error->hint, "there is '%.100s'%s", names[0],
                 names[1] ? " and others" : "");
}

static bool expectations_knows(const char *const *names, const char *name)
{
    while (*names && strcmp(*names, name) != 0)
        names++;
    return *names != NULL;
}

/* A policy that is none of the labels. */
static bool expectations_unknown_policy(const struct expectations_reader *reader,
                                        const struct expectation *expectation,
                                        const char *name)
{
    struct expect_error error;
    expect_locate(expectation, name, &error);
    snprintf(error.message, sizeof error.message, "unknown policy '%.100s'", name);
    expectations_hint(name, reader->labels, &error);
    expectations_problem(reader, expectation->text, expectation->mark, &error);
    return false;
}

/* Kinds of scopes whose members are known beforehand. */
static const struct expectations_kind {
    enum scope_kind kind;
    const char *noun;
    bool is_range; /* names are a sequence: the first and the last one say it all */
} expectations_kinds[] = {{SCOPE_CLIENT, "client group", false},
                          {SCOPE_GROUP, "pod group", false},
                          {SCOPE_POD, "pod", false},
                          {SCOPE_CHANGE, "change of membership", true},
                          {SCOPE_FAULT, "fault", true},
                          {SCOPE_WINDOW, "window", true},
                          {SCOPE_HOP, "hop", false},
                          {SCOPE_TIER, "tier", false},
                          {SCOPE_BALANCER, "balancer", true}};

/* Ends with NULL.  NULL: they are not known beforehand. */
static const char *const *expectations_names(const struct expectations_reader *reader,
                                             enum scope_kind kind)
{
    return reader->report != NULL ? scope_names_reported(reader->report, kind, reader->arena)
                                  : scope_names_expected(reader->scenario, kind, reader->arena);
}

static bool expectations_unknown_scope(const struct expectations_reader *reader,
                                       const struct expectation *expectation,
                                       const struct expect_side *side,
                                       const struct expectations_kind *kind,
                                       const char *const *names)
{
    struct expect_error error;
    size_t word = strlen(scope_words[kind->kind]), last = 0;
    const char *name = side->scope + word;
    expect_locate(expectation, side->scope, &error);
    error.offset += word;
    error.length = strlen(name);
    snprintf(error.message, sizeof error.message, "unknown %s '%.100s'", kind->noun, name);
    while (names[last] && names[last + 1])
        last++;
    if (kind->kind == SCOPE_POD && names[0] == NULL)
        snprintf(error.hint, sizeof error.hint,
                 "there are no figures of single pods where there are more than %d",
                 SCOPE_MEMBERS_MAX);
    else if (!kind->is_range || names[0] == NULL)
        expectations_hint(name, names, &error);
    else if (last == 0)
        snprintf(error.hint, sizeof error.hint, "there is only '%.100s'", names[0]);
    else
        snprintf(error.hint, sizeof error.hint, "there are '%.100s' to '%.100s'", names[0],
                 names[last]);
    expectations_problem(reader, expectation->text, expectation->mark, &error);
    return false;
}

/* Why no run of the scenario has figures of a metric; NULL: it may have. */
static const char *expectations_never(const struct scenario *scenario,
                                      const struct metric_row *metric)
{
    bool cached = false;
    for (size_t i = 0; i < scenario->pods.count; i++)
        cached |= PARAM_ITEM(scenario->pods, struct scenario_pods, i)->cache.capacity > 0;
    if (metric->basis == BASIS_CACHES && !cached)
        return "no pod has a cache";
    if (metric->basis == BASIS_COST && scenario->membership.count + scenario->autoscale.count == 0)
        return "the pods are the same all the time";
    return NULL;
}

static bool expectations_check_metric(const struct expectations_reader *reader,
                                      const struct expectation *expectation,
                                      const struct expect_side *side)
{
    const char *name = side->metric->metric.name;
    const char *why = reader->scenario ? expectations_never(reader->scenario, side->metric) : NULL;
    struct expect_error error = {.length = strlen(name)};
    if (why == NULL)
        return true;
    const char *at = strstr(expectation->text, name);
    error.offset = at != NULL ? (size_t)(at - expectation->text) : 0;
    snprintf(error.message, sizeof error.message, "there will be no %s: %s", name, why);
    expectations_problem(reader, expectation->text, expectation->mark, &error);
    return false;
}

static bool expectations_check_side(const struct expectations_reader *reader,
                                    const struct expectation *expectation,
                                    const struct expect_side *side)
{
    enum { KINDS = sizeof expectations_kinds / sizeof *expectations_kinds };
    if (side->policy && !expectations_knows(reader->labels, side->policy))
        return expectations_unknown_policy(reader, expectation, side->policy);
    if (side->metric && !expectations_check_metric(reader, expectation, side))
        return false;
    for (size_t i = 0; side->metric && i < KINDS; i++) {
        const struct expectations_kind *kind = &expectations_kinds[i];
        const char *word = scope_words[kind->kind];
        if (strncmp(side->scope, word, strlen(word)) != 0)
            continue;
        const char *const *names = expectations_names(reader, kind->kind);
        bool crowded = reader->report != NULL && (reader->report->crowded >> kind->kind & 1);
        if (names != NULL && !crowded && !expectations_knows(names, side->scope + strlen(word)))
            return expectations_unknown_scope(reader, expectation, side, kind, names);
    }
    return true;
}

static bool expectations_parse(const struct expectations_reader *reader, const char *text,
                               struct mark mark, struct expectation *expectation)
{
    struct expect_error error;
    if (!expect_parse(text, expectation, reader->arena, &error)) {
        expectations_problem(reader, text, mark, &error);
        return false;
    }
    expectation->mark = mark;
    return expectations_check_side(reader, expectation, &expectation->left) &&
           expectations_check_side(reader, expectation, &expectation->right);
}

/* Labels of both lists; ends with NULL. */
static const char *const *expectations_labels(const struct param_list *own,
                                              const struct param_list *chosen,
                                              struct arena *arena)
{
    const char **labels = arena_take(arena, own->count + chosen->count + 1, sizeof *labels);
    size_t count = 0;
    for (size_t i = 0; i < own->count; i++)
        labels[count++] = PARAM_ITEM(*own, struct param_kind, i)->label;
    for (size_t i = 0; i < chosen->count; i++)
        if (!expectations_knows(labels, PARAM_ITEM(*chosen, struct param_kind, i)->label))
            labels[count++] = PARAM_ITEM(*chosen, struct param_kind, i)->label;
    return labels;
}

static bool expectations_is_run(const struct expectation *expectation,
                                const char *const *labels)
{
    const char *left = expectation->left.policy, *right = expectation->right.policy;
    return (!left || expectations_knows(labels, left)) &&
           (!right || expectations_knows(labels, right));
}

void expectations_load(struct scenario *scenario, const struct param_list *own,
                       struct arena *arena, struct problems *problems,
                       struct expectations *expectations)
{
    const struct param_list *chosen = load_policies(scenario);
    const struct param_list nobody = {0};
    const char *const *run = expectations_labels(&nobody, chosen, arena);
    struct expectations_reader reader = {
        scenario, NULL, expectations_labels(own, chosen, arena), arena, problems};
    const char **texts = scenario->expect.items;
    size_t count = scenario->expect.count;
    expectations->items = arena_take(arena, count + 1, sizeof *expectations->items);
    expectations->skipped = arena_take(arena, count + 1, sizeof *expectations->skipped);
    for (size_t i = 0; i < count; i++) {
        struct expectation *expectation = &expectations->items[expectations->count];
        if (!expectations_parse(&reader, texts[i], config_mark(scenario->config, &texts[i]),
                                expectation))
            continue;
        if (expectations_is_run(expectation, run))
            expectations->count++;
        else
            expectations->skipped[expectations->skipped_count++] = texts[i];
    }
    for (size_t i = 0; i < expectations->count && expectations->skipped_count > 0; i++)
        texts[i] = expectations->items[i].text;
    if (expectations->skipped_count > 0)
        scenario->expect.count = expectations->count;
}

/* The place of a JSON text within its source, quotes included. */
static struct mark expectations_mark(const struct source *source,
                                     const struct json_value *value)
{
    struct mark mark = {.source = source, .line = 1};
    const char *line = source->bytes;
    for (const char *at = source->bytes; at < value->begin; at++)
        if (*at == '\n') {
            mark.line++;
            line = at + 1;
        }
    mark.column = 1 + expectations_characters(line, (size_t)(value->begin - line));
    mark.length = expectations_characters(value->begin, (size_t)(value->end - value->begin));
    return mark;
}

void expectations_read(const char *file, const struct result *result, struct arena *arena,
                       struct problems *problems, struct expectations *expectations)
{
    const char **labels = arena_take(arena, result->policy_count + 1, sizeof *labels);
    for (size_t i = 0; i < result->policy_count; i++)
        labels[i] = result->policies[i].label;
    struct expectations_reader reader = {NULL, &result->report, labels, arena, problems};
    char message[128];
    const struct source *source = source_read(file, arena, problems);
    const struct json_value *root =
        source ? json_tree_read(source->bytes, source->size, arena, message, sizeof message)
               : NULL;
    const struct json_value *list =
        json_tree_member(json_tree_member(root, "scenario"), "expect");
    size_t count = 0;
    for (const struct json_value *item = list ? list->first : NULL; item; item = item->next)
        count++;
    expectations->items = arena_take(arena, count + 1, sizeof *expectations->items);
    for (const struct json_value *item = list ? list->first : NULL; item; item = item->next) {
        const char *text = json_tree_text(item);
        if (text && expectations_parse(&reader, text, expectations_mark(source, item),
                                       &expectations->items[expectations->count]))
            expectations->count++;
    }
}

void expectations_add(struct expectations *expectations, const char *text,
                      const struct expectations_subject *subject, struct arena *arena,
                      struct problems *problems)
{
    struct expectations_reader reader = {subject->scenario, subject->report, subject->labels,
                                         arena, problems};
    const struct source *source =
        source_of_text(subject->option, text, strlen(text), arena, problems);
    struct expectation *items =
        arena_take(arena, expectations->count + 1, sizeof *expectations->items);
    if (!source)
        return;
    if (expectations->count > 0)
        memcpy(items, expectations->items, expectations->count * sizeof *items);
    expectations->items = items;
    struct mark mark = {source, 1, 1, expectations_characters(text, strlen(text))};
    if (expectations_parse(&reader, text, mark, &items[expectations->count]))
        expectations->count++;
}

bool expectations_need_baseline(const struct expectations *expectations)
{
    for (size_t i = 0; i < expectations->count; i++)
        if (expectations->items[i].right.is_stored)
            return true;
    return false;
}

struct verdict_list expectations_judge(const struct expectations *expectations,
                                       const struct verdict_ground *ground)
{
    struct verdict_list list = {0};
    for (size_t i = 0; i < expectations->count; i++)
        verdict_judge(&list, &expectations->items[i], ground);
    for (size_t i = 0; i < expectations->skipped_count; i++)
        verdict_skip(&list, expectations->skipped[i], "its policy is not run");
    return list;
}
