/* SPDX-License-Identifier: GPL-3.0-or-later
   Relative thresholds go by the contrast of both sides, paired within one report. */
#include "sim/report/verdict.h"

#include "sim/engine/check.h"
#include "sim/report/quantity.h"
#include "sim/report/report.h"
#include "sim/stats/contrast.h"
#include "sim/stats/interval.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct verdict *verdict_add(struct verdict_list *list, struct verdict verdict)
{
    if (list->count == list->room) {
        list->room = list->room == 0 ? 16 : 2 * list->room;
        list->items = memory_grow(list->items, list->room, sizeof(*list->items));
    }
    list->items[list->count] = verdict;
    return &list->items[list->count++];
}

/* By the bounds of what was found; both are the value itself where that is a fact. */
static enum verdict_outcome verdict_by(enum expect_op op, double low, double high, double limit)
{
    switch (op) {
    case EXPECT_LESS: return high < limit ? VERDICT_PASS
                             : low >= limit ? VERDICT_FAIL : VERDICT_UNDECIDED;
    case EXPECT_AT_MOST: return high <= limit ? VERDICT_PASS
                                : low > limit ? VERDICT_FAIL : VERDICT_UNDECIDED;
    case EXPECT_MORE: return low > limit ? VERDICT_PASS
                             : high <= limit ? VERDICT_FAIL : VERDICT_UNDECIDED;
    case EXPECT_AT_LEAST: return low >= limit ? VERDICT_PASS
                                 : high < limit ? VERDICT_FAIL : VERDICT_UNDECIDED;
    }
    return VERDICT_FAIL;
}

/* Judges twice: by the 95 % interval and by a wider one. */
static void verdict_decide(struct verdict *verdict, double limit, double wide_low,
                           double wide_high)
{
    enum expect_op op = verdict->expectation->op;
    verdict->outcome = verdict_by(op, verdict->low, verdict->high, limit);
    verdict->is_firm = verdict->outcome != VERDICT_UNDECIDED &&
                       verdict->outcome == verdict_by(op, wide_low, wide_high, limit);
}

static void verdict_give_up(struct verdict *verdict, enum verdict_outcome outcome,
                            const char *why)
{
    verdict->outcome = outcome;
    verdict->is_firm = outcome == VERDICT_FAIL; /* what was never there does not come */
    verdict->why = why;
}

/* Whether a side has a value.  Thin evidence may grow, what was never there does not. */
static bool verdict_has(struct verdict *verdict, const struct expect_side *side,
                        const struct measure *measure)
{
    if (measure == NULL)
        verdict_give_up(verdict, VERDICT_FAIL, "there are no such figures");
    else if (measure->samples == 0)
        verdict_give_up(verdict, VERDICT_FAIL, "no samples");
    else if (isfinite(measure->value))
        return true;
    else
        verdict_give_up(verdict, side->metric->rule == METRIC_PERCENTILE ? VERDICT_UNDECIDED
                                                                         : VERDICT_FAIL,
                        measure->note != NULL ? measure->note : "no data");
    return false;
}

/* A share that was 0 in all replications has no spread to learn from: with n requests it may
   yet be as large as this (C. J. Clopper, E. S. Pearson, 1934).  That it is to be 0 is taken
   as meant of these runs. */
static double verdict_bound(const struct expectation *expectation,
                            const struct measure *measure)
{
    bool is_share = expectation->left.metric->basis == BASIS_REQUESTS &&
                    strcmp(measure->unit, "ratio") == 0;
    if (!is_share || measure->high > 0 || expectation->value == 0)
        return measure->high;
    return -expm1(log((1 - INTERVAL_LEVEL) / 2) / (double)measure->samples);
}

