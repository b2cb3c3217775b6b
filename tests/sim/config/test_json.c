/* SPDX-License-Identifier: GPL-3.0-or-later
   What the writer writes, byte by byte. */
#include "sim/config/json.h"
#include "tests/test.h"

static void containers_keep_commas_and_lines(void **state)
{
    struct output *output = output_to_memory();
    struct json json = {.output = output};
    size_t size;
    (void)state;
    json_map_open(&json, NULL);
    json_list_open(&json, "a");
    json_unsigned(&json, NULL, UINT64_MAX);
    json_signed(&json, NULL, INT64_MIN);
    json_map_open(&json, NULL);
    json_map_close(&json);
    json_list_open(&json, NULL);
    json_list_close(&json);
    json_list_close(&json);
    json_bool(&json, "b", true);
    json_double(&json, "c", 0.1);
    json_double(&json, "d", NAN);
    json_text(&json, "e", NULL);
    json_map_close(&json);
    assert_string_equal(output_memory(output, &size),
                        "{\n  \"a\": [\n    18446744073709551615,\n"
                        "    -9223372036854775808,\n    {},\n    []\n  ],\n"
                        "  \"b\": true,\n  \"c\": 0.1,\n  \"d\": null,\n  \"e\": null\n}\n");
    output_close(output, false);
}

static void texts_are_escaped(void **state)
{
    struct output *output = output_to_memory();
    struct json json = {.output = output};
    size_t size;
    (void)state;
    json_text(&json, NULL, "a\"b\\c\n\t\x01\x7f\xc3\xbc");
    assert_string_equal(output_memory(output, &size),
                        "\"a\\\"b\\\\c\\n\\t\\u0001\\u007f\xc3\xbc\"");
    output_close(output, false);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(containers_keep_commas_and_lines),
    cmocka_unit_test(texts_are_escaped),
};

TEST_MAIN(tests)
