/* SPDX-License-Identifier: GPL-3.0-or-later
   The generator against its published recurrence, keys of streams, and GSL's view. */
#include "sim/engine/rng.h"
#include "tests/death.h"
#include "tests/test.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <stdlib.h>
#include <string.h>

/* From the recurrence, worked out apart from this code. */
static void generator_gives_the_published_sequence(void **state)
{
    (void)state;
    static const uint64_t expected[] = {
        UINT64_C(41943041),             UINT64_C(58720359),
        UINT64_C(3588806011781223),     UINT64_C(3591011842654386),
        UINT64_C(9228616714210784205),  UINT64_C(9973669472204895162),
        UINT64_C(14011001112246962877), UINT64_C(12406186145184390807),
        UINT64_C(15849039046786891736), UINT64_C(10450023813501588000),
    };
    struct rng rng = {{1, 2, 3, 4}};
    for (int i = 0; i < 10; i++)
        assert_int_equal(rng_next(&rng), expected[i]);
    for (int i = 10; i < 9999; i++)
        rng_next(&rng);
    assert_int_equal(rng_next(&rng), UINT64_C(7944031490174647609));
}

static void seeding_is_splitmix64(void **state)
{
    (void)state;
    struct rng rng;
    rng_seed(&rng, 0);
    assert_int_equal(rng.state[0], UINT64_C(0xe220a8397b1dcdaf));
    assert_int_equal(rng.state[1], UINT64_C(0x6e789e6aa1b965f4));
    assert_int_equal(rng.state[2], UINT64_C(0x06c45d188009454f));
    assert_int_equal(rng.state[3], UINT64_C(0xf88bb8a8724c81ec));
    rng_seed(&rng, 42);
    assert_int_equal(rng.state[0], UINT64_C(0xbdd732262feb6e95));
    assert_int_equal(rng.state[3], UINT64_C(0x581ce1ff0e4ae394));
}

