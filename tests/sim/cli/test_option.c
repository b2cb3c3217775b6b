/* SPDX-License-Identifier: GPL-3.0-or-later
   Spellings of options, what is refused, and the form of all tables. */
#include "sim/cli/command.h"
#include "sim/cli/option.h"
#include "tests/test.h"

#include <string.h>

enum { WORDS_MAX = 12 };

static const char *const sizes[] = {"small", "large", NULL};
static const struct option option_size = {.name = "size", .letter = 's', .words = sizes};
static const struct option option_add = {
    .name = "add", .letter = 'a', .argument = "N", .repeatable = true};
static const struct option option_loud = {.name = "loud", .letter = 'l'};
static const struct option option_mild = {.name = "mild", .letter = 'm'};
static const struct option *const table[] = {&option_size, &option_add, &option_loud,
                                             &option_mild, NULL};
static const struct command command = {
    .name = "try", .operands = "ONE [TWO]", .operand_min = 1, .operand_max = 2,
    .options = table};

/* The words end with NULL. */
static bool parse(struct command_line *line, const char *const *words)
{
    static char program[] = "lbsim";
    static char copies[WORDS_MAX][32];
    static char *argv[WORDS_MAX + 1];
    *line = (struct command_line){.command = &command, .argv = argv, .argc = 1};
    argv[0] = program;
    for (; words[line->argc - 1]; line->argc++) {
        snprintf(copies[line->argc], sizeof copies[0], "%s", words[line->argc - 1]);
        argv[line->argc] = copies[line->argc];
    }
    return option_parse(line, 1);
}

static void option_spellings(void **state)
{
    (void)state;
    static const char *const lines[][WORDS_MAX] = {
        {"--size", "large", "--add", "3", "--loud", "one"},
        {"one", "--size=large", "--add=3", "--loud"},
        {"-s", "large", "-a", "3", "-l", "one"},
        {"-slarge", "-a3", "one", "-l"},
        {"-la3", "-slarge", "--", "one"},
        {"-s", "small", "-la", "3", "--size", "large", "one"},
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct command_line line;
        assert_true(parse(&line, lines[i]));
        assert_string_equal(option_value(&line, &option_size), "large");
        assert_int_equal(option_word(&line, &option_size, 9), 1);
        assert_string_equal(option_value(&line, &option_add), "3");
        assert_true(option_is_given(&line, &option_loud));
        assert_false(option_is_given(&line, &option_mild));
        assert_int_equal(line.operand_count, 1);
        assert_string_equal(line.operands[0], "one");
        arena_free(&line.arena);
    }
}

static void option_refusals(void **state)
{
    (void)state;
    static const char *const lines[][WORDS_MAX] = {
        {"one", "--siz", "large"}, {"one", "--size"},    {"one", "--size", "huge"},
        {"one", "--loud=yes"},     {"one", "-x"},        {"one", "-lx"},
        {"one", "-a"},             {NULL},               {"one", "two", "three"},
        {"one", "--", "two", "-l"}, {"one", "--=3"},     {"one", "--size=large=er"},
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct command_line line;
        assert_false(parse(&line, lines[i]));
        arena_free(&line.arena);
    }
}

static void option_repeated_values(void **state)
{
    (void)state;
    static const char *const words[] = {"-a1", "one", "--add=", "--add", "-3", "-", NULL};
    struct command_line line;
    assert_true(parse(&line, words));
    assert_string_equal(option_value_at(&line, &option_add, 0), "1");
    assert_string_equal(option_value_at(&line, &option_add, 1), "");
    assert_string_equal(option_value_at(&line, &option_add, 2), "-3");
    assert_null(option_value_at(&line, &option_add, 3));
    assert_string_equal(line.operands[1], "-");
    arena_free(&line.arena);
}

static void option_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool fine;
    } rows[] = {{"1", true},   {"42", true},  {"0", false},    {"43", false}, {"-1", false},
                {"+1", false}, {" 1", false}, {"1k", false},   {"", false},   {"0x1", false},
                {"007", true}, {"1.0", false}, {"99999999999999999999", false},
                {"0.04k", true}, {"k", false}, {"0.04", false}, {"0.04kk", false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *const words[] = {"one", "--add", rows[i].text, NULL};
        struct command_line line;
        uint64_t number = 1234;
        assert_true(parse(&line, words));
        assert_int_equal(option_number(&line, &option_add, 1, 42, &number), rows[i].fine);
        assert_int_equal(number == 1234, !rows[i].fine);
        arena_free(&line.arena);
    }
}

/* No two rows of a table share a name or a letter, and every row has its help. */
static void option_tables(void **state)
{
    (void)state;
    const struct command *each;
    for (size_t c = 0; (each = command_at(c)); c++) {
        const struct option *const *rows = each->options;
        for (size_t i = 0; rows && rows[i]; i++) {
            assert_true(rows[i]->help && rows[i]->help[0]);
            assert_true(strcmp(rows[i]->name, "help") != 0 && rows[i]->letter != 'h');
            for (size_t j = 0; j < i; j++) {
                assert_string_not_equal(rows[i]->name, rows[j]->name);
                assert_true(!rows[i]->letter || rows[i]->letter != rows[j]->letter);
            }
        }
        for (size_t i = 0; i < COMMAND_STATUSES && each->statuses[i]; i++)
            assert_non_null(command_status_help(each->statuses[i]));
        assert_ptr_equal(command_find(each->name), each);
        assert_true(each->summary && each->examples && each->examples[0] && each->run);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(option_spellings),       cmocka_unit_test(option_refusals),
    cmocka_unit_test(option_repeated_values), cmocka_unit_test(option_numbers),
    cmocka_unit_test(option_tables),
};

TEST_MAIN(tests)
