/* SPDX-License-Identifier: GPL-3.0-or-later
   Starting and stopping pods, on runs worked out by hand. */
#include "tests/models/script.h"

#define OK(time, pod) {time, time, time, time, time + 10, time + 10, pod, OUTCOME_OK}
#define REFUSED(time, pod) {time, time, time, time, time, time, pod, OUTCOME_REFUSED}
#define POLICY "balancers: [{policy: round_robin}]\n"

static sim_time ready_after(const char *start, uint64_t key, const char *name)
{
    struct scene scene;
    scene_open(&scene,
               "clients: {arrivals: {poisson: 1/s}, demand: 1ms}\n"
               "pods: {start: %s}\nbalancers: {policy: random}\n", start);
    const struct scenario_pods *pods =
        PARAM_ITEM(scene.scenario->pods, struct scenario_pods, 0);
    sim_time after = lifecycle_ready_after(&pods->start, key, name);
    scene_close(&scene);
    return after;
}

/* The container is there after 3 s, serves after 7 s; probes come every 5 s from 3 s on, or from
   13 s on. */
static void it_is_ready_when_a_probe_finds_out(void **state)
{
    (void)state;
    static const struct {
        const char *start;
        int seconds;
    } cases[] = {
        {"{}", 0},
        {"{schedule: 1s, image: 2s, start: 4s}", 7},
        {"{schedule: 1s, image: 2s, start: 4s, readiness: {period: 5s}}", 8},
        {"{schedule: 1s, image: 2s, start: 4s, readiness: {period: 4s}}", 7},
        {"{schedule: 1s, image: 2s, start: 4s, readiness: {initial_delay: 10s}}", 13},
        {"{schedule: 1s, image: 2s, start: 4s, readiness: {period: 5s, success_threshold: 3}}",
         18},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sim_time found = ready_after(cases[i].start, 1, "web-3");
        if (found != cases[i].seconds * SIM_SECOND)
            fail_msg("%s: found %.9g s, expected %d s", cases[i].start, sim_seconds(found),
                     cases[i].seconds);
    }
}

/* Each pod has draws of its own, the same in every run of one key. */
static void starts_are_drawn_by_name(void **state)
{
    (void)state;
    const char *start = "{start: {exponential: {mean: 5s}}}";
    assert_true(ready_after(start, 1, "web-3") == ready_after(start, 1, "web-3"));
    assert_true(ready_after(start, 1, "web-3") != ready_after(start, 1, "web-4"));
    assert_true(ready_after(start, 1, "web-3") != ready_after(start, 2, "web-3"));
}

/* Created at 50, ready at 50 + 100 + 80. */
static void it_joins_when_it_is_ready(void **state)
{
    (void)state;
    SCRIPT(("0,10,0,0\n100,10,0,0\n200,10,0,0\n300,10,0,0\n400,10,0,0\n", "none",
            "pods: [{count: 1, start: {image: 100us, start: 80us}}]\n" POLICY
            "membership: [{at: 50us, add: {pods: pod}}]\n"),
           OK(0, 0), OK(100, 0), OK(200, 0), OK(300, 1), OK(400, 0));
}

#define LEAVES(stop) \
    "pods: [{count: 2" stop "}]\n" POLICY "endpoints: {delay: 250us}\n" \
    "membership: [{at: 50us, remove: {pods: pod-1}}]\n"
static const char leaves[] = "0,10,0,0\n100,10,0,0\n200,10,0,0\n250,10,0,0\n320,10,0,0\n"
                             "400,10,0,0\n";

/* Deleted at 50; the balancer knows at 300.  SIGTERM at 150: what comes at 100 is served, what
   comes at 250 is refused. */
static void the_gap_is_from_pre_stop_to_the_news(void **state)
{
    (void)state;
    SCRIPT((leaves, "none", LEAVES(", stop: {pre_stop: 100us}")), OK(0, 0), OK(100, 1),
           OK(200, 0), REFUSED(250, 1), OK(320, 0), OK(400, 0));
    SCRIPT((leaves, "none", LEAVES(", stop: {}")), OK(0, 0), REFUSED(100, 1), OK(200, 0),
           REFUSED(250, 1), OK(320, 0), OK(400, 0));
}

static void a_long_enough_pre_stop_closes_it(void **state)
{
    (void)state;
    SCRIPT((leaves, "none", LEAVES(", stop: {pre_stop: 251us}")), OK(0, 0), OK(100, 1),
           OK(200, 0), OK(250, 1), OK(320, 0), OK(400, 0));
    SCRIPT((leaves, "none", LEAVES("")), OK(0, 0), OK(100, 1), OK(200, 0), OK(250, 1),
           OK(320, 0), OK(400, 0));
}

/* pod-1 serves from 100 on, one more waits there from 120 on; it is deleted at 150. */
#define BUSY(stop, remove) \
    "pods: [{count: 2" stop "}]\n" POLICY "membership: [{at: 150us, remove: {pods: pod-1" \
    remove "}}]\n"
