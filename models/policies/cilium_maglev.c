/* SPDX-License-Identifier: GPL-3.0-or-later
   Cilium's Maglev table: offset and skip from one murmur3 of a text made of the backend's
   address, rows in order of that text.  Weights count once their mean is 2 or more: a backend
   whose turn it is, is passed over while its weighted turns lag behind what it has taken.  The
   flow's jhash picks the slot.  pkg/maglev/maglev.go, bpf/lib/hash.h. */
#include "models/blocks/flow.h"
#include "models/blocks/maglev.h"

#include "sim/engine/hash.h"

#include <stdio.h>
#include <string.h>

enum { CILIUM_MAGLEV_TEXT = 300, CILIUM_MAGLEV_TCP = 6, CILIUM_MAGLEV_SEED_DIGITS = 16 };

struct cilium_maglev_config {
    uint32_t table_size;
    const char *seed;
    uint64_t port;
};

struct cilium_maglev_state {
    struct maglev maglev;
    uint32_t seed, flow_seed;
    uint16_t port;
    bool stale;
};

static const char *const cilium_maglev_sizes[] = {
    "251", "509", "1021", "2039", "4093", "8191", "16381", "32749", "65521", "131071", NULL};
static const uint32_t cilium_maglev_primes[] = {251,  509,   1021,  2039,  4093,
                                                8191, 16381, 32749, 65521, 131071};

static const struct param cilium_maglev_params[] = {
    {.key = "table_size", .type = PARAM_CHOICE, .fallback = "16381",
     .offset = PARAM_FIELD(struct cilium_maglev_config, table_size, uint32_t),
     .of.words = cilium_maglev_sizes, .help = "slots: 100 for each backend or more"},
    {.key = "hash_seed", .type = PARAM_TEXT,
     .offset = PARAM_FIELD(struct cilium_maglev_config, seed, const char *),
     .fallback = "JLfvgnHc2kaSUFaI", .help = "12 bytes in base64"},
    {.key = "port", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct cilium_maglev_config, port, uint64_t), .fallback = "80",
     .max = 65535, .help = "of the service: a part of the flow's hash where the key is an "
                           "address, a.b.c.d:port"},
    PARAM_END,
};

/* Three words of 4 bytes from 16 characters of base64; false where the text is none. */
static bool cilium_maglev_decode(const char *text, uint32_t words[3])
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint64_t bits = 0;
    if (strlen(text) != CILIUM_MAGLEV_SEED_DIGITS)
        return false;
    for (int have = 0, i = 0; i < CILIUM_MAGLEV_SEED_DIGITS; i++) {
        const char *digit = strchr(digits, text[i]);
        if (digit == NULL)
            return false;
        bits = bits << 6 | (uint64_t)(digit - digits);
        have += 6;
        if (have >= 32) {
            have -= 32;
            *words++ = (uint32_t)(bits >> have);
        }
    }
    return true;
}

static bool cilium_maglev_check(void *config, struct arena *arena, char *message, size_t size)
{
    (void)arena;
    uint32_t words[3];
    const char *seed = ((const struct cilium_maglev_config *)config)->seed;
    bool good = cilium_maglev_decode(seed, words);
    if (!good)
        snprintf(message, size, "hash_seed '%s' is not 12 bytes in base64, 16 characters as "
                                "from: head -c12 /dev/urandom | base64", seed);
    return good;
}

static void cilium_maglev_init(void *memory, const void *config, const struct view *view,
                               struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct cilium_maglev_state *state = memory;
    const struct cilium_maglev_config *given = config;
    uint32_t words[3] = {0};
    cilium_maglev_decode(given->seed, words);
    state->seed = words[0];
    state->flow_seed = words[1];
    state->port = (uint16_t)given->port;
    maglev_init(&state->maglev, cilium_maglev_primes[given->table_size], view->capacity, arena);
}

static void cilium_maglev_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)view, (void)rng;
    ((struct cilium_maglev_state *)memory)->stale = true;
}

/* What Cilium hashes; frozen, because all nodes must agree. */
static void cilium_maglev_text(const struct backend *backend, char *text)
{
    snprintf(text, CILIUM_MAGLEV_TEXT, "[%s/TCP,State:active]", backend->address);
}

