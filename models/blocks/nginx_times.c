/* SPDX-License-Identifier: GPL-3.0-or-later
   Averages and scores of nginx least_time. */
#include "models/blocks/nginx_times.h"

#include "models/blocks/milliseconds.h"

enum { NGINX_TIMES_STEP = 20, NGINX_TIMES_MOST = 5000 };

void nginx_times_init(struct nginx_times *times, uint32_t capacity, struct arena *arena)
{
    times->peer = arena_take(arena, capacity, sizeof *times->peer);
}

void nginx_times_reset(struct nginx_times *times, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint64_t in_flight = times->peer[i].inflight_count;
        times->peer[i] = (struct nginx_times_peer){.inflight_count = in_flight};
    }
}

static void nginx_times_feed(uint64_t *average, uint64_t sample)
{
    *average = *average == 0
                   ? sample
                   : (uint64_t)(0.5 + ((double)sample * 0.05 + (double)*average * 0.95));
}

void nginx_times_age(struct nginx_times *times, const struct view *view, backend_id backend)
{
    struct nginx_times_peer *peer = &times->peer[backend];
    if (times->use_inflight && peer->inflight_count > 0)
        nginx_times_feed(&peer->inflight,
                         peer->inflight_sum / peer->inflight_count +
                             ((uint64_t)milliseconds_at(view->now) - peer->inflight_at));
}

/* A server not looked at for fail_timeout gets its time halved, again and again: a chance for
   those that were slow once. */
uint64_t nginx_times_score(const struct nginx_times *times, const struct nginx_peers *peers,
                           const struct view *view, backend_id backend)
{
    const struct nginx_times_peer *peer = &times->peer[backend];
    uint64_t time = times->mode == NGINX_TIMES_HEADER ? peer->header : peer->response;
    int64_t idle = nginx_peers_seconds(view) - peers->checked[backend];
    if (idle > peers->fail_timeout) {
        int64_t halvings = idle / (peers->fail_timeout + 1);
        time = halvings < 64 ? time >> halvings : 0;
    }
    if (times->use_inflight && peer->inflight_count > 0 && peer->inflight > time)
        time = peer->inflight;
    if (time > NGINX_TIMES_MOST)
        time = NGINX_TIMES_MOST;
    else
        time += NGINX_TIMES_STEP - time % NGINX_TIMES_STEP;
    return time * (1 + view->outstanding[backend]);
}

/* Brings the sum of ages to the present. */
static void nginx_times_advance(struct nginx_times_peer *peer, uint64_t now)
{
    if (peer->inflight_count > 0)
        peer->inflight_sum += (now - peer->inflight_at) * peer->inflight_count;
    peer->inflight_at = now;
}

void nginx_times_sent(struct nginx_times *times, const struct view *view, backend_id backend)
{
    struct nginx_times_peer *peer = &times->peer[backend];
    nginx_times_advance(peer, (uint64_t)milliseconds_at(view->now));
    peer->inflight_count++;
}

void nginx_times_learn(struct nginx_times *times, const struct view *view,
                       const struct outcome_report *outcome)
{
    struct nginx_times_peer *peer = &times->peer[outcome->backend];
    uint64_t response = (uint64_t)milliseconds_of(outcome->latency, view->now);
    sim_time header_at = view->now - outcome->latency + outcome->first_byte;
    nginx_times_advance(peer, (uint64_t)milliseconds_at(view->now));
    bool last = peer->inflight_count <= 1;
    peer->inflight_sum -= last || response > peer->inflight_sum ? peer->inflight_sum : response;
    peer->inflight_count -= peer->inflight_count > 0;
    if (nginx_peers_is_failure(outcome))
        return;
    nginx_times_feed(&peer->response, response);
    nginx_times_feed(&peer->header,
                     (uint64_t)milliseconds_of(outcome->first_byte, header_at));
}
