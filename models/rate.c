/* SPDX-License-Identifier: GPL-3.0-or-later
   Rate curves: steps, piecewise, ramp, sine and spike, each turned into straight pieces when
   the scenario is checked.  A sine is 256 pieces a period, so no library's sin() decides a
   bit of the result; its error is below 0.01 % of the amplitude. */
#include "models/rate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { RATE_SINE_PIECES = 256 };

/* Every config begins with the curve that its check makes. */
struct rate_point {
    sim_time at;
    double factor;
};

struct rate_points {
    struct rate_curve curve;
    struct param_list points; /* of struct rate_point */
    sim_time repeat;          /* SIM_NEVER: does not */
};

struct rate_ramp {
    struct rate_curve curve;
    double from, to;
    sim_time begin, end;
};

struct rate_sine {
    struct rate_curve curve;
    sim_time period;
    double amplitude;
};

struct rate_spike {
    struct rate_curve curve;
    sim_time at, length, every; /* every SIM_NEVER: once */
    double factor;
};

#define RATE_FACTOR_MAX 1e6

static const struct param rate_point_params[] = {
    {.key = "at", .type = PARAM_DURATION, .offset = PARAM_FIELD(struct rate_point, at, sim_time),
     .help = "from when on"},
    {.key = "factor", .type = PARAM_NUMBER,
     .offset = PARAM_FIELD(struct rate_point, factor, double), .max = RATE_FACTOR_MAX,
     .help = "times the base rate"},
    PARAM_END,
};

static const struct param rate_point_item = {
    .key = "points", .type = PARAM_MAP, .of.fields = rate_point_params,
    .size = sizeof(struct rate_point), .help = "a time and a factor"};

static const struct param rate_points_params[] = {
    {.key = "points", .type = PARAM_LIST,
     .offset = PARAM_FIELD(struct rate_points, points, struct param_list), .min = 1,
     .max = 100000, .of.item = &rate_point_item, .help = "times and factors, in order of time"},
    {.key = "repeat", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct rate_points, repeat, sim_time), .fallback = "never",
     .also = "never", .min = 1, .max = (double)SIM_LONGEST,
     .help = "begin again after this time"},
    PARAM_END,
};

static const struct param rate_ramp_params[] = {
    {.key = "from", .type = PARAM_NUMBER, .offset = PARAM_FIELD(struct rate_ramp, from, double),
     .fallback = "1", .max = RATE_FACTOR_MAX, .help = "factor until `begin`"},
    {.key = "to", .type = PARAM_NUMBER, .offset = PARAM_FIELD(struct rate_ramp, to, double),
     .max = RATE_FACTOR_MAX, .help = "factor from `end` on"},
    {.key = "begin", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct rate_ramp, begin, sim_time), .fallback = "0s",
     .help = "when the ramp begins"},
    {.key = "end", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct rate_ramp, end, sim_time), .help = "when the ramp ends"},
    PARAM_END,
};

static const struct param rate_sine_params[] = {
    {.key = "period", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct rate_sine, period, sim_time), .min = 1000,
     .max = (double)SIM_LONGEST, .help = "time of one wave"},
    {.key = "amplitude", .type = PARAM_RATIO,
     .offset = PARAM_FIELD(struct rate_sine, amplitude, double), .min = 0, .max = 1,
     .help = "the factor swings between 1 - amplitude and 1 + amplitude"},
    PARAM_END,
};

static const struct param rate_spike_params[] = {
    {.key = "at", .type = PARAM_DURATION, .offset = PARAM_FIELD(struct rate_spike, at, sim_time),
     .help = "when the spike begins"},
    {.key = "for", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct rate_spike, length, sim_time), .min = 1,
     .max = (double)SIM_LONGEST, .help = "how long it lasts"},
    {.key = "factor", .type = PARAM_NUMBER,
     .offset = PARAM_FIELD(struct rate_spike, factor, double), .max = RATE_FACTOR_MAX,
     .help = "times the base rate while it lasts"},
    {.key = "every", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct rate_spike, every, sim_time), .fallback = "never",
     .also = "never", .min = 1, .max = (double)SIM_LONGEST,
     .help = "comes again after this time"},
    PARAM_END,
};

