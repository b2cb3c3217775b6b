/* SPDX-License-Identifier: GPL-3.0-or-later
   Client groups: who asks, when, for what.

     born (from streams of the group's own) -> due, sent -> … -> answered, or given up

   An open or replayed group makes its births a block at a time; a closed one makes each when
   its user has thought, from streams of that user's own, so that what a user asks for the
   n-th time does not depend on what others got. */
#include "models/client.h"

#include "models/cancel.h"
#include "models/key.h"
#include "models/race.h"
#include "models/state.h"
#include "models/tier.h"
#include "models/tiers.h"
#include "sim/engine/dist.h"

#include <math.h>
#include <stdlib.h>

static void client_open_streams(struct client *client, uint64_t key)
{
    rng_open(&client->arrival_rng, key, "arrivals", 0);
    rng_open(&client->demand_rng, key, "demand", 0);
    rng_open(&client->key_rng, key, "key", 0);
    rng_open(&client->size_rng, key, "size", 0);
    rng_open(&client->user_rng, key, "user", 0);
    rng_open(&client->spread_rng, key, "spread", 0);
    client->think_key = rng_key(key, "users", 0);
}

uint32_t client_choose_entry(struct world *world, uint32_t index, uint32_t user,
                             struct rng *rng)
{
    struct client *client = &world->clients[index];
    uint32_t count = client->near != NULL ? client->near_count : world->entry_count;
    uint32_t entry = 0;
    switch ((enum balancer_spread)tiers_config(world, 0)->spread) {
    case SPREAD_RANDOM:
        entry = (uint32_t)rng_below(rng, count);
        break;
    case SPREAD_ROUND_ROBIN:
        entry = client->turn++ % count;
        break;
    case SPREAD_BY_USER:
        entry = user % count;
        break;
    }
    return client->near != NULL ? client->near[entry] : entry;
}

/* Which entries a group in a zone goes to: those that are there, if any. */
static void client_find_near(struct world *world, struct client *client)
{
    uint32_t zone = world->places.clients != NULL ? world->places.clients[client->index] : 0;
    uint32_t *near = NULL;
    for (uint32_t i = 0; zone > 0 && i < world->entry_count; i++) {
        if (place_of_instance(world, 0, i).zone_number != zone)
            continue;
        if (near == NULL)
            near = arena_take(&world->arena, world->entry_count, sizeof *near);
        near[client->near_count++] = i;
    }
    client->near = near;
}

/* -- births of open and replayed groups -- */

static size_t client_due_open(struct client *client, double *scratch)
{
    const struct scenario_client *config = client->config;
    client->arrivals->gaps(config->arrivals.config, &client->arrival_state,
                           &client->arrival_rng, scratch, CLIENT_BLOCK);
    bool bent = config->rate.kind != NULL;
    for (size_t i = 0; i < CLIENT_BLOCK; i++) {
        double due = client->clock += scratch[i];
        if (bent)
            due = rate_time(&config->rate, &client->cursor, client->clock);
        if (!(due < (double)SIM_LONGEST))
            return i;
        client->births[i].due = (sim_time)due;
    }
    return CLIENT_BLOCK;
}

/* Fields without a law stay 0. */
static void client_draw_laws(struct client *client, double *scratch, size_t count)
{
    const struct scenario_client *config = client->config;
    dist_draw_many(&config->demand, &client->demand_rng, scratch, count);
    for (size_t i = 0; i < count; i++)
        client->births[i].demand = sim_time_of(scratch[i]);
    if (config->key.kind != NULL) {
        uint64_t keys[CLIENT_BLOCK];
        key_draw_many(&config->key, &client->key_rng, keys, count);
        for (size_t i = 0; i < count; i++)
            client->births[i].key = keys[i];
    }
    if (config->size.kind != NULL) {
        dist_draw_many(&config->size, &client->size_rng, scratch, count);
        for (size_t i = 0; i < count; i++)
            client->births[i].size = (uint64_t)sim_time_of(scratch[i]);
    }
    if (config->users > 1)
        for (size_t i = 0; i < count; i++)
            client->births[i].user = (uint32_t)rng_below(&client->user_rng, config->users);
}

static size_t client_due_replay(struct client *client, struct replay_request *requests)
{
    size_t count = 0;
    while (count < CLIENT_BLOCK && replay_next(&client->replay, &requests[count])) {
        client->births[count].due = requests[count].due;
        count++;
    }
    return count;
}

