/* SPDX-License-Identifier: GPL-3.0-or-later
   Maps of neighbouring spans, compared bit by bit. */
#include "sim/report/churn_pairs.h"

#include "sim/engine/check.h"

#include <stdlib.h>

struct pairs *churn_pairs_open(const struct roster *roster, size_t spans)
{
    size_t bytes = pairs_bytes(roster);
    if (bytes == 0 || spans + 1 > PAIRS_BYTES_MAX / bytes)
        return NULL;
    struct pairs *maps = memory_take(spans, sizeof *maps);
    for (size_t i = 0; i < spans; i++)
        pairs_open(&maps[i], roster);
    return maps;
}

void churn_pairs_free(struct pairs *maps, size_t spans)
{
    for (size_t i = 0; maps != NULL && i < spans; i++)
        pairs_free(&maps[i]);
    free(maps);
}

static void churn_pairs_add(struct churn_pairs *count, bool before, bool after, bool is_gone)
{
    count->before += before;
    count->after += after;
    count->opened += after && !before;
    count->closed += before && !after;
    count->needless += before && !after && !is_gone;
}

struct churn_pairs churn_pairs_between(const struct pairs *before, const struct pairs *after,
                                       const struct churn_change *change)
{
    struct churn_pairs count = {0};
    for (size_t pod = 0; pod < before->pods; pod++) {
        bool is_gone = churn_plan_is_gone(change, (uint32_t)pod);
        for (size_t i = 0; i < before->instances; i++)
            churn_pairs_add(&count, pairs_has(before, i, pod), pairs_has(after, i, pod),
                            is_gone);
    }
    return count;
}
