/* SPDX-License-Identifier: GPL-3.0-or-later
   A name has one index, given in the order of asking, however many there are. */
#include "sim/trace/roster.h"
#include "tests/test.h"

#include <string.h>

static void names_are_numbered_in_the_order_of_asking(void **state)
{
    (void)state;
    enum { NAMES = 5000 };
    struct roster roster;
    roster_init(&roster);
    char name[32];
    for (uint32_t round = 0; round < 2; round++)
        for (uint32_t i = 0; i < NAMES; i++) {
            snprintf(name, sizeof name, "pod-%u", i * 7919 % NAMES);
            assert_int_equal(roster_pod(&roster, name), i);
            assert_int_equal(roster_client(&roster, name), i);
        }
    assert_int_equal(roster.pod_count, NAMES);
    assert_int_equal(roster.client_count, NAMES);
    assert_string_equal(roster.pods[1].name, "pod-2919");
    assert_string_equal(roster.clients[NAMES - 1], "pod-2081");
    roster_free(&roster);
    assert_int_equal(roster.pod_count, 0);
    assert_null(roster.index);
}

static void a_new_pod_is_plain_and_stays(void **state)
{
    (void)state;
    struct roster roster;
    roster_init(&roster);
    assert_true(roster.measure_begin == SIM_NEVER && roster.measure_end == SIM_NEVER);
    uint32_t pod = roster_pod(&roster, "p");
    const struct roster_kind *kind = roster_kind(&roster, pod);
    assert_string_equal(kind->group, "");
    assert_string_equal(kind->zone, "");
    ASSERT_NEAR(kind->speed, 1, 0);
    ASSERT_NEAR(kind->weight, 1, 0);
    assert_int_equal(kind->workers, 0);
    const struct roster_life *life = roster_life(&roster, pod);
    assert_int_equal(life->joined, 0);
    assert_true(life->left == SIM_NEVER && life->created == SIM_NEVER);
    assert_true(life->ended == SIM_NEVER && !life->is_scaled);
    assert_int_equal(roster_created(life), 0);
    roster_free(&roster);
}

/* Every other name is asked for, the others are known to be new. */
static void names_known_to_be_new_are_found_too(void **state)
{
    (void)state;
    enum { NAMES = 1000 };
    struct roster roster;
    roster_init(&roster);
    char name[16];
    for (uint32_t i = 0; i < NAMES; i++) {
        snprintf(name, sizeof name, "pod-%u", i);
        assert_int_equal(i % 2 ? roster_pod(&roster, name) : roster_new_pod(&roster, name), i);
    }
    for (uint32_t i = 0; i < NAMES; i++) {
        snprintf(name, sizeof name, "pod-%u", i);
        assert_int_equal(roster_pod(&roster, name), i);
        assert_memory_equal(roster_pod_cells(&roster)[i].text, name, strlen(name));
    }
    assert_int_equal(roster.pod_count, NAMES);
    roster_free(&roster);
}

/* Three groups whose pods take turns share three kinds.  Of a hundred, a kind may be missed when
   its turn comes again, and be kept twice; what is read is the same. */
static void pods_share_what_is_the_same(void **state)
{
    (void)state;
    struct roster roster;
    roster_init(&roster);
    char text[16];
    for (uint32_t i = 0; i < 300; i++) {
        snprintf(text, sizeof text, "pod-%u", i);
        roster_new_pod(&roster, text);
        snprintf(text, sizeof text, "g%u", i % 3);
        struct roster_kind kind = {text, "z", 1, 2, i % 3};
        roster_set_kind(&roster, i, &kind);
    }
    assert_int_equal(roster.kind_count, 1 + 3);
    for (uint32_t i = 0; i < 200; i++) {
        snprintf(text, sizeof text, "h%u", i % 100);
        struct roster_kind kind = {text, "", 1, 1, i};
        kind.workers %= 100;
        roster_set_kind(&roster, i, &kind);
    }
    assert_in_range(roster.kind_count, 1 + 3 + 100, 1 + 3 + 200);
    assert_string_equal(roster_kind(&roster, 199)->group, "h99");
    assert_string_equal(roster_kind(&roster, 0)->group, "h0");
    assert_string_equal(roster_kind(&roster, 200)->group, "g2");
    assert_int_equal(roster_kind(&roster, 200)->workers, 2);
    roster_free(&roster);
}

