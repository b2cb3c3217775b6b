/* SPDX-License-Identifier: GPL-3.0-or-later
   Pods of unequal speed, with weights equal to speeds: whoever promises shares by weight uses
   all pods alike. */
#include "tests/theory/policies.h"

#define EVEN 0.03 /* where nothing is known against it */

/* Arcs between n random points are exponential: a pod with k of these has a share with a
   standard deviation of at most 1 / sqrt(k) of it. */
struct ring {
    const char *name;
    double points; /* for each unit of weight, of 20 */
};

static const struct ring rings[] = {
    {"ketama", 64},          /* 40 digests of 4 points for each of 8 pods, over 20 */
    {"envoy.ring_hash", 52}, /* minimum_ring_size 1024 / 20, rounded up */
    {"grpc.ring_hash", 52},  /* the same */
    {"nginx.hash_consistent", 160},
    {NULL, 0},
};

static const struct policies_excuse uneven[] = {
    {"ipvs.sh", "256 buckets are dealt in rounds of 20, so that some miss one round of 12.8",
     20 / 256.},
    {NULL, NULL, 0},
};

enum { PODS = 8 };
static const double speeds[PODS] = {1, 1, 2, 2, 2, 4, 4, 4};

struct work {
    double of[PODS];
};

static void take_work(void *context, const struct trace_row *rows, size_t count)
{
    struct work *work = context;
    for (size_t i = 0; i < count; i++)
        work->of[rows[i].pod] += (double)rows[i].demand / speeds[rows[i].pod];
}

static double allowed(const char *name, double weight)
{
    const struct policies_excuse *excuse = policies_excused(uneven, name);
    if (excuse != NULL)
        return excuse->bound;
    for (const struct ring *ring = rings; ring->name != NULL; ring++)
        if (strcmp(ring->name, name) == 0)
            return 3 / sqrt(ring->points * weight) + EVEN;
    return EVEN;
}

/* Work over speed of each pod, over the mean of all. */
static void utilise(const struct scene *scene, struct work *work)
{
    double sum = 0;
    *work = (struct work){0};
    for (uint64_t replication = 1; replication <= 4; replication++) {
        struct world_order order = {
            .scenario = scene->scenario,
            .policy = scene_policy(scene, 0),
            .replication = replication,
            .sink = {take_work, work},
        };
        struct world *world = world_build(&order);
        world_run(world);
        world_free(world);
    }
    for (size_t i = 0; i < PODS; i++)
        sum += work->of[i] / PODS;
    for (size_t i = 0; i < PODS; i++)
        work->of[i] /= sum;
}

/* Weights are `unit` times the speeds. */
static void utilise_with(const char *policy, int unit, struct work *work)
{
    struct scene scene;
    scene_open(&scene,
               "run: {duration: 5s, warmup: 0s, replications: 1, seed: 52}\n"
               "clients: [{arrivals: {poisson: {rate: 14/ms}}, users: 1M, "
               "demand: {exponential: {mean: 1ms}}, key: {uniform: {count: 1M}}}]\n"
               "pods: [{name: a, count: 2, speed: 1, weight: %d}, "
               "{name: b, count: 3, speed: 2, weight: %d}, "
               "{name: c, count: 3, speed: 4, weight: %d}]\n"
               "balancers: [{policy: [%s]}]\n", unit, 2 * unit, 4 * unit, policy);
    utilise(&scene, work);
    scene_close(&scene);
}

static void test_utilisation_is_even(void **state)
{
    (void)state;
    int wrong = 0;
    policies_check_names(uneven);
    for (size_t i = 0; policy_kinds.at(i) != NULL; i++) {
        const struct policy_ops *ops = policies_at(i);
        struct work found;
        if ((ops->traits & POLICY_WEIGHTED) == 0)
            continue;
        utilise_with(ops->kind.name, 1, &found);
        for (size_t pod = 0; pod < PODS; pod++) {
            double off = found.of[pod] - 1, bound = allowed(ops->kind.name, speeds[pod]);
            if (fabs(off) <= bound)
                continue;
            print_error("%s: pod %zu is %+.1f %% off, allowed %.1f %%\n", ops->kind.name, pod,
                        100 * off, 100 * bound);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

/* One draw on HAProxy's ring, of 16 points for each unit of weight; of two draws the load
   decides, in which a request counts four times as much at a quarter of the weight. */
static void test_random_draws_by_weight(void **state)
{
    (void)state;
    enum { UNIT = 60 };
    struct work found;
    utilise_with("haproxy.random: {draws: 1}", UNIT, &found);
    for (size_t pod = 0; pod < PODS; pod++)
        ASSERT_NEAR(found.of[pod], 1, 3 / sqrt(16 * UNIT * speeds[pod]) + EVEN);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_utilisation_is_even),
    cmocka_unit_test(test_random_draws_by_weight),
};

TEST_MAIN(tests)
