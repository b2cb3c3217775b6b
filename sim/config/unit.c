/* SPDX-License-Identifier: GPL-3.0-or-later
   A unit is a whole factor, and for doubles the same factor as small * 10^shift, so that
   decimal units move the exponent of the text instead of rounding twice. */
#include "sim/config/unit.h"

#include "sim/engine/output.h"

#include <math.h>
#include <string.h>

struct unit {
    const char *name; /* a longer name stands before its beginnings */
    uint64_t factor;  /* 0: below one */
    double small;
    int shift;
};

static const struct unit unit_none[] = {{"", 1, 1, 0}, {NULL, 0, 0, 0}};

static const struct unit unit_thousands[] = {
    {"k", 1000, 1, 3}, {"M", 1000000, 1, 6}, {"G", 1000000000, 1, 9}, {"", 1, 1, 0},
    {NULL, 0, 0, 0}};

static const struct unit unit_ratios[] = {{"%", 0, 1, -2}, {"", 1, 1, 0}, {NULL, 0, 0, 0}};

static const struct unit unit_durations[] = {
    {"d", 86400 * UINT64_C(1000000000), 864, 11},
    {"h", 3600 * UINT64_C(1000000000), 36, 11},
    {"ms", 1000000, 1, 6},
    {"m", 60 * UINT64_C(1000000000), 6, 10},
    {"s", 1000000000, 1, 9},
    {"us", 1000, 1, 3},
    {"\xc2\xb5s", 1000, 1, 3}, /* micro sign */
    {"\xce\xbcs", 1000, 1, 3}, /* Greek mu */
    {"ns", 1, 1, 0},
    {NULL, 0, 0, 0}};

static const struct unit unit_sizes[] = {
    {"TiB", UINT64_C(1) << 40, 0x1p40, 0}, {"Ti", UINT64_C(1) << 40, 0x1p40, 0},
    {"TB", UINT64_C(1000000000000), 1, 12}, {"GiB", 1 << 30, 0x1p30, 0},
    {"Gi", 1 << 30, 0x1p30, 0},            {"GB", 1000000000, 1, 9},
    {"MiB", 1 << 20, 0x1p20, 0},           {"Mi", 1 << 20, 0x1p20, 0},
    {"MB", 1000000, 1, 6},                 {"KiB", 1 << 10, 0x1p10, 0},
    {"Ki", 1 << 10, 0x1p10, 0},            {"KB", 1000, 1, 3},
    {"kB", 1000, 1, 3},                    {"B", 1, 1, 0},
    {NULL, 0, 0, 0}};

/* Names and sizes of what may follow the slash of a rate, in seconds. */
static const struct unit unit_periods[] = {
    {"/ms", 0, 1, 3},   {"/us", 0, 1, 6},     {"/s", 1, 1, 0},
    {"/m", 60, 60, 0},  {"/h", 3600, 3600, 0}, {"/d", 86400, 86400, 0},
    {NULL, 0, 0, 0}};

static const struct unit *unit_find(const struct unit *units, const char **text)
{
    for (; units->name; units++) {
        size_t length = strlen(units->name);
        if (strncmp(*text, units->name, length) != 0)
            continue;
        *text += length;
        return units;
    }
    return NULL;
}

/* Adds one component; signs are put on at the end. */
static void unit_add(struct unit_value *value, const struct number *number,
                     const struct unit *unit)
{
    uint64_t whole = 0;
    enum number_fit fit =
        unit->factor ? number_whole(number, unit->factor, &whole) : NUMBER_FRACTION;
    double real = fit == NUMBER_WHOLE
                      ? (double)whole
                      : fabs(number_double(number, unit->shift)) * unit->small;
    if (fit > value->fit)
        value->fit = fit;
    if (__builtin_add_overflow(value->whole, whole, &value->whole))
        value->fit = NUMBER_LARGE;
    value->real = value->fit == NUMBER_WHOLE ? (double)value->whole : value->real + real;
    value->negative |= number->negative;
}

