/* SPDX-License-Identifier: GPL-3.0-or-later
   Random scenarios: disciplines, limits, timeouts, networks, closed and open groups in any
   combination, under every policy that there is. */
#ifndef TESTS_THEORY_LAWS_SCENE_H
#define TESTS_THEORY_LAWS_SCENE_H

#include "models/policy.h"
#include "tests/theory/laws_place.h"
#include "tests/theory/laws_row.h"

enum { LAWS_TEXT_SIZE = 4096 };

/* Alternatives of one part, by equal chances; ends with NULL. */
static const char *const laws_parts[][7] = {
    {"auto", "0s", "50ms"},
    {"poisson: {rate: 3/ms}", "deterministic: {rate: 3/ms}", "renewal: {rate: 3/ms, cv: 2}",
     "bursts: {rate: 1/ms, burst_rate: 9/ms, calm: 30ms, burst: 10ms}"},
    {"exponential: {mean: 1ms}", "deterministic: {value: 1ms}",
     "lognormal: {mean: 1ms, cv: 2}", "uniform: {min: 0s, max: 2ms}"},
    {"none", "none", "1ms", "2ms", "5ms"},
    {"closed: {users: 5, think: 50us}", "closed: {users: 10, think: {exponential: {mean: 3ms}}}",
     "poisson: {rate: 1/ms}"},
    {"none", "3ms"},
    {"1", "2", "5"},
    {"1", "1", "3"},
    {"unlimited", "unlimited", "0", "3"},
    {"fifo", "fifo", "lifo", "ps"},
    {"1", "0.5", "3"},
    {"0s", "200us", "{exponential: {mean: 300us}}"},
    {"0s", "100us", "{lognormal: {mean: 200us, cv: 1}}"},
    {"1", "1", "3"},
    {"random", "round_robin", "by_user"},
    {"unlimited", "unlimited", "1", "2", "5"},
    {"unlimited", "unlimited", "0", "4"},
    {"none", "none", "1ms", "4ms"},
    {"fifo", "lifo"},
};

/* How the laws_parts, written $, make a scenario. */
static const char laws_outline[] =
    "run: {duration: 150ms, warmup: $, replications: 1, seed: $}\n"
    "clients:\n"
    "  - {name: a, arrivals: {$}, demand: {$}, timeout: $, users: 7, "
    "key: {zipf: {count: 50}}}\n"
    "  - {name: b, arrivals: {$}, demand: {exponential: {mean: 500us}}, timeout: $}\n"
    "pods: [{count: $, workers: $, queue: $, discipline: $, speed: $}]\n"
    "network: {to_balancer: $, to_pod: $}\n"
    "balancers: [{count: $, spread: $, max_in_flight: $, "
    "queue: {limit: $, timeout: $, order: $}, policy: [$]}]\n";

/* All policies that there are, as YAML. */
static inline void laws_policies_text(char *text, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; policy_kinds.at(i) != NULL; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i > 0 ? ", " : "",
                                 policy_kinds.at(i)->name);
    assert_true(used < size);
}

static inline const char *laws_draw_part(size_t part, struct rng *rng)
{
    size_t count = 0;
    while (laws_parts[part][count] != NULL)
        count++;
    return laws_parts[part][rng_below(rng, count)];
}

static inline void laws_random_text(uint64_t seed, char *text, size_t size)
{
    enum { SEED_PLACE = 1, PARTS = sizeof laws_parts / sizeof *laws_parts };
    struct rng rng;
    char number[24], policies[LAWS_TEXT_SIZE / 2];
    size_t used = 0, place = 0, part = 0;
    rng_open(&rng, seed, "laws", 0);
    snprintf(number, sizeof number, "%llu", (unsigned long long)seed);
    laws_policies_text(policies, sizeof policies);
    for (const char *at = laws_outline; *at != '\0'; at++) {
        const char *word = "";
        if (*at == '$' && place++ == SEED_PLACE)
            word = number;
        else if (*at == '$')
            word = part < PARTS ? laws_draw_part(part++, &rng) : policies;
        used += (size_t)snprintf(text + used, size - used, *at == '$' ? "%s" : "%s%c", word, *at);
        assert_true(used < size);
    }
    assert_int_equal(part, PARTS);
}

/* Draws a scenario and holds all its runs against the laws; returns how many. */
static inline size_t laws_check_seed(uint64_t seed)
{
    char text[LAWS_TEXT_SIZE];
    struct scene scene;
    laws_random_text(seed, text, sizeof text);
    scene_open(&scene, "%s", text);
    size_t policies = scene_policies(&scene);
    for (size_t policy = 0; policy < policies; policy++) {
        struct laws laws = laws_open(text, &scene, policy);
        laws_check_rows(&laws);
        laws_check_limits(&laws);
        laws_check_balancers(&laws);
        laws_check_discipline(&laws);
        laws_close(&laws);
    }
    scene_close(&scene);
    return policies;
}

#endif