static const char busy[] = "0,10,0,0\n100,500,0,0\n110,10,0,0\n120,30,0,0\n";

#define BROKEN(time) \
    OK(0, 0), {100, 100, 100, 100, time, time, 1, OUTCOME_RESET}, OK(110, 0), \
        {120, 120, 120, time, time, time, 1, OUTCOME_RESET}

static void what_is_open_after_the_grace_is_reset(void **state)
{
    (void)state;
    SCRIPT((busy, "none", BUSY(", stop: {grace: 200us}", "")), BROKEN(350));
    SCRIPT((busy, "none", BUSY(", stop: {pre_stop: 1s, grace: 200us}", "")), BROKEN(350));
    SCRIPT((busy, "none", BUSY(", stop: {grace: 200us}", ", grace: 300us")), BROKEN(450));
    SCRIPT((busy, "none", BUSY("", ", grace: 100us")), BROKEN(250));
    SCRIPT((busy, "none", BUSY(", stop: {pre_stop: 50us, drain: false}", "")), BROKEN(200));
}

static void what_is_open_within_the_grace_is_served(void **state)
{
    (void)state;
    static const char *const stops[] = {BUSY(", stop: {}", ""), BUSY(", stop: {grace: none}", ""),
                                        BUSY(", stop: {grace: 481us}", ""), BUSY("", "")};
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++)
        SCRIPT((busy, "none", stops[i]), OK(0, 0), {100, 100, 100, 100, 600, 600, 1, OUTCOME_OK},
               OK(110, 0), {120, 120, 120, 600, 630, 630, 1, OUTCOME_OK});
}

/* Under processor sharing everything is in service: 30 of work, from 120 on at half the speed. */
static void sharers_are_reset_too(void **state)
{
    (void)state;
    SCRIPT((busy, "none", BUSY(", discipline: ps, stop: {grace: 200us}", "")), OK(0, 0),
           {100, 100, 100, 100, 350, 350, 1, OUTCOME_RESET}, OK(110, 0),
           {120, 120, 120, 150, 180, 180, 1, OUTCOME_OK});
}

/* The machine of pod-1 goes at 150 with a notice of 100; pod-2 is created at 150 and is there from
   170 on. */
static void the_evicted_are_replaced(void **state)
{
    (void)state;
    SCRIPT(("0,10,0,0\n100,500,0,0\n110,10,0,0\n200,10,0,0\n300,10,0,0\n", "none",
            "pods: [{count: 2, start: {start: 20us}}]\n" POLICY
            "membership: [{at: 150us, evict: {pods: pod-1, notice: 100us}}]\n"),
           OK(0, 0), {100, 100, 100, 100, 250, 250, 1, OUTCOME_RESET}, OK(110, 0), OK(200, 2),
           OK(300, 0));
}

/* Deleted at 50 ms and ended: closed at 150 ms when idle, or as seen a second later. */
static sim_time ends(const char *demand)
{
    struct scene scene;
    scene_open(&scene,
               "run: {duration: 5s, warmup: 0s}\n"
               "clients: {arrivals: {deterministic: {rate: 100/s}}, demand: %s}\n"
               "pods: {count: 2, stop: {pre_stop: 100ms, grace: 3s}}\n"
               "balancers: {policy: round_robin}\n"
               "membership: [{at: 50ms, remove: {pods: pod-1}}]\n", demand);
    struct scene_rows kept = {0};
    struct world_order order = {.scenario = scene.scenario,
                                .policy = scene_policy(&scene, 0),
                                .replication = 1,
                                .sink = {scene_keep, &kept}};
    struct world *world = world_build(&order);
    world_run(world);
    sim_time ended = roster_life(world_roster(world), 1)->ended;
    world_free(world);
    free(kept.rows);
    scene_close(&scene);
    return ended / SIM_MILLISECOND;
}

static void a_pod_ends_when_it_is_idle(void **state)
{
    (void)state;
    assert_int_equal(ends("1ms"), 150);
    assert_int_equal(ends("300ms"), 1150); /* two of 300 ms are still there at 150 */
    assert_int_equal(ends("9s"), 3050);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(it_is_ready_when_a_probe_finds_out),
    cmocka_unit_test(starts_are_drawn_by_name),
    cmocka_unit_test(it_joins_when_it_is_ready),
    cmocka_unit_test(the_gap_is_from_pre_stop_to_the_news),
    cmocka_unit_test(a_long_enough_pre_stop_closes_it),
    cmocka_unit_test(what_is_open_after_the_grace_is_reset),
    cmocka_unit_test(what_is_open_within_the_grace_is_served),
    cmocka_unit_test(sharers_are_reset_too),
    cmocka_unit_test(the_evicted_are_replaced),
    cmocka_unit_test(a_pod_ends_when_it_is_idle),
};

TEST_MAIN(tests)
