/* SPDX-License-Identifier: GPL-3.0-or-later
   Factors reach the runs, so they are made of + - * / alone: logarithm and exponential by
   their series, which end soon as no factor is beyond 2. */
#include "sim/cli/perturb.h"

#include "sim/cli/interrupt.h"
#include "sim/cli/talk.h"
#include "sim/cli/variant.h"
#include "sim/engine/check.h"
#include "sim/engine/rng.h"

#include <math.h>
#include <stdlib.h>

enum { PERTURB_TERMS = 60 };

/* ln(1 + share) for share from 0 to 1: 2 atanh(share / (2 + share)). */
static double perturb_log(double share)
{
    double x = share / (2 + share), power = x, sum = 0;
    for (int i = 1; i < PERTURB_TERMS; i += 2) {
        sum += power / i;
        power *= x * x;
    }
    return 2 * sum;
}

/* For x from -1 to 1. */
static double perturb_exp(double x)
{
    double term = 1, sum = 1;
    for (int i = 1; i < PERTURB_TERMS; i++) {
        term *= x / i;
        sum += term;
    }
    return sum;
}

double perturb_factor(uint64_t seed, uint64_t number, const char *group, double share)
{
    struct rng rng;
    rng_open(&rng, rng_key(seed, "perturb", number), group, 0);
    return perturb_exp((2 * rng_uniform(&rng) - 1) * perturb_log(share));
}

static int perturb_load(struct perturb *perturb, size_t number)
{
    const struct scenario *scenario = perturb->base->loaded.scenario;
    struct arena arena = {0};
    struct variant_list list = variant_list(scenario, &arena);
    struct config_setting *settings = arena_take(&arena, list.count + 1, sizeof *settings);
    for (size_t i = 0; i < list.count; i++) {
        const struct variant_value *value = &list.items[i];
        double factor = perturb_factor(scenario->run.seed, number, value->group,
                                       perturb->share);
        settings[i] = variant_set(value, value->number * factor, &arena);
    }
    struct load_further further = {settings, list.count};
    struct run *run = &perturb->runs[number];
    int status = run_prepare_with(perturb->order, perturb->base->loaded.path, &further, run);
    arena_free(&arena);
    if (status == STATUS_FINE)
        run->loaded.expectations = (struct expectations){.count = 0};
    return status;
}

int perturb_measure(struct perturb *perturb)
{
    double elapsed;
    int status = STATUS_FINE;
    perturb->runs = memory_zeroed(perturb->times, sizeof *perturb->runs);
    for (size_t i = 0; i < perturb->times && status == STATUS_FINE; i++) {
        status = perturb_load(perturb, i);
        perturb->loaded += status == STATUS_FINE;
    }
    if (status == STATUS_FINE)
        status = run_measure(perturb->order, perturb->runs, perturb->times, &elapsed);
    int stopped = interrupt_status(perturb->order->interrupt);
    return stopped ? stopped : status;
}

/* The same comparisons in another report. */
static void perturb_add(struct survival_table *table, const struct compare_family *base,
                        const struct report *report)
{
    struct compare_family family = {.margin = base->margin};
    for (size_t i = 0; i < base->count; i++) {
        const struct measure *a = base->items[i].baseline, *b = base->items[i].candidate;
        a = report_find(report, a->policy, a->scope, a->metric);
        b = report_find(report, b->policy, b->scope, b->metric);
        if (a && b)
            compare_add(&family, a, b, true);
    }
    compare_settle(&family);
    survival_add(table, &family);
    compare_free(&family);
}

/* Counts who is among the best, for one metric whose leaders are `count` in a row. */
static void perturb_add_leaders(struct survival_leader *leaders, size_t count,
                                const char *scope, const struct report *report)
{
    const struct measure **measures = memory_zeroed(count + 1, sizeof *measures);
    size_t *of = memory_zeroed(count + 1, sizeof *of), found = 0;
    bool *among = memory_zeroed(count + 1, sizeof *among);
    for (size_t i = 0; i < count; i++) {
        measures[found] = report_find(report, leaders[i].policy, scope, leaders[i].metric);
        of[found] = i;
        found += measures[found] != NULL;
    }
    compare_best(measures, found, among);
    for (size_t i = 0; i < found; i++)
        leaders[of[i]].times += among[i];
    free(measures);
    free(of);
    free(among);
}

static void perturb_add_load(struct survival_table *table, const struct scenario *scenario)
{
    double load = scenario_load_factor(scenario);
    table->load_least = fmin(table->load_least, load); /* of a NaN and a number, the number */
    table->load_most = fmax(table->load_most, load);
    table->overloaded += load >= 1;
}

static void perturb_open_table(struct survival_table *table,
                               const struct compare_family *family,
                               const char *const *metrics, const char *const *labels,
                               struct arena *arena)
{
    size_t policies = 0, count = 0;
    while (labels[policies])
        policies++;
    while (metrics[count])
        count++;
    table->items = arena_take(arena, family->count + 1, sizeof *table->items);
    table->leaders = arena_take(arena, count * policies + 1, sizeof *table->leaders);
    for (size_t i = 0; i < family->count; i++)
        table->items[table->count++] = (struct survival){
            .base = &family->items[i], .least = (double)INFINITY, .most = -(double)INFINITY};
    for (size_t i = 0; i < count * policies; i++)
        table->leaders[table->leader_count++] = (struct survival_leader){
            .metric = metrics[i / policies], .policy = labels[i % policies]};
}

struct survival_table perturb_survey(const struct perturb *perturb,
                                     const struct compare_family *family,
                                     const char *const *metrics, const char *const *labels,
                                     struct arena *arena)
{
    struct survival_table table = {.share = perturb->share, .times = perturb->times,
                                   .load_least = NAN, .load_most = NAN};
    const char *scope = family->count > 0 ? family->items[0].candidate->scope : "all";
    size_t policies = 0;
    while (labels[policies])
        policies++;
    perturb_open_table(&table, family, metrics, labels, arena);
    for (size_t i = 0; i < perturb->loaded; i++) {
        const struct report *report = &perturb->runs[i].result.report;
        perturb_add(&table, family, report);
        perturb_add_load(&table, perturb->runs[i].loaded.scenario);
        for (size_t k = 0; k < table.leader_count; k += policies)
            perturb_add_leaders(&table.leaders[k], policies, scope, report);
    }
    return table;
}

void perturb_free(struct perturb *perturb)
{
    for (size_t i = 0; i < perturb->loaded; i++)
        run_free(&perturb->runs[i]);
    free(perturb->runs);
    perturb->runs = NULL;
    perturb->loaded = 0;
}
