/* SPDX-License-Identifier: GPL-3.0-or-later
   Scaling by the largest unit that leaves a digit before the point, rounded first so that
   999.96 ms is 1.00 s. */
#include "sim/report/figure.h"

#include <math.h>
#include <stdio.h>

struct figure_unit {
    double size;
    const char *name;
};

/* Three significant digits of a value that is about 1 or more. */
static void figure_digits(char *to, double value, const char *unit)
{
    int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    snprintf(to, FIGURE_SIZE, "%.*f%s", decimals, value, unit);
}

/* `units` from small to large, ending with NULL. */
static void figure_scale(char *to, double value, const struct figure_unit *units)
{
    while (units[1].name != NULL && value >= 0.9995 * units[1].size)
        units++;
    double scaled = value / units[0].size;
    if (scaled < 1e15)
        figure_digits(to, scaled, units[0].name);
    else
        snprintf(to, FIGURE_SIZE, "%.2e%s", scaled, units[0].name);
}

static void figure_time(char *to, double seconds)
{
    static const struct figure_unit units[] = {
        {1e-9, "ns"}, {1e-6, "us"}, {1e-3, "ms"}, {1, "s"}, {0, NULL}};
    char negative[FIGURE_SIZE];
    if (seconds == 0) {
        snprintf(to, FIGURE_SIZE, "0");
    } else if (seconds < 0) {
        figure_time(negative, -seconds);
        snprintf(to, FIGURE_SIZE, "-%.30s", negative);
    } else if (seconds < 0.005e-9) {
        snprintf(to, FIGURE_SIZE, "<0.01ns"); /* a mean over many that took no time */
    } else {
        figure_scale(to, seconds, units);
    }
}

static void figure_count(char *to, double count)
{
    static const struct figure_unit units[] = {{1, ""},    {1e3, "k"},  {1e6, "M"},
                                               {1e9, "G"}, {1e12, "T"}, {0, NULL}};
    if (count < 10000 && fabs(count - nearbyint(count)) < 1e-9 * fmax(1, count))
        snprintf(to, FIGURE_SIZE, "%.0f", count);
    else if (count < 9999.5)
        figure_digits(to, count, "");
    else
        figure_scale(to, count, units);
}

static void figure_percent(char *to, double ratio)
{
    double percent = 100 * ratio;
    char negative[FIGURE_SIZE];
    if (percent == 0) {
        snprintf(to, FIGURE_SIZE, "0");
    } else if (percent <= -0.001) {
        figure_percent(negative, -ratio);
        snprintf(to, FIGURE_SIZE, "-%.30s", negative);
    } else if (percent < 0.001) {
        snprintf(to, FIGURE_SIZE, percent < 0 ? ">-0.001%%" : "<0.001%%");
    } else if (percent < 0.9995) {
        snprintf(to, FIGURE_SIZE, "%.3f%%", percent);
    } else {
        figure_digits(to, percent, "%");
    }
}

void figure_write(char *to, enum figure figure, double value)
{
    if (!isfinite(value)) {
        snprintf(to, FIGURE_SIZE, "-");
        return;
    }
    switch (figure) {
    case FIGURE_TIME:
        figure_time(to, value);
        break;
    case FIGURE_COUNT:
        figure_count(to, value);
        break;
    case FIGURE_PERCENT:
        figure_percent(to, value);
        break;
    case FIGURE_INDEX:
        snprintf(to, FIGURE_SIZE, "%.4f", value);
        break;
    case FIGURE_NUMBER:
        figure_digits(to, value, "");
        break;
    }
}

void figure_write_half(char *to, double value, double high)
{
    double percent = 100 * (high - value) / value;
    if (!isfinite(percent))
        to[0] = '\0';
    else if (percent == 0)
        snprintf(to, FIGURE_SIZE, "±0");
    else if (percent < 0.05)
        snprintf(to, FIGURE_SIZE, "±<0.1%%");
    else if (percent < 9.95)
        snprintf(to, FIGURE_SIZE, "±%.1f%%", percent);
    else
        snprintf(to, FIGURE_SIZE, "±%.0f%%", percent);
}
