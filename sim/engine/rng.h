/* SPDX-License-Identifier: GPL-3.0-or-later
   Random streams.  A stream is named, never numbered: its key is a hash of (parent key,
   name, index), so adding a stream moves no other.  The generator is xoshiro256++
   (Blackman and Vigna 2019), 32 bytes, also offered to GSL as a gsl_rng_type. */
#ifndef SIM_ENGINE_RNG_H
#define SIM_ENGINE_RNG_H

#include <gsl/gsl_rng.h>
#include <stdint.h>

struct rng {
    uint64_t state[4];
};

/* The key of the stream `name`, number `index`, below `parent` (a seed or another key). */
uint64_t rng_key(uint64_t parent, const char *name, uint64_t index);

/* Fills the state from a key by splitmix64; any key is good, 0 too. */
static inline void rng_seed(struct rng *rng, uint64_t key)
{
    for (int i = 0; i < 4; i++) {
        uint64_t z = key += UINT64_C(0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
        rng->state[i] = z ^ (z >> 31);
    }
}

/* rng_seed(rng_key(...)) in one. */
void rng_open(struct rng *rng, uint64_t parent, const char *name, uint64_t index);

static inline uint64_t rng_rotate(uint64_t word, int bits)
{
    return (word << bits) | (word >> (64 - bits));
}

static inline uint64_t rng_next(struct rng *rng)
{
    uint64_t *s = rng->state;
    uint64_t result = rng_rotate(s[0] + s[3], 23) + s[0];
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rng_rotate(s[3], 45);
    return result;
}

/* Uniform on [0, 1) in steps of 2^-53. */
static inline double rng_uniform(struct rng *rng)
{
    return (double)(int64_t)(rng_next(rng) >> 11) * 0x1p-53;
}

/* Uniform on (0, 1): never 0, for logarithms. */
static inline double rng_uniform_open(struct rng *rng)
{
    return ((double)(int64_t)(rng_next(rng) >> 12) + 0.5) * 0x1p-52;
}

__extension__ typedef unsigned __int128 wide_uint;

/* A draw as one of 0 … bound - 1; bound > 0.  Multiply-shift: biased by less than
   bound / 2^64. */
static inline uint64_t rng_place(uint64_t draw, uint64_t bound)
{
    return (uint64_t)(((wide_uint)draw * bound) >> 64);
}

/* Uniform on 0 … bound - 1; bound > 0. */
static inline uint64_t rng_below(struct rng *rng, uint64_t bound)
{
    return rng_place(rng_next(rng), bound);
}

/* The generator behind GSL's interface, for its samplers in tests.  gsl_rng_set takes the
   key of a stream. */
extern const gsl_rng_type *const rng_gsl_type;

/* From here on an error inside GSL, which is a mistake of ours, ends the program as a CHECK
   does, with GSL's words, instead of aborting it.  Called once, before any thread. */
void rng_gsl_handle_errors(void);

#endif
