/* SPDX-License-Identifier: GPL-3.0-or-later
   Load shedding: the limit, and CoDel's drops worked out by RFC 8289. */
#include "models/shed.h"
#include "tests/models/kind_bind.h"

static void test_limit(void **state)
{
    (void)state;
    struct kind_bound bound = kind_bind(&shed_kinds, "4");
    const struct shed_ops *ops = shed_ops(&bound.kind);
    assert_true(ops->admit(bound.kind.config, NULL, 3, 0));
    assert_false(ops->admit(bound.kind.config, NULL, 4, 0));
    assert_null(ops->drop);
    arena_free(&bound.arena);
    kind_bind_refused(&shed_kinds, "limit", "in_flight");
}

/* Target 5 ms, interval 100 ms; somebody leaves the queue each 10 ms.  All wait 10 ms: after an
   interval, at 100 ms, the first is dropped, the next 100 ms later, then 100 / sqrt(2) and
   100 / sqrt(3) ms: due at 200, 270.7 and 328.4 ms.  One at 340 ms waited for 1 ms only: over.
   From 350 ms they wait again, and an interval later it goes on with the pace of before, less
   than 16 intervals ago: count 4 - 1 = 3, so again at 507.7 ms. */
static void test_codel(void **state)
{
    (void)state;
    static const int drops[] = {100, 200, 280, 330, 450, 510};
    struct kind_bound bound = kind_bind(&shed_kinds, "codel");
    const struct shed_ops *ops = shed_ops(&bound.kind);
    struct shed_codel codel = {0};
    assert_int_equal(ops->state_size, sizeof codel);
    size_t next = 0;
    for (int ms = 0; ms <= 520; ms += 10) {
        sim_time waited = (ms == 340 ? 1 : 10) * SIM_MILLISECOND;
        bool expected = next < sizeof drops / sizeof *drops && drops[next] == ms;
        if (ops->drop(bound.kind.config, &codel, waited, 9, ms * SIM_MILLISECOND) != expected)
            fail_msg("at %d ms: drop expected: %d", ms, expected);
        next += expected;
    }
    arena_free(&bound.arena);
}

/* The last one in the queue is never dropped. */
static void test_codel_spares_the_last(void **state)
{
    (void)state;
    struct kind_bound bound = kind_bind(&shed_kinds, "{codel: {target: 1ms, interval: 2ms}}");
    const struct shed_ops *ops = shed_ops(&bound.kind);
    struct shed_codel codel = {0};
    for (int ms = 0; ms < 100; ms++)
        assert_false(ops->drop(bound.kind.config, &codel, SIM_SECOND, 1, ms * SIM_MILLISECOND));
    arena_free(&bound.arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_limit),
    cmocka_unit_test(test_codel),
    cmocka_unit_test(test_codel_spares_the_last),
};

TEST_MAIN(tests)
