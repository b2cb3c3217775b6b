/* SPDX-License-Identifier: GPL-3.0-or-later
   Documents as a whole: run.json, folders of paths, marks, single values, and that no text,
   however broken, does harm. */
#include "tests/sim/config/config_test.h"

#include "sim/engine/check.h"

#include <stdlib.h>
#include <unistd.h>

static void a_run_holds_its_scenario(void **state)
{
    (void)state;
    ASSERT_DUMPED("{\"results\": [1, {\"x\": null}], \"scenario\": {\"version\": 1, \"rules\": "
                  "\"any\", \"groups\": [{\"name\": \"a\", \"arrivals\": \"1/s\", "
                  "\"demand\": \"1s\"}]}, \"zzz\": true}",
                  "\"value\": \"1s\"");
    ASSERT_REFUSED("scenario: {version: 1}\n", "1:11: error: missing key 'groups'\n");
    ASSERT_REFUSED("scenario: 5\n", "the document must be a map of keys, found '5'\n");
}

static struct bound bound_file(const char *path)
{
    struct bound bound = {.config = NULL};
    struct config_setting setting = {.path = "groups.1.arrivals.file.path", .value = "set.csv"};
    bound.world = arena_take(&bound.arena, 1, sizeof *bound.world);
    const struct source *source = source_read(path, &bound.arena, &bound.problems);
    assert_non_null(source);
    bound.config = config_bind(source, world_params, bound.world, &setting, 1, &bound.arena,
                               &bound.problems);
    return bound;
}

static void paths_start_from_the_folder_of_the_file(void **state)
{
    static const char text[] = "version: 1\nrules: any\nfile: data/a.csv\ngroups:\n"
                               "  - {name: a, arrivals: {file: /b.csv}, demand: 1s}\n"
                               "  - {name: b, arrivals: 1/s, demand: 1s}\n";
    char folder[] = "/tmp/lbsim-test-config-XXXXXX", path[64], joined[96];
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a.yaml", folder);
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
    struct bound bound = bound_file(path);
    ASSERT_BOUND(bound);
    snprintf(joined, sizeof joined, "%s/data/a.csv", folder);
    assert_string_equal(bound.world->file, joined);
    const struct group *groups = bound.world->groups.items;
    assert_string_equal(((struct flow_file *)groups[0].arrivals.config)->path, "/b.csv");
    assert_string_equal(((struct flow_file *)groups[1].arrivals.config)->path, "set.csv");
    bound_free(&bound);
    unlink(path);
    rmdir(folder);
}

#define LOST(from) "version: 1\nrules: any\ngroups: {name: a, arrivals: 1/s, demand: {drawn: " \
                   from "}}\n"

struct lost {
    const char *base, *text, *set; /* set: the path in a setting, or NULL */
    const char *message, *hint;
};

static void assert_lost(const struct lost *lost)
{
    struct bound bound = {.config = NULL};
    struct config_setting setting = {.path = "groups.0.demand.drawn.from", .value = lost->set};
    struct source source = {.name = "a", .base = lost->base, .bytes = lost->text,
                            .size = strlen(lost->text)};
    bound.world = arena_take(&bound.arena, 1, sizeof *bound.world);
    bound.config = config_bind(&source, world_params, bound.world, &setting, lost->set != NULL,
                               &bound.arena, &bound.problems);
    assert_int_equal(bound.problems.errors, 1);
    assert_string_equal(bound.problems.items[0].message, lost->message);
    const char *hint = bound.problems.items[0].hint;
    assert_string_equal(hint ? hint : "none", lost->hint);
    bound_free(&bound);
}

