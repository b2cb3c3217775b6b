/* SPDX-License-Identifier: GPL-3.0-or-later
   Decimal numerals, exact: 12, 0.25, +3, .5, 1e3.  No octal, hexadecimal or underscores. */
#ifndef SIM_CONFIG_NUMBER_H
#define SIM_CONFIG_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NUMBER_LENGTH_LIMIT = 100 }; /* characters */

struct number {
    const char *text;
    size_t length, mantissa; /* characters, with and without the exponent */
    int exponent;            /* as written, cut to +-10000 */
    bool negative;
    bool exact;      /* the value is digits * 10^power, else it has too many digits */
    uint64_t digits; /* without the sign */
    int power;
};

enum number_fit { NUMBER_WHOLE, NUMBER_FRACTION, NUMBER_LARGE };

/* Scans the numeral that `text` starts with.  False if there is none, it is too long, or a
   zero leads other digits. */
bool number_scan(const char *text, struct number *number);

/* The number * 10^shift as the nearest double; infinite if too large. */
double number_double(const struct number *number, int shift);

/* The size (sign apart) of number * unit, if that is a whole number below 2^64. */
enum number_fit number_whole(const struct number *number, uint64_t unit, uint64_t *whole);

#endif
