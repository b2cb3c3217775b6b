/* SPDX-License-Identifier: GPL-3.0-or-later
   Within one result each policy against the baseline, or each against each; between two the
   policies of the same label. */
#include "sim/cli/compare_pairs.h"

#include <stdio.h>
#include <string.h>

bool compare_pairs_has(const char *const *labels, const char *label)
{
    while (*labels && strcmp(*labels, label) != 0)
        labels++;
    return *labels != NULL;
}

static const struct measure *compare_pairs_find(struct compare_pairs *pairs, size_t side,
                                              const char *policy, const char *metric)
{
    return report_find(&subject_result(&pairs->subjects[side])->report, policy,
                       pairs->scope, metric);
}

static void compare_pairs_add(struct compare_pairs *pairs, const char *baseline, size_t side,
                            const char *candidate, const char *metric)
{
    const struct measure *a = compare_pairs_find(pairs, 0, baseline, metric);
    const struct measure *b = compare_pairs_find(pairs, side, candidate, metric);
    if (a && b)
        compare_add(&pairs->family, a, b, pairs->pairing.paired);
}

static void compare_pairs_add_leaders(struct compare_pairs *pairs, const char *metric)
{
    const struct report *report = &subject_result(&pairs->subjects[0])->report;
    const struct measure **measures =
        arena_take(&pairs->arena, report->count + 1, sizeof *measures);
    const char **policies = arena_take(&pairs->arena, report->count + 1, sizeof *policies);
    bool *among = arena_take(&pairs->arena, report->count + 1, sizeof *among);
    size_t count = 0, named = 0;
    for (const char *const *label = pairs->labels[0]; *label; label++) {
        measures[count] = compare_pairs_find(pairs, 0, *label, metric);
        count += measures[count] != NULL;
    }
    compare_best(measures, count, among);
    for (size_t i = 0; i < count; i++)
        if (among[i])
            policies[named++] = measures[i]->policy;
    if (named > 0)
        pairs->leaders[pairs->leader_count++] = (struct compare_leaders){metric, policies};
}

static void compare_pairs_add_within(struct compare_pairs *pairs, const char *base,
                                   const char *metric)
{
    for (const char *const *a = pairs->labels[0]; *a; a++) {
        for (const char *const *b = a + 1; pairs->each && *b; b++)
            compare_pairs_add(pairs, *a, 0, *b, metric);
        if (!pairs->each && strcmp(*a, base) != 0)
            compare_pairs_add(pairs, base, 0, *a, metric);
    }
}

static void compare_pairs_within(struct compare_pairs *pairs)
{
    const char *scenario = subject_result(&pairs->subjects[0])->scenario;
    const char *base = pairs->base ? pairs->base : pairs->labels[0][0];
    pairs->pairing = pairing_within();
    if (pairs->each)
        snprintf(pairs->what, sizeof pairs->what, "%s: each policy against each", scenario);
    else
        snprintf(pairs->what, sizeof pairs->what, "%s: policies against %s", scenario, base);
    for (size_t m = 0; pairs->metrics[m]; m++)
        compare_pairs_add_within(pairs, base, pairs->metrics[m]);
    for (size_t m = 0; pairs->metrics[m]; m++)
        compare_pairs_add_leaders(pairs, pairs->metrics[m]);
}

/* Policies that only one side has are named. */
static void compare_pairs_add_lonely(struct compare_pairs *pairs, size_t side)
{
    char line[COMPARE_PAIRS_LINE];
    size_t named = 0;
    int used = snprintf(line, sizeof line, "only in %.200s:", pairs->subjects[side].path);
    for (const char *const *label = pairs->labels[side]; *label; label++)
        if (!compare_pairs_has(pairs->labels[1 - side], *label) && used < (int)sizeof line)
            used += snprintf(line + used, sizeof line - (size_t)used, "%s %s",
                             named++ ? "," : "", *label);
    if (named > 0)
        pairs->notes[pairs->note_count++] =
            arena_copy_text(&pairs->arena, line, strlen(line));
}

/* Policies of the same label; the only one of each side, whatever its label. */
static void compare_pairs_between(struct compare_pairs *pairs)
{
    const char *const *a = pairs->labels[0];
    pairs->pairing = pairing_of(subject_result(&pairs->subjects[0]),
                                  subject_result(&pairs->subjects[1]));
    snprintf(pairs->what, sizeof pairs->what, "%.400s against %.400s",
             pairs->subjects[1].path, pairs->subjects[0].path);
    for (size_t m = 0; pairs->metrics[m]; m++)
        for (const char *const *b = pairs->labels[1]; *b; b++)
            compare_pairs_add(pairs, pairs->single ? a[0] : *b, 1, *b, pairs->metrics[m]);
    for (size_t side = 0; side < 2 && !pairs->single; side++)
        compare_pairs_add_lonely(pairs, side);
}

const char *compare_pairs_missing(const struct compare_pairs *pairs)
{
    const struct compare_family *family = &pairs->family;
    for (size_t m = 0; pairs->asked && pairs->metrics[m]; m++) {
        size_t i = 0;
        while (i < family->count &&
               strcmp(family->items[i].candidate->metric, pairs->metrics[m]) != 0)
            i++;
        if (i == family->count)
            return pairs->metrics[m];
    }
    return family->count == 0 ? "these metrics" : NULL;
}

void compare_pairs_make(struct compare_pairs *pairs)
{
    size_t metrics = 0;
    while (pairs->metrics[metrics])
        metrics++;
    pairs->leaders = arena_take(&pairs->arena, metrics + 1, sizeof *pairs->leaders);
    if (pairs->count == 2)
        compare_pairs_between(pairs);
    else
        compare_pairs_within(pairs);
}
