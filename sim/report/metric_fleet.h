/* SPDX-License-Identifier: GPL-3.0-or-later
   The figures of balancers: how even their instances are, and which pods they used. */
#ifndef SIM_REPORT_METRIC_FLEET_H
#define SIM_REPORT_METRIC_FLEET_H

#include "sim/report/metric.h"

/* The item of a row. */
enum metric_fleet {
    FLEET_BALANCERS,
    FLEET_JAIN,
    FLEET_PEAK,
    FLEET_PODS, /* of an instance */
    FLEET_PODS_MOST,
    FLEET_BALANCERS_OF_POD,
    FLEET_BALANCERS_LEAST,
    FLEET_BALANCERS_MOST
};

double metric_fleet_value(const struct metric_row *row, const struct summary *summary);

/* What a membership change made of the links between balancers and pods. */
enum metric_links { LINKS_OPENED, LINKS_CLOSED, LINKS_NEEDLESS };

double metric_fleet_links(const struct metric_row *row, const struct summary *summary);

#endif
