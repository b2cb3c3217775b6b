/* SPDX-License-Identifier: GPL-3.0-or-later
   Read from the JSON of the scenario, as a result that was stored has nothing else. */
#include "sim/cli/result_facts.h"

#include "models/policy.h"
#include "sim/cli/json_tree.h"
#include "sim/cli/topic.h"
#include "sim/cli/version.h"
#include "sim/config/unit.h"
#include "sim/report/expect.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* A duration; infinite where the text is no number, as "never" and "none". */
static double result_facts_seconds(const struct json_value *value)
{
    struct unit_value read;
    const char *text = json_tree_text(value);
    if (text == NULL || unit_read(PARAM_DURATION, text, &read) != UNIT_READ)
        return INFINITY;
    return read.real / 1e9;
}

static size_t result_facts_count(const struct json_value *list)
{
    size_t count = 0;
    for (const struct json_value *item = list ? list->first : NULL; item; item = item->next)
        count++;
    return count;
}

static void result_facts_timeouts(struct report_facts *facts, const struct json_value *clients,
                                  struct arena *arena)
{
    struct facts_timeout *timeouts =
        arena_take(arena, result_facts_count(clients) + 1, sizeof *timeouts);
    const struct json_value *item = clients ? clients->first : NULL;
    for (; item; item = item->next) {
        const char *name = json_tree_text(json_tree_member(item, "name"));
        double seconds = result_facts_seconds(json_tree_member(item, "timeout"));
        if (name != NULL && isfinite(seconds))
            timeouts[facts->timeout_count++] = (struct facts_timeout){name, seconds};
    }
    facts->timeouts = timeouts;
}

static const char *result_facts_print(struct arena *arena, const char *what,
                                      const char *between, const char *where)
{
    char text[512];
    int size = snprintf(text, sizeof text, "%s%s%s", what, where ? between : "",
                        where ? where : "");
    return arena_copy_text(arena, text, strnlen(text, size > 0 ? (size_t)size : 0));
}

static struct facts_span result_facts_fault(const struct json_value *fault, struct arena *arena)
{
    const char *kind = json_tree_text(json_tree_member(fault, "kind"));
    const char *on = json_tree_text(json_tree_member(fault, "on"));
    char what[64];
    snprintf(what, sizeof what, "%s%.30s", json_tree_member(fault, "up") ? "at random: " : "",
             kind ? kind : "fault");
    return (struct facts_span){
        result_facts_seconds(json_tree_member(fault, "from")),
        result_facts_seconds(json_tree_member(fault, "to")),
        result_facts_print(arena, what, " of ", on ? on : "all pods"),
    };
}

/* "add 2 pod", "down pod-3". */
static struct facts_span result_facts_change(const struct json_value *change,
                                             struct arena *arena)
{
    double at = result_facts_seconds(json_tree_member(change, "at"));
    struct facts_span span = {at, at, "membership change"};
    for (const struct json_value *verb = change->first; verb; verb = verb->next) {
        if (strcmp(verb->key, "at") == 0)
            continue;
        bool is_text = verb->type == JSON_TEXT;
        const char *pods =
            json_tree_text(is_text ? verb : json_tree_member(verb, "pods"));
        uint64_t count = json_tree_unsigned(json_tree_member(verb, "count"));
        char what[64];
        snprintf(what, sizeof what, "%.30s", verb->key);
        if (count > 1)
            snprintf(what, sizeof what, "%.30s %" PRIu64, verb->key, count);
        span.text = result_facts_print(arena, what, " ", pods);
    }
    return span;
}

static void result_facts_spans(struct report_facts *facts, const struct json_value *root,
                               struct arena *arena)
{
    const struct json_value *lists[] = {json_tree_member(root, "faults"),
                                        json_tree_member(root, "membership")};
    size_t room = result_facts_count(lists[0]) + result_facts_count(lists[1]);
    struct facts_span *spans = arena_take(arena, room + 1, sizeof *spans);
    for (int i = 0; i < 2; i++) {
        const struct json_value *item = lists[i] ? lists[i]->first : NULL;
        for (; item; item = item->next) {
            struct facts_span span = i == 0 ? result_facts_fault(item, arena)
                                            : result_facts_change(item, arena);
            if (!isfinite(span.from))
                continue;
            size_t k = facts->span_count++;
            for (; k > 0 && spans[k - 1].from > span.from; k--)
                spans[k] = spans[k - 1];
            spans[k] = span;
        }
    }
    facts->spans = spans;
}

static bool result_facts_is_oracle(const char *kind)
{
    const struct topic_list *list;
    struct topic topic;
    for (size_t i = 0; (list = topic_list_at(i)); i++)
        if (strcmp(list->name, "policies") == 0 && topic_find(list, kind, &topic))
            return ((const struct policy_ops *)topic.kind)->traits & POLICY_ORACLE;
    return false;
}

static void result_facts_oracles(struct report_facts *facts, const struct result *result,
                                 struct arena *arena)
{
    size_t count = 0;
    const char **oracles = arena_take(arena, result->policy_count + 1, sizeof *oracles);
    for (size_t i = 0; i < result->policy_count; i++)
        if (result_facts_is_oracle(result->policies[i].kind))
            oracles[count++] = result->policies[i].label;
    facts->oracles = oracles;
}

static void result_facts_asked(struct report_facts *facts, const struct json_value *texts,
                               struct arena *arena)
{
    size_t count = 0;
    const char **asked = arena_take(arena, 2 * result_facts_count(texts) + 1, sizeof *asked);
    const struct json_value *item = texts ? texts->first : NULL;
    for (; item; item = item->next) {
        struct expectation expectation;
        struct expect_error error;
        const char *text = json_tree_text(item);
        if (text == NULL || !expect_parse(text, &expectation, arena, &error))
            continue;
        if (expectation.left.policy != NULL)
            asked[count++] = expectation.left.policy;
        if (expectation.right.metric != NULL && expectation.right.policy != NULL)
            asked[count++] = expectation.right.policy;
    }
    facts->asked = asked;
}

struct report_facts result_facts(const struct result *result, struct arena *arena)
{
    struct report_facts facts = {
        .resolved = result->resolved,
        .compiler = result->compiler ? result->compiler : version_compiler(),
        .libraries = result->libraries ? result->libraries : version_libraries(),
    };
    char message[128];
    result_facts_oracles(&facts, result, arena);
    if (result->resolved == NULL)
        return facts;
    const struct json_value *root = json_tree_read(result->resolved, strlen(result->resolved),
                                                   arena, message, sizeof message);
    if (root == NULL)
        return facts;
    result_facts_timeouts(&facts, json_tree_member(root, "clients"), arena);
    result_facts_spans(&facts, root, arena);
    result_facts_asked(&facts, json_tree_member(root, "expect"), arena);
    return facts;
}
