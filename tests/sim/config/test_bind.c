/* SPDX-License-Identifier: GPL-3.0-or-later
   Documents become structs; mistakes are all reported, with what would work. */
#include "tests/sim/config/config_test.h"

static const struct group *group_at(const struct bound *bound, size_t index)
{
    return PARAM_ITEM(bound->world->groups, struct group, index);
}

static void values_and_defaults_are_bound(void **state)
{
    struct bound bound = bound_of(WORLD_START "title: \"x: \xc3\xbc\"\nrun: {duration: 1m30s}\n");
    const struct world *world = bound.world;
    (void)state;
    ASSERT_BOUND(bound);
    assert_int_equal(world->version, 1);
    assert_string_equal(world->title, "x: \xc3\xbc");
    assert_null(world->file);
    assert_int_equal(world->run.duration, 90 * SIM_SECOND);
    assert_int_equal(world->run.warmup, SIM_NEVER);
    assert_true(world->run.repeats == UINT64_MAX);
    assert_int_equal(world->groups.count, 1);
    assert_string_equal(group_at(&bound, 0)->name, "web");
    assert_string_equal(group_at(&bound, 0)->arrivals.kind->name, "steady");
    ASSERT_NEAR(((struct flow_steady *)group_at(&bound, 0)->arrivals.config)->rate, 100, 0);
    ASSERT_NEAR(((struct law_fixed *)group_at(&bound, 0)->demand.config)->value, 4e6, 0);
    assert_null(group_at(&bound, 0)->size.kind);
    assert_int_equal(group_at(&bound, 0)->limits.memory, 0);
    assert_int_equal(world->limits.memory, 65536);
    assert_false(world->limits.strict);
    assert_int_equal(world->weights.count, 2);
    ASSERT_NEAR(*PARAM_ITEM(world->weights, double, 1), 2, 0);
    ASSERT_NEAR(world->factor, 1.5, 0);
    assert_string_equal(PARAM_ITEM(world->rules, struct param_kind, 0)->label, "best");
    bound_free(&bound);
}

static void quantities_take_the_unit_around_them(void **state)
{
    struct bound bound = bound_of(
        "version: 1\nrules: any\ngroups:\n"
        "  - name: a\n    arrivals: {steady: 1/s}\n"
        "    demand: {mix: {of: [4ms, {mix: [5us, {normal: {mean: 1m}}]}]}}\n"
        "    size: {mix: [4KB, {normal: 2Ki}]}\n");
    (void)state;
    ASSERT_BOUND(bound);
    const struct law_mix *demand = group_at(&bound, 0)->demand.config;
    const struct param_kind *inner = PARAM_ITEM(demand->of, struct param_kind, 1);
    inner = PARAM_ITEM(((const struct law_mix *)inner->config)->of, struct param_kind, 1);
    ASSERT_NEAR(((const struct law_normal *)inner->config)->mean, 60e9, 0);
    ASSERT_NEAR(((const struct law_normal *)inner->config)->cv, 0.5, 0);
    const struct law_mix *size = group_at(&bound, 0)->size.config;
    inner = PARAM_ITEM(size->of, struct param_kind, 1);
    ASSERT_NEAR(((const struct law_normal *)inner->config)->mean, 2048, 0);
    const struct param_kind *any = PARAM_ITEM(bound.world->rules, struct param_kind, 0);
    assert_null(any->config);
    bound_free(&bound);
}

