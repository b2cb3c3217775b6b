/* SPDX-License-Identifier: GPL-3.0-or-later
   grpc-go: balancer/weightedroundrobin/scheduler.go; C++:
   src/core/load_balancing/weighted_round_robin/static_stride_scheduler.cc. */
#include "models/blocks/stride.h"

enum { STRIDE_MOST = UINT16_MAX, STRIDE_OFFSET = STRIDE_MOST / 2 };
static const double stride_ratio_most = 10, stride_ratio_least = 0.01;

void stride_init(struct stride *stride, uint32_t capacity, struct arena *arena)
{
    *stride = (struct stride){.weights = arena_take(arena, capacity, sizeof(uint16_t))};
}

/* Half away from zero; 0 <= value <= 65535. */
static uint16_t stride_round(double value)
{
    uint16_t floor = (uint16_t)value;
    return value - floor >= 0.5 ? (uint16_t)(floor + 1) : floor;
}

static void stride_level(struct stride *stride)
{
    for (uint32_t i = 0; i < stride->count; i++)
        stride->weights[i] = STRIDE_MOST;
}

static double stride_weight(double weight, bool clamp)
{
    return clamp ? (double)(float)weight : weight;
}

static void stride_scale(struct stride *stride, const double *weights, double largest,
                         double mean, bool clamp)
{
    if (clamp && largest / mean > stride_ratio_most)
        largest = (double)(float)(stride_ratio_most * mean);
    double scale = STRIDE_MOST / largest;
    uint16_t scaled_mean = stride_round(scale * mean);
    uint16_t least = clamp ? stride_round(scaled_mean * stride_ratio_least) : 0;
    if (clamp && least == 0)
        least = 1;
    for (uint32_t i = 0; i < stride->count; i++) {
        double weight = stride_weight(weights[i], clamp);
        uint16_t scaled = stride_round(scale * (weight < largest ? weight : largest));
        stride->weights[i] = weight == 0 ? scaled_mean : scaled < least ? least : scaled;
    }
}

void stride_fill(struct stride *stride, const double *weights, uint32_t count, bool clamp)
{
    double sum = 0, largest = 0;
    uint32_t known = 0;
    for (uint32_t i = 0; i < count; i++) {
        double weight = stride_weight(weights[i], clamp);
        sum += weight;
        known += weight != 0;
        if (weight > largest)
            largest = weight;
    }
    stride->count = count;
    if (known < 2)
        stride_level(stride);
    else
        stride_scale(stride, weights, largest, sum / known, clamp);
}

uint32_t stride_pick(struct stride *stride)
{
    for (;;) {
        uint32_t sequence = stride->sequence++;
        uint64_t index = sequence % stride->count, round = sequence / stride->count;
        uint64_t weight = stride->weights[index];
        if ((weight * round + index * STRIDE_OFFSET) % STRIDE_MOST >= STRIDE_MOST - weight)
            return (uint32_t)index;
    }
}
