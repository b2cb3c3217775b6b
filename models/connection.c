/* SPDX-License-Identifier: GPL-3.0-or-later
   Opens, uses and shuts connections:

     no connection, or it is over -> opened: entry drawn or told by DNS, ready after the
                                     round trips
     first request at a tier that decides per connection -> pinned there
     later ones -> follow, as long as the pod is there
     too old, idle or used up; its pod has crashed or left -> shut: the next request opens anew
     HTTP/1: busy -> idle when its request has ended; broken off when the client has given up

   Draws are keyed by (user, connection, opening), so that they do not depend on the policy. */
#include "models/connection.h"

#include "models/reach.h"
#include "models/scenario_connections.h"
#include "models/state.h"
#include "models/tier.h"
#include "models/tiers.h"
#include "sim/engine/dist.h"

#include <stdlib.h>

enum { CONNECTION_ROOM_MIN = 64 };

struct connection_user {
    struct attempt_queue queue; /* HTTP/1: those that wait for a connection */
    uint32_t first; /* of its connections */
    uint32_t turn;  /* counts its requests */
    bool known;
};

void connection_open(struct world *world)
{
    struct connection_book *book = &world->connections;
    const struct param_list *clients = &world->scenario->clients;
    for (size_t i = 0; i < clients->count; i++) {
        const struct scenario_client *client = PARAM_ITEM(*clients, struct scenario_client, i);
        if (client->connections.count == 0)
            continue;
        if (book->groups == NULL)
            book->groups = arena_take(&world->arena, clients->count, sizeof *book->groups);
        struct connection_group *group = &book->groups[i];
        group->config = &client->connections;
        group->key = rng_key(rng_key(world->key, client->name, 0), "connections", 0);
        key_map_init(&group->users, sizeof(struct connection_user));
    }
}

void connection_close(struct world *world)
{
    struct connection_book *book = &world->connections;
    for (size_t i = 0; book->groups != NULL && i < world->scenario->clients.count; i++)
        if (book->groups[i].config != NULL)
            key_map_free(&book->groups[i].users);
    free(book->records);
}

bool connection_is_used(const struct world *world, uint32_t client)
{
    return world->connections.groups != NULL &&
           world->connections.groups[client].config != NULL;
}

bool connection_is_single(const struct world *world, uint32_t client)
{
    return connection_is_used(world, client) &&
           world->connections.groups[client].config->protocol == PROTOCOL_HTTP1;
}

/* -- whose -- */

static struct connection *connection_add(struct connection_book *book)
{
    if (book->count == book->room) {
        book->room = book->room > 0 ? 2 * book->room : CONNECTION_ROOM_MIN;
        book->records = memory_grow(book->records, book->room, sizeof *book->records);
    }
    return &book->records[book->count++];
}

static struct connection_user *connection_user(struct world *world, const struct trace_row *row)
{
    struct connection_book *book = &world->connections;
    struct connection_group *group = &book->groups[row->client];
    struct connection_user *user = key_map_take(&group->users, row->user);
    if (user->known)
        return user;
    *user = (struct connection_user){
        .known = true, .first = book->count, .queue = {ATTEMPT_NONE, ATTEMPT_NONE}};
    for (uint64_t i = 0; i < group->config->count; i++)
        *connection_add(book) = (struct connection){
            .name = row->user * group->config->count + i, .client = row->client};
    return user;
}

/* Of a user's connections that carry one request each: the first that is idle, else the first
   that can be opened, else PATH_NO_CONNECTION. */
static RARE uint32_t connection_choose_idle(const struct world *world, uint32_t first,
                                            uint32_t count)
{
    const struct connection *records = world->connections.records;
    uint32_t closed = PATH_NO_CONNECTION;
    for (uint32_t i = first; i < first + count; i++) {
        if (records[i].is_open && records[i].carries == 0)
            return i;
        if (!records[i].is_open && closed == PATH_NO_CONNECTION)
            closed = i;
    }
    return closed;
}

/* The one whose turn it is, or that can take it; PATH_NO_CONNECTION: none can. */
static uint32_t connection_choose(struct world *world, const struct trace_row *row)
{
    struct connection_user *user = connection_user(world, row);
    uint32_t count = (uint32_t)world->connections.groups[row->client].config->count;
    if (connection_is_single(world, row->client))
        return connection_choose_idle(world, user->first, count);
    return user->first + user->turn++ % count;
}

/* -- life and death -- */