static void cilium_maglev_add(struct cilium_maglev_state *state, const struct view *view,
                              backend_id backend)
{
    char text[CILIUM_MAGLEV_TEXT], other[CILIUM_MAGLEV_TEXT];
    cilium_maglev_text(&view->backends[backend], text);
    struct hash_halves hash = hash_murmur3_128(text, strlen(text), state->seed);
    struct maglev_row *rows = state->maglev.rows;
    uint32_t place = state->maglev.count++, slots = state->maglev.size;
    for (; place > 0; place--) {
        cilium_maglev_text(&view->backends[rows[place - 1].backend], other);
        if (strcmp(other, text) <= 0)
            break;
        rows[place] = rows[place - 1];
    }
    double weight = view->backends[backend].weight;
    rows[place] = (struct maglev_row){
        .backend = backend,
        .offset = (uint32_t)(hash.first % slots),
        .skip = (uint32_t)(hash.second % (slots - 1)) + 1,
        .weight = weight < 1 ? 1 : (double)(uint32_t)(weight + 0.5),
    };
}

/* The row that takes slot number `turn`; without weights simply the next. */
static struct maglev_row *cilium_maglev_turn(struct maglev *maglev, uint64_t turn,
                                             double weights)
{
    uint32_t place = (uint32_t)(turn % maglev->count);
    if (weights / maglev->count < 2)
        return &maglev->rows[place];
    for (;;) {
        struct maglev_row *row = &maglev->rows[place];
        if ((double)(turn + 1) * row->weight >= (double)(uint64_t)row->target) {
            row->target += weights;
            return row;
        }
        place = place + 1 < maglev->count ? place + 1 : 0;
    }
}

static void cilium_maglev_fill(struct maglev *maglev)
{
    double weights = 0;
    for (uint32_t i = 0; i < maglev->count; i++) {
        weights += maglev->rows[i].weight;
        maglev->rows[i].target = maglev->rows[i].weight / maglev->count;
        maglev->rows[i].place = maglev->rows[i].offset;
    }
    for (uint32_t i = 0; i < maglev->size; i++)
        maglev->table[i] = NO_BACKEND;
    for (uint32_t turn = 0; turn < maglev->size && maglev->count > 0; turn++) {
        struct maglev_row *row = cilium_maglev_turn(maglev, turn, weights);
        while (maglev->table[row->place] != NO_BACKEND)
            row->place = (row->place + row->skip) % maglev->size;
        maglev->table[row->place] = row->backend;
    }
}

static backend_id cilium_maglev_pick(void *memory, const struct view *view,
                                     const struct request *request, struct rng *rng)
{
    (void)rng;
    struct cilium_maglev_state *state = memory;
    if (state->stale) {
        state->maglev.count = 0;
        for (backend_id i = 0; i < view->count; i++)
            if (view->is_up[i] && view->backends[i].weight > 0)
                cilium_maglev_add(state, view, i);
        cilium_maglev_fill(&state->maglev);
        state->stale = false;
    }
    struct flow flow;
    if (request->has_hash || !flow_of(request, state->port, &flow))
        return flow_slot(&state->maglev, view, flow_key_hash(request));
    uint32_t ports = (uint32_t)flow.source_port << 16 | flow.port;
    uint64_t hash = flow_jhash_3(flow.source, ports, CILIUM_MAGLEV_TCP, state->flow_seed);
    return flow_slot(&state->maglev, view, hash);
}

const struct policy_ops policy_cilium_maglev = {
    .kind = {.name = "cilium.maglev",
             .summary = "Cilium: a Maglev table with weights",
             .params = cilium_maglev_params,
             .config_size = sizeof(struct cilium_maglev_config),
             .check = cilium_maglev_check},
    .traits = POLICY_WEIGHTED | POLICY_CONSISTENT,
    .cost = "O(1) a pick; O(n^2 + t log t) a change, t slots of the table",
    .source = "cilium/pkg/maglev/maglev.go",
    .state_size = sizeof(struct cilium_maglev_state),
    .init = cilium_maglev_init,
    .update = cilium_maglev_update,
    .pick = cilium_maglev_pick,
};
