/* SPDX-License-Identifier: GPL-3.0-or-later
   What the roster says of a fault, without any rows: how long it was on, when balancers kept
   away from its pods, and when they came back. */
#ifndef SIM_REPORT_HARM_FACTS_H
#define SIM_REPORT_HARM_FACTS_H

#include "sim/report/harm.h"

/* `at` by pod, `any` while any pod is in an episode.  Only what falls into the measured window
   counts. */
void harm_facts_add(struct harm_count *count, const struct roster *roster,
                    const struct episode_list *at, const struct episode_list *any);

#endif