/* What the file says goes before the group's laws, which are drawn all the same. */
static void client_take_columns(struct client *client, const struct replay_request *requests,
                                size_t count)
{
    unsigned columns = replay_columns(client->config->arrivals.config);
    for (size_t i = 0; i < count; i++) {
        struct client_birth *birth = &client->births[i];
        if (columns & REPLAY_KEY)
            birth->key = requests[i].key;
        if (columns & REPLAY_SIZE)
            birth->size = requests[i].size;
        if (columns & REPLAY_USER)
            birth->user = requests[i].user;
        if (columns & REPLAY_DEMAND)
            birth->demand = requests[i].demand;
    }
}

static void client_refill(struct world *world, struct client *client)
{
    double scratch[CLIENT_BLOCK];
    struct replay_request requests[CLIENT_BLOCK];
    bool replay = client->arrivals->mode == ARRIVAL_REPLAY;
    size_t count =
        replay ? client_due_replay(client, requests) : client_due_open(client, scratch);
    client_draw_laws(client, scratch, count);
    if (replay)
        client_take_columns(client, requests, count);
    bool chooses = world->entry_count > 1 && !client->enters_late;
    for (size_t i = 0; chooses && i < count; i++)
        client->births[i].balancer = client_choose_entry(
            world, client->index, client->births[i].user, &client->spread_rng);
    client->next = 0;
    client->count = count;
}

static void client_schedule(struct world *world, struct client *client)
{
    if (client->next == client->count)
        client_refill(world, client);
    if (client->next < client->count)
        event_alarm_set(world->queue, client->alarm, client->births[client->next].due);
}

/* -- births of closed groups -- */

/* A user who was answered at the instant of asking, say refused, and does not think either would
   ask for ever without any time passing: asking again takes at least this long then. */
#define CLIENT_ASK_AGAIN SIM_MICROSECOND

static void client_think(struct world *world, struct client *client, uint32_t user,
                         sim_time least)
{
    const struct arrival_closed *closed = client->config->arrivals.config;
    struct rng rng;
    uint64_t key = rng_key(client->think_key, "think", user);
    rng_open(&rng, key, "nth", client->asked[user]);
    sim_time think = sim_time_of(dist_draw(&closed->think, &rng));
    if (think < least)
        think = least;
    event_push(world->queue, world->now + think, EVENT_ASK, client->index, 0, user);
}

static struct client_birth client_make_birth(struct world *world, struct client *client,
                                             uint32_t user)
{
    const struct scenario_client *config = client->config;
    struct rng rng;
    uint64_t key = rng_key(client->think_key, "ask", user);
    rng_open(&rng, key, "nth", client->asked[user]++);
    struct client_birth birth = {.due = world->now, .user = user};
    birth.demand = sim_time_of(dist_draw(&config->demand, &rng));
    key_draw_many(&config->key, &rng, &birth.key, 1);
    birth.size = (uint64_t)sim_time_of(dist_draw(&config->size, &rng));
    if (world->entry_count > 1 && !client->enters_late)
        birth.balancer = client_choose_entry(world, client->index, user, &rng);
    return birth;
}

/* -- sending, and the end -- */

static enum phase client_phase(const struct world *world, sim_time due)
{
    if (due < world->measure_begin)
        return PHASE_WARMUP;
    return due < world->measure_end ? PHASE_MEASURE : PHASE_COOLDOWN;
}

/* What is known at birth; the later stages write theirs. */
static inline void client_fill_row(struct world *world, const struct client *client,
                                   const struct client_birth *birth, struct trace_row *row)
{
    row->request = world->requests++;
    row->key = birth->key;
    row->demand = birth->demand;
    row->due = birth->due;
    row->sent = world->now;
    row->size = birth->size;
    row->user = birth->user;
    row->pod = ROW_NO_POD;
    row->client = (uint16_t)client->index;
    row->balancer = (uint16_t)birth->balancer;
    row->attempt = 0;
    row->outcome = OUTCOME_OK;
    row->phase = (uint8_t)client_phase(world, birth->due);
    row->last = 1;
    row->cache = LOOKUP_NONE;
}

static void client_send(struct world *world, struct client *client,
                        const struct client_birth *birth)
{
    uint32_t slot = attempt_take(&world->pool);
    struct attempt *attempt = world_attempt(world, slot);
    client_fill_row(world, client, birth, &attempt->row);
    attempt->stage = STAGE_SENT;
    attempt->answered = attempt->counted = attempt->held = false;
    world->measured_open += attempt->row.phase == PHASE_MEASURE;
    if (client->gives_up)
        event_lane_push(world->queue, client->timeout_lane,
                        birth->due + client->config->timeout, EVENT_TIMEOUT, slot,
                        world_attempt(world, slot)->ticket, 0);
    world_travel(world, NETWORK_TO_BALANCER, slot, balancer_receive);
}

