/* SPDX-License-Identifier: GPL-3.0-or-later
   Exact results of queueing theory that the simulator is held against.  Times in units of
   the mean service, rates per such unit. */
#ifndef TESTS_THEORY_QUEUEING_H
#define TESTS_THEORY_QUEUEING_H

#include <math.h>

/* Erlang B by its recursion: loss of M/G/c/c with offered load a. */
static inline double queueing_erlang_b(unsigned c, double a)
{
    double b = 1;
    for (unsigned k = 1; k <= c; k++)
        b = a * b / (k + a * b);
    return b;
}

/* Erlang C: the chance to wait in M/M/c. */
static inline double queueing_erlang_c(unsigned c, double a)
{
    double b = queueing_erlang_b(c, a);
    return c * b / (c - a * (1 - b));
}

/* M/M/c with unit service, first come first served. */
struct queueing_mmc {
    unsigned c;
    double load; /* per server */
};

static inline double queueing_mmc_wait(const struct queueing_mmc *queue)
{
    double a = queue->c * queue->load;
    return queueing_erlang_c(queue->c, a) / (queue->c - a);
}

/* P(response > t): no wait, or an exponential one of rate c - a, then the service. */
static inline double queueing_mmc_tail(double t, const void *law)
{
    const struct queueing_mmc *queue = law;
    double a = queue->c * queue->load, wait = queueing_erlang_c(queue->c, a);
    double drain = queue->c - a, both;
    if (fabs(drain - 1) < 1e-9)
        both = (1 + t) * exp(-t);
    else
        both = (drain * exp(-t) - exp(-drain * t)) / (drain - 1);
    return (1 - wait) * exp(-t) + wait * both;
}

/* M/G/1: Pollaczek and Khinchine's mean wait. */
static inline double queueing_mg1_wait(double load, double cv)
{
    return load * (1 + cv * cv) / (2 * (1 - load));
}

/* P(response > t) of M/D/1: A. K. Erlang 1909; law: the load. */
static inline double queueing_md1_tail(double t, const void *law)
{
    long double load = *(const double *)law, wait = (long double)t - 1, sum = 0, factorial = 1;
    if (wait < 0)
        return 1;
    for (int k = 0; k <= (int)wait; k++) {
        factorial *= k > 0 ? k : 1;
        sum += powl(-load * (wait - k), k) / factorial * expl(load * (wait - k));
    }
    return (double)(1 - (1 - load) * sum);
}

/* M/H2/1 with balanced means: the response is a mixture of two exponentials, whose rates
   are the roots of a quadratic. */
struct queueing_mh2 {
    double load, cv;
};

static inline double queueing_mh2_tail(double t, const void *law)
{
    const struct queueing_mh2 *queue = law;
    double square = queue->cv * queue->cv, lambda = queue->load;
    double p = (1 + sqrt((square - 1) / (square + 1))) / 2, q = 1 - p;
    double u = 2 * p, v = 2 * q; /* rates */
    double half = (u + v - lambda) / 2;
    double root = sqrt(half * half - (u * v - lambda * (p * v + q * u)));
    double a = half - root, b = half + root;
    double at_a = (1 - lambda) * (p * u * (v - a) + q * v * (u - a)) / (b - a);
    double at_b = (1 - lambda) * (p * u * (v - b) + q * v * (u - b)) / (a - b);
    return at_a / a * exp(-a * t) + at_b / b * exp(-b * t);
}

/* GI/M/1: the root in (0, 1) of sigma = A*(1 - sigma), A* the transform of the gaps.  Who
   arrives finds the server busy with this chance; the response is exponential with rate
   1 - sigma. */
static inline double queueing_gim1_sigma(double (*transform)(double s, const void *law),
                                         const void *law)
{
    double sigma = 0;
    for (int i = 0; i < 100000; i++)
        sigma = transform(1 - sigma, law);
    return sigma;
}

/* P(sum of n unit exponentials > t). */
static inline double queueing_erlang_tail(unsigned n, double t)
{
    double term = exp(-t), sum = 0;
    for (unsigned k = 0; k < n; k++) {
        sum += term;
        term *= t / (k + 1);
    }
    return sum;
}

/* A single exponential server of which an arrival finds i at with chance found[i]. */
struct queueing_found {
    double found[256];
    unsigned count;
};

static inline double queueing_found_tail(double t, const void *law)
{
    const struct queueing_found *queue = law;
    double tail = 0;
    for (unsigned i = 0; i < queue->count; i++)
        tail += queue->found[i] * queueing_erlang_tail(i + 1, t);
    return tail;
}

static inline double queueing_found_mean(const struct queueing_found *queue)
{
    double mean = 0;
    for (unsigned i = 0; i < queue->count; i++)
        mean += queue->found[i] * (i + 1);
    return mean;
}

#endif
