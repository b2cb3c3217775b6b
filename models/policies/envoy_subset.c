/* SPDX-License-Identifier: GPL-3.0-or-later
   Envoy's subset balancer with one selector, {keys: [zone]}: a request asks for a zone, and
   each zone has a round robin of its own.  Where no member has that zone the fallback decides.
   Requests carry no metadata, so the zone is the request's key, or one for all of them.
   source/extensions/load_balancing_policies/subset/subset_lb.cc. */
#include "models/blocks/edf_rotation.h"
#include "models/blocks/start.h"

#include <string.h>

enum envoy_subset_fallback { FALLBACK_NONE, FALLBACK_ANY, FALLBACK_DEFAULT };

struct envoy_subset_config {
    uint32_t fallback_policy;
    const char *default_subset, *zone;
    struct start start;
};

struct envoy_subset {
    const char *zone;
    size_t size;
    uint32_t members, up; /* up: also how many of `hosts` there are */
    uint32_t first;       /* of its part of `hosts` and `heap` */
    struct edf_rotation rotation;
};

struct envoy_subset_state {
    struct envoy_subset_config config;
    struct envoy_subset *subsets; /* capacity of them, and one for the fallback */
    uint32_t count;
    uint32_t *subset_of; /* by backend_id */
    uint32_t known;      /* slots in subset_of */
    backend_id *hosts;   /* capacity by subset, and as many for the fallback */
    struct edf_entry *heap;
    struct envoy_subset fallback;
};

static const char *const envoy_subset_fallbacks[] = {"NO_FALLBACK", "ANY_ENDPOINT",
                                                     "DEFAULT_SUBSET", NULL};

static const struct param envoy_subset_params[] = {
    {.key = "fallback_policy", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct envoy_subset_config, fallback_policy, uint32_t),
     .fallback = "ANY_ENDPOINT", .of.words = envoy_subset_fallbacks,
     .help = "who serves a request for a zone that nobody is in: nobody (Envoy's default), "
             "anybody, those of default_subset"},
    {.key = "default_subset", .type = PARAM_TEXT,
     .offset = PARAM_FIELD(struct envoy_subset_config, default_subset, const char *),
     .fallback = "", .help = "zone of the default subset; absent: everybody is in it"},
    {.key = "zone", .type = PARAM_TEXT,
     .offset = PARAM_FIELD(struct envoy_subset_config, zone, const char *), .fallback = "",
     .help = "the zone that all requests ask for; absent: each asks for its key"},
    START_PARAMS(struct envoy_subset_config),
    PARAM_END,
};

static void envoy_subset_init(void *memory, const void *config, const struct view *view,
                              struct rng *rng, struct arena *arena)
{
    struct envoy_subset_state *state = memory;
    uint32_t room = view->capacity;
    state->config = *(const struct envoy_subset_config *)config;
    state->subsets = arena_take(arena, room, sizeof *state->subsets);
    state->subset_of = arena_take(arena, room, sizeof *state->subset_of);
    state->hosts = arena_take(arena, 2 * (size_t)room, sizeof *state->hosts);
    state->heap = arena_take(arena, 2 * (size_t)room, sizeof *state->heap);
    state->fallback.first = room;
    edf_rotation_init(&state->fallback.rotation, start_draw(&state->config.start, rng));
}

static struct envoy_subset *envoy_subset_find(struct envoy_subset_state *state,
                                              const char *zone, size_t size)
{
    for (uint32_t i = 0; i < state->count; i++)
        if (state->subsets[i].size == size && memcmp(state->subsets[i].zone, zone, size) == 0)
            return &state->subsets[i];
    return NULL;
}

/* Finds the subset of every slot not yet known; zones never change. */
static void envoy_subset_sort(struct envoy_subset_state *state, const struct view *view,
                              struct rng *rng)
{
    for (; state->known < view->count; state->known++) {
        const char *zone = view->backends[state->known].zone;
        struct envoy_subset *subset = envoy_subset_find(state, zone, strlen(zone));
        if (subset == NULL) {
            subset = &state->subsets[state->count++];
            *subset = (struct envoy_subset){.zone = zone, .size = strlen(zone)};
            edf_rotation_init(&subset->rotation, start_draw(&state->config.start, rng));
        }
        state->subset_of[state->known] = (uint32_t)(subset - state->subsets);
    }
}

