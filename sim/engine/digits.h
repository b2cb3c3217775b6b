/* SPDX-License-Identifier: GPL-3.0-or-later
   Decimal digits without a table or a loop: a number below 10^8 is halved into fours, twos
   and ones of digits, all of a width at once within one register. */
#ifndef SIM_ENGINE_DIGITS_H
#define SIM_ENGINE_DIGITS_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

enum { DIGITS_MOST = 20, DIGITS_EIGHT = 100000000 };

/* Eight digits as numbers of a byte each, the first one lowest.  The factors are 1/100 and
   1/10 in 2^-20 and 2^-10, rounded up, which is exact below 10^4 and 10^2. */
static inline uint64_t digits_split(uint32_t value)
{
    uint64_t fours = value / 10000 | (uint64_t)(value % 10000) << 32;
    uint64_t hundreds = fours * 10486 >> 20 & 0x0000007f0000007f;
    uint64_t twos = hundreds | (fours - hundreds * 100) << 16;
    uint64_t tens = twos * 103 >> 10 & 0x000f000f000f000f;
    return tens | (twos - tens * 10) << 8;
}

static inline void digits_store(char *to, uint64_t digits)
{
    digits = htole64(digits);
    memcpy(to, &digits, sizeof digits);
}

/* Bits that leading zeros take; the last digit always stays. */
static inline unsigned digits_leading(uint64_t split)
{
    return (unsigned)__builtin_ctzll(split | (uint64_t)1 << 56) & ~7u;
}

/* The digits of value at `to`, where DIGITS_MOST bytes may be written; returns the end.
   `head`: the first eight bytes, the first one lowest. */
static inline char *digits_write(char *to, uint64_t value, uint64_t *head)
{
    const uint64_t zeros = 0x3030303030303030;
    if (value < DIGITS_EIGHT) {
        uint64_t split = digits_split((uint32_t)value);
        unsigned leading = digits_leading(split);
        *head = (split | zeros) >> leading;
        digits_store(to, *head);
        return to + 8 - leading / 8;
    }
    uint64_t high = value / DIGITS_EIGHT;
    uint64_t low = digits_split((uint32_t)(value % DIGITS_EIGHT)) | zeros;
    if (high < DIGITS_EIGHT) {
        uint64_t split = digits_split((uint32_t)high);
        unsigned leading = digits_leading(split);
        *head = (split | zeros) >> leading | low << 1 << (63 - leading);
        digits_store(to, *head);
        digits_store(to + 8, low >> leading);
        return to + 16 - leading / 8;
    }
    uint64_t top = digits_split((uint32_t)(high / DIGITS_EIGHT));
    uint64_t middle = digits_split((uint32_t)(high % DIGITS_EIGHT)) | zeros;
    unsigned leading = digits_leading(top);
    *head = (top | zeros) >> leading | middle << 1 << (63 - leading);
    digits_store(to, *head);
    to += 8 - leading / 8;
    digits_store(to, middle);
    digits_store(to + 8, low);
    return to + 16;
}

#endif
