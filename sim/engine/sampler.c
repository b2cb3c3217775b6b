/* SPDX-License-Identifier: GPL-3.0-or-later
   The slow ends of the ziggurats, gamma variates, and elementary functions made of
   + - * / sqrt and constant tables.  libm picks its code, and with it the last bit, by the
   machine's instructions. */
#include "sim/engine/sampler.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* The law has no memory: beyond the base it begins anew.  A miss above the curve begins
   anew, too. */
double sampler_exponential_rest(struct rng *rng, unsigned layer, double x)
{
    const double *edges = &sampler_exponential_edges[layer];
    if (layer == 0)
        return edges[1] + sampler_exponential(rng);
    double low = sampler_exponential_heights[layer], high = sampler_exponential_heights[layer + 1];
    bool below = low + (high - low) * rng_uniform(rng) < sampler_exp(-x);
    return below ? x : sampler_exponential(rng);
}

void sampler_exponential_many(struct rng *rng, double mean, double *out, size_t count)
{
    struct rng state = *rng; /* stays in registers, as nobody is given its address */
    for (size_t i = 0; i < count; i++) {
        uint64_t bits = rng_next(&state);
        double x = sampler_exponential_place(bits);
        if (!sampler_exponential_fits(bits, x)) {
            *rng = state;
            x = sampler_exponential_rest(rng, (unsigned)(bits & 0xff), x);
            state = *rng;
        }
        out[i] = x * mean;
    }
    *rng = state;
}

/* Beyond the base r: an exponential of rate r cut down to the normal (Marsaglia 1964). */
static double sampler_normal_tail(struct rng *rng)
{
    const double base = sampler_normal_edges[1];
    double x, y;
    do {
        x = sampler_exponential(rng) / base;
        y = sampler_exponential(rng);
    } while (2 * y <= x * x);
    return base + x;
}

static double sampler_normal_density(double x)
{
    return sampler_exp(-0.5 * x * x);
}

double sampler_normal_rest(struct rng *rng, unsigned layer, double x)
{
    const double *edges = &sampler_normal_edges[layer];
    if (layer == 0)
        return sampler_normal_tail(rng);
    double low = sampler_normal_density(edges[0]), high = sampler_normal_density(edges[1]);
    bool below = low + (high - low) * rng_uniform(rng) < sampler_normal_density(x);
    return below ? x : fabs(sampler_normal(rng));
}

/* Marsaglia and Tsang: the cube of a normal, about right, corrected by rejection. */
static double sampler_gamma_from_one(struct rng *rng, double shape)
{
    double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double x = sampler_normal(rng);
        double v = 1 + c * x;
        if (v <= 0)
            continue;
        v = v * v * v;
        double u = rng_uniform_open(rng), square = x * x;
        if (u < 1 - 0.0331 * square * square ||
            sampler_log(u) < 0.5 * square + d * (1 - v + sampler_log(v)))
            return d * v;
    }
}

double sampler_gamma(struct rng *rng, double shape)
{
    if (shape >= 1)
        return sampler_gamma_from_one(rng, shape);
    double x = sampler_gamma_from_one(rng, shape + 1);
    return x * sampler_exp(-sampler_exponential(rng) / shape);
}

/* A sum of two doubles, the second about 2^-53 of the first or less. */
struct sampler_pair {
    double high, low;
};

/* a + b exactly. */
static struct sampler_pair sampler_sum(double a, double b)
{
    double high = a + b, part = high - a;
    return (struct sampler_pair){high, (a - (high - part)) + (b - part)};
}

/* The first 26 bits of a. */
static double sampler_head(double a)
{
    double far = a * 0x1.0000002p27;
    return far - (far - a);
}

/* a * b exactly (Dekker 1971), where nothing over- or underflows. */
static struct sampler_pair sampler_product(double a, double b)
{
    double high = a * b, a1 = sampler_head(a), b1 = sampler_head(b);
    double a2 = a - a1, b2 = b - b1;
    return (struct sampler_pair){high, ((a1 * b1 - high) + a1 * b2 + a2 * b1) + a2 * b2};
}

/* Splits x > 0 into 2^exponent times the result in 0.75 … 1.5, and finds its table row. */
static double sampler_split(double x, int *exponent, const struct sampler_logarithm **row)
{
    int shift = 0;
    if (x < 0x1p-1022) {
        x *= 0x1p54;
        shift = 54;
    }
    uint64_t bits;
    memcpy(&bits, &x, sizeof(bits));
    unsigned index = (unsigned)(bits >> 45) & 127;
    bool halved = index >= 64;
    *row = &sampler_logarithms[index];
    *exponent = (int)(bits >> 52) - 1023 - shift + halved;
    bits = (bits & (UINT64_MAX >> 12)) | (UINT64_C(1023) - halved) << 52;
    memcpy(&x, &bits, sizeof(x));
    return x;
}

