/* SPDX-License-Identifier: GPL-3.0-or-later
   A try is a run of one policy whose only expectation is the objective, and which gets more
   replications while that is undecided.  Under overload a percentile often has too little
   evidence to be shown; that every replication by itself is beyond the limit is enough to
   say that the objective fails. */
#include "sim/cli/capacity.h"

#include "sim/cli/interrupt.h"
#include "sim/cli/talk.h"
#include "sim/engine/check.h"
#include "sim/report/quantity.h"
#include "sim/stats/interval.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The search for one policy. */
struct capacity_lane {
    size_t policy; /* in the scenario */
    struct bisection bisection; /* of the factor, or of the whole value */
    double next;
};

static double capacity_factor(const struct capacity *capacity, double tried)
{
    return capacity->scale.whole ? tried / capacity->scale.base : tried;
}

/* The scenario at a factor, with one policy and the objective as its only expectation. */
static int capacity_prepare(struct capacity *capacity, const struct capacity_lane *lane,
                            struct run *run)
{
    const struct capacity_scale *scale = &capacity->scale;
    double factor = capacity_factor(capacity, lane->next);
    struct arena arena = {0};
    struct config_setting *settings = arena_take(&arena, scale->values.count, sizeof *settings);
    for (size_t i = 0; i < scale->values.count; i++)
        settings[i] = variant_set(&scale->values.items[i],
                                  scale->values.items[i].number * factor, &arena);
    struct load_further further = {settings, scale->values.count};
    int status = run_prepare_with(capacity->order, capacity->base->loaded.path, &further, run);
    arena_free(&arena);
    if (status != STATUS_FINE)
        return status;
    struct param_list *policies = load_policies(run->loaded.scenario);
    struct param_kind *own = arena_take(&run->loaded.arena, 1, sizeof *own);
    *own = *PARAM_ITEM(*policies, struct param_kind, lane->policy);
    *policies = (struct param_list){own, 1};
    struct expectation *slo = arena_take(&run->loaded.arena, 1, sizeof *slo);
    *slo = *capacity->slo;
    run->loaded.expectations = (struct expectations){.items = slo, .count = 1};
    return STATUS_FINE;
}

/* Whether the replications, each by itself, are beyond the limit. */
static bool capacity_is_beyond(const struct expectation *slo, const struct measure *measure)
{
    double sum = 0;
    if (!measure || !measure->values || measure->value_count < INTERVAL_REPLICATIONS_MIN)
        return false;
    for (size_t i = 0; i < measure->value_count; i++)
        sum += measure->values[i];
    struct interval interval = interval_of(sum / (double)measure->value_count, measure->values,
                                           measure->value_count);
    bool less = slo->op == EXPECT_LESS || slo->op == EXPECT_AT_MOST;
    return less ? interval.low > slo->value : interval.high < slo->value;
}

static enum bisection_side capacity_judge(const struct capacity *capacity,
                                          const struct verdict *verdict)
{
    bool holds = verdict->outcome == VERDICT_PASS;
    bool fails = verdict->outcome == VERDICT_FAIL;
    if (!holds && !fails && isnan(verdict->value))
        fails = capacity_is_beyond(capacity->slo, verdict->left);
    if (!holds && !fails)
        return BISECTION_UNCLEAR;
    return holds != capacity->scale.is_least ? BISECTION_NEAR : BISECTION_FAR;
}

/* Notes what a run has shown, in the row of its policy. */
static void capacity_take(struct capacity *capacity, struct capacity_lane *lane,
                          const struct run *run)
{
    const struct verdict *verdict = &run->verdicts.items[0];
    struct capacity_row *row = &capacity->rows[lane->policy];
    enum bisection_side side = capacity_judge(capacity, verdict);
    bisection_tell(&lane->bisection, lane->next, side);
    row->tries++;
    bool holds = (side == BISECTION_NEAR) != capacity->scale.is_least;
    double known = side == BISECTION_NEAR ? lane->bisection.near : lane->bisection.far;
    if (side == BISECTION_UNCLEAR || known != lane->next)
        return;
    double factor = capacity_factor(capacity, lane->next);
    struct capacity_end *end = holds ? &row->holds : &row->fails;
    *end = (struct capacity_end){
        .is_known = true, .value = factor * capacity->scale.base, .factor = factor,
        .load = scenario_load_factor(run->loaded.scenario)};
    end->measure = *verdict->left;
    end->measure.policy = row->policy;
    end->measure.scope = capacity->slo->left.scope;
}

