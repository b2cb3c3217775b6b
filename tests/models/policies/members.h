/* SPDX-License-Identifier: GPL-3.0-or-later
   Bare decisions among members with weights and addresses, for keys and hashes. */
#ifndef TESTS_MODELS_POLICIES_MEMBERS_H
#define TESTS_MODELS_POLICIES_MEMBERS_H

#include "tests/models/policies/bare.h"

/* Members from a caller's list; limit: outstanding at which one is full. */
static inline void members_open_limited(struct bare *bare, const char *policy,
                                        struct backend *list, uint32_t count, uint32_t limit,
                                        uint32_t peer)
{
    bare_open(bare, policy, 1);
    struct backends_place place = {.limit = limit, .peers = 1000, .peer = peer, .key = 9};
    backends_open(&bare->backends, scene_policy(&bare->scene, 0), list, count, place,
                  &bare->arena);
}

/* a, b, c … of these weights; the list is the bare one's, so weights can be changed there. */
static inline void members_open(struct bare *bare, const char *policy, const double *weights,
                                uint32_t count)
{
    bare_open(bare, policy, 1);
    static const char *const names[BARE_MOST] = {"a", "b", "c", "d", "e", "f", "g", "h",
                                                 "i", "j", "k", "l", "m", "n", "o", "p"};
    for (uint32_t i = 0; i < count; i++)
        bare->list[i] = (struct backend){names[i], names[i], "", i, weights[i]};
    struct backends_place place = {.limit = UINT32_MAX, .peers = 1, .key = 9};
    backends_open(&bare->backends, scene_policy(&bare->scene, 0), bare->list, count, place,
                  &bare->arena);
}

static inline void members_weigh(struct bare *bare, backend_id backend, double weight)
{
    bare->list[backend].weight = weight;
    backends_update(&bare->backends);
}

static inline backend_id members_of_hash(struct bare *bare, uint64_t hash)
{
    struct request request = {.hash = hash, .has_hash = true};
    return backends_pick(&bare->backends, bare->backends.view.now, &request);
}

static inline backend_id members_of_key(struct bare *bare, const char *key)
{
    struct request request = {.key_text = key, .key_size = strlen(key)};
    return backends_pick(&bare->backends, bare->backends.view.now, &request);
}

/* As bare_expect_idle, "-" where nobody was picked, at time `now`. */
static inline void members_expect_idle(struct bare *bare, sim_time now, const char *expected)
{
    char found[128] = "";
    for (size_t i = 0; expected[i] != '\0'; i++) {
        struct request request = {.key = bare->asked++};
        backend_id pick = backends_pick(&bare->backends, now, &request);
        found[i] = pick == NO_BACKEND ? '-' : bare->list[pick].name[0];
        if (pick == NO_BACKEND)
            continue;
        backends_sent(&bare->backends, pick);
        backends_done(&bare->backends, pick);
    }
    assert_string_equal(found, expected);
}

#endif
