/* SPDX-License-Identifier: GPL-3.0-or-later
   Katran's Maglev rings.  V1, the default, gives a host `weight` slots in the first round and
   one in each later, so weights hardly count; in V2 a host takes a slot whenever its weights
   summed up reach the greatest, which makes shares proportional.  The flow's jhash picks the
   slot.  katran/lib/{MaglevBase,MaglevHash,MaglevHashV2,Vip}.cpp, bpf/balancer.bpf.c. */
#include "models/blocks/flow.h"
#include "models/blocks/maglev.h"

#include "sim/engine/hash.h"

enum { KATRAN_MAGLEV_SIZE = 65537, KATRAN_MAGLEV_VIPS = 512 };
enum katran_maglev_version { VERSION_1, VERSION_2 };

struct katran_maglev_config {
    uint32_t version;
    uint64_t port;
};

struct katran_maglev_state {
    struct maglev maglev;
    uint64_t *hash; /* by backend_id */
    uint32_t version;
    uint16_t port;
    double greatest; /* weight */
    bool stale;
};

static const char *const katran_maglev_versions[] = {"v1", "v2", NULL};

static const struct param katran_maglev_params[] = {
    {.key = "version", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct katran_maglev_config, version, uint32_t), .fallback = "v1",
     .of.words = katran_maglev_versions,
     .help = "Maglev, with weights in the first round only, or MaglevV2"},
    {.key = "port", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct katran_maglev_config, port, uint64_t), .fallback = "80",
     .max = 65535, .help = "of the service: a part of the flow's hash where the key is an "
                           "address, a.b.c.d:port"},
    PARAM_END,
};

/* folly's IPAddressV4::hash: FNV-1 of the bytes as signed ones, then CityHash's mix of the
   address family and that.  Without an address, the pod's identity. */
static uint64_t katran_maglev_host_hash(const struct backend *backend)
{
    uint32_t address, hash = 2166136261;
    uint16_t port;
    if (!policy_address(backend->address, &address, &port))
        return backend->identity;
    for (int shift = 24; shift >= 0; shift -= 8) {
        int32_t byte = (int8_t)(address >> shift & 0xff);
        hash = hash * 16777619 ^ (uint32_t)byte;
    }
    const uint64_t family = 2, factor = UINT64_C(0x9ddfea08eb382d69);
    uint64_t a = (hash ^ family) * factor;
    a ^= a >> 47;
    uint64_t b = (family ^ a) * factor;
    return (b ^ b >> 47) * factor;
}

static uint64_t katran_maglev_murmur(uint64_t host, uint64_t constant, uint32_t seed)
{
    uint8_t bytes[16];
    for (int i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(host >> (8 * i));
        bytes[8 + i] = (uint8_t)(constant >> (8 * i));
    }
    return hash_murmur3_128(bytes, sizeof bytes, seed).first;
}

static void katran_maglev_init(void *memory, const void *config, const struct view *view,
                               struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct katran_maglev_state *state = memory;
    const struct katran_maglev_config *given = config;
    maglev_init(&state->maglev, KATRAN_MAGLEV_SIZE, view->capacity, arena);
    state->maglev.narrow = true;
    state->hash = arena_take(arena, view->capacity, sizeof *state->hash);
    state->version = given->version;
    state->port = (uint16_t)given->port;
}

static void katran_maglev_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)view, (void)rng;
    ((struct katran_maglev_state *)memory)->stale = true;
}

static uint32_t katran_maglev_turns(void *context, struct maglev_row *row, uint64_t round)
{
    const struct katran_maglev_state *state = context;
    if (state->version == VERSION_1)
        return round == 1 ? (uint32_t)row->weight : 1;
    row->target += row->weight;
    if (row->target < state->greatest)
        return 0;
    row->target -= state->greatest;
    return 1;
}

/* Weights are whole; those of 0 are left out.  Rows are in order of the hosts' hashes. */
static void katran_maglev_add(struct katran_maglev_state *state, const struct view *view,
                              backend_id backend)
{
    double weight = view->backends[backend].weight;
    weight = weight > 0 && weight < 1 ? 1 : (double)(uint32_t)(weight + 0.5);
    if (!view->is_up[backend] || weight == 0)
        return;
    uint64_t hash = state->hash[backend] = katran_maglev_host_hash(&view->backends[backend]);
    uint64_t offset = katran_maglev_murmur(hash, 42, 0);
    uint64_t skip = katran_maglev_murmur(hash, 2718281828, 2307);
    struct maglev_row *rows = state->maglev.rows;
    uint32_t place = state->maglev.count++;
    for (; place > 0 && state->hash[rows[place - 1].backend] > hash; place--)
        rows[place] = rows[place - 1];
    rows[place] = (struct maglev_row){
        .backend = backend,
        .offset = (uint32_t)(offset % KATRAN_MAGLEV_SIZE),
        .skip = (uint32_t)(skip % (KATRAN_MAGLEV_SIZE - 1)) + 1,
        .weight = weight,
    };
    state->greatest = weight > state->greatest ? weight : state->greatest;
}

static uint64_t katran_maglev_key(const struct katran_maglev_state *state,
                                  const struct request *request)
{
    struct flow flow;
    if (request->has_hash || !flow_of(request, state->port, &flow))
        return flow_key_hash(request);
    uint32_t ports = (uint32_t)flow.port << 16 | flow.source_port;
    return flow_jhash_2(flow.source, ports, KATRAN_MAGLEV_VIPS * KATRAN_MAGLEV_SIZE);
}

static backend_id katran_maglev_pick(void *memory, const struct view *view,
                                     const struct request *request, struct rng *rng)
{
    (void)rng;
    struct katran_maglev_state *state = memory;
    if (state->stale) {
        state->maglev.count = 0;
        state->greatest = 0;
        for (backend_id i = 0; i < view->count; i++)
            katran_maglev_add(state, view, i);
        maglev_fill(&state->maglev, katran_maglev_turns, state);
        state->stale = false;
    }
    uint64_t hash = katran_maglev_key(state, request);
    return flow_slot(&state->maglev, view, hash);
}

const struct policy_ops policy_katran_maglev = {
    .kind = {.name = "katran.maglev",
             .summary = "Katran: a Maglev ring, weights in the first round only or throughout",
             .params = katran_maglev_params,
             .config_size = sizeof(struct katran_maglev_config)},
    .traits = POLICY_CONSISTENT,
    .cost = "O(1) a pick; O(n^2 + t log t) a change, t slots of the table",
    .source = "katran/lib/MaglevHash.cpp, MaglevHashV2.cpp, Vip.cpp",
    .state_size = sizeof(struct katran_maglev_state),
    .init = katran_maglev_init,
    .update = katran_maglev_update,
    .pick = katran_maglev_pick,
};
