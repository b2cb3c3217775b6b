/* SPDX-License-Identifier: GPL-3.0-or-later
   Whatever a user may name to have figures of. */
#ifndef SIM_CLI_RESULT_OPEN_H
#define SIM_CLI_RESULT_OPEN_H

#include "sim/cli/result.h"

/* A folder of results, its run.json, another file of that form, or a trace.  STATUS_FINE, then
   result_free it; else a status after a message. */
int result_open(const char *path, struct result *result);

#endif
