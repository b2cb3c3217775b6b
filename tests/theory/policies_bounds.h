/* SPDX-License-Identifier: GPL-3.0-or-later
   Equal pods, exponential service, no network: whoever balances load is not worse than
   random, and nobody is better than one queue for all. */
#ifndef TESTS_THEORY_POLICIES_BOUNDS_H
#define TESTS_THEORY_POLICIES_BOUNDS_H

#include "tests/theory/policies.h"

/* Not worse than random: not of these, nor of those that hash. */
static const struct policies_excuse policies_no_balance[] = {
    {"grpc.pick_first", "all go to one", 0},
    {"haproxy.first", "all go to the first while it is not full, and here it never is", 0},
    {"ipvs.fo", "all go to one", 0},
    {"grpc.random_subsetting", "a client sees 20 pods, and here there is one client", 0},
    {"rotating_subset", "a balancer sees 20 pods, and here there is one balancer", 0},
    {"avi.fewest_servers", "fills the first until replies take twice their best: to leave "
                           "pods idle is its aim", 0},
    {"ingress_nginx.subset_hash", "a key decides on few pods, and 10 pods make 4 sets", 0},
    {"ingress_nginx.ewma", "means over 10 s say nothing of requests under way, so that all run "
                           "after the pod that was fast some time ago", 0},
    {"brpc.locality_aware", "a weight of replies per second over latency is the last one over "
                            "latency, which rises load / (1 - load) times as fast as the share: "
                            "above a load of 2/3 each window of replies overshoots", 0},
    {NULL, NULL, 0},
};

/* Not better than one queue: not of these. */
static const struct policies_excuse policies_no_bound[] = {
    {"ipvs.ovf", "refuses requests, which end at once", 0},
    {NULL, NULL, 0},
};

struct policies_case {
    int pods;
    double load;
    int requests, replications;
};

static inline void policies_open_case(struct scene *scene, struct policies_case which)
{
    char policies[4096] = "";
    size_t used = 0;
    for (size_t i = 0; policy_kinds.at(i) != NULL; i++)
        used += (size_t)snprintf(policies + used, sizeof policies - used, ", %s",
                                 policy_kinds.at(i)->name);
    assert_true(used < sizeof policies);
    double rate = which.load * which.pods;
    scene_open(scene,
               "run: {duration: %.0fms, warmup: %.0fms, replications: %d, seed: 50}\n"
               "clients: [{arrivals: {poisson: {rate: %.6g/s}}, "
               "demand: {exponential: {mean: 100ms}}, users: 10k, "
               "key: {uniform: {count: 10k}}}]\n"
               "pods: [{count: %d}]\nbalancers: [{policy: [%s]}]\n",
               100 * which.requests / rate, 10 * which.requests / rate, which.replications,
               10 * rate, which.pods, policies + 2);
}

static inline size_t policies_index(const char *name)
{
    size_t i = 0;
    while (strcmp(policy_kinds.at(i)->name, name) != 0)
        i++;
    return i;
}

/* Prints who is out of bounds; returns how many are. */
static inline int policies_check_bounds(struct policies_case which)
{
    struct scene scene;
    int wrong = 0;
    policies_open_case(&scene, which);
    struct policies_means random = policies_run(&scene, policies_index("random"));
    struct policies_means queue = policies_run(&scene, policies_index("central_queue"));
    for (size_t i = 0; policy_kinds.at(i) != NULL; i++) {
        const struct policy_ops *ops = policies_at(i);
        struct policies_means found = policies_run(&scene, i);
        struct policies_gap worse = policies_compare(&found, &random);
        struct policies_gap better = policies_compare(&found, &queue);
        bool balances = !policies_is_hashing(ops) &&
                        !policies_excused(policies_no_balance, ops->kind.name);
        if (balances && worse.mean > worse.half) {
            print_error("%d pods, load %g: %s is worse than random by %.3g ± %.2g ms, "
                        "%.1f %%\n", which.pods, which.load, found.label, worse.mean,
                        worse.half, 100 * worse.share);
            wrong++;
        }
        if (!policies_excused(policies_no_bound, ops->kind.name) &&
            better.mean + better.half < -0.005 * queue.of[0]) {
            print_error("%d pods, load %g: %s is better than one queue by %.3g ± %.2g ms\n",
                        which.pods, which.load, found.label, -better.mean, better.half);
            wrong++;
        }
    }
    scene_close(&scene);
    return wrong;
}

#endif
