/* SPDX-License-Identifier: GPL-3.0-or-later
   Carries out what retry.h decides:

     answer -> failed, and may be retried -> row handed on -> [back-off] -> picked again …
     per-try time-out -> may be retried -> the request moves to a slot of its own -> …
                      -> may not        -> the client is told at once

   The attempt that was only slow is given up by the balancer; the pod goes on with it unless
   it is told. */
#include "models/tries.h"

#include "models/admission.h"
#include "models/cancel.h"
#include "models/race.h"
#include "models/state.h"

#include <string.h>

enum { TRIES_PICKS = 10 }; /* how often a policy is asked for a pod that was not tried */

static const struct retry_config tries_none = {.per_try_timeout = SIM_NEVER};

static const struct retry_config *tries_config(const struct world *world)
{
    return world->tier->retry.kind != NULL ? world->tier->retry.config : &tries_none;
}

static struct tries *tries_of(struct world *world, uint32_t slot)
{
    return &world->tries[world_attempt(world, slot)->row.balancer];
}

void tries_open(struct world *world)
{
    const struct param_kind *hedge = &world->tier->hedge;
    if (world->tier->retry.kind == NULL && hedge->kind == NULL)
        return;
    world->tries = arena_take(&world->arena, world->balancer_count, sizeof *world->tries);
    for (uint32_t i = 0; i < world->balancer_count; i++) {
        retry_budget_open(&world->tries[i].budget, &tries_config(world)->budget, 0);
        rng_open(&world->tries[i].rng, world->key, "retry", i);
        if (hedge->kind != NULL)
            hedge_open(&world->tries[i].hedge, hedge, 0);
    }
    if (tries_config(world)->per_try_timeout != SIM_NEVER)
        world->try_lane = event_lane_open(world->queue, world_tickets(world));
    if (hedge->kind != NULL)
        world->hedge_lane = event_lane_open(world->queue, world_tickets(world));
}

void tries_close(struct world *world)
{
    for (uint32_t i = 0; world->tries != NULL && i < world->balancer_count; i++)
        hedge_close(&world->tries[i].hedge);
    slot_book_close(&world->tried);
}

void tries_begin(struct world *world, uint32_t slot)
{
    struct tries *tries = tries_of(world, slot);
    struct tried *tried = tried_begin(world, slot);
    tries->load.active++;
    retry_budget_begin(&tries->budget, world->now);
    if (world->tier->hedge.kind != NULL)
        tried->hedge_after = hedge_begin(&tries->hedge, world->now);
}

void tries_sent(struct world *world, uint32_t slot, backend_id backend)
{
    tried_note(tried_find(world, slot), backend);
    sim_time timeout = tries_config(world)->per_try_timeout;
    if (timeout != SIM_NEVER)
        event_lane_push(world->queue, world->try_lane, world->now + timeout, EVENT_TRY_TIMEOUT,
                        slot, world_attempt(world, slot)->ticket,
                        world_attempt(world, slot)->row.attempt);
    race_arm(world, slot);
}

static void tries_count_off(struct tries *tries, struct tried *tried)
{
    tries->load.retries -= tried->retries;
    tried->retries = false;
}

