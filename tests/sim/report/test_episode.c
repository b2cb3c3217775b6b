/* SPDX-License-Identifier: GPL-3.0-or-later
   Where a time falls among episodes, worked by hand, and the same whatever is asked first. */
#include "sim/report/episode.h"

#include "tests/test.h"

static void episodes_follow_one_another(void **state)
{
    (void)state;
    struct episode_list list = {0};
    assert_false(episode_end(&list, 4, 5)); /* none is under way */
    assert_true(episode_begin(&list, 4, 10));
    assert_false(episode_begin(&list, 4, 12)); /* it is in one */
    assert_true(episode_begin(&list, 1, 15));
    assert_true(episode_end(&list, 4, 20));
    assert_false(episode_end(&list, 4, 21));
    assert_true(episode_begin(&list, 4, 50));
    assert_int_equal(list.count, 3);
    assert_null(episode_at(&list, 4, 10)); /* not yet */
    assert_int_equal(episode_at(&list, 4, 50)->begin, 10);
    assert_int_equal(episode_at(&list, 4, 51)->begin, 50);
    assert_int_equal(episode_at(&list, 4, 11)->begin, 10);
    assert_int_equal(episode_at(&list, 1, 100)->begin, 15);
    assert_null(episode_at(&list, 0, 100)); /* pods that never had any */
    assert_null(episode_at(&list, 9, 100));
    episode_free(&list);
}

/* Episodes from 10 to 20, from 25 to 30 and from 100 on. */
static void a_time_falls_into_one_span(void **state)
{
    (void)state;
    static const struct {
        sim_time at;
        enum episode_span span;
    } cases[] = {
        {0, EPISODE_BEFORE},  {10, EPISODE_BEFORE}, {11, EPISODE_DURING}, {20, EPISODE_DURING},
        {21, EPISODE_AFTER},  {25, EPISODE_AFTER},  {26, EPISODE_DURING}, {30, EPISODE_DURING},
        {31, EPISODE_AFTER},  {35, EPISODE_AFTER},  {36, EPISODE_BEFORE}, {100, EPISODE_BEFORE},
        {101, EPISODE_DURING}, {5000, EPISODE_DURING},
    };
    enum { CASES = sizeof cases / sizeof *cases };
    struct episode_list list = {0};
    assert_int_equal(episode_span(&list, 0, 7), EPISODE_WAITING);
    episode_begin(&list, 0, 10);
    episode_end(&list, 0, 20);
    episode_begin(&list, 0, 25);
    episode_end(&list, 0, 30);
    assert_int_equal(episode_span(&list, 0, 36), EPISODE_WAITING); /* nothing to be before */
    episode_begin(&list, 0, 100);
    for (size_t step = 1; step <= 5; step += 2) /* prime to their number: in several orders */
        for (size_t i = 0; i < CASES; i++) {
            size_t k = i * step % CASES;
            if (episode_span(&list, 0, cases[k].at) != cases[k].span)
                fail_msg("at %d: %d, expected %d", (int)cases[k].at,
                         (int)episode_span(&list, 0, cases[k].at), (int)cases[k].span);
        }
    episode_free(&list);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(episodes_follow_one_another),
    cmocka_unit_test(a_time_falls_into_one_span),
};

TEST_MAIN(tests)