static void verdict_judge_value(struct verdict *verdict)
{
    const struct expectation *expectation = verdict->expectation;
    const struct measure *measure = verdict->left;
    if (!verdict_has(verdict, &expectation->left, measure))
        return;
    verdict->value = measure->value;
    verdict->low = measure->low;
    verdict->high = verdict_bound(expectation, measure);
    if (expectation->left.metric->rule == METRIC_FACT) {
        verdict->outcome = verdict_by(expectation->op, measure->value, measure->value,
                                      expectation->value);
        verdict->is_firm = true;
    } else if (isnan(measure->low)) {
        verdict_give_up(verdict, VERDICT_UNDECIDED,
                        measure->note ? measure->note : "no interval: it needs 10 replications");
    } else {
        size_t values = measure->sections > 0 ? measure->sections : measure->value_count;
        size_t degrees = values > 1 ? values - 1 : 1;
        double wider = interval_t(VERDICT_FIRM_LEVEL, degrees) /
                       interval_t(INTERVAL_LEVEL, degrees);
        verdict_decide(verdict, expectation->value,
                       verdict->value - wider * (verdict->value - verdict->low),
                       verdict->value + wider * (verdict->high - verdict->value));
    }
    if (measure->sections > 0 && measure->value_count > 1) /* more of the same do not help */
        verdict->is_firm = true;
}

static struct contrast verdict_contrast(const struct verdict *verdict, bool paired)
{
    const struct measure *left = verdict->left, *right = verdict->right;
    double *scaled = memory_take(right->value_count + 1, sizeof(*scaled));
    for (size_t i = 0; i < right->value_count; i++)
        scaled[i] = right->values[i] * verdict->expectation->factor;
    size_t fewer =
        left->value_count < right->value_count ? left->value_count : right->value_count;
    struct contrast contrast =
        paired ? contrast_paired(scaled, left->values, fewer)
               : contrast_unpaired(scaled, right->value_count, left->values,
                                   left->value_count);
    free(scaled);
    return contrast;
}

static void verdict_judge_facts(struct verdict *verdict)
{
    double limit = verdict->right->value * verdict->expectation->factor;
    verdict->is_change = verdict->is_ratio = true;
    verdict->value = verdict->left->value / limit;
    verdict->outcome = verdict_by(verdict->expectation->op, verdict->left->value,
                                  verdict->left->value, limit);
    verdict->is_firm = true;
}

static void verdict_judge_change(struct verdict *verdict, bool paired)
{
    const struct expectation *expectation = verdict->expectation;
    if (!verdict_has(verdict, &expectation->left, verdict->left))
        return;
    if (!verdict_has(verdict, &expectation->right, verdict->right)) {
        verdict->is_firm = verdict->is_firm || expectation->right.is_stored;
        verdict->whose = expectation->right.is_stored ? "baseline" : expectation->right.policy;
        return;
    }
    if (expectation->left.metric->rule == METRIC_FACT) {
        verdict_judge_facts(verdict);
        return;
    }
    if (verdict->left->values == NULL || verdict->right->values == NULL) {
        verdict_give_up(verdict, VERDICT_FAIL, "values of its replications are not known");
        return;
    }
    struct contrast contrast = verdict_contrast(verdict, paired);
    verdict->is_change = true;
    verdict->is_ratio = contrast.is_ratio;
    verdict->value = contrast.value;
    verdict->low = contrast.low;
    verdict->high = contrast.high;
    double wide_low, wide_high;
    contrast_interval(&contrast, VERDICT_FIRM_LEVEL, &wide_low, &wide_high);
    if (isnan(contrast.low))
        verdict_give_up(verdict, VERDICT_UNDECIDED,
                        "no interval: it needs a value in each of 10 replications");
    else
        verdict_decide(verdict, contrast.is_ratio ? 1 : 0, wide_low, wide_high);
}

/* Whether anything was measured of a policy. */
static bool verdict_knows(const struct report *report, const char *policy)
{
    for (size_t i = 0; i < report->count; i++)
        if (strcmp(report->measures[i].policy, policy) == 0)
            return true;
    return false;
}

static void verdict_judge_policy(struct verdict_list *list,
                                 const struct expectation *expectation, const char *policy,
                                 const struct verdict_ground *ground)
{
    const struct expect_side *left = &expectation->left, *right = &expectation->right;
    struct verdict *verdict = verdict_add(list, (struct verdict){
        .expectation = expectation, .text = expectation->text, .policy = policy,
        .outcome = VERDICT_SKIPPED, .value = NAN, .low = NAN, .high = NAN});
    verdict->left = report_find(ground->report, policy, left->scope, left->metric->metric.name);
    bool compares = right->metric != NULL && !right->is_stored;
    if (ground->is_partial && (!verdict_knows(ground->report, policy) ||
                               (compares && !verdict_knows(ground->report, right->policy)))) {
        verdict_give_up(verdict, VERDICT_UNDECIDED, "the run was stopped before");
        return;
    }
    if (right->metric == NULL) {
        verdict_judge_value(verdict);
        return;
    }
    const struct report *other = right->is_stored ? ground->stored : ground->report;
    if (other == NULL) {
        verdict->why = "there is no stored result to compare with: give --baseline";
        return;
    }
    verdict->right = report_find(other, right->is_stored ? policy : right->policy,
                                 right->scope, right->metric->metric.name);
    verdict_judge_change(verdict, !right->is_stored || ground->stored_is_paired);
}

