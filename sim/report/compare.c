/* SPDX-License-Identifier: GPL-3.0-or-later
   Contrasts one by one, then Holm over all of them.  A declared margin goes before a small
   p-value: a difference that is certain but within the margin is called equal. */
#include "sim/report/compare.h"

#include "sim/engine/check.h"
#include "sim/report/metric_find.h"
#include "sim/stats/holm.h"
#include "sim/stats/interval.h"

#include <math.h>
#include <stdlib.h>

static int compare_direction(const struct measure *measure)
{
    const struct metric_row *row = metric_find(measure->metric);
    return row == NULL ? 0 : metric_find_direction(row);
}

static size_t compare_fewer(const struct measure *a, const struct measure *b)
{
    return a->value_count < b->value_count ? a->value_count : b->value_count;
}

static struct contrast compare_contrast(const struct measure *baseline,
                                        const struct measure *candidate, bool paired)
{
    if (paired)
        return contrast_paired(baseline->values, candidate->values,
                               compare_fewer(baseline, candidate));
    return contrast_unpaired(baseline->values, baseline->value_count, candidate->values,
                             candidate->value_count);
}

/* NULL: both have figures. */
static const char *compare_missing(const struct measure *baseline,
                                   const struct measure *candidate)
{
    const struct measure *const both[] = {baseline, candidate};
    for (size_t i = 0; i < 2; i++) {
        if (both[i]->values == NULL)
            return "values of its replications are not known";
        if (!isfinite(both[i]->value))
            return both[i]->note != NULL ? both[i]->note : "no data";
    }
    if (compare_fewer(baseline, candidate) < INTERVAL_REPLICATIONS_MIN)
        return "a verdict needs ten replications or more";
    return NULL;
}

void compare_add(struct compare_family *family, const struct measure *baseline,
                 const struct measure *candidate, bool paired)
{
    if (family->count == family->room) {
        family->room = family->room == 0 ? 32 : 2 * family->room;
        family->items = memory_grow(family->items, family->room, sizeof(*family->items));
    }
    struct comparison *item = &family->items[family->count++];
    *item = (struct comparison){
        .baseline = baseline,
        .candidate = candidate,
        .contrast = {.is_ratio = true, .value = NAN, .low = NAN, .high = NAN, .p = NAN,
                     .boot_low = NAN, .boot_high = NAN},
        .replications = compare_fewer(baseline, candidate),
        .adjusted = NAN, .wide_low = NAN, .wide_high = NAN, .equal = NAN,
        .note = compare_missing(baseline, candidate),
    };
    if (baseline->values != NULL && candidate->values != NULL &&
        isfinite(baseline->value) && isfinite(candidate->value))
        item->contrast = compare_contrast(baseline, candidate, paired);
    if (item->note == NULL && isnan(item->contrast.p))
        item->note = "a replication has no value";
}

static enum compare_verdict compare_judge(const struct comparison *item)
{
    if (isnan(item->adjusted))
        return COMPARE_MISSING;
    if (item->equal <= COMPARE_ALPHA)
        return COMPARE_EQUAL;
    if (item->adjusted > COMPARE_ALPHA)
        return COMPARE_OPEN;
    return item->contrast.center < 0 ? COMPARE_LOWER : COMPARE_HIGHER;
}

/* By the interval against the edge of the margin on the worse side.  Where more is better, all
   is mirrored. */
static enum compare_gate compare_judge_gate(const struct comparison *item, double margin)
{
    int direction = compare_direction(item->candidate);
    const struct contrast *contrast = &item->contrast;
    if (direction == 0)
        return COMPARE_PASS;
    if (isnan(contrast->p))
        return COMPARE_UNDECIDED;
    double worst = contrast->is_ratio ? 1 : 0;
    double room = contrast->is_ratio ? margin : margin * fabs(item->baseline->value);
    double near = contrast->low, far = contrast->high;
    if (direction < 0) {
        worst += room;
    } else {
        worst = contrast->is_ratio ? -1 / (1 + margin) : room;
        near = -contrast->high;
        far = -contrast->low;
    }
    return far <= worst ? COMPARE_PASS : near > worst ? COMPARE_FAIL : COMPARE_UNDECIDED;
}

void compare_settle(struct compare_family *family)
{
    double *p = memory_take(family->count + 1, sizeof(*p));
    for (size_t i = 0; i < family->count; i++)
        p[i] = family->items[i].note == NULL ? family->items[i].contrast.p : NAN;
    family->size = holm_adjust(p, p, family->count);
    double level = 1 - (1 - INTERVAL_LEVEL) / (double)family->size;
    for (size_t i = 0; i < family->count; i++) {
        struct comparison *item = &family->items[i];
        item->adjusted = p[i];
        if (!isnan(p[i])) {
            contrast_interval(&item->contrast, level, &item->wide_low, &item->wide_high);
            item->equal = contrast_equivalence(&item->contrast, family->margin,
                                               item->baseline->value);
        }
        item->verdict = compare_judge(item);
        item->gate = compare_judge_gate(item, family->margin);
        int side = (item->verdict == COMPARE_HIGHER) - (item->verdict == COMPARE_LOWER);
        item->better = side * compare_direction(item->candidate);
    }
    free(p);
}

void compare_free(struct compare_family *family)
{
    free(family->items);
    *family = (struct compare_family){.margin = family->margin};
}

const char *compare_verdict_word(enum compare_verdict verdict)
{
    static const char *const words[] = {
        [COMPARE_MISSING] = "-",     [COMPARE_OPEN] = "cannot be told apart",
        [COMPARE_EQUAL] = "equal",   [COMPARE_LOWER] = "lower",
        [COMPARE_HIGHER] = "higher",
    };
    return words[verdict];
}

const char *compare_gate_word(enum compare_gate gate)
{
    static const char *const words[] = {
        [COMPARE_PASS] = "pass", [COMPARE_UNDECIDED] = "undecided", [COMPARE_FAIL] = "fail"};
    return words[gate];
}

void compare_best(const struct measure *const *measures, size_t count, bool *among)
{
    int direction = count > 0 ? compare_direction(measures[0]) : 0;
    size_t best = count;
    for (size_t i = 0; i < count; i++) {
        among[i] = false;
        bool usable = direction != 0 && measures[i]->values != NULL &&
                      isfinite(measures[i]->value);
        if (usable && (best == count || direction * (measures[i]->value -
                                                     measures[best]->value) > 0))
            best = i;
    }
    if (best == count)
        return;
    double *p = memory_take(count, sizeof(*p));
    for (size_t i = 0; i < count; i++)
        p[i] = i == best || compare_missing(measures[best], measures[i]) != NULL
                   ? NAN
                   : compare_contrast(measures[best], measures[i], true).p;
    holm_adjust(p, p, count);
    for (size_t i = 0; i < count; i++)
        among[i] = i == best || p[i] > COMPARE_ALPHA;
    free(p);
}
