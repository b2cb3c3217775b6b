/* SPDX-License-Identifier: GPL-3.0-or-later
   The servers of an nginx upstream: usable rule, trial, recovery, smooth round robin. */
#include "models/blocks/nginx_peers.h"

enum { NGINX_PEERS_CALM = 32 };

void nginx_peers_init(struct nginx_peers *peers, const struct nginx_peers_config *config,
                      const struct view *view, struct arena *arena)
{
    smooth_init(&peers->smooth, view->capacity, arena);
    smooth_heap_init(&peers->heap, view->capacity, arena);
    peers->fails = arena_take(arena, view->capacity, sizeof *peers->fails);
    peers->accessed = arena_take(arena, view->capacity, sizeof *peers->accessed);
    peers->checked = arena_take(arena, view->capacity, sizeof *peers->checked);
    peers->identity = arena_take(arena, view->capacity, sizeof *peers->identity);
    peers->max_fails = (int64_t)config->max_fails;
    peers->fail_timeout = config->fail_timeout / SIM_SECOND;
}

/* Weights are whole and at least 1 in nginx; 0 stays 0 and gets nothing. */
static int64_t nginx_peers_weight(const struct view *view, backend_id backend)
{
    double given = view->is_member[backend] ? view->backends[backend].weight : 0;
    int64_t weight = (int64_t)(given + 0.5);
    return weight == 0 && given > 0 ? 1 : weight;
}

bool nginx_peers_update(struct nginx_peers *peers, const struct view *view)
{
    bool changed = false;
    for (backend_id i = 0; i < view->count && !changed; i++)
        changed = peers->smooth.weight[i] != nginx_peers_weight(view, i) ||
                  (view->is_member[i] && peers->identity[i] != view->backends[i].identity);
    if (!changed)
        return false;
    smooth_heap_settle(&peers->heap, &peers->smooth);
    peers->count = peers->calm = 0;
    peers->is_troubled = false;
    for (backend_id i = 0; i < view->count; i++) {
        peers->count += view->is_member[i];
        smooth_reset(&peers->smooth, i, nginx_peers_weight(view, i));
        peers->fails[i] = 0;
        peers->accessed[i] = peers->checked[i] = 0;
        peers->identity[i] = view->backends[i].identity;
    }
    return true;
}

bool nginx_peers_is_usable(const struct nginx_peers *peers, const struct view *view,
                           const struct request *request, backend_id backend)
{
    if (!view->is_eligible[backend] || peers->smooth.weight[backend] == 0)
        return false;
    if (peers->count == 1)
        return true;
    for (uint32_t i = 0; i < request->tried_count; i++)
        if (request->tried[i] == backend)
            return false;
    return peers->max_fails == 0 || peers->fails[backend] < peers->max_fails ||
           nginx_peers_seconds(view) - peers->checked[backend] > peers->fail_timeout;
}

static backend_id nginx_peers_turn(struct nginx_peers *peers, const struct view *view,
                                   const struct request *request)
{
    struct smooth_turn turn = SMOOTH_TURN;
    bool troubled = false;
    for (uint32_t i = 0; i < view->eligible_count; i++) {
        backend_id backend = view_eligible(view, i);
        if (nginx_peers_is_usable(peers, view, request, backend))
            smooth_visit(&peers->smooth, &turn, backend);
        troubled |= peers->fails[backend] > 0 ||
                    peers->smooth.effective[backend] < peers->smooth.weight[backend];
    }
    if (view->eligible_count == peers->count)
        peers->is_troubled = troubled;
    return turn.best == NO_BACKEND ? NO_BACKEND : smooth_take(&peers->smooth, &turn);
}

/* Sorting costs as much as some turns, so it must be likely to pay. */
backend_id nginx_peers_round_robin(struct nginx_peers *peers, const struct view *view,
                                   const struct request *request)
{
    bool calm = view->eligible_count == peers->count && request->tried_count == 0 &&
                !peers->is_troubled;
    backend_id pick;
    peers->calm = !calm ? 0 : peers->calm < NGINX_PEERS_CALM ? peers->calm + 1 : peers->calm;
    if (!calm)
        smooth_heap_settle(&peers->heap, &peers->smooth);
    else if (peers->calm == NGINX_PEERS_CALM && peers->heap.count == 0)
        smooth_heap_fill(&peers->heap, &peers->smooth, view->count);
    if (peers->heap.count > 0)
        pick = smooth_heap_take(&peers->heap);
    else
        pick = nginx_peers_turn(peers, view, request);
    if (pick != NO_BACKEND)
        nginx_peers_chosen(peers, view, pick);
    return pick;
}

void nginx_peers_chosen(struct nginx_peers *peers, const struct view *view,
                        backend_id backend)
{
    int64_t now = nginx_peers_seconds(view);
    if (now - peers->checked[backend] > peers->fail_timeout)
        peers->checked[backend] = now;
}

void nginx_peers_turn_of_one(struct nginx_peers *peers, const struct view *view,
                             backend_id backend)
{
    struct smooth_turn turn = SMOOTH_TURN;
    smooth_visit(&peers->smooth, &turn, backend);
    smooth_take(&peers->smooth, &turn);
    nginx_peers_chosen(peers, view, backend);
}

/* A success clears the failures only when a trial was made since the last of them.  The only
   server of an upstream never counts as failed. */
void nginx_peers_learn(struct nginx_peers *peers, const struct view *view,
                       const struct outcome_report *outcome)
{
    backend_id backend = outcome->backend;
    if (peers->count == 1) {
        peers->fails[backend] = 0;
        return;
    }
    if (!nginx_peers_is_failure(outcome)) {
        if (peers->accessed[backend] < peers->checked[backend])
            peers->fails[backend] = 0;
        return;
    }
    peers->fails[backend]++;
    peers->is_troubled = true;
    peers->accessed[backend] = peers->checked[backend] = nginx_peers_seconds(view);
    if (peers->max_fails == 0)
        return;
    int64_t *effective = &peers->smooth.effective[backend];
    *effective -= peers->smooth.weight[backend] / peers->max_fails;
    if (*effective < 0)
        *effective = 0;
}
