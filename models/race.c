/* SPDX-License-Identifier: GPL-3.0-or-later
   Carries out what hedge.h decides:

     sent -> … hedge due -> still no answer, and allowed -> sent to a pod not tried yet, too …
     first success -> answers the client; the others are given up, and cancelled if so wanted

   A hedge is sent at once or not at all: it never waits in the balancer's queue. */
#include "models/race.h"

#include "models/cancel.h"
#include "models/state.h"

static struct hedge *race_hedging(struct world *world, uint32_t slot)
{
    return &world->tries[world_attempt(world, slot)->row.balancer].hedge;
}

static bool race_is_hedged(const struct world *world)
{
    return world->tier->hedge.kind != NULL;
}

void race_arm(struct world *world, uint32_t slot)
{
    const struct tried *tried = tried_find(world, slot);
    const struct hedge_config *config = world->tier->hedge.config;
    if (!race_is_hedged(world) || tried->hedge_after == SIM_NEVER ||
        tried->hedges >= config->count)
        return;
    sim_time at = world->now + tried->hedge_after;
    const struct attempt *attempt = world_attempt(world, slot);
    if (config->after > 0)
        event_lane_push(world->queue, world->hedge_lane, at, EVENT_HEDGE, slot,
                        attempt->ticket, attempt->row.attempt);
    else
        event_push(world->queue, at, EVENT_HEDGE, slot, attempt->ticket, attempt->row.attempt);
}

/* Whether one more may be sent now; true is paid for. */
static bool race_may(struct world *world, uint32_t slot)
{
    const struct tried *tried = tried_find(world, slot);
    struct balancer *balancer = &world->balancers[world_attempt(world, slot)->row.balancer];
    struct tries *tries = &world->tries[world_attempt(world, slot)->row.balancer];
    if (balancer->held > 0 || tried->attempts > UINT8_MAX ||
        tried_other(tried, &balancer->backends.view) == NO_BACKEND ||
        (world->admissions != NULL && !admission_enters(world, slot)))
        return false;
    if (!hedge_may(&tries->hedge, tried->hedges, world->now))
        return false;
    return !tries->hedge.config->pays_retries ||
           retry_budget_withdraw(&tries->budget, &tries->load, world->now);
}

void race_hedge(struct world *world, uint32_t slot, uint32_t number)
{
    const struct attempt *attempt = world_attempt(world, slot);
    if (attempt->answered || !attempt->counted || attempt->row.attempt != number ||
        !race_may(world, slot))
        return;
    uint32_t next = tries_split(world, slot);
    struct tried *tried = tried_find(world, next);
    tried->hedges++;
    backend_id backend = balancer_choose(world, next);
    if (backend == NO_BACKEND || tried_is_known(tried, backend)) {
        tried->hedges--;
        tried->attempts--;
        tried_leave(world, next);
        attempt_return(&world->pool, next);
        return;
    }
    tries_enter(world, next);
    balancer_send(world, next, backend);
}

static void race_learn(struct world *world, uint32_t slot)
{
    if (race_is_hedged(world))
        hedge_learn(race_hedging(world, slot),
                    world->now - world_attempt(world, slot)->row.dispatched, world->now);
}

bool race_answer(struct world *world, uint32_t slot)
{
    struct trace_row *row = &world_attempt(world, slot)->row;
    if (row->outcome == OUTCOME_OK) {
        race_learn(world, slot);
        race_drop_others(world, slot, OUTCOME_CANCELLED);
        return false;
    }
    if (tried_find(world, slot)->open == 1)
        return false;
    row->last = 0;
    row->ended = world->now;
    tried_leave(world, slot);
    world_close_attempt(world, slot);
    return true;
}

bool race_expire(struct world *world, uint32_t slot)
{
    race_learn(world, slot);
    if (tried_find(world, slot)->open == 1)
        return false;
    tries_give_up(world, slot, OUTCOME_TIMEOUT, false);
    return true;
}

void race_drop_others(struct world *world, uint32_t slot, enum outcome outcome)
{
    const struct tried *tried;
    if (outcome == OUTCOME_TIMEOUT && world_attempt(world, slot)->counted)
        race_learn(world, slot);
    while ((tried = tried_find(world, slot)) != NULL && tried->open > 1) {
        uint32_t other = tried->slots[0] != slot ? tried->slots[0] : tried->slots[1];
        race_learn(world, other);
        tries_give_up(world, other, outcome, true);
    }
}

void race_cut(struct world *world, uint32_t slot)
{
    const struct tried *tried = tried_find(world, slot);
    if (tried == NULL || tried->open == 1)
        return;
    world_attempt(world, slot)->row.last = 0;
    tried_leave(world, slot);
}
