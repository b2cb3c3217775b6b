/* SPDX-License-Identifier: GPL-3.0-or-later
   What the resolved scenario of a result tells a reader beside the figures. */
#ifndef SIM_CLI_RESULT_FACTS_H
#define SIM_CLI_RESULT_FACTS_H

#include "sim/cli/result.h"
#include "sim/report/facts.h"

/* Memory from `arena`; texts are the result's as well. */
struct report_facts result_facts(const struct result *result, struct arena *arena);

#endif
