/* SPDX-License-Identifier: GPL-3.0-or-later
   Aliases and merge keys are followed within limits, and a key stands once. */
#include "sim/config/document.h"
#include "sim/config/tree.h"
#include "tests/test.h"

#include <string.h>

static struct arena arena;
static struct problems problems;

static const struct node *parse(const char *text)
{
    const struct source *source = source_of_text("a", text, strlen(text), &arena, &problems);
    return document_parse(source, 0, &arena, &problems);
}

static int clean(void **state)
{
    (void)state;
    problems_free(&problems);
    arena_free(&arena);
    return 0;
}

static const char *text_of(const struct node *map, const char *key)
{
    const struct node_pair *pair = node_find(map, key);
    return pair ? pair->value->text : "none";
}

static void assert_problem(const char *text, const char *message)
{
    size_t before = problems.errors;
    parse(text);
    assert_int_equal(problems.errors, before + 1);
    assert_string_equal(problems.items[problems.latest - 1].message, message);
}

static void aliases_share_their_nodes(void **state)
{
    (void)state;
    const struct node *root = parse("a: &x {b: 1}\nc: *x\nd: &x 2\ne: *x\n");
    assert_non_null(root);
    assert_ptr_equal(node_find(root, "a")->value, node_find(root, "c")->value);
    assert_string_equal(text_of(root, "e"), "2");
}

static void merged_keys_give_way(void **state)
{
    (void)state;
    const struct node *root =
        parse("- &a {x: 1, y: 1, z: 1}\n- &b {y: 2, w: 2}\n- {<<: [*b, *a], z: 3}\n"
              "- {z: 4, <<: *a}\n- {<<: {v: 5}, z: 5}\n");
    assert_non_null(root);
    const struct node *map = root->items[2];
    assert_int_equal(map->count, 4);
    assert_string_equal(text_of(map, "x"), "1");
    assert_string_equal(text_of(map, "y"), "2");
    assert_string_equal(text_of(map, "z"), "3");
    assert_string_equal(text_of(map, "w"), "2");
    assert_string_equal(text_of(root->items[3], "z"), "4");
    assert_string_equal(text_of(root->items[3], "y"), "1");
    assert_string_equal(text_of(root->items[4], "v"), "5");
}

static void bad_aliases_and_merges_are_refused(void **state)
{
    (void)state;
    assert_problem("a: *x\n", "unknown alias '*x'");
    assert_problem("a: &x [*x]\n", "alias '*x' stands inside what it names");
    assert_problem("a: &x [1, [2, *x]]\n", "alias '*x' stands inside what it names");
    assert_problem("a: &x\n  <<: *x\n", "alias '*x' stands inside what it names");
    assert_problem("a: &x 1\n*x : 2\n", "a key must be a word, not an alias");
    assert_problem("a: {<<: 3}\n", "'<<' takes a map or a list of maps");
    assert_problem("a: &x 1\nb: {<<: [*x]}\n", "'<<' takes a map or a list of maps");
    assert_problem("a: {<<: {}, <<: {}}\n", "key '<<' appears twice");
}

static void a_bomb_of_aliases_ends_at_the_budget(void **state)
{
    char text[4096];
    int used = snprintf(text, sizeof text, "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    (void)state;
    for (int i = 1; i <= 9; i++)
        used += snprintf(text + used, sizeof text - (size_t)used,
                         "a%d: &a%d [*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d]\n", i, i,
                         i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    assert_problem(text, "more than 100000 values, aliases spelled out");
    assert_int_equal(problems.items[0].mark.line, 5);
}

static void aliases_count_as_depth(void **state)
{
    char text[8192];
    int used = snprintf(text, sizeof text, "a0: &a0 [x]\n");
    (void)state;
    for (int i = 1; i <= 70; i++)
        used += snprintf(text + used, sizeof text - (size_t)used, "a%d: &a%d [*a%d]\n", i, i,
                         i - 1);
    assert_problem(text, "alias '*a61' nests too deeply");
}

static void a_bomb_of_merges_ends_at_the_budget(void **state)
{
    static char text[200000];
    int used = snprintf(text, sizeof text, "a: &a {");
    (void)state;
    for (int i = 0; i < 1000; i++)
        used += snprintf(text + used, sizeof text - (size_t)used, "k%d: 1,", i);
    used += snprintf(text + used, sizeof text - (size_t)used, "}\n");
    for (int i = 0; i < 1000; i++)
        used += snprintf(text + used, sizeof text - (size_t)used, "b%d: {<<: *a}\n", i);
    assert_problem(text, "more than 100000 values, aliases spelled out");
}

static void every_key_given_twice_is_reported_at_the_second(void **state)
{
    (void)state;
    const struct node *root = parse("b: 1\na: 1\nb: 2\nc: {d: 1, d: 2}\nb: 3\n");
    assert_non_null(root);
    assert_int_equal(problems.errors, 3);
    assert_string_equal(problems.items[0].message, "key 'd' appears twice");
    assert_int_equal(problems.items[0].mark.column, 11);
    assert_string_equal(problems.items[1].message, "key 'b' appears twice");
    assert_int_equal(problems.items[1].mark.line, 3);
    assert_string_equal(problems.items[1].hint, "the first one is on line 1");
    assert_int_equal(problems.items[2].mark.line, 5);
    assert_int_equal(root->count, 3);
    assert_string_equal(text_of(root, "b"), "1");
}

static void anchors_have_a_limit(void **state)
{
    static char text[20000];
    int used = 0;
    (void)state;
    for (int i = 0; i <= TREE_ANCHOR_LIMIT; i++)
        used += snprintf(text + used, sizeof text - (size_t)used, "- &a%d x\n", i);
    assert_problem(text, "more than 1000 anchors");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_teardown(aliases_share_their_nodes, clean),
    cmocka_unit_test_teardown(merged_keys_give_way, clean),
    cmocka_unit_test_teardown(bad_aliases_and_merges_are_refused, clean),
    cmocka_unit_test_teardown(a_bomb_of_aliases_ends_at_the_budget, clean),
    cmocka_unit_test_teardown(aliases_count_as_depth, clean),
    cmocka_unit_test_teardown(a_bomb_of_merges_ends_at_the_budget, clean),
    cmocka_unit_test_teardown(every_key_given_twice_is_reported_at_the_second, clean),
    cmocka_unit_test_teardown(anchors_have_a_limit, clean),
};

TEST_MAIN(tests)
