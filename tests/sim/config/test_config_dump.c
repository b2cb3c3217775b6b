/* SPDX-License-Identifier: GPL-3.0-or-later
   A dump binds to the same values again, and is the same text whatever way a document was
   written. */
#include "tests/sim/config/config_test.h"

#include "sim/config/json.h"

static const char *const documents[] = {
    WORLD_START,
    "version: 1\nrules: [any, {any: , as: x}, {best: {age: 3s}, as: y}, shop.best]\n"
    "groups:\n  - {name: a, arrivals: {file: \"a \\\"b\\\".csv\"}, demand: {normal: 0.1ns}}\n"
    "  - {name: b, arrivals: 7/m, demand: {between: {low: 1.5ns, high: 1e17ns}}}\n"
    "  - {name: c, arrivals: 1e9/s, demand: {mix: {of: [1d, {mix: [0s, {normal: 90s}]}]}},\n"
    "     size: {mix: [0.5B, 4095B, {fixed: 1e18B}]}, order: shared, timeout: 1ns, count: 1M}\n",
    WORLD_START "title: 'a: \"\\ \xc3\xbc'\nfile: a/b.csv\nrun: {duration: 1m30s, warmup: 0s, "
                "repeats: 7, seed: 18446744073709551615}\nweights: []\nfactor: -0.1\n"
                "limits: {memory: 999999999999B, share: 0.3333333333333333, strict: true}\n",
    WORLD_START "weights: [0.1, 1e-300, 99.99999999999999, 7, 1e2]\nfactor: 33.333333333333336\n"
                "limits: {share: 7%, memory: 1B}\n",
    WORLD_START "events: [{until: 5m, kind: slow, at: 3m, what: all}, {at: 0s, kind: stop},\n"
                "  {kind: fill, amount: 1.5Ki, at: 1ns}]\n",
    WORLD_START "limits: {memory: 3GB, share: 0, strict: false}\n",
    "version: 1\nrules: best\ngroups: {name: web, arrivals: 1/s, demand: 4ms, limits: {}}\n",
    "version: 1\nrules: best\ngroups: {name: a, arrivals: 1/s, demand: 1s, limits: {share: 0}}\n",
};

static void a_dump_binds_to_the_same_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        struct bound bound = bound_of(documents[i]);
        ASSERT_BOUND(bound);
        const char *first = bound_text(&bound);
        struct bound again = bound_of(first);
        ASSERT_BOUND(again);
        assert_string_equal(bound_text(&again), first);
        assert_memory_equal(&again.world->run, &bound.world->run, sizeof bound.world->run);
        assert_memory_equal(&again.world->factor, &bound.world->factor, sizeof(double));
        assert_memory_equal(again.world->weights.items ? again.world->weights.items : "",
                            bound.world->weights.items ? bound.world->weights.items : "",
                            bound.world->weights.count * sizeof(double));
        bound_free(&again);
        bound_free(&bound);
    }
}

static void every_way_of_writing_gives_one_dump(void **state)
{
    static const char *const others[] = {
        "rules: [{best: {choices: 2}}]\nversion: 1\nlimits: {strict: false, share: 0.25}\n"
        "groups: [{demand: {fixed: 0.004s}, arrivals: {steady: {rate: 6k/m}}, name: 'web'}]\n",
        "{\"version\": 1, \"rules\": [{\"best\": null}], \"groups\": {\"name\": \"web\",\n"
        "\"demand\": \"4000us\", \"arrivals\": {\"steady\": \"100/s\"}, \"timeout\": \"none\"},\n"
        "\"weights\": [1, 2.0], \"run\": {\"duration\": \"600s\", \"warmup\": \"auto\"}}",
    };
    struct bound bound = bound_of(WORLD_START);
    const char *expected = bound_text(&bound);
    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct bound other = bound_of(others[i]);
        ASSERT_BOUND(other);
        assert_string_equal(bound_text(&other), expected);
        bound_free(&other);
    }
    bound_free(&bound);
}

static void keys_are_sorted_and_what_is_absent_stays_so(void **state)
{
    struct bound bound = bound_of("version: 1\nrules: {any: , as: x}\ngroups: {name: web, "
                                  "arrivals: 100/s, demand: {normal: 4ms}}\nweights: []\n");
    (void)state;
    assert_string_equal(
        bound_text(&bound),
        "{\n  \"factor\": 1.5,\n  \"groups\": [\n    {\n      \"arrivals\": {\n"
        "        \"steady\": {\n          \"rate\": \"100/s\"\n        }\n      },\n"
        "      \"count\": 1,\n      \"demand\": {\n        \"normal\": {\n"
        "          \"cv\": 0.5,\n          \"mean\": \"4ms\"\n        }\n      },\n"
        "      \"name\": \"web\",\n      \"order\": \"fifo\",\n      \"timeout\": \"none\"\n"
        "    }\n  ],\n  \"limits\": {\n    \"memory\": \"64Ki\",\n    \"share\": \"25%\",\n"
        "    \"strict\": false\n  },\n  \"rules\": [\n    {\n      \"any\": {},\n"
        "      \"as\": \"x\"\n    }\n  ],\n  \"run\": {\n    \"duration\": \"10m\",\n"
        "    \"repeats\": \"auto\",\n    \"seed\": 1,\n    \"warmup\": \"auto\"\n  },\n"
        "  \"version\": 1,\n  \"weights\": []\n}\n");
    bound_free(&bound);
}

static void a_dump_fits_into_another_document(void **state)
{
    struct bound bound = bound_of(WORLD_START);
    struct output *output = output_to_memory();
    struct json json = {.output = output};
    size_t size;
    (void)state;
    json_map_open(&json, NULL);
    json_unsigned(&json, "a", 1);
    json_key(&json, "scenario");
    config_dump(world_params, bound.world, output, json.depth);
    json_unsigned(&json, "z", 2);
    json_map_close(&json);
    const char *text = output_memory(output, &size);
    assert_non_null(strstr(text, "{\n  \"a\": 1,\n  \"scenario\": {\n    \"factor\": 1.5,\n"));
    assert_non_null(strstr(text, "      2\n    ]\n  },\n  \"z\": 2\n}\n"));
    struct bound again = bound_of(text);
    assert_string_equal(bound_text(&again), bound_text(&bound));
    bound_free(&again);
    bound_free(&bound);
    output_close(output, false);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_dump_binds_to_the_same_values),
    cmocka_unit_test(every_way_of_writing_gives_one_dump),
    cmocka_unit_test(keys_are_sorted_and_what_is_absent_stays_so),
    cmocka_unit_test(a_dump_fits_into_another_document),
};

TEST_MAIN(tests)
