/* SPDX-License-Identifier: GPL-3.0-or-later
   How a process that ended comes back: at once the first time, then after a back-off that
   doubles with every end, as the kubelet restarts containers; and it takes a time to start.
   kubernetes/kubernetes pkg/kubelet: 10 s, at most 5 min. */
#ifndef MODELS_FAULTS_RESTART_H
#define MODELS_FAULTS_RESTART_H

#include "models/fault.h"

struct restart {
    sim_time takes;
    sim_time backoff, longest; /* before the second start, and at most */
};

extern const struct param restart_params[]; /* of struct restart */

/* From the end number `nth` (from 0) to being back. */
sim_time restart_time(const struct restart *restart, uint32_t nth);

#endif
