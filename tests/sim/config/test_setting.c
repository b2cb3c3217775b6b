/* SPDX-License-Identifier: GPL-3.0-or-later
   `--set` reaches every value, makes what is missing, and shows its mistakes in its own
   text. */
#include "tests/sim/config/config_test.h"

enum { SETTINGS_LIMIT = 4 };

static const char document[] =
    "version: 1\n"
    "groups:\n"
    "  - &web {name: web, arrivals: {steady: {rate: 5/s}}, demand: 4ms}\n"
    "  - {<<: *web, name: app.v1}\n"
    "rules: [any, {best: 3, as: b3}, shop.best]\n"
    "run: &run {seed: 4}\n"
    "events: [{kind: slow, at: 1s}, {kind: stop, at: 2s}]\n";

/* Settings "a=b", split in place at the first '='. */
static struct bound bound_set(const char *text, const char *const *texts)
{
    static char copies[SETTINGS_LIMIT][256];
    struct config_setting settings[SETTINGS_LIMIT];
    size_t count = 0;
    for (; count < SETTINGS_LIMIT && texts[count]; count++) {
        snprintf(copies[count], sizeof copies[count], "%s", texts[count]);
        char *equals = strchr(copies[count], '=');
        *equals = '\0';
        settings[count] = (struct config_setting){.path = copies[count], .value = equals + 1};
    }
    return bound_with(text, strlen(text), settings, count);
}

