/* SPDX-License-Identifier: GPL-3.0-or-later
   Texts become nodes with places; what is not one sound document is refused with a place
   and a hint; hostile texts end soon. */
#include "sim/config/document.h"
#include "sim/engine/check.h"
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

struct parsed {
    struct arena arena;
    struct problems problems;
    const struct node *root;
};

static struct parsed parsed_of(const char *text, size_t size)
{
    struct parsed parsed = {.root = NULL};
    const struct source *source =
        source_of_text("a", text, size, &parsed.arena, &parsed.problems);
    assert_non_null(source);
    parsed.root = document_parse(source, 0, &parsed.arena, &parsed.problems);
    return parsed;
}

static void parsed_free(struct parsed *parsed)
{
    problems_free(&parsed->problems);
    arena_free(&parsed->arena);
}

static void assert_mark(struct mark mark, uint32_t line, uint32_t column, uint32_t length)
{
    if (mark.line != line || mark.column != column || mark.length != length)
        fail_msg("found %u:%u+%u, expected %u:%u+%u", mark.line, mark.column, mark.length, line,
                 column, length);
}

static const struct node *value_of(const struct node *map, const char *key)
{
    const struct node_pair *pair = node_find(map, key);
    assert_non_null(pair);
    return pair->value;
}

static void nodes_know_their_places(void **state)
{
    static const char text[] = "a: \xc3\xbc\xc3\xbc 1\nb: {c: \"x\\ty\", d: [1, 'z']}\n"
                               "e:\n  - f: g\n    h:\nk: |\n  text\n  more\n";
    struct parsed parsed = parsed_of(text, sizeof text - 1);
    const struct node *root = parsed.root;
    (void)state;
    assert_non_null(root);
    assert_int_equal(root->count, 4);
    assert_mark(root->mark, 1, 1, 1);
    assert_mark(value_of(root, "a")->mark, 1, 4, 4);
    assert_mark(node_find(root, "b")->mark, 2, 1, 1);
    const struct node *flow = value_of(root, "b");
    assert_mark(flow->mark, 2, 4, 24);
    assert_mark(value_of(flow, "c")->mark, 2, 8, 6);
    assert_string_equal(value_of(flow, "c")->text, "x\ty");
    assert_false(value_of(flow, "c")->plain);
    assert_mark(value_of(flow, "d")->items[1]->mark, 2, 23, 3);
    const struct node *list = value_of(root, "e");
    assert_mark(list->mark, 3, 1, 1);
    assert_mark(list->items[0]->mark, 4, 5, 1);
    assert_true(node_is_null(value_of(list->items[0], "h")));
    assert_mark(value_of(list->items[0], "h")->mark, 5, 5, 1);
    assert_string_equal(value_of(root, "k")->text, "text\nmore");
    parsed_free(&parsed);
}

static void line_ends_tabs_and_json_are_fine(void **state)
{
    static const char *const texts[] = {
        "\xef\xbb\xbf\x61: 1\r\nb: [2,\r\n 3]\r\n", "{\n\t\"a\": 1,\n\t\"b\": [2, 3]\n}\n",
        "a: 1\nb: [\n  2, 3\n]\n", "a: 1 # x\n\n# y\nb:\n- 2\n- 3",
        "%YAML 1.2\n---\na: 1\nb: [2,3]\n...\n"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct parsed parsed = parsed_of(texts[i], strlen(texts[i]));
        if (!parsed.root)
            fail_msg("text %zu: %s", i, parsed.problems.items[0].message);
        assert_string_equal(value_of(parsed.root, "a")->text, "1");
        assert_string_equal(value_of(parsed.root, "b")->items[1]->text, "3");
        parsed_free(&parsed);
    }
}

