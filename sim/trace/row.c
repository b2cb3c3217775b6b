/* SPDX-License-Identifier: GPL-3.0-or-later
   The words for outcomes, phases and caches, as traces and reports have them. */
#include "sim/trace/row.h"

#include <stddef.h>

const char *const outcome_names[] = {
    [OUTCOME_OK] = "ok",
    [OUTCOME_REJECTED] = "rejected",
    [OUTCOME_TIMEOUT] = "timeout",
    [OUTCOME_OVERFLOW] = "overflow",
    [OUTCOME_QUEUE_TIMEOUT] = "queue_timeout",
    [OUTCOME_NO_BACKEND] = "no_backend",
    [OUTCOME_UNFINISHED] = "unfinished",
    [OUTCOME_REFUSED] = "refused",
    [OUTCOME_RESET] = "reset",
    [OUTCOME_ERROR] = "error",
    [OUTCOME_CANCELLED] = "cancelled",
    [OUTCOME_COUNT] = NULL,
};

const char *const phase_names[] = {
    [PHASE_WARMUP] = "warmup",
    [PHASE_MEASURE] = "measure",
    [PHASE_COOLDOWN] = "cooldown",
    [PHASE_COUNT] = NULL,
};

const char *const lookup_names[] = {
    [LOOKUP_NONE] = "none",
    [LOOKUP_HIT] = "hit",
    [LOOKUP_MISS] = "miss",
    [LOOKUP_COUNT] = NULL,
};
