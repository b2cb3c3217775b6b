/* SPDX-License-Identifier: GPL-3.0-or-later
   Policies that hash, with pods that have addresses and weights: what they pick for keys,
   client addresses and hashes, as letters. */
#ifndef TESTS_MODELS_POLICIES_HASHING_H
#define TESTS_MODELS_POLICIES_HASHING_H

#include "models/backends.h"
#include "tests/theory/scene.h"

enum { HASHING_MOST = 1024 };

struct hashing {
    struct scene scene;
    struct arena arena;
    struct backends backends;
    struct backend list[HASHING_MOST];
    char names[HASHING_MOST][32], addresses[HASHING_MOST][32];
};

/* `address` is printf's, of the port: "127.0.0.1:%u"; ports from `port` on.  Names are the
   ports.  `policy` in scenario syntax; weights NULL: all 1. */
static inline void hashing_open(struct hashing *hashing, const char *policy,
                                const char *address, uint32_t port, const double *weights,
                                uint32_t count)
{
    memset(hashing, 0, sizeof *hashing);
    scene_open(&hashing->scene,
               "clients: [{arrivals: {poisson: {rate: 1/s}}, demand: 1ms}]\npods: [{}]\n"
               "balancers: [{policy: [%s]}]\n", policy);
    for (uint32_t i = 0; i < count; i++) {
        snprintf(hashing->names[i], sizeof hashing->names[i], "%u", port + i);
        const char *colon = strchr(address, '%');
        snprintf(hashing->addresses[i], sizeof hashing->addresses[i], "%.*s%u",
                 (int)(colon - address), address, port + i);
        hashing->list[i] =
            (struct backend){.name = hashing->names[i], .address = hashing->addresses[i],
                             .zone = "", .identity = i, .weight = weights ? weights[i] : 1};
    }
    backends_open(&hashing->backends, scene_policy(&hashing->scene, 0), hashing->list, count,
                  (struct backends_place){.limit = UINT32_MAX, .peers = 1, .key = 9},
                  &hashing->arena);
}

static inline void hashing_close(struct hashing *hashing)
{
    arena_free(&hashing->arena);
    scene_close(&hashing->scene);
}

static inline void hashing_down(struct hashing *hashing, backend_id backend, bool down)
{
    backends_set_up(&hashing->backends, backend, !down);
    backends_update(&hashing->backends);
}

static inline void hashing_remove(struct hashing *hashing, backend_id backend, bool remove)
{
    backends_set_member(&hashing->backends, backend, !remove);
    backends_update(&hashing->backends);
}

static inline void hashing_weigh(struct hashing *hashing, backend_id backend, double weight)
{
    hashing->list[backend].weight = weight;
    backends_update(&hashing->backends);
}

static inline backend_id hashing_ask(struct hashing *hashing, const struct request *request)
{
    return backends_pick(&hashing->backends, 0, request);
}

static inline backend_id hashing_of_hash(struct hashing *hashing, uint64_t hash)
{
    return hashing_ask(hashing, &(struct request){.hash = hash, .has_hash = true});
}

/* The i-th of the keys that printf makes of the number; "%" alone is a client's address,
   (10 + i).(7 i).(i * i).i modulo 256. */
static inline backend_id hashing_of_key(struct hashing *hashing, const char *format, unsigned i)
{
    char key[64];
    const char *number = strchr(format, '%');
    if (format[1] == '\0')
        snprintf(key, sizeof key, "%u.%u.%u.%u", 10 + i, 7 * i % 256, i * i % 256, i);
    else
        snprintf(key, sizeof key, "%.*s%u%s", (int)(number - format), format, i, number + 2);
    return hashing_ask(hashing, &(struct request){.key_text = key, .key_size = strlen(key)});
}

/* The picks for keys 0, 1, …, each of which ends at once. */
static inline void hashing_expect(struct hashing *hashing, const char *format,
                                  const char *expected)
{
    char found[128] = "";
    for (unsigned i = 0; expected[i] != '\0'; i++) {
        backend_id pick = hashing_of_key(hashing, format, i);
        found[i] = (char)('a' + pick);
        backends_sent(&hashing->backends, pick);
        backends_done(&hashing->backends, pick);
    }
    assert_string_equal(found, expected);
}

/* Keys of the first `keys` that are elsewhere than in `before`, which then is as they are
   now; those that left `gone` do not count.  Pass NO_BACKEND to count all. */
static inline uint32_t hashing_moved(struct hashing *hashing, backend_id *before,
                                     uint32_t keys, backend_id gone)
{
    uint32_t moved = 0;
    for (unsigned i = 0; i < keys; i++) {
        backend_id pick = hashing_of_key(hashing, "key-%u", i);
        moved += pick != before[i] && before[i] != gone;
        before[i] = pick;
    }
    return moved;
}

#endif
