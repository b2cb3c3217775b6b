/* SPDX-License-Identifier: GPL-3.0-or-later
   Arrival processes: Poisson, deterministic, renewal with a given coefficient of variation,
   bursts (a Markov-modulated Poisson process of two states), closed loop, replay. */
#include "models/arrival.h"

#include "models/replay.h"
#include "sim/engine/dist.h"
#include "sim/engine/sampler.h"

#include <math.h>

#define ARRIVAL_RATE_MIN 1e-9
#define ARRIVAL_RATE_MAX 1e12
#define ARRIVAL_SECOND 1e9 /* ns */

struct arrival_steady {
    double rate;
};

static const struct param arrival_steady_params[] = {
    {.key = "rate", .type = PARAM_RATE,
     .offset = PARAM_FIELD(struct arrival_steady, rate, double), .min = ARRIVAL_RATE_MIN,
     .max = ARRIVAL_RATE_MAX, .help = "requests per second"},
    PARAM_END,
};

static double arrival_steady_rate(const void *config)
{
    return ((const struct arrival_steady *)config)->rate;
}

static void arrival_poisson_gaps(const void *config, struct arrival_state *state,
                                 struct rng *rng, double *out, size_t count)
{
    (void)state;
    sampler_exponential_many(rng, ARRIVAL_SECOND / arrival_steady_rate(config), out, count);
}

static void arrival_deterministic_gaps(const void *config, struct arrival_state *state,
                                       struct rng *rng, double *out, size_t count)
{
    (void)state, (void)rng;
    double gap = ARRIVAL_SECOND / arrival_steady_rate(config);
    for (size_t i = 0; i < count; i++)
        out[i] = gap;
}

struct arrival_renewal {
    double rate, cv;
};

static const struct param arrival_renewal_params[] = {
    {.key = "rate", .type = PARAM_RATE,
     .offset = PARAM_FIELD(struct arrival_renewal, rate, double), .min = ARRIVAL_RATE_MIN,
     .max = ARRIVAL_RATE_MAX, .help = "requests per second"},
    {.key = "cv", .type = PARAM_NUMBER,
     .offset = PARAM_FIELD(struct arrival_renewal, cv, double), .min = 0.01, .max = 100,
     .help = "coefficient of variation of the gaps: 1 is Poisson; below it the gaps are "
             "gamma, above it hyperexponential with balanced means"},
    PARAM_END,
};

static double arrival_renewal_rate(const void *config)
{
    return ((const struct arrival_renewal *)config)->rate;
}

static void arrival_renewal_gaps(const void *config, struct arrival_state *state,
                                 struct rng *rng, double *out, size_t count)
{
    (void)state;
    const struct arrival_renewal *renewal = config;
    double mean = ARRIVAL_SECOND / renewal->rate, square = renewal->cv * renewal->cv;
    if (renewal->cv < 1) {
        for (size_t i = 0; i < count; i++)
            out[i] = sampler_gamma(rng, 1 / square) * (mean * square);
        return;
    }
    double often = (1 + sqrt((square - 1) / (square + 1))) / 2;
    double brief = mean / (2 * often), lengthy = mean / (2 * (1 - often));
    for (size_t i = 0; i < count; i++) {
        double phase_mean = rng_uniform(rng) < often ? brief : lengthy;
        out[i] = sampler_exponential(rng) * phase_mean;
    }
}

struct arrival_bursts {
    double rate, burst_rate;
    sim_time calm, burst;
};

static const struct param arrival_bursts_params[] = {
    {.key = "rate", .type = PARAM_RATE,
     .offset = PARAM_FIELD(struct arrival_bursts, rate, double), .min = 0,
     .max = ARRIVAL_RATE_MAX, .help = "requests per second while calm"},
    {.key = "burst_rate", .type = PARAM_RATE,
     .offset = PARAM_FIELD(struct arrival_bursts, burst_rate, double), .min = ARRIVAL_RATE_MIN,
     .max = ARRIVAL_RATE_MAX, .help = "requests per second in a burst"},
    {.key = "calm", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct arrival_bursts, calm, sim_time), .min = 1,
     .max = (double)SIM_LONGEST, .help = "mean time between bursts, exponential"},
    {.key = "burst", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct arrival_bursts, burst, sim_time), .min = 1,
     .max = (double)SIM_LONGEST, .help = "mean length of a burst, exponential"},
    PARAM_END,
};

