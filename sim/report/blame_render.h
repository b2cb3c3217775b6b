/* SPDX-License-Identifier: GPL-3.0-or-later
   Blame as a table and in words: what share of the time of the slowest requests each part of the
   latency took, beside its share over all requests.  Policies whose p99 has too little evidence
   are left out, and the whole where none is left. */
#ifndef SIM_REPORT_BLAME_RENDER_H
#define SIM_REPORT_BLAME_RENDER_H

#include "sim/report/section.h"

void blame_render_print(const struct section_view *view);

#endif