/* Results of every version hang on these. */
static void keys_stay_what_they_are(void **state)
{
    (void)state;
    static const struct {
        uint64_t parent, index, key;
        const char *name;
    } rows[] = {
        {0, 0, UINT64_C(0xfa7bc856cca59b73), "arrivals"},
        {1, 0, UINT64_C(0xf17c5796169de67e), "arrivals"},
        {1, 1, UINT64_C(0x16329f7e514c8d1), "arrivals"},
        {1, 0, UINT64_C(0xf29baf32a442a71d), ""},
        {UINT64_MAX, UINT64_MAX, UINT64_C(0x22ed040e9dbf0f86), "a name of more than sixteen bytes"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        assert_int_equal(rng_key(rows[i].parent, rows[i].name, rows[i].index), rows[i].key);
    struct rng opened, seeded;
    rng_open(&opened, 7, "demand", 3);
    rng_seed(&seeded, rng_key(7, "demand", 3));
    assert_memory_equal(&opened, &seeded, sizeof(opened));
}

static int test_rng_compare(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* Parents next to each other, names that differ in a letter, many indices. */
static void keys_do_not_collide(void **state)
{
    (void)state;
    static const char *const names[] = {"a", "b", "ab", "ba", "arrivals", "arrival", "", "key"};
    enum { PARENTS = 8, NAMES = 8, INDICES = 2000, KEYS = PARENTS * NAMES * INDICES };
    static uint64_t keys[KEYS];
    size_t count = 0;
    for (uint64_t parent = 0; parent < PARENTS; parent++)
        for (int name = 0; name < NAMES; name++)
            for (uint64_t index = 0; index < INDICES; index++)
                keys[count++] = rng_key(parent, names[name], index);
    qsort(keys, count, sizeof(*keys), test_rng_compare);
    for (size_t i = 1; i < count; i++)
        assert_int_not_equal(keys[i - 1], keys[i]);
}

/* One flipped bit of parent or index flips half of the key, whichever bit it is. */
static void keys_mix_every_bit(void **state)
{
    (void)state;
    enum { ROUNDS = 400 };
    for (int bit = 0; bit < 128; bit++) {
        int flips = 0;
        for (uint64_t i = 0; i < ROUNDS; i++) {
            uint64_t parent = i * UINT64_C(0x9e3779b97f4a7c15), index = i, one = 1;
            uint64_t key = rng_key(parent, "stream", index);
            *(bit < 64 ? &parent : &index) ^= one << (bit & 63);
            flips += __builtin_popcountll(key ^ rng_key(parent, "stream", index));
        }
        ASSERT_NEAR(flips, 32 * ROUNDS, 6 * 4 * sqrt(ROUNDS));
    }
}

static void neighbouring_streams_are_unrelated(void **state)
{
    (void)state;
    enum { STREAMS = 50, DRAWS = 2000 };
    for (uint64_t i = 0; i < STREAMS; i++) {
        struct rng left, right;
        rng_open(&left, 1, "stream", i);
        rng_open(&right, 1, "stream", i + 1);
        double sum = 0;
        for (int j = 0; j < DRAWS; j++)
            sum += (rng_uniform(&left) - 0.5) * (rng_uniform(&right) - 0.5);
        ASSERT_NEAR(sum * 12 / sqrt(DRAWS), 0, 5.5);
    }
}

static void uniforms_keep_to_their_interval(void **state)
{
    (void)state;
    enum { DRAWS = 500000 };
    struct rng rng;
    rng_open(&rng, 1, "uniform", 0);
    double sum = 0, squares = 0;
    for (int i = 0; i < DRAWS; i++) {
        double u = rng_uniform(&rng), v = rng_uniform_open(&rng);
        assert_true(u >= 0 && u < 1 && v > 0 && v < 1);
        assert_true(u * 0x1p53 == floor(u * 0x1p53));
        sum += u;
        squares += u * u;
    }
    ASSERT_NEAR(sum / DRAWS, 0.5, 5 / sqrt(12.0 * DRAWS));
    ASSERT_NEAR(squares / DRAWS, 1.0 / 3, 5 * sqrt(4.0 / 45 / DRAWS));
}

/* States whose next word is 0 and all ones: s[0] + s[3] rotated, plus s[0]. */
static void uniforms_at_the_ends_of_the_word(void **state)
{
    (void)state;
    struct rng zero = {{0, 1, 2, 0}}, ones = {{0, 1, 2, UINT64_MAX}};
    struct rng again = zero, full = ones;
    assert_true(rng_uniform(&zero) == 0);
    assert_true(rng_uniform_open(&again) == 0x1p-53);
    assert_true(rng_uniform(&ones) == 1 - 0x1p-53);
    assert_true(rng_uniform_open(&full) == 1 - 0x1p-53);
    struct rng last = {{0, 1, 2, UINT64_MAX}};
    assert_int_equal(rng_below(&last, 10), 9);
}

static void below_is_even(void **state)
{
    (void)state;
    enum { DRAWS = 300000 };
    static const uint64_t bounds[] = {1, 2, 3, 10, 97, 1000};
    for (size_t i = 0; i < sizeof(bounds) / sizeof(*bounds); i++) {
        struct rng rng;
        rng_open(&rng, 5, "below", i);
        uint64_t bound = bounds[i];
        double counts[1000] = {0}, expected = (double)DRAWS / (double)bound, square = 0;
        for (int j = 0; j < DRAWS; j++) {
            uint64_t value = rng_below(&rng, bound);
            assert_true(value < bound);
            counts[value]++;
        }
        for (uint64_t j = 0; j < bound; j++)
            square += (counts[j] - expected) * (counts[j] - expected) / expected;
        if (bound > 1)
            assert_true(gsl_cdf_chisq_Q(square, (double)(bound - 1)) > 1e-7);
    }
}

static void gsl_sees_the_same_words(void **state)
{
    (void)state;
    gsl_rng *gsl = gsl_rng_alloc(rng_gsl_type);
    uint64_t key = rng_key(1, "gsl", 0);
    gsl_rng_set(gsl, key);
    struct rng rng;
    rng_seed(&rng, key);
    assert_true(gsl_rng_max(gsl) == UINT64_MAX && gsl_rng_min(gsl) == 0);
    assert_int_equal(gsl_rng_size(gsl), sizeof(struct rng));
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(gsl_rng_get(gsl), rng_next(&rng));
        assert_true(gsl_rng_uniform(gsl) == rng_uniform(&rng));
    }
    gsl_rng *copy = gsl_rng_clone(gsl);
    assert_int_equal(gsl_rng_get(copy), gsl_rng_get(gsl));
    for (int i = 0; i < 1000; i++)
        assert_true(gsl_rng_uniform_int(gsl, 7) < 7);
    gsl_rng_free(copy);
    gsl_rng_free(gsl);
}

static void test_rng_misuse_gsl(void *context)
{
    (void)context;
    rng_gsl_handle_errors();
    gsl_error("rate must be positive", "gauss.c", 12, GSL_EDOM);
}

static void errors_of_gsl_end_the_program_with_its_words(void **state)
{
    (void)state;
    char words[512];
    assert_int_equal(death_of(test_rng_misuse_gsl, NULL, words, sizeof(words)), 1);
    assert_non_null(strstr(words, "rate must be positive"));
    assert_non_null(strstr(words, "gauss.c:12"));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(generator_gives_the_published_sequence),
    cmocka_unit_test(seeding_is_splitmix64),
    cmocka_unit_test(keys_stay_what_they_are),
    cmocka_unit_test(keys_do_not_collide),
    cmocka_unit_test(keys_mix_every_bit),
    cmocka_unit_test(neighbouring_streams_are_unrelated),
    cmocka_unit_test(uniforms_keep_to_their_interval),
    cmocka_unit_test(uniforms_at_the_ends_of_the_word),
    cmocka_unit_test(below_is_even),
    cmocka_unit_test(gsl_sees_the_same_words),
    cmocka_unit_test(errors_of_gsl_end_the_program_with_its_words),
};

TEST_MAIN(tests)
