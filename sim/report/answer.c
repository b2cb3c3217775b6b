/* SPDX-License-Identifier: GPL-3.0-or-later
   Sentences from measures.  Two policies are told apart where their intervals do not overlap;
   oracles are named as bounds and never win. */
#include "sim/report/answer.h"

#include "sim/engine/check.h"
#include "sim/report/facts.h"
#include "sim/report/figure.h"
#include "sim/stats/interval.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_NAMED_MAX = 4 }; /* policies that a sentence lists one by one */
/* Shares of failed requests that differ by less are not worth a word. */
#define ANSWER_ERRORS_APART 0.001

struct answer {
    const struct report *report;
    const struct report_heading *heading;
    const char *metric;
    const struct measure **ranks; /* of the metric, the lowest first; oracles left out */
    size_t count;
    const struct measure *bound;  /* of the best oracle; NULL: none */
    struct output *output;
};

/* Ranks all policies by a metric; how many have a value. */
static size_t answer_rank(struct answer *answer, const char *metric)
{
    answer->metric = metric;
    answer->count = 0;
    answer->bound = NULL;
    for (size_t i = 0; i < answer->report->count; i++) {
        const struct measure *measure = &answer->report->measures[i];
        if (strcmp(measure->metric, metric) != 0 || strcmp(measure->scope, "all") != 0 ||
            !isfinite(measure->value))
            continue;
        if (facts_is_oracle(answer->heading->facts, measure->policy)) {
            if (answer->bound == NULL || measure->value < answer->bound->value)
                answer->bound = measure;
            continue;
        }
        size_t k = answer->count++;
        for (; k > 0 && answer->ranks[k - 1]->value > measure->value; k--)
            answer->ranks[k] = answer->ranks[k - 1];
        answer->ranks[k] = measure;
    }
    return answer->count;
}

/* The farthest into the tail that most policies have evidence for. */
static void answer_choose(struct answer *answer)
{
    static const char *const metrics[] = {"p99", "p90", "p50", "mean"};
    enum { METRICS = sizeof(metrics) / sizeof(*metrics) };
    size_t most = 0, best = 0;
    for (size_t i = 0; i < METRICS; i++) {
        size_t count = answer_rank(answer, metrics[i]);
        if (count > most) {
            most = count;
            best = i;
        }
    }
    answer_rank(answer, metrics[best]);
}

static void answer_value(const struct answer *answer, const struct measure *measure)
{
    char text[FIGURE_SIZE], half[FIGURE_SIZE];
    figure_write(text, FIGURE_TIME, measure->value);
    figure_write_half(half, measure->value, measure->high);
    output_format(answer->output, "%s%s%s", text, half[0] != '\0' ? " " : "", half);
}

static bool answer_overlaps(const struct measure *a, const struct measure *b)
{
    return isfinite(a->high) && isfinite(b->low) && b->low <= a->high && a->low <= b->high;
}

static void answer_times(const struct answer *answer, const struct measure *measure)
{
    char text[FIGURE_SIZE];
    figure_write(text, FIGURE_NUMBER, measure->value / answer->ranks[0]->value);
    output_text(answer->output, text);
}

/* "a", "a and b", "a, b and c". */
static void answer_join(const struct answer *answer, size_t index, size_t count)
{
    if (index > 0)
        output_text(answer->output, index + 1 == count ? " and " : ", ");
}

/* Those whose interval overlaps the best one's; their number. */
static size_t answer_tell_equals(const struct answer *answer)
{
    size_t count = 0, told = 0;
    for (size_t i = 1; i < answer->count; i++)
        count += answer_overlaps(answer->ranks[0], answer->ranks[i]);
    if (count == 0)
        return 0;
    output_text(answer->output, " ");
    for (size_t i = 1; i < answer->count; i++)
        if (answer_overlaps(answer->ranks[0], answer->ranks[i])) {
            answer_join(answer, told++, count);
            output_text(answer->output, answer->ranks[i]->policy);
        }
    output_format(answer->output, " cannot be told from it: the%s intervals overlap.",
                  count == 1 ? " two" : "ir");
    return count;
}

