/* SPDX-License-Identifier: GPL-3.0-or-later
   MT19937 (Matsumoto and Nishimura 1998), the std::mt19937 of C++, for products that shuffle
   with it.  Words are made one by one, so the first few come cheap. */
#ifndef MODELS_BLOCKS_MERSENNE_H
#define MODELS_BLOCKS_MERSENNE_H

#include <stdint.h>

enum { MERSENNE_WORDS = 624 };

struct mersenne {
    uint32_t words[MERSENNE_WORDS];
    uint32_t next;
};

void mersenne_seed(struct mersenne *mersenne, uint32_t seed);
uint32_t mersenne_next(struct mersenne *mersenne);

#endif
