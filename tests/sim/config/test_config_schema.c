/* SPDX-License-Identifier: GPL-3.0-or-later
   The JSON Schema takes what the binder takes, judged by Python's jsonschema; what a schema
   cannot say is listed. */
#include "tests/sim/config/config_test.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DOCUMENTS_LIMIT = 4000, NO_PYTHON = 77 };

/* What the binder refuses and a schema cannot: bounds of texts with units, fractions of the
   smallest unit, names given twice, checks between fields, and how a number was written. */
static const char *const beyond_schema[] = {
    "must be a duration",      "must be a rate",           "must be a size",
    "must be a ratio",         "must be whole ",           "is taken",
    "low must not be above",   "must be a name, found '.5'", "must be a name, found '+5'",
    "found '2k'",              "found '1M'"};

static const char *const values[] = {
    "1", "0", "7", "-1", "1.5", "0.0", ".5", "5.", "+5", "1e2", "1e300", "100000", "nan", ".inf",
    "true", "false", "yes", "null", "~", "''", "'1'", "'true'", "'a'", "a", "a b", "a.b-c_d", "-x",
    "2k", "1M", "3K", "25%", "150%", "'5%'", "250ms", "1m30s", "1h", "5 ms", "5msec", "-3s", "4us",
    "4\xc2\xb5s", "100/s", "5/m", "1k/s", "5/x", "3/ms", "64Ki", "2MB", "200B", "1TiB", "9kB",
    "auto", "none", "fifo", "shared", "best", "any", "shop.best", "steady", "normal", "fixed",
    "[]", "[1]", "[1, 2]", "[5ms]", "[best]", "[best, any]", "[[1]]", "{}", "{a: 1}",
    "{seed: 3}", "{share: 5%, strict: true}", "{best: }", "{best: 3}", "{best: {}}",
    "{best: {choices: 3}, as: x}", "{best: {choices: 3}, as: 'a b'}", "{best: {choice: 3}}",
    "{as: x}", "{any: }", "{any: 3}", "{any: {}}", "{any: {x: 1}}", "{shop.best: {age: none}}",
    "{steady: 5/s}", "{steady: {rate: 5/s}}", "{steady: {}}", "{steady: }", "{steady: 5}",
    "{file: a b.csv}", "{file: {path: x, speed: 2}}", "{file: {path: x, speed: 200}}",
    "{normal: 5ms}", "{normal: {mean: 5ms, cv: 3}}", "{normal: {mean: 5ms, cv: 11}}",
    "{normal: {mean: 5KB}}", "{fixed: 5KB}", "{mix: [5ms, {normal: 4s}]}", "{mix: {of: 5ms}}",
    "{mix: 4KB}", "{mix: []}", "{mix: {mix: {mix: 1s}}}", "{between: {low: 1s, high: 2s}}",
    "{between: 1s}", "{fixed: 1, normal: 2}", "{fixed: {value: {}}}", "{steady: 5/s, as: x}",
    "{at: 1s, kind: slow}", "{at: 1s, kind: slow, pace: 1, until: 3s}", "{at: 1s, kind: stop}",
    "{at: 1s, kind: stop, pace: 1}", "{at: 1s, kind: fill}", "{at: 1s, kind: fill, amount: 5B}",
    "{at: 1s, kind: fill, amount: 5s}", "{kind: slow}", "{at: 1s}", "{at: 1s, kind: slwo}",
    "{at: 1s, kind: {slow: {}}}", "{at: 1s, kind: slow, pace: 7}", "{at: 1s, kind: null}",
    "{at: 1s, kind: slow, what: a, waht: b}", "busy", "{busy: }", "{busy: 1}",
    "{name: a, like: busy}",
    "{name: a, like: idle}", "{name: a, like: idle, demand: 1s}", "{like: idle, demand: 1s}",
    "{name: a, like: urgent, demand: 1s}", "{name: a, like: lazy}", "{name: a, like: }",
    "{name: a, like: {busy: }}", "{name: a, like: urgent, demand: 1s, arrivals: 1/s}"};

static const char *const frames[] = {
    "version: %s\ngroups: {name: a, arrivals: 1/s, demand: 1s}\nrules: any\n",
    "version: 1\ngroups: {name: %s, arrivals: 1/s, demand: 1s}\nrules: any\n",
    "version: 1\ngroups: {name: a, arrivals: %s, demand: 1s}\nrules: any\n",
    "version: 1\ngroups: {name: a, arrivals: 1/s, demand: %s}\nrules: any\n",
    "version: 1\ngroups: {name: a, arrivals: 1/s, demand: 1s, size: %s}\nrules: any\n",
    "version: 1\ngroups: {name: a, arrivals: 1/s, demand: 1s, count: %s}\nrules: any\n",
    "version: 1\ngroups: {name: a, arrivals: 1/s, demand: 1s, timeout: %s}\nrules: any\n",
    "version: 1\ngroups: [{name: a, arrivals: 1/s, demand: 1s, order: %s}]\nrules: any\n",
    "version: 1\ngroups: [{name: a, arrivals: 1/s, demand: 1s, limits: %s}]\nrules: any\n",
    "version: 1\ngroups: {name: a, arrivals: 1/s, demand: 1s}\nrules: %s\n",
    "version: 1\ngroups: {name: a, arrivals: 1/s, demand: 1s}\nrules: [shop.best, %s]\n",
    "version: 1\ngroups: {name: a, arrivals: 1/s, demand: 1s, like: %s}\nrules: any\n",
    "version: 1\ngroups: %s\nrules: any\n",
    WORLD_START "title: %s\n",
    WORLD_START "file: %s\n",
    WORLD_START "run: %s\n",
    WORLD_START "run: {duration: %s}\n",
    WORLD_START "run: {repeats: %s}\n",
    WORLD_START "run: {seed: %s}\n",
    WORLD_START "weights: %s\n",
    WORLD_START "events: %s\n",
    WORLD_START "weights: [3, %s]\n",
    WORLD_START "factor: %s\n",
    WORLD_START "limits: {memory: %s}\n",
    WORLD_START "limits: {share: %s}\n",
    WORLD_START "limits: {strict: %s}\n",
    WORLD_START "other: %s\n",
};

