/* SPDX-License-Identifier: GPL-3.0-or-later
   The ranking against its definition, over random walks of the counts and changes of the
   members. */
#include "sim/engine/ranking.h"
#include "tests/law.h"

enum { IDS = 40 };

struct model {
    uint32_t count[IDS];
    uint8_t is_member[IDS];
};

static void assert_like(const struct ranking *ranking, const struct model *model)
{
    uint32_t least = UINT32_MAX, holders = 0, members = 0;
    for (uint32_t id = 0; id < IDS; id++) {
        assert_int_equal(ranking->count[id], model->count[id]);
        members += model->is_member[id];
        if (model->is_member[id] && model->count[id] < least)
            least = model->count[id];
    }
    assert_int_equal(ranking->members, members);
    for (uint32_t id = 0; id < IDS; id++)
        holders += model->is_member[id] && model->count[id] == least;
    assert_int_equal(ranking_least_members(ranking), holders);
    for (uint32_t place = 0; place < members; place++) {
        uint32_t id = ranking->order[place];
        assert_true(model->is_member[id]);
        assert_int_equal(ranking->place[id], place);
        assert_true((place < holders) == (model->count[id] == least));
        if (place > 0)
            assert_true(model->count[ranking->order[place - 1]] <= model->count[id]);
    }
}

/* `up` of 8 steps lead up: counts grow beyond the room that there is at first. */
static void walk(uint64_t seed, uint64_t up, int steps)
{
    struct arena arena = {0};
    struct ranking ranking;
    struct model model = {0};
    struct rng rng;
    rng_open(&rng, seed, "ranking", 0);
    ranking_init(&ranking, IDS, &arena);
    assert_int_equal(ranking_least_members(&ranking), 0);
    for (int step = 0; step < steps; step++) {
        uint32_t id = (uint32_t)rng_below(&rng, IDS);
        if (rng_below(&rng, 50) == 0) {
            model.is_member[id] ^= 1;
            ranking_rebuild(&ranking, model.is_member);
        } else if (rng_below(&rng, 8) < up) {
            model.count[id]++;
            ranking_up(&ranking, id);
        } else if (model.count[id] > 0) {
            model.count[id]--;
            ranking_down(&ranking, id);
        }
        assert_like(&ranking, &model);
        if (ranking.members > 0) {
            uint32_t pick = ranking_any_least(&ranking, &rng);
            assert_true(model.is_member[pick]);
            assert_int_equal(model.count[pick], model.count[ranking.order[0]]);
        }
    }
    arena_free(&arena);
}

static void test_low_counts(void **state)
{
    (void)state;
    walk(1, 4, 20000);
}

static void test_growing_counts(void **state)
{
    (void)state;
    walk(2, 7, 20000);
}

/* Counts far beyond the room at once, before there are members, then rebuilt. */
static void test_counts_of_those_who_are_no_members(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct ranking ranking;
    struct model model = {0};
    ranking_init(&ranking, IDS, &arena);
    for (int i = 0; i < 1000; i++) {
        ranking_up(&ranking, 5);
        model.count[5]++;
    }
    model.is_member[5] = 1;
    ranking_rebuild(&ranking, model.is_member);
    assert_like(&ranking, &model);
    model.is_member[6] = 1;
    ranking_rebuild(&ranking, model.is_member);
    assert_like(&ranking, &model);
    ranking_down(&ranking, 5);
    model.count[5]--;
    assert_like(&ranking, &model);
    arena_free(&arena);
}

/* All of the least loaded alike, whatever came before. */
static void test_ties_are_even(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct ranking ranking;
    struct model model = {0};
    struct rng rng;
    double counts[IDS] = {0}, expected[IDS] = {0};
    rng_open(&rng, 3, "ranking", 0);
    ranking_init(&ranking, IDS, &arena);
    memset(model.is_member, 1, IDS);
    ranking_rebuild(&ranking, model.is_member);
    for (uint32_t id = 0; id < IDS; id += 4)
        ranking_up(&ranking, id);
    enum { PICKS = 300000 };
    for (int i = 0; i < PICKS; i++)
        counts[ranking_any_least(&ranking, &rng)]++;
    for (uint32_t id = 0; id < IDS; id++)
        expected[id] = id % 4 == 0 ? 0 : PICKS / 30.0;
    law_assert_counts(counts, expected, IDS);
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_low_counts),
    cmocka_unit_test(test_growing_counts),
    cmocka_unit_test(test_counts_of_those_who_are_no_members),
    cmocka_unit_test(test_ties_are_even),
};

TEST_MAIN(tests)
