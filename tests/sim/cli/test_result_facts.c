/* SPDX-License-Identifier: GPL-3.0-or-later
   Faults, changes, time-outs and oracles of a resolved scenario. */
#include "sim/cli/result_facts.h"

#include "tests/test.h"

static const char resolved[] =
    "{\"clients\": [{\"name\": \"web\", \"timeout\": \"250ms\"},"
    " {\"name\": \"batch\", \"timeout\": \"none\"}],"
    " \"faults\": [{\"kind\": \"crash\", \"on\": \"a-0\", \"from\": \"1m\", \"to\": \"90s\"},"
    " {\"kind\": \"pause\", \"from\": \"0s\", \"to\": \"never\", \"up\": {}}],"
    " \"membership\": [{\"at\": \"20s\", \"add\": {\"pods\": \"a\", \"count\": 2}},"
    " {\"at\": \"70s\", \"down\": \"a-1\"}]}";

static void scenario_is_told(void **state)
{
    (void)state;
    static struct result_policy policies[] = {{"pair", "p2c", 1, 1, 1},
                                              {"bound", "central_queue", 1, 1, 1},
                                              {"gone", "no_such_policy", 1, 1, 1}};
    const struct result result = {
        .resolved = resolved, .policies = policies, .policy_count = 3, .compiler = "cc 1"};
    static const struct facts_span expected[] = {
        {0, (double)INFINITY, "at random: pause of all pods"},
        {20, 20, "add 2 a"},
        {60, 90, "crash of a-0"},
        {70, 70, "down a-1"}};
    struct arena arena = {0};
    struct report_facts facts = result_facts(&result, &arena);
    assert_int_equal(facts.span_count, 4);
    for (int i = 0; i < 4; i++) {
        assert_string_equal(facts.spans[i].text, expected[i].text);
        ASSERT_NEAR(facts.spans[i].from, expected[i].from, 1e-12);
        assert_true(facts.spans[i].to == expected[i].to);
    }
    assert_int_equal(facts.timeout_count, 1);
    assert_string_equal(facts.timeouts[0].client, "web");
    ASSERT_NEAR(facts.timeouts[0].seconds, 0.25, 1e-12);
    assert_string_equal(facts.oracles[0], "bound");
    assert_null(facts.oracles[1]);
    assert_string_equal(facts.compiler, "cc 1");
    arena_free(&arena);
}

static void lone_traces_have_none(void **state)
{
    (void)state;
    const struct result result = {0};
    struct arena arena = {0};
    struct report_facts facts = result_facts(&result, &arena);
    assert_int_equal(facts.span_count + facts.timeout_count, 0);
    assert_null(facts.oracles[0]);
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(scenario_is_told),
    cmocka_unit_test(lone_traces_have_none),
};
TEST_MAIN(tests)
