/* SPDX-License-Identifier: GPL-3.0-or-later
   Doubling and halving until both sides are known, then the geometric middle of what is wider:
   from the near end to the first unclear try, or from the last one to the far end. */
#include "sim/cli/bisection.h"

#include <math.h>

struct bisection bisection_open(double start, double least, double most, double precision,
                                bool whole)
{
    struct bisection bisection = {
        .start = whole ? round(start) : start, .least = least, .most = most,
        .precision = precision, .whole = whole,
        .near = NAN, .far = NAN, .unclear_low = NAN, .unclear_high = NAN};
    bisection.start = fmin(fmax(bisection.start, least), most);
    return bisection;
}

/* Whether there is something to learn between two values. */
static bool bisection_is_wide(const struct bisection *bisection, double low, double high)
{
    return high > low * (1 + bisection->precision) && (!bisection->whole || high - low > 1);
}

static double bisection_middle(const struct bisection *bisection, double low, double high)
{
    double middle = sqrt(low * high);
    if (!bisection->whole)
        return middle;
    middle = round(middle);
    return middle <= low ? low + 1 : middle >= high ? high - 1 : middle;
}

/* Outwards from what was tried. */
static bool bisection_reach(const struct bisection *bisection, double *value)
{
    double low = INFINITY, high = 0;
    for (size_t i = 0; i < bisection->count; i++) {
        low = fmin(low, bisection->tried[i]);
        high = fmax(high, bisection->tried[i]);
    }
    bool up = isnan(bisection->far) && high < bisection->most;
    bool down = isnan(bisection->near) && low > bisection->least;
    if (down && (!up || !isnan(bisection->far)))
        *value = fmax(bisection->least, bisection->whole ? floor(low / 2) : low / 2);
    else if (up)
        *value = fmin(bisection->most, 2 * high);
    return up || down;
}

bool bisection_next(const struct bisection *bisection, double *value)
{
    double near = bisection->near, far = bisection->far;
    double low = bisection->unclear_low, high = bisection->unclear_high;
    if (bisection->count == BISECTION_TRIES_MAX)
        return false;
    if (bisection->count == 0) {
        *value = bisection->start;
        return true;
    }
    bool is_open = isnan(near) || isnan(far);
    if (is_open && bisection_reach(bisection, value))
        return true;
    if (isnan(low) && !is_open) {
        *value = bisection_middle(bisection, near, far);
        return bisection_is_wide(bisection, near, far);
    }
    bool below = !isnan(near) && !isnan(low) && bisection_is_wide(bisection, near, low);
    bool above = !isnan(far) && !isnan(high) && bisection_is_wide(bisection, high, far);
    if (below && (!above || low / near >= far / high))
        *value = bisection_middle(bisection, near, low);
    else if (above)
        *value = bisection_middle(bisection, high, far);
    return below || above;
}

/* Unclear tries beyond the ends do not count any more. */
static void bisection_settle(struct bisection *bisection)
{
    double near = isnan(bisection->near) ? 0 : bisection->near;
    double far = isnan(bisection->far) ? INFINITY : bisection->far;
    if (bisection->unclear_high <= near || bisection->unclear_low >= far)
        bisection->unclear_low = bisection->unclear_high = NAN;
}

void bisection_tell(struct bisection *bisection, double value, enum bisection_side side)
{
    if (bisection->count < BISECTION_TRIES_MAX)
        bisection->tried[bisection->count++] = value;
    if (side == BISECTION_NEAR)
        bisection->near = fmax(value, bisection->near); /* of a NaN and a number, the number */
    if (side == BISECTION_FAR)
        bisection->far = fmin(value, bisection->far);
    if (side == BISECTION_UNCLEAR) {
        bisection->unclear_low = fmin(value, bisection->unclear_low);
        bisection->unclear_high = fmax(value, bisection->unclear_high);
    }
    bisection_settle(bisection);
}
