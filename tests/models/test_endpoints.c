/* SPDX-License-Identifier: GPL-3.0-or-later
   News of pods on their way to the balancers. */
#include "tests/models/script.h"

#define AT(time, pod) {time, time, time, time, time + 10, time + 10, pod, OUTCOME_OK}
static const char six[] = "0,10,0,0\n100,10,0,0\n200,10,0,0\n300,10,0,0\n400,10,0,0\n500,10,0,0\n";
#define ONE_POD "pods: [{count: 1}]\nbalancers: [{policy: round_robin}]\n"
#define TWO_PODS "pods: [{count: 2}]\nbalancers: [{policy: round_robin}]\n"

/* Added at 50, known at 250. */
static void a_change_is_known_after_its_delay(void **state)
{
    (void)state;
    SCRIPT((six, "none", ONE_POD "endpoints: {delay: 200us}\n"
                                 "membership: [{at: 50us, add: {pods: pod}}]\n"),
           AT(0, 0), AT(100, 0), AT(200, 0), AT(300, 1), AT(400, 0), AT(500, 1));
    SCRIPT((six, "none", TWO_PODS "endpoints: {delay: 200us}\n"
                                  "membership: [{at: 50us, down: pod-1}]\n"),
           AT(0, 0), AT(100, 1), AT(200, 0), AT(300, 0), AT(400, 0), AT(500, 0));
}

/* The first change, at 50, waits until 200 for others; the second, at 110, is sent with it; the
   third, at 350, waits until 500. */
static void changes_are_gathered(void **state)
{
    (void)state;
    SCRIPT(("0,10,0,0\n100,10,0,0\n160,10,0,0\n220,10,0,0\n300,10,0,0\n400,10,0,0\n"
            "490,10,0,0\n520,10,0,0\n", "none",
            ONE_POD "endpoints: {delay: 10us, batch: 150us}\n"
                    "membership: [{at: 50us, add: {pods: pod}}, {at: 110us, add: {pods: pod}},\n"
                    "{at: 350us, remove: {pods: pod-0}}]\n"),
           AT(0, 0), AT(100, 0), AT(160, 0), AT(220, 1), AT(300, 2), AT(400, 0), AT(490, 1),
           AT(520, 2));
}

/* Weights are the balancers' own. */
static void a_weight_is_known_at_once(void **state)
{
    (void)state;
    SCRIPT((six, "none",
            "pods: [{count: 2}]\nbalancers: [{policy: nginx.round_robin}]\n"
            "endpoints: {delay: 200ms}\n"
            "membership: [{at: 150us, weight: {pods: pod-0, weight: 3}}]\n"),
           AT(0, 0), AT(100, 1), AT(200, 0), AT(300, 0), AT(400, 1), AT(500, 0));
}

#define SYNCED(rules) \
    "pods: [{count: 1}]\nbalancers: [{policy: round_robin, decision_cost: " rules "}]\n"
#define RULES "{nftables: {look_up: 0s, sync_period: 300us, sync: 40us}}"

/* Heard at 50, a sync lasts until 90.  What is heard at 60 or 150 waits for the next one, from 350
   to 390. */
static void news_wait_for_a_sync(void **state)
{
    (void)state;
    SCRIPT((six, "none", SYNCED(RULES) "membership: [{at: 50us, add: {pods: pod}}, "
                                       "{at: 150us, add: {pods: pod}}]\n"),
           AT(0, 0), AT(100, 1), AT(200, 0), AT(300, 1), AT(400, 2), AT(500, 0));
    SCRIPT((six, "none", SYNCED(RULES) "membership: [{at: 50us, add: {pods: pod}}, "
                                       "{at: 60us, add: {pods: pod}}]\n"),
           AT(0, 0), AT(100, 1), AT(200, 0), AT(300, 1), AT(400, 2), AT(500, 0));
}

/* Sent at 120 after the batch, heard at 150, written by 190.  The period is over by then. */
static void a_sync_comes_after_the_delay(void **state)
{
    (void)state;
    SCRIPT((six, "none", SYNCED("{nftables: {look_up: 0s, sync_period: 30us, sync: 40us}}")
            "endpoints: {delay: 30us, batch: 70us}\n"
            "membership: [{at: 50us, add: {pods: pod}}]\n"),
           AT(0, 0), AT(100, 0), AT(200, 1), AT(300, 0), AT(400, 1), AT(500, 0));
}

/* One service: a sync writes 1 + 1 rules of 60 us, from 50 to 170; then 1 + 2, from 250, when the
   third pod is heard of, to 430. */
static void a_sync_takes_longer_with_more_rules(void **state)
{
    (void)state;
    SCRIPT((six, "none",
            SYNCED("{iptables: {per_rule: 0s, sync_period: 10us, sync_per_rule: 60us}}")
            "membership: [{at: 50us, add: {pods: pod}}, {at: 250us, add: {pods: pod}}]\n"),
           AT(0, 0), AT(100, 0), AT(200, 1), AT(300, 0), AT(400, 1), AT(500, 2));
}