/* One value per policy that is still searching. */
static int capacity_round(struct capacity *capacity, struct capacity_lane **lanes, size_t count)
{
    struct run *runs = memory_zeroed(count, sizeof *runs);
    size_t loaded = 0;
    double elapsed;
    int status = STATUS_FINE;
    for (size_t i = 0; i < count && status == STATUS_FINE; i++) {
        status = capacity_prepare(capacity, lanes[i], &runs[i]);
        loaded += status == STATUS_FINE;
    }
    if (status == STATUS_FINE)
        status = run_measure(capacity->order, runs, count, &elapsed);
    int stopped = interrupt_status(capacity->order->interrupt);
    status = stopped ? stopped : status;
    for (size_t i = 0; i < count && status == STATUS_FINE; i++) {
        if (runs[i].verdicts.items[0].left)
            capacity_take(capacity, lanes[i], &runs[i]);
        else
            status = talk_usage(capacity->order->line->command,
                                "a scope is one of the report's: 'client NAME', 'group NAME'",
                                "no figures of %s in scope '%s'",
                                capacity->slo->left.metric->metric.name,
                                capacity->slo->left.scope);
    }
    for (size_t i = 0; i < loaded; i++)
        run_free(&runs[i]);
    free(runs);
    return status;
}

/* What to say where an end was not found. */
static const char *capacity_explain(struct capacity *capacity,
                                    const struct capacity_row *row)
{
    const struct capacity_scale *scale = &capacity->scale;
    const struct capacity_end *known = row->holds.is_known ? &row->holds : &row->fails;
    char text[256], value[QUANTITY_SIZE];
    quantity_write(value, scale->unit, known->value);
    if (row->holds.is_known && row->holds.load >= 1)
        snprintf(text, sizeof text, "%s %s the offered load is %.0f%% of capacity: queues grow as "
                 "long as a run lasts, so this depends on its duration",
                 scale->is_least ? "with" : "at", value, row->holds.load * 100);
    else if (row->holds.is_known && row->fails.is_known)
        return NULL;
    else if (row->holds.is_known && scale->is_least)
        snprintf(text, sizeof text, "holds even with %s", value);
    else if (row->holds.is_known)
        snprintf(text, sizeof text, "holds even at %s, %.4g times what the scenario has", value,
                 known->factor);
    else if (row->fails.is_known)
        snprintf(text, sizeof text, "fails even at %s, %.4g times what the scenario has", value,
                 known->factor);
    else
        snprintf(text, sizeof text, "undecided everywhere: a longer --duration helps");
    return arena_copy_text(&capacity->arena, text, strlen(text));
}

static void capacity_open(struct capacity *capacity, struct capacity_lane *lanes, size_t count)
{
    const struct param_list *policies = load_policies(capacity->base->loaded.scenario);
    const struct capacity_scale *scale = &capacity->scale;
    double unit = scale->whole ? scale->base : 1;
    capacity->rows = arena_take(&capacity->arena, count, sizeof *capacity->rows);
    for (size_t i = 0; i < count; i++) {
        capacity->rows[i].policy = PARAM_ITEM(*policies, struct param_kind, i)->label;
        lanes[i] = (struct capacity_lane){
            .policy = i,
            .bisection = bisection_open(scale->start * unit, scale->least * unit,
                                        scale->most * unit, capacity->precision,
                                        scale->whole)};
    }
}

int capacity_search(struct capacity *capacity)
{
    size_t count = load_policies(capacity->base->loaded.scenario)->count, open;
    struct capacity_lane *lanes = memory_zeroed(count, sizeof *lanes);
    struct capacity_lane **active = memory_zeroed(count, sizeof *active);
    int status = STATUS_FINE;
    capacity_open(capacity, lanes, count);
    do {
        open = 0;
        for (size_t i = 0; i < count; i++)
            if (bisection_next(&lanes[i].bisection, &lanes[i].next))
                active[open++] = &lanes[i];
        if (open > 0)
            status = capacity_round(capacity, active, open);
    } while (open > 0 && status == STATUS_FINE);
    for (size_t i = 0; i < count && status == STATUS_FINE; i++)
        capacity->rows[i].note = capacity_explain(capacity, &capacity->rows[i]);
    free(active);
    free(lanes);
    return status;
}

void capacity_free(struct capacity *capacity)
{
    arena_free(&capacity->arena);
}
