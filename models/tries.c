/* SPDX-License-Identifier: GPL-3.0-or-later
   Carries out what retry.h decides:

     answer -> failed, and may be retried -> row handed on -> [back-off] -> picked again …
     per-try time-out -> may be retried -> the request moves to a slot of its own -> …
                      -> may not        -> the client is told at once

   The attempt that was only slow is given up by the balancer; the pod goes on with it. */
#include "models/tries.h"

#include "models/state.h"

#include <stdlib.h>
#include <string.h>

enum { TRIES_PICKS = 10 }; /* how often a policy is asked for a pod that was not tried */

static const struct retry_config *tries_config(const struct world *world)
{
    return world->tier->retry.config;
}

static struct tries *tries_of(struct world *world, uint32_t slot)
{
    return &world->tries[world_attempt(world, slot)->row.balancer];
}

static struct tries_request *tries_request(struct world *world, uint32_t slot)
{
    uint32_t room = world->tries_room;
    if (world->pool.room > room) {
        world->tries_room = world->pool.room;
        world->requests_tried = memory_grow(world->requests_tried, world->tries_room,
                                            sizeof *world->requests_tried);
        memset(world->requests_tried + room, 0,
               (world->tries_room - room) * sizeof *world->requests_tried);
    }
    return &world->requests_tried[slot];
}

void tries_open(struct world *world)
{
    if (world->tier->retry.kind == NULL)
        return;
    world->tries = arena_take(&world->arena, world->balancer_count, sizeof *world->tries);
    for (uint32_t i = 0; i < world->balancer_count; i++) {
        retry_budget_open(&world->tries[i].budget, &tries_config(world)->budget, 0);
        rng_open(&world->tries[i].rng, world->key, "retry", i);
    }
    if (tries_config(world)->per_try_timeout != SIM_NEVER)
        world->try_lane = event_lane_open(world->queue, world_tickets(world));
}

void tries_close(struct world *world)
{
    free(world->requests_tried);
}

void tries_begin(struct world *world, uint32_t slot)
{
    struct tries *tries = tries_of(world, slot);
    *tries_request(world, slot) = (struct tries_request){.since = world->now, .active = true};
    tries->load.active++;
    retry_budget_begin(&tries->budget, world->now);
}

void tries_sent(struct world *world, uint32_t slot, backend_id backend)
{
    struct tries_request *request = tries_request(world, slot);
    if (request->count < TRIES_KNOWN_MAX)
        request->tried[request->count++] = backend;
    sim_time timeout = tries_config(world)->per_try_timeout;
    if (timeout != SIM_NEVER)
        event_lane_push(world->queue, world->try_lane, world->now + timeout, EVENT_TRY_TIMEOUT,
                        slot, world_attempt(world, slot)->ticket,
                        world_attempt(world, slot)->row.attempt);
}

static void tries_count_off(struct tries *tries, struct tries_request *request)
{
    tries->load.retries -= request->retries;
    request->retries = false;
}

void tries_end(struct world *world, uint32_t slot, bool success)
{
    struct tries *tries = tries_of(world, slot);
    struct tries_request *request = tries_request(world, slot);
    if (!request->active)
        return;
    tries_count_off(tries, request);
    request->active = false;
    tries->load.active--;
    if (success)
        retry_budget_end(&tries->budget, world->now);
}

/* -- whether and where -- */

static bool tries_cause(enum outcome outcome, enum retry_cause *cause)
{
    static const enum retry_cause causes[OUTCOME_COUNT] = {
        [OUTCOME_REFUSED] = RETRY_REFUSED, [OUTCOME_RESET] = RETRY_RESET,
        [OUTCOME_REJECTED] = RETRY_REJECTED, [OUTCOME_ERROR] = RETRY_ERROR,
    };
    *cause = causes[outcome];
    return outcome == OUTCOME_REFUSED || outcome == OUTCOME_RESET ||
           outcome == OUTCOME_REJECTED || outcome == OUTCOME_ERROR;
}

static bool tries_was_tried(const struct tries_request *request, backend_id backend)
{
    for (uint32_t i = 0; i < request->count; i++)
        if (request->tried[i] == backend)
            return true;
    return false;
}

/* The first that may be picked and was not tried; NO_BACKEND: there is none. */
static backend_id tries_untried(const struct tries_request *request, const struct view *view)
{
    for (uint32_t i = 0; i < view->eligible_count; i++)
        if (!tries_was_tried(request, view_eligible(view, i)))
            return view_eligible(view, i);
    return NO_BACKEND;
}

