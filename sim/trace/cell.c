/* SPDX-License-Identifier: GPL-3.0-or-later
   What a field may be, strictly: no sign, no blanks, no exponent in whole numbers. */
#include "sim/trace/cell.h"

#include "sim/trace/roster.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool cell_count(const char *text, size_t size, uint64_t limit, uint64_t *value)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned digit = (unsigned char)text[i] - (unsigned)'0';
        if (digit > 9)
            return false;
        if (i >= 19 && (sum > UINT64_MAX / 10 || sum * 10 > UINT64_MAX - digit))
            return false;
        sum = sum * 10 + digit;
    }
    *value = sum;
    return size > 0 && sum <= limit;
}

bool cell_number(const char *text, size_t size, double *value)
{
    if (size == 0 || strspn(text, "0123456789.eE+-") != size)
        return false;
    char *end;
    *value = strtod(text, &end);
    return end == text + size && isfinite(*value) && *value >= 0;
}

bool cell_word(const char *text, size_t size, const char *const *words, uint64_t *value)
{
    for (size_t i = 0; words[i] != NULL; i++)
        if (strlen(words[i]) == size && memcmp(words[i], text, size) == 0) {
            *value = i;
            return true;
        }
    return false;
}

/* Bytes of the character at `text`; 0: none, or a control character.  Follows the table of
   well-formed sequences of the Unicode standard, chapter 3. */
static size_t cell_character(const unsigned char *text, size_t size)
{
    unsigned first = text[0];
    if (first < 0x80)
        return first >= 0x20 && first != 0x7f;
    size_t length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (first < 0xc2 || first > 0xf4 || length > size)
        return 0;
    unsigned low = 0x80, high = 0xbf;
    if (first == 0xc2 || first == 0xe0) /* C1 controls, overlong */
        low = 0xa0;
    else if (first == 0xed) /* surrogates */
        high = 0x9f;
    else if (first == 0xf0) /* overlong */
        low = 0x90;
    else if (first == 0xf4) /* above U+10FFFF */
        high = 0x8f;
    if (text[1] < low || text[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    return length;
}

bool cell_is_name(const char *text, size_t size)
{
    if (size == 0 || size > ROSTER_NAME_BYTES)
        return false;
    const unsigned char *at = (const unsigned char *)text;
    while (size > 0) {
        size_t length = cell_character(at, size);
        if (length == 0)
            return false;
        at += length;
        size -= length;
    }
    return true;
}

const char *cell_quote(const char *text, size_t size, char quoted[CELL_QUOTED_BYTES])
{
    size_t used = 0;
    quoted[used++] = '"';
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (used + 9 > CELL_QUOTED_BYTES) { /* one more, the dots, quote and NUL */
            memcpy(quoted + used, "...", 3);
            used += 3;
            break;
        }
        if (byte < 0x20 || byte >= 0x7f)
            used += (size_t)snprintf(quoted + used, 5, "\\x%02x", byte);
        else
            quoted[used++] = (char)byte;
    }
    quoted[used++] = '"';
    quoted[used] = '\0';
    return quoted;
}

void cell_list(const char *const *words, char *list, size_t room)
{
    size_t used = 0;
    for (size_t i = 0; words[i] != NULL && used < room; i++) {
        const char *before = i == 0 ? "" : words[i + 1] == NULL ? " or " : ", ";
        int size = snprintf(list + used, room - used, "%s%s", before, words[i]);
        used += size > 0 ? (size_t)size : 0;
    }
}
