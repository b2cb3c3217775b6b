/* SPDX-License-Identifier: GPL-3.0-or-later
   The list of those that may be picked, against the definition: up and not full, in the
   order of the slots, over random changes. */
#include "models/backends.h"
#include "tests/test.h"

#include <stdlib.h>

enum { COUNT = 50, LIMIT = 3 };

/* A policy that counts what it is told. */
struct witness {
    uint32_t updates, sent, done;
    uint32_t seen_outstanding;
};

static void witness_update(void *state, const struct view *view, struct rng *rng)
{
    (void)view, (void)rng;
    ((struct witness *)state)->updates++;
}

static backend_id witness_pick(void *state, const struct view *view,
                               const struct request *request, struct rng *rng)
{
    (void)state, (void)request;
    return view_eligible(view, (uint32_t)rng_below(rng, view->eligible_count));
}

static void witness_sent(void *state, const struct view *view, backend_id backend)
{
    struct witness *witness = state;
    witness->sent++;
    witness->seen_outstanding = view->outstanding[backend];
}

static void witness_done(void *state, const struct view *view, backend_id backend)
{
    struct witness *witness = state;
    witness->done++;
    witness->seen_outstanding = view->outstanding[backend];
}

static const struct policy_ops witness_ops = {
    .kind = {.name = "witness", .summary = "counts"},
    .state_size = sizeof(struct witness),
    .update = witness_update,
    .pick = witness_pick,
    .sent = witness_sent,
    .done = witness_done,
};

static const struct param_kind witness = {&witness_ops.kind, NULL, "witness"};
static const struct backend list[COUNT];
static const struct backends_place limited = {.limit = LIMIT, .peers = 1, .key = 5};
static const struct backends_place unlimited = {.limit = UINT32_MAX, .peers = 1, .key = 5};

static void assert_list(const struct backends *backends)
{
    const struct view *view = &backends->view;
    uint32_t eligible = 0, up = 0;
    for (backend_id i = 0; i < COUNT; i++) {
        bool expected = view->is_up[i] && view->outstanding[i] < backends->limit;
        up += view->is_up[i];
        assert_int_equal(view->is_eligible[i], expected);
        if (!expected)
            continue;
        assert_true(eligible < view->eligible_count);
        assert_int_equal(view->eligible[eligible], i);
        assert_int_equal(view_eligible(view, eligible), i);
        eligible++;
    }
    assert_int_equal(view->eligible_count, eligible);
    assert_int_equal(backends->up_count, up);
}

static void test_random_changes(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct backends backends;
    struct rng rng;
    rng_open(&rng, 1, "test", 0);
    backends_open(&backends, &witness, list, COUNT, limited, &arena);
    assert_list(&backends);
    for (int step = 0; step < 20000; step++) {
        backend_id slot = (backend_id)rng_below(&rng, COUNT);
        switch (rng_below(&rng, 8)) {
        case 0:
            backends_set_up(&backends, slot, !backends.is_up[slot]);
            backends_update(&backends);
            break;
        case 1: case 2: case 3: /* any that answers, even one that is down */
            if (backends.outstanding[slot] > 0)
                backends_done(&backends, slot);
            break;
        default:
            slot = backends_pick(&backends, step, &(struct request){0});
            assert_true((slot == NO_BACKEND) == (backends.view.eligible_count == 0));
            if (slot != NO_BACKEND)
                backends_sent(&backends, slot);
        }
        assert_list(&backends);
        assert_true(slot == NO_BACKEND || backends.outstanding[slot] <= LIMIT);
    }
    arena_free(&arena);
}

/* One update at the start and one for each call; sent and done see the new count. */
static void test_what_a_policy_is_told(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct backends backends;
    backends_open(&backends, &witness, list, COUNT, unlimited, &arena);
    const struct witness *seen = backends.state;
    assert_int_equal(seen->updates, 1);
    backends_set_up(&backends, 3, false);
    assert_int_equal(seen->updates, 1);
    backends_update(&backends);
    assert_int_equal(seen->updates, 2);
    backends_sent(&backends, 7);
    backends_sent(&backends, 7);
    assert_int_equal(seen->sent, 2);
    assert_int_equal(seen->seen_outstanding, 2);
    backends_done(&backends, 7);
    assert_int_equal(seen->done, 1);
    assert_int_equal(seen->seen_outstanding, 1);
    assert_int_equal(seen->updates, 2);
    arena_free(&arena);
}

static void test_the_time_and_nobody(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct backends backends;
    backends_open(&backends, &witness, list, 2, unlimited, &arena);
    assert_true(backends_pick(&backends, 1234, &(struct request){0}) < 2);
    assert_int_equal(backends.view.now, 1234);
    backends_set_up(&backends, 0, false);
    backends_set_up(&backends, 1, false);
    backends_update(&backends);
    assert_int_equal(backends_pick(&backends, 1, &(struct request){0}), NO_BACKEND);
    arena_free(&arena);
}

