/* SPDX-License-Identifier: GPL-3.0-or-later
   Copies change, what they were made of does not. */
#include "sim/config/node.h"
#include "tests/test.h"

static struct arena arena;

static int clean(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static void maps_are_copied_when_they_change(void **state)
{
    struct mark nowhere = {.source = NULL};
    const struct node *one = node_scalar(&arena, "1", nowhere);
    const struct node *two = node_scalar(&arena, "2", nowhere);
    struct node_pair pair = {.key = "a", .value = one};
    (void)state;
    const struct node *empty = node_map(&arena, nowhere);
    const struct node *map = node_with(&arena, empty, &pair);
    pair.value = two;
    const struct node *changed = node_with(&arena, map, &pair);
    pair.key = "b";
    const struct node *grown = node_with(&arena, map, &pair);
    assert_int_equal(empty->count, 0);
    assert_ptr_equal(node_find(map, "a")->value, one);
    assert_ptr_equal(node_find(changed, "a")->value, two);
    assert_int_equal(changed->count, 1);
    assert_int_equal(grown->count, 2);
    assert_null(node_find(map, "b"));
    assert_null(node_find(one, "a"));
    assert_null(node_find(NULL, "a"));
    const struct node *list = node_list_of_one(&arena, one);
    const struct node *other = node_with_item(&arena, list, 0, two);
    assert_ptr_equal(list->items[0], one);
    assert_ptr_equal(other->items[0], two);
}

static void nodes_are_named_in_words(void **state)
{
    struct mark nowhere = {.source = NULL};
    struct node quoted = {.type = NODE_SCALAR, .text = "null"};
    (void)state;
    const struct node *map = node_map(&arena, nowhere);
    assert_string_equal(node_words(map, &arena), "a map");
    assert_string_equal(node_words(node_list_of_one(&arena, map), &arena), "a list");
    assert_string_equal(node_words(node_scalar(&arena, "x", nowhere), &arena), "'x'");
    assert_string_equal(node_words(node_scalar(&arena, "~", nowhere), &arena), "nothing");
    assert_string_equal(node_words(node_scalar(&arena, "", nowhere), &arena), "nothing");
    assert_string_equal(node_words(&quoted, &arena), "'null'");
}

static void nodes_are_spelled_on_one_line(void **state)
{
    struct mark nowhere = {.source = NULL};
    struct node quoted = {.type = NODE_SCALAR, .text = "8"};
    (void)state;
    const struct node *inner =
        node_with(&arena, node_map(&arena, nowhere),
                  &(struct node_pair){.key = "mean", .value = node_scalar(&arena, "4ms", nowhere)});
    const struct node *map = node_with(&arena, node_map(&arena, nowhere),
                                       &(struct node_pair){.key = "law", .value = inner});
    map = node_with(&arena, map, &(struct node_pair){.key = "q", .value = &quoted});
    map = node_with(&arena, map,
                    &(struct node_pair){.key = "t",
                                        .value = node_scalar(&arena, "a, b", nowhere)});
    assert_string_equal(node_text(node_list_of_one(&arena, map), &arena),
                        "[{law: {mean: 4ms}, q: \"8\", t: \"a, b\"}]");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_teardown(nodes_are_spelled_on_one_line, clean),
    cmocka_unit_test_teardown(maps_are_copied_when_they_change, clean),
    cmocka_unit_test_teardown(nodes_are_named_in_words, clean),
};

TEST_MAIN(tests)