static void envoy_subset_refresh(struct envoy_subset_state *state, struct envoy_subset *subset,
                                 const struct view *view)
{
    edf_rotation_refresh(&subset->rotation, &state->hosts[subset->first], subset->up,
                         &state->heap[subset->first],
                         (struct edf_weights){edf_rotation_weight, view});
}

static bool envoy_subset_falls_back_to(const struct envoy_subset_state *state, const char *zone)
{
    const char *wanted = state->config.default_subset;
    return state->config.fallback_policy != FALLBACK_DEFAULT || wanted == NULL ||
           wanted[0] == '\0' || strcmp(zone, wanted) == 0;
}

/* Counts each subset's hosts and gives it its part of the memory. */
static void envoy_subset_share(struct envoy_subset_state *state, const struct view *view)
{
    for (uint32_t s = 0; s < state->count; s++)
        state->subsets[s].members = state->subsets[s].up = 0;
    for (backend_id i = 0; i < view->count; i++) {
        struct envoy_subset *subset = &state->subsets[state->subset_of[i]];
        subset->members += view->is_member[i];
        subset->up += view->is_up[i];
    }
    for (uint32_t s = 0, first = 0; s < state->count; s++) {
        state->subsets[s].first = first;
        first += state->subsets[s].up;
        state->subsets[s].up = 0;
    }
    state->fallback.up = 0;
}

static void envoy_subset_add(struct envoy_subset_state *state, struct envoy_subset *subset,
                             backend_id host)
{
    state->hosts[subset->first + subset->up++] = host;
}

static void envoy_subset_update(void *memory, const struct view *view, struct rng *rng)
{
    struct envoy_subset_state *state = memory;
    envoy_subset_sort(state, view, rng);
    envoy_subset_share(state, view);
    for (backend_id i = 0; i < view->count; i++) {
        if (!view->is_up[i])
            continue;
        envoy_subset_add(state, &state->subsets[state->subset_of[i]], i);
        if (envoy_subset_falls_back_to(state, view->backends[i].zone))
            envoy_subset_add(state, &state->fallback, i);
    }
    for (uint32_t s = 0; s < state->count; s++)
        envoy_subset_refresh(state, &state->subsets[s], view);
    envoy_subset_refresh(state, &state->fallback, view);
}

/* NO_BACKEND: Envoy answers 503 at once. */
static backend_id envoy_subset_pick(void *memory, const struct view *view,
                                    const struct request *request, struct rng *rng)
{
    (void)rng;
    struct envoy_subset_state *state = memory;
    char digits[20];
    size_t size;
    const char *zone = policy_key(request, digits, &size);
    if (state->config.zone != NULL && state->config.zone[0] != '\0') {
        zone = state->config.zone;
        size = strlen(zone);
    }
    struct envoy_subset *subset = size > 0 ? envoy_subset_find(state, zone, size) : NULL;
    if (subset == NULL || subset->members == 0)
        subset = state->config.fallback_policy != FALLBACK_NONE ? &state->fallback : NULL;
    return subset == NULL ? NO_BACKEND
                          : edf_rotation_pick(&subset->rotation, view->is_eligible,
                                              (struct edf_weights){edf_rotation_weight, view});
}

const struct policy_ops policy_envoy_subset = {
    .kind = {.name = "envoy.subset",
             .summary = "Envoy: round robin in the zone that a request asks for",
             .params = envoy_subset_params,
             .config_size = sizeof(struct envoy_subset_config)},
    .traits = POLICY_REFUSES | POLICY_LIVE,
    .tie_rule = "among equal deadlines who has waited longest",
    .differs = "`panic` counts the pods of all zones, in Envoy those of the subset: there a zone "
               "with too few up gets requests for all its pods",
    .cost = "O(z) a pick, z zones, and O(log n) with unlike weights; "
            "O(n + z) a change, or O(n log n)",
    .source = "Envoy, load_balancing_policies/subset/subset_lb.cc",
    .state_size = sizeof(struct envoy_subset_state),
    .init = envoy_subset_init,
    .update = envoy_subset_update,
    .pick = envoy_subset_pick,
};
