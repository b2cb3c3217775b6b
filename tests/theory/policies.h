/* SPDX-License-Identifier: GPL-3.0-or-later
   All policies on the same requests: mean latencies by replication, compared in pairs, and
   what a policy is excused from, each with the reason. */
#ifndef TESTS_THEORY_POLICIES_H
#define TESTS_THEORY_POLICIES_H

#include "models/policy.h"
#include "sim/stats/interval.h"
#include "tests/theory/scene.h"

/* One claim in thousands may fail by chance on each side. */
#define POLICIES_LEVEL 0.999

struct policies_excuse {
    const char *name, *reason;
    double bound; /* what it is held to instead, where that is known */
};

/* NULL where there is none; `list` ends with a name of NULL. */
static inline const struct policies_excuse *
policies_excused(const struct policies_excuse *list, const char *name)
{
    for (; list->name != NULL; list++)
        if (strcmp(list->name, name) == 0)
            return list;
    return NULL;
}

/* An excuse for what is not there is a mistake. */
static inline void policies_check_names(const struct policies_excuse *list)
{
    for (; list->name != NULL; list++) {
        bool found = false;
        for (size_t i = 0; policy_kinds.at(i) != NULL; i++)
            found |= strcmp(policy_kinds.at(i)->name, list->name) == 0;
        if (!found)
            fail_msg("an excuse for '%s', which is no policy", list->name);
    }
}

static inline const struct policy_ops *policies_at(size_t index)
{
    return (const struct policy_ops *)policy_kinds.at(index);
}

/* The request's key or its sender alone decides, while nobody is full. */
static inline bool policies_is_hashing(const struct policy_ops *ops)
{
    static const char *const others[] = {"haproxy.hash", "nginx.hash", "nginx.ip_hash",
                                         "modulo", "ipvs.sh", "ipvs.dh"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(others[i], ops->kind.name) == 0)
            return true;
    return (ops->traits & POLICY_CONSISTENT) != 0;
}

/* -- latencies -- */

enum { POLICIES_REPLICATIONS_MAX = 40 };

struct policies_sum {
    double latency, count;
};

static inline void policies_take(void *context, const struct trace_row *rows, size_t count)
{
    struct policies_sum *sum = context;
    for (size_t i = 0; i < count; i++)
        if (rows[i].phase == PHASE_MEASURE) {
            sum->latency += (double)(rows[i].ended - rows[i].due);
            sum->count++;
        }
}

/* Mean latencies of a policy, ms, one for each replication. */
struct policies_means {
    const char *label;
    size_t count;
    double of[POLICIES_REPLICATIONS_MAX];
};

static inline struct policies_means policies_run(const struct scene *scene, size_t policy)
{
    struct policies_means means = {.label = scene_policy(scene, policy)->label,
                                   .count = scenario_replications(scene->scenario)};
    assert_true(means.count <= POLICIES_REPLICATIONS_MAX);
    for (size_t i = 0; i < means.count; i++) {
        struct policies_sum sum = {0};
        struct world_order order = {
            .scenario = scene->scenario,
            .policy = scene_policy(scene, policy),
            .replication = i + 1,
            .sink = {policies_take, &sum},
        };
        struct world *world = world_build(&order);
        world_run(world);
        world_free(world);
        means.of[i] = sum.latency / sum.count / 1e6;
    }
    return means;
}

/* The mean of one minus other over the pairs, and how far that may be off. */
struct policies_gap {
    double mean, half, share; /* share: mean over other's */
};

static inline struct policies_gap policies_compare(const struct policies_means *one,
                                                   const struct policies_means *other)
{
    double sum = 0, square = 0, base = 0, n = (double)one->count;
    for (size_t i = 0; i < one->count; i++) {
        sum += one->of[i] - other->of[i];
        base += other->of[i];
    }
    double mean = sum / n;
    for (size_t i = 0; i < one->count; i++) {
        double rest = one->of[i] - other->of[i] - mean;
        square += rest * rest;
    }
    double half = interval_t(POLICIES_LEVEL, one->count - 1) * sqrt(square / (n - 1) / n);
    return (struct policies_gap){mean, half, mean / (base / n)};
}

#endif
