/* SPDX-License-Identifier: GPL-3.0-or-later
   Changes of membership, on runs worked out by hand: round robin over the pods that are there,
   one request every 100 us. */
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

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_leaves_and_joins), cmocka_unit_test(test_group_shrinks_and_grows),
    cmocka_unit_test(test_down_and_up),      cmocka_unit_test(test_weight),
    cmocka_unit_test(test_nobody_left),      cmocka_unit_test(test_refused),
};

TEST_MAIN(tests)