static void rate_add(struct rate_curve *curve, double from, double factor, double slope)
{
    double area = 0;
    if (curve->count > 0) {
        const struct rate_piece *last = &curve->pieces[curve->count - 1];
        double span = from - last->from;
        area = last->area + last->factor * span + last->slope * span * span / 2;
    }
    curve->pieces[curve->count++] = (struct rate_piece){from, factor, slope, area};
}

/* Ends the curve at `period`, from where it begins again. */
static void rate_close(struct rate_curve *curve, double period)
{
    rate_add(curve, period, 0, 0);
    curve->period = period;
    curve->period_area = curve->pieces[--curve->count].area;
}

static bool rate_points_in_order(const struct rate_points *config, char *message, size_t size)
{
    for (size_t i = 1; i < config->points.count; i++)
        if (PARAM_ITEM(config->points, struct rate_point, i)->at <=
            PARAM_ITEM(config->points, struct rate_point, i - 1)->at) {
            snprintf(message, size, "point %zu is not later than the one before it", i + 1);
            return false;
        }
    sim_time last = PARAM_ITEM(config->points, struct rate_point, config->points.count - 1)->at;
    if (config->repeat <= last) {
        snprintf(message, size, "repeat must be later than the last point");
        return false;
    }
    return true;
}

static bool rate_points_check(struct rate_points *config, bool linear, struct arena *arena,
                              char *message, size_t size)
{
    if (!rate_points_in_order(config, message, size))
        return false;
    const struct rate_point *points = config->points.items;
    size_t count = config->points.count;
    struct rate_curve *curve = &config->curve;
    curve->pieces = arena_take(arena, count + 2, sizeof *curve->pieces);
    if (points[0].at > 0)
        rate_add(curve, 0, linear ? points[0].factor : 1, 0);
    for (size_t i = 0; i < count; i++) {
        double slope = 0;
        if (linear && i + 1 < count)
            slope = (points[i + 1].factor - points[i].factor) /
                    (double)(points[i + 1].at - points[i].at);
        rate_add(curve, (double)points[i].at, points[i].factor, slope);
    }
    if (config->repeat != SIM_NEVER)
        rate_close(curve, (double)config->repeat);
    return true;
}

static bool rate_steps_check(void *config, struct arena *arena, char *message, size_t size)
{
    return rate_points_check(config, false, arena, message, size);
}

static bool rate_piecewise_check(void *config, struct arena *arena, char *message, size_t size)
{
    return rate_points_check(config, true, arena, message, size);
}

static bool rate_ramp_check(void *config, struct arena *arena, char *message, size_t size)
{
    struct rate_ramp *ramp = config;
    if (ramp->end <= ramp->begin) {
        snprintf(message, size, "end must be later than begin");
        return false;
    }
    struct rate_curve *curve = &ramp->curve;
    curve->pieces = arena_take(arena, 3, sizeof *curve->pieces);
    if (ramp->begin > 0)
        rate_add(curve, 0, ramp->from, 0);
    double span = (double)(ramp->end - ramp->begin);
    rate_add(curve, (double)ramp->begin, ramp->from, (ramp->to - ramp->from) / span);
    rate_add(curve, (double)ramp->end, ramp->to, 0);
    return true;
}

/* sin(2 pi i / RATE_SINE_PIECES) by turning a unit vector step by step with a constant. */
static void rate_sine_table(double *table)
{
    const double cosine = 0x1.ffd886084cd0dp-1, sine = 0x1.92155f7a3667ep-6;
    double x = 1, y = 0;
    for (int i = 0; i < RATE_SINE_PIECES; i++) {
        table[i] = y;
        double turned = x * cosine - y * sine;
        y = x * sine + y * cosine;
        x = turned;
    }
}