static uint64_t count_refused(const char *stop, const char *delay, int balancers,
                              const char *policy)
{
    struct scene scene;
    scene_open(&scene,
               "run: {duration: 10s, warmup: 0s}\n"
               "clients: {arrivals: {deterministic: {rate: 1000/s}}, demand: 1ms}\n"
               "pods: {count: 10, stop: %s}\nendpoints: {delay: %s}\n"
               "balancers: {count: %d, policy: %s}\n"
               "membership: [{at: 2s, remove: {pods: pod}}]\n", stop, delay, balancers, policy);
    struct scene_rows kept = scene_run(&scene, 0, 1);
    uint64_t refused = 0;
    for (size_t i = 0; i < kept.count; i++)
        refused += kept.rows[i].outcome == OUTCOME_REFUSED;
    free(kept.rows);
    scene_close(&scene);
    return refused;
}

/* 1000/s, of which a tenth is one pod's: 100/s for the time from preStop to the news. */
static void the_error_burst_is_share_times_gap(void **state)
{
    (void)state;
    assert_in_range(count_refused("{pre_stop: 0s}", "3s", 1, "round_robin"), 299, 301);
    assert_in_range(count_refused("{pre_stop: 1s}", "3s", 1, "round_robin"), 199, 201);
    assert_in_range(count_refused("{pre_stop: 2500ms}", "3s", 1, "round_robin"), 49, 51);
    assert_int_equal(count_refused("{pre_stop: 3001ms}", "3s", 1, "round_robin"), 0);
    /* 100 balancers, delays evenly between 1 s and 3 s: half of them do not know yet after 2 s, for
       half a second on average: 25, and 5 for chance, thrice. */
    assert_in_range(count_refused("{pre_stop: 2s}", "{uniform: {min: 1s, max: 3s}}", 100,
                                  "random"), 10, 40);
}

/* Updates overtake one another; what everybody knows in the end is the last state all the
   same: nobody sends to a pod that is gone, and all send to those that are new. */
static void late_updates_say_nothing_new(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene,
               "run: {duration: 8s, warmup: 0s}\n"
               "clients: {arrivals: {deterministic: {rate: 1000/s}}, demand: 1ms}\n"
               "pods: {count: 4, start: {start: 10ms}, stop: {}}\n"
               "endpoints: {delay: {uniform: {min: 0s, max: 900ms}}}\n"
               "balancers: {count: 5, policy: round_robin}\n"
               "membership: [{at: 1s, roll: {pods: pod}}, {at: 1500ms, roll: {pods: pod}},\n"
               "  {at: 2s, roll: {pods: pod}}]\n");
    struct scene_rows kept = scene_run(&scene, 0, 1);
    bool used[16] = {false};
    for (size_t i = 0; i < kept.count; i++)
        if (kept.rows[i].due > 4 * SIM_SECOND) {
            assert_int_equal(kept.rows[i].outcome, OUTCOME_OK);
            assert_in_range(kept.rows[i].pod, 12, 15);
            used[kept.rows[i].pod] = true;
        }
    for (int pod = 12; pod < 16; pod++)
        assert_true(used[pod]);
    free(kept.rows);
    scene_close(&scene);
}

/* Health checks and outlier detection follow what the instance knows. */
static void guards_follow_the_news(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene,
               "run: {duration: 8s, warmup: 0s}\n"
               "clients: {arrivals: {deterministic: {rate: 1000/s}}, demand: 1ms}\n"
               "pods: {count: 4, start: {start: 10ms}, stop: {}}\n"
               "endpoints: {delay: {uniform: {min: 0s, max: 900ms}}}\n"
               "balancers: {count: 5, policy: p2c, health_check: {interval: 100ms},\n"
               "  outlier_detection: envoy, slow_start: {envoy: {slow_start_window: 300ms}}}\n"
               "membership: [{at: 1s, roll: {pods: pod}}, {at: 2s, roll: {pods: pod}}]\n");
    struct scene_rows kept = scene_run(&scene, 0, 1);
    for (size_t i = 0; i < kept.count; i++)
        if (kept.rows[i].due > 5 * SIM_SECOND)
            assert_in_range(kept.rows[i].pod, 8, 11);
    free(kept.rows);
    scene_close(&scene);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_change_is_known_after_its_delay),
    cmocka_unit_test(changes_are_gathered),
    cmocka_unit_test(a_weight_is_known_at_once),
    cmocka_unit_test(news_wait_for_a_sync),
    cmocka_unit_test(a_sync_comes_after_the_delay),
    cmocka_unit_test(a_sync_takes_longer_with_more_rules),
    cmocka_unit_test(the_error_burst_is_share_times_gap),
    cmocka_unit_test(late_updates_say_nothing_new),
    cmocka_unit_test(guards_follow_the_news),
};

TEST_MAIN(tests)
