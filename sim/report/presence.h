/* SPDX-License-Identifier: GPL-3.0-or-later
   How many pods requests could be sent to over time: members that are not marked down and that
   no health check or outlier detection keeps a balancer from. */
#ifndef SIM_REPORT_PRESENCE_H
#define SIM_REPORT_PRESENCE_H

#include "sim/report/window.h"

/* Sets eligible, balancers and known of the windows. */
void presence_add(struct window_set *set, const struct roster *roster);

#endif
