/* SPDX-License-Identifier: GPL-3.0-or-later
   Stickiness over any policy: a client that has been sent to a pod is sent there again.  A
   table of kinds; the balancer asks before its policy and tells after it. */
#ifndef MODELS_STICKY_H
#define MODELS_STICKY_H

#include "models/policy.h"
#include "sim/engine/key_map.h"

extern const struct kind_list sticky_kinds;

/* The memory of one balancer instance, or of all where the clients carry it themselves. */
struct sticky {
    const struct param_kind *config; /* of sticky_kinds; kind NULL: not sticky */
    struct key_map sessions;
};

void sticky_open(struct sticky *sticky, const struct param_kind *config);
void sticky_close(struct sticky *sticky);

/* Whether all instances share one memory, because it is in a cookie. */
bool sticky_is_carried(const struct param_kind *config);

/* The pod of a client's session, if it may be picked now; else NO_BACKEND.  May change what
   the policy will see as the request's key. */
backend_id sticky_find(struct sticky *sticky, const struct view *view,
                       struct request *request);
/* Notes where a client was sent. */
void sticky_note(struct sticky *sticky, const struct view *view,
                 const struct request *request, backend_id backend);

#endif
