/* SPDX-License-Identifier: GPL-3.0-or-later
   Kinds of circuit breakers.  Envoy: CircuitBreakers.Thresholds and resource_manager_impl.h;
   its max_connections is max_in_flight of a balancer, per pod. */
#include "models/breakers.h"

#define BREAKERS_FIELD(field) PARAM_FIELD(struct breakers_config, field, uint64_t)

#define BREAKERS_PARAMS(requests, pending, retries) \
    {.key = "max_requests", .type = PARAM_COUNT, .offset = BREAKERS_FIELD(max_requests), \
     .fallback = requests, .also = "unlimited", .min = 1, .max = 4e9, \
     .help = "requests of an instance that may be at pods at once; further ones are refused"}, \
    {.key = "max_pending_requests", .type = PARAM_COUNT, \
     .offset = BREAKERS_FIELD(max_pending), .fallback = pending, .also = "unlimited", \
     .max = 4e9, .help = "requests that an instance may hold, as queue.limit"}, \
    {.key = "max_retries", .type = PARAM_COUNT, .offset = BREAKERS_FIELD(max_retries), \
     .fallback = retries, .also = "unlimited", .max = 4e9, \
     .help = "retries of an instance under way at once, besides the budget of its retries; " \
             "further failures are not tried again; Envoy's has no effect beside percent"}, \
    PARAM_END

static const struct param breakers_custom_params[] = {
    BREAKERS_PARAMS("unlimited", "unlimited", "unlimited")};
static const struct param breakers_envoy_params[] = {BREAKERS_PARAMS("1024", "1024", "3")};

struct breakers_ops {
    struct kind kind;
    bool yields;
};

static const struct breakers_ops breakers_list[] = {
    {.kind = {"custom", "No limit but those that are given", breakers_custom_params,
              sizeof(struct breakers_config), NULL}},
    {.kind = {"envoy", "Envoy's defaults", breakers_envoy_params,
              sizeof(struct breakers_config), NULL},
     .yields = true},
};

static const struct kind *breakers_at(size_t index)
{
    return index < sizeof breakers_list / sizeof *breakers_list ? &breakers_list[index].kind
                                                                : NULL;
}

bool breakers_yield(const struct param_kind *breakers)
{
    return ((const struct breakers_ops *)breakers->kind)->yields;
}

const struct kind_list breakers_kinds = {.noun = "circuit breakers", .at = breakers_at};
