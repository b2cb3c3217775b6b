/* SPDX-License-Identifier: GPL-3.0-or-later
   Numbers and CSV fields as text.  Doubles take the fewest digits that read back equal; the
   program never leaves the C locale. */
#include "sim/engine/digits.h"
#include "sim/engine/output.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *text_unsigned(char *to, uint64_t value)
{
    uint64_t head;
    return digits_write(to, value, &head);
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
