/* SPDX-License-Identifier: GPL-3.0-or-later
   The list of metrics, one row each, in the order in which they are listed.  Ratios of
   nothing to nothing are NaN. */
#include "sim/report/metric.h"

#include "sim/report/metric_cost.h"
#include "sim/report/metric_fleet.h"
#include "sim/report/metric_harm.h"
#include "sim/report/metric_load.h"

#include <math.h>

static double metric_requests(const struct metric_row *row, const struct summary *summary)
{
    (void)row;
    return (double)summary->requests;
}

static double metric_attempts(const struct metric_row *row, const struct summary *summary)
{
    (void)row;
    return (double)summary->attempts;
}

static double metric_amplification(const struct metric_row *row,
                                   const struct summary *summary)
{
    (void)row;
    return (double)summary->attempts / (double)summary->requests;
}

static double metric_retries(const struct metric_row *row, const struct summary *summary)
{
    return metric_amplification(row, summary) - 1;
}

static double metric_throughput(const struct metric_row *row, const struct summary *summary)
{
    (void)row;
    if (!(summary->seconds > 0))
        return NAN;
    return (double)summary->outcomes[OUTCOME_OK] / summary->seconds;
}

static double metric_error_rate(const struct metric_row *row, const struct summary *summary)
{
    (void)row;
    uint64_t failed = summary->requests - summary->outcomes[OUTCOME_OK];
    return (double)failed / (double)summary->requests;
}

static double metric_outcome(const struct metric_row *row, const struct summary *summary)
{
    return (double)summary->outcomes[row->item] / (double)summary->requests;
}

static double metric_mean(const struct metric_row *row, const struct summary *summary)
{
    (void)row;
    return (double)summary->latency / (double)summary->counted / 1e9;
}

static double metric_percentile(const struct metric_row *row, const struct summary *summary)
{
    return histogram_quantile(metric_histogram(row, summary), row->p) / 1e9;
}

static double metric_max(const struct metric_row *row, const struct summary *summary)
{
    (void)row;
    return summary->law.count == 0 ? NAN : sim_seconds(summary->law.largest);
}

static double metric_deviation(const struct metric_row *row, const struct summary *summary)
{
    (void)row;
    return histogram_deviation(&summary->law) / 1e9;
}

static double metric_cv(const struct metric_row *row, const struct summary *summary)
{
    return metric_deviation(row, summary) / metric_mean(row, summary);
}

static double metric_part(const struct metric_row *row, const struct summary *summary)
{
    return blame_mean_beyond(&summary->blame, &summary->law, row->p, (enum part)row->item) / 1e9;
}

static double metric_cross_zone(const struct metric_row *row, const struct summary *summary)
{
    (void)row;
    return (double)summary->crossing.crossed / (double)summary->crossing.known;
}

static double metric_remote(const struct metric_row *row, const struct summary *summary)
{
    (void)row;
    return (double)summary->crossing.remote / (double)summary->crossing.homed;
}

static double metric_part_share(const struct metric_row *row, const struct summary *summary)
{
    double sum = 0;
    for (int part = 0; part < PART_COUNT; part++)
        sum += blame_mean_beyond(&summary->blame, &summary->law, row->p, (enum part)part);
    return metric_part(row, summary) * 1e9 / sum;
}

static double metric_share(const struct metric_row *row, const struct summary *summary)
{
    (void)row;
    return (double)summary->requests / (double)summary->attempts;
}

enum metric_churn { CHURN_MOVED, CHURN_LEAST, CHURN_EXCESS, CHURN_LOST, CHURN_NEEDLESS };

static double metric_churn_keys(const struct metric_row *row, const struct summary *summary)
{
    (void)row;
    return (double)summary->churn.keys;
}

static double metric_churn(const struct metric_row *row, const struct summary *summary)
{
    const struct churn_count *count = &summary->churn;
    switch ((enum metric_churn)row->item) {
    case CHURN_MOVED: return (double)count->moved / (double)count->keys;
    case CHURN_LEAST: return count->least / (double)count->keys;
    case CHURN_EXCESS: return ((double)count->moved - count->least) / (double)count->keys;
    case CHURN_LOST: return (double)count->lost / (double)count->sessions;
    case CHURN_NEEDLESS: return (double)count->needless / (double)count->sessions;
    }
    return NAN;
}

