/* SPDX-License-Identifier: GPL-3.0-or-later
   Draws made ahead leave in the order of the stream: with many pods and with few, picks are
   those of plain draws, while pods come and go. */
#include "models/backends.h"
#include "models/blocks/ahead.h"
#include "tests/theory/scene.h"
#include "tests/test.h"

enum { KEY = 5, PICKS = 3000, CHANGE_EVERY = 100 };

typedef backend_id plain_pick(const struct view *view, uint64_t draw);

static backend_id plain_random(const struct view *view, uint64_t draw)
{
    return view_eligible(view, (uint32_t)(((wide_uint)draw * view->eligible_count) >> 64));
}

static backend_id plain_p2c(const struct view *view, uint64_t draw)
{
    uint32_t n = view->eligible_count;
    uint32_t i = (uint32_t)(((draw >> 32) * n) >> 32);
    uint32_t j = (uint32_t)(((draw & UINT32_MAX) * (n - 1)) >> 32);
    backend_id a = view_eligible(view, i), b = view_eligible(view, j < i ? j : j + 1);
    return view->outstanding[b] < view->outstanding[a] ? b : a;
}

static void assert_picks(const char *policy, uint32_t count, plain_pick *plain)
{
    struct scene scene;
    scene_open(&scene,
               "run: {duration: 1s, replications: 1}\n"
               "clients: [{arrivals: {poisson: {rate: 1/s}}, demand: 1ms}]\n"
               "pods: [{count: 1}]\n"
               "balancers: [{policy: %s}]\n", policy);
    struct arena arena = {0};
    struct backend *list = arena_take(&arena, count, sizeof *list);
    struct backends backends;
    backends_open(&backends, scene_policy(&scene, 0), list, count,
                  (struct backends_place){.limit = UINT32_MAX, .peers = 1, .key = KEY}, &arena);
    struct rng rng;
    rng_seed(&rng, KEY);
    for (uint32_t i = 0; i < PICKS; i++) {
        if (i % CHANGE_EVERY == CHANGE_EVERY - 1) {
            backends_set_up(&backends, i / CHANGE_EVERY, i % 2 == 0);
            backends_update(&backends);
        }
        backend_id expected = plain(&backends.view, rng_next(&rng));
        backend_id found = backends_pick(&backends, i, &(struct request){0});
        if (found != expected)
            fail_msg("%s of %u pods, pick %u: found %u, expected %u", policy, count, i, found,
                     expected);
        backends_sent(&backends, found);
    }
    arena_free(&arena);
    scene_close(&scene);
}

static void test_picks_are_those_of_plain_draws(void **state)
{
    (void)state;
    static const uint32_t counts[] = {100, AHEAD_BACKENDS_MIN - 1, AHEAD_BACKENDS_MIN, 50000};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        assert_picks("random", counts[i], plain_random);
        assert_picks("p2c", counts[i], plain_p2c);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_picks_are_those_of_plain_draws),
};

TEST_MAIN(tests)
