/* SPDX-License-Identifier: GPL-3.0-or-later
   The figures of faults, from counts. */
#include "sim/report/metric_harm.h"

#include <math.h>

/* Failures beyond those that as many requests before would have had. */
static double metric_harm_lost(const struct harm_count *harm)
{
    double before = (double)harm->failed[EPISODE_BEFORE] / (double)harm->requests[EPISODE_BEFORE];
    double lost = (double)harm->failed[EPISODE_DURING] -
                  before * (double)harm->requests[EPISODE_DURING];
    return lost < 0 ? 0 : lost;
}

double metric_harm_value(const struct metric_row *row, const struct summary *summary)
{
    const struct harm_count *harm = &summary->harm;
    uint64_t during = harm->requests[EPISODE_DURING];
    if (harm->unknown > 0)
        return NAN;
    switch ((enum metric_harm)row->item) {
    case HARM_EPISODES: return (double)harm->episodes;
    case HARM_TIME: return (double)harm->faulty / 1e9;
    case HARM_SHARE: return (double)harm->there / (double)harm->attempts;
    case HARM_FAIR: return (double)harm->faulty / (double)harm->present;
    case HARM_ERRORS: return (double)harm->errors / (double)during;
    case HARM_DETECT: return (double)harm->detection / 1e9 / (double)harm->detected;
    case HARM_UNDETECTED:
        return (double)harm->missed / (double)(harm->detected + harm->missed);
    case HARM_RECOVER: return (double)harm->recovery / 1e9 / (double)harm->recovered;
    case HARM_UNRECOVERED:
        return (double)harm->shunned / (double)(harm->recovered + harm->shunned);
    case HARM_LOST: return metric_harm_lost(harm);
    case HARM_GOODPUT:
        return (double)(during - harm->failed[EPISODE_DURING]) / ((double)harm->during / 1e9);
    }
    return NAN;
}