static char *documents[DOCUMENTS_LIMIT];
static size_t document_count;

static void documents_make(void)
{
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++)
        for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
            char text[512];
            const char *gap = strstr(frames[i], "%s");
            snprintf(text, sizeof text, "%.*s%s%s", (int)(gap - frames[i]), frames[i], values[k],
                     gap + 2);
            assert_true(document_count < DOCUMENTS_LIMIT);
            documents[document_count++] = strdup(text);
        }
}

/* A quantity out of bounds has no hint; what is no quantity has one. */
static bool is_beyond_schema(struct bound *bound)
{
    bool beyond = bound->problems.count > 0;
    for (size_t i = 0; i < bound->problems.count; i++) {
        const struct problem *problem = &bound->problems.items[i];
        bool listed = false;
        for (size_t k = 0; k < sizeof beyond_schema / sizeof *beyond_schema; k++)
            listed = listed || (strstr(problem->message, beyond_schema[k]) &&
                                (!problem->hint || !strstr(problem->hint, "write it like")));
        beyond = beyond && listed;
    }
    return beyond;
}

static void assert_agrees(const char *text, bool schema_takes)
{
    struct bound bound = bound_of(text);
    bool binder_takes = bound.config != NULL;
    if (binder_takes != schema_takes && (binder_takes || !is_beyond_schema(&bound)))
        fail_msg("binder %d, schema %d:\n%s%s", binder_takes, schema_takes, text,
                 binder_takes ? "" : bound_text(&bound));
    bound_free(&bound);
}

/* Runs the checker on all documents; its output stands in the file `verdicts`. */
static int documents_judge(const char *folder, const char *verdicts)
{
    char schema[128], input[128], command[600];
    snprintf(schema, sizeof schema, "%s/schema.json", folder);
    snprintf(input, sizeof input, "%s/documents", folder);
    struct output *output = output_to_file(schema);
    config_schema(world_params, "world", output);
    assert_int_equal(output_close(output, true), 0);
    FILE *file = fopen(input, "w");
    for (size_t i = 0; i < document_count; i++)
        fwrite(documents[i], 1, strlen(documents[i]) + 1, file);
    assert_int_equal(fclose(file), 0);
    snprintf(command, sizeof command,
             "/usr/bin/python3 tests/sim/config/schema_check.py %s <%s >%s 2>%s.errors", schema,
             input, verdicts, verdicts);
    int status = system(command);
    unlink(schema);
    unlink(input);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void schema_and_binder_agree(void **state)
{
    char folder[] = "/tmp/lbsim-test-schema-XXXXXX", verdicts[96], errors[128], line[8];
    (void)state;
    documents_make();
    assert_non_null(mkdtemp(folder));
    snprintf(verdicts, sizeof verdicts, "%s/verdicts", folder);
    snprintf(errors, sizeof errors, "%s.errors", verdicts);
    int status = documents_judge(folder, verdicts);
    size_t count = 0, taken = 0;
    bool verdict[DOCUMENTS_LIMIT];
    FILE *file = fopen(verdicts, "r");
    while (file && fgets(line, sizeof line, file) && count < document_count)
        verdict[count++] = line[0] == '1';
    if (file)
        fclose(file);
    unlink(verdicts);
    unlink(errors);
    rmdir(folder);
    if (status == NO_PYTHON || status == 127) {
        print_message("python3 with jsonschema and yaml is not here\n");
        skip();
    }
    assert_int_equal(status, 0);
    assert_int_equal(count, document_count);
    for (size_t i = 0; i < count; i++) {
        assert_agrees(documents[i], verdict[i]);
        taken += verdict[i];
        free(documents[i]);
    }
    assert_true(taken > 250);
}

static void the_schema_names_draft_and_title(void **state)
{
    struct output *output = output_to_memory();
    size_t size;
    (void)state;
    config_schema(world_params, "a title", output);
    const char *text = output_memory(output, &size);
    assert_non_null(strstr(text, "\"$schema\": \"http://json-schema.org/draft-07/schema#\""));
    assert_non_null(strstr(text, "\"title\": \"a title\""));
    assert_non_null(strstr(text, "\"default\": \"10m\",\n          \"description\": \"how long"));
    assert_non_null(strstr(text, "\"law_of_duration\": {"));
    assert_non_null(strstr(text, "\"law_of_size\": {"));
    assert_non_null(strstr(text, "\"description\": \"a bell\""));
    output_close(output, false);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(schema_and_binder_agree),
    cmocka_unit_test(the_schema_names_draft_and_title),
};

TEST_MAIN(tests)
