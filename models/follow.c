/* SPDX-License-Identifier: GPL-3.0-or-later
   Asks the connection, then the session, then the policy; and notes what came of it. */
#include "models/follow.h"

#include "models/state.h"

backend_id follow_sticky(struct sticky *sticky, struct backends *backends, sim_time now,
                         struct request *request)
{
    backend_id pick = NO_BACKEND;
    backends->view.now = now;
    if (sticky != NULL)
        pick = sticky_find(sticky, &backends->view, request);
    if (pick == NO_BACKEND)
        pick = backends_pick(backends, now, request);
    if (sticky != NULL && pick != NO_BACKEND)
        sticky_note(sticky, &backends->view, request, pick);
    return pick;
}

backend_id follow_pick(struct world *world, struct balancer *balancer, uint32_t slot,
                       struct request *request)
{
    struct backends *backends = &balancer->backends;
    const struct path *path = world->counts_connections ? path_find(world, slot) : NULL;
    if (path == NULL)
        return follow_sticky(balancer->sticky, backends, world->now, request);
    backend_id pick = connection_pin(world, path, world->outer_count);
    if (pick != NO_BACKEND && backends_is_listed(backends, pick))
        return pick;
    pick = follow_sticky(balancer->sticky, backends, world->now, request);
    if (pick != NO_BACKEND)
        connection_note(world, path, world->outer_count,
                        (uint32_t)(balancer - world->balancers), pick);
    return pick;
}

bool follow_is_led(const struct world *world, uint32_t slot)
{
    const struct path *path = path_find(world, slot);
    return path != NULL && connection_pin(world, path, path->tier) != NO_BACKEND;
}