/* Of slots 0 to 3 those of odd number are reached; 3 joins later. */
static void test_reach(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct backends backends;
    uint8_t reached[4] = {0, 1, 0, 1};
    struct backends_place place = unlimited;
    place.members = 3;
    place.reached = reached;
    backends_open(&backends, &witness, list, 4, place, &arena);
    assert_int_equal(backends.view.eligible_count, 1);
    assert_int_equal(view_eligible(&backends.view, 0), 1);
    backends_set_member(&backends, 3, true);
    backends_set_member(&backends, 0, false);
    backends_update(&backends);
    assert_int_equal(backends.up_count, 2);
    for (backend_id i = 0; i < 4; i++)
        assert_int_equal(backends_is_listed(&backends, i), i > 0);
    for (backend_id i = 0; i < 4; i++)
        reached[i] = !reached[i];
    backends_reach(&backends);
    backends_update(&backends);
    assert_int_equal(backends.up_count, 1);
    assert_int_equal(view_eligible(&backends.view, 0), 2);
    assert_false(backends_is_reached(&backends, 3));
    arena_free(&arena);
}

/* Three of each priority.  One left of three is 46 %: with all of the second up there is no
   panic; with 46 and 46 both are below half, so all of both are taken. */
static void test_levels(void **state)
{
    (void)state;
    static const uint8_t level_of[6] = {0, 0, 0, 1, 1, 1};
    struct arena arena = {0};
    struct backends backends;
    struct backends_place place = unlimited;
    place.level_of = level_of;
    place.level_count = 2;
    place.panic = 50;
    backends_open(&backends, &witness, list, 6, place, &arena);
    assert_int_equal(backends.levels[0].healthy_load, 100);
    backends_mark(&backends, 0, BACKENDS_UNHEALTHY, true);
    backends_mark(&backends, 2, BACKENDS_EJECTED, true);
    backends_update(&backends);
    assert_int_equal(backends.levels[0].healthy_load, 46);
    assert_int_equal(backends.levels[1].healthy_load, 54);
    assert_int_equal(backends.up_count, 4);
    backends_set_up(&backends, 3, false);
    backends_set_up(&backends, 4, false);
    backends_update(&backends);
    assert_int_equal(backends.levels[0].healthy_load, 50);
    assert_int_equal(backends.levels[1].healthy_load, 50);
    assert_int_equal(backends.up_count, 6);
    arena_free(&arena);
}

/* Nobody is up, and five are only ejected: 2 of 3 in the first are 93 %. */
static void test_levels_of_ejected(void **state)
{
    (void)state;
    static const uint8_t level_of[6] = {0, 0, 0, 1, 1, 1};
    struct arena arena = {0};
    struct backends backends;
    struct backends_place place = unlimited;
    place.level_of = level_of;
    place.level_count = 2;
    place.takes_ejected = true;
    backends_open(&backends, &witness, list, 6, place, &arena);
    for (backend_id i = 0; i < 6; i++)
        backends_mark(&backends, i, BACKENDS_EJECTED, true);
    backends_set_up(&backends, 1, false);
    backends_update(&backends);
    assert_int_equal(backends.up_count, 5);
    assert_int_equal(backends.levels[0].healthy_load, 93);
    assert_int_equal(backends.levels[1].healthy_load, 7);
    backends_mark(&backends, 5, BACKENDS_EJECTED, false);
    backends_update(&backends);
    assert_int_equal(backends.up_count, 1);
    assert_int_equal(backends.levels[1].healthy_load, 100);
    arena_free(&arena);
}

/* Two pictures of one count: a part of the list, full when the whole says so. */
static void test_part(void **state)
{
    (void)state;
    static const uint8_t part[4] = {0, 1, 0, 1};
    struct arena arena = {0};
    struct backends whole, half;
    struct backends_place place = limited;
    backends_open(&whole, &witness, list, 4, place, &arena);
    place.part = part;
    place.outstanding = whole.outstanding;
    backends_open(&half, &witness, list, 4, place, &arena);
    assert_int_equal(half.up_count, 2);
    assert_int_equal(view_eligible(&half.view, 0), 1);
    for (int i = 0; i < LIMIT; i++)
        backends_sent(&whole, 3);
    assert_int_equal(half.view.outstanding[3], LIMIT);
    backends_fill(&half, 3, true);
    assert_int_equal(half.view.eligible_count, 1);
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_levels),
    cmocka_unit_test(test_levels_of_ejected),
    cmocka_unit_test(test_part),
    cmocka_unit_test(test_reach),
    cmocka_unit_test(test_random_changes),
    cmocka_unit_test(test_what_a_policy_is_told),
    cmocka_unit_test(test_the_time_and_nobody),
};

TEST_MAIN(tests)
