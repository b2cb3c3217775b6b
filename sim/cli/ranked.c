/* SPDX-License-Identifier: GPL-3.0-or-later
   Only the policies of open pairs go on.  Of two that have different numbers of replications
   those that both have are compared. */
#include "sim/cli/ranked.h"

#include "sim/cli/load.h"
#include "sim/cli/stopping.h"
#include "sim/engine/check.h"
#include "sim/report/metric_find.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All pairs of policies that have figures. */
struct ranked_field {
    struct compare_family family;
    size_t *first, *second; /* by item of the family: policies, by number */
    const struct measure **measures; /* by policy; NULL: none */
    size_t count;           /* of policies */
};

static struct ranked_field ranked_open(const struct ranked *ranked,
                                       const struct report *report)
{
    const struct param_list *policies = load_policies(ranked->scenario);
    size_t count = policies->count;
    struct ranked_field field = {
        .family.margin = ranked->margin, .count = count,
        .first = memory_zeroed(count * count + 1, sizeof *field.first),
        .second = memory_zeroed(count * count + 1, sizeof *field.second),
        .measures = memory_zeroed(count + 1, sizeof *field.measures)};
    for (size_t i = 0; i < count; i++)
        field.measures[i] =
            report_find(report, PARAM_ITEM(*policies, struct param_kind, i)->label,
                        ranked->scope, ranked->metric);
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; k < count; k++) {
            if (!field.measures[i] || !field.measures[k])
                continue;
            field.first[field.family.count] = i;
            field.second[field.family.count] = k;
            compare_add(&field.family, field.measures[i], field.measures[k], true);
        }
    compare_settle(&field.family);
    return field;
}

static void ranked_close(struct ranked_field *field)
{
    compare_free(&field->family);
    free(field->first);
    free(field->second);
    free(field->measures);
}

/* More replications bring neither samples that were never there nor other values where all
   are the same. */
static bool ranked_is_settled(const struct comparison *item)
{
    double firm = 1 - VERDICT_FIRM_LEVEL;
    bool never = item->baseline->samples == 0 || item->candidate->samples == 0;
    return never || item->adjusted <= firm || item->equal <= firm;
}

bool ranked_extend(void *rule, const struct report *report, uint64_t *wanted)
{
    const struct ranked *ranked = rule;
    struct ranked_field field = ranked_open(ranked, report);
    bool *goes_on = memory_zeroed(field.count + 1, sizeof *goes_on), more = false;
    for (size_t i = 0; i < field.family.count; i++)
        if (!ranked_is_settled(&field.family.items[i]))
            goes_on[field.first[i]] = goes_on[field.second[i]] = true;
    for (size_t i = 0; i < field.count; i++) {
        uint64_t next = goes_on[i] ? stopping_next(ranked->scenario, wanted[i]) : wanted[i];
        more |= next > wanted[i];
        wanted[i] = next;
    }
    free(goes_on);
    ranked_close(&field);
    return more;
}

/* What stands between two policies, the better one first. */
static const char *ranked_sign(const struct ranked_field *field, size_t a, size_t b)
{
    for (size_t i = 0; i < field->family.count; i++) {
        bool fits = (field->first[i] == a && field->second[i] == b) ||
                    (field->first[i] == b && field->second[i] == a);
        enum compare_verdict verdict = field->family.items[i].verdict;
        if (fits && verdict == COMPARE_EQUAL)
            return "=";
        if (fits && (verdict == COMPARE_LOWER || verdict == COMPARE_HIGHER))
            return "<";
    }
    return "?";
}

void ranked_describe(const struct ranked *ranked, const struct report *report,
                     char text[RANKED_TEXT_SIZE])
{
    struct ranked_field field = ranked_open(ranked, report);
    const struct metric_row *row = metric_find(ranked->metric);
    int direction = metric_find_direction(row) > 0 ? -1 : 1;
    size_t *order = memory_zeroed(field.count + 1, sizeof *order), count = 0;
    for (size_t i = 0; i < field.count; i++) {
        const struct measure *own = field.measures[i];
        if (!own || !isfinite(own->value))
            continue;
        size_t k = count++;
        for (; k > 0 && direction * (field.measures[order[k - 1]]->value - own->value) > 0; k--)
            order[k] = order[k - 1];
        order[k] = i;
    }
    size_t used = (size_t)snprintf(text, RANKED_TEXT_SIZE, "by %s, from the best:",
                                   ranked->metric);
    for (size_t i = 0; i < count && used < RANKED_TEXT_SIZE; i++)
        used += (size_t)snprintf(text + used, RANKED_TEXT_SIZE - used, "%s%s %s",
                                 i > 0 ? " " : "",
                                 i > 0 ? ranked_sign(&field, order[i - 1], order[i]) : "",
                                 field.measures[order[i]]->policy);
    free(order);
    ranked_close(&field);
}
