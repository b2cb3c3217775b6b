/* SPDX-License-Identifier: GPL-3.0-or-later
   Whom figures are of, by name: client groups, pods and their groups, changes of membership,
   faults, windows of time, hops and balancers, as they stand behind the word of a measure's
   scope. */
#ifndef SIM_CLI_SCOPE_NAMES_H
#define SIM_CLI_SCOPE_NAMES_H

#include "models/scenario.h"
#include "sim/report/scope.h"

/* Lists end with NULL and live in the arena. */

/* Those that a run of the scenario may have, of any kind but SCOPE_ALL.  Of pods an empty list
   where they are too many for figures of each; of changes NULL where it is not known before. */
const char *const *scope_names_expected(const struct scenario *scenario, enum scope_kind kind,
                                        struct arena *arena);
/* Those that a report has, of any kind but SCOPE_ALL. */
const char *const *scope_names_reported(const struct report *report, enum scope_kind kind,
                                        struct arena *arena);

#endif