static void kinds_differ_in_each_of_their_parts(void **state)
{
    (void)state;
    static const struct roster_kind kinds[] = {
        {"a", "", 1, 1, 1}, {"b", "", 1, 1, 1}, {"b", "z", 1, 1, 1},
        {"b", "z", 2, 1, 1}, {"b", "z", 2, 2, 1}, {"b", "z", 2, 2, 2},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            assert_int_equal(roster_is_same_kind(&kinds[i], &kinds[k]), i == k);
}

/* Only those that come or go have times of their own, once. */
static void times_are_of_one_pod(void **state)
{
    (void)state;
    struct roster roster;
    roster_init(&roster);
    for (uint32_t i = 0; i < 100; i++) {
        char name[16];
        snprintf(name, sizeof name, "pod-%u", i);
        roster_new_pod(&roster, name);
    }
    for (uint32_t i = 0; i < 100; i += 3)
        roster_own_life(&roster, i)->joined = 10 + i;
    for (uint32_t i = 0; i < 100; i += 3)
        roster_own_life(&roster, i)->left = 20 + i;
    assert_int_equal(roster.life_count, 1 + 34);
    for (uint32_t i = 0; i < 100; i++) {
        const struct roster_life *life = roster_life(&roster, i);
        assert_int_equal(life->joined, i % 3 ? 0 : 10 + i);
        assert_int_equal(roster_created(life), life->joined);
        assert_true(life->left == (i % 3 ? SIM_NEVER : 20 + (sim_time)i));
    }
    roster_own_life(&roster, 3)->created = 7;
    assert_int_equal(roster_created(roster_life(&roster, 3)), 7);
    roster_free(&roster);
}

static void cells_are_names_as_csv_with_a_comma(void **state)
{
    (void)state;
    struct roster roster;
    roster_init(&roster);
    static const char *const cells[][2] = {{"web", "web,"},
                                           {"a,\"b\"", "\"a,\"\"b\"\"\","}};
    for (uint32_t i = 0; i < 2; i++) {
        uint32_t pod = roster_pod(&roster, cells[i][0]);
        const struct roster_cell *cell = &roster_pod_cells(&roster)[pod];
        assert_int_equal(cell->size, strlen(cells[i][1]));
        assert_memory_equal(cell->text, cells[i][1], cell->size);
        roster_client(&roster, cells[i][0]);
        assert_memory_equal(roster_client_cells(&roster)[i].text, cells[i][1],
                            cell->size);
    }
    roster_free(&roster);
}

static void cells_of_late_comers_are_made_too(void **state)
{
    (void)state;
    struct roster roster;
    roster_init(&roster);
    for (uint32_t i = 0; i < 1000; i++) {
        char name[16], cell[17];
        snprintf(name, sizeof name, "pod-%u", i);
        int size = snprintf(cell, sizeof cell, "%s,", name);
        roster_pod(&roster, name);
        if (i % 7 != 0)
            continue;
        assert_int_equal(roster_pod_cells(&roster)[i].size, size);
        assert_memory_equal(roster_pod_cells(&roster)[i].text, cell, (size_t)size);
    }
    roster_free(&roster);
}

/* Another thread may read them meanwhile. */
static void cells_stay_where_they_are(void **state)
{
    (void)state;
    struct roster roster;
    roster_init(&roster);
    roster_pod(&roster, "first");
    const struct roster_cell *cells = roster_pod_cells(&roster);
    for (uint32_t i = 0; i < 1000; i++) {
        char name[16];
        snprintf(name, sizeof name, "pod-%u", i);
        roster_pod(&roster, name);
        assert_string_equal(roster_pod_cells(&roster)[0].text, "first,");
    }
    assert_string_equal(cells[0].text, "first,");
    assert_int_equal(cells[0].size, 6);
    roster_free(&roster);
}

static void what_is_kept_outlives_its_roster(void **state)
{
    (void)state;
    struct roster roster, kept, fewer;
    roster_init(&roster);
    roster_client(&roster, "web");
    for (int i = 0; i < 10; i++) {
        char name[16];
        snprintf(name, sizeof name, "pod-%d", i);
        uint32_t pod = roster_pod(&roster, name);
        roster_set_kind(&roster, pod, &(struct roster_kind){"pod", "", 1, 1, 3});
    }
    roster_own_life(&roster, 7)->left = 42;
    roster.measure_end = 5;
    roster_keep(&kept, &roster, 10);
    roster_keep(&fewer, &roster, 9);
    assert_true(roster_is_kept(&kept, &roster, 10));
    assert_true(roster_is_kept(&fewer, &roster, 9));
    assert_false(roster_is_kept(&kept, &roster, 9));
    roster_own_life(&roster, 7)->left = 43;
    assert_false(roster_is_kept(&kept, &roster, 10));
    assert_true(roster_is_kept(&fewer, &roster, 9));
    roster_own_life(&roster, 7)->left = 42;
    assert_true(roster_is_kept(&kept, &roster, 10));
    roster_set_kind(&roster, 2, &(struct roster_kind){"pod", "", 1, 1, 4});
    assert_false(roster_is_kept(&kept, &roster, 10));
    roster_free(&roster);
    assert_string_equal(kept.clients[0], "web");
    assert_string_equal(kept.pods[9].name, "pod-9");
    assert_string_equal(roster_kind(&kept, 9)->group, "pod");
    assert_int_equal(roster_life(&kept, 7)->left, 42);
    assert_int_equal(kept.measure_end, 5);
    assert_int_equal(fewer.pod_count, 0);
    roster_free(&kept);
    roster_free(&fewer);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(names_are_numbered_in_the_order_of_asking),
    cmocka_unit_test(a_new_pod_is_plain_and_stays),
    cmocka_unit_test(names_known_to_be_new_are_found_too),
    cmocka_unit_test(pods_share_what_is_the_same),
    cmocka_unit_test(kinds_differ_in_each_of_their_parts),
    cmocka_unit_test(times_are_of_one_pod),
    cmocka_unit_test(cells_are_names_as_csv_with_a_comma),
    cmocka_unit_test(cells_of_late_comers_are_made_too),
    cmocka_unit_test(cells_stay_where_they_are),
    cmocka_unit_test(what_is_kept_outlives_its_roster),
};

TEST_MAIN(tests)
