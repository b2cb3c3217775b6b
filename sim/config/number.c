/* SPDX-License-Identifier: GPL-3.0-or-later
   A numeral is kept as digits and a power of ten, so that units scale it without rounding;
   a double is made once, from the text with its exponent moved. */
#include "sim/config/number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_EXPONENT_LIMIT = 10000, NUMBER_POWER_LIMIT = 19 /* 10^19 < 2^64 */ };

static size_t number_digits(const char *text)
{
    return strspn(text, "0123456789");
}

/* The exponent at `text`, if there is one; returns its characters. */
static size_t number_exponent(const char *text, int *exponent)
{
    *exponent = 0;
    if (*text != 'e' && *text != 'E')
        return 0;
    size_t sign = text[1] == '+' || text[1] == '-';
    size_t count = number_digits(text + 1 + sign);
    for (size_t i = 0; i < count && *exponent <= NUMBER_EXPONENT_LIMIT; i++)
        *exponent = *exponent * 10 + (text[1 + sign + i] - '0');
    if (*exponent > NUMBER_EXPONENT_LIMIT)
        *exponent = NUMBER_EXPONENT_LIMIT;
    if (sign && text[1] == '-')
        *exponent = -*exponent;
    return count ? 1 + sign + count : 0;
}

static bool number_append(uint64_t *digits, int zeros, unsigned digit)
{
    for (int i = 0; i <= zeros; i++)
        if (__builtin_mul_overflow(*digits, 10, digits))
            return false;
    return !__builtin_add_overflow(*digits, digit, digits);
}

/* Collects the digits, leaving zeros at the end to the power. */
static void number_collect(struct number *number, const char *text, size_t length)
{
    int zeros = 0, fraction = 0;
    bool point = false;
    number->exact = true;
    number->digits = 0;
    for (size_t i = 0; i < length && number->exact; i++) {
        if (text[i] == '.') {
            point = true;
            continue;
        }
        fraction += point;
        if (text[i] == '0') {
            zeros += number->digits > 0;
            continue;
        }
        number->exact = number_append(&number->digits, zeros, (unsigned)(text[i] - '0'));
        zeros = 0;
    }
    number->power = number->digits ? number->exponent + zeros - fraction : 0;
}

bool number_scan(const char *text, struct number *number)
{
    const char *start = text;
    number->negative = *text == '-';
    text += *text == '-' || *text == '+';
    const char *first = text;
    size_t whole = number_digits(text), fraction = 0;
    text += whole;
    if (*text == '.') {
        fraction = number_digits(text + 1);
        text += 1 + fraction;
    }
    if (whole + fraction == 0 || (whole > 1 && *first == '0'))
        return false;
    number->text = start;
    number->mantissa = (size_t)(text - start);
    number->length = number->mantissa + number_exponent(text, &number->exponent);
    number_collect(number, first, (size_t)(text - first));
    return number->length <= NUMBER_LENGTH_LIMIT;
}

double number_double(const struct number *number, int shift)
{
    char text[NUMBER_LENGTH_LIMIT + 16];
    memcpy(text, number->text, number->mantissa);
    snprintf(text + number->mantissa, 16, "e%d", number->exponent + shift);
    return strtod(text, NULL);
}

static uint64_t number_ten_to(int power)
{
    uint64_t result = 1;
    while (power-- > 0)
        result *= 10;
    return result;
}

static uint64_t number_common(uint64_t a, uint64_t b)
{
    while (b) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

enum number_fit number_whole(const struct number *number, uint64_t unit, uint64_t *whole)
{
    if (!number->exact)
        return number_double(number, 0) * (double)unit >= 0x1p64 ? NUMBER_LARGE : NUMBER_FRACTION;
    *whole = number->digits;
    if (number->power < 0) {
        if (number->power < -NUMBER_POWER_LIMIT)
            return NUMBER_FRACTION;
        uint64_t divisor = number_ten_to(-number->power);
        uint64_t common = number_common(unit, divisor);
        if (*whole % (divisor / common) != 0)
            return NUMBER_FRACTION;
        *whole /= divisor / common;
        unit /= common;
    }
    for (int i = 0; i < number->power; i++)
        if (__builtin_mul_overflow(*whole, 10, whole))
            return NUMBER_LARGE;
    return __builtin_mul_overflow(*whole, unit, whole) ? NUMBER_LARGE : NUMBER_WHOLE;
}
