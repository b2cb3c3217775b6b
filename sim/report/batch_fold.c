/* SPDX-License-Identifier: GPL-3.0-or-later
   Neighbours are uncorrelated where their correlation is within two of its standard deviations,
   2 / sqrt(n), of 0. */
#include "sim/report/batch_fold.h"

#include "sim/stats/sample.h"

#include <math.h>

void batch_fold_open(struct batch_fold *fold, const struct batch_set *set, size_t metrics,
                     struct arena *arena)
{
    *fold = (struct batch_fold){.set = set};
    if (set == NULL)
        return;
    fold->values = arena_take(arena, metrics, sizeof(*fold->values));
    fold->beyond = arena_take(arena, metrics, sizeof(*fold->beyond));
}

/* Those that follow from the requests of a section alone. */
static bool batch_fold_has(const struct batch_fold *fold, const struct metric_row *row)
{
    bool counts = row->basis == BASIS_REQUESTS || row->basis == BASIS_ATTEMPTS ||
                  row->basis == BASIS_LAW || row->basis == BASIS_ANSWERED;
    return counts && (row->scopes >> fold->kind & 1) && row->rule != METRIC_FACT &&
           row->rule != METRIC_RUN;
}

static void batch_fold_note(struct batch_fold *fold, size_t place,
                            const struct summary *pooled, const struct summary *part)
{
    const struct metric_row *row;
    for (size_t m = 0; (row = metric_row_at(m)) != NULL; m++) {
        if (!batch_fold_has(fold, row))
            continue;
        fold->values[m][place] = row->value(row, part);
        if (row->rule == METRIC_PERCENTILE)
            fold->beyond[m][place] = histogram_beyond(metric_histogram(row, part),
                                                      metric_histogram(row, pooled), row->p);
    }
}

void batch_fold_turn(struct batch_fold *fold, enum scope_kind kind, size_t index,
                     const struct summary *pooled, struct summary *part)
{
    bool is_kind = kind == SCOPE_ALL || (kind == SCOPE_CLIENT && index < BATCH_CLIENTS_MAX);
    fold->kind = kind;
    fold->is_known = fold->set != NULL && is_kind;
    for (size_t i = 0; i < BATCH_FOLD_VALUES && fold->is_known; i++) {
        bool is_pair = i >= BATCH_COUNT;
        size_t first = is_pair ? 2 * (i - BATCH_COUNT) : i;
        summary_clear(part);
        summary_add_batch(part, kind, index, fold->set, first);
        if (is_pair)
            summary_add_batch(part, kind, index, fold->set, first + 1);
        batch_fold_note(fold, i, pooled, part);
    }
    summary_clear(part);
}

/* Where all values are equal there is nothing to correlate. */
static bool batch_fold_is_correlated(const double *values, size_t count)
{
    return fabs(sample_lag(values, count)) >= 2 / sqrt((double)count);
}

struct batch_interval batch_fold_interval(const struct batch_fold *fold, size_t metric,
                                          double value)
{
    const struct metric_row *row = metric_row_at(metric);
    struct batch_interval found = {.interval = {.value = value, .low = NAN, .high = NAN}};
    if (!fold->is_known || !batch_fold_has(fold, row))
        return found;
    size_t count = BATCH_COUNT, from = 0;
    const double *values = fold->values[metric];
    if (batch_fold_is_correlated(values, count)) {
        from = BATCH_COUNT;
        count = BATCH_COUNT / 2;
    }
    double evidence = interval_evidence(fold->beyond[metric] + from, count);
    bool is_thin = row->rule == METRIC_PERCENTILE && evidence < INTERVAL_EXCEEDANCES_MIN;
    struct interval interval = interval_of(value, values + from, count);
    if (!isfinite(interval.low)) /* a section has no value */
        return found;
    if (from > 0 && batch_fold_is_correlated(values + from, count))
        found.why = "no interval: neighbouring sections of the trace are correlated";
    else if (is_thin)
        found.why = "no interval: too few effective exceedances in sections of the trace";
    else
        found = (struct batch_interval){.interval = interval, .sections = (unsigned)count};
    return found;
}
