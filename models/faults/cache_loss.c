/* SPDX-License-Identifier: GPL-3.0-or-later
   A pod forgets all that its cache holds. */
#include "models/fault.h"

const struct fault_ops fault_cache_loss = {
    .kind = {.name = "cache_loss", .summary = "The cache of a pod is empty all at once"},
    .traits = FAULT_FORGETS,
};
