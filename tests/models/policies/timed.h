/* SPDX-License-Identifier: GPL-3.0-or-later
   Decisions of a policy that learns: weights, a clock in milliseconds, and ends of
   attempts with latency, status, size and what the pod told. */
#ifndef TESTS_MODELS_POLICIES_TIMED_H
#define TESTS_MODELS_POLICIES_TIMED_H

#include "models/backends.h"
#include "tests/theory/scene.h"

enum { TIMED_MOST = 16 };

struct timed {
    struct scene scene;
    struct arena arena;
    struct backends backends;
    struct backend list[TIMED_MOST];
    struct request request; /* the next one; its key counts up */
};

/* `policy` in scenario syntax; one pod for each letter of `weights`, called a, b, … . */
static inline void timed_open(struct timed *timed, const char *policy, const char *weights)
{
    static const char *const names[TIMED_MOST] = {"a", "b", "c", "d", "e", "f", "g", "h",
                                                  "i", "j", "k", "l", "m", "n", "o", "p"};
    *timed = (struct timed){0};
    scene_open(&timed->scene,
               "clients: [{arrivals: {poisson: {rate: 1/s}}, demand: 1ms}]\npods: [{}]\n"
               "balancers: [{policy: [%s]}]\n", policy);
    uint32_t count = (uint32_t)strlen(weights);
    for (uint32_t i = 0; i < count; i++)
        timed->list[i] = (struct backend){names[i], names[i], "", i, weights[i] - '0'};
    const struct backends_place place = {.limit = UINT32_MAX, .peers = 1, .key = 9};
    backends_open(&timed->backends, scene_policy(&timed->scene, 0), timed->list, count, place,
                  &timed->arena);
}

static inline void timed_close(struct timed *timed)
{
    arena_free(&timed->arena);
    scene_close(&timed->scene);
}

static inline void timed_at(struct timed *timed, double milliseconds)
{
    timed->backends.view.now = (sim_time)(milliseconds * 1e6);
}

static inline void timed_set_up(struct timed *timed, char pod, bool up)
{
    backends_set_up(&timed->backends, (backend_id)(pod - 'a'), up);
    backends_update(&timed->backends);
}

static inline void timed_weigh(struct timed *timed, const char *weights)
{
    for (uint32_t i = 0; weights[i] != '\0'; i++)
        timed->list[i].weight = weights[i] - '0';
    backends_update(&timed->backends);
}

/* Who is picked, without sending anything; '-': nobody. */
static inline char timed_ask(struct timed *timed)
{
    backend_id pick =
        backends_pick(&timed->backends, timed->backends.view.now, &timed->request);
    timed->request.key++;
    return pick == NO_BACKEND ? '-' : timed->list[pick].name[0];
}

static inline char timed_send(struct timed *timed)
{
    char pick = timed_ask(timed);
    if (pick != '-')
        backends_sent(&timed->backends, (backend_id)(pick - 'a'));
    return pick;
}

/* An attempt ends; `outcome` needs no backend. */
static inline void timed_end(struct timed *timed, char pod, struct outcome_report outcome)
{
    struct backends *backends = &timed->backends;
    outcome.backend = (backend_id)(pod - 'a');
    backends_done(backends, outcome.backend);
    if (backends->ops->learn != NULL)
        backends->ops->learn(backends->state, &backends->view, &outcome);
}

/* A reply 200 after so many milliseconds. */
static inline struct outcome_report timed_reply(double milliseconds)
{
    sim_time latency = (sim_time)(milliseconds * 1e6);
    return (struct outcome_report){
        .success = true, .status = 200, .first_byte = latency, .latency = latency};
}

static inline struct outcome_report timed_error(double milliseconds, uint16_t status)
{
    struct outcome_report outcome = timed_reply(milliseconds);
    outcome.success = false;
    outcome.status = status;
    return outcome;
}

/* An attempt on `pod` that was not picked but sent all the same, and its reply. */
static inline void timed_teach(struct timed *timed, char pod, double milliseconds)
{
    backends_sent(&timed->backends, (backend_id)(pod - 'a'));
    timed_end(timed, pod, timed_reply(milliseconds));
}

/* The next picks, held. */
static inline void timed_expect(struct timed *timed, const char *expected)
{
    char found[128] = "";
    for (size_t i = 0; expected[i] != '\0'; i++)
        found[i] = timed_send(timed);
    assert_string_equal(found, expected);
}

/* The next picks when each ends at once. */
static inline void timed_expect_idle(struct timed *timed, const char *expected)
{
    char found[128] = "";
    for (size_t i = 0; expected[i] != '\0'; i++) {
        found[i] = timed_send(timed);
        timed_end(timed, found[i], timed_reply(0));
    }
    assert_string_equal(found, expected);
}

/* The share of `pod` among many picks that send nothing. */
static inline double timed_share(struct timed *timed, char pod)
{
    enum { TIMED_ASKS = 40000 };
    int found = 0;
    for (int i = 0; i < TIMED_ASKS; i++)
        found += timed_ask(timed) == pod;
    return (double)found / TIMED_ASKS;
}

#endif
