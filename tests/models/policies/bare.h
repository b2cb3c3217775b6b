/* SPDX-License-Identifier: GPL-3.0-or-later
   Bare decisions of a policy with given loads: no world, no time. */
#ifndef TESTS_MODELS_POLICIES_BARE_H
#define TESTS_MODELS_POLICIES_BARE_H

#include "models/backends.h"
#include "tests/theory/scene.h"

enum { BARE_MOST = 16 };

struct bare {
    struct scene scene;
    struct arena arena;
    struct backends backends;
    struct backend list[BARE_MOST];
    uint64_t asked;
};

/* `policy` in scenario syntax. */
static inline void bare_open(struct bare *bare, const char *policy, uint32_t count)
{
    static const char *const names[BARE_MOST] = {"a", "b", "c", "d", "e", "f", "g", "h",
                                                 "i", "j", "k", "l", "m", "n", "o", "p"};
    *bare = (struct bare){0};
    scene_open(&bare->scene,
               "clients: [{arrivals: {poisson: {rate: 1/s}}, demand: 1ms}]\npods: [{}]\n"
               "balancers: [{policy: [%s]}]\n", policy);
    for (uint32_t i = 0; i < count; i++)
        bare->list[i] = (struct backend){names[i], names[i], "", i, 1};
    const struct backends_place place = {.limit = UINT32_MAX, .peers = 1, .key = 9};
    backends_open(&bare->backends, scene_policy(&bare->scene, 0), bare->list, count, place,
                  &bare->arena);
}

static inline void bare_close(struct bare *bare)
{
    arena_free(&bare->arena);
    scene_close(&bare->scene);
}

static inline void bare_set_up(struct bare *bare, backend_id backend, bool up)
{
    backends_set_up(&bare->backends, backend, up);
    backends_update(&bare->backends);
}

/* Picks and counts. */
static inline backend_id bare_send(struct bare *bare)
{
    struct request request = {.key = bare->asked++};
    backend_id pick = backends_pick(&bare->backends, 0, &request);
    if (pick != NO_BACKEND)
        backends_sent(&bare->backends, pick);
    return pick;
}

/* The next picks, as letters, held until their end; "-": nobody. */
static inline void bare_expect(struct bare *bare, const char *expected)
{
    char found[128] = "";
    for (size_t i = 0; expected[i] != '\0'; i++) {
        backend_id pick = bare_send(bare);
        found[i] = pick == NO_BACKEND ? '-' : bare->list[pick].name[0];
    }
    assert_string_equal(found, expected);
}

/* The next picks when each ends at once. */
static inline void bare_expect_idle(struct bare *bare, const char *expected)
{
    char found[128] = "";
    for (size_t i = 0; expected[i] != '\0'; i++) {
        backend_id pick = bare_send(bare);
        found[i] = bare->list[pick].name[0];
        backends_done(&bare->backends, pick);
    }
    assert_string_equal(found, expected);
}

#endif
