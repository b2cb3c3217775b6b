/* SPDX-License-Identifier: GPL-3.0-or-later
   Ranges and ticks: of a linear axis at 1, 2 or 5 times a power of ten, of a logarithmic one at
   powers of ten, with 2 and 5 between them where there are few. */
#include "sim/report/chart_part.h"

#include "sim/engine/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void chart_axis_open(struct chart_axis *axis, const char *label, enum figure figure, bool log)
{
    *axis = (struct chart_axis){
        .label = label, .figure = figure, .log = log, .low = INFINITY, .high = -INFINITY};
}

void chart_axis_meet(struct chart_axis *axis, double value)
{
    if (!isfinite(value) || (axis->log && !(value > 0)))
        return;
    axis->low = fmin(axis->low, value);
    axis->high = fmax(axis->high, value);
}

/* "10ms" for "10.0ms": ticks are round. */
static void chart_axis_shorten(char *text)
{
    char *point = strchr(text, '.');
    if (point == NULL)
        return;
    size_t digits = strspn(point + 1, "0123456789"), kept = digits;
    while (kept > 0 && point[kept] == '0')
        kept--;
    char *end = point + (kept > 0 ? kept + 1 : 0), *rest = point + digits + 1;
    memmove(end, rest, strlen(rest) + 1);
}

static void chart_axis_tick(struct chart_axis *axis, double at)
{
    if (axis->tick_count == CHART_TICKS_MAX || at < axis->low * (1 - 1e-9) - 1e-300 ||
        at > axis->high * (1 + 1e-9))
        return;
    struct chart_tick *tick = &axis->ticks[axis->tick_count++];
    tick->at = at;
    figure_write(tick->text, axis->figure, at);
    chart_axis_shorten(tick->text);
}

static void chart_axis_close_log(struct chart_axis *axis)
{
    static const double steps[] = {1, 2, 5, 10};
    double first = floor(log10(axis->low) + 1e-9), last = ceil(log10(axis->high) - 1e-9);
    bool wide = log10(axis->high / axis->low) > 3.5;
    double low = axis->low, high = axis->high;
    for (int i = 0; i < 3; i++) {
        if (pow(10, first) * steps[i] <= low * (1 + 1e-9))
            axis->low = pow(10, first) * steps[i];
        if (pow(10, last - 1) * steps[3 - i] >= high * (1 - 1e-9))
            axis->high = pow(10, last - 1) * steps[3 - i];
    }
    if (!(axis->low < axis->high))
        axis->high = 2 * axis->low;
    for (double decade = first; decade <= last; decade++)
        for (int i = 0; i < (wide ? 1 : 3); i++)
            chart_axis_tick(axis, pow(10, decade) * steps[i]);
}

static void chart_axis_close_linear(struct chart_axis *axis)
{
    static const double steps[] = {1, 2, 5, 10};
    if (!(axis->low < axis->high))
        axis->high = axis->low + (axis->low == 0 ? 1 : fabs(axis->low));
    int wanted = axis->steps > 0 ? axis->steps : 6;
    double rough = (axis->high - axis->low) / wanted, power = pow(10, floor(log10(rough)));
    double step = 10 * power;
    for (int i = 3; i >= 0; i--)
        if (steps[i] * power >= rough * (1 - 1e-9))
            step = steps[i] * power;
    double first = floor(axis->low / step + 1e-9), last = ceil(axis->high / step - 1e-9);
    axis->low = first * step;
    axis->high = last * step;
    for (int i = 0; i < CHART_TICKS_MAX && first + i <= last; i++)
        chart_axis_tick(axis, (first + i) * step);
}

bool chart_axis_close(struct chart_axis *axis)
{
    if (!(axis->low <= axis->high))
        return false;
    if (axis->log)
        chart_axis_close_log(axis);
    else
        chart_axis_close_linear(axis);
    return true;
}

double chart_axis_place(const struct chart_axis *axis, double value)
{
    if (axis->log)
        return log(value / axis->low) / log(axis->high / axis->low);
    return (value - axis->low) / (axis->high - axis->low);
}

double chart_axis_value(const struct chart_axis *axis, double place)
{
    if (axis->log)
        return axis->low * pow(axis->high / axis->low, place);
    return axis->low + place * (axis->high - axis->low);
}
