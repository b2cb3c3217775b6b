/* SPDX-License-Identifier: GPL-3.0-or-later
   The rule of a rolling update: never more than replicas + surge pods, never fewer than
   replicas - unavailable that are ready. */
#include "models/rollout.h"

#include "sim/config/config.h"

#include <math.h>
#include <string.h>

#define ROLLOUT_HAIR 1e-9 /* 7% of 100 are 7, whatever the last bit says */

const struct param rollout_params[] = {
    {.key = "pods", .type = PARAM_NAME,
     .offset = PARAM_FIELD(struct rollout_config, pods, const char *),
     .help = "a group of pods: all that it has then are replaced by new ones"},
    {.key = "max_surge", .type = PARAM_TEXT,
     .offset = PARAM_FIELD(struct rollout_config, max_surge, const char *), .fallback = "25%",
     .help = "so many pods more than before at once: a share, rounded up, or a number, as in "
             "25% or 1"},
    {.key = "max_unavailable", .type = PARAM_TEXT,
     .offset = PARAM_FIELD(struct rollout_config, max_unavailable, const char *),
     .fallback = "25%",
     .help = "so many pods fewer than before that are ready: a share, rounded down, or a "
             "number"},
    PARAM_END,
};

bool rollout_limit(const char *text, uint32_t replicas, bool round_up, uint32_t *limit)
{
    static const struct param share_row = {
        .key = "share", .type = PARAM_RATIO, .min = 0, .max = 1};
    static const struct param count_row = {
        .key = "count", .type = PARAM_COUNT, .min = 0, .max = 1e6};
    char message[256];
    size_t length = strlen(text);
    double share;
    uint64_t count;
    if (length == 0 || text[length - 1] != '%') {
        if (!config_parse(&count_row, text, &count, message, sizeof message))
            return false;
        *limit = (uint32_t)count;
        return true;
    }
    if (!config_parse(&share_row, text, &share, message, sizeof message))
        return false;
    double pods = share * replicas;
    *limit = (uint32_t)(round_up ? ceil(pods - ROLLOUT_HAIR) : floor(pods + ROLLOUT_HAIR));
    return true;
}

void rollout_open(struct rollout *rollout, const struct rollout_config *config,
                  uint32_t replicas)
{
    *rollout = (struct rollout){.replicas = replicas, .old = replicas};
    rollout_limit(config->max_surge, replicas, true, &rollout->surge);
    rollout_limit(config->max_unavailable, replicas, false, &rollout->unavailable);
    if (rollout->unavailable > replicas)
        rollout->unavailable = replicas;
    if (rollout->surge == 0 && rollout->unavailable == 0)
        rollout->unavailable = 1;
}

struct rollout_turn rollout_turn(const struct rollout *rollout)
{
    uint32_t total = rollout->old + rollout->fresh;
    uint32_t most = rollout->replicas + rollout->surge;
    uint32_t least = rollout->replicas - rollout->unavailable;
    uint32_t available = rollout->old + rollout->ready;
    struct rollout_turn turn = {0, 0};
    if (total < most)
        turn.create = most - total;
    if (turn.create > rollout->replicas - rollout->fresh)
        turn.create = rollout->replicas - rollout->fresh;
    if (available > least)
        turn.remove = available - least;
    if (turn.remove > rollout->old)
        turn.remove = rollout->old;
    return turn;
}

bool rollout_is_over(const struct rollout *rollout)
{
    return rollout->old == 0 && rollout->ready == rollout->replicas;
}