static void parameters_may_stand_beside_their_kind(void **state)
{
    struct bound bound = bound_of(WORLD_START "events:\n"
                                              "  - {kind: slow, at: 3m, until: 5m, what: all}\n"
                                              "  - {at: 1s, amount: 4KB, kind: fill}\n"
                                              "  - {at: 2s, kind: stop}\n");
    (void)state;
    ASSERT_BOUND(bound);
    const struct event *events = bound.world->events.items;
    const struct event_slow *slow = events[0].kind.config;
    assert_string_equal(events[0].kind.kind->name, "slow");
    assert_string_equal(events[0].what, "all");
    assert_int_equal(events[0].at, 180 * SIM_SECOND);
    ASSERT_NEAR(slow->pace, 0.5, 0);
    assert_int_equal(slow->until, 300 * SIM_SECOND);
    ASSERT_NEAR(((const struct event_fill *)events[1].kind.config)->amount, 4000, 0);
    assert_string_equal(events[2].kind.kind->name, "stop");
    assert_null(events[2].kind.config);
    assert_int_equal(config_mark(bound.config, &slow->until).line, 5);
    assert_int_equal(config_mark(bound.config, &slow->until).column, 33);
    bound_free(&bound);
}

static void mistakes_beside_a_kind_say_what_would_work(void **state)
{
    static const struct {
        const char *text, *part;
    } rows[] = {
        {"{kind: slwo, at: 1s, pace: 1}", "4:16: error: unknown event 'slwo'\n"},
        {"{kind: {slow: {}}, at: 1s}", "'kind' must be an event, found a map\n"},
        {"{kind: {slow: {}}, at: 1s}", "hint: write its name, and its parameters beside it"},
        {"{kind: , at: 1s}", "'kind' must be an event, found nothing\n"},
        {"{at: 1s, pace: 1}", "missing key 'kind' in 'events'\n"},
        {"{kind: slow, at: 1s, puce: 1}", "unknown key 'puce' in 'events'\n    4 | events: {kind: "
                                          "slow, at: 1s, puce: 1}\n      |                       "
                                          "       ^~~~\nhint: did you mean 'pace'? known keys: "
                                          "at, kind, what, pace, until\n"},
        {"{kind: stop, at: 1s, pace: 1}", "hint: known keys: at, kind, what\n"},
        {"{kind: fill, at: 1s}", "missing key 'amount' in 'fill'\n"},
        {"{kind: fill, at: 1s, amount: 5s}", "'amount' must be a size, found '5s'\n"},
        {"{kind: slow, until: 1s}", "missing key 'at' in 'events'\n"},
        {"{kind: slow, at: 1s, run: {}}", "hint: 'run' belongs at the top; known keys here:"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[256];
        snprintf(text, sizeof text, "%sevents: %s\n", WORLD_START, rows[i].text);
        ASSERT_REFUSED(text, rows[i].part);
    }
}

static void aliases_and_merges_are_followed(void **state)
{
    struct bound bound = bound_of(
        "version: 1\nrules: any\ngroups:\n"
        "  - &web {name: web, arrivals: &a {steady: 5/s}, demand: 4ms, count: 3}\n"
        "  - {<<: *web, name: app}\n  - {name: db, arrivals: *a, demand: 1s}\n");
    (void)state;
    ASSERT_BOUND(bound);
    assert_int_equal(group_at(&bound, 1)->count, 3);
    assert_string_equal(group_at(&bound, 1)->name, "app");
    ASSERT_NEAR(((struct flow_steady *)group_at(&bound, 2)->arrivals.config)->rate, 5, 0);
    bound_free(&bound);
}

#define GROUP "version: 1\nrules: any\ngroups:\n  - name: a\n    demand: 1s\n    arrivals: "

static void mistakes_say_what_would_work(void **state)
{
    static const struct {
        const char *text, *part;
    } rows[] = {
        {WORLD_START "runn: {}\n", "4:1: error: unknown key 'runn'\n    4 | runn: {}\n"
                                   "      | ^~~~\nhint: did you mean 'run'? known keys: version,"},
        {WORLD_START "duration: 5s\n", "unknown key 'duration'\n    4 | duration: 5s\n"
                                       "      | ^~~~~~~~\nhint: 'duration' belongs in run.duration;"
                                       " known keys here: version, title,"},
        {WORLD_START "run: 5s\n", "4:6: error: 'run' must be a map of keys, found '5s'\n"},
        {WORLD_START "run: [1]\n", "'run' must be a map of keys, found a list\n"},
        {WORLD_START "run:\n", "4:1: error: 'run' must be a map of keys, found nothing\n"},
        {WORLD_START "run:\n  seed: {a: 1}\n", "'seed' must be a whole number, found a map\n"},
        {WORLD_START "run:\n  seed:\n", "5:3: error: 'seed' must be a whole number, found nothing"},
        {WORLD_START "run: {duration: 250}", "'duration' needs a unit, found '250'\n"},
        {WORLD_START "factor: \"3\"\n", "'factor' must be a number, found text in quotes\n"},
        {WORLD_START "weights:\n", "'weights' must be a list, found nothing\n"},
        {WORLD_START "weights: [1, x]\n", "4:14: error: 'weights' must be a number from 0 to 100,"
                                          " found 'x'\n"},
        {"version: 1\nrules: any\n", "1:1: error: missing key 'groups'\n    1 | version: 1\n"},
        {"version: 1\nrules: any\ngroups: []\n", "3:9: error: 'groups' must have at least 1 item,"
                                                 " found 0\n"},
        {"version: 1\ngroups: {name: web}\nrules: any\n",
         "2:9: error: missing key 'arrivals' in 'groups'\n    2 | groups: {name: web}\n"
         "      |         ^~~~~~~~~~~\nhint: 'arrivals': when requests come; or "
         "give a preset that has it, as in `like: busy`\n"},
        {GROUP "staedy\n", "6:15: error: unknown flow of requests 'staedy'\n"},
        {GROUP "staedy\n", "hint: did you mean 'steady'? known: steady, file\n"},
        {GROUP "{poisson: 3/s}\n", "6:16: error: unknown flow of requests 'poisson'\n"},
        {GROUP "[steady]\n", "'arrivals' must be a flow of requests, found a list\n"},
        {GROUP "{}\n", "'arrivals' must be a flow of requests, found no name in it\n"},
        {GROUP "steady\n", "6:15: error: missing key 'rate' in 'steady'\n"},
        {GROUP "{steady: {rtae: 5/s}}\n", "unknown key 'rtae' in 'steady'\n"},
        {GROUP "{steady: {}, rate: 5/s}\n", "6:28: error: 'rate' stands beside the flow of "
                                            "requests 'steady'\n"},
        {GROUP "{steady: {}, rate: 5/s}\n", "hint: put it inside: {steady: {rate: ...}}\n"},
        {GROUP "{steady: {}, file: x}\n", "hint: a flow of requests is one name with its "
                                          "parameters inside"},
        {"version: 1\nrules: {any: 3}\n", "2:14: error: rule 'any' takes no parameters\n"},
        {"version: 1\nrules: {any: {x: 3}}\n", "hint: 'any' takes no parameters\n"},
        {"version: 1\nrules: {any: , as: 'a b'}\n", "'as' must be a name, found 'a b'\n"},
        {"version: 1\nrules: [best, any, {best: 3}]\n",
         "2:20: error: the name 'best' is taken\n"},
        {"version: 1\nrules: [best, {any: , as: best}]\n", "2:27: error: the name 'best' is taken"},
        {GROUP "1/s\n  - {name: a, demand: 1s, arrivals: 1/s}\n",
         "7:12: error: the name 'a' is taken\n"},
        {"version: 1\ngroups: {name: a, arrivals: 1/s, demand: {between: {low: 2s, high: 1s}}}\n"
         "rules: any\n", "2:43: error: low must not be above high\n"},
        {"version: 1\ngroups: 5\nrules: any\n", "'groups' must be a map of keys, found '5'\n"},
        {"just words\n", "1:1: error: the document must be a map of keys, found 'just words'\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ASSERT_REFUSED(rows[i].text, rows[i].part);
}

static void hints_are_true(void **state)
{
    static const struct {
        const char *text, *part;
    } rows[] = {
        {WORLD_START "run:\n  memory: 5\n", "5:3: error: unknown key 'memory' in 'run'\n"
                                             "    5 |   memory: 5\n      |   ^~~~~~\n"
                                             "hint: known keys: duration, warmup,"},
        {WORLD_START "run:\n  factor: 5\n", "hint: 'factor' belongs at the top; known keys here:"},
        {GROUP "{steady: {rate: 1/s, timeout: 1s}}\n", "hint: 'timeout' belongs in 'groups'; known"
                                                       " keys here: rate\n"},
        {GROUP "1/s\n    value: 5s\n", "hint: 'value' belongs in one of demand.fixed.value, "
                                        "size.fixed.value; known keys here: name,"},
        {GROUP "1/s\n    size: 5\n", "'size' needs a unit, found '5'\n"},
        {GROUP "1/s\n    size: {fixed: 5}\n", "'value' needs a unit, found '5'\n"},
        {WORLD_START "weights:\n", "hint: write it like [1.5], or [] for an empty one\n"},
        {"version: 1\nrules:\n", "hint: write it like [best], with at least 1 item\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ASSERT_REFUSED(rows[i].text, rows[i].part);
}

static void a_misspelt_key_is_not_reported_as_missing_too(void **state)
{
    struct bound bound = bound_of("versoin: 1\ngroups: {name: web, arrivals: 100/s, demand: 4ms}\n"
                                  "rules: best\n");
    (void)state;
    assert_int_equal(bound.problems.errors, 1);
    assert_string_equal(bound.problems.items[0].message, "unknown key 'versoin'");
    bound_free(&bound);
}

static void all_mistakes_are_reported_and_twenty_shown(void **state)
{
    char text[4096];
    int used = snprintf(text, sizeof text, "%sweights: [", WORLD_START);
    (void)state;
    for (int i = 0; i < 30; i++)
        used += snprintf(text + used, sizeof text - (size_t)used, "x%d, ", i);
    used += snprintf(text + used, sizeof text - (size_t)used, "]\nfactor: y\n");
    ASSERT_REFUSED(text, "found 'x19'");
    ASSERT_REFUSED(text, "and 11 more errors\n");
}

static void twenty_thousand_mistakes_are_soon_found(void **state)
{
    static char text[400000];
    int used = snprintf(text, sizeof text, WORLD_START);
    (void)state;
    for (int i = 0; i < 20000; i++)
        used += snprintf(text + used, sizeof text - (size_t)used, "ratee%d: 1\n", i);
    ASSERT_REFUSED(text, "and 19980 more errors\n");
}

static void recursion_of_kinds_has_a_limit(void **state)
{
    char text[2048] = "version: 1\nrules: any\ngroups: {name: a, arrivals: 1/s, demand: ";
    char *at = text + strlen(text);
    (void)state;
    for (int i = 0; i < 25; i++)
        at += sprintf(at, "{mix: [");
    at += sprintf(at, "1s");
    for (int i = 0; i < 25; i++)
        at += sprintf(at, "]}");
    sprintf(at, "}\n");
    ASSERT_REFUSED(text, "nested more than 56 levels deep\n");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(values_and_defaults_are_bound),
    cmocka_unit_test(quantities_take_the_unit_around_them),
    cmocka_unit_test(parameters_may_stand_beside_their_kind),
    cmocka_unit_test(mistakes_beside_a_kind_say_what_would_work),
    cmocka_unit_test(aliases_and_merges_are_followed),
    cmocka_unit_test(mistakes_say_what_would_work),
    cmocka_unit_test(hints_are_true),
    cmocka_unit_test(a_misspelt_key_is_not_reported_as_missing_too),
    cmocka_unit_test(all_mistakes_are_reported_and_twenty_shown),
    cmocka_unit_test(twenty_thousand_mistakes_are_soon_found),
    cmocka_unit_test(recursion_of_kinds_has_a_limit),
};

TEST_MAIN(tests)
