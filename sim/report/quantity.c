/* SPDX-License-Identifier: GPL-3.0-or-later
   The digits are those of figure.h; signs, and units that it does not know, are put around
   them. */
#include "sim/report/quantity.h"

#include "sim/report/figure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Ratios that are no shares of anything, by how their names begin. */
static const char *const quantity_numbers[] = {"amplification", "cv", "jain_", "max_over_mean_"};
static const char quantity_number[] = "number";

const char *quantity_unit(const struct measure *measure)
{
    for (size_t i = 0; i < sizeof(quantity_numbers) / sizeof(*quantity_numbers); i++)
        if (strncmp(measure->metric, quantity_numbers[i], strlen(quantity_numbers[i])) == 0)
            return quantity_number;
    return measure->unit;
}

static enum figure quantity_figure(const char *unit, double value)
{
    if (strcmp(unit, quantity_number) == 0)
        return fabs(value) < 1 ? FIGURE_INDEX : FIGURE_NUMBER;
    return strcmp(unit, "s") == 0       ? FIGURE_TIME
           : strcmp(unit, "ratio") == 0 ? FIGURE_PERCENT
                                        : FIGURE_COUNT;
}

void quantity_write(char *to, const char *unit, double value)
{
    char digits[FIGURE_SIZE];
    bool is_rate = strcmp(unit, "1/s") == 0;
    figure_write(digits, quantity_figure(unit, value), fabs(value));
    snprintf(to, QUANTITY_SIZE, "%s%s%s", value < 0 ? "-" : "", digits,
             is_rate && isfinite(value) ? "/s" : "");
}

void quantity_write_span(char *to, const char *unit, double low, double high)
{
    char first[QUANTITY_SIZE], last[QUANTITY_SIZE];
    quantity_write(first, unit, low);
    quantity_write(last, unit, high);
    to[0] = '\0';
    if (isfinite(low) && isfinite(high))
        snprintf(to, QUANTITY_SIZE, "%.40s to %.40s", first, last);
}

void quantity_write_change(char *to, bool is_ratio, const char *unit, double value)
{
    bool is_share = !is_ratio && strcmp(unit, "ratio") == 0;
    double percent = 100 * (is_ratio ? value - 1 : value);
    if (!isfinite(value)) {
        snprintf(to, QUANTITY_SIZE, "-");
    } else if (is_ratio || is_share) {
        int decimals = fabs(percent) < 9.95 ? 2 : fabs(percent) < 99.95 ? 1 : 0;
        const char *sign = percent > 0 ? "+" : "";
        snprintf(to, QUANTITY_SIZE, "%s%.*f%s", sign, percent == 0 ? 0 : decimals, percent,
                 is_ratio ? "%" : " points");
    } else {
        char digits[QUANTITY_SIZE];
        quantity_write(digits, unit, value);
        snprintf(to, QUANTITY_SIZE, "%s%.90s", value > 0 ? "+" : "", digits);
    }
}

void quantity_write_changes(char *to, bool is_ratio, const char *unit, double low, double high)
{
    char first[QUANTITY_SIZE], last[QUANTITY_SIZE];
    quantity_write_change(first, is_ratio, unit, low);
    quantity_write_change(last, is_ratio, unit, high);
    to[0] = '\0';
    if (isfinite(low) && isfinite(high))
        snprintf(to, QUANTITY_SIZE, "%.40s to %.40s", first, last);
}
