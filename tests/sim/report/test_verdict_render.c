/* SPDX-License-Identifier: GPL-3.0-or-later
   Verdicts in the forms that people and CI systems read, byte for byte. */
#include "sim/report/verdict_render.h"

#include "tests/test.h"

#include <string.h>

static const struct source file = {.name = "a,b.yaml", .base = "", .bytes = "", .size = 0};

/* One that passed, one that failed in line 7, one skipped. */
static struct verdict_suite suite_of(struct verdict *items, struct expectation *expectation,
                                     const struct measure *measure)
{
    *expectation = (struct expectation){.text = "p99 of a < 100% & more",
                                        .mark = {&file, 7, 5, 10}, .left.policy = "a"};
    items[0] = (struct verdict){.expectation = expectation, .text = "p99 of a > 0",
                                .policy = "a", .outcome = VERDICT_PASS, .left = measure,
                                .value = 0.2, .low = 0.1, .high = 0.3};
    items[1] = items[0];
    items[1].text = expectation->text;
    items[1].outcome = VERDICT_FAIL;
    items[2] = (struct verdict){.text = "mean of b < 1s", .outcome = VERDICT_SKIPPED,
                                .value = NAN, .low = NAN, .high = NAN,
                                .why = "its policy is not run"};
    return (struct verdict_suite){.name = "demo", .path = "a,b.yaml",
                                  .verdicts = {.items = items, .count = 3}};
}

static void check(enum verdict_format format, const char *expected)
{
    static const struct measure measure = {.policy = "a", .scope = "all", .metric = "p99",
                                           .unit = "s", .value = 0.2, .samples = 9};
    struct verdict items[3];
    struct expectation expectation;
    struct verdict_suite suite = suite_of(items, &expectation, &measure);
    struct output *output = output_to_memory();
    verdict_render(&suite, 1, format, false, output);
    size_t size;
    const char *found = output_memory(output, &size);
    if (strcmp(found, expected) != 0)
        fail_msg("found:\n%s\nexpected:\n%s", found, expected);
    output_close(output, false);
}

static void text_is_a_table(void **state)
{
    (void)state;
    check(VERDICT_TEXT,
          "demo\n"
          "verdict  expected                found\n"
          "pass     p99 of a > 0            200ms (100ms to 300ms)\n"
          "fail     p99 of a < 100% & more  200ms (100ms to 300ms)\n"
          "skipped  mean of b < 1s          its policy is not run\n"
          "1 passed, 1 failed, 1 skipped\n");
}

static void markdown_is_escaped(void **state)
{
    (void)state;
    check(VERDICT_MARKDOWN,
          "### demo\n\n"
          "| verdict | expected | found |\n"
          "| --- | --- | --- |\n"
          "| pass | p99 of a &gt; 0 | 200ms (100ms to 300ms) |\n"
          "| fail | p99 of a &lt; 100% &amp; more | 200ms (100ms to 300ms) |\n"
          "| skipped | mean of b &lt; 1s | its policy is not run |\n\n"
          "1 passed, 1 failed, 1 skipped\n");
}

static void junit_has_a_case_for_each(void **state)
{
    (void)state;
    check(VERDICT_JUNIT,
          "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
          "<testsuites name=\"lbsim\" tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\">\n"
          "  <testsuite name=\"demo\" tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\">\n"
          "    <testcase classname=\"demo\" name=\"p99 of a &gt; 0\" file=\"a,b.yaml\" "
          "line=\"7\">\n"
          "      <system-out>200ms (100ms to 300ms)</system-out>\n"
          "    </testcase>\n"
          "    <testcase classname=\"demo\" name=\"p99 of a &lt; 100% &amp; more\" "
          "file=\"a,b.yaml\" line=\"7\">\n"
          "      <failure message=\"fail: 200ms (100ms to 300ms)\"/>\n"
          "    </testcase>\n"
          "    <testcase classname=\"demo\" name=\"mean of b &lt; 1s\">\n"
          "      <skipped message=\"skipped: its policy is not run\"/>\n"
          "    </testcase>\n"
          "  </testsuite>\n"
          "</testsuites>\n");
}

static void github_gets_annotations_at_the_line(void **state)
{
    (void)state;
    check(VERDICT_GITHUB,
          "::error file=a%2Cb.yaml,line=7,col=5,title=demo%3A fail::p99 of a < 100%25 & more: "
          "200ms (100ms to 300ms)\n"
          "::notice title=demo%3A skipped::mean of b < 1s: its policy is not run\n");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(text_is_a_table),
    cmocka_unit_test(markdown_is_escaped),
    cmocka_unit_test(junit_has_a_case_for_each),
    cmocka_unit_test(github_gets_annotations_at_the_line),
};

TEST_MAIN(tests)
