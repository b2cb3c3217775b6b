/* SPDX-License-Identifier: GPL-3.0-or-later
   Changes of membership, on runs worked out by hand: round robin over the pods that are there,
   one request every 100 us. */
#include "tests/models/attempts.h"
#include "tests/models/script.h"

#define AT(time, pod) {time, time, time, time, time + 10, time + 10, pod, OUTCOME_OK}
#define TWO_PODS "pods: [{count: 2}]\nbalancers: [{policy: round_robin}]\n"

static const char seven[] = "0,10,0,0\n100,10,0,0\n200,10,0,0\n300,10,0,0\n400,10,0,0\n"
                            "500,10,0,0\n600,10,0,0\n";

/* pod-0 leaves at 250, so 300 and 400 go to pod-1; pod-2 joins at 450 and has the next turn. */
static void test_leaves_and_joins(void **state)
{
    (void)state;
    SCRIPT((seven, "none", TWO_PODS "membership: [{at: 250us, remove: {pods: pod-0}}, "
                                    "{at: 450us, add: {pods: pod}}]\n"),
           AT(0, 0), AT(100, 1), AT(200, 0), AT(300, 1), AT(400, 1), AT(500, 2), AT(600, 1));
}

/* A group shrinks from its highest number, and grows by the next one, not by the same. */
static void test_group_shrinks_and_grows(void **state)
{
    (void)state;
    SCRIPT((seven, "none", TWO_PODS "membership: [{at: 50us, remove: {pods: pod}}, "
                                    "{at: 250us, add: {pods: pod, count: 2}}]\n"),
           AT(0, 0), AT(100, 0), AT(200, 0), AT(300, 2), AT(400, 3), AT(500, 0), AT(600, 2));
}

static void test_down_and_up(void **state)
{
    (void)state;
    SCRIPT((seven, "none",
            TWO_PODS "membership: [{at: 50us, down: pod-1}, {at: 250us, up: pod-1}]\n"),
           AT(0, 0), AT(100, 0), AT(200, 0), AT(300, 1), AT(400, 0), AT(500, 1), AT(600, 0));
}

/* nginx's smooth order of 1:1 is a b a b; of 3:1 it is a a b a. */
static void test_weight(void **state)
{
    (void)state;
    SCRIPT((seven, "none",
            "pods: [{count: 2}]\nbalancers: [{policy: nginx.round_robin}]\n"
            "membership: [{at: 150us, weight: {pods: pod-0, weight: 3}}]\n"),
           AT(0, 0), AT(100, 1), AT(200, 0), AT(300, 0), AT(400, 1), AT(500, 0), AT(600, 0));
}

/* The list is empty from 150 to 350: nobody to send to. */
static void test_nobody_left(void **state)
{
    (void)state;
    SCRIPT((seven, "none", TWO_PODS "membership: [{at: 150us, down: pod}, {at: 350us, up: pod}]\n"),
           AT(0, 0), AT(100, 1), {200, 200, 200, 200, 200, 200, -1, OUTCOME_NO_BACKEND},
           {300, 300, 300, 300, 300, 300, -1, OUTCOME_NO_BACKEND}, AT(400, 0), AT(500, 1),
           AT(600, 0));
}

static void assert_times(const char *rest, const int (*expected)[3], size_t count)
{
    struct scene scene;
    scene_open(&scene,
               "run: {duration: 60s, warmup: 0s}\n"
               "clients: {arrivals: {deterministic: {rate: 10/s}}, demand: 1ms}\n%s"
               "balancers: {policy: round_robin}\n", rest);
    struct scene_rows kept = {0};
    struct world_order order = {.scenario = scene.scenario,
                                .policy = scene_policy(&scene, 0),
                                .replication = 1,
                                .sink = {scene_keep, &kept}};
    struct world *world = world_build(&order);
    const struct roster *roster = world_roster(world);
    assert_int_equal(roster->pod_count, count);
    for (size_t i = 0; i < count; i++) {
        const struct roster_life *life = roster_life(roster, i);
        int left = life->left == SIM_NEVER ? -1 : (int)(life->left / SIM_SECOND);
        int created = (int)(roster_created(life) / SIM_SECOND);
        int joined = (int)(life->joined / SIM_SECOND);
        if (created != expected[i][0] || joined != expected[i][1] || left != expected[i][2])
            fail_msg("%s: found %d, %d, %d, expected %d, %d, %d", roster->pods[i].name,
                     created, joined, left, expected[i][0], expected[i][1], expected[i][2]);
    }
    world_free(world);
    free(kept.rows);
    scene_close(&scene);
}

#define TIMES(rest, ...) \
    assert_times(rest, (const int[][3]){__VA_ARGS__}, \
                 sizeof((const int[][3]){__VA_ARGS__}) / sizeof(int[3]))

/* Three pods, one more and none fewer at a time; a new one takes 5 s.  At 10 the first is created,
   at 15 it is ready, pod-2 goes and the next is created; pod-0 goes at 25. */
static void test_roll(void **state)
{
    (void)state;
    TIMES("pods: {count: 3, start: {start: 5s}}\n"
          "membership: [{at: 10s, roll: {pods: pod, max_surge: 1, max_unavailable: 0}}]\n",
          {0, 0, 25}, {0, 0, 20}, {0, 0, 15}, {10, 15, -1}, {15, 20, -1}, {20, 25, -1});
}