static void every_value_can_be_set(void **state)
{
    static const struct {
        const char *set[SETTINGS_LIMIT], *part;
    } rows[] = {
        {{"run.duration=5s"}, "\"duration\": \"5s\""},
        {{"run={duration: 7s}"}, "\"duration\": \"7s\",\n    \"repeats\": \"auto\",\n"
                                 "    \"seed\": 1"},
        {{"run.duration=5s", "run.duration=6s"}, "\"duration\": \"6s\""},
        {{"title=a: b"}, NULL},
        {{"title='a: b'"}, "\"title\": \"a: b\""},
        {{"limits.share=7%"}, "\"share\": \"7%\",\n    \"strict\": false"},
        {{"groups.web.count=3"}, "\"count\": 3"},
        {{"groups.1.count=3"}, "\"count\": 3"},
        {{"groups.app.v1.count=3"}, "\"count\": 3"},
        {{"groups.0.arrivals.steady.rate=2000/s"}, "\"rate\": \"2000/s\""},
        {{"groups.0.arrivals.rate=2000/s"}, "\"rate\": \"2000/s\""},
        {{"groups.0.arrivals.steady=2000/s"}, "\"rate\": \"2000/s\""},
        {{"groups.0.arrivals=2000/s"}, "\"rate\": \"2000/s\""},
        {{"groups.0.arrivals.file.path=x.csv"}, "\"path\": \"x.csv\""},
        {{"groups.0.demand.value=9ms"}, "\"value\": \"9ms\""},
        {{"groups.0.demand.normal.mean=9ms", "groups.0.demand.cv=2"},
         "\"normal\": {\n          \"cv\": 2,\n          \"mean\": \"9ms\""},
        {{"groups.0.size={mix: [1KB, {normal: 2Ki}]}"}, "\"mean\": \"2Ki\""},
        {{"groups.0.size.mix.of=5B", "groups.0.size.mix.of.0.fixed=6B"}, "\"value\": \"6B\""},
        {{"groups.0.limits.memory=1MB"}, "\"memory\": \"1MB\""},
        {{"rules.b3.choices=7"}, "\"as\": \"b3\",\n      \"best\": {\n        \"age\": \"none\",\n"
                                 "        \"choices\": 7"},
        {{"rules.1.best.choices=7"}, "\"choices\": 7"},
        {{"rules.shop.best.choices=7"}, "\"choices\": 7"},
        {{"rules.2.shop.best.choices=7"}, "\"choices\": 7"},
        {{"rules.2.as=mine"}, "\"as\": \"mine\""},
        {{"rules.any.best.choices=9"}, "\"choices\": 9"},
        {{"rules=any"}, "\"rules\": [\n    \"any\"\n  ]"},
        {{"weights.1=9"}, "\"weights\": [\n    1,\n    9\n  ]"},
        {{"events.0.pace=0.25"}, "\"kind\": \"slow\",\n      \"pace\": 0.25"},
        {{"events.1.at=7s"}, "\"at\": \"7s\",\n      \"kind\": \"stop\""},
        {{"events.1.kind=slow"}, "\"at\": \"2s\",\n      \"kind\": \"slow\""},
        {{"events.1.kind=fill", "events.1.amount=2KB"}, "\"amount\": \"2KB\",\n      \"at\""},
        {{"file=here.csv"}, "\"file\": \"here.csv\""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bound bound = bound_set(document, rows[i].set);
        assert_text(&bound, rows[i].part != NULL, rows[i].part ? rows[i].part : "error",
                    rows[i].set[0], (int)i);
        bound_free(&bound);
    }
}

static void a_list_of_one_needs_no_index(void **state)
{
    static const char *const set[] = {"groups.timeout=3s", NULL};
    struct bound bound = bound_set(WORLD_START, set);
    (void)state;
    assert_text(&bound, true, "\"timeout\": \"3s\"", __FILE__, __LINE__);
    bound_free(&bound);
}

static void what_an_alias_shares_is_not_changed(void **state)
{
    static const char *const set[] = {"groups.web.arrivals.steady.rate=9/s", NULL};
    struct bound bound = bound_set(document, set);
    (void)state;
    ASSERT_BOUND(bound);
    const struct group *app = PARAM_ITEM(bound.world->groups, struct group, 1);
    ASSERT_NEAR(((struct flow_steady *)app->arrivals.config)->rate, 5, 0);
    bound_free(&bound);
}

static void mistakes_show_the_setting(void **state)
{
    static const struct {
        const char *set[SETTINGS_LIMIT], *part;
    } rows[] = {
        {{"run.duration=abc"},
         "--set run.duration=abc:1:14: error: 'duration' must be a duration from 1ms to 10000000s, "
         "found 'abc'\n    1 | run.duration=abc\n      |              ^~~\n"},
        {{"run.duratoin=5s"}, "--set run.duratoin=5s:1:5: error: unknown key 'duratoin'\n"
                              "    1 | run.duratoin=5s\n      |     ^~~~~~~~\n"
                              "hint: did you mean 'run.duration'? known here: duration,"},
        {{"rnu.seed=5"}, "hint: did you mean 'run'?"},
        {{"run.seed.x=5"}, "1:10: error: 'seed' has no keys below it\n"},
        {{"run.seed="}, "1:10: error: 'seed' must be a whole number, found nothing\n"},
        {{"run.=3"}, "1:5: error: unknown key ''\n"},
        {{"=3"}, "1:1: error: unknown key ''\n"},
        {{"run=[x"}, "1:5: error: '[' is never closed\n"},
        {{"run={seed: 3, seed: 4}"}, "1:15: error: key 'seed' appears twice\n"},
        {{"run=*run"}, "1:5: error: unknown alias '*run'\n"},
        {{"groups.wbe.count=3"}, "hint: did you mean 'groups.web'? known here: web, app.v1\n"},
        {{"groups.2.count=3"}, "1:8: error: unknown item '2'\n"},
        {{"groups.count=3"}, "hint: say of which item: 'groups.web.count'\n"},
        {{"groups.2.count=3"}, "hint: known here: web, app.v1; indices go from 0 to 1\n"},
        {{"groups.-1.count=3"}, "hint: known here: web, app.v1; indices go from 0 to 1\n"},
        {{"weights.2=3"}, "hint: indices go from 0 to 1\n"},
        {{"weights=[]", "weights.0=3"}, "hint: the list is empty\n"},
        {{"groups.0.demand.nromal.mean=3s"}, "1:17: error: unknown law 'nromal'\n"},
        {{"groups.0.demand.normal.maen=3s"}, "hint: did you mean 'groups.0.demand.normal.mean'?"},
        {{"groups.0.demand.sigma=3s"}, "1:17: error: unknown parameter 'sigma'\n"},
        {{"groups.0.size.choices=3s"}, "1:15: error: unknown law 'choices'\n"},
        {{"events.0.puce=1"},
         "hint: did you mean 'events.0.pace'? known here: at, kind, what, pace, until\n"},
        {{"events.1.pace=1"}, "1:10: error: unknown key 'pace'\n"},
        {{"events.0.kind.slow.pace=1"}, "'kind' has no keys below it\n"},
        {{"rules.0.as=a b"}, "'as' must be a name, found 'a b'\n"},
        {{"title=\xff"}, "byte 0xff is not UTF-8\n"},
        {{"limits.strict=yes", "run.x=1"}, "hint: did you mean true?\n"},
        {{"limits.strict=yes", "run.x=1"}, "unknown key 'x'\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bound bound = bound_set(document, rows[i].set);
        assert_text(&bound, false, rows[i].part, rows[i].set[0], (int)i);
        bound_free(&bound);
    }
}

static void mistakes_show_what_was_typed(void **state)
{
    static const struct {
        struct config_setting setting;
        const char *part;
    } rows[] = {
        {{"rules.b3.choices", "0", "--set choices=0"},
         "--set choices=0:1:9: error: 'choices' must be a whole number from 1 to 64, found '0'\n"
         "    1 | choices=0\n      |         ^\n"},
        {{"rules.b3.best.choice", "3", "--set choice=3"},
         "--set choice=3:1:1: error: unknown key 'choice'\n    1 | choice=3\n"
         "      | ^~~~~~\nhint: did you mean 'choices'? known here: choices, age\n"},
        {{"rules", "{best: {choices: 0}}", "--rule {best: {choices: 0}}"},
         "--rule {best: {choices: 0}}:1:18: error: 'choices' must be"},
        {{"rules", "[any, {best: 0}]", "--rule any --rule {best: 0}"},
         "--rule any --rule {best: 0}:1:14: error: 'choices' must be a whole number from 1 to 64,"
         " found '0'\n    1 | [any, {best: 0}]\n"},
        {{"rules.b3.choices", "0", "--choices 0"}, "--choices 0:1:1: error: 'choices' must be"},
        {{"run.x", "123", "--x 123"}, "--x 123:1:1: error: unknown key 'x'\n    1 | 123\n"
                                      "      | ^~~\n"},
        {{"run.seed", "x", "--set speed=x"}, "--set speed=x:1:1: error: 'seed' must be"},
        {{"run.seed", "longer than shown", "x"}, "x:1:1: error: 'seed' must be"},
        {{"run.seed", "", "--seed "}, "--set run.seed=:1:10: error: 'seed' must be"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bound bound = bound_with(document, strlen(document), &rows[i].setting, 1);
        assert_text(&bound, false, rows[i].part, rows[i].setting.shown, (int)i);
        bound_free(&bound);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_value_can_be_set),
    cmocka_unit_test(a_list_of_one_needs_no_index),
    cmocka_unit_test(what_an_alias_shares_is_not_changed),
    cmocka_unit_test(mistakes_show_the_setting),
    cmocka_unit_test(mistakes_show_what_was_typed),
};

TEST_MAIN(tests)