static void a_path_to_nothing_says_where_it_starts(void **state)
{
    static const char run[] =
        "{\"scenario\": {\"version\": 1, \"rules\": \"any\", \"groups\": [{\"name\": \"a\", "
        "\"arrivals\": \"1/s\", \"demand\": {\"drawn\": {\"from\": \"no.csv\"}}}]}}\n";
    static const struct lost rows[] = {
        {"sub", LOST("no.csv"), NULL, "sub/no.csv: not there",
         "paths in a scenario start from its folder, 'sub'"},
        {"", LOST("no.csv"), NULL, "no.csv: not there",
         "paths in a scenario start from its folder, here the current one"},
        {"sub", LOST("/no/no.csv"), NULL, "/no/no.csv: not there", "none"},
        {"sub", LOST("/dev/null"), "no.csv", "no.csv: not there",
         "a path in --set starts from the current folder"},
        {"sub", run, NULL, "no.csv: not there",
         "paths in a run.json start from the current folder: go to where it was made, or say "
         "with --set where it is"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_lost(&rows[i]);
}

static void assert_marked(const struct bound *bound, const void *address, uint32_t line,
                          uint32_t column)
{
    struct mark mark = config_mark(bound->config, address);
    if (mark.line != line || mark.column != column)
        fail_msg("found %u:%u, expected %u:%u", mark.line, mark.column, line, column);
}

static void every_field_knows_its_place(void **state)
{
    struct bound bound = bound_of("version: 1\n"
                                  "groups:\n"
                                  "  - name: a\n"
                                  "    arrivals: {steady: {rate: 4/s}}\n"
                                  "    demand: 4ms\n"
                                  "  - {name: b, demand: {normal: 1s}, arrivals: 1/s}\n"
                                  "rules: [any, {best: {}, as: x}]\n"
                                  "run:\n"
                                  "  seed: 7\n");
    (void)state;
    ASSERT_BOUND(bound);
    const struct world *world = bound.world;
    const struct group *groups = world->groups.items;
    const struct param_kind *rules = world->rules.items;
    assert_marked(&bound, &world->version, 1, 10);
    assert_marked(&bound, &world->groups, 2, 1);
    assert_marked(&bound, &groups[0].name, 3, 11);
    assert_marked(&bound, &groups[0].arrivals, 4, 15);
    assert_marked(&bound, groups[0].arrivals.config, 4, 31);
    assert_marked(&bound, &groups[0].demand, 5, 13);
    assert_marked(&bound, groups[0].demand.config, 5, 13);
    assert_marked(&bound, &groups[0].count, 3, 5);
    assert_marked(&bound, &groups[1].count, 6, 5);
    assert_marked(&bound, &groups[1].name, 6, 12);
    const struct law_normal *normal = groups[1].demand.config;
    assert_marked(&bound, &normal->mean, 6, 32);
    assert_marked(&bound, &normal->cv, 6, 32);
    assert_marked(&bound, &rules[0], 7, 9);
    assert_marked(&bound, &rules[1].label, 7, 29);
    assert_marked(&bound, &world->run.seed, 9, 9);
    assert_marked(&bound, &world->run.warmup, 8, 1);
    assert_marked(&bound, &world->limits, 1, 1);
    assert_marked(&bound, &bound, 1, 1);
    bound_free(&bound);
}

static void single_values_are_parsed_and_shown(void **state)
{
    sim_time time = 0;
    double real = 0;
    char text[200];
    const struct param *duration = &run_params[0];
    const struct param *mean = &law_normal_params[0];
    (void)state;
    assert_true(config_parse(duration, "1m30s", &time, text, sizeof text));
    assert_int_equal(time, 90 * SIM_SECOND);
    config_format(duration, &time, text, sizeof text);
    assert_string_equal(text, "90s");
    assert_false(config_parse(duration, "250", &time, text, sizeof text));
    assert_string_equal(text, "'duration' needs a unit, found '250'; did you mean 250s or 250ms?");
    assert_true(config_parse(mean, "17.5", &real, text, sizeof text));
    ASSERT_NEAR(real, 17.5, 0);
}

/* A small generator for mutations: any fixed sequence will do. */
static uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33);
}