/* All at once: no time passes between the old ones and the new ones but their start. */
static void test_roll_at_once(void **state)
{
    (void)state;
    TIMES("pods: {count: 2, start: {start: 5s}}\n"
          "membership: [{at: 10s, roll: {pods: pod, max_surge: 0, max_unavailable: 100%}}]\n",
          {0, 0, 10}, {0, 0, 10}, {10, 15, -1}, {10, 15, -1});
    TIMES("pods: {count: 2}\nmembership: [{at: 10s, roll: {pods: pod}}]\n",
          {0, 0, 10}, {0, 0, 10}, {10, 10, -1}, {10, 10, -1});
}

/* The roll lasts until 20; what comes in between is done then, to the new pods. */
static void test_changes_wait_for_a_roll(void **state)
{
    (void)state;
    TIMES("pods: [{count: 2, start: {start: 5s}}, {name: other, count: 1}]\n"
          "membership: [{at: 10s, roll: {pods: pod, max_surge: 1, max_unavailable: 0}},\n"
          "  {at: 11s, remove: {pods: pod}}, {at: 12s, add: {pods: pod}},\n"
          "  {at: 13s, add: {pods: other}}]\n",
          {0, 0, 20}, {0, 0, 15}, {0, 0, -1}, {10, 15, -1}, {15, 20, 20}, {20, 25, -1},
          {13, 13, -1});
}

static void assert_refused(const char *changes, const char *message)
{
    char text[1024];
    snprintf(text, sizeof text,
             "{version: 1, name: x, clients: {arrivals: {poisson: 1/s}, demand: 1ms},\n"
             " pods: {name: web, count: 2}, balancers: {policy: random}, membership: [%s]}\n",
             changes);
    struct problems problems = {0};
    struct scene scene;
    scene_try(&scene, text, &problems);
    assert_null(scene.scenario);
    assert_int_equal(problems.errors, 1);
    assert_string_equal(problems.items[0].message, message);
    problems_free(&problems);
    arena_free(&scene.arena);
}

static void test_refused(void **state)
{
    (void)state;
    assert_refused("{at: 1s, remove: {pods: wed}}", "no pod is there by then that is called 'wed'");
    assert_refused("{at: 1s, remove: {pods: web-2}}",
                   "no pod is there by then that is called 'web-2'");
    assert_refused("{at: 1s, remove: {pods: web-1}}, {at: 2s, down: web-1}",
                   "no pod is there by then that is called 'web-1'");
    assert_refused("{at: 1s, add: {pods: web-1}}",
                   "there is no group of pods to add to called 'web-1'");
    assert_refused("{at: 1s}", "the change does nothing");
    assert_refused("{at: 1s, down: web, up: web}", "the change does 2 things at once");
}

/* Pod 0 leaves at 10 ms and is shut down at 15: what would take until 30 ms is reset, and so
   is what waits behind it; the other pod has what comes later.  With a grace of 21 ms the
   first is served in time; without one both are. */
static void test_grace(void **state)
{
    (void)state;
    static const char *const graces[] = {", grace: 5ms", ", grace: 21ms", "",
                                         ", grace: 0s"};
    static const struct attempt_row first[] = {{0, 0, 0, OUTCOME_RESET, 0, 15000, true, 15000},
                                               {0, 0, 0, OUTCOME_OK, 0, 30000, true, 30000},
                                               {0, 0, 0, OUTCOME_OK, 0, 30000, true, 30000},
                                               {0, 0, 0, OUTCOME_RESET, 0, 10000, true, 10000}};
    static const struct attempt_row third[] = {
        {2, 0, 0, OUTCOME_RESET, 2000, 15000, true, 15000},
        {2, 0, 0, OUTCOME_RESET, 2000, 31000, true, 31000},
        {2, 0, 0, OUTCOME_OK, 2000, 35000, true, 35000},
        {2, 0, 0, OUTCOME_RESET, 2000, 10000, true, 10000}};
    for (int i = 0; i < 4; i++) {
        char rest[512];
        snprintf(rest, sizeof rest,
                 "run: {duration: 1s, warmup: 0s, replications: 1}\npods: [{count: 2}]\n"
                 "balancers: [{policy: round_robin}]\n"
                 "membership: [{at: 10ms, remove: {pods: pod-0%s}}]\n", graces[i]);
        const struct attempt_row rows[] = {first[i],
                                           {1, 0, 1, OUTCOME_OK, 1000, 2000, true, 2000},
                                           third[i],
                                           {3, 0, 1, OUTCOME_OK, 20000, 21000, true, 21000}};
        attempts_assert("0,30000,0,0\n1000,1000,0,0\n2000,5000,0,0\n20000,1000,0,0\n", "none",
                        rest, rows, 4);
    }
}

/* What is on its way when the grace is over finds nobody: it arrives at 6 ms. */
static void test_too_late(void **state)
{
    (void)state;
    static const struct attempt_row row = {0, 0, 0, OUTCOME_REFUSED, 0, 12000, true, 6000};
    attempts_assert("0,1000,0,0\n", "none",
                    "run: {duration: 1s, warmup: 0s, replications: 1}\npods: [{count: 2}]\n"
                    "network: {to_pod: 6ms}\nbalancers: [{policy: round_robin}]\n"
                    "membership: [{at: 1ms, remove: {pods: pod-0, grace: 4ms}}]\n", &row, 1);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_leaves_and_joins), cmocka_unit_test(test_group_shrinks_and_grows),
    cmocka_unit_test(test_down_and_up),      cmocka_unit_test(test_weight),
    cmocka_unit_test(test_nobody_left),      cmocka_unit_test(test_refused),
    cmocka_unit_test(test_grace),            cmocka_unit_test(test_too_late),
    cmocka_unit_test(test_roll),             cmocka_unit_test(test_roll_at_once),
    cmocka_unit_test(test_changes_wait_for_a_roll),
};

TEST_MAIN(tests)