enum metric_hits { HITS_ALL, HITS_BEFORE, HITS_AFTER, HITS_LOWEST };

static struct hits metric_hits(const struct metric_row *row, const struct summary *summary)
{
    switch ((enum metric_hits)row->item) {
    case HITS_ALL: return summary->hits;
    case HITS_BEFORE: return summary->churn.hits.before;
    case HITS_AFTER: return summary->churn.hits.after;
    case HITS_LOWEST: return summary->churn.hits.lowest;
    }
    return (struct hits){0};
}

static double metric_hit_rate(const struct metric_row *row, const struct summary *summary)
{
    return hits_rate(metric_hits(row, summary));
}

/* -- over time -- */

static double metric_arrival_rate(const struct metric_row *row, const struct summary *summary)
{
    (void)row;
    return summary->seconds > 0 ? (double)summary->requests / summary->seconds : NAN;
}

static double metric_in_flight(const struct metric_row *row, const struct summary *summary)
{
    (void)row;
    return (double)summary->flight / 1e9 / summary->seconds;
}

static double metric_eligible(const struct metric_row *row, const struct summary *summary)
{
    (void)row;
    return summary->eligible / summary->seconds;
}

enum {
    METRIC_ALL = 1 << SCOPE_ALL,
    METRIC_CLIENT = 1 << SCOPE_CLIENT,
    METRIC_GROUP = 1 << SCOPE_GROUP,
    METRIC_POD = 1 << SCOPE_POD,
    METRIC_CHANGE = 1 << SCOPE_CHANGE,
    METRIC_FAULT = 1 << SCOPE_FAULT,
    METRIC_WINDOW = 1 << SCOPE_WINDOW,
    METRIC_HOP = 1 << SCOPE_HOP,
    METRIC_TIER = 1 << SCOPE_TIER,
    METRIC_BALANCER = 1 << SCOPE_BALANCER,
    METRIC_EACH = METRIC_ALL | METRIC_CLIENT | METRIC_GROUP | METRIC_POD
};

#define LAW_HELP \
    "; of requests answered or timed out, the latter at the time they waited: those turned " \
    "away at once are left out, see error_rate"

#define OUTCOME_ROW(outcome, text, about) \
    {{text, "ratio", "lower", about}, METRIC_ALL, METRIC_POOLED, BASIS_REQUESTS, \
     metric_outcome, 0, outcome}

#define LATENCY_ROW(quantile, text, where) \
    {{text, "s", "lower", "latency that this share of requests stays within" LAW_HELP}, \
     where, METRIC_PERCENTILE, BASIS_LAW, metric_percentile, quantile, 0}

#define PART_ROW(part, text, quantile, rule, whose, about) \
    {{text, "s", "lower", "mean part of the latency" whose ": " about}, METRIC_ALL, rule, \
     BASIS_LAW, metric_part, quantile, part}

#define PART_ROWS(part, text, about) \
    PART_ROW(part, text, 0, METRIC_POOLED, "", about), \
    PART_ROW(part, "slow1_" text, 0.99, METRIC_PERCENTILE, \
             " of the slowest 1 % of requests", about), \
    PART_ROW(part, "slow0.1_" text, 0.999, METRIC_PERCENTILE, \
             " of the slowest 0.1 % of requests", about)

#define LOAD_ROW(load, text, better, where, about) \
    {{text, "ratio", better, about}, where, METRIC_RUN, BASIS_PODS, metric_load_value, 0, load}

#define HOP_ROW(text, unit, quantile, rule, function, about) \
    {{text, unit, "lower", about}, METRIC_HOP, rule, BASIS_LAW, function, quantile, PART_CLIENT}

#define FLEET_ROW(fleet, text, unit, better, about) \
    {{text, unit, better, about}, METRIC_TIER, METRIC_RUN, BASIS_REQUESTS, metric_fleet_value, \
     0, fleet}

