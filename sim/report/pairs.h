/* SPDX-License-Identifier: GPL-3.0-or-later
   Which pods each instance of the last tier of balancers sent anything to: a bit for each pair
   of them. */
#ifndef SIM_REPORT_PAIRS_H
#define SIM_REPORT_PAIRS_H

#include "sim/stats/moments.h"
#include "sim/trace/roster.h"
#include "sim/trace/row.h"

enum { PAIRS_BYTES_MAX = 64 << 20 }; /* of all maps of a replication together */

struct pairs {
    uint64_t *bits; /* NULL: none are kept */
    size_t instances, pods, stride; /* words of an instance */
};

/* What one map takes; 0 where there is only one instance. */
size_t pairs_bytes(const struct roster *roster);
void pairs_open(struct pairs *pairs, const struct roster *roster);
void pairs_free(struct pairs *pairs);

static inline void pairs_add(struct pairs *pairs, const struct trace_row *row)
{
    if (row->pod < pairs->pods && row->balancer < pairs->instances)
        pairs->bits[row->balancer * pairs->stride + row->pod / 64] |=
            UINT64_C(1) << row->pod % 64;
}

static inline bool pairs_has(const struct pairs *pairs, size_t instance, size_t pod)
{
    return pairs->bits[instance * pairs->stride + pod / 64] >> pod % 64 & 1;
}

/* How many pods each instance has, and how many instances each pod. */
struct pairs_count {
    struct moments pods, balancers;
    uint64_t balancers_least;
};

/* Of pods that were there in the measured window. */
struct pairs_count pairs_count(const struct pairs *pairs, const struct roster *roster);

#endif
