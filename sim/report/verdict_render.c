/* SPDX-License-Identifier: GPL-3.0-or-later
   JUnit: a suite per scenario, a failure per threshold that failed, an error per undecided
   one.  GitHub: ::error and ::warning, at the line of the threshold, escaped as its workflow
   commands ask for. */
#include "sim/report/verdict_render.h"

#include "sim/config/json.h"
#include "sim/report/table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { VERDICT_TITLE_SIZE = 1200 };

/* The line of a threshold in its file; NULL: it stands in none. */
static const struct mark *verdict_render_mark(const struct verdict *verdict)
{
    const struct mark *mark = verdict->expectation != NULL ? &verdict->expectation->mark : NULL;
    bool is_file = mark != NULL && mark->source != NULL && mark->line > 0 &&
                   strncmp(mark->source->name, "--", 2) != 0;
    return is_file ? mark : NULL;
}

/* How many of a list have an outcome. */
static size_t verdict_render_count(const struct verdict_suite *suite,
                                   enum verdict_outcome outcome)
{
    size_t count = 0;
    for (size_t i = 0; i < suite->verdicts.count; i++)
        count += suite->verdicts.items[i].outcome == outcome;
    return count;
}

static void verdict_render_sum(const struct verdict_suite *suite, struct output *output)
{
    static const enum verdict_outcome order[] = {VERDICT_PASS, VERDICT_FAIL,
                                                 VERDICT_UNDECIDED, VERDICT_SKIPPED};
    static const char *const words[] = {"passed", "failed", "undecided", "skipped"};
    size_t shown = 0;
    for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++) {
        size_t count = verdict_render_count(suite, order[i]);
        if (count > 0)
            output_format(output, "%s%zu %s", shown++ > 0 ? ", " : "", count, words[i]);
    }
    output_text(output, shown > 0 ? "\n" : "nothing is expected\n");
}

static void verdict_render_people(const struct verdict_suite *suite, enum table_style style,
                                  struct output *output)
{
    bool markdown = style == TABLE_MARKDOWN;
    char text[VERDICT_TITLE_SIZE];
    struct table table = {.columns = 3, .labels = 3};
    output_text(output, markdown ? "### " : "");
    table_print_text(suite->name, style, output);
    output_text(output, markdown ? "\n\n" : "\n");
    table_add(&table, "verdict", "");
    table_add(&table, "expected", "");
    table_add(&table, "found", "");
    for (size_t i = 0; i < suite->verdicts.count; i++) {
        const struct verdict *verdict = &suite->verdicts.items[i];
        bool is_grave = verdict->outcome > VERDICT_SKIPPED;
        table_add(&table, verdict_word(verdict->outcome), "")->bold = is_grave;
        verdict_title(verdict, text, sizeof(text));
        table_add(&table, text, "");
        verdict_found(verdict, text);
        table_add(&table, text, "");
    }
    if (suite->verdicts.count > 0)
        table_print(&table, style, output);
    output_text(output, suite->verdicts.count > 0 && markdown ? "\n" : "");
    verdict_render_sum(suite, output);
    table_free(&table);
}

static void verdict_render_measure(struct json *json, const char *key,
                                   const struct measure *measure)
{
    if (measure == NULL) {
        json_text(json, key, NULL);
        return;
    }
    json_map_open(json, key);
    json_double(json, "high", measure->high);
    json_double(json, "low", measure->low);
    json_text(json, "metric", measure->metric);
    json_text(json, "policy", measure->policy);
    json_unsigned(json, "samples", measure->samples);
    json_text(json, "scope", measure->scope);
    json_text(json, "unit", measure->unit);
    json_double(json, "value", measure->value);
    json_map_close(json);
}

static void verdict_render_json_one(struct json *json, const struct verdict *verdict)
{
    const struct mark *mark = verdict_render_mark(verdict);
    json_map_open(json, NULL);
    json_text(json, "expect", verdict->text);
    verdict_render_measure(json, "found", verdict->left);
    json_double(json, "high", verdict->high);
    json_unsigned(json, "line", mark != NULL ? mark->line : 0);
    json_double(json, "low", verdict->low);
    json_text(json, "outcome", verdict_word(verdict->outcome));
    json_text(json, "policy", verdict->policy);
    verdict_render_measure(json, "reference", verdict->right);
    json_double(json, "value", verdict->value);
    json_text(json, "value_is", !verdict->is_change ? "measured"
                                : verdict->is_ratio ? "ratio"
                                                    : "difference");
    json_text(json, "why", verdict->why);
    json_map_close(json);
}

static void verdict_render_json(const struct verdict_suite *suites, size_t count,
                                struct output *output)
{
    struct json json = {.output = output};
    json_map_open(&json, NULL);
    json_list_open(&json, "checks");
    for (size_t i = 0; i < count; i++) {
        json_map_open(&json, NULL);
        json_text(&json, "outcome", verdict_word(verdict_worst(&suites[i].verdicts)));
        json_text(&json, "path", suites[i].path);
        json_text(&json, "scenario", suites[i].name);
        json_list_open(&json, "verdicts");
        for (size_t k = 0; k < suites[i].verdicts.count; k++)
            verdict_render_json_one(&json, &suites[i].verdicts.items[k]);
        json_list_close(&json);
        json_map_close(&json);
    }
    json_list_close(&json);
    json_text(&json, "schema", "lbsim.check/1");
    json_map_close(&json);
}

