/* SPDX-License-Identifier: GPL-3.0-or-later
   Circuit breakers: the defaults of each kind. */
#include "models/breakers.h"
#include "tests/models/kind_bind.h"

static void assert_limits(const char *text, uint64_t requests, uint64_t pending,
                          uint64_t retries)
{
    struct kind_bound bound = kind_bind(&breakers_kinds, text);
    const struct breakers_config *config = bound.kind.config;
    if (config->max_requests != requests || config->max_pending != pending ||
        config->max_retries != retries)
        fail_msg("%s: %llu %llu %llu", text, (unsigned long long)config->max_requests,
                 (unsigned long long)config->max_pending,
                 (unsigned long long)config->max_retries);
    arena_free(&bound.arena);
}

static void test_defaults(void **state)
{
    (void)state;
    assert_limits("envoy", 1024, 1024, 3);
    assert_limits("custom", UINT64_MAX, UINT64_MAX, UINT64_MAX);
    assert_limits("{envoy: {max_retries: 9, max_requests: unlimited}}", UINT64_MAX, 1024, 9);
    assert_limits("{custom: {max_pending_requests: 0}}", UINT64_MAX, 0, UINT64_MAX);
    kind_bind_refused(&breakers_kinds, "{custom: {max_requests: 0}}", "max_requests");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_defaults),
};

TEST_MAIN(tests)
