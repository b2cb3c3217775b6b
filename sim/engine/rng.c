/* SPDX-License-Identifier: GPL-3.0-or-later
   Keys of streams: XXH3 of the name seeded by the parent, then a finalizer over the index,
   so that neighbours in name or number share nothing.  And the generator as GSL sees it. */
#include "sim/engine/rng.h"

#include "sim/engine/check.h"

#include <gsl/gsl_errno.h>
#include <limits.h>
#include <string.h>
#include <xxhash.h>

/* Stafford's variant 13 of MurmurHash3's finalizer: a bijection. */
static uint64_t rng_mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint64_t rng_key(uint64_t parent, const char *name, uint64_t index)
{
    uint64_t hash = XXH3_64bits_withSeed(name, strlen(name), parent);
    return rng_mix(hash ^ rng_mix(index + UINT64_C(0x9e3779b97f4a7c15)));
}

void rng_open(struct rng *rng, uint64_t parent, const char *name, uint64_t index)
{
    rng_seed(rng, rng_key(parent, name, index));
}

_Static_assert(ULONG_MAX == UINT64_MAX, "gsl_rng_get returns all 64 bits");

static void rng_gsl_set(void *state, unsigned long key)
{
    rng_seed(state, key);
}

static unsigned long rng_gsl_get(void *state)
{
    return rng_next(state);
}

static double rng_gsl_get_double(void *state)
{
    return rng_uniform(state);
}

static const gsl_rng_type rng_gsl = {
    .name = "xoshiro256++",
    .max = ULONG_MAX,
    .min = 0,
    .size = sizeof(struct rng),
    .set = rng_gsl_set,
    .get = rng_gsl_get,
    .get_double = rng_gsl_get_double,
};

const gsl_rng_type *const rng_gsl_type = &rng_gsl;

static void rng_gsl_error(const char *reason, const char *file, int line, int error)
{
    (void)error;
    check_failed(reason, file, line);
}

void rng_gsl_handle_errors(void)
{
    gsl_set_error_handler(rng_gsl_error);
}
