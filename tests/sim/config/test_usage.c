/* SPDX-License-Identifier: GPL-3.0-or-later
   Every way of naming a kind, and what names none. */
#include "sim/config/document.h"
#include "sim/config/usage.h"
#include "tests/sim/config/config_test.h"

static struct arena arena;

static int clean(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static struct usage usage_of(const struct param *row, const char *text)
{
    return usage_read(row, document_of_text(text, (struct mark){.line = 1}, &arena), &arena);
}

static void every_form_names_its_kind(void **state)
{
    static const struct param laws = {"x", PARAM_KIND, .of.kinds = &law_kinds};
    static const struct {
        bool rule;
        const char *text, *kind, *first, *value, *label;
    } rows[] = {
        {false, "4ms", "fixed", "value", "4ms", NULL},
        {false, "{fixed: 4ms}", "fixed", "value", "4ms", NULL},
        {false, "{normal: {mean: 3s}}", "normal", "mean", "3s", NULL},
        {false, "normal", "normal", NULL, NULL, NULL},
        {false, "{normal: }", "normal", NULL, NULL, NULL},
        {false, "{normal: {}}", "normal", NULL, NULL, NULL},
        {true, "best", "best", NULL, NULL, NULL},
        {true, "{as: x, best: 3}", "best", "choices", "3", "x"},
        {true, "{shop.best: {choices: 4}, as: y}", "shop.best", "choices", "4", "y"},
        {true, "{any: }", "any", NULL, NULL, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct usage usage = usage_of(rows[i].rule ? &world_rule : &laws, rows[i].text);
        if (usage.fault != USAGE_FINE || strcmp(usage.kind->name, rows[i].kind) != 0)
            fail_msg("%s", rows[i].text);
        if (rows[i].first)
            assert_string_equal(node_find(usage.body, rows[i].first)->value->text,
                                rows[i].value);
        else
            assert_true(!usage.body || usage.body->count == 0);
        if (rows[i].label)
            assert_string_equal(usage.label->value->text, rows[i].label);
        else
            assert_null(usage.label);
    }
}

static void what_names_no_kind_is_told_apart(void **state)
{
    static const struct {
        const char *text;
        enum usage_fault fault;
        const char *name;
    } rows[] = {{"bets", USAGE_UNKNOWN, "bets"},
                {"4ms", USAGE_UNKNOWN, "4ms"},
                {"{bets: {}}", USAGE_UNKNOWN, "bets"},
                {"{best: {}, choices: 3}", USAGE_SECOND, "choices"},
                {"{}", USAGE_SHAPE, NULL},
                {"{as: x}", USAGE_SHAPE, NULL},
                {"[best]", USAGE_SHAPE, NULL},
                {"~", USAGE_SHAPE, NULL}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct usage usage = usage_of(&world_rule, rows[i].text);
        if (usage.fault != rows[i].fault)
            fail_msg("%s: found %d", rows[i].text, (int)usage.fault);
        if (rows[i].name)
            assert_string_equal(usage.name, rows[i].name);
    }
    assert_non_null(usage_of(&world_rule, "{any: 3}").odd_body);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_teardown(every_form_names_its_kind, clean),
    cmocka_unit_test_teardown(what_names_no_kind_is_told_apart, clean),
};

TEST_MAIN(tests)