static void unsound_texts_are_refused_with_place_and_hint(void **state)
{
    static const struct {
        const char *text, *message, *hint;
        uint32_t line, column;
    } rows[] = {
        {"a:\n\tb: 1\n", "tab character may not be used as indentation", "indent with", 2, 1},
        {"a: [1, 2\nb: 3\n", "'[' is never closed", "add the ']'", 1, 4},
        {"a: {b: {c: 1}\n", "'{' is never closed", "add the '}'", 1, 4},
        {"a: 1\n  b: 2\n", "invalid multiline plain key", "indented too far", 1, 4},
        {"a: \"open\nb: 1\n", "double-quoted scalar without closing quote", "add the quote", 1, 5},
        {"a: 1\nb\nc: 2\n", "could not find expected ':'", "key: value", 2, 1},
        {"a: b: c\n", "invalid nested block mapping", "quotes", 1, 5},
        {"a: @x\n", "plain scalar cannot start with '@'", "quotes", 1, 4},
        {"a: {b: 1\n  c: 2}\n", "missing comma", "','; the '{' opened at line 1 is not", 2, 4},
        {"a: {b: 1, c: {d: 2\n   }\ne: {f: 1}\n", "missing comma",
         "separate the entries by ','; the '{' opened at line 1 is not closed before", 3, 1},
        {"- a\nb: c\n", "invalid scalar at the end of block sequence", "do not mix", 2, 1},
        {"a: 1\n---\nb: 2\n", "a second document begins here", "one document", 2, 1},
        {"a: 1\n...\nb: 2\n", "a second document begins here", "one document", 3, 1},
        {"# only words\n", "holds no keys, only comments", NULL, 0, 0},
        {" \n\n", "holds no keys, only comments", NULL, 0, 0},
        {"a: !!int 3\n", "tags such as '!!int' have no use here", NULL, 1, 4},
        {"\xc3\xbc: [!!python/object {}]\n", "tags such as '!!python/object' have", NULL, 1, 5},
        {"- !a\n  b: 1\n", "tags such as '!a' have no use here", NULL, 1, 3},
        {"a: !<tag:x,1>\n  b\n", "tags such as '!<tag:x' have no use here", NULL, 1, 4},
        {"? [a]\n: b\n", "a key must be a word, not a list or map", NULL, 1, 3},
        {": b\n", "a key is missing before ':'", NULL, 1, 1},
        {"a: \"\\0\"\n", "a NUL character has no place in a text", NULL, 1, 4},
        {"\"a\\0\": b\n", "a key must be a word", NULL, 1, 1},
        {"a: \"\\ud800\"\n", "double-quoted scalar has invalid UTF8 escape", NULL, 1, 5},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct parsed parsed = parsed_of(rows[i].text, strlen(rows[i].text));
        const struct problem *first = &parsed.problems.items[0];
        if (parsed.root || parsed.problems.errors != 1)
            fail_msg("row %zu: %zu errors", i, parsed.problems.errors);
        if (!strstr(first->message, rows[i].message) || first->mark.line != rows[i].line ||
            first->mark.column != rows[i].column)
            fail_msg("row %zu: %u:%u: %s", i, first->mark.line, first->mark.column,
                     first->message);
        if (rows[i].hint && (!first->hint || !strstr(first->hint, rows[i].hint)))
            fail_msg("row %zu: hint %s", i, first->hint ? first->hint : "none");
        parsed_free(&parsed);
    }
}

/* A part, `count` times, in memory of the caller. */
static char *repeated(const char *part, size_t count, const char *start, const char *end)
{
    size_t length = strlen(part), size = strlen(start) + count * length + strlen(end);
    char *text = memory_take(size + 1, 1), *at = text;
    memcpy(at, start, strlen(start));
    at += strlen(start);
    for (size_t i = 0; i < count; i++, at += length)
        memcpy(at, part, length);
    memcpy(at, end, strlen(end) + 1);
    return text;
}

