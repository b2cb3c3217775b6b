/* SPDX-License-Identifier: GPL-3.0-or-later
   Times and quantities as text.  Days are counted by the civil calendar with years that
   begin in March, so that the leap day is the last of its year (Hinnant's method). */
#include "models/replay_stamp.h"

__extension__ typedef __int128 replay_wide;

static bool replay_stamp_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

int replay_stamp_digits(const char *text, size_t width)
{
    int value = 0;
    for (size_t i = 0; i < width; i++) {
        if (!replay_stamp_is_digit(text[i]))
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

static int64_t replay_stamp_days(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = y / 400, of_era = y % 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static bool replay_stamp_date_exists(int year, int month, int day)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1970 || year > 2261 || month < 1 || month > 12 || day < 1)
        return false;
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= lengths[month - 1] + (month == 2 && is_leap);
}

bool replay_stamp_compose(const struct replay_civil *civil, int64_t *ns)
{
    if (!replay_stamp_date_exists(civil->year, civil->month, civil->day))
        return false;
    /* Second 60 is a leap second. */
    if (civil->hour < 0 || civil->hour > 23 || civil->minute < 0 || civil->minute > 59 ||
        civil->second < 0 || civil->second > 60)
        return false;
    int64_t seconds = replay_stamp_days(civil->year, civil->month, civil->day) * 86400 +
                      civil->hour * 3600 + civil->minute * 60 + civil->second - civil->zone;
    *ns = seconds * SIM_SECOND + civil->nanosecond;
    return true;
}

/* Decimals after the point at text[*at], as nanoseconds; false without any or with more
   than nine. */
static bool replay_stamp_decimals(const char *text, size_t size, size_t *at,
                                  int *nanosecond)
{
    int value = 0, count = 0;
    for ((*at)++; *at < size && replay_stamp_is_digit(text[*at]); (*at)++, count++)
        if (count < 9)
            value = value * 10 + (text[*at] - '0');
    for (int i = count; i < 9; i++)
        value *= 10;
    *nanosecond = value;
    return count >= 1 && count <= 9;
}

/* "", "Z", "+02:00" or "+0200". */
static bool replay_stamp_zone(const char *text, size_t size, int *zone)
{
    *zone = 0;
    if (size == 0 || (size == 1 && (text[0] == 'Z' || text[0] == 'z')))
        return true;
    if ((text[0] != '+' && text[0] != '-') || (size != 5 && size != 6))
        return false;
    if (size == 6 && text[3] != ':')
        return false;
    int hours = replay_stamp_digits(text + 1, 2);
    int minutes = replay_stamp_digits(text + size - 2, 2);
    if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59)
        return false;
    *zone = (hours * 3600 + minutes * 60) * (text[0] == '-' ? -1 : 1);
    return true;
}

bool replay_stamp_iso(const char *text, size_t size, struct replay_civil *civil,
                      int64_t *ns)
{
    if (size < 19 || text[4] != '-' || text[7] != '-' || text[13] != ':' ||
        text[16] != ':' || (text[10] != ' ' && text[10] != 'T'))
        return false;
    *civil = (struct replay_civil){
        .year = replay_stamp_digits(text, 4),
        .month = replay_stamp_digits(text + 5, 2),
        .day = replay_stamp_digits(text + 8, 2),
        .hour = replay_stamp_digits(text + 11, 2),
        .minute = replay_stamp_digits(text + 14, 2),
        .second = replay_stamp_digits(text + 17, 2),
    };
    size_t at = 19;
    if (at < size && text[at] == '.' &&
        !replay_stamp_decimals(text, size, &at, &civil->nanosecond))
        return false;
    return replay_stamp_zone(text + at, size - at, &civil->zone) &&
           replay_stamp_compose(civil, ns);
}

/* A number as digits and a power of ten. */
struct replay_decimal {
    uint64_t digits;
    int power;
    bool any; /* at least one digit was seen */
    bool is_negative;
};

enum { REPLAY_STAMP_POWER = 9999 }; /* exponents are cut to that */

static void replay_stamp_add_digit(struct replay_decimal *decimal, char digit,
                                   bool is_fraction)
{
    static const uint64_t limit = UINT64_C(1000000000000000000); /* keeps 19 digits */
    decimal->any = true;
    if (decimal->digits < limit) {
        decimal->digits = decimal->digits * 10 + (uint64_t)(digit - '0');
        decimal->power -= is_fraction;
    } else {
        decimal->power += !is_fraction; /* past what is kept: counts by its place only */
    }
}

static bool replay_stamp_power(const char *text, size_t size, int *power)
{
    size_t at = 0;
    bool is_negative = size > 0 && text[0] == '-';
    if (size > 0 && (text[0] == '-' || text[0] == '+'))
        at++;
    if (at == size)
        return false;
    int value = 0;
    for (; at < size && replay_stamp_is_digit(text[at]); at++)
        if (value <= REPLAY_STAMP_POWER)
            value = value * 10 + (text[at] - '0');
    if (value > REPLAY_STAMP_POWER)
        value = REPLAY_STAMP_POWER;
    *power += is_negative ? -value : value;
    return at == size;
}

static bool replay_stamp_scale(const struct replay_decimal *decimal, int64_t unit,
                               int64_t *value)
{
    replay_wide wide = (replay_wide)decimal->digits * unit;
    for (int i = decimal->power; i > 0 && wide != 0; i--) {
        wide *= 10;
        if (wide > INT64_MAX)
            return false;
    }
    replay_wide divisor = 1;
    for (int i = decimal->power; i < 0; i++) {
        if (divisor > wide * 2 / 10) { /* rounds to 0, whatever follows */
            *value = 0;
            return true;
        }
        divisor *= 10;
    }
    wide = (wide * 2 + divisor) / (divisor * 2);
    if (wide > INT64_MAX)
        return false;
    *value = (int64_t)wide;
    return true;
}

static bool replay_stamp_read(const char *text, size_t size,
                              struct replay_decimal *decimal)
{
    *decimal = (struct replay_decimal){.is_negative = size > 0 && text[0] == '-'};
    size_t at = size > 0 && (text[0] == '-' || text[0] == '+') ? 1 : 0;
    for (; at < size && replay_stamp_is_digit(text[at]); at++)
        replay_stamp_add_digit(decimal, text[at], false);
    if (at < size && text[at] == '.')
        for (at++; at < size && replay_stamp_is_digit(text[at]); at++)
            replay_stamp_add_digit(decimal, text[at], true);
    if (!decimal->any)
        return false;
    if (at < size && (text[at] == 'e' || text[at] == 'E'))
        return replay_stamp_power(text + at + 1, size - at - 1, &decimal->power);
    return at == size;
}

bool replay_stamp_number(const char *text, size_t size, int64_t unit, int64_t *value)
{
    struct replay_decimal decimal;
    if (!replay_stamp_read(text, size, &decimal) ||
        !replay_stamp_scale(&decimal, unit, value))
        return false;
    if (decimal.is_negative)
        *value = -*value;
    return true;
}

bool replay_stamp_is_number(const char *text, size_t size)
{
    struct replay_decimal decimal;
    return replay_stamp_read(text, size, &decimal);
}
