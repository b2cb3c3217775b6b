/* SPDX-License-Identifier: GPL-3.0-or-later
   Numbers and CSV fields as text.  Integers go out eight digits at a time, in pairs from a
   table, so that the divisions do not wait for each other.  Doubles take the fewest digits
   that read back equal; the program never leaves the C locale. */
#include "sim/engine/output.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_FOUR_DIGITS = 10000, TEXT_EIGHT_DIGITS = 100000000 };

static const char text_pairs[] = "00010203040506070809101112131415161718192021222324"
                                 "25262728293031323334353637383940414243444546474849"
                                 "50515253545556575859606162636465666768697071727374"
                                 "75767778798081828384858687888990919293949596979899";

static inline void text_four(char *to, uint32_t value)
{
    memcpy(to, text_pairs + 2 * (value / 100), 2);
    memcpy(to + 2, text_pairs + 2 * (value % 100), 2);
}

static inline char *text_eight(char *to, uint32_t value)
{
    text_four(to, value / TEXT_FOUR_DIGITS);
    text_four(to + 4, value % TEXT_FOUR_DIGITS);
    return to + 8;
}

/* Below 10^4, without leading zeros. */
static inline char *text_to_four(char *to, uint32_t value)
{
    if (value >= 100) {
        to = text_to_four(to, value / 100);
        memcpy(to, text_pairs + 2 * (value % 100), 2);
        return to + 2;
    }
    if (value >= 10) {
        memcpy(to, text_pairs + 2 * value, 2);
        return to + 2;
    }
    *to = (char)('0' + value);
    return to + 1;
}

/* Below 10^8, without leading zeros. */
static inline char *text_to_eight(char *to, uint32_t value)
{
    if (value < TEXT_FOUR_DIGITS)
        return text_to_four(to, value);
    to = text_to_four(to, value / TEXT_FOUR_DIGITS);
    text_four(to, value % TEXT_FOUR_DIGITS);
    return to + 4;
}

char *text_unsigned(char *to, uint64_t value)
{
    if (value < TEXT_EIGHT_DIGITS)
        return text_to_eight(to, (uint32_t)value);
    uint64_t high = value / TEXT_EIGHT_DIGITS;
    uint32_t low = (uint32_t)(value % TEXT_EIGHT_DIGITS);
    if (high < TEXT_EIGHT_DIGITS) {
        to = text_to_eight(to, (uint32_t)high);
    } else {
        to = text_to_four(to, (uint32_t)(high / TEXT_EIGHT_DIGITS));
        to = text_eight(to, (uint32_t)(high % TEXT_EIGHT_DIGITS));
    }
    return text_eight(to, low);
}

char *text_signed(char *to, int64_t value)
{
    if (value >= 0)
        return text_unsigned(to, (uint64_t)value);
    *to = '-';
    return text_unsigned(to + 1, 0 - (uint64_t)value);
}

static bool text_needs_quotes(const char *text, size_t size)
{
    if (size == 0)
        return false;
    return text[0] == ' ' || text[0] == '\t' || text[size - 1] == ' ' ||
           text[size - 1] == '\t' || strpbrk(text, ",\"\r\n") != NULL;
}

char *text_field(char *to, const char *text)
{
    size_t size = strlen(text);
    if (!text_needs_quotes(text, size)) {
        memcpy(to, text, size);
        return to + size;
    }
    *to++ = '"';
    for (; *text != '\0'; text++) {
        if (*text == '"')
            *to++ = '"';
        *to++ = *text;
    }
    *to++ = '"';
    return to;
}

/* 15 digits always survive text -> double -> text, so if 15 or fewer are enough then %.15g
   prints them without zeros at the end.  Below DBL_MIN a double holds fewer digits. */
static size_t text_fraction(char *to, double value)
{
    int digits = fabs(value) < DBL_MIN ? 1 : DBL_DIG;
    int size = 0;
    for (; digits <= DBL_DECIMAL_DIG; digits++) {
        size = snprintf(to, 32, "%.*g", digits, value);
        if (strtod(to, NULL) == value)
            break;
    }
    return (size_t)size;
}

char *text_double(char *to, double value)
{
    if (isnan(value) || isinf(value)) {
        const char *word = isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
        size_t size = strlen(word);
        memcpy(to, word, size);
        return to + size;
    }
    if (fabs(value) < 1e15 && value == (double)(int64_t)value)
        return text_signed(to, (int64_t)value);
    return to + text_fraction(to, value);
}
