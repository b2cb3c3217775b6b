/* SPDX-License-Identifier: GPL-3.0-or-later
   The Maglev table: the example of the paper, and what holds for any. */
#include "models/blocks/maglev.h"

#include "tests/test.h"

static void expect_table(const struct maglev *maglev, const char *expected)
{
    char found[64] = "";
    for (uint32_t i = 0; i < maglev->size; i++)
        found[i] = maglev->table[i] == NO_BACKEND ? '-' : (char)('0' + maglev->table[i]);
    assert_string_equal(found, expected);
}

/* Eisenbud et al. 2016, table 1: before and after B1 is removed. */
static void test_paper(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct maglev maglev;
    maglev_init(&maglev, 7, 3, &arena);
    expect_table(&maglev, "-------");
    maglev.rows[0] = (struct maglev_row){.backend = 0, .offset = 3, .skip = 4};
    maglev.rows[1] = (struct maglev_row){.backend = 1, .offset = 0, .skip = 2};
    maglev.rows[2] = (struct maglev_row){.backend = 2, .offset = 3, .skip = 1};
    maglev.count = 3;
    maglev_fill(&maglev, NULL, NULL);
    expect_table(&maglev, "1010220");
    assert_int_equal(maglev.rows[0].taken, 3);
    assert_int_equal(maglev_at(&maglev, 7 * 1000 + 4), 2);
    maglev.rows[1] = maglev.rows[2];
    maglev.count = 2;
    maglev_fill(&maglev, NULL, NULL);
    expect_table(&maglev, "0000222");
    maglev.count = 0;
    maglev_fill(&maglev, NULL, NULL);
    expect_table(&maglev, "-------");
    arena_free(&arena);
}

static uint32_t turns_twice(void *context, struct maglev_row *row, uint64_t round)
{
    (void)context, (void)round;
    return row->backend == 0 ? 2 : 1;
}

/* B0 twice a round: 3 and 0, then 2 for B1 (0 is taken) and 4 for B2; B0 takes 1 and 5, B1
   what is left, 6. */
static void test_turns(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct maglev maglev;
    maglev_init(&maglev, 7, 3, &arena);
    maglev.rows[0] = (struct maglev_row){.backend = 0, .offset = 3, .skip = 4};
    maglev.rows[1] = (struct maglev_row){.backend = 1, .offset = 0, .skip = 2};
    maglev.rows[2] = (struct maglev_row){.backend = 2, .offset = 3, .skip = 1};
    maglev.count = 3;
    maglev_fill(&maglev, turns_twice, NULL);
    expect_table(&maglev, "0010201");
    arena_free(&arena);
}

/* 65536 * 65535 + 65536 is 2^32, so the last slot of the permutation wraps from 1 to 0, and
   the row goes through the permutation again.  Any other row is the same both ways. */
static void test_narrow(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct maglev wide, narrow;
    maglev_init(&wide, 65537, 3, &arena);
    maglev_init(&narrow, 65537, 3, &arena);
    narrow.narrow = true;
    narrow.rows[0] = (struct maglev_row){.backend = 0, .offset = 65536, .skip = 65535};
    narrow.count = 1;
    maglev_fill(&narrow, NULL, NULL);
    assert_int_equal(maglev_at(&narrow, 1), 0);
    assert_int_equal(narrow.rows[0].taken, 65537);
    assert_int_equal(narrow.rows[0].step, 65537);
    for (uint32_t i = 0; i < 3; i++)
        wide.rows[i] = narrow.rows[i] = (struct maglev_row){
            .backend = i, .offset = 777 * i, .skip = 12345 * i + 1};
    wide.count = narrow.count = 3;
    maglev_fill(&wide, NULL, NULL);
    maglev_fill(&narrow, NULL, NULL);
    assert_memory_equal(wide.table, narrow.table, 65537 * sizeof *wide.table);
    arena_free(&arena);
}

static void test_primes(void **state)
{
    (void)state;
    assert_false(maglev_is_prime(0));
    assert_false(maglev_is_prime(1));
    assert_true(maglev_is_prime(2));
    assert_false(maglev_is_prime(65536));
    assert_true(maglev_is_prime(65537));
    assert_false(maglev_is_prime(UINT64_C(2237) * 2237));
    assert_true(maglev_is_prime(5000011));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_paper),
    cmocka_unit_test(test_turns),
    cmocka_unit_test(test_narrow),
    cmocka_unit_test(test_primes),
};

TEST_MAIN(tests)