static const char *const seeds[] = {
    "version: 1\ngroups:\n  - &web {name: web, arrivals: {steady: {rate: 5/s}}, demand: 4ms}\n"
    "  - {<<: *web, name: app, size: {mix: {of: [4KB, {normal: {mean: 3Ki, cv: 1}}]}}}\n"
    "rules:\n  - any\n  - {best: {choices: 3}, as: b3}\n  - shop.best\n"
    "run: {duration: 1m30s, warmup: auto}\nlimits:\n  share: 7%\n  strict: true\n"
    "title: \"x \\u00fc\"\nweights: [1, 2.5e0]\n",
    "%YAML 1.2\n---\n? version\n: 1\n'rules': >\n  best\ngroups:\n- name: |\n    a\n"
    "  arrivals: 1/s\n  demand: {between: {low: 1s, high: 2s}}\n...\n",
    "{\"scenario\": {\"version\": 1, \"groups\": [{\"name\": \"a\", \"arrivals\": \"1/s\",\n"
    "\t\"demand\": {\"mix\": [\"1s\", \"2s\"]}}], \"rules\": [\"any\"]}, \"x\": [1, 2]}\n",
};

static const char *const scraps[] = {
    "\n", "  ", "\t", "- ", ": ", "? ", "{", "}", "[", "]", ",", "*web", "&web ", "<<: ", "!x ",
    "|\n", ">-\n", "'", "\"", "\\", "%", "#", "---\n", "...\n", "\xc3\xbc", "\xef\xbb\xbf", "\r",
    "1e999", "-5", "null", "as: ", "\xe2\x80\xa8", "\xc2\x85", "\x01", "@", "`"};

enum { MUTANT_ROOM = 4096 };

/* One to three cuts, copies and scraps. */
static size_t mutate(const char *seed_text, char *text, uint64_t *seed)
{
    size_t size = strlen(seed_text);
    memcpy(text, seed_text, size);
    for (uint32_t steps = 1 + next_random(seed) % 3; steps > 0 && size > 8; steps--) {
        size_t at = next_random(seed) % size, length = 1 + next_random(seed) % 8;
        size_t end = at + length < size ? at + length : size;
        const char *scrap = scraps[next_random(seed) % (sizeof scraps / sizeof *scraps)];
        switch (next_random(seed) % 4) {
        case 0:
            memmove(text + at, text + end, size - end);
            size -= end - at;
            break;
        case 1:
            text[at] = (char)(next_random(seed) % 256);
            break;
        case 2:
            scrap = text + next_random(seed) % (size - 8);
            memmove(text + at + 8, text + at, size - at);
            memmove(text + at, scrap, 8);
            size += 8;
            break;
        default:
            memmove(text + at + strlen(scrap), text + at, size - at);
            memcpy(text + at, scrap, strlen(scrap));
            size += strlen(scrap);
            break;
        }
    }
    return size;
}

static void broken_texts_do_no_harm(void **state)
{
    static char text[MUTANT_ROOM];
    uint64_t seed = 1;
    size_t bound_count = 0, refused_count = 0;
    (void)state;
    for (int i = 0; i < 8000; i++) {
        size_t size = mutate(seeds[i % 3], text, &seed);
        struct config_setting setting = {.path = "groups.web.demand.normal.mean", .value = text};
        text[size] = '\0';
        struct bound bound = bound_with(text, size, &setting, i % 10 == 0);
        bool said = bound.config || bound.problems.errors > 0;
        if (!said || (bound.config && bound.problems.errors > 0))
            fail_msg("mutant %d: neither bound nor refused:\n%s", i, text);
        bound_text(&bound);
        bound_count += bound.config != NULL;
        refused_count += bound.config == NULL;
        bound_free(&bound);
    }
    assert_true(bound_count > 100);
    assert_true(refused_count > 1000);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_run_holds_its_scenario),
    cmocka_unit_test(paths_start_from_the_folder_of_the_file),
    cmocka_unit_test(a_path_to_nothing_says_where_it_starts),
    cmocka_unit_test(every_field_knows_its_place),
    cmocka_unit_test(single_values_are_parsed_and_shown),
    cmocka_unit_test(broken_texts_do_no_harm),
};

TEST_MAIN(tests)
