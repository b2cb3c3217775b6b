/* SPDX-License-Identifier: GPL-3.0-or-later
   The registry of policies, and the bytes of a key. */
#include "models/policy.h"
#include "tests/test.h"

#include <string.h>

static void assert_key(struct request request, const char *expected)
{
    char digits[20];
    size_t size;
    const char *key = policy_key(&request, digits, &size);
    assert_int_equal(size, strlen(expected));
    assert_memory_equal(key, expected, size);
}

static void test_key(void **state)
{
    (void)state;
    assert_key((struct request){.key = 0}, "0");
    assert_key((struct request){.key = 1234567}, "1234567");
    assert_key((struct request){.key = UINT64_MAX}, "18446744073709551615");
    assert_key((struct request){.key = 5, .key_text = "user 7", .key_size = 6}, "user 7");
    assert_key((struct request){.key = 5, .key_text = "", .key_size = 0}, "");
}

/* Those that every comparison needs. */
static void test_registry(void **state)
{
    (void)state;
    static const char *const needed[] = {"random", "round_robin", "p2c", "least_connections",
                                         "jsq", "central_queue"};
    for (size_t n = 0; n < sizeof needed / sizeof *needed; n++) {
        size_t i = 0;
        while (policy_kinds.at(i) != NULL && strcmp(policy_kinds.at(i)->name, needed[n]) != 0)
            i++;
        if (policy_kinds.at(i) == NULL)
            fail_msg("no policy %s", needed[n]);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_key),
    cmocka_unit_test(test_registry),
};

TEST_MAIN(tests)
