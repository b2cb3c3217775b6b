/* SPDX-License-Identifier: GPL-3.0-or-later
   Response times as nginx least_time weighs them: whole milliseconds, averages that give a new
   sample 5 % (and stand still within about 10 ms of it), scores in steps of 20 ms times the
   connections.  src/http/modules/ngx_http_upstream_least_time_module.c */
#ifndef MODELS_BLOCKS_NGINX_TIMES_H
#define MODELS_BLOCKS_NGINX_TIMES_H

#include "models/blocks/nginx_peers.h"

enum nginx_times_mode { NGINX_TIMES_HEADER, NGINX_TIMES_LAST_BYTE };

/* In milliseconds, 0 for no sample yet. */
struct nginx_times_peer {
    uint64_t header, response, inflight;
    uint64_t inflight_sum; /* ages of those in flight, added up at inflight_at */
    uint64_t inflight_at;
    uint64_t inflight_count;
};

struct nginx_times {
    struct nginx_times_peer *peer; /* by backend_id */
    enum nginx_times_mode mode;
    bool use_inflight;
};

void nginx_times_init(struct nginx_times *times, uint32_t capacity, struct arena *arena);
/* Forgets all, as a new configuration does. */
void nginx_times_reset(struct nginx_times *times, uint32_t count);

/* Folds the mean age of what is in flight into its average; once a scan. */
void nginx_times_age(struct nginx_times *times, const struct view *view, backend_id backend);

/* Estimated time to finish what is there and one more. */
uint64_t nginx_times_score(const struct nginx_times *times, const struct nginx_peers *peers,
                           const struct view *view, backend_id backend);

void nginx_times_sent(struct nginx_times *times, const struct view *view, backend_id backend);
/* Failures teach nothing: failing fast shall earn nothing. */
void nginx_times_learn(struct nginx_times *times, const struct view *view,
                       const struct outcome_report *outcome);

#endif
