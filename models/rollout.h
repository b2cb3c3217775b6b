/* SPDX-License-Identifier: GPL-3.0-or-later
   The rule of a Deployment's rolling update: how many new pods may be created and how many old
   ones deleted now (kubernetes/kubernetes pkg/controller/deployment, rolling.go and
   util/deployment_util.go).  Pure. */
#ifndef MODELS_ROLLOUT_H
#define MODELS_ROLLOUT_H

#include "sim/engine/param.h"

struct rollout_config {
    const char *pods;                         /* a group; NULL: nothing of the kind */
    const char *max_surge, *max_unavailable;  /* "25%" or "2" */
};

struct rollout {
    uint32_t replicas, surge, unavailable;
    uint32_t old;   /* not deleted yet */
    uint32_t fresh; /* new ones created … */
    uint32_t ready; /* … and, of these, ready */
};

struct rollout_turn {
    uint32_t create, remove;
};

extern const struct param rollout_params[]; /* of struct rollout_config */

/* The number of pods that a limit means for so many replicas: shares are rounded up for a surge
   and down for what may be unavailable.  False for a text that is neither. */
bool rollout_limit(const char *text, uint32_t replicas, bool round_up, uint32_t *limit);

/* Of a group with `replicas` old pods; limits that cannot be read count as 0.  Where both limits
   are 0 one pod may be unavailable, or nothing could ever happen. */
void rollout_open(struct rollout *rollout, const struct rollout_config *config,
                  uint32_t replicas);
struct rollout_turn rollout_turn(const struct rollout *rollout);
bool rollout_is_over(const struct rollout *rollout);

#endif