void client_arrive(struct world *world, uint32_t index)
{
    struct client *client = &world->clients[index];
    world_end_if_over(world);
    if (world->over)
        return;
    client_send(world, client, &client->births[client->next++]);
    client_schedule(world, client);
}

void client_ask(struct world *world, uint32_t index, uint32_t user)
{
    struct client *client = &world->clients[index];
    world_end_if_over(world);
    if (world->over)
        return;
    struct client_birth birth = client_make_birth(world, client, user);
    client_send(world, client, &birth);
}

/* What the end means to a closed group's user, who begins to think, and to a connection that
   carries one request. */
static RARE void client_note_end(struct world *world, struct client *client,
                                 const struct trace_row *row, bool gone)
{
    if (client->arrivals->mode == ARRIVAL_CLOSED)
        client_think(world, client, row->user, row->due == world->now ? CLIENT_ASK_AGAIN : 0);
    if (client->is_single)
        connection_release(world, row, gone);
}

/* The client has its end; `gone`: it has given up. */
static void client_end(struct world *world, struct attempt *attempt, bool gone)
{
    struct client *client = &world->clients[attempt->row.client];
    attempt->row.ended = world->now;
    attempt->answered = true;
    if (client->minds_end)
        client_note_end(world, client, &attempt->row, gone);
}

void client_answer(struct world *world, uint32_t slot)
{
    struct attempt *attempt = world_attempt(world, slot);
    if (!attempt->answered)
        client_end(world, attempt, false);
    world_close_attempt(world, slot);
}

static void client_time_out(struct world *world, uint32_t slot, bool gone)
{
    if (gone && world->tries != NULL)
        race_drop_others(world, slot, OUTCOME_TIMEOUT);
    struct attempt *attempt = world_attempt(world, slot);
    attempt->row.outcome = OUTCOME_TIMEOUT;
    client_end(world, attempt, gone);
    if (world->keeps_paths)
        tier_abandon(world, slot, gone);
    balancer_abandon(world, slot, gone);
    if (world_attempt(world, slot)->stage == STAGE_LOST)
        world_close_attempt(world, slot);
    else if (world->tier->cancel)
        cancel_send(world, slot, gone);
}

void client_expire(struct world *world, uint32_t slot)
{
    if (!world_attempt(world, slot)->answered)
        client_time_out(world, slot, true);
}

void client_fail(struct world *world, uint32_t slot)
{
    client_time_out(world, slot, false);
}

/* -- the group -- */

void client_open(struct world *world, struct client *client, uint32_t index)
{
    const struct scenario_client *config =
        PARAM_ITEM(world->scenario->clients, struct scenario_client, index);
    *client = (struct client){
        .config = config, .arrivals = arrival_ops(&config->arrivals), .index = index,
        .enters_late = connection_is_used(world, index) || world->dns != NULL,
        .is_single = connection_is_single(world, index),
        .is_keyless = config->key.kind == NULL && !scenario_replays(config, REPLAY_KEY)};
    client_find_near(world, client);
    uint64_t key = rng_key(world->key, config->name, 0);
    client_open_streams(client, key);
    client->gives_up = config->timeout != SIM_NEVER;
    if (client->gives_up)
        client->timeout_lane =
            event_lane_open(world->queue, world_tickets(world));
    client->minds_end = client->is_single || client->arrivals->mode == ARRIVAL_CLOSED;
    if (client->arrivals->mode == ARRIVAL_CLOSED) {
        const struct arrival_closed *closed = config->arrivals.config;
        client->asked = memory_zeroed(closed->users, sizeof *client->asked);
        for (uint64_t user = 0; user < closed->users; user++)
            client_think(world, client, (uint32_t)user, 0);
        return;
    }
    client->alarm = event_alarm_open(world->queue, EVENT_ARRIVAL, index);
    if (client->arrivals->mode == ARRIVAL_REPLAY)
        replay_open(&client->replay, config->arrivals.config, rng_key(key, "replay", 0));
    else if (client->arrivals->begin != NULL)
        client->arrivals->begin(config->arrivals.config, &client->arrival_state,
                                &client->arrival_rng);
    client_schedule(world, client);
}

void client_close(struct client *client)
{
    free(client->asked);
}
