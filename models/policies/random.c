/* SPDX-License-Identifier: GPL-3.0-or-later
   Any pod, all alike, whatever their load.  The reference that every other policy must
   beat: n pods become n separate queues. */
#include "models/policy.h"

static backend_id random_pick(void *state, const struct view *view,
                              const struct request *request, struct rng *rng)
{
    (void)state, (void)request;
    return view_eligible(view, (uint32_t)rng_below(rng, view->eligible_count));
}

const struct policy_ops policy_random = {
    .kind = {.name = "random", .summary = "Any pod, all alike"},
    .traits = POLICY_UNWEIGHTED,
    .cost = "O(1) a pick; nothing a change",
    .source = "textbook",
    .pick = random_pick,
};
