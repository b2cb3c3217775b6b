/* SPDX-License-Identifier: GPL-3.0-or-later
   What makes replications of two results belong together. */
#include "sim/cli/pairing.h"

#include "tests/test.h"

#include <string.h>

static struct result result_of(uint64_t seed, const char *resolved)
{
    return (struct result){.version = "1.0", .seed = seed, .resolved = resolved};
}

#define RUN "\"run\": {\"duration\": \"1s\", \"warmup\": \"auto\"}"
static const char plain[] = "{\"clients\": [1], \"pods\": [2], " RUN "}";

static void check(struct result b, bool paired, const char *words)
{
    struct result a = result_of(1, plain);
    struct pairing pairing = pairing_of(&a, &b);
    assert_int_equal(pairing.paired, paired);
    if (strstr(pairing.text, words) == NULL)
        fail_msg("found '%s', expected '%s'", pairing.text, words);
}

static void the_same_requests_are_paired(void **state)
{
    (void)state;
    check(result_of(1, plain), true, "the same seed and requests");
    check(result_of(1, "{\"clients\": [1], \"pods\": [9], " RUN "}"), true,
          "the same seed and requests");
    assert_true(pairing_within().paired);
}

static void other_requests_of_one_seed_are_dependent(void **state)
{
    (void)state;
    check(result_of(1, "{\"clients\": [7], " RUN "}"), true, "other requests (`clients`");
    check(result_of(1, "{\"clients\": [1], \"run\": {\"duration\": \"2s\", "
                       "\"warmup\": \"auto\"}}"), true, "`run.duration`");
    check(result_of(1, "{}"), true, "`clients`");
}

static void other_seeds_are_independent(void **state)
{
    (void)state;
    check(result_of(2, plain), false, "not paired, because the seeds differ (1 and 2)");
}

static void other_versions_are_named(void **state)
{
    (void)state;
    struct result newer = result_of(1, plain);
    newer.version = "1.1";
    check(newer, true, "by lbsim 1.0 and 1.1");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_same_requests_are_paired),
    cmocka_unit_test(other_requests_of_one_seed_are_dependent),
    cmocka_unit_test(other_seeds_are_independent),
    cmocka_unit_test(other_versions_are_named),
};

TEST_MAIN(tests)
