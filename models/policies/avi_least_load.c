/* SPDX-License-Identifier: GPL-3.0-or-later
   Least load, however many requests make it up: each counts with the size of the reply
   that earlier ones like it had, so a pod that sends 1 kB is freer than one that streams
   200 kB. Without sizes it is least connections.  NSX ALB (Avi) documentation, Load
   Balancing Algorithms; how sizes are predicted is not documented: by key, else their
   mean. */
#include "models/policy.h"

#include "sim/engine/hash.h"

enum { AVI_LEAST_LOAD_KEYS = 4096, AVI_LEAST_LOAD_FLIGHTS = 64 };
#define AVI_LEAST_LOAD_NEWEST 0.25 /* share of the newest reply in a prediction */

/* A request in flight. */
struct avi_least_load_flight {
    sim_time sent_at;
    uint64_t hash;
    double size; /* predicted */
};

struct avi_least_load_key {
    uint64_t hash;
    double size; /* 0: nothing known */
};

struct avi_least_load_server {
    struct avi_least_load_flight flights[AVI_LEAST_LOAD_FLIGHTS];
    uint32_t count; /* more in flight than there is room for count with the mean */
    double sum;     /* of their sizes */
};

struct avi_least_load_state {
    struct avi_least_load_server *servers; /* by backend_id */
    struct avi_least_load_key *keys;       /* by the low bits of the hash */
    double mean;                           /* of all replies */
    backend_id next;                       /* ties go in turn */
};

static void avi_least_load_init(void *memory, const void *config, const struct view *view,
                                struct rng *rng, struct arena *arena)
{
    (void)config, (void)rng;
    struct avi_least_load_state *state = memory;
    state->servers = arena_take(arena, view->capacity, sizeof *state->servers);
    state->keys = arena_take(arena, AVI_LEAST_LOAD_KEYS, sizeof *state->keys);
}

static double avi_least_load_mean(const struct avi_least_load_state *state)
{
    return state->mean > 0 ? state->mean : 1;
}

static double avi_least_load_of(const struct avi_least_load_state *state,
                                const struct view *view, backend_id backend)
{
    const struct avi_least_load_server *server = &state->servers[backend];
    uint32_t in_flight = view->outstanding[backend];
    if (in_flight == 0)
        return 0;
    uint32_t more = in_flight > server->count ? in_flight - server->count : 0;
    return (server->sum + more * avi_least_load_mean(state)) / view->backends[backend].weight;
}

static struct avi_least_load_key *avi_least_load_key(const struct avi_least_load_state *state,
                                                     uint64_t hash)
{
    return &state->keys[hash % AVI_LEAST_LOAD_KEYS];
}

static void avi_least_load_note(struct avi_least_load_state *state, const struct view *view,
                                const struct request *request, backend_id backend)
{
    struct avi_least_load_server *server = &state->servers[backend];
    if (view->outstanding[backend] == 0) {
        server->count = 0;
        server->sum = 0;
    }
    if (server->count == AVI_LEAST_LOAD_FLIGHTS)
        return;
    char digits[20];
    size_t size;
    const char *bytes = policy_key(request, digits, &size);
    uint64_t hash = request->has_hash ? request->hash : hash_xx64(bytes, size, 0);
    const struct avi_least_load_key *key = avi_least_load_key(state, hash);
    double predicted =
        key->size > 0 && key->hash == hash ? key->size : avi_least_load_mean(state);
    server->flights[server->count++] =
        (struct avi_least_load_flight){view->now, hash, predicted};
    server->sum += predicted;
}

static backend_id avi_least_load_pick(void *memory, const struct view *view,
                                      const struct request *request, struct rng *rng)
{
    (void)rng;
    struct avi_least_load_state *state = memory;
    backend_id best = NO_BACKEND, backend = state->next < view->count ? state->next : 0;
    double least = 0;
    for (uint32_t i = 0; i < view->count; i++) {
        if (view->is_eligible[backend] && view->backends[backend].weight > 0) {
            double load = avi_least_load_of(state, view, backend);
            if (best == NO_BACKEND || load < least) {
                best = backend;
                least = load;
            }
        }
        backend = backend + 1 < view->count ? backend + 1 : 0;
    }
    if (best == NO_BACKEND)
        return best;
    state->next = best + 1;
    avi_least_load_note(state, view, request, best);
    return best;
}

/* Which request ended shows by when it was sent; the oldest where none fits. */
static void avi_least_load_learn(void *memory, const struct view *view,
                                 const struct outcome_report *outcome)
{
    struct avi_least_load_state *state = memory;
    struct avi_least_load_server *server = &state->servers[outcome->backend];
    double size = (double)outcome->size;
    if (outcome->success)
        state->mean = state->mean > 0 ? state->mean + (size - state->mean) / 64 : size;
    if (server->count == 0)
        return;
    uint32_t place = 0;
    while (place < server->count &&
           server->flights[place].sent_at != view->now - outcome->latency)
        place++;
    place = place < server->count ? place : 0;
    struct avi_least_load_flight flight = server->flights[place];
    for (server->count--; place < server->count; place++)
        server->flights[place] = server->flights[place + 1];
    server->sum = server->count > 0 ? server->sum - flight.size : 0;
    struct avi_least_load_key *key = avi_least_load_key(state, flight.hash);
    if (outcome->success && key->size > 0 && key->hash == flight.hash)
        key->size += (size - key->size) * AVI_LEAST_LOAD_NEWEST;
    else if (outcome->success)
        *key = (struct avi_least_load_key){flight.hash, size};
}

const struct policy_ops policy_avi_least_load = {
    .kind = {.name = "avi.least_load",
             .summary = "Least load, predicted from the sizes of earlier replies"},
    .tie_rule = "in turn",
    .cost = "O(n) a pick; nothing a change",
    .source = "NSX ALB documentation, Load Balancing Algorithms",
    .state_size = sizeof(struct avi_least_load_state),
    .init = avi_least_load_init,
    .pick = avi_least_load_pick,
    .learn = avi_least_load_learn,
};
