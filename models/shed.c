/* SPDX-License-Identifier: GPL-3.0-or-later
   Kinds of load shedding.  CoDel: Nichols and Jacobson, RFC 8289, section 5: when even the
   shortest wait of an interval is above the target, it drops, ever faster until it is not. */
#include "models/shed.h"

#include "models/shed_gradient.h"

#include <math.h>

#define SHED_LONGEST (86400 * 1e9)
#define SHED_AGAIN 16 /* intervals after which CoDel has forgotten how fast it had to drop */

struct shed_limit_config {
    uint64_t in_flight;
};

static const struct param shed_limit_params[] = {
    {.key = "in_flight", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct shed_limit_config, in_flight, uint64_t), .min = 1,
     .max = 4e9, .help = "requests of an instance at pods or held; further ones are refused"},
    PARAM_END,
};

static bool shed_limit_admit(const void *memory, void *state, uint64_t in_flight, sim_time now)
{
    (void)state, (void)now;
    const struct shed_limit_config *config = memory;
    return in_flight < config->in_flight;
}

struct shed_codel_config {
    sim_time target, interval;
};

static const struct param shed_codel_params[] = {
    {.key = "target", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct shed_codel_config, target, sim_time), .fallback = "5ms",
     .min = 1, .max = SHED_LONGEST, .help = "wait in the balancer's queue that is fine"},
    {.key = "interval", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct shed_codel_config, interval, sim_time), .fallback = "100ms",
     .min = 1, .max = SHED_LONGEST,
     .help = "nothing is dropped before all have waited longer for so long"},
    PARAM_END,
};

static sim_time shed_codel_next(const struct shed_codel_config *config, sim_time from,
                                uint32_t count)
{
    return from + sim_time_of((double)config->interval / sqrt(count));
}

/* Whether the wait has been above the target for an interval. */
static bool shed_codel_may(const struct shed_codel_config *config, struct shed_codel *codel,
                           sim_time waited, uint64_t held, sim_time now)
{
    if (waited < config->target || held <= 1) {
        codel->first_above = 0;
        return false;
    }
    if (codel->first_above == 0) {
        codel->first_above = now + config->interval;
        return false;
    }
    return now >= codel->first_above;
}

static void shed_codel_begin(const struct shed_codel_config *config, struct shed_codel *codel,
                             sim_time now)
{
    uint32_t before = codel->count - codel->last_count;
    bool again = before > 1 && now - codel->drop_next < SHED_AGAIN * config->interval;
    codel->dropping = true;
    codel->count = again ? before : 1;
    codel->drop_next = shed_codel_next(config, now, codel->count);
    codel->last_count = codel->count;
}

static bool shed_codel_drop(const void *memory, void *state, sim_time waited, uint64_t held,
                            sim_time now)
{
    const struct shed_codel_config *config = memory;
    struct shed_codel *codel = state;
    bool may = shed_codel_may(config, codel, waited, held, now), dropped = codel->dropped;
    codel->dropped = false;
    if (!may) {
        codel->dropping = false;
        return false;
    }
    if (!codel->dropping) {
        shed_codel_begin(config, codel, now);
        return true;
    }
    if (dropped)
        codel->drop_next = shed_codel_next(config, codel->drop_next, codel->count);
    if (now < codel->drop_next)
        return false;
    codel->count++;
    codel->dropped = true;
    return true;
}

static const struct shed_ops shed_list[] = {
    {.kind = {.name = "limit", .summary = "So many requests at once and no more",
              .params = shed_limit_params, .config_size = sizeof(struct shed_limit_config)},
     .admit = shed_limit_admit},
    {.kind = {.name = "codel", .summary = "Drops from a queue in which all wait too long (CoDel)",
              .params = shed_codel_params, .config_size = sizeof(struct shed_codel_config)},
     .state_size = sizeof(struct shed_codel),
     .drop = shed_codel_drop},
    {.kind = {.name = "gradient",
              .summary = "A limit that follows the latency (Envoy's adaptive concurrency)",
              .params = shed_gradient_params,
              .config_size = sizeof(struct shed_gradient_config)},
     .state_size = sizeof(struct shed_gradient),
     .open = shed_gradient_open,
     .close = shed_gradient_close,
     .admit = shed_gradient_admit,
     .learn = shed_gradient_learn},
};

static const struct kind *shed_at(size_t index)
{
    return index < sizeof shed_list / sizeof *shed_list ? &shed_list[index].kind : NULL;
}

const struct kind_list shed_kinds = {.noun = "load shedding", .shorthand = "limit", .at = shed_at};

const struct shed_ops *shed_ops(const struct param_kind *shed)
{
    static const struct shed_ops none = {.state_size = 0};
    return shed->kind != NULL ? (const struct shed_ops *)shed->kind : &none;
}