static bool rate_sine_check(void *config, struct arena *arena, char *message, size_t size)
{
    (void)message, (void)size;
    struct rate_sine *sine = config;
    double table[RATE_SINE_PIECES];
    rate_sine_table(table);
    sine->curve.pieces = arena_take(arena, RATE_SINE_PIECES + 1, sizeof(struct rate_piece));
    double step = (double)sine->period / RATE_SINE_PIECES;
    for (int i = 0; i < RATE_SINE_PIECES; i++) {
        double here = 1 + sine->amplitude * table[i];
        double next = 1 + sine->amplitude * table[(i + 1) % RATE_SINE_PIECES];
        rate_add(&sine->curve, i * step, here > 0 ? here : 0, (next - here) / step);
    }
    rate_close(&sine->curve, (double)sine->period);
    return true;
}

static bool rate_spike_check(void *config, struct arena *arena, char *message, size_t size)
{
    struct rate_spike *spike = config;
    bool again = spike->every != SIM_NEVER;
    if (again && spike->at + spike->length > spike->every) {
        snprintf(message, size, "every must be at least at + for");
        return false;
    }
    struct rate_curve *curve = &spike->curve;
    curve->pieces = arena_take(arena, 4, sizeof *curve->pieces);
    if (spike->at > 0)
        rate_add(curve, 0, 1, 0);
    rate_add(curve, (double)spike->at, spike->factor, 0);
    rate_add(curve, (double)(spike->at + spike->length), 1, 0);
    if (again)
        rate_close(curve, (double)spike->every);
    return true;
}

static const struct kind rate_list[] = {
    {"steps", "A factor from each point on, 1 before the first", rate_points_params,
     sizeof(struct rate_points), rate_steps_check},
    {"piecewise", "Straight lines between points, level outside them", rate_points_params,
     sizeof(struct rate_points), rate_piecewise_check},
    {"ramp", "A straight line from one factor to another", rate_ramp_params,
     sizeof(struct rate_ramp), rate_ramp_check},
    {"sine", "A wave around 1, as of a day", rate_sine_params, sizeof(struct rate_sine),
     rate_sine_check},
    {"spike", "A burst of a given length, once or again and again", rate_spike_params,
     sizeof(struct rate_spike), rate_spike_check},
};

static const struct kind *rate_at(size_t index)
{
    return index < sizeof rate_list / sizeof *rate_list ? &rate_list[index] : NULL;
}

const struct kind_list rate_kinds = {.noun = "rate curve", .at = rate_at};

/* How long after its start a piece reaches `area`. */
static double rate_span(const struct rate_piece *piece, double area)
{
    if (area <= 0)
        return 0;
    if (piece->slope == 0)
        return piece->factor > 0 ? area / piece->factor : (double)INFINITY;
    double square = piece->factor * piece->factor + 2 * piece->slope * area;
    return 2 * area / (piece->factor + sqrt(square > 0 ? square : 0));
}

double rate_time(const struct param_kind *rate, struct rate_cursor *cursor, double area)
{
    if (rate->kind == NULL)
        return area;
    const struct rate_curve *curve = rate->config;
    if (curve->period > 0) {
        if (curve->period_area <= 0)
            return (double)INFINITY;
        while (area - cursor->turn_area > curve->period_area) {
            cursor->turn_from += curve->period;
            cursor->turn_area += curve->period_area;
            cursor->piece = 0;
        }
    }
    double rest = area - cursor->turn_area;
    while (cursor->piece + 1 < curve->count && rest > curve->pieces[cursor->piece + 1].area)
        cursor->piece++;
    const struct rate_piece *piece = &curve->pieces[cursor->piece];
    return cursor->turn_from + piece->from + rate_span(piece, rest - piece->area);
}

static double rate_area(const struct rate_curve *curve, double time)
{
    size_t i = curve->count - 1;
    while (i > 0 && curve->pieces[i].from > time)
        i--;
    const struct rate_piece *piece = &curve->pieces[i];
    double span = time - piece->from;
    return piece->area + piece->factor * span + piece->slope * span * span / 2;
}

double rate_mean(const struct param_kind *rate, double duration)
{
    if (rate->kind == NULL || !(duration > 0))
        return 1;
    const struct rate_curve *curve = rate->config;
    double turns = curve->period > 0 ? floor(duration / curve->period) : 0;
    double rest = duration - turns * curve->period;
    return (turns * curve->period_area + rate_area(curve, rest)) / duration;
}
