/* SPDX-License-Identifier: GPL-3.0-or-later
   IPVS Maglev hashing: each destination takes as many slots in turn as its weight over the
   common divisor; the client's address picks the slot.  A drained destination keeps its slots,
   and their clients are refused unless mh-fallback looks further; that search also serves the
   clients of a full one.  Linux, net/netfilter/ipvs/ip_vs_mh.c. */
#include "models/blocks/ipvs.h"
#include "models/blocks/maglev.h"

#include "sim/engine/hash.h"

#define IPVS_MH_KEY_1 UINT64_C(2654435761)
#define IPVS_MH_KEY_2 UINT64_C(2654446892)

enum { IPVS_MH_INDEX_LEAST = 8, IPVS_MH_INDEX_MOST = 17 };
static const uint32_t ipvs_mh_primes[] = {251,  509,   1021,  2039,  4093,
                                          8191, 16381, 32749, 65521, 131071};

struct ipvs_mh_config {
    bool port, fallback;
    uint64_t index;
};

struct ipvs_mh_state {
    struct ipvs ipvs;
    struct maglev maglev;
    bool port, fallback, stale;
    int32_t bits; /* that a weight may have */
};

static const struct param ipvs_mh_params[] = {
    {.key = "mh-port", .type = PARAM_BOOL,
     .offset = PARAM_FIELD(struct ipvs_mh_config, port, bool), .fallback = "false",
     .help = "adds the client's port, where the key is an address with one"},
    {.key = "mh-fallback", .type = PARAM_BOOL,
     .offset = PARAM_FIELD(struct ipvs_mh_config, fallback, bool), .fallback = "false",
     .help = "looks for another when the slot's destination has weight 0"},
    {.key = "tab_index", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct ipvs_mh_config, index, uint64_t), .fallback = "12",
     .min = IPVS_MH_INDEX_LEAST, .max = IPVS_MH_INDEX_MOST,
     .help = "CONFIG_IP_VS_MH_TAB_INDEX: slots are the greatest prime below 2^index"},
    PARAM_END,
};

static void ipvs_mh_init(void *memory, const void *config, const struct view *view,
                         struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct ipvs_mh_state *state = memory;
    const struct ipvs_mh_config *given = config;
    ipvs_init(&state->ipvs, view, 0, arena);
    maglev_init(&state->maglev, ipvs_mh_primes[given->index - IPVS_MH_INDEX_LEAST],
                view->capacity, arena);
    state->port = given->port;
    state->fallback = given->fallback;
    state->bits = (int32_t)given->index / 2;
}

static void ipvs_mh_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct ipvs_mh_state *state = memory;
    ipvs_update(&state->ipvs, view, NULL, NULL);
    state->stale = true;
}

static uint32_t ipvs_mh_hash(uint32_t word, uint64_t key)
{
    uint8_t bytes[4] = {(uint8_t)word, (uint8_t)(word >> 8), (uint8_t)(word >> 16),
                        (uint8_t)(word >> 24)};
    return (uint32_t)hash_sip13(bytes, sizeof bytes, key, key);
}

static int32_t ipvs_mh_divisor(int32_t a, int32_t b)
{
    return b == 0 ? a : ipvs_mh_divisor(b, a % b);
}

/* How far turns are shifted so that the greatest has no more than `bits` bits. */
static int32_t ipvs_mh_shift(const struct ipvs_mh_state *state, int32_t greatest)
{
    int32_t bits = 0;
    while (greatest >> bits != 0)
        bits++;
    return bits > state->bits ? bits - state->bits : 0;
}

static uint32_t ipvs_mh_turns(void *context, struct maglev_row *row, uint64_t round)
{
    (void)context, (void)round;
    return (uint32_t)row->weight;
}