static void connection_shut(struct world *world, struct connection *connection)
{
    connection->is_open = false;
    for (uint32_t tier = 0; tier < SCENARIO_TIERS_MAX; tier++) {
        backend_id backend = connection->pins[tier];
        connection->pins[tier] = NO_BACKEND;
        if (backend != NO_BACKEND)
            tier_disconnect(world, tier, connection->instances[tier], backend);
    }
}

/* It leads to an instance of the last tier that has nobody to hand it to. */
static bool connection_is_dropped(const struct world *world, const struct connection *connection)
{
    uint32_t last = world->outer_count;
    uint32_t instance = last > 0 ? connection->pins[last - 1] : connection->entry;
    return instance != NO_BACKEND && reach_is_vacant(world, instance);
}

/* Its pod, or its instance of the last tier, has gone, or has lost it since it was opened. */
static bool connection_is_broken(const struct world *world, const struct connection *connection)
{
    uint32_t last = world->outer_count;
    if (last > 0 && connection->pins[last - 1] != NO_BACKEND &&
        engines_is_gone(world, connection->pins[last - 1]))
        return true;
    backend_id pod = connection->pins[last];
    if (world->tier->per != PER_CONNECTION)
        return false;
    if (pod == NO_BACKEND)
        return connection_is_dropped(world, connection);
    if (!backends_is_listed(&world->balancers[connection->instances[last]].backends, pod))
        return true;
    const struct fault_pod *faulty = world->faulty != NULL ? &world->faulty[pod] : NULL;
    return faulty != NULL &&
           (faulty->condition.is_down || faulty->is_closed ||
            faulty->broke >= connection->opened);
}

static sim_time connection_due(const struct world *world, const struct connection *connection)
{
    sim_time idle = world->connections.groups[connection->client].config->idle_timeout;
    sim_time idle_at = idle == SIM_NEVER ? SIM_NEVER : connection->used + idle;
    return idle_at < connection->expires ? idle_at : connection->expires;
}

void connection_wake(struct world *world, uint32_t index, uint32_t life)
{
    struct connection *connection = &world->connections.records[index];
    if (!connection->is_open || connection->life != life)
        return;
    connection->is_late = connection->carries != 0;
    if (connection->is_late)
        return;
    sim_time due = connection_due(world, connection);
    if (due <= world->now)
        connection_shut(world, connection);
    else
        event_push(world->queue, due, EVENT_CONNECTION, index, life, 0);
}

/* Round trips through the tiers that hand connections on, to the one that ends them.  Of zones
   those of the client and the first tier count: where it will lead further on is not known. */
static double connection_setup(const struct world *world, const struct connection *connection,
                               uint64_t trips, struct rng *rng)
{
    const struct scenario_network *network = &world->scenario->network;
    uint32_t entry = place_of_instance(world, 0, connection->entry).zone_number;
    uint32_t client = world->places.far ? world->places.clients[connection->client] : 0;
    double delay = 0;
    for (uint64_t way = 0; way < 2 * trips; way++) {
        delay += dist_draw(&network->to_balancer, rng);
        delay += (double)place_draw(world, client, entry, rng);
        uint32_t tier = 0;
        for (; tier < world->outer_count && tiers_config(world, tier)->per == PER_CONNECTION;
             tier++)
            delay += dist_draw(&tiers_config(world, tier)->to_backend, rng);
        if (tier == world->outer_count && world->tier->per == PER_CONNECTION)
            delay += dist_draw(&network->to_pod, rng);
    }
    return delay;
}

static void connection_renew(struct world *world, uint32_t index, uint32_t user)
{
    struct connection *connection = &world->connections.records[index];
    const struct connection_group *group = &world->connections.groups[connection->client];
    struct rng rng;
    rng_open(&rng, rng_key(group->key, "connection", connection->name), "opening",
             ++connection->life);
    connection->is_open = true;
    connection->opened = world->now;
    sim_time found = world->now;
    connection->entry =
        world->dns != NULL ? dns_resolve(world, connection->client, user, &rng, &found)
                           : client_choose_entry(world, connection->client, user, &rng);
    connection->expires = SIM_NEVER;
    double spread = 1 + group->config->jitter * (2 * rng_uniform(&rng) - 1);
    if (group->config->max_age != SIM_NEVER)
        connection->expires =
            world->now + sim_time_of((double)group->config->max_age * spread);
    connection->ready =
        found + sim_time_of(connection_setup(world, connection, group->config->setup, &rng));
    connection->used = connection->ready;
    connection->requests = 0;
    connection->is_late = false;
    for (uint32_t tier = 0; tier < SCENARIO_TIERS_MAX; tier++)
        connection->pins[tier] = NO_BACKEND;
    sim_time due = connection_due(world, connection);
    if (due != SIM_NEVER)
        event_push(world->queue, due, EVENT_CONNECTION, index, connection->life, 0);
}