void verdict_judge(struct verdict_list *list, const struct expectation *expectation,
                   const struct verdict_ground *ground)
{
    const struct report *report = ground->report;
    if (expectation->left.policy != NULL) {
        verdict_judge_policy(list, expectation, expectation->left.policy, ground);
        return;
    }
    const char *last = "", *other = expectation->right.policy;
    for (size_t i = 0; i < report->count; i++) {
        const char *policy = report->measures[i].policy;
        bool is_known = strcmp(policy, last) == 0;
        last = policy;
        if (!is_known && (other == NULL || strcmp(other, policy) != 0))
            verdict_judge_policy(list, expectation, policy, ground);
    }
}

void verdict_skip(struct verdict_list *list, const char *text, const char *why)
{
    verdict_add(list, (struct verdict){.text = text, .outcome = VERDICT_SKIPPED, .why = why,
                                       .value = NAN, .low = NAN, .high = NAN});
}

void verdict_free(struct verdict_list *list)
{
    free(list->items);
    *list = (struct verdict_list){0};
}

enum verdict_outcome verdict_worst(const struct verdict_list *list)
{
    enum verdict_outcome worst = VERDICT_PASS;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].outcome > worst)
            worst = list->items[i].outcome;
    return worst;
}

const char *verdict_word(enum verdict_outcome outcome)
{
    static const char *const words[] = {"pass", "skipped", "undecided", "fail"};
    return words[outcome];
}

/* "74.2ms against 109ms: -31.9% (-34.1% to -26.0%)", the right side with its factor. */
static void verdict_found_change(const struct verdict *verdict, char found[VERDICT_FOUND_SIZE])
{
    const char *unit = quantity_unit(verdict->left);
    char left[QUANTITY_SIZE], right[QUANTITY_SIZE], value[QUANTITY_SIZE], span[QUANTITY_SIZE];
    quantity_write(left, unit, verdict->left->value);
    quantity_write(right, unit, verdict->right->value * verdict->expectation->factor);
    quantity_write_change(value, verdict->is_ratio, unit, verdict->value);
    quantity_write_changes(span, verdict->is_ratio, unit, verdict->low, verdict->high);
    snprintf(found, VERDICT_FOUND_SIZE, "%.30s against %.30s: %.30s%s%.80s%s", left, right,
             value, span[0] != '\0' ? " (" : "", span, span[0] != '\0' ? ")" : "");
}

void verdict_found(const struct verdict *verdict, char found[VERDICT_FOUND_SIZE])
{
    char value[QUANTITY_SIZE], span[QUANTITY_SIZE];
    found[0] = '\0';
    if (isfinite(verdict->value) && verdict->is_change) {
        verdict_found_change(verdict, found);
    } else if (isfinite(verdict->value)) {
        const char *unit = quantity_unit(verdict->left);
        quantity_write(value, unit, verdict->value);
        quantity_write_span(span, unit, verdict->low, verdict->high);
        snprintf(found, VERDICT_FOUND_SIZE, "%s%s%s%s", value, span[0] != '\0' ? " (" : "",
                 span, span[0] != '\0' ? ")" : "");
    }
    size_t used = strlen(found);
    if (verdict->why != NULL)
        snprintf(found + used, VERDICT_FOUND_SIZE - used, "%s%s%s%s", used > 0 ? "; " : "",
                 verdict->whose != NULL ? verdict->whose : "",
                 verdict->whose != NULL ? ": " : "", verdict->why);
}

void verdict_title(const struct verdict *verdict, char *to, size_t size)
{
    bool is_named = verdict->expectation == NULL || verdict->policy == NULL ||
                    verdict->expectation->left.policy != NULL;
    if (is_named)
        snprintf(to, size, "%s", verdict->text);
    else
        snprintf(to, size, "%s: %s", verdict->policy, verdict->text);
}