/* Text or attribute of XML 1.0, which has no place for control characters. */
static void verdict_render_xml(const char *text, struct output *output)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '&': output_text(output, "&amp;"); break;
        case '<': output_text(output, "&lt;"); break;
        case '>': output_text(output, "&gt;"); break;
        case '"': output_text(output, "&quot;"); break;
        default: output_bytes(output, (unsigned char)*text < ' ' ? "?" : text, 1); break;
        }
    }
}

static void verdict_render_case(const struct verdict_suite *suite,
                                const struct verdict *verdict, struct output *output)
{
    static const char *const elements[] = {NULL, "skipped", "error", "failure"};
    char text[VERDICT_TITLE_SIZE];
    output_text(output, "    <testcase classname=\"");
    verdict_render_xml(suite->name, output);
    output_text(output, "\" name=\"");
    verdict_title(verdict, text, sizeof(text));
    verdict_render_xml(text, output);
    const struct mark *mark = verdict_render_mark(verdict);
    if (mark != NULL) {
        output_text(output, "\" file=\"");
        verdict_render_xml(mark->source->name, output);
        output_format(output, "\" line=\"%u", mark->line);
    }
    verdict_found(verdict, text);
    const char *element = elements[verdict->outcome];
    output_text(output, element != NULL ? "\">\n      <" : "\">\n      <system-out>");
    if (element != NULL) {
        output_format(output, "%s message=\"%s: ", element, verdict_word(verdict->outcome));
        verdict_render_xml(text, output);
        output_text(output, "\"/>\n    </testcase>\n");
    } else {
        verdict_render_xml(text, output);
        output_text(output, "</system-out>\n    </testcase>\n");
    }
}

static void verdict_render_counts(const char *element, const char *name, const size_t *counts,
                                  struct output *output)
{
    output_format(output, "<%s name=\"", element);
    verdict_render_xml(name, output);
    output_format(output, "\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\">\n",
                  counts[VERDICT_PASS] + counts[VERDICT_SKIPPED] + counts[VERDICT_UNDECIDED] +
                      counts[VERDICT_FAIL],
                  counts[VERDICT_FAIL], counts[VERDICT_UNDECIDED], counts[VERDICT_SKIPPED]);
}

static void verdict_render_junit(const struct verdict_suite *suites, size_t count,
                                 struct output *output)
{
    size_t all[VERDICT_FAIL + 1] = {0};
    for (size_t i = 0; i < count; i++)
        for (enum verdict_outcome k = VERDICT_PASS; k <= VERDICT_FAIL; k++)
            all[k] += verdict_render_count(&suites[i], k);
    output_text(output, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    verdict_render_counts("testsuites", "lbsim", all, output);
    for (size_t i = 0; i < count; i++) {
        size_t own[VERDICT_FAIL + 1];
        for (enum verdict_outcome k = VERDICT_PASS; k <= VERDICT_FAIL; k++)
            own[k] = verdict_render_count(&suites[i], k);
        output_text(output, "  ");
        verdict_render_counts("testsuite", suites[i].name, own, output);
        for (size_t k = 0; k < suites[i].verdicts.count; k++)
            verdict_render_case(&suites[i], &suites[i].verdicts.items[k], output);
        output_text(output, "  </testsuite>\n");
    }
    output_text(output, "</testsuites>\n");
}

/* Properties take two escapes more than the message. */
static void verdict_render_escaped(const char *text, bool property, struct output *output)
{
    for (; *text != '\0'; text++) {
        bool escaped = *text == '%' || (unsigned char)*text < ' ' ||
                       (property && (*text == ':' || *text == ','));
        if (escaped)
            output_format(output, "%%%02X", (unsigned)(unsigned char)*text);
        else
            output_bytes(output, text, 1);
    }
}

static void verdict_render_github_one(const struct verdict_suite *suite,
                                      const struct verdict *verdict, struct output *output)
{
    static const char *const words[] = {NULL, "notice", "warning", "error"};
    char text[VERDICT_TITLE_SIZE];
    if (words[verdict->outcome] == NULL)
        return;
    output_format(output, "::%s ", words[verdict->outcome]);
    const struct mark *mark = verdict_render_mark(verdict);
    if (mark != NULL) {
        output_text(output, "file=");
        verdict_render_escaped(mark->source->name, true, output);
        output_format(output, ",line=%u,col=%u,", mark->line, mark->column);
    }
    output_text(output, "title=");
    snprintf(text, sizeof(text), "%s: %s", suite->name, verdict_word(verdict->outcome));
    verdict_render_escaped(text, true, output);
    output_text(output, "::");
    verdict_title(verdict, text, sizeof(text));
    verdict_render_escaped(text, false, output);
    verdict_found(verdict, text);
    output_text(output, ": ");
    verdict_render_escaped(text, false, output);
    output_text(output, "\n");
}

void verdict_render(const struct verdict_suite *suites, size_t count,
                    enum verdict_format format, bool color, struct output *output)
{
    enum table_style style = color ? TABLE_COLOR : TABLE_PLAIN;
    if (format == VERDICT_JSON) {
        verdict_render_json(suites, count, output);
    } else if (format == VERDICT_JUNIT) {
        verdict_render_junit(suites, count, output);
    } else if (format == VERDICT_GITHUB) {
        for (size_t i = 0; i < count; i++)
            for (size_t k = 0; k < suites[i].verdicts.count; k++)
                verdict_render_github_one(&suites[i], &suites[i].verdicts.items[k], output);
    } else {
        for (size_t i = 0; i < count; i++) {
            output_text(output, i > 0 ? "\n" : "");
            verdict_render_people(&suites[i], format == VERDICT_MARKDOWN ? TABLE_MARKDOWN
                                                                         : style, output);
        }
    }
}