#define PAIRS_ROW(fleet, text, about) \
    {{text, "count", "", about}, METRIC_ALL, METRIC_RUN, BASIS_PAIRS, metric_fleet_value, 0, \
     fleet}

#define LINKS_ROW(links, text, about) \
    {{text, "ratio", "lower", about}, METRIC_CHANGE, METRIC_POOLED, BASIS_LINKS, \
     metric_fleet_links, 0, links}

#define CHURN_ROW(churn, text, better, rule, basis, about) \
    {{text, "ratio", better, about}, METRIC_CHANGE, rule, basis, metric_churn, 0, churn}

#define COST_ROW(cost, text, unit, better, where, about) \
    {{text, unit, better, about}, where, METRIC_RUN, BASIS_COST, metric_cost_value, 0, \
     cost}

#define HITS_ROW(hits, text, where, about) \
    {{text, "ratio", "higher", about}, where, METRIC_POOLED, BASIS_CACHES, metric_hit_rate, 0, hits}

#define HARM_ROW(harm, text, unit, better, rule, basis, about) \
    {{text, unit, better, about}, METRIC_FAULT, rule, basis, metric_harm_value, 0, harm}

#define SPAN_ROW(basis, text, about) \
    {{text, "s", "lower", "p99 of the latency of requests due " about}, \
     METRIC_FAULT, METRIC_PERCENTILE, basis, metric_percentile, 0.99, 0}

