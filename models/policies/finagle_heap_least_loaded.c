/* SPDX-License-Identifier: GPL-3.0-or-later
   Finagle's heap: all nodes in a heap by requests outstanding, the top is taken.  A node that
   becomes idle changes places with a random one, or idle clients would all take the first.
   A node that is down or full sinks under a penalty until it is looked at again.
   Finagle: loadbalancer/heap/HeapLeastLoaded.scala, Heap.scala */
#include "models/policy.h"

#define FINAGLE_HEAP_PENALTY ((int64_t)INT32_MAX)

struct finagle_heap_node {
    int64_t load;
    uint32_t index;     /* in the heap, from 1; 0: not there */
    uint32_t left_over; /* outstanding since before it left and came back */
    backend_id down;    /* next of those under the penalty */
};

struct finagle_heap_least_loaded_state {
    struct finagle_heap_node *nodes;
    backend_id *heap; /* from 1 */
    uint32_t size;
    backend_id down; /* first of those under the penalty, or NO_BACKEND */
    struct rng rng;  /* for when a request ends */
};

static void finagle_heap_init(void *memory, const void *config, const struct view *view,
                              struct rng *rng, struct arena *arena)
{
    (void)config;
    struct finagle_heap_least_loaded_state *state = memory;
    state->nodes = arena_take(arena, view->capacity, sizeof *state->nodes);
    state->heap = arena_take(arena, (size_t)view->capacity + 1, sizeof *state->heap);
    state->down = NO_BACKEND;
    rng_seed(&state->rng, rng_next(rng));
}

static bool finagle_heap_is_less(const struct finagle_heap_least_loaded_state *state,
                                 uint32_t i, uint32_t j)
{
    return state->nodes[state->heap[i]].load < state->nodes[state->heap[j]].load;
}

static void finagle_heap_swap(struct finagle_heap_least_loaded_state *state, uint32_t i,
                              uint32_t j)
{
    backend_id node = state->heap[i];
    state->heap[i] = state->heap[j];
    state->heap[j] = node;
    state->nodes[state->heap[i]].index = i;
    state->nodes[state->heap[j]].index = j;
}

/* Of two equal children the right one rises. */
static void finagle_heap_fix_down(struct finagle_heap_least_loaded_state *state, uint32_t i,
                                  uint32_t last)
{
    while (2 * i <= last) {
        uint32_t child = 2 * i;
        if (child != last && !finagle_heap_is_less(state, child, child + 1))
            child++;
        if (!finagle_heap_is_less(state, child, i))
            return;
        finagle_heap_swap(state, i, child);
        i = child;
    }
}

static void finagle_heap_fix_up(struct finagle_heap_least_loaded_state *state, uint32_t i)
{
    for (; i > 1 && finagle_heap_is_less(state, i, i / 2); i /= 2)
        finagle_heap_swap(state, i, i / 2);
}

static void finagle_heap_add(struct finagle_heap_least_loaded_state *state, backend_id backend,
                             uint32_t left_over)
{
    uint32_t index = ++state->size;
    state->nodes[backend] = (struct finagle_heap_node){.index = index, .left_over = left_over};
    state->heap[index] = backend;
    finagle_heap_fix_up(state, index);
}

/* Its requests end without moving anything. */
static void finagle_heap_remove(struct finagle_heap_least_loaded_state *state,
                                backend_id backend)
{
    uint32_t index = state->nodes[backend].index;
    finagle_heap_swap(state, index, state->size);
    finagle_heap_fix_down(state, index, state->size - 1);
    state->size--;
    state->nodes[backend].index = 0;
    backend_id *link = &state->down;
    while (*link != NO_BACKEND && *link != backend)
        link = &state->nodes[*link].down;
    if (*link == backend)
        *link = state->nodes[backend].down;
}

static void finagle_heap_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct finagle_heap_least_loaded_state *state = memory;
    for (backend_id i = 0; i < view->count; i++)
        if (!view->is_member[i] && state->nodes[i].index > 0)
            finagle_heap_remove(state, i);
    for (backend_id i = 0; i < view->count; i++)
        if (view->is_member[i] && state->nodes[i].index == 0)
            finagle_heap_add(state, i, view->outstanding[i]);
}

/* Who is no longer full rises again. */
static void finagle_heap_revive(struct finagle_heap_least_loaded_state *state,
                                const struct view *view)
{
    backend_id *link = &state->down;
    while (*link != NO_BACKEND) {
        struct finagle_heap_node *node = &state->nodes[*link];
        if (!view->is_eligible[*link]) {
            link = &node->down;
            continue;
        }
        node->load -= FINAGLE_HEAP_PENALTY;
        *link = node->down;
        finagle_heap_fix_up(state, node->index);
    }
}

static backend_id finagle_heap_pick(void *memory, const struct view *view,
                                    const struct request *request, struct rng *rng)
{
    (void)request, (void)rng;
    struct finagle_heap_least_loaded_state *state = memory;
    finagle_heap_revive(state, view);
    while (!view->is_eligible[state->heap[1]]) {
        backend_id full = state->heap[1];
        struct finagle_heap_node *node = &state->nodes[full];
        node->down = state->down;
        state->down = full;
        node->load += FINAGLE_HEAP_PENALTY;
        finagle_heap_fix_down(state, 1, state->size);
    }
    return state->heap[1];
}

static void finagle_heap_sent(void *memory, const struct view *view, backend_id backend)
{
    (void)view;
    struct finagle_heap_least_loaded_state *state = memory;
    struct finagle_heap_node *node = &state->nodes[backend];
    if (node->index == 0)
        return;
    node->load++;
    finagle_heap_fix_down(state, node->index, state->size);
}

static void finagle_heap_done(void *memory, const struct view *view, backend_id backend)
{
    (void)view;
    struct finagle_heap_least_loaded_state *state = memory;
    struct finagle_heap_node *node = &state->nodes[backend];
    if (node->index == 0)
        return;
    if (node->left_over > 0) {
        node->left_over--;
        return;
    }
    node->load--;
    if (node->load != 0 || state->size == 1) {
        finagle_heap_fix_up(state, node->index);
        return;
    }
    uint32_t index = node->index, size = state->size;
    finagle_heap_swap(state, index, size);
    finagle_heap_fix_down(state, index, size - 1);
    uint32_t other = (uint32_t)rng_below(&state->rng, size) + 1;
    finagle_heap_swap(state, other, size);
    finagle_heap_fix_up(state, other);
    finagle_heap_fix_up(state, size);
}

const struct policy_ops policy_finagle_heap_least_loaded = {
    .kind = {.name = "finagle.heap_least_loaded",
             .summary = "Least outstanding of all nodes, by a heap"},
    .traits = POLICY_UNWEIGHTED,
    .tie_rule = "where the heap has it; idle nodes are shuffled",
    .differs = "nodes are added in the order of the list, where Finagle takes them from a set, in "
               "the order of their hashes from five on",
    .cost = "O(log n) a pick; O(n) a change",
    .source = "Finagle loadbalancer/heap/HeapLeastLoaded.scala",
    .state_size = sizeof(struct finagle_heap_least_loaded_state),
    .init = finagle_heap_init,
    .update = finagle_heap_update,
    .pick = finagle_heap_pick,
    .sent = finagle_heap_sent,
    .done = finagle_heap_done,
};
