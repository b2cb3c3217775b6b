/* SPDX-License-Identifier: GPL-3.0-or-later
   Packed histograms merge as the whole ones do. */
#include "sim/report/sparse.h"

#include "sim/engine/rng.h"
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

static void merged_packed_or_not_is_the_same(void **state)
{
    (void)state;
    struct histogram plain, packed;
    struct rng rng;
    histogram_init(&plain);
    histogram_init(&packed);
    rng_seed(&rng, 3);
    for (int round = 0; round < 5; round++) {
        struct histogram part;
        histogram_init(&part);
        for (int i = 0; i < 1 << (3 * round); i++) {
            sim_time value = (sim_time)(rng_below(&rng, 1u << 31) << rng_below(&rng, 32));
            histogram_add(&part, i % 3 == 0 ? 1 : value);
        }
        histogram_merge(&plain, &part);
        unsigned char *bytes = sparse_pack(&part);
        assert_null(part.counts);
        sparse_merge(&packed, &part, bytes);
        free(bytes);
    }
    assert_int_equal(plain.count, packed.count);
    assert_true(plain.sum == packed.sum && plain.sum_of_squares == packed.sum_of_squares);
    assert_int_equal(plain.least, packed.least);
    assert_int_equal(plain.largest, packed.largest);
    assert_memory_equal(plain.counts, packed.counts, HISTOGRAM_BUCKETS * sizeof *plain.counts);
    histogram_free(&plain);
    histogram_free(&packed);
}

static void an_empty_one_takes_nothing(void **state)
{
    (void)state;
    struct histogram part, into, never = {0};
    histogram_init(&part);
    histogram_init(&into);
    assert_null(sparse_pack(&part));
    assert_null(sparse_pack(&never));
    sparse_merge(&into, &part, NULL);
    assert_int_equal(into.count, 0);
    histogram_free(&into);
}

static void the_ends_of_the_range_fit(void **state)
{
    (void)state;
    struct histogram part, into;
    histogram_init(&part);
    histogram_init(&into);
    histogram_add(&part, 0);
    histogram_add(&part, SIM_NEVER);
    part.counts[0] += UINT64_MAX / 2;
    part.count += UINT64_MAX / 2;
    unsigned char *bytes = sparse_pack(&part);
    sparse_merge(&into, &part, bytes);
    assert_true(into.counts[0] == UINT64_MAX / 2 + 1);
    assert_int_equal(into.counts[HISTOGRAM_BUCKETS - 1], 1);
    free(bytes);
    histogram_free(&into);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(merged_packed_or_not_is_the_same),
    cmocka_unit_test(an_empty_one_takes_nothing),
    cmocka_unit_test(the_ends_of_the_range_fit),
};

TEST_MAIN(tests)
