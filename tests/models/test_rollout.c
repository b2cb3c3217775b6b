/* SPDX-License-Identifier: GPL-3.0-or-later
   The rule of rolling updates, on tables worked out by hand. */
#include "models/rollout.h"
#include "tests/test.h"

static void limits_are_rounded_as_deployments_do(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t replicas, surge, unavailable;
    } cases[] = {
        {"25%", 10, 3, 2}, {"25%", 4, 1, 1},     {"25%", 3, 1, 0},  {"30%", 10, 3, 3},
        {"7%", 100, 7, 7}, {"100%", 5, 5, 5},    {"0%", 5, 0, 0},   {"1", 10, 1, 1},
        {"3", 2, 3, 3},    {"33.4%", 1000, 334, 334},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t up, down;
        assert_true(rollout_limit(cases[i].text, cases[i].replicas, true, &up));
        assert_true(rollout_limit(cases[i].text, cases[i].replicas, false, &down));
        if (up != cases[i].surge || down != cases[i].unavailable)
            fail_msg("%s of %u: found %u and %u, expected %u and %u", cases[i].text,
                     cases[i].replicas, up, down, cases[i].surge, cases[i].unavailable);
    }
}

static void what_is_no_limit_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "%", "a", "-1", "101%", "1.5", "25 percent"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        uint32_t limit;
        if (rollout_limit(texts[i], 10, true, &limit))
            fail_msg("'%s' is taken for %u", texts[i], limit);
    }
}

/* A turn, and what it has become by the next: all created before are ready then. */
struct turn {
    uint32_t create, remove;
};

static void assert_turns(const char *surge, const char *unavailable, uint32_t replicas,
                         const struct turn *turns, size_t count)
{
    struct rollout_config config = {"web", surge, unavailable};
    struct rollout rollout;
    rollout_open(&rollout, &config, replicas);
    for (size_t i = 0; i < count; i++) {
        assert_false(rollout_is_over(&rollout));
        struct rollout_turn turn = rollout_turn(&rollout);
        if (turn.create != turns[i].create || turn.remove != turns[i].remove)
            fail_msg("%s, %s of %u: turn %zu creates %u and removes %u, expected %u and %u",
                     surge, unavailable, replicas, i, turn.create, turn.remove,
                     turns[i].create, turns[i].remove);
        rollout.old -= turn.remove;
        rollout.fresh += turn.create;
        turn = rollout_turn(&rollout); /* the rest of what can be done without waiting */
        rollout.fresh += turn.create;
        rollout.old -= turn.remove;
        rollout.ready = rollout.fresh;
    }
    assert_true(rollout_is_over(&rollout));
}

#define TURNS(surge, unavailable, replicas, ...) \
    assert_turns(surge, unavailable, replicas, (const struct turn[]){__VA_ARGS__}, \
                 sizeof((const struct turn[]){__VA_ARGS__}) / sizeof(struct turn))

/* 10 pods, 25 %: at most 13, at least 8 ready.  3 are created and 2 removed, which makes room for
   2 more: 8 old, 5 new.  With these ready there are 13 available, so 5 may go, and 5 come: 3 old,
   10 new.  Then the last 3 go. */
static void a_quarter_of_ten(void **state)
{
    (void)state;
    TURNS("25%", "25%", 10, {3, 2}, {0, 5}, {0, 3});
}

/* Nobody more at once: 1 goes, 1 comes in its place, and so on. */
static void without_surge(void **state)
{
    (void)state;
    TURNS("0", "1", 3, {0, 1}, {0, 1}, {0, 1});
}

/* Nobody fewer at any time. */
static void without_loss(void **state)
{
    (void)state;
    TURNS("1", "0", 2, {1, 0}, {0, 1}, {0, 1});
}

/* As if one may be unavailable. */
static void neither(void **state)
{
    (void)state;
    TURNS("0", "0", 2, {0, 1}, {0, 1});
    TURNS("0%", "25%", 3, {0, 1}, {0, 1}, {0, 1});
}

/* All at once. */
static void recreated(void **state)
{
    (void)state;
    TURNS("0", "100%", 4, {0, 4});
    TURNS("100%", "0", 4, {4, 0}, {0, 4});
}

/* New pods that are not ready count for the surge, not for what is available. */
static void unready_ones_hold_it_up(void **state)
{
    (void)state;
    struct rollout rollout = {.replicas = 10, .surge = 3, .unavailable = 2, .old = 8, .fresh = 5,
                              .ready = 1};
    struct rollout_turn turn = rollout_turn(&rollout);
    assert_int_equal(turn.create, 0);
    assert_int_equal(turn.remove, 1);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(limits_are_rounded_as_deployments_do),
    cmocka_unit_test(what_is_no_limit_is_refused),
    cmocka_unit_test(a_quarter_of_ten),
    cmocka_unit_test(without_surge),
    cmocka_unit_test(without_loss),
    cmocka_unit_test(neither),
    cmocka_unit_test(recreated),
    cmocka_unit_test(unready_ones_hold_it_up),
};

TEST_MAIN(tests)