static void ipvs_mh_add(struct ipvs_mh_state *state, const struct view *view,
                        backend_id backend, int32_t turns)
{
    uint32_t address, size = state->maglev.size;
    uint16_t port;
    if (!policy_address(view->backends[backend].address, &address, &port))
        address = (uint32_t)view->backends[backend].identity;
    state->maglev.rows[state->maglev.count++] = (struct maglev_row){
        .backend = backend,
        .offset = ipvs_mh_hash(port + address, IPVS_MH_KEY_1) % size,
        .skip = ipvs_mh_hash(port + address, IPVS_MH_KEY_2) % (size - 1) + 1,
        .weight = turns,
    };
}

static void ipvs_mh_rebuild(struct ipvs_mh_state *state, const struct view *view)
{
    const struct ipvs *ipvs = &state->ipvs;
    int32_t divisor = 0, greatest = 0;
    for (uint32_t i = 0; i < ipvs->count; i++) {
        int32_t weight = ipvs->last_weight[ipvs->list[i]];
        divisor = ipvs_mh_divisor(weight, divisor);
        greatest = weight > greatest ? weight : greatest;
    }
    state->maglev.count = 0;
    int32_t shift = divisor > 0 ? ipvs_mh_shift(state, greatest / divisor) : 0;
    for (uint32_t i = 0; i < ipvs->count; i++) {
        int32_t weight = ipvs->last_weight[ipvs->list[i]];
        if (weight > 0)
            ipvs_mh_add(state, view, ipvs->list[i],
                        weight / divisor >> shift > 0 ? weight / divisor >> shift : 1);
    }
    maglev_fill(&state->maglev, ipvs_mh_turns, NULL);
    state->stale = false;
}

/* The kernel adds the slot's number, and then more, to the address. */
static backend_id ipvs_mh_search(const struct ipvs_mh_state *state, const struct view *view,
                                 const struct request *request, uint32_t source, uint32_t slot)
{
    uint32_t size = state->maglev.size;
    for (uint32_t i = 0; i < size; i++) {
        uint32_t offset = (slot + i) % size;
        uint64_t hash = request->has_hash ? request->hash + offset
                                          : ipvs_mh_hash(offset + source, IPVS_MH_KEY_1);
        backend_id candidate = maglev_at(&state->maglev, hash);
        if (ipvs_is_usable(&state->ipvs, view, candidate))
            return candidate;
    }
    return ipvs_least(&state->ipvs, view, ipvs_delay);
}

static backend_id ipvs_mh_pick(void *memory, const struct view *view,
                               const struct request *request, struct rng *rng)
{
    (void)rng;
    struct ipvs_mh_state *state = memory;
    if (state->stale)
        ipvs_mh_rebuild(state, view);
    uint16_t port;
    uint32_t source = ipvs_source(request, &port);
    source += state->port ? port : 0;
    uint64_t hash = request->has_hash ? request->hash : ipvs_mh_hash(source, IPVS_MH_KEY_1);
    backend_id pick = maglev_at(&state->maglev, hash);
    if (pick == NO_BACKEND || ipvs_is_usable(&state->ipvs, view, pick))
        return pick;
    if (state->ipvs.weight[pick] == 0 && !state->fallback)
        return NO_BACKEND;
    return ipvs_mh_search(state, view, request, source, (uint32_t)(hash % state->maglev.size));
}

const struct policy_ops policy_ipvs_mh = {
    .kind = {.name = "ipvs.mh",
             .summary = "IPVS: a Maglev table by a hash of the client's address",
             .params = ipvs_mh_params,
             .config_size = sizeof(struct ipvs_mh_config)},
    .traits = POLICY_WEIGHTED | POLICY_CONSISTENT | POLICY_REFUSES,
    .differs = "a slot whose server is full passes its requests on, where the kernel refuses "
               "them without mh-fallback",
    .cost = "O(1) a pick; O(n + t log t) a change, t slots of the table",
    .source = "Linux, net/netfilter/ipvs/ip_vs_mh.c",
    .state_size = sizeof(struct ipvs_mh_state),
    .init = ipvs_mh_init,
    .update = ipvs_mh_update,
    .pick = ipvs_mh_pick,
};
