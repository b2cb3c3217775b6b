/* SPDX-License-Identifier: GPL-3.0-or-later
   What brpc's locality-aware balancer knows of one server: a weight of replies per second
   over mean latency, cut at once when the requests in flight grow old.  All integers,
   times in microseconds, as in src/brpc/policy/locality_aware_load_balancer.{h,cpp}. */
#ifndef MODELS_BLOCKS_LOCALITY_WEIGHT_H
#define MODELS_BLOCKS_LOCALITY_WEIGHT_H

#include <stdbool.h>
#include <stdint.h>

enum { LOCALITY_WEIGHT_REPLIES = 128 };
#define LOCALITY_WEIGHT_SCALE (INT64_MAX / 72000000 / 127)

struct locality_rules {
    int64_t min_weight;
    double punish_inflight_ratio, punish_error_ratio;
    int64_t timeout;   /* of a call */
    int64_t max_retry; /* of a call */
};

struct locality_reply {
    int64_t latency_sum; /* of all replies so far */
    int64_t end;
};

struct locality_weight {
    int64_t weight, base;
    int64_t begin_sum, begin_count; /* of the requests in flight */
    int64_t mean;                   /* latency; 0: not known */
    uint32_t first, count;          /* of the ring */
    struct locality_reply replies[LOCALITY_WEIGHT_REPLIES];
};

/* The end of a call that this server had a part in. */
struct locality_call {
    int64_t begin, end;
    bool success;
    int64_t retried; /* attempts before this one */
};

/* All but locality_weight_begin return by how much the weight changed. */
void locality_weight_init(struct locality_weight *server, int64_t weight);
/* A request drew position `dice` within the weight: false where ageing requests in flight
   have just made the weight too small for it; *change is set in any case. */
bool locality_weight_begin(struct locality_weight *server, const struct locality_rules *rules,
                           int64_t now, int64_t dice, int64_t *change);
int64_t locality_weight_end(struct locality_weight *server, const struct locality_rules *rules,
                            const struct locality_call *call);
/* The server was drawn but cannot be used: its weight is at most the mean of all. */
int64_t locality_weight_fail(struct locality_weight *server,
                             const struct locality_rules *rules, int64_t mean_weight);

#endif
