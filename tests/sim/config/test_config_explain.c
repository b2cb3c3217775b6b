/* SPDX-License-Identifier: GPL-3.0-or-later
   Every path of the tables explains itself; one that leads nowhere gives the nearest. */
#include "tests/sim/config/config_test.h"

/* What is explained at the path, or the problem, must hold the part. */
static void assert_explained(const char *path, bool known, const char *part)
{
    struct output *output = output_to_memory();
    struct problems problems = {.count = 0};
    size_t size;
    bool found = config_explain(world_params, path, output, &problems);
    if (!found)
        problems_print(&problems, output, false);
    const char *text = output_memory(output, &size);
    if (found != known || !strstr(text, part) || (problems.errors > 0) == known)
        fail_msg("'%s' explains:\n%s", path, text);
    output_close(output, false);
    problems_free(&problems);
}

static void keys_explain_themselves(void **state)
{
    static const struct {
        const char *path, *part;
    } rows[] = {
        {"", "  KEY      TYPE            DEFAULT          MEANING\n"
             "  version  count           required         of the format\n"
             "  title    text            (absent)         text\n"},
        {"run", "PATH:     run\nTYPE:     map\nDEFAULT:  {}\nMEANING:  the run\n\n  KEY "},
        {"run.duration", "PATH:     run.duration\nTYPE:     duration, such as 250ms or 1m30s\n"
                         "DEFAULT:  10m\nRANGE:    from 1ms to 10000000s\n"
                         "MEANING:  how long to look\n"},
        {"run.warmup", "DEFAULT:  auto\nALSO:     auto\nMEANING:  what is not looked at\n"},
        {"groups", "TYPE:     list of map\nDEFAULT:  required\nITEMS:    from 1 to 1000\n"},
        {"groups.order", "WORDS:    fifo, lifo, shared\n"},
        {"groups.0.order", "WORDS:    fifo, lifo, shared\n"},
        {"groups.demand", "  normal   a bell\n"},
        {"groups.demand", "A bare value stands for the first parameter of 'fixed'.\n"},
        {"groups.demand.normal", "  mean  duration  required  mean of the draws\n"},
        {"groups.demand.normal.mean", "RANGE:    at most 1000000s\n"},
        {"groups.size.mix.of.normal", "  mean  size    required  mean of the draws\n"},
        {"groups.limits.share", "RANGE:    from 0% to 100%\n"},
        {"events", "  kind  event     required  what happens\n"},
        {"events.kind", "Its parameters stand beside this key, in the same map.\n"},
        {"events.kind.fill", "  amount  size  required  how much is put in\n"},
        {"rules", "A sibling key `as: NAME` gives it a name of its own.\n"},
        {"rules.shop.best.choices", "RANGE:    from 1 to 64\n"},
        {"rules.any", "It takes no parameters.\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_explained(rows[i].path, true, rows[i].part);
}

static void paths_that_lead_nowhere_give_the_nearest(void **state)
{
    (void)state;
    assert_explained("run.duratoin", false,
                     "error: nothing named 'duratoin' in 'run'\n"
                     "hint: did you mean 'run.duration'?\n");
    assert_explained("seed", false, "hint: did you mean 'run.seed'?\n");
    assert_explained("value", false,
                     "hint: did you mean one of groups.demand.fixed.value, "
                     "groups.size.fixed.value?\n");
    assert_explained("groups.arrivals.stedy", false,
                     "hint: did you mean 'groups.arrivals.steady'?\n");
    assert_explained("factor.x", false, "hint: there are no keys below it\n");
    assert_explained("run.", false, "known here: duration, warmup, repeats, seed\n");
    assert_explained("zzz", false, "hint: known here: version, title,");
}

/* Each row of a table, and of those below it, must explain itself. */
static void assert_all_explained(const struct param *table, const char *before, int depth)
{
    for (const struct param *row = table; row && row->key && depth > 0; row++) {
        char path[256];
        snprintf(path, sizeof path, "%s%s", before, row->key);
        assert_explained(path, true, row->help);
        const struct param *item = row->type == PARAM_LIST ? row->of.item : row;
        snprintf(path, sizeof path, "%s%s.", before, row->key);
        if (item->type == PARAM_MAP)
            assert_all_explained(item->of.fields, path, depth - 1);
        const struct kind *kind;
        for (size_t i = 0; item->type == PARAM_KIND && (kind = item->of.kinds->at(i)); i++) {
            char inner[512];
            snprintf(inner, sizeof inner, "%s%s.", path, kind->name);
            assert_all_explained(kind->params, inner, depth - 1);
        }
    }
}

static void every_row_explains_itself(void **state)
{
    (void)state;
    assert_all_explained(world_params, "", 5);
}

static void a_kind_explains_its_parameters(void **state)
{
    struct output *output = output_to_memory();
    size_t size;
    (void)state;
    config_explain_kind(&law_list[1], PARAM_DURATION, output);
    const char *text = output_memory(output, &size);
    assert_non_null(strstr(text, "NAME:     normal\nMEANING:  a bell\n\n  KEY   TYPE "));
    assert_non_null(strstr(text, "KEY:      cv\nTYPE:     number, such as 1.5\nDEFAULT:  0.5\n"
                                 "RANGE:    from 0 to 10\n"));
    output_close(output, false);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(keys_explain_themselves),
    cmocka_unit_test(paths_that_lead_nowhere_give_the_nearest),
    cmocka_unit_test(every_row_explains_itself),
    cmocka_unit_test(a_kind_explains_its_parameters),
};

TEST_MAIN(tests)
