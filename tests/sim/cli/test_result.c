/* SPDX-License-Identifier: GPL-3.0-or-later
   run.json holds all that a report needs: written, read and written again it is the same. */
#include "sim/cli/result.h"
#include "sim/engine/check.h"
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *notes[] = {"the \"load\" is high", NULL};

static struct result sample(void)
{
    static struct result_policy policies[] = {{"pair", "p2c", 2, 100, 101}};
    struct result result = {
        .scenario = "small",
        .version = "9.9.9",
        .seed = UINT64_MAX,
        .partial = true,
        .notes = notes,
        .policies = policies,
        .policy_count = 1,
        .resolved = "{\n    \"name\": \"small\"\n  }",
    };
    result.report.count = result.report.room = 2;
    result.report.measures = memory_zeroed(2, sizeof(struct measure));
    result.report.measures[0] =
        (struct measure){"pair", "all", "mean", "s", 0.1, 0.05, 0.15, 100, NULL, NULL, 0, 0};
    result.report.measures[1] = (struct measure){
        "pair", "pod pod-0", "p99", "s", (double)NAN, (double)NAN, (double)NAN, 7, "thin", NULL, 0,
        0};
    return result;
}

static char *written(const struct result *result, size_t *size)
{
    struct output *output = output_to_memory();
    result_write(result, output);
    const char *text = output_memory(output, size);
    char *copy = memcpy(memory_take(*size + 1, 1), text, *size + 1);
    output_close(output, false);
    return copy;
}

/* Reads the text back by way of a file. */
static bool read_back(const char *text, size_t size, struct result *result, char *message)
{
    char path[] = "/tmp/lbsim-result-XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    assert_true(write(descriptor, text, size) == (ssize_t)size);
    close(descriptor);
    bool fine = result_read(path, result, message, 256);
    unlink(path);
    return fine;
}

static void result_leaves_out_a_crowd_of_pods(void **state)
{
    (void)state;
    struct result result = sample();
    char scopes[RESULT_PODS_MAX + 1][16];
    struct report *report = &result.report;
    report->measures = memory_grow(report->measures, RESULT_PODS_MAX + 3, sizeof(struct measure));
    for (int i = 0; i <= RESULT_PODS_MAX; i++) {
        snprintf(scopes[i], sizeof scopes[i], "pod pod-%d", i);
        assert_false(result_is_crowded(report));
        report->measures[report->count++] = (struct measure){
            "pair", scopes[i], "requests", "count", 5, (double)NAN, (double)NAN, 5, NULL, NULL, 0,
            0};
    }
    assert_true(result_is_crowded(report));
    size_t size;
    char *text = written(&result, &size);
    assert_null(strstr(text, "pod pod-"));
    assert_non_null(strstr(text, "\"mean\""));
    free(text);
    result_free(&result);
}

static void result_round_trip(void **state)
{
    (void)state;
    struct result result = sample(), again;
    char message[256] = "";
    size_t size, size_again;
    char *text = written(&result, &size);
    assert_true(read_back(text, size, &again, message));
    char *text_again = written(&again, &size_again);
    assert_string_equal(text, text_again);
    assert_true(result_is_same(&result, &again));
    assert_int_equal(again.report.replications, 2);
    assert_true(isnan(again.report.measures[1].value));
    struct report_heading heading = result_heading(&again);
    assert_string_equal(heading.scenario, "small");
    assert_null(heading.summary);
    assert_true(heading.partial);
    again.version = "1.0.0";
    assert_false(result_is_same(&result, &again));
    free(text);
    free(text_again);
    result_free(&again);
    result_free(&result);
}

/* Every cut of the file is refused with a message, and so is a foreign one. */
static void result_refuses_cut_files(void **state)
{
    (void)state;
    struct result result = sample(), again;
    size_t size;
    char *text = written(&result, &size);
    for (size_t cut = 0; cut + 1 < size; cut += 7) {
        char message[256] = "";
        assert_false(read_back(text, cut, &again, message));
        assert_true(message[0] != '\0');
    }
    free(text);
    static const char upwards[] =
        "{\"schema\": \"lbsim.run/1\", \"version\": \"1\", \"scenario\": {\"name\": \"x\"},"
        " \"policies\": [{\"label\": \"../up\", \"kind\": \"p2c\"}]}";
    static const char *const foreign[] = {
        "{}", "[]", "{\"schema\": \"lbsim.run/1\"}", "{\"schema\": \"other\"}", upwards};
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
        char message[256] = "";
        assert_false(read_back(foreign[i], strlen(foreign[i]), &again, message));
        assert_true(message[0] != '\0');
    }
    result_free(&result);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(result_leaves_out_a_crowd_of_pods),
    cmocka_unit_test(result_round_trip),
    cmocka_unit_test(result_refuses_cut_files),
};

TEST_MAIN(tests)