static enum unit_result unit_read_plain(const struct unit *units, const char *text,
                                        struct unit_value *value)
{
    struct number number;
    const char *sign = text;
    do {
        if (!number_scan(text, &number) || (text != sign && (*text == '-' || *text == '+')))
            return UNIT_WRONG;
        text += number.length;
        const struct unit *unit = unit_find(units, &text);
        if (!unit)
            return *text || number.text != sign ? UNIT_WRONG : UNIT_MISSING;
        unit_add(value, &number, unit);
    } while (units == unit_durations && *text);
    return *text ? UNIT_WRONG : UNIT_READ;
}

static enum unit_result unit_read_rate(const char *text, struct unit_value *value)
{
    struct number number;
    if (!number_scan(text, &number))
        return UNIT_WRONG;
    text += number.length;
    const struct unit *scale = unit_find(unit_thousands, &text);
    if (*text == '\0')
        return UNIT_MISSING;
    const struct unit *period = unit_find(unit_periods, &text);
    if (!period || *text)
        return UNIT_WRONG;
    value->real = number_double(&number, scale->shift + period->shift) / period->small;
    value->fit = NUMBER_FRACTION;
    value->negative = number.negative;
    return UNIT_READ;
}

static const struct unit *unit_table(enum param_type type)
{
    return type == PARAM_COUNT      ? unit_thousands
           : type == PARAM_RATIO    ? unit_ratios
           : type == PARAM_DURATION ? unit_durations
           : type == PARAM_SIZE     ? unit_sizes
                                    : unit_none;
}

enum unit_result unit_read(enum param_type type, const char *text, struct unit_value *value)
{
    *value = (struct unit_value){.fit = NUMBER_WHOLE};
    enum unit_result result = type == PARAM_RATE
                                  ? unit_read_rate(text, value)
                                  : unit_read_plain(unit_table(type), text, value);
    if (value->negative)
        value->real = -fabs(value->real);
    return result;
}

static void unit_end(char *end, const char *name)
{
    memcpy(end, name, strlen(name) + 1);
}

void unit_write_whole(enum param_type type, uint64_t whole, char *text)
{
    const struct unit *best = NULL;
    for (const struct unit *unit = unit_table(type); unit->name; unit++) {
        bool fits = unit->factor && whole % unit->factor == 0 && strlen(unit->name) < 3;
        if (fits && (!best || unit->factor > best->factor))
            best = unit;
    }
    char *end = text_unsigned(text, best ? whole / best->factor : whole);
    const char *zero = type == PARAM_DURATION ? "s" : type == PARAM_SIZE ? "B" : "";
    unit_end(end, whole == 0 || !best ? zero : best->name);
}

/* A ratio as a percentage, if four decimals say it exactly. */
static bool unit_write_percent(double value, char *text)
{
    unit_end(text_double(text, round(value * 1e6) / 1e4), "%");
    struct unit_value back;
    return unit_read(PARAM_RATIO, text, &back) == UNIT_READ && back.real == value;
}

void unit_write(enum param_type type, double value, char *text)
{
    bool scaled = type == PARAM_DURATION || type == PARAM_SIZE;
    if (scaled && value >= 0 && value < 0x1p53 && value == floor(value)) {
        unit_write_whole(type, (uint64_t)value, text);
        return;
    }
    if (type == PARAM_RATIO && unit_write_percent(value, text))
        return;
    const char *name = type == PARAM_DURATION ? "ns"
                       : type == PARAM_SIZE   ? "B"
                       : type == PARAM_RATE   ? "/s"
                                              : "";
    unit_end(text_double(text, value), name);
}

const char *unit_names(enum param_type type)
{
    return type == PARAM_COUNT      ? "k M G"
           : type == PARAM_RATIO    ? "%"
           : type == PARAM_DURATION ? "ns us ms s m h d"
           : type == PARAM_RATE     ? "/s /m /h /d /ms /us"
           : type == PARAM_SIZE     ? "B KB MB GB TB Ki Mi Gi Ti"
                                    : NULL;
}

const char *unit_pattern(enum param_type type)
{
    return type == PARAM_COUNT      ? "[kMG]"
           : type == PARAM_RATIO    ? "%"
           : type == PARAM_DURATION ? "(ns|us|\xc2\xb5s|\xce\xbcs|ms|s|m|h|d)"
           : type == PARAM_RATE     ? "[kMG]?/(ms|us|s|m|h|d)"
           : type == PARAM_SIZE     ? "([KMGT]i?B|kB|[KMGT]i|B)"
                                    : NULL;
}
