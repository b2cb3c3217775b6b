/* SPDX-License-Identifier: GPL-3.0-or-later
   MT19937 with the state renewed word by word. */
#include "models/blocks/mersenne.h"

void mersenne_seed(struct mersenne *mersenne, uint32_t seed)
{
    uint32_t word = seed;
    for (uint32_t i = 0; i < MERSENNE_WORDS; i++) {
        mersenne->words[i] = word;
        word = 1812433253 * (word ^ word >> 30) + i + 1;
    }
    mersenne->next = 0;
}

uint32_t mersenne_next(struct mersenne *mersenne)
{
    uint32_t *words = mersenne->words, i = mersenne->next;
    uint32_t after = i + 1 < MERSENNE_WORDS ? i + 1 : 0;
    uint32_t middle = i + 397 < MERSENNE_WORDS ? i + 397 : i + 397 - MERSENNE_WORDS;
    uint32_t joined = (words[i] & 0x80000000) | (words[after] & 0x7fffffff);
    words[i] = words[middle] ^ joined >> 1 ^ (joined & 1 ? 0x9908b0df : 0);
    mersenne->next = after;
    uint32_t word = words[i];
    word ^= word >> 11;
    word ^= word << 7 & 0x9d2c5680;
    word ^= word << 15 & 0xefc60000;
    return word ^ word >> 18;
}
