/* SPDX-License-Identifier: GPL-3.0-or-later
   What counts of a policy: the times and rates that expectations name, else its mean and
   p99.  Half-widths shrink as one over the root of the number of replications. */
#include "sim/cli/stopping.h"

#include "sim/cli/load.h"
#include "sim/report/figure.h"
#include "sim/stats/interval.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { STOPPING_STEP = 5, STOPPING_NOTE_SIZE = 512 };

/* Is called for each measure that counts of one policy. */
struct stopping_visit {
    const struct stopping *stopping;
    const struct report *report;
    const char *policy;
    void (*see)(struct stopping_visit *visit, const struct measure *measure);
    bool loose; /* one is not precise enough */
    void (*note)(void *context, const char *text);
    void *context;
};

/* NaN: there is no interval. */
static double stopping_half(const struct measure *measure)
{
    return (measure->high - measure->low) / 2 / fabs(measure->value);
}

/* Where nothing was measured, or all replications are one, more of them do not help. */
static bool stopping_is_loose(const struct stopping_visit *visit,
                              const struct measure *measure)
{
    bool is_one = measure->sections > 0 && measure->value_count > 1;
    if (measure->samples == 0 || measure->value == 0 || is_one)
        return false;
    return !(stopping_half(measure) <= visit->stopping->scenario->run.precision);
}

static void stopping_see(struct stopping_visit *visit, const struct measure *measure)
{
    visit->loose = visit->loose || stopping_is_loose(visit, measure);
}

/* A side of an expectation is about a policy if it names it, or all. */
static bool stopping_visit_side(struct stopping_visit *visit, const struct expect_side *side)
{
    bool is_own = side->metric && !side->is_stored &&
                  (!side->policy || strcmp(side->policy, visit->policy) == 0);
    if (!is_own)
        return false;
    const struct metric *metric = &side->metric->metric;
    bool is_scaled = strcmp(metric->unit, "s") == 0 || strcmp(metric->unit, "1/s") == 0;
    const struct measure *measure =
        report_find(visit->report, visit->policy, side->scope, metric->name);
    if (measure && is_scaled && side->metric->rule != METRIC_FACT)
        visit->see(visit, measure);
    return true;
}

static void stopping_visit_policy(struct stopping_visit *visit)
{
    static const char *const usual[] = {"mean", "p99"};
    const struct expectations *expectations = visit->stopping->expectations;
    bool expected = false;
    for (size_t i = 0; i < expectations->count; i++) {
        const struct expectation *expectation = &expectations->items[i];
        expected |= stopping_visit_side(visit, &expectation->left);
        expected |= stopping_visit_side(visit, &expectation->right);
    }
    for (size_t i = 0; i < 2 && !expected; i++) {
        const struct measure *measure =
            report_find(visit->report, visit->policy, "all", usual[i]);
        if (measure)
            visit->see(visit, measure);
    }
}

static bool stopping_is_open(const struct verdict_list *verdicts, const char *policy)
{
    for (size_t i = 0; i < verdicts->count; i++) {
        const struct verdict *verdict = &verdicts->items[i];
        if (verdict->outcome == VERDICT_SKIPPED || verdict->is_firm)
            continue;
        const char *other = verdict->expectation->right.policy;
        if (strcmp(verdict->policy, policy) == 0 || (other && strcmp(other, policy) == 0))
            return true;
    }
    return false;
}

uint64_t stopping_next(const struct scenario *scenario, uint64_t replications)
{
    uint64_t next = replications + STOPPING_STEP, most = scenario->run.max_replications;
    if (next < INTERVAL_REPLICATIONS_MIN)
        next = INTERVAL_REPLICATIONS_MIN;
    if (next > most)
        next = most;
    return next > replications ? next : replications;
}

bool stopping_extend(void *rule, const struct report *report, uint64_t *wanted)
{
    struct stopping *stopping = rule;
    const struct param_list *policies = load_policies(stopping->scenario);
    stopping->ground.report = report;
    struct verdict_list verdicts = expectations_judge(stopping->expectations,
                                                      &stopping->ground);
    bool more = false;
    for (size_t i = 0; i < policies->count; i++) {
        struct stopping_visit visit = {
            .stopping = stopping,
            .report = report,
            .policy = PARAM_ITEM(*policies, struct param_kind, i)->label,
            .see = stopping_see,
        };
        bool open = stopping->decides && stopping_is_open(&verdicts, visit.policy);
        if (stopping->precise)
            stopping_visit_policy(&visit);
        uint64_t next =
            open || visit.loose ? stopping_next(stopping->scenario, wanted[i]) : wanted[i];
        more = more || next > wanted[i];
        wanted[i] = next;
    }
    verdict_free(&verdicts);
    return more;
}

/* "p99 of p2c is known to ±7.3%, not to 5%: it would take about 213 replications (12.1M
   requests)". */
static void stopping_describe(struct stopping_visit *visit, const struct measure *measure)
{
    double target = visit->stopping->scenario->run.precision, half = stopping_half(measure);
    if (!stopping_is_loose(visit, measure))
        return;
    char text[STOPPING_NOTE_SIZE], requests[FIGURE_SIZE];
    const char *in = strcmp(measure->scope, "all") == 0 ? "" : ", ";
    int used = snprintf(text, sizeof text, "%s of %s%s%s", measure->metric, visit->policy, in,
                        *in ? measure->scope : "");
    size_t room = used < (int)sizeof text ? sizeof text - (size_t)used : 0;
    double more = half * half / (target * target);
    const struct measure *all = report_find(visit->report, visit->policy, "all", "requests");
    figure_write(requests, FIGURE_COUNT, all ? more * all->value : NAN);
    if (!room)
        return;
    if (isnan(half))
        snprintf(text + used, room, " has no interval after %zu replications",
                 measure->value_count);
    else
        snprintf(text + used, room,
                 " is known to ±%.2g%%, not ±%.2g%%: that would take about %.0f replications "
                 "(%s requests)", 100 * half, 100 * target,
                 ceil(more * (double)measure->value_count), requests);
    visit->note(visit->context, text);
}

void stopping_complain(const struct stopping *stopping, const struct report *report,
                       void (*note)(void *context, const char *text), void *context)
{
    const struct param_list *policies = load_policies(stopping->scenario);
    for (size_t i = 0; i < policies->count && stopping->precise; i++) {
        struct stopping_visit visit = {
            .stopping = stopping,
            .report = report,
            .policy = PARAM_ITEM(*policies, struct param_kind, i)->label,
            .see = stopping_describe,
            .note = note,
            .context = context,
        };
        stopping_visit_policy(&visit);
    }
}
