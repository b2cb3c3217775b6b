/* SPDX-License-Identifier: GPL-3.0-or-later
   What a preset gives stands for keys that are not given; whatever is given wins. */
#include "sim/config/preset.h"

#include "tests/sim/config/config_test.h"

static struct bound bound_group(const char *group)
{
    char text[256];
    snprintf(text, sizeof text, "version: 1\nrules: any\ngroups: %s\n", group);
    return bound_of(text);
}

static void a_preset_gives_what_is_not_given(void **state)
{
    struct bound bound = bound_group("{name: a, like: busy, count: 7}");
    (void)state;
    ASSERT_BOUND(bound);
    const struct group *group = PARAM_ITEM(bound.world->groups, struct group, 0);
    assert_string_equal(group->like.kind->name, "busy");
    ASSERT_NEAR(((const struct flow_steady *)group->arrivals.config)->rate, 100, 0);
    assert_string_equal(group->demand.kind->name, "normal");
    assert_int_equal(group->count, 7);
    assert_int_equal(config_mark(bound.config, &group->arrivals).line, 3);
    assert_int_equal(config_mark(bound.config, &group->arrivals).column, 25);
    bound_free(&bound);
}

/* A key that is given wins with all below it: `cv` of the preset's law is gone. */
static void nothing_is_merged_below_a_key(void **state)
{
    struct bound bound = bound_group("{name: a, like: busy, demand: 1s}");
    (void)state;
    ASSERT_BOUND(bound);
    const struct group *group = PARAM_ITEM(bound.world->groups, struct group, 0);
    assert_string_equal(group->demand.kind->name, "fixed");
    bound_free(&bound);
}

static void the_resolved_document_binds_to_the_same(void **state)
{
    struct bound bound = bound_group("{like: idle, demand: 1s}");
    (void)state;
    ASSERT_BOUND(bound);
    const char *first = bound_text(&bound);
    assert_non_null(strstr(first, "\"like\": \"idle\""));
    assert_non_null(strstr(first, "\"name\": \"idle\""));
    struct bound again = bound_of(first);
    ASSERT_BOUND(again);
    assert_string_equal(bound_text(&again), first);
    bound_free(&again);
    bound_free(&bound);
}

static void settings_go_below_what_a_preset_gives(void **state)
{
    static const struct config_setting settings[] = {{"groups.0.demand.cv", "2", NULL},
                                                     {"groups.idle.count", "3", NULL}};
    static const char busy[] = "version: 1\nrules: any\ngroups: {name: a, like: busy}\n";
    static const char idle[] = "version: 1\nrules: any\ngroups: {like: idle, demand: 1s}\n";
    (void)state;
    struct bound bound = bound_with(busy, sizeof busy - 1, &settings[0], 1);
    ASSERT_BOUND(bound);
    const struct group *group = PARAM_ITEM(bound.world->groups, struct group, 0);
    ASSERT_NEAR(((const struct law_normal *)group->demand.config)->cv, 2, 0);
    ASSERT_NEAR(((const struct law_normal *)group->demand.config)->mean, 4e6, 0);
    bound_free(&bound);
    bound = bound_with(idle, sizeof idle - 1, &settings[1], 1);
    ASSERT_BOUND(bound);
    assert_int_equal(PARAM_ITEM(bound.world->groups, struct group, 0)->count, 3);
    bound_free(&bound);
}

static void mistakes_say_what_would_work(void **state)
{
    (void)state;
    ASSERT_REFUSED("version: 1\nrules: any\ngroups: {name: a, demand: 1s}\n",
                   "missing key 'arrivals' in 'groups'\n");
    ASSERT_REFUSED("version: 1\nrules: any\ngroups: {name: a, demand: 1s}\n",
                   "; or give a preset that has it, as in `like: busy`\n");
    ASSERT_REFUSED("version: 1\nrules: any\ngroups: {like: urgent, name: a, demand: 1s}\n",
                   "missing key 'arrivals' in 'groups'\n");
    struct bound bound = bound_group("{name: a, like: bussy}");
    assert_null(bound.config);
    assert_non_null(strstr(bound_text(&bound), "unknown preset 'bussy'"));
    assert_null(strstr(bound_text(&bound), "missing key"));
    bound_free(&bound);
}

static void presets_that_give_a_key_are_found(void **state)
{
    const struct param *row = &group_params[sizeof group_params / sizeof *group_params - 2];
    (void)state;
    const struct kind *kind = preset_giving(row, "arrivals", NULL);
    assert_string_equal(kind->name, "busy");
    kind = preset_giving(row, "arrivals", kind);
    assert_string_equal(kind->name, "idle");
    assert_null(preset_giving(row, "arrivals", kind));
    assert_null(preset_giving(row, "limits", NULL));
    assert_null(preset_giving(NULL, "arrivals", NULL));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_preset_gives_what_is_not_given),
    cmocka_unit_test(nothing_is_merged_below_a_key),
    cmocka_unit_test(the_resolved_document_binds_to_the_same),
    cmocka_unit_test(settings_go_below_what_a_preset_gives),
    cmocka_unit_test(mistakes_say_what_would_work),
    cmocka_unit_test(presets_that_give_a_key_are_found),
};

TEST_MAIN(tests)
