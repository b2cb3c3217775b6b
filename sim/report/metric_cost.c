/* SPDX-License-Identifier: GPL-3.0-or-later
   The figures of cost, from pod time. */
#include "sim/report/metric_cost.h"

#include <math.h>

/* Numbers are 0 of nothing, all else is unknown. */
double metric_cost_value(const struct metric_row *row, const struct summary *summary)
{
    const struct summary_load *load = &summary->load;
    double paid = load->paid > 0 ? (double)load->paid / 1e9 : NAN;
    uint64_t answered = summary->outcomes[OUTCOME_OK];
    switch ((enum metric_cost)row->item) {
    case COST_PODS: return load->paid > 0 ? paid / summary->seconds : 0;
    case COST_TIME: return paid;
    case COST_IDLE: return load->unknown ? NAN : 1 - (double)load->busy / (double)load->room;
    case COST_REQUEST: return answered > 0 ? paid / (double)answered : NAN;
    }
    return NAN;
}
