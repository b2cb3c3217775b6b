/* SPDX-License-Identifier: GPL-3.0-or-later
   Certain: the whole 99 % interval of the paired ratio is beyond a tenth; of cold starts,
   beyond a twentieth. */
#include "sim/report/steady.h"

#include "sim/engine/check.h"
#include "sim/report/scope.h"
#include "sim/report/window.h"
#include "sim/stats/contrast.h"
#include "sim/stats/interval.h"
#include "sim/stats/sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STEADY_LEVEL 0.99
#define STEADY_GROWTH 1.1
#define STEADY_COLD 0.95
enum { STEADY_WINDOWS_MIN = 10 };

/* Requests under way: the windows of one policy, in order. */
struct steady_series {
    const struct measure *windows[WINDOW_COUNT_MAX];
    size_t count, replications;
    size_t first; /* of those that begin after the warm-up */
};

static void steady_collect(struct steady_series *series, const struct report *report,
                           const char *policy)
{
    const char *word = scope_words[SCOPE_WINDOW];
    for (size_t i = 0; i < report->count && series->count < WINDOW_COUNT_MAX; i++) {
        const struct measure *measure = &report->measures[i];
        if (strcmp(measure->metric, "in_flight") == 0 && measure->values != NULL &&
            strcmp(measure->policy, policy) == 0 &&
            strncmp(measure->scope, word, strlen(word)) == 0)
            series->windows[series->count++] = measure;
    }
    series->replications = series->count > 0 ? series->windows[0]->value_count : 0;
}

/* Means of windows [from, to) by replication. */
static void steady_mean(const struct steady_series *series, size_t from, size_t to,
                        double *means)
{
    for (size_t r = 0; r < series->replications; r++) {
        means[r] = 0;
        for (size_t i = from; i < to; i++)
            means[r] += series->windows[i]->values[r] / (double)(to - from);
    }
}

/* Windows [other[0], other[1]) against the base, paired; false: not to be told. */
static bool steady_contrast(const struct steady_series *series, const size_t *base,
                            const size_t *other, struct contrast *contrast)
{
    double *a = memory_take(2 * series->replications, sizeof *a), *b = a + series->replications;
    steady_mean(series, base[0], base[1], a);
    steady_mean(series, other[0], other[1], b);
    *contrast = contrast_paired(a, b, series->replications);
    free(a);
    return contrast->is_ratio && isfinite(contrast->low);
}

/* The cut that makes the sum of squares over the square of what is left least; SIZE_MAX where
   it lies in the second half. */
static size_t steady_mser(const struct steady_series *series)
{
    size_t best = SIZE_MAX;
    double least = INFINITY;
    for (size_t cut = 0; cut + STEADY_WINDOWS_MIN / 2 <= series->count; cut++) {
        double left = (double)(series->count - cut), mean = 0, squares = 0;
        for (size_t i = cut; i < series->count; i++)
            mean += series->windows[i]->value;
        mean /= left;
        for (size_t i = cut; i < series->count; i++)
            squares += pow(series->windows[i]->value - mean, 2);
        if (squares / (left * left) < least) {
            least = squares / (left * left);
            best = cut;
        }
    }
    return best <= series->count / 2 ? best : SIZE_MAX;
}

static void steady_judge(struct steady *steady, const struct steady_series *series)
{
    size_t first = series->first, count = series->count, measured = count - first;
    size_t early[2] = {first, first + measured / 3}, late[2] = {count - measured / 3, count};
    size_t head[2] = {first, first + (measured + 9) / 10}, rest[2] = {head[1], count};
    struct contrast contrast;
    double low, high;
    if (steady_contrast(series, early, late, &contrast)) {
        contrast_interval(&contrast, STEADY_LEVEL, &low, &high);
        steady->grows = low > STEADY_GROWTH;
    }
    if (!steady->grows && steady_contrast(series, rest, head, &contrast)) {
        contrast_interval(&contrast, STEADY_LEVEL, &low, &high);
        steady->is_cold = high < STEADY_COLD;
        steady->bias = contrast.value - 1;
    }
    double *means = memory_take(series->replications, sizeof *means);
    steady_mean(series, early[0], early[1], means);
    steady->early = sample_mean(means, series->replications);
    steady_mean(series, late[0], late[1], means);
    steady->late = sample_mean(means, series->replications);
    free(means);
}

struct steady steady_check(const struct report *report, const char *policy, sim_time warmup,
                           sim_time end)
{
    struct steady steady = {.settled = SIM_NEVER};
    struct steady_series series = {0};
    struct window_grid grid = window_grid(0, end);
    steady_collect(&series, report, policy);
    while (series.first < series.count &&
           grid.begin + (sim_time)series.first * grid.width < warmup)
        series.first++;
    if (series.count != grid.count || series.count - series.first < STEADY_WINDOWS_MIN ||
        series.replications < INTERVAL_REPLICATIONS_MIN)
        return steady;
    steady_judge(&steady, &series);
    size_t cut = steady_mser(&series);
    if (cut != SIZE_MAX)
        steady.settled = grid.begin + (sim_time)cut * grid.width;
    return steady;
}
