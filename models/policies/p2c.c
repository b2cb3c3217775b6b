/* SPDX-License-Identifier: GPL-3.0-or-later
   The power of d choices: draw d pods at random, take the one with the fewest requests
   outstanding from here.  M. Mitzenmacher, The Power of Two Choices in Randomized Load
   Balancing, IEEE TPDS 12 (2001). */
#include "models/blocks/ahead.h"
#include "models/blocks/pair.h"

enum p2c_tie { TIE_FIRST, TIE_LAST, TIE_RANDOM };
enum { P2C_CHOICES_MAX = 64 };

struct p2c_config {
    uint64_t choices;
    bool replacement;
    uint32_t tie;
};

struct p2c_state {
    uint32_t choices;
    bool replacement;
    uint32_t tie;
    bool plain; /* two distinct pods, a fixed rule for ties: */
    uint32_t handicap; /* of the first drawn, which ties go against if it is 1 */
    struct ahead ahead;
};

static const char *const p2c_ties[] = {"first", "last", "random", NULL};

static const struct param p2c_params[] = {
    {.key = "choices", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct p2c_config, choices, uint64_t), .fallback = "2", .min = 1,
     .max = P2C_CHOICES_MAX, .help = "how many pods are drawn; 1 is random"},
    {.key = "replacement", .type = PARAM_BOOL,
     .offset = PARAM_FIELD(struct p2c_config, replacement, bool), .fallback = "false",
     .help = "may one pod be drawn twice for a request"},
    {.key = "tie", .type = PARAM_CHOICE, .offset = PARAM_FIELD(struct p2c_config, tie, uint32_t),
     .fallback = "first", .of.words = p2c_ties,
     .help = "who wins among equally loaded: the first drawn, the last drawn, any at random"},
    PARAM_END,
};

static void p2c_init(void *memory, const void *config, const struct view *view,
                     struct rng *rng, struct arena *arena)
{
    (void)arena;
    const struct p2c_config *given = config;
    struct p2c_state *state = memory;
    *state = (struct p2c_state){
        .choices = (uint32_t)given->choices,
        .replacement = given->replacement,
        .tie = given->tie,
        .plain = given->choices == 2 && !given->replacement && given->tie != TIE_RANDOM,
        .handicap = given->tie == TIE_LAST,
    };
    if (state->plain)
        ahead_init(&state->ahead, view, rng);
}

/* Two distinct pods of n >= 2 from one draw: the second skips the first. */
static inline struct pair p2c_pair(const struct view *view, uint64_t bits)
{
    uint32_t n = view->eligible_count;
    uint32_t i = (uint32_t)(((bits >> 32) * n) >> 32);
    uint32_t j = (uint32_t)(((bits & UINT32_MAX) * (n - 1)) >> 32);
    j += j >= i;
    return (struct pair){view_eligible(view, i), view_eligible(view, j)};
}

/* Without a branch on how they compare, which is as good as random. */
static inline backend_id p2c_of_two(const struct p2c_state *state, const struct view *view,
                                    uint64_t bits)
{
    struct pair pair = p2c_pair(view, bits);
    uint64_t first = (uint64_t)view->outstanding[pair.first] + state->handicap;
    uint32_t swap = 0u - (view->outstanding[pair.second] < first);
    return pair.first ^ ((pair.first ^ pair.second) & swap);
}

static __attribute__((noinline)) backend_id p2c_of_far(struct p2c_state *state,
                                                       const struct view *view,
                                                       struct rng *rng)
{
    uint64_t coming, bits = ahead_draw(&state->ahead, rng, &coming);
    struct pair pair = p2c_pair(view, coming);
    ahead_fetch(view, pair.first);
    ahead_fetch(view, pair.second);
    return p2c_of_two(state, view, bits);
}

/* Place in the eligible list of the next draw, other than those drawn before unless with
   replacement: the k-th free place, found by stepping over the drawn ones in order. */
static uint32_t p2c_draw(uint32_t *drawn, uint32_t count, uint32_t n, struct rng *rng)
{
    uint32_t place = (uint32_t)rng_below(rng, n - count);
    uint32_t i = 0;
    while (i < count && drawn[i] <= place + i)
        i++;
    place += i;
    for (uint32_t k = count; k > i; k--)
        drawn[k] = drawn[k - 1];
    drawn[i] = place;
    return place;
}

static __attribute__((noinline)) backend_id p2c_of_many(const struct p2c_state *state,
                                                        const struct view *view,
                                                        struct rng *rng)
{
    uint32_t n = view->eligible_count, choices = state->choices;
    if (!state->replacement && choices > n)
        choices = n;
    uint32_t drawn[P2C_CHOICES_MAX], ties = 1;
    backend_id best = NO_BACKEND;
    for (uint32_t k = 0; k < choices; k++) {
        uint32_t place = state->replacement ? (uint32_t)rng_below(rng, n)
                                            : p2c_draw(drawn, k, n, rng);
        backend_id candidate = view_eligible(view, place);
        if (best == NO_BACKEND || view->outstanding[candidate] < view->outstanding[best]) {
            best = candidate;
            ties = 1;
        } else if (view->outstanding[candidate] == view->outstanding[best]) {
            ties++;
            if (state->tie == TIE_LAST ||
                (state->tie == TIE_RANDOM && rng_below(rng, ties) == 0))
                best = candidate;
        }
    }
    return best;
}

static backend_id p2c_pick(void *memory, const struct view *view,
                           const struct request *request, struct rng *rng)
{
    (void)request;
    struct p2c_state *state = memory;
    if (!state->plain || view->eligible_count <= 1)
        return p2c_of_many(state, view, rng);
    if (state->ahead.is_on)
        return p2c_of_far(state, view, rng);
    return p2c_of_two(state, view, rng_next(rng));
}

const struct policy_ops policy_p2c = {
    .kind = {.name = "p2c",
             .summary = "Least outstanding of two (or more) pods drawn at random",
             .params = p2c_params,
             .config_size = sizeof(struct p2c_config)},
    .traits = POLICY_UNWEIGHTED,
    .tie_rule = "the first drawn stays, unless `tie` says otherwise",
    .cost = "O(d^2) a pick, d choices; nothing a change",
    .source = "Mitzenmacher 2001",
    .state_size = sizeof(struct p2c_state),
    .init = p2c_init,
    .pick = p2c_pick,
};
