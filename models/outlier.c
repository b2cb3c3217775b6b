/* SPDX-License-Identifier: GPL-3.0-or-later
   The registry of outlier detectors, from models/outliers/list.def, and what they share. */
#include "models/outlier.h"

#include "sim/engine/check.h"

#include <math.h>

#define OUTLIER(name) extern const struct outlier_ops outlier_##name;
#include "models/outliers/list.def"
#undef OUTLIER

#define OUTLIER(name) &outlier_##name,
static const struct outlier_ops *const outlier_list[] = {
#include "models/outliers/list.def"
};
#undef OUTLIER

static const struct kind *outlier_at(size_t index)
{
    return index < sizeof outlier_list / sizeof *outlier_list ? &outlier_list[index]->kind
                                                              : NULL;
}

const struct kind_list outlier_kinds = {.noun = "outlier detection", .at = outlier_at};

void outlier_eject(struct outlier_host *host, backend_id backend)
{
    CHECK(backend < host->count && host->is_member[backend]);
    if (host->is_out[backend])
        return;
    host->is_out[backend] = true;
    host->out_count++;
    host->changed(host->context, backend, true);
}

void outlier_admit(struct outlier_host *host, backend_id backend)
{
    CHECK(backend < host->count);
    if (!host->is_out[backend])
        return;
    host->is_out[backend] = false;
    host->out_count--;
    host->changed(host->context, backend, false);
}

bool outlier_enforced(struct outlier_host *host, uint64_t percent)
{
    return percent >= 100 || (percent > 0 && rng_below(host->rng, 100) < percent);
}

double outlier_threshold(const double *rates, uint32_t count, double factor)
{
    double sum = 0, squares = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += rates[i];
    double mean = sum / count;
    for (uint32_t i = 0; i < count; i++)
        squares += (rates[i] - mean) * (rates[i] - mean);
    return mean - factor * sqrt(squares / count);
}

sim_time outlier_ejection(sim_time base, uint64_t times, sim_time most)
{
    if (most < base)
        most = base;
    return times > (uint64_t)(most / base) ? most : base * (sim_time)times;
}

void outlier_alarms_open(struct outlier_alarms *alarms, uint32_t count, struct arena *arena)
{
    *alarms = (struct outlier_alarms){.count = count, .first = SIM_NEVER};
    alarms->at = arena_take(arena, count, sizeof *alarms->at);
    for (uint32_t i = 0; i < count; i++)
        alarms->at[i] = SIM_NEVER;
}

void outlier_alarms_set(struct outlier_alarms *alarms, backend_id backend, sim_time at)
{
    sim_time before = alarms->at[backend];
    alarms->at[backend] = at;
    if (at <= alarms->first) {
        alarms->first = at;
        return;
    }
    if (before > alarms->first)
        return;
    alarms->first = SIM_NEVER;
    for (uint32_t i = 0; i < alarms->count; i++)
        if (alarms->at[i] < alarms->first)
            alarms->first = alarms->at[i];
}

backend_id outlier_alarms_take(struct outlier_alarms *alarms, sim_time now)
{
    if (alarms->first > now)
        return NO_BACKEND;
    backend_id backend = 0;
    while (alarms->at[backend] > now)
        backend++;
    outlier_alarms_set(alarms, backend, SIM_NEVER);
    return backend;
}