static double arrival_bursts_rate(const void *config)
{
    const struct arrival_bursts *bursts = config;
    double calm = (double)bursts->calm, burst = (double)bursts->burst;
    return (bursts->rate * calm + bursts->burst_rate * burst) / (calm + burst);
}

static void arrival_bursts_turn(const struct arrival_bursts *bursts,
                                struct arrival_state *state, struct rng *rng)
{
    state->left = sampler_exponential(rng) *
                  (double)(state->bursting ? bursts->burst : bursts->calm);
}

static void arrival_bursts_begin(const void *config, struct arrival_state *state,
                                 struct rng *rng)
{
    const struct arrival_bursts *bursts = config;
    double calm = (double)bursts->calm, burst = (double)bursts->burst;
    state->bursting = rng_uniform(rng) < burst / (calm + burst);
    arrival_bursts_turn(bursts, state, rng);
}

static void arrival_bursts_gaps(const void *config, struct arrival_state *state,
                                struct rng *rng, double *out, size_t count)
{
    const struct arrival_bursts *bursts = config;
    for (size_t i = 0; i < count; i++) {
        double passed = 0;
        for (;;) {
            double rate = state->bursting ? bursts->burst_rate : bursts->rate;
            double gap = rate > 0 ? sampler_exponential(rng) * (ARRIVAL_SECOND / rate)
                                  : (double)INFINITY;
            if (gap <= state->left) {
                state->left -= gap;
                out[i] = passed + gap;
                break;
            }
            passed += state->left;
            state->bursting = !state->bursting;
            arrival_bursts_turn(bursts, state, rng);
        }
    }
}

static const struct param arrival_closed_params[] = {
    {.key = "users", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct arrival_closed, users, uint64_t), .min = 1, .max = 1e6,
     .help = "how many users, each with at most one request under way"},
    {.key = "think", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct arrival_closed, think, struct param_kind),
     .fallback = "0s", .of.kinds = &dist_kinds,
     .help = "time between an answer and the user's next request"},
    PARAM_END,
};

static double arrival_replay_rate(const void *config)
{
    return replay_rate(config);
}

static const struct arrival_ops arrival_poisson = {
    .kind = {.name = "poisson",
             .summary = "Independent requests: exponential gaps",
             .params = arrival_steady_params,
             .config_size = sizeof(struct arrival_steady)},
    .rate = arrival_steady_rate,
    .gaps = arrival_poisson_gaps,
};

static const struct arrival_ops arrival_deterministic = {
    .kind = {.name = "deterministic",
             .summary = "Equal gaps, as of a metronome",
             .params = arrival_steady_params,
             .config_size = sizeof(struct arrival_steady)},
    .rate = arrival_steady_rate,
    .gaps = arrival_deterministic_gaps,
};

static const struct arrival_ops arrival_renewal = {
    .kind = {.name = "renewal",
             .summary = "Independent gaps with a given coefficient of variation",
             .params = arrival_renewal_params,
             .config_size = sizeof(struct arrival_renewal)},
    .rate = arrival_renewal_rate,
    .gaps = arrival_renewal_gaps,
};

static const struct arrival_ops arrival_bursts = {
    .kind = {.name = "bursts",
             .summary = "Poisson at one of two rates, changing at random (MMPP-2)",
             .params = arrival_bursts_params,
             .config_size = sizeof(struct arrival_bursts)},
    .rate = arrival_bursts_rate,
    .begin = arrival_bursts_begin,
    .gaps = arrival_bursts_gaps,
};

static const struct arrival_ops arrival_closed = {
    .kind = {.name = "closed",
             .summary = "Closed loop: users who wait for an answer, think, and ask again",
             .params = arrival_closed_params,
             .config_size = sizeof(struct arrival_closed)},
    .mode = ARRIVAL_CLOSED,
};

static const struct arrival_ops arrival_replay = {
    .kind = {.name = "replay",
             .summary = "The requests of a CSV file, at their times",
             .params = replay_params,
             .config_size = sizeof(struct replay_config),
             .check = replay_check},
    .mode = ARRIVAL_REPLAY,
    .rate = arrival_replay_rate,
};

static const struct arrival_ops *const arrival_list[] = {
    &arrival_poisson, &arrival_deterministic, &arrival_renewal,
    &arrival_bursts,  &arrival_closed,        &arrival_replay,
};

static const struct kind *arrival_at(size_t index)
{
    return index < sizeof arrival_list / sizeof *arrival_list ? &arrival_list[index]->kind
                                                              : NULL;
}

const struct kind_list arrival_kinds = {.noun = "arrival process", .at = arrival_at};
