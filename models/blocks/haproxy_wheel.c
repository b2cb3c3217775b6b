/* SPDX-License-Identifier: GPL-3.0-or-later
   The wheel of HAProxy's roundrobin, turn by turn. */
#include "models/blocks/haproxy_wheel.h"

#include "models/blocks/haproxy_weight.h"

void haproxy_wheel_init(struct haproxy_wheel *wheel, uint32_t capacity, struct arena *arena)
{
    wheel->servers = arena_take(arena, capacity, sizeof *wheel->servers);
    for (uint32_t i = 0; i < capacity; i++)
        wheel->servers[i].tree = WHEEL_NONE;
    for (int i = 0; i < 3; i++)
        fifo_tree_init(&wheel->trees[i], capacity, arena);
}

static void haproxy_wheel_dequeue(struct haproxy_wheel *wheel, backend_id id)
{
    if (wheel->servers[id].tree != WHEEL_NONE)
        fifo_tree_remove(&wheel->trees[wheel->servers[id].tree], id);
}

/* Heavy servers first. */
static void haproxy_wheel_queue_by_weight(struct haproxy_wheel *wheel, uint32_t tree,
                                          backend_id id)
{
    fifo_tree_insert(&wheel->trees[tree], id, HAPROXY_WEIGHT_MOST - wheel->servers[id].weight);
    wheel->servers[id].tree = tree;
}

static void haproxy_wheel_queue(struct haproxy_wheel *wheel, backend_id id)
{
    struct haproxy_wheel_server *server = &wheel->servers[id];
    if (server->next >= 2 * wheel->weight || server->next >= wheel->weight + wheel->total) {
        server->next -= wheel->weight;
        haproxy_wheel_queue_by_weight(wheel, 1 - wheel->init_tree, id);
        return;
    }
    uint32_t finer = HAPROXY_WEIGHT_MOST + server->rest - server->weight;
    fifo_tree_insert(&wheel->trees[WHEEL_CURRENT], id,
                     256 * server->next + finer / HAPROXY_WEIGHT_SCALE);
    server->tree = WHEEL_CURRENT;
}

/* The positions of who is taken out of the tree where it is. */
static void haproxy_wheel_get(struct haproxy_wheel *wheel, backend_id id)
{
    struct haproxy_wheel_server *server = &wheel->servers[id];
    if (server->tree == WHEEL_NONE)
        server->next = wheel->position;
    else if (server->tree == wheel->init_tree)
        server->next = server->rest = 0;
    else if (server->tree == 1 - wheel->init_tree)
        server->next += wheel->weight;
}

/* A server in rotation got another weight: it comes no later than it would have. */
static void haproxy_wheel_reweigh(struct haproxy_wheel *wheel, backend_id id)
{
    struct haproxy_wheel_server *server = &wheel->servers[id];
    if (server->tree == wheel->init_tree) {
        haproxy_wheel_queue_by_weight(wheel, wheel->init_tree, id);
        return;
    }
    haproxy_wheel_get(wheel, id);
    uint32_t before = server->next, step = wheel->total / server->weight;
    server->next = server->last + step;
    server->rest = 0;
    if (server->next > before)
        server->next = before;
    if (server->next < wheel->position + 2)
        server->next = wheel->position + step;
    haproxy_wheel_dequeue(wheel, id);
    haproxy_wheel_queue(wheel, id);
}

void haproxy_wheel_set(struct haproxy_wheel *wheel, backend_id id, uint32_t weight)
{
    struct haproxy_wheel_server *server = &wheel->servers[id];
    uint32_t before = server->weight;
    server->weight = weight;
    wheel->total += weight - before;
    if (weight == 0) {
        haproxy_wheel_dequeue(wheel, id);
        server->tree = WHEEL_NONE;
    } else if (before > 0 && !wheel->requeues) {
        haproxy_wheel_reweigh(wheel, id);
    } else if (!wheel->turns) {
        haproxy_wheel_queue_by_weight(wheel, wheel->init_tree, id);
    } else {
        haproxy_wheel_get(wheel, id);
        server->next =
            wheel->position + (wheel->total + wheel->weight - wheel->position) / weight;
        haproxy_wheel_dequeue(wheel, id);
        haproxy_wheel_queue(wheel, id);
    }
}

void haproxy_wheel_start(struct haproxy_wheel *wheel)
{
    if (!wheel->turns)
        wheel->position = wheel->weight = wheel->total;
    wheel->turns = true;
}

/* Who is due at the wheel's position, else the heaviest of those not yet served, else who is
   due next. */
static backend_id haproxy_wheel_next(struct haproxy_wheel *wheel)
{
    const struct fifo_tree *current = &wheel->trees[WHEEL_CURRENT];
    backend_id due = fifo_tree_is_empty(current) ? NO_BACKEND : fifo_tree_first(current);
    if (due != NO_BACKEND && wheel->servers[due].next <= wheel->position)
        return due;
    const struct fifo_tree *init = &wheel->trees[wheel->init_tree];
    if (fifo_tree_is_empty(init))
        return due;
    due = fifo_tree_first(init);
    haproxy_wheel_get(wheel, due);
    return due;
}

/* Takes a server out and moves it on by total / weight. */
static void haproxy_wheel_advance(struct haproxy_wheel *wheel, backend_id id)
{
    struct haproxy_wheel_server *server = &wheel->servers[id];
    if (server->next == 0)
        server->next = wheel->position;
    server->last = server->next;
    server->next += wheel->total / server->weight;
    server->rest += wheel->total % server->weight;
    if (server->rest >= server->weight) {
        server->rest -= server->weight;
        server->next++;
    }
    haproxy_wheel_dequeue(wheel, id);
    wheel->position++;
}

/* Puts those passed over back: where they would be had they been served, or, when the wheel
   has turned meanwhile, among those not yet served. */
static void haproxy_wheel_requeue(struct haproxy_wheel *wheel, backend_id chain,
                                  backend_id pick, bool switched)
{
    for (; chain != NO_BACKEND; chain = wheel->servers[chain].chained) {
        if (chain != pick && switched)
            haproxy_wheel_queue_by_weight(wheel, wheel->init_tree, chain);
        else if (chain != pick)
            haproxy_wheel_queue(wheel, chain);
    }
}

backend_id haproxy_wheel_take(struct haproxy_wheel *wheel, const uint8_t *is_eligible,
                              backend_id avoid)
{
    backend_id pick = NO_BACKEND, chain = NO_BACKEND;
    bool switched = false;
    if (wheel->weight == 0)
        wheel->position = wheel->weight = wheel->total;
    for (;;) {
        backend_id due = haproxy_wheel_next(wheel);
        if (due == NO_BACKEND && switched)
            break;
        if (due == NO_BACKEND) {
            switched = true;
            wheel->init_tree = 1 - wheel->init_tree;
            wheel->position = wheel->weight = wheel->total;
            continue;
        }
        haproxy_wheel_advance(wheel, due);
        bool avoided_before = pick != NO_BACKEND;
        if (is_eligible[due])
            pick = due;
        if (is_eligible[due] && (due != avoid || avoided_before))
            break;
        wheel->servers[due].chained = chain;
        chain = due;
    }
    if (pick != NO_BACKEND)
        haproxy_wheel_queue(wheel, pick);
    haproxy_wheel_requeue(wheel, chain, pick, switched);
    return pick;
}