/* log(x) of a finite x > 0 as exponent * log(2) + log(m), log(m) from the table and the
   series of log(1 + r), |r| <= 2^-7.  Relative error about 2^-61. */
static struct sampler_pair sampler_log_pair(double x)
{
    int exponent;
    const struct sampler_logarithm *row;
    double m = sampler_split(x, &exponent, &row);
    double head = sampler_head(m);
    struct sampler_pair r = sampler_sum(head * row->inverse - 1, (m - head) * row->inverse);
    double q = r.high, square = q * q;
    double series = (1.0 / 3 - q * (1.0 / 4)) + square * (1.0 / 5 - q * (1.0 / 6)) +
                    square * square * ((1.0 / 7 - q * (1.0 / 8)) + square * (1.0 / 9));
    double whole = exponent * 0x1.62e42fefa38p-1 + row->high; /* exact */
    struct sampler_pair sum = sampler_sum(whole, q);
    double rest = exponent * 0x1.ef35793c7673p-45 + row->low + r.low;
    return sampler_sum(sum.high, sum.low + (q * square * series + (rest - q * r.low)) -
                                     0.5 * square);
}

double sampler_log(double x)
{
    if (!(x > 0))
        return x == 0 ? -INFINITY : NAN;
    return x < INFINITY ? sampler_log_pair(x).high : INFINITY;
}

/* value * 2^exponent, rounded once; -1100 < exponent <= 1024, value in 0.5 … 2. */
static double sampler_scale(double value, int exponent)
{
    double after = 1;
    if (exponent < -1020) {
        exponent += 100;
        after = 0x1p-100;
    } else if (exponent == 1024) {
        exponent--;
        after = 2;
    }
    uint64_t bits = (uint64_t)(exponent + 1023) << 52;
    double power;
    memcpy(&power, &bits, sizeof(power));
    return value * power * after;
}

/* exp(x + low) for small `low`: the nearest power of 2^(1/64) times the series of exp(r),
   |r| <= log(2) / 128. */
static double sampler_exp_pair(double x, double low)
{
    if (!(x <= 709.8))
        return x > 709.8 ? INFINITY : x;
    if (x < -745.2)
        return 0;
    const double round = 0x1.8p52; /* adding it leaves no room for a fraction */
    double steps = (x * 0x1.71547652b82fep6 + round) - round;
    double r = ((x - steps * 0x1.62e42fefap-7) - steps * 0x1.cf79abc9e3b3ap-46) + low;
    double square = r * r;
    double series = r + (square * (0.5 + r * (1.0 / 6)) +
                         square * square * (1.0 / 24 + r * (1.0 / 120)));
    int step = (int)steps, place = step & 63;
    double power = sampler_powers[place];
    return sampler_scale(power + power * series, (step - place) / 64);
}

double sampler_exp(double x)
{
    return sampler_exp_pair(x, 0);
}

double sampler_pow(double x, double y)
{
    if (x == 1 || y == 0)
        return 1;
    if (!(x > 0 && x < INFINITY))
        return sampler_exp(y * sampler_log(x));
    struct sampler_pair log = sampler_log_pair(x);
    double rough = y * log.high;
    if (!(fabs(rough) < 800)) /* the split of a huge y would overflow */
        return sampler_exp(rough);
    struct sampler_pair exponent = sampler_product(y, log.high);
    return sampler_exp_pair(exponent.high, exponent.low + y * log.low);
}

/* Stirling's series above 10, reached by gamma(x + 1) = x * gamma(x).  The power comes in
   two halves so that it does not overflow before the result does. */
double sampler_gamma_function(double x)
{
    if (x > 172)
        return INFINITY;
    double below = 1;
    for (; x < 10; x++)
        below *= x;
    double t = 1 / x, square = t * t;
    double series =
        t * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square *
             (1.0 / 1680 - square * (1.0 / 1188 - square * (691.0 / 360360))))));
    double half = sampler_pow(x, 0.5 * x - 0.25);
    const double root = 0x1.40d931ff62706p1; /* of 2 pi */
    return half * sampler_exp(-x) * half * (root * sampler_exp(series)) / below;
}