static const struct metric_row metric_rows[] = {
    {{"requests", "count", "", "requests due in the measured window, all replications "
      "together; of a window, due in it; of a pod or pod group, attempts sent there; of "
      "balancers, those that came there"},
     METRIC_EACH | METRIC_WINDOW | METRIC_TIER | METRIC_BALANCER, METRIC_FACT, BASIS_REQUESTS,
     metric_requests, 0, 0},
    {{"attempts", "count", "", "attempts made for them, the first of each included"},
     METRIC_ALL, METRIC_FACT, BASIS_ATTEMPTS, metric_attempts, 0, 0},
    {{"amplification", "ratio", "lower", "attempts per request"},
     METRIC_ALL, METRIC_POOLED, BASIS_REQUESTS, metric_amplification, 0, 0},
    {{"retries", "ratio", "lower", "attempts beyond the first, per request"},
     METRIC_ALL, METRIC_POOLED, BASIS_REQUESTS, metric_retries, 0, 0},
    {{"arrival_rate", "1/s", "", "requests due per second"},
     METRIC_ALL | METRIC_WINDOW, METRIC_POOLED, BASIS_REQUESTS, metric_arrival_rate, 0, 0},
    {{"throughput", "1/s", "higher", "requests answered, sooner or later, per second in which they "
      "were due"},
     METRIC_ALL | METRIC_WINDOW, METRIC_POOLED, BASIS_REQUESTS, metric_throughput, 0, 0},
    {{"error_rate", "ratio", "lower", "share of requests not answered, for whatever reason"},
     METRIC_ALL | METRIC_CLIENT | METRIC_WINDOW | METRIC_BALANCER, METRIC_POOLED, BASIS_REQUESTS,
     metric_error_rate, 0, 0},
    OUTCOME_ROW(OUTCOME_REJECTED, "rejected", "share of requests refused by a full pod"),
    OUTCOME_ROW(OUTCOME_TIMEOUT, "timeout", "share of requests that the client gave up"),
    OUTCOME_ROW(OUTCOME_OVERFLOW, "overflow",
                "share of requests that a balancer refused: full, or shedding load"),
    OUTCOME_ROW(OUTCOME_QUEUE_TIMEOUT, "queue_timeout",
                "share of requests that waited too long in the balancer's queue"),
    OUTCOME_ROW(OUTCOME_NO_BACKEND, "no_backend",
                "share of requests that there was no pod for"),
    OUTCOME_ROW(OUTCOME_UNFINISHED, "unfinished",
                "share of requests that the run stopped before"),
    OUTCOME_ROW(OUTCOME_REFUSED, "refused", "share of requests that nobody listened for"),
    OUTCOME_ROW(OUTCOME_RESET, "reset", "share of requests that a pod broke off"),
    OUTCOME_ROW(OUTCOME_ERROR, "error",
                "share of requests that a pod answered with an error"),
    {{"mean", "s", "lower", "mean latency" LAW_HELP},
     METRIC_EACH | METRIC_WINDOW | METRIC_BALANCER, METRIC_POOLED, BASIS_LAW, metric_mean, 0, 0},
    LATENCY_ROW(0.5, "p50", METRIC_ALL | METRIC_CLIENT | METRIC_WINDOW),
    LATENCY_ROW(0.9, "p90", METRIC_ALL | METRIC_CLIENT),
    LATENCY_ROW(0.95, "p95", METRIC_ALL | METRIC_CLIENT),
    LATENCY_ROW(0.99, "p99",
                METRIC_ALL | METRIC_CLIENT | METRIC_GROUP | METRIC_WINDOW | METRIC_BALANCER),
    LATENCY_ROW(0.999, "p99.9", METRIC_ALL | METRIC_CLIENT),
    LATENCY_ROW(0.9999, "p99.99", METRIC_ALL),
    {{"max", "s", "lower", "largest latency seen, a fact of these runs" LAW_HELP},
     METRIC_ALL | METRIC_CLIENT, METRIC_FACT, BASIS_LAW, metric_max, 0, 0},
    {{"deviation", "s", "lower", "standard deviation of the latency" LAW_HELP},
     METRIC_ALL, METRIC_POOLED, BASIS_LAW, metric_deviation, 0, 0},
    {{"cv", "ratio", "lower", "standard deviation of the latency over its mean" LAW_HELP},
     METRIC_ALL, METRIC_POOLED, BASIS_LAW, metric_cv, 0, 0},
    {{"ok_p99", "s", "lower", "p99 of the latency of answered requests alone"},
     METRIC_ALL, METRIC_PERCENTILE, BASIS_ANSWERED, metric_percentile, 0.99, 0},
    PART_ROWS(PART_CLIENT, "client_time", "before the deciding attempt was sent"),
    PART_ROWS(PART_NETWORK, "network_time", "both hops and the way back"),
    PART_ROWS(PART_BALANCER, "balancer_time", "in the balancer"),
    PART_ROWS(PART_QUEUE, "queue_time", "in the pod's queue"),
    PART_ROWS(PART_SERVICE, "service_time", "in service"),
    LOAD_ROW(LOAD_UTILISATION, "utilisation", "", METRIC_ALL | METRIC_GROUP | METRIC_POD,
             "busy share of capacity, mean over pods"),
    LOAD_ROW(LOAD_UTILISATION_MAX, "utilisation_max", "lower", METRIC_ALL,
             "busy share of capacity of the busiest pod"),
    LOAD_ROW(LOAD_JAIN_REQUESTS, "jain_requests", "higher", METRIC_ALL,
             "Jain's index of requests per pod: 1 is even"),
    LOAD_ROW(LOAD_JAIN_UTILISATION, "jain_utilisation", "higher", METRIC_ALL,
             "Jain's index of utilisation: 1 is even"),
    LOAD_ROW(LOAD_JAIN_FLOOR, "jain_floor", "", METRIC_ALL,
             "Jain's index of requests that even random dispatch would get"),
    LOAD_ROW(LOAD_PEAK_REQUESTS, "max_over_mean_requests", "lower", METRIC_ALL,
             "requests of the busiest pod over the mean"),
    LOAD_ROW(LOAD_PEAK_UTILISATION, "max_over_mean_utilisation", "lower", METRIC_ALL,
             "utilisation of the busiest pod over the mean"),
    LOAD_ROW(LOAD_CV_REQUESTS, "cv_requests", "lower", METRIC_ALL,
             "coefficient of variation of requests over pods"),
    LOAD_ROW(LOAD_CV_UTILISATION, "cv_utilisation", "lower", METRIC_ALL,
             "coefficient of variation of utilisation over pods"),
    COST_ROW(COST_PODS, "pods", "count", "", METRIC_ALL | METRIC_GROUP,
             "pods that there were, mean over the measured window, those that started or ended "
             "included; left out where they were the same all the time, as the next three"),
    COST_ROW(COST_TIME, "pod_seconds", "s", "lower", METRIC_ALL | METRIC_GROUP,
             "time from creation to end, of all pods together, within the measured window"),
    COST_ROW(COST_IDLE, "idle_share", "ratio", "lower", METRIC_ALL | METRIC_GROUP,
             "share of that time in which workers did not serve"),
    COST_ROW(COST_REQUEST, "pod_seconds_per_request", "s", "lower", METRIC_ALL,
             "pod_seconds for each request answered"),
    PAIRS_ROW(FLEET_PODS, "pods_per_balancer",
              "pods that an instance of the last tier of balancers sent anything to, mean over "
              "instances; left out where there is one, or where instances times pods are more "
              "than 2^29, as the next four"),
    PAIRS_ROW(FLEET_PODS_MOST, "pods_per_balancer_max", "the same, of the instance with most"),
    PAIRS_ROW(FLEET_BALANCERS_OF_POD, "balancers_per_pod",
              "instances of the last tier that sent a pod anything, mean over pods"),
    PAIRS_ROW(FLEET_BALANCERS_LEAST, "balancers_per_pod_min", "the same, of the pod with fewest"),
    PAIRS_ROW(FLEET_BALANCERS_MOST, "balancers_per_pod_max", "the same, of the pod with most"),
    {{"share", "ratio", "", "share of all attempts at pods that went to this one; of a balancer "
      "instance, share of the requests that came to its tier"},
     METRIC_POD | METRIC_BALANCER, METRIC_POOLED, BASIS_ATTEMPTS, metric_share, 0, 0},
    HITS_ROW(HITS_ALL, "cache_hit_rate", METRIC_ALL | METRIC_GROUP | METRIC_POD,
             "share of attempts served by a pod with a cache that found their key there; left out "
             "where there are none"),
    {{"cross_zone", "ratio", "lower", "share of requests that a balancer sent, by their last "
      "attempt, to a pod in another zone than its own; left out where zones are unknown"},
     METRIC_ALL | METRIC_CLIENT, METRIC_POOLED, BASIS_ZONES, metric_cross_zone, 0, 0},
    {{"remote", "ratio", "lower", "share of requests that were served, by their last attempt, in "
      "another zone than the client's; left out where zones are unknown"},
     METRIC_ALL | METRIC_CLIENT, METRIC_POOLED, BASIS_HOMES, metric_remote, 0, 0},
    {{"churn_keys", "count", "", "keys seen both before and after a membership change, back to "
      "the previous one and on to the next, mean over replications"},
     METRIC_CHANGE, METRIC_RUN, BASIS_KEYS, metric_churn_keys, 0, 0},
    CHURN_ROW(CHURN_MOVED, "churn_moved", "lower", METRIC_POOLED, BASIS_KEYS,
              "share of those keys whose first attempt after the change went to another pod "
              "than their last one before it"),
    CHURN_ROW(CHURN_LEAST, "churn_least", "", METRIC_POOLED, BASIS_KEYS,
              "share of those keys that had to move: those of pods that left or went down, and "
              "as many as the share of weight that the other pods ceded"),
    CHURN_ROW(CHURN_EXCESS, "churn_excess", "lower", METRIC_SIGNED, BASIS_KEYS,
              "churn_moved beyond churn_least; below 0 where fewer moved than an even load "
              "by weights would need"),
    CHURN_ROW(CHURN_LOST, "churn_sessions_lost", "lower", METRIC_POOLED, BASIS_SESSIONS,
              "share of users, of client groups with several, whose first attempt after the "
              "change went to another pod than their last one before it"),
    CHURN_ROW(CHURN_NEEDLESS, "churn_sessions_needless", "lower", METRIC_POOLED, BASIS_SESSIONS,
              "share of users, as for churn_sessions_lost, who were sent to another pod although "
              "theirs had neither left nor gone down"),
    HITS_ROW(HITS_BEFORE, "cache_hit_rate_before", METRIC_CHANGE,
             "cache_hit_rate of attempts dispatched before a membership change, back to the "
             "previous one"),
    HITS_ROW(HITS_AFTER, "cache_hit_rate_after", METRIC_CHANGE,
             "cache_hit_rate of attempts dispatched after a membership change, until the next one "
             "or the end of the measured window"),
    HITS_ROW(HITS_LOWEST, "cache_hit_rate_lowest", METRIC_CHANGE,
             "the same in the worst tenth of that time; with few attempts a tenth, lower than the "
             "rest by chance alone"),
    HARM_ROW(HARM_EPISODES, "fault_episodes", "count", "", METRIC_RUN, BASIS_EPISODES,
             "episodes of a fault in the measured window, those of each pod, mean over "
             "replications"),
    HARM_ROW(HARM_TIME, "fault_time", "s", "", METRIC_RUN, BASIS_EPISODES,
             "how long they lasted in the measured window, all pods together, mean over "
             "replications"),
    HARM_ROW(HARM_SHARE, "fault_share", "ratio", "", METRIC_POOLED, BASIS_ATTEMPTS,
             "share of attempts sent while the fault was on somewhere that went to pods that it "
             "was on"),
    HARM_ROW(HARM_FAIR, "fault_share_fair", "ratio", "", METRIC_POOLED, BASIS_EPISODES,
             "share of those pods in the number of pods, over the same time"),
    HARM_ROW(HARM_ERRORS, "fault_errors", "ratio", "lower", METRIC_POOLED, BASIS_REQUESTS,
             "attempts that failed at pods that the fault was on meanwhile, per request due while "
             "it was on somewhere"),
    HARM_ROW(HARM_DETECT, "time_to_detect", "s", "lower", METRIC_POOLED, BASIS_DETECTED,
             "from the beginning of an episode until a balancer sends the pod nothing any more, "
             "by health checks or outlier detection, or, where there are none, until DNS takes its "
             "site out; mean over episodes and balancers, of those detected before the end"),
    HARM_ROW(HARM_UNDETECTED, "fault_undetected", "ratio", "lower", METRIC_POOLED, BASIS_JUDGED,
             "share of episodes, times balancers, that were over, or the run was, before that; "
             "what a policy learns by itself does not show here"),
    HARM_ROW(HARM_RECOVER, "time_to_recover", "s", "lower", METRIC_POOLED, BASIS_RECOVERED,
             "from the end of an episode until all balancers that had detected it, and kept away "
             "from the pod then, send there again; mean over episodes"),
    HARM_ROW(HARM_UNRECOVERED, "fault_unrecovered", "ratio", "lower", METRIC_POOLED, BASIS_SHUNNED,
             "share of episodes after which that did not come before the pod's next one, or the "
             "end of the run"),
    SPAN_ROW(BASIS_BEFORE, "p99_before",
             "before an episode of a fault and not within p99_after of the one before"),
    SPAN_ROW(BASIS_DURING, "p99_during", "while the fault was on at any pod"),
    SPAN_ROW(BASIS_AFTER, "p99_after", "after an episode, for as long as it had lasted"),
    HARM_ROW(HARM_LOST, "requests_lost", "count", "lower", METRIC_RUN, BASIS_BEFORE,
             "requests due while a fault was on that were not answered, beyond what the error rate "
             "before, as of p99_before, would have made of them; at least 0, mean over "
             "replications"),
    HARM_ROW(HARM_GOODPUT, "goodput_during", "1/s", "higher", METRIC_POOLED, BASIS_REQUESTS,
             "requests due while a fault was on that were answered, per second of that time"),
    LINKS_ROW(LINKS_OPENED, "links_opened",
              "share of the pairs of balancer instance and pod in use after a membership change "
              "that were not in use before; left out where there is one instance, or too many"),
    LINKS_ROW(LINKS_CLOSED, "links_closed",
              "share of the pairs in use before it that were not in use after"),
    LINKS_ROW(LINKS_NEEDLESS, "links_needless",
              "share of the pairs in use before it that were not in use after, although the pod "
              "had neither left nor gone down"),
    HOP_ROW("hop_time", "s", 0, METRIC_POOLED, metric_part,
            "mean time that a hop has in the latency; those of all hops add up to `mean`"),
    HOP_ROW("hop_share", "ratio", 0, METRIC_POOLED, metric_part_share, "its share of the latency"),
    HOP_ROW("slow1_hop_time", "s", 0.99, METRIC_PERCENTILE, metric_part,
            "mean time that a hop has in the latency of the slowest 1 % of requests"),
    HOP_ROW("slow1_hop_share", "ratio", 0.99, METRIC_PERCENTILE, metric_part_share,
            "its share of that"),
    FLEET_ROW(FLEET_BALANCERS, "instances", "count", "",
              "instances of a tier of balancers, mean over the measured window where they come "
              "and go"),
    FLEET_ROW(FLEET_JAIN, "jain_instances", "ratio", "higher",
              "Jain's index of requests per instance of a tier: 1 is even"),
    FLEET_ROW(FLEET_PEAK, "max_over_mean_instances", "ratio", "lower",
              "requests of the busiest instance of a tier over the mean"),
    {{"in_flight", "count", "", "requests under way, time average over a window"},
     METRIC_WINDOW, METRIC_POOLED, BASIS_REQUESTS, metric_in_flight, 0, 0},
    {{"eligible", "count", "", "pods that balancers could send to, time average over a window and "
      "mean over balancers: in the list, not marked down, not kept away from by health checks or "
      "outlier detection"},
     METRIC_WINDOW, METRIC_POOLED, BASIS_REQUESTS, metric_eligible, 0, 0},
};

