/* SPDX-License-Identifier: GPL-3.0-or-later
   Errors lengthen the last reply's latency and lower the weight; replies per second count
   only once the ring is full or spans a second. */
#include "models/blocks/locality_weight.h"

void locality_weight_init(struct locality_weight *server, int64_t weight)
{
    *server = (struct locality_weight){.weight = weight, .base = weight};
}

static int64_t locality_weight_reset(struct locality_weight *server,
                                     const struct locality_rules *rules, int64_t now)
{
    int64_t weight = server->base;
    if (server->begin_count > 0) {
        int64_t age = now - server->begin_sum / server->begin_count;
        int64_t punished = (int64_t)((double)server->mean * rules->punish_inflight_ratio);
        if (age >= punished && server->mean > 0)
            weight = age > 0 ? weight * punished / age : weight;
    }
    if (weight < rules->min_weight)
        weight = rules->min_weight;
    int64_t change = weight - server->weight;
    server->weight = weight;
    return change;
}

bool locality_weight_begin(struct locality_weight *server, const struct locality_rules *rules,
                           int64_t now, int64_t dice, int64_t *change)
{
    *change = locality_weight_reset(server, rules, now);
    if (server->weight < dice)
        return false;
    server->begin_sum += now;
    server->begin_count++;
    return true;
}

int64_t locality_weight_fail(struct locality_weight *server,
                             const struct locality_rules *rules, int64_t mean_weight)
{
    if (server->base <= mean_weight)
        return 0;
    server->base = mean_weight;
    return locality_weight_reset(server, rules, 0);
}

static struct locality_reply *locality_weight_last(struct locality_weight *server)
{
    return &server->replies[(server->first + server->count - 1) % LOCALITY_WEIGHT_REPLIES];
}

static void locality_weight_push(struct locality_weight *server, struct locality_reply reply)
{
    if (server->count == LOCALITY_WEIGHT_REPLIES)
        server->first = (server->first + 1) % LOCALITY_WEIGHT_REPLIES;
    else
        server->count++;
    *locality_weight_last(server) = reply;
}

/* The fewer retries are left, the more of the latency of an error is the whole timeout.
   */
static void locality_weight_error(struct locality_weight *server,
                                  const struct locality_rules *rules,
                                  const struct locality_call *call)
{
    int64_t done = 1, left = 0;
    if (rules->max_retry > 0) {
        done = call->retried < rules->max_retry ? call->retried : rules->max_retry;
        left = rules->max_retry - done;
    }
    int64_t longer = (int64_t)((double)(call->end - call->begin) * rules->punish_error_ratio);
    int64_t latency = (left * longer + done * rules->timeout) / (done + left);
    if (server->count > 0) {
        struct locality_reply *last = locality_weight_last(server);
        last->latency_sum += latency;
        last->end = call->end;
        return;
    }
    if (latency < rules->timeout)
        latency = rules->timeout;
    locality_weight_push(server, (struct locality_reply){latency, call->end});
}

/* Sets the mean latency and the base weight from the ring; false: leave the weight alone.
   */
static bool locality_weight_measure(struct locality_weight *server, int64_t end)
{
    const struct locality_reply *first = &server->replies[server->first];
    const struct locality_reply *last = locality_weight_last(server);
    int64_t rate = LOCALITY_WEIGHT_SCALE, replies = server->count;
    if (end > first->end) {
        if (replies == LOCALITY_WEIGHT_REPLIES || end >= first->end + 1000000) {
            rate = (replies - 1) * 1000000 * LOCALITY_WEIGHT_SCALE / (end - first->end);
            if (rate < LOCALITY_WEIGHT_SCALE)
                rate = LOCALITY_WEIGHT_SCALE;
        }
        server->mean = (last->latency_sum - first->latency_sum) / (replies - 1);
    } else if (replies == 1) {
        server->mean = last->latency_sum;
    } else {
        return false;
    }
    if (server->mean == 0)
        return false;
    server->base = rate / server->mean;
    return true;
}

int64_t locality_weight_end(struct locality_weight *server, const struct locality_rules *rules,
                            const struct locality_call *call)
{
    if (server->begin_count > 0) {
        server->begin_sum -= call->begin;
        server->begin_count--;
    }
    int64_t latency = call->end - call->begin;
    if (latency <= 0)
        return 0;
    if (call->success) {
        int64_t before = server->count > 0 ? locality_weight_last(server)->latency_sum : 0;
        locality_weight_push(server, (struct locality_reply){before + latency, call->end});
    } else {
        locality_weight_error(server, rules, call);
    }
    return locality_weight_measure(server, call->end)
               ? locality_weight_reset(server, rules, call->end)
               : 0;
}