void tries_end(struct world *world, uint32_t slot, bool success)
{
    struct tries *tries = tries_of(world, slot);
    struct tried *tried = tried_find(world, slot);
    if (tried == NULL)
        return;
    tries_count_off(tries, tried);
    tried_end(world, slot);
    tries->load.active--;
    if (success)
        retry_budget_succeed(&tries->budget, world->now);
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

static const struct backends *tries_backends(const struct world *world, uint32_t slot)
{
    return &world->balancers[world->pool.attempts[slot].row.balancer].backends;
}

/* A policy that goes by a request's key is known by its promise or its name. */
static bool tries_are_bound(const struct world *world, const struct policy_ops *ops)
{
    return world->tier->sticky.kind != NULL || (ops->traits & POLICY_CONSISTENT) != 0 ||
           strstr(ops->kind.name, "hash") != NULL;
}

static bool tries_are_alone(const struct view *view)
{
    uint32_t up = view->eligible_count;
    for (backend_id i = 0; up <= 1 && i < view->count; i++)
        up += view->is_up[i] && !view->is_eligible[i];
    return up <= 1;
}

/* The retry that would follow `retries` others. */
static struct retry_next tries_next(const struct world *world, uint32_t slot,
                                    uint32_t retries, enum retry_cause cause)
{
    const struct tried *tried = tried_find(world, slot);
    const struct backends *backends = tries_backends(world, slot);
    const struct view *view = &backends->view;
    return (struct retry_next){
        .attempt = retries,
        .cause = cause,
        .bound = tries_are_bound(world, backends->ops),
        .alone = tries_are_alone(view),
        .down = tried->pod_count > 0 && !view->is_up[tried->pods[tried->pod_count - 1]],
    };
}

static bool tries_may(struct world *world, uint32_t slot, enum retry_cause cause)
{
    const struct retry_config *config = tries_config(world);
    struct tries *tries = tries_of(world, slot);
    struct tried *tried = tried_find(world, slot);
    const struct view *view = &tries_backends(world, slot)->view;
    struct retry_next next = tries_next(world, slot, tried_retries(tried), cause);
    tries_count_off(tries, tried);
    if (tried->attempts > UINT8_MAX ||
        tries->load.retries >= admission_retries(world->tier))
        return false;
    if (retry_place(config, &next) == RETRY_UNTRIED &&
        tried_other(tried, view) == NO_BACKEND)
        return false;
    struct retry_try failed = {.cause = cause,
                               .attempt = tried_retries(tried),
                               .since = tried->since,
                               .now = world->now,
                               .load = tries->load};
    if (!retry_may(config, &tries->budget, &failed))
        return false;
    tried->retries = true;
    tries->load.retries++;
    return true;
}

/* As many tries as there are pods, for who tries none twice. */
static bool tries_are_everywhere(const struct tried *tried, const struct view *view)
{
    uint32_t tries = tried_retries(tried) + 1, members = 0;
    for (backend_id i = 0; members <= tries && i < view->count; i++)
        members += view->is_member[i];
    return members <= tries;
}

bool tries_are_over(const struct world *world, uint32_t slot)
{
    const struct retry_config *config = tries_config(world);
    const struct tried *tried = tried_find(world, slot);
    if (tried == NULL)
        return false;
    struct retry_try failed = {.attempt = tried_retries(tried),
                               .since = tried->since,
                               .now = world->now};
    return retry_is_last(config, &failed) ||
           (config->place == RETRY_UNTRIED &&
            tries_are_everywhere(tried, &tries_backends(world, slot)->view));
}

/* Where the attempt goes that has just been counted. */
static enum retry_place tries_wanted(const struct world *world, uint32_t slot)
{
    const struct tried *tried = tried_find(world, slot);
    if (tried->open > 1) /* a hedge */
        return RETRY_ELSEWHERE;
    struct retry_next next =
        tries_next(world, slot, tried_retries(tried) - 1, RETRY_REFUSED);
    return retry_place(tries_config(world), &next);
}

backend_id tries_place(struct world *world, uint32_t slot, struct request *request)
{
    const struct tried *tried = tried_find(world, slot);
    struct backends *backends =
        &world->balancers[world_attempt(world, slot)->row.balancer].backends;
    const struct view *view = &backends->view;
    enum retry_place place = tries_wanted(world, slot);
    backend_id last = tried->pods[tried->pod_count - 1], pick = NO_BACKEND;
    request->tried = tried->pods;
    request->tried_count = tried->pod_count;
    backends->view.now = world->now;
    bool stays = place == RETRY_STAY && view->is_member[last] && !view->is_up[last];
    if (stays || (place >= RETRY_SAME && view->is_eligible[last]))
        return last;
    bool anywhere = place == RETRY_ANYWHERE || place >= RETRY_SAME;
    for (int i = 0; i < TRIES_PICKS; i++) {
        pick = backends_pick(backends, world->now, request);
        if (anywhere || pick == NO_BACKEND || !tried_is_known(tried, pick))
            return pick;
    }
    backend_id other = tried_other(tried, view);
    return other != NO_BACKEND ? other : pick;
}

/* -- the next try -- */

/* Makes the attempt in a slot the next one of its request, at the balancer now. */
static void tries_number(struct world *world, uint32_t slot)
{
    struct attempt *attempt = world_attempt(world, slot);
    struct trace_row *row = &attempt->row;
    row->attempt = (uint8_t)tried_find(world, slot)->attempts++;
    row->pod = ROW_NO_POD;
    row->outcome = OUTCOME_OK;
    row->last = 1;
    row->cache = LOOKUP_NONE;
    row->sent = row->received = world->now;
    attempt->stage = STAGE_RECEIVED;
    attempt->answered = attempt->counted = attempt->held = false;
}

/* It goes on after the pause that comes before it. */
static void tries_wait(struct world *world, uint32_t slot, enum retry_cause cause)
{
    struct retry_next next =
        tries_next(world, slot, tried_retries(tried_find(world, slot)) - 1, cause);
    sim_time delay = retry_delay(tries_config(world), &next, &tries_of(world, slot)->rng);
    if (delay > 0)
        event_push(world->queue, world->now + delay, EVENT_RETRY, slot,
                   world_attempt(world, slot)->ticket, 0);
    else
        balancer_retry(world, slot);
}

void tries_resume(struct world *world, uint32_t slot)
{
    struct trace_row *row = &world_attempt(world, slot)->row;
    row->sent = row->received = world->now;
    balancer_retry(world, slot);
}

bool tries_again(struct world *world, uint32_t slot)
{
    const struct attempt *attempt = world_attempt(world, slot);
    enum retry_cause cause;
    if (attempt->answered)
        return false;
    if (race_answer(world, slot))
        return true;
    attempt = world_attempt(world, slot);
    if (!tries_cause((enum outcome)attempt->row.outcome, &cause) ||
        !tries_may(world, slot, cause))
        return false;
    struct trace_row row = attempt->row;
    row.last = 0;
    row.ended = world->now;
    world_hand_on(world, slot, &row);
    world->retries++;
    tries_number(world, slot);
    tries_wait(world, slot, cause);
    return true;
}

uint32_t tries_split(struct world *world, uint32_t slot)
{
    uint32_t next = attempt_take(&world->pool);
    world_attempt(world, next)->row = world_attempt(world, slot)->row;
    tried_join(world, next, slot);
    if (world->keeps_paths) {
        path_join(world, next, slot);
        hops_join(world, next, slot);
    }
    tries_number(world, next);
    return next;
}

/* The client's time-out goes with it. */
void tries_enter(struct world *world, uint32_t slot)
{
    const struct attempt *attempt = world_attempt(world, slot);
    const struct client *client = &world->clients[attempt->row.client];
    if (client->config->timeout != SIM_NEVER)
        event_push(world->queue, attempt->row.due + client->config->timeout, EVENT_TIMEOUT,
                   slot, attempt->ticket, 0);
    world->measured_open += attempt->row.phase == PHASE_MEASURE;
    world->retries++;
}

void tries_give_up(struct world *world, uint32_t slot, enum outcome outcome, bool lost)
{
    const struct hedge_config *hedge = world->tier->hedge.config;
    struct attempt *attempt = world_attempt(world, slot);
    attempt->row.outcome = (uint8_t)outcome;
    attempt->row.ended = world->now;
    attempt->row.last = 0;
    attempt->answered = true;
    tried_leave(world, slot);
    balancer_abandon(world, slot, lost);
    bool cancels = outcome == OUTCOME_CANCELLED ? hedge->cancel : world->tier->cancel;
    if (world_attempt(world, slot)->stage == STAGE_LOST)
        world_close_attempt(world, slot);
    else if (cancels)
        cancel_send(world, slot, lost && outcome == OUTCOME_TIMEOUT);
}

void tries_expire(struct world *world, uint32_t slot, uint32_t number)
{
    const struct attempt *attempt = world_attempt(world, slot);
    if (attempt->answered || !attempt->counted || attempt->row.attempt != number ||
        race_expire(world, slot))
        return;
    if (!tries_may(world, slot, RETRY_TIMEOUT)) {
        client_fail(world, slot);
        return;
    }
    uint32_t next = tries_split(world, slot);
    tries_enter(world, next);
    tries_give_up(world, slot, OUTCOME_TIMEOUT, false);
    tries_wait(world, next, RETRY_TIMEOUT);
}
