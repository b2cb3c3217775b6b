/* SPDX-License-Identifier: GPL-3.0-or-later
   What the tests of distributions share: making one as binding would, and properties that
   all of them have. */
#ifndef TESTS_SIM_ENGINE_DIST_TEST_H
#define TESTS_SIM_ENGINE_DIST_TEST_H

#include "sim/engine/dist.h"
#include "tests/law.h"
#include "tests/test.h"

#include <string.h>
#include <xxhash.h>

enum { TEST_DIST_DRAWS = 100000 };

static double test_dist_values[TEST_DIST_DRAWS], test_dist_others[TEST_DIST_DRAWS];

struct test_dist_setting {
    const char *key;
    double value;
};

static inline const struct kind *test_dist_find(const char *name)
{
    const struct kind *kind = NULL;
    for (size_t i = 0; (kind = dist_kinds.at(i)) != NULL && strcmp(kind->name, name) != 0;)
        i++;
    assert_non_null(kind);
    return kind;
}

static inline const struct param *test_dist_param(const struct param *params, const char *key)
{
    while (params->key != NULL && strcmp(params->key, key) != 0)
        params++;
    assert_non_null(params->key);
    return params;
}

static inline void test_dist_set(const struct param *params, void *config, const char *key,
                                 double value)
{
    const struct param *param = test_dist_param(params, key);
    char *field = (char *)config + param->offset;
    if (param->type == PARAM_COUNT)
        *(uint64_t *)(void *)field = (uint64_t)value;
    else
        *(double *)(void *)field = value;
}

/* Sets up to three parameters, as binding would, without the check. */
static inline struct param_kind test_dist_make(struct arena *arena, const char *name,
                                               const struct test_dist_setting *settings)
{
    const struct kind *kind = test_dist_find(name);
    struct param_kind dist = {kind, arena_take(arena, 1, kind->config_size), kind->name};
    for (int i = 0; i < 3 && settings[i].key != NULL; i++)
        test_dist_set(kind->params, dist.config, settings[i].key, settings[i].value);
    return dist;
}

static inline bool test_dist_check(const struct param_kind *dist, struct arena *arena,
                                   char *message, size_t size)
{
    message[0] = '\0';
    return dist->kind->check == NULL ||
           dist->kind->check(dist->config, arena, message, size);
}

static inline struct param_kind test_dist_open(struct arena *arena, const char *name,
                                               const struct test_dist_setting *settings)
{
    char message[256];
    struct param_kind dist = test_dist_make(arena, name, settings);
    if (!test_dist_check(&dist, arena, message, sizeof(message)))
        fail_msg("%s: %s", name, message);
    return dist;
}

static inline uint64_t test_dist_hash(const struct param_kind *dist)
{
    struct rng rng;
    rng_open(&rng, 1, "bits", 0);
    dist_draw_many(dist, &rng, test_dist_values, TEST_DIST_DRAWS);
    return XXH3_64bits(test_dist_values, sizeof(test_dist_values));
}

/* Many at once, in pieces, or one by one: the same numbers, and the same stream after. */
static inline void test_dist_assert_order(const struct param_kind *dist)
{
    enum { DRAWS = 2000 };
    struct rng at_once, in_pieces, one_by_one;
    rng_open(&at_once, 1, "order", 0);
    in_pieces = one_by_one = at_once;
    dist_draw_many(dist, &at_once, test_dist_values, DRAWS);
    for (size_t done = 0, piece = 1; done < DRAWS; done += piece, piece = 1 + done % 77) {
        piece = piece < DRAWS - done ? piece : DRAWS - done;
        dist_draw_many(dist, &in_pieces, test_dist_others + done, piece);
    }
    assert_memory_equal(test_dist_values, test_dist_others, DRAWS * sizeof(double));
    for (int i = 0; i < DRAWS; i++)
        assert_true(dist_draw(dist, &one_by_one) == test_dist_values[i]);
    assert_memory_equal(&at_once, &one_by_one, sizeof(at_once));
    assert_memory_equal(&at_once, &in_pieces, sizeof(at_once));
    for (int i = 0; i < DRAWS; i++)
        assert_true(test_dist_values[i] >= 0 && isfinite(test_dist_values[i]));
}

#endif
