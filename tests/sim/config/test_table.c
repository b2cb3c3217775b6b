/* SPDX-License-Identifier: GPL-3.0-or-later
   Searches in parameter tables. */
#include "sim/config/table.h"
#include "tests/sim/config/config_test.h"

static struct arena arena;

static int clean(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static void rows_are_found_by_key_and_in_order(void **state)
{
    static const char *const sorted[] = {"duration", "repeats", "seed", "warmup"};
    const struct param *row = NULL;
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        row = table_next(run_params, row ? row->key : NULL);
        assert_string_equal(row->key, sorted[i]);
    }
    assert_null(table_next(run_params, "warmup"));
    assert_ptr_equal(table_row(run_params, "seed"), &run_params[3]);
    assert_null(table_row(run_params, "see"));
    assert_null(table_row(NULL, "seed"));
    assert_false(table_needs(run_params));
    assert_true(table_needs(group_params));
    assert_string_equal(table_next_kind(&rule_kinds, NULL)->name, "any");
    assert_string_equal(table_next_kind(&rule_kinds, "best")->name, "shop.best");
    assert_non_null(table_name_row(group_params));
    assert_null(table_name_row(run_params));
}

static void sizes_and_units_follow_the_rows(void **state)
{
    static const struct param inherits = {"x", PARAM_KIND, .of.kinds = &law_kinds};
    (void)state;
    assert_int_equal(table_size(&world_group), sizeof(struct group));
    assert_int_equal(table_size(&world_params[3]), sizeof(struct run));
    assert_int_equal(table_extent(run_params), sizeof(struct run));
    assert_int_equal(table_unit(&inherits, PARAM_SIZE), PARAM_SIZE);
    assert_int_equal(table_unit(table_row(group_params, "demand"), PARAM_SIZE), PARAM_DURATION);
    assert_ptr_equal(table_item(&world_params[4]), &world_group);
}

static void the_nearest_place_of_a_key_is_found(void **state)
{
    static const struct {
        const char *key, *place;
    } rows[] = {{"version", "version"},       {"seed", "run.seed"},
                {"timeout", "groups.timeout"}, {"memory", "limits.memory"},
                {"choices", "rules.best.choices"}, {"cv", "groups.demand.normal.cv"},
                {"nothing", NULL}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *place = NULL;
        table_places(world_params, rows[i].key, &place, 1, &arena);
        if (!place != !rows[i].place || (place && strcmp(place, rows[i].place) != 0))
            fail_msg("%s: found %s", rows[i].key, place ? place : "nothing");
    }
}

static void several_places_come_from_the_top_down(void **state)
{
    const char *places[4] = {NULL};
    (void)state;
    assert_int_equal(table_places(world_params, "value", places, 4, &arena), 2);
    assert_string_equal(places[0], "groups.demand.fixed.value");
    assert_string_equal(places[1], "groups.size.fixed.value");
    assert_int_equal(table_places(world_params, "limits", places, 4, &arena), 2);
    assert_string_equal(places[0], "limits");
    assert_string_equal(places[1], "groups.limits");
    assert_int_equal(table_places(world_params, "limits", places, 1, &arena), 1);
    assert_int_equal(table_places(NULL, "limits", places, 4, &arena), 0);
}

static void paths_step_by_the_longest_name(void **state)
{
    const char *rest = "";
    (void)state;
    assert_string_equal(table_step_kind(&rule_kinds, "shop.best.choices", &rest)->name,
                        "shop.best");
    assert_string_equal(rest, "choices");
    assert_string_equal(table_step_kind(&rule_kinds, "best", &rest)->name, "best");
    assert_null(rest);
    assert_null(table_step_kind(&rule_kinds, "bestest", &rest));
    assert_string_equal(table_step_row(world_params, "run.seed", &rest)->key, "run");
    assert_string_equal(rest, "seed");
    assert_null(table_step_row(world_params, "", &rest));
}

static void words_are_listed_up_to_twelve(void **state)
{
    static const char *const few[] = {"a", "b", NULL};
    static const char *const many[] = {"a", "b", "c", "d", "e", "f", "g", "h",
                                       "i", "j", "k", "l", "m", "n", NULL};
    (void)state;
    assert_string_equal(table_words(few, &arena), "a, b");
    assert_string_equal(table_words(few + 2, &arena), "");
    assert_string_equal(table_words(many, &arena),
                        "a, b, c, d, e, f, g, h, i, j, k, l, and others");
    assert_string_equal(table_article("arrival"), "an");
    assert_string_equal(table_article("policy"), "a");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_teardown(rows_are_found_by_key_and_in_order, clean),
    cmocka_unit_test_teardown(sizes_and_units_follow_the_rows, clean),
    cmocka_unit_test_teardown(the_nearest_place_of_a_key_is_found, clean),
    cmocka_unit_test_teardown(several_places_come_from_the_top_down, clean),
    cmocka_unit_test_teardown(paths_step_by_the_longest_name, clean),
    cmocka_unit_test_teardown(words_are_listed_up_to_twelve, clean),
};

TEST_MAIN(tests)