sim_time connection_take(struct world *world, struct path *path, uint32_t slot)
{
    const struct trace_row *row = &world_attempt(world, slot)->row;
    uint32_t index = connection_choose(world, row);
    if (index == PATH_NO_CONNECTION) {
        path->waits = true;
        attempt_queue_append(&connection_user(world, row)->queue, &world->pool, slot);
        return SIM_NEVER;
    }
    struct connection *connection = &world->connections.records[index];
    uint64_t limit = world->connections.groups[row->client].config->requests;
    if (connection->is_open &&
        (connection->requests >= limit || connection_due(world, connection) <= world->now ||
         connection_is_broken(world, connection)))
        connection_shut(world, connection);
    if (!connection->is_open)
        connection_renew(world, index, row->user);
    connection->requests++;
    if (connection_is_single(world, row->client))
        connection->carries = row->request + 1;
    connection->used = connection->ready > world->now ? connection->ready : world->now;
    path->connection = index;
    path->life = connection->life;
    path->hops[0].instance = connection->entry;
    for (uint32_t tier = 0; tier < SCENARIO_TIERS_MAX; tier++)
        path->pins[tier] = connection->pins[tier];
    return connection->used;
}

/* -- one request at a time -- */

void connection_leave(struct world *world, uint32_t slot)
{
    const struct trace_row *row = &world_attempt(world, slot)->row;
    attempt_queue_remove(&connection_user(world, row)->queue, &world->pool, slot);
    path_find(world, slot)->waits = false;
}

/* Idle from now on, or shut. */
static void connection_rest(struct world *world, uint32_t index, bool given_up)
{
    struct connection *connection = &world->connections.records[index];
    connection->carries = 0;
    connection->used = world->now;
    sim_time due = connection_due(world, connection);
    if (given_up || due <= world->now)
        connection_shut(world, connection);
    else if (connection->is_late)
        event_push(world->queue, due, EVENT_CONNECTION, index, connection->life, 0);
    connection->is_late = false;
}

void connection_release(struct world *world, const struct trace_row *row, bool given_up)
{
    const struct connection_user *user = connection_user(world, row);
    uint32_t count = (uint32_t)world->connections.groups[row->client].config->count;
    uint32_t index = user->first, waiting = user->queue.first;
    while (index < user->first + count &&
           world->connections.records[index].carries != row->request + 1)
        index++;
    if (index == user->first + count)
        return; /* it was waiting for one */
    connection_rest(world, index, given_up);
    if (waiting == ATTEMPT_NONE)
        return;
    connection_leave(world, waiting);
    sim_time ready = connection_take(world, path_find(world, waiting), waiting);
    event_push(world->queue, ready, EVENT_CONNECTED, waiting,
               world_attempt(world, waiting)->ticket, 0);
}

/* -- where it leads -- */

static bool connection_is_same(const struct world *world, const struct path *path)
{
    const struct connection *connection = &world->connections.records[path->connection];
    return connection->is_open && connection->life == path->life;
}

backend_id connection_pin(const struct world *world, const struct path *path, uint32_t tier)
{
    if (path->connection == PATH_NO_CONNECTION)
        return NO_BACKEND;
    if (path->pins[tier] == NO_BACKEND && connection_is_same(world, path))
        return world->connections.records[path->connection].pins[tier];
    return path->pins[tier];
}

void connection_note(struct world *world, const struct path *path, uint32_t tier,
                     uint32_t instance, backend_id backend)
{
    if (path->connection == PATH_NO_CONNECTION || !connection_is_same(world, path))
        return;
    struct connection *connection = &world->connections.records[path->connection];
    if (connection->pins[tier] != NO_BACKEND)
        return; /* gone; the next request will find out */
    connection->instances[tier] = instance;
    connection->pins[tier] = backend;
    tier_connect(world, tier, instance, backend);
}

uint64_t connection_count_pins(const struct world *world, uint32_t tier)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < world->connections.count; i++)
        count += world->connections.records[i].is_open &&
                 world->connections.records[i].pins[tier] != NO_BACKEND;
    return count;
}