static bool tries_may(struct world *world, uint32_t slot, enum retry_cause cause)
{
    const struct attempt *attempt = world_attempt(world, slot);
    const struct retry_config *config = tries_config(world);
    struct tries *tries = tries_of(world, slot);
    struct tries_request *request = tries_request(world, slot);
    const struct view *view = &world->balancers[attempt->row.balancer].backends.view;
    tries_count_off(tries, request);
    if (attempt->row.attempt == UINT8_MAX)
        return false;
    if (retry_place(config, attempt->row.attempt) == RETRY_UNTRIED &&
        (request->count == TRIES_KNOWN_MAX || tries_untried(request, view) == NO_BACKEND))
        return false;
    struct retry_try failed = {.cause = cause,
                               .attempt = attempt->row.attempt,
                               .since = request->since,
                               .now = world->now,
                               .load = tries->load};
    if (!retry_may(config, &tries->budget, &failed))
        return false;
    request->retries = true;
    tries->load.retries++;
    return true;
}

backend_id tries_place(struct world *world, uint32_t slot, struct request *request)
{
    const struct tries_request *tried = tries_request(world, slot);
    struct backends *backends =
        &world->balancers[world_attempt(world, slot)->row.balancer].backends;
    const struct view *view = &backends->view;
    enum retry_place place = retry_place(tries_config(world), request->attempt - 1);
    backend_id last = tried->tried[tried->count - 1], pick = NO_BACKEND;
    request->tried = tried->tried;
    request->tried_count = tried->count;
    backends->view.now = world->now;
    if (place == RETRY_SAME && view->is_eligible[last])
        return last;
    bool anywhere = place == RETRY_ANYWHERE || place == RETRY_SAME;
    for (int i = 0; i < TRIES_PICKS; i++) {
        pick = backends_pick(backends, world->now, request);
        if (anywhere || pick == NO_BACKEND || !tries_was_tried(tried, pick))
            return pick;
    }
    backend_id other = tries_untried(tried, view);
    return other != NO_BACKEND ? other : pick;
}

/* -- the next try -- */

/* Makes the attempt in a slot the next one of its request, at the balancer. */
static void tries_renew(struct world *world, uint32_t slot)
{
    struct attempt *attempt = world_attempt(world, slot);
    struct trace_row *row = &attempt->row;
    sim_time delay = retry_delay(tries_config(world), row->attempt,
                                 &tries_of(world, slot)->rng);
    row->attempt++;
    row->pod = ROW_NO_POD;
    row->outcome = OUTCOME_OK;
    row->last = 1;
    row->cache = LOOKUP_NONE;
    row->sent = row->received = world->now;
    attempt->stage = STAGE_RECEIVED;
    attempt->answered = attempt->counted = attempt->held = false;
    if (delay > 0)
        event_push(world->queue, world->now + delay, EVENT_RETRY, slot, attempt->ticket, 0);
    else
        balancer_consider(world, slot);
}

void tries_resume(struct world *world, uint32_t slot)
{
    struct trace_row *row = &world_attempt(world, slot)->row;
    row->sent = row->received = world->now;
    balancer_consider(world, slot);
}

bool tries_again(struct world *world, uint32_t slot)
{
    const struct attempt *attempt = world_attempt(world, slot);
    enum retry_cause cause;
    if (attempt->answered || !tries_cause((enum outcome)attempt->row.outcome, &cause) ||
        !tries_may(world, slot, cause))
        return false;
    struct trace_row row = attempt->row;
    row.last = 0;
    row.ended = world->now;
    world_hand_on(world, &row);
    world->retries++;
    tries_renew(world, slot);
    return true;
}

/* The request goes on in a new slot, its client's time-out with it. */
static uint32_t tries_move(struct world *world, uint32_t slot)
{
    uint32_t next = attempt_take(&world->pool);
    struct attempt *moved = world_attempt(world, next);
    moved->row = world_attempt(world, slot)->row;
    *tries_request(world, next) = *tries_request(world, slot);
    tries_request(world, slot)->active = tries_request(world, slot)->retries = false;
    const struct client *client = &world->clients[moved->row.client];
    if (client->config->timeout != SIM_NEVER)
        event_push(world->queue, moved->row.due + client->config->timeout, EVENT_TIMEOUT, next,
                   moved->ticket, 0);
    world->measured_open += moved->row.phase == PHASE_MEASURE;
    world->retries++;
    return next;
}

/* The balancer no longer waits for this attempt; the pod may still be at it. */
static void tries_give_up(struct world *world, uint32_t slot)
{
    struct attempt *attempt = world_attempt(world, slot);
    attempt->row.outcome = OUTCOME_TIMEOUT;
    attempt->row.ended = world->now;
    attempt->row.last = 0;
    attempt->answered = true;
    balancer_abandon(world, slot, false);
    if (world_attempt(world, slot)->stage == STAGE_LOST)
        world_close_attempt(world, slot);
}

void tries_expire(struct world *world, uint32_t slot, uint32_t number)
{
    const struct attempt *attempt = world_attempt(world, slot);
    if (attempt->answered || !attempt->counted || attempt->row.attempt != number)
        return;
    if (!tries_may(world, slot, RETRY_TIMEOUT)) {
        client_fail(world, slot);
        return;
    }
    uint32_t next = tries_move(world, slot);
    tries_give_up(world, slot);
    tries_renew(world, next);
}