/* How far behind the others are: each, or from the nearest to the last. */
static void answer_tell_others(const struct answer *answer, size_t equals)
{
    size_t count = answer->count - 1 - equals, told = 0;
    if (count == 0)
        return;
    bool many = count > ANSWER_NAMED_MAX;
    const struct measure *nearest = NULL, *last = NULL;
    output_text(answer->output, " ");
    for (size_t i = 1; i < answer->count; i++) {
        const struct measure *measure = answer->ranks[i];
        if (answer_overlaps(answer->ranks[0], measure))
            continue;
        nearest = nearest ? nearest : measure;
        last = measure;
        if (many)
            continue;
        answer_join(answer, told, count);
        output_format(answer->output, "%s's is ", measure->policy);
        answer_times(answer, measure);
        output_text(answer->output, told++ == 0 ? " times that" : "");
    }
    if (many) {
        output_format(answer->output, "The other %zu are between ", count);
        answer_times(answer, nearest);
        output_format(answer->output, " (%s) and ", nearest->policy);
        answer_times(answer, last);
        output_format(answer->output, " times that (%s)", last->policy);
    }
    output_text(answer->output, ".");
}

static void answer_tell_bound(const struct answer *answer)
{
    if (answer->bound == NULL || !(answer->bound->value > 0))
        return;
    char times[FIGURE_SIZE];
    figure_write(times, FIGURE_NUMBER, answer->ranks[0]->value / answer->bound->value);
    output_format(answer->output, " %s, an oracle that no balancer can be, has ",
                  answer->bound->policy);
    answer_value(answer, answer->bound);
    output_format(answer->output, ": what is left to gain is a factor of %s.", times);
}

/* A low latency of the few that are answered is no success. */
static void answer_tell_errors(const struct answer *answer)
{
    const struct measure *own =
        report_find(answer->report, answer->ranks[0]->policy, "all", "error_rate");
    const struct measure *least = own, *most = own;
    for (size_t i = 1; i < answer->count; i++) {
        const struct measure *other =
            report_find(answer->report, answer->ranks[i]->policy, "all", "error_rate");
        if (other == NULL || least == NULL || !isfinite(other->value))
            continue;
        least = other->value < least->value ? other : least;
        most = other->value > most->value ? other : most;
    }
    if (own == NULL || !isfinite(own->value))
        return;
    char failed[FIGURE_SIZE], fewest[FIGURE_SIZE], highest[FIGURE_SIZE];
    figure_write(failed, FIGURE_PERCENT, own->value);
    figure_write(fewest, FIGURE_PERCENT, least->value);
    figure_write(highest, FIGURE_PERCENT, most->value);
    if (own->value > least->value + ANSWER_ERRORS_APART)
        output_format(answer->output, " But with %s %s of the requests fail, with %s %s.",
                      own->policy, failed, least->policy, fewest);
    else if (most->value == 0)
        output_text(answer->output, " No request failed.");
    else if (most->value > own->value + ANSWER_ERRORS_APART)
        output_format(answer->output, " With %s %s of the requests fail, with %s %s.",
                      own->policy, own->value == 0 ? "none" : failed, most->policy, highest);
    else
        output_format(answer->output, " %s%s of the requests failed.",
                      answer->count > 1 ? "At most " : "", highest);
}

static void answer_tell(const struct answer *answer)
{
    const struct measure *best = answer->ranks[0];
    if (answer->count == 1)
        output_format(answer->output, "For this traffic the %s of %s is ", answer->metric,
                      best->policy);
    else
        output_format(answer->output, "For this traffic %s has the lowest %s, ", best->policy,
                      answer->metric);
    answer_value(answer, best);
    output_text(answer->output, ".");
    answer_tell_others(answer, answer_tell_equals(answer));
    answer_tell_errors(answer);
    answer_tell_bound(answer);
    if (answer->report->replications < INTERVAL_REPLICATIONS_MIN && isnan(best->high) &&
        answer->count > 1)
        output_format(answer->output,
                      " There are no intervals with fewer than %d replications: small "
                      "differences may be chance.",
                      INTERVAL_REPLICATIONS_MIN);
}

void answer_write(const struct report *report, const struct report_heading *heading,
                  struct output *output)
{
    struct answer answer = {.report = report, .heading = heading, .output = output};
    answer.ranks = memory_zeroed(report->count + 1, sizeof(*answer.ranks));
    answer_choose(&answer);
    if (answer.count > 0 && answer.ranks[0]->value > 0)
        answer_tell(&answer);
    else
        output_text(output, "There is no answer: no latency was measured, or too little to "
                            "tell anything.");
    free(answer.ranks);
}