static void hostile_texts_end_soon_with_one_problem(void **state)
{
    static const struct {
        const char *start, *part, *end;
        size_t count;
        const char *message;
    } rows[] = {
        {"a: ", "[", "", 10000, "nested more than 64 levels deep"},
        {"a: ", "{a: ", "", 10000, "nested more than 64 levels deep"},
        {"", "- ", "x\n", 10000, "nested more than 64 levels deep"},
        {"", "? ", "x\n", 10000, "a key must be a word, not a list or map"},
        {"a: [", "1,", "]", 1000000, "more than 100000 values, aliases spelled out"},
        {"a: ", "x", "\n", 100000, "text of more than 64 KiB"},
        {"", "x", ": 1\n", 1000, NULL},
        {"a: [", "&a x,", "]", 90000, NULL},
        {"a: [&a [x],", "*a,", "]", 90000, "more than 100000 values, aliases spelled out"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = repeated(rows[i].part, rows[i].count, rows[i].start, rows[i].end);
        clock_t start = clock();
        struct parsed parsed = parsed_of(text, strlen(text));
        double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
        const char *found = parsed.root ? "nothing" : parsed.problems.items[0].message;
        if (!parsed.root != (rows[i].message != NULL) ||
            (rows[i].message && strcmp(found, rows[i].message) != 0))
            fail_msg("row %zu: %s", i, found);
        assert_true(parsed.problems.errors <= 1);
        if (seconds > 2)
            fail_msg("row %zu: %.3g s", i, seconds);
        parsed_free(&parsed);
        free(text);
    }
}

static void depth_grows_by_indentation_too(void **state)
{
    enum { LEVELS = 3000 };
    char *text = memory_take((size_t)LEVELS * (LEVELS + 4), 1), *at = text;
    (void)state;
    for (int i = 0; i < LEVELS; i++)
        at += sprintf(at, "%*sa:\n", i, "");
    struct parsed parsed = parsed_of(text, (size_t)(at - text));
    assert_null(parsed.root);
    assert_string_equal(parsed.problems.items[0].message, "nested more than 64 levels deep");
    assert_int_equal(parsed.problems.items[0].mark.line, 64);
    parsed_free(&parsed);
    free(text);
}

static void places_count_from_the_start_of_the_source(void **state)
{
    struct parsed parsed = {.root = NULL};
    static const char text[] = "\xc3\xbc.b=[1, x]";
    (void)state;
    const struct source *source =
        source_of_text("a", text, strlen(text), &parsed.arena, &parsed.problems);
    parsed.root = document_parse(source, 5, &parsed.arena, &parsed.problems);
    assert_non_null(parsed.root);
    assert_mark(parsed.root->mark, 1, 5, 6);
    assert_mark(parsed.root->items[1]->mark, 1, 9, 1);
    parsed_free(&parsed);
}

static void texts_of_ours_have_the_place_given(void **state)
{
    struct arena arena = {0};
    struct mark mark = {.line = 7, .column = 3, .length = 2};
    (void)state;
    const struct node *node = document_of_text("{a: [1, 'x']}", mark, &arena);
    assert_mark(value_of(node, "a")->items[1]->mark, 7, 3, 2);
    node = document_of_text("250ms", mark, &arena);
    assert_string_equal(node->text, "250ms");
    assert_true(node->plain);
    assert_int_equal(document_of_text("25%", mark, &arena)->type, NODE_SCALAR);
    assert_int_equal(document_of_text("{}", mark, &arena)->count, 0);
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(nodes_know_their_places),
    cmocka_unit_test(line_ends_tabs_and_json_are_fine),
    cmocka_unit_test(unsound_texts_are_refused_with_place_and_hint),
    cmocka_unit_test(hostile_texts_end_soon_with_one_problem),
    cmocka_unit_test(depth_grows_by_indentation_too),
    cmocka_unit_test(places_count_from_the_start_of_the_source),
    cmocka_unit_test(texts_of_ours_have_the_place_given),
};

TEST_MAIN(tests)