const struct metric_row *metric_row_at(size_t index)
{
    return index < sizeof(metric_rows) / sizeof(*metric_rows) ? &metric_rows[index] : NULL;
}

const struct metric *metric_at(size_t index)
{
    const struct metric_row *row = metric_row_at(index);
    return row == NULL ? NULL : &row->metric;
}

uint64_t metric_samples(const struct metric_row *row, const struct summary *summary)
{
    switch (row->basis) {
    case BASIS_REQUESTS: return summary->requests;
    case BASIS_ATTEMPTS: return summary->attempts;
    case BASIS_LAW: return summary->counted;
    case BASIS_ANSWERED: return summary->answered.count;
    case BASIS_PODS:
    case BASIS_COST: return summary->load.requests.count;
    case BASIS_KEYS: return summary->churn.keys;
    case BASIS_SESSIONS: return summary->churn.sessions;
    case BASIS_ZONES: return summary->crossing.known;
    case BASIS_HOMES: return summary->crossing.homed;
    case BASIS_CACHES: return metric_hits(row, summary).asked;
    case BASIS_BEFORE: return summary->spans[EPISODE_BEFORE].count;
    case BASIS_DURING: return summary->spans[EPISODE_DURING].count;
    case BASIS_AFTER: return summary->spans[EPISODE_AFTER].count;
    case BASIS_EPISODES: return summary->harm.episodes;
    case BASIS_JUDGED: return summary->harm.detected + summary->harm.missed;
    case BASIS_DETECTED: return summary->harm.detected;
    case BASIS_SHUNNED: return summary->harm.recovered + summary->harm.shunned;
    case BASIS_RECOVERED: return summary->harm.recovered;
    case BASIS_PAIRS: return (uint64_t)summary->fleet.pairs.pods.sum;
    case BASIS_LINKS: return summary->churn.pairs.before + summary->churn.pairs.after;
    }
    return 0;
}

bool metric_is_optional(const struct metric_row *row)
{
    bool counts = row->rule == METRIC_RUN && row->basis == BASIS_EPISODES;
    return row->basis == BASIS_CACHES || row->basis == BASIS_ZONES ||
           row->basis == BASIS_HOMES || row->basis == BASIS_PAIRS ||
           row->basis == BASIS_LINKS || (row->scopes == METRIC_FAULT && !counts);
}

const struct histogram *metric_histogram(const struct metric_row *row,
                                         const struct summary *summary)
{
    enum metric_basis basis = row->basis;
    if (basis == BASIS_BEFORE || basis == BASIS_DURING || basis == BASIS_AFTER)
        return &summary->spans[EPISODE_BEFORE + (basis - BASIS_BEFORE)];
    return basis == BASIS_ANSWERED ? &summary->answered : &summary->law;
}
