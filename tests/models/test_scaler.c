/* SPDX-License-Identifier: GPL-3.0-or-later
   Autoscalers at work: when pods are created, ready and deleted, on loads without chance. */
#include "tests/theory/scene.h"

/* Runs the text and gives the roster's times in ms to `check`. */
struct lived {
    int created, joined, left;
};

static void assert_lived(const char *text, const struct lived *expected, size_t count)
{
    struct scene scene;
    scene_open(&scene, "%s", text);
    struct scene_rows kept = {0};
    struct world_order order = {.scenario = scene.scenario,
                                .policy = scene_policy(&scene, 0),
                                .replication = 1,
                                .sink = {scene_keep, &kept}};
    struct world *world = world_build(&order);
    world_run(world);
    const struct roster *roster = world_roster(world);
    for (size_t i = 0; i < roster->pod_count; i++) {
        const struct roster_life *life = roster_life(roster, i);
        const sim_time times[] = {roster_created(life), life->joined, life->left};
        int ms[3];
        for (int k = 0; k < 3; k++)
            ms[k] = times[k] == SIM_NEVER ? -1 : (int)(times[k] / SIM_MILLISECOND);
        if (i >= count && ms[0] < 0 && ms[1] < 0)
            continue; /* one that nobody needed */
        if (i >= count || ms[0] != expected[i].created || ms[1] != expected[i].joined ||
            ms[2] != expected[i].left)
            fail_msg("%s: found %d, %d, %d ms", roster->pods[i].name, ms[0], ms[1], ms[2]);
    }
    world_free(world);
    free(kept.rows);
    scene_close(&scene);
}

#define LIVED(text, ...) \
    assert_lived(text, (const struct lived[]){__VA_ARGS__}, \
                 sizeof((const struct lived[]){__VA_ARGS__}) / sizeof(struct lived))

#define CLIENTS(steps) \
    "clients: {arrivals: {deterministic: {rate: 160/s}}, demand: 10ms,\n" \
    "  rate: {steps: {points: [" steps "]}}}\n"
#define BALANCERS "balancers: {policy: round_robin}\n"

/* 1.6 of 2 workers are busy: 80 %, target 50 %: ceil(2 * 1.6) = 4 at 15 s, ready 5 s later; then
   40 %: ratio 0.8, ceil(3.2) = 4.  From 60 s on a quarter: 10 %.  At 75 s 1 is recommended, but
   4 at 60 s is not yet 30 s ago; at 90 s it is: the three newest go. */
static void it_follows_the_load(void **state)
{
    (void)state;
    LIVED("run: {duration: 120s, warmup: 0s}\n" CLIENTS("{at: 60s, factor: 0.25}")
          "pods: {count: 2, start: {image: 2s, start: 3s}}\n" BALANCERS
          "autoscale: {pods: pod, min: 1, max: 8, target: 50%, stabilisation: 30s}\n",
          {0, 0, -1}, {0, 0, 90000}, {15000, 20000, 90000}, {15000, 20000, 90000});
}

/* The limit is met at once, and a pod that comes later is a new one. */
static void a_pod_that_comes_again_is_another(void **state)
{
    (void)state;
    LIVED("run: {duration: 100s, warmup: 0s}\n"
          CLIENTS("{at: 15s, factor: 0.25}, {at: 45s, factor: 1}")
          "pods: {count: 2}\n" BALANCERS
          "autoscale: {pods: pod, min: 2, max: 3, target: 50%, stabilisation: 0s}\n",
          {0, 0, -1}, {0, 0, -1}, {15000, 15000, 30000}, {60000, 60000, -1});
}

/* One that is not ready yet is the first to go, and never joins. */
static void the_unready_go_first(void **state)
{
    (void)state;
    LIVED("run: {duration: 60s, warmup: 0s}\n" CLIENTS("{at: 15s, factor: 0.25}")
          "pods: {count: 2, start: {image: 60s}}\n" BALANCERS
          "autoscale: {pods: pod, min: 2, max: 3, target: 50%, stabilisation: 0s}\n",
          {0, 0, -1}, {0, 0, -1}, {15000, -1, 30000});
}

/* One pod has all the work: of three, 67 % are to spare, of two 50 %, of one nothing; those
   without work go, a cool-down apart. */
static void the_idlest_goes_by_margin(void **state)
{
    (void)state;
    LIVED("run: {duration: 200s, warmup: 0s}\n"
          "clients: {arrivals: {deterministic: {rate: 100/s}}, demand: 10ms}\n"
          "pods: {count: 3}\nbalancers: {policy: haproxy.first}\n"
          "autoscale: {kind: avi, pods: pod, max: 4, scalein_cooldown: 60s}\n",
          {0, 0, -1}, {0, 0, 120000}, {0, 0, 60000});
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"autoscale: {pods: wed, max: 3, target: 50%}",
         "there is no group of pods to scale called 'wed'"},
        {"autoscale: {pods: web, min: 4, max: 3, target: 50%}", "min 4 is more than max 3"},
        {"autoscale: [{pods: web, max: 3, target: 50%}, {pods: web, max: 3, target: 50%}]",
         "the group 'web' has an autoscaler already"},
        {"autoscale: {pods: web, max: 3, target: 50%}\nmembership: [{at: 1s, add: {pods: web}}]",
         "how many pods 'web' has is up to its autoscaler"},
        {"autoscale: {pods: web, max: 3, target: 50%}\n"
         "membership: [{at: 1s, evict: {pods: web-1}}]",
         "how many pods 'web' has is up to its autoscaler"},
        {"membership: [{at: 1s, roll: {pods: web, max_surge: many}}]",
         "'many' is no number of pods"},
        {"membership: [{at: 1s, roll: {pods: web-1}}]",
         "there is no group of pods to roll called 'web-1'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[1024];
        snprintf(text, sizeof text,
                 "version: 1\nname: x\nclients: {arrivals: {poisson: 1/s}, demand: 1ms}\n"
                 "pods: {name: web, count: 2}\nbalancers: {policy: random}\n%s\n",
                 cases[i].text);
        struct problems problems = {0};
        struct scene scene;
        scene_try(&scene, text, &problems);
        assert_null(scene.scenario);
        assert_int_equal(problems.errors, 1);
        assert_string_equal(problems.items[0].message, cases[i].message);
        problems_free(&problems);
        arena_free(&scene.arena);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(it_follows_the_load),
    cmocka_unit_test(a_pod_that_comes_again_is_another),
    cmocka_unit_test(the_unready_go_first),
    cmocka_unit_test(the_idlest_goes_by_margin),
    cmocka_unit_test(what_does_not_fit_is_refused),
};

TEST_MAIN(tests)
