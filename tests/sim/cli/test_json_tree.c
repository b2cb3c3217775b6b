/* SPDX-License-Identifier: GPL-3.0-or-later
   JSON as our writer makes it reads back; what is broken is refused with its line. */
#include "sim/cli/json_tree.h"
#include "sim/config/json.h"
#include "tests/test.h"

#include <string.h>

static void json_tree_values(void **state)
{
    (void)state;
    static const char text[] =
        " {\"a\": [1, -2.5e3, true, false, null], \"b\": {\"c\": \"x\\n\\u00e9\\ud83d\\ude00\"},"
        "\r\n\t\"d\": 18446744073709551615, \"e\": [], \"f\": {}} ";
    struct arena arena = {0};
    char message[128];
    const struct json_value *root =
        json_tree_read(text, strlen(text), &arena, message, sizeof message);
    assert_non_null(root);
    const struct json_value *list = json_tree_member(root, "a")->first;
    assert_int_equal(json_tree_unsigned(list), 1);
    ASSERT_NEAR(json_tree_double(list->next), -2500, 0);
    assert_int_equal(json_tree_unsigned(list->next), 0);
    assert_true(json_tree_bool(list->next->next));
    assert_false(json_tree_bool(list->next->next->next));
    assert_true(isnan(json_tree_double(list->next->next->next->next)));
    const struct json_value *inner = json_tree_member(root, "b");
    assert_string_equal(json_tree_text(json_tree_member(inner, "c")),
                        "x\n\xc3\xa9\xf0\x9f\x98\x80");
    assert_int_equal(inner->begin[0], '{');
    assert_int_equal(inner->end[-1], '}');
    assert_true(json_tree_unsigned(json_tree_member(root, "d")) == UINT64_MAX);
    assert_null(json_tree_member(root, "e")->first);
    assert_null(json_tree_member(root, "g"));
    assert_null(json_tree_text(json_tree_member(root, "g")));
    arena_free(&arena);
}

static void json_tree_refusals(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",          "{",           "{\"a\"}",      "{\"a\": 1,}",  "[1 2]",   "[1,",
        "nul",       "{\"a\": tru", "1 2",          "\"x",          "\"\\x\"", "\"\\u12g4\"",
        "\"\\ud800\"", "\"a\nb\"",  "{a: 1}",       "--1",          "1e",      "\"\\u0000\"",
        "\"\\",      "[1]]",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct arena arena = {0};
        char message[128] = "";
        assert_null(json_tree_read(texts[i], strlen(texts[i]), &arena, message,
                                   sizeof message));
        assert_true(strncmp(message, "line ", 5) == 0);
        arena_free(&arena);
    }
}

static void json_tree_depth(void **state)
{
    (void)state;
    char text[100001];
    memset(text, '[', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    struct arena arena = {0};
    char message[128];
    assert_null(json_tree_read(text, sizeof text - 1, &arena, message, sizeof message));
    assert_non_null(strstr(message, "deep"));
    arena_free(&arena);
}

static void json_tree_round_trip(void **state)
{
    (void)state;
    static const char odd[] = "\"\\\t\n\x01\x7f/\xc3\xa9";
    struct json json = {.output = output_to_memory()};
    json_map_open(&json, NULL);
    json_double(&json, "double", 0.1);
    json_double(&json, "none", (double)NAN);
    json_text(&json, "text", odd);
    json_map_close(&json);
    size_t size;
    const char *text = output_memory(json.output, &size);
    struct arena arena = {0};
    char message[128] = "";
    const struct json_value *root = json_tree_read(text, size, &arena, message, sizeof message);
    assert_string_equal(message, "");
    assert_true(json_tree_double(json_tree_member(root, "double")) == 0.1);
    assert_true(isnan(json_tree_double(json_tree_member(root, "none"))));
    assert_string_equal(json_tree_text(json_tree_member(root, "text")), odd);
    arena_free(&arena);
    output_close(json.output, false);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(json_tree_values),
    cmocka_unit_test(json_tree_refusals),
    cmocka_unit_test(json_tree_depth),
    cmocka_unit_test(json_tree_round_trip),
};

TEST_MAIN(tests)
