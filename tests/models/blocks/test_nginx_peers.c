/* SPDX-License-Identifier: GPL-3.0-or-later
   nginx's round robin by heaps against the plain rule, under all that may come between: pods
   down and up, full and free again, failures and trials, retries, other weights. */
#include "models/blocks/nginx_peers.h"
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

enum { MOST = 24, STEPS = 60000 };

struct scene {
    struct arena arena;
    struct view view;
    struct backend list[MOST];
    uint32_t outstanding[MOST];
    uint8_t is_member[MOST], is_up[MOST], is_eligible[MOST];
    backend_id eligible[MOST];
    struct nginx_peers quick, plain;
    struct rng rng;
};

static void settle_view(struct scene *scene)
{
    scene->view.eligible_count = 0;
    for (backend_id i = 0; i < scene->view.count; i++)
        if (scene->is_eligible[i])
            scene->eligible[scene->view.eligible_count++] = i;
}

static void update(struct scene *scene)
{
    assert_int_equal(nginx_peers_update(&scene->quick, &scene->view),
                     nginx_peers_update(&scene->plain, &scene->view));
}

static void open_scene(struct scene *scene, uint64_t seed)
{
    static const struct nginx_peers_config config = {.max_fails = 2,
                                                     .fail_timeout = 2 * SIM_SECOND};
    *scene = (struct scene){0};
    rng_seed(&scene->rng, seed);
    uint32_t count = 2 + (uint32_t)rng_below(&scene->rng, MOST - 1);
    uint64_t kinds = 1 + rng_below(&scene->rng, 6);
    for (backend_id i = 0; i < count; i++) {
        scene->list[i] = (struct backend){"", "", "", i, 1 + (double)rng_below(&scene->rng, kinds)};
        scene->is_member[i] = scene->is_up[i] = scene->is_eligible[i] = 1;
    }
    scene->view = (struct view){
        .backends = scene->list, .count = count, .capacity = MOST,
        .outstanding = scene->outstanding, .is_member = scene->is_member, .is_up = scene->is_up,
        .is_eligible = scene->is_eligible, .eligible = scene->eligible, .peers = 1};
    settle_view(scene);
    nginx_peers_init(&scene->quick, &config, &scene->view, &scene->arena);
    nginx_peers_init(&scene->plain, &config, &scene->view, &scene->arena);
    update(scene);
}

/* Something that happens now and then. */
static void disturb(struct scene *scene)
{
    backend_id who = (backend_id)rng_below(&scene->rng, scene->view.count);
    struct outcome_report outcome = {.backend = who};
    switch (rng_below(&scene->rng, 5)) {
    case 0: /* full or down, or back */
        if (scene->view.eligible_count > 1 || !scene->is_eligible[who])
            scene->is_eligible[who] ^= 1;
        break;
    case 1: /* all are back */
        memset(scene->is_eligible, 1, scene->view.count);
        break;
    case 2: /* a failure, or a success */
    case 3:
        outcome.success = rng_below(&scene->rng, 2) == 0;
        outcome.status = outcome.success ? 200 : 0;
        nginx_peers_learn(&scene->quick, &scene->view, &outcome);
        nginx_peers_learn(&scene->plain, &scene->view, &outcome);
        break;
    default:
        if (rng_below(&scene->rng, 20) == 0)
            scene->list[who].weight = (double)rng_below(&scene->rng, 4);
        break;
    }
    settle_view(scene);
    update(scene);
}

static void test_same_picks(void **state)
{
    (void)state;
    uint32_t quick_turns = 0, plain_turns = 0;
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct scene scene;
        open_scene(&scene, seed);
        for (uint32_t step = 0; step < STEPS / 20; step++) {
            if (rng_below(&scene.rng, 100) == 0)
                disturb(&scene);
            backend_id tried = (backend_id)rng_below(&scene.rng, scene.view.count);
            struct request request = {.tried = &tried,
                                      .tried_count = rng_below(&scene.rng, 200) == 0};
            scene.view.now += SIM_SECOND / 50;
            scene.plain.calm = 0; /* so it never uses the heap */
            backend_id expected = nginx_peers_round_robin(&scene.plain, &scene.view, &request);
            assert_int_equal(nginx_peers_round_robin(&scene.quick, &scene.view, &request),
                             expected);
            assert_int_equal(scene.plain.heap.count, 0);
            quick_turns += scene.quick.heap.count > 0;
            plain_turns += scene.quick.heap.count == 0;
        }
        arena_free(&scene.arena);
    }
    if (quick_turns < STEPS / 20 || plain_turns < STEPS / 20)
        fail_msg("%u turns by heap and %u without: too few to tell", quick_turns, plain_turns);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_same_picks),
};

TEST_MAIN(tests)
