/* SPDX-License-Identifier: GPL-3.0-or-later
   Tallies to summaries, and summaries pooled. */
#include "sim/report/summary.h"

#include "sim/report/batch.h"

#include <math.h>

void summary_init(struct summary *summary)
{
    *summary = (struct summary){0};
    histogram_init(&summary->law);
    histogram_init(&summary->answered);
    blame_open_empty(&summary->blame);
    for (int span = 0; span < EPISODE_SPANS; span++)
        histogram_init(&summary->spans[span]);
}

void summary_clear(struct summary *summary)
{
    struct summary empty = {0};
    histogram_clear(&summary->law);
    histogram_clear(&summary->answered);
    blame_clear(&summary->blame);
    empty.blame = summary->blame;
    empty.law = summary->law;
    empty.answered = summary->answered;
    for (int span = 0; span < EPISODE_SPANS; span++) {
        histogram_clear(&summary->spans[span]);
        empty.spans[span] = summary->spans[span];
    }
    *summary = empty;
}

void summary_free(struct summary *summary)
{
    histogram_free(&summary->law);
    histogram_free(&summary->answered);
    blame_free(&summary->blame);
    for (int span = 0; span < EPISODE_SPANS; span++)
        histogram_free(&summary->spans[span]);
}

/* What a pod costs while it is measured, whether it serves or not. */
static void summary_add_cost(struct summary_load *load, const struct roster *roster,
                             size_t index, uint64_t busy)
{
    const struct roster_life *life = roster_life(roster, index);
    sim_time paid = scope_cost(life, roster->measure_begin, roster->measure_end);
    load->paid += (uint64_t)paid;
    load->room += (wide_uint)paid * roster_kind(roster, index)->workers;
    load->busy += busy;
    load->varies |= paid > 0 && (life->is_scaled ||
                                 paid < roster->measure_end - roster->measure_begin);
}

/* A pod that was never there while it was measured has no part in how even the load is. */
static void summary_add_pod(struct summary_load *load, const struct tally *tally,
                            size_t index)
{
    const struct roster *roster = tally->roster;
    uint32_t workers = roster_kind(roster, index)->workers;
    const struct tally_pod *pod = &tally->pods[index + 1];
    load->sent += pod->requests;
    load->counted += tally_pod_counted(pod);
    load->latency += pod->latency;
    hits_merge(&load->hits, tally_hits(tally, index + 1));
    bool window = roster->measure_begin != SIM_NEVER;
    sim_time presence = 0;
    if (window)
        summary_add_cost(load, roster, index, pod->busy);
    if (window)
        presence = scope_presence(roster_life(roster, index), roster->measure_begin,
                                  roster->measure_end);
    if (window && presence == 0)
        return;
    moments_add(&load->requests, pod->requests);
    if (window && workers > 0) {
        double share = (double)pod->busy / ((double)presence * workers);
        moments_add(&load->utilisation, (uint64_t)(share / SUMMARY_SHARE_UNIT + 0.5));
    } else {
        load->unknown = true;
    }
}

struct summary_load *summary_loads(const struct tally *tally, struct arena *arena)
{
    if (tally->loads != NULL)
        return tally->loads;
    struct summary_load *loads = arena_take(arena, tally->group_count, sizeof(*loads));
    for (size_t i = 0; i < tally->pod_count; i++) {
        summary_add_pod(&loads[0], tally, i);
        summary_add_pod(&loads[tally_pod_group(&tally->pods[i + 1])], tally, i);
    }
    return loads;
}

static void summary_add_law(struct summary *summary, const struct tally_law *law)
{
    tally_merge(&summary->law, &law->answered, law->answered_packed);
    tally_merge(&summary->law, &law->late, law->late_packed);
    tally_merge(&summary->answered, &law->answered, law->answered_packed);
}

static void summary_add_client(struct summary *summary, const struct tally_client *client)
{
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        summary->outcomes[i] += client->outcomes[i];
        summary->requests += client->outcomes[i];
    }
    crossing_merge(&summary->crossing, client->crossing);
    summary_add_law(summary, &client->law);
    summary->counted = summary->law.count;
    summary->latency = summary->law.sum;
}

static void summary_fill_all(struct summary *summary, const struct tally *tally,
                             const struct summary_load *loads)
{
    for (size_t i = 0; i < tally->client_count; i++)
        summary_add_client(summary, &tally->clients[i]);
    summary->attempts = loads[0].sent + tally->pods[0].requests;
    summary->load = loads[0];
    summary->hits = loads[0].hits;
    blame_merge(&summary->blame, &tally->blame);
    if (tally->fleet.has_pairs)
        summary->fleet =
            fleet_count(&tally->fleet, tally->roster, tally->fleet.tier_count - 1);
}

static void summary_fill_load(struct summary *summary, const struct summary_load *load)
{
    summary->load = *load;
    summary->requests = load->sent;
    summary->counted = load->counted;
    summary->latency = load->latency;
    summary->hits = load->hits;
}

static void summary_fill_group(struct summary *summary, const struct tally *tally,
                               size_t index, const struct summary_load *loads)
{
    struct tally_law law = tally->groups[index].law;
    if (tally->is_lone && index == 1)
        law.answered.counts = tally->clients[0].law.answered.counts;
    if (law.answered.counts != NULL)
        histogram_settle(&law.answered);
    if (law.late.counts != NULL)
        histogram_settle(&law.late);
    summary_add_law(summary, &law);
    summary_fill_load(summary, &loads[index]);
}

static void summary_fill_pod(struct summary *summary, const struct tally *tally,
                             size_t index)
{
    struct summary_load load = {0};
    summary_add_pod(&load, tally, index);
    summary_fill_load(summary, &load);
}

static void summary_fill_fault(struct summary *summary, const struct tally *tally,
                               size_t index)
{
    summary->harm = harm_count(tally->harm, index);
    summary->requests = summary->harm.requests[EPISODE_DURING];
    summary->attempts = summary->harm.attempts;
    for (int span = 0; span < EPISODE_SPANS; span++)
        harm_merge_law(tally->harm, index, (enum episode_span)span, &summary->spans[span]);
}

static void summary_fill_window(struct summary *summary, const struct tally *tally,
                                size_t index)
{
    const struct window_set *set = &tally->windows;
    const struct window *window = &set->windows[index];
    struct histogram law = set->is_closed ? window->law : window_law(set, window);
    tally_merge(&summary->law, &law, window->packed);
    summary->counted = law.count;
    summary->latency = law.sum;
    summary->requests = law.count + window->failed;
    summary->outcomes[OUTCOME_OK] = law.count - window->late;
    summary->seconds = sim_seconds(window->end - window->begin);
    summary->flight = window_flight(set, index);
    summary->eligible = (double)window->eligible / 1e9 / set->balancers;
    if (window->end > set->known)
        summary->eligible = NAN;
}

static void summary_fill_hop(struct summary *summary, const struct tally *tally, size_t index)
{
    for (size_t i = 0; i < tally->client_count; i++)
        summary_add_client(summary, &tally->clients[i]);
    hop_merge(&summary->blame, &tally->blame, &tally->hops, index);
}

static void summary_fill_tier(struct summary *summary, const struct tally *tally, size_t index)
{
    summary->fleet = fleet_count(&tally->fleet, tally->roster, index);
    summary->requests = (uint64_t)summary->fleet.requests.sum;
}

static void summary_fill_balancer(struct summary *summary, const struct tally *tally,
                                  size_t index)
{
    const struct fleet *fleet = &tally->fleet;
    const struct fleet_tier *tier = &fleet->tiers[fleet->tier_count - 1];
    const struct fleet_instance *instance = &fleet->instances[index];
    tally_merge(&summary->law, &instance->law, instance->packed);
    summary->requests = tier->requests[index];
    for (uint32_t i = 0; i < tier->count; i++)
        summary->attempts += tier->requests[i];
    summary->outcomes[OUTCOME_OK] = summary->requests - instance->failed;
    summary->counted = summary->law.count;
    summary->latency = summary->law.sum;
}

void summary_fill(struct summary *summary, enum scope_kind kind, size_t index,
                  const struct tally *tally, const struct summary_load *loads)
{
    sim_time begin, end;
    tally_window(tally, &begin, &end);
    summary->seconds = sim_seconds(end - begin);
    if (kind == SCOPE_CHANGE)
        summary->churn = churn_count(tally->churn, index);
    else if (kind == SCOPE_FAULT)
        summary_fill_fault(summary, tally, index);
    else if (kind == SCOPE_WINDOW)
        summary_fill_window(summary, tally, index);
    else if (kind == SCOPE_HOP)
        summary_fill_hop(summary, tally, index);
    else if (kind == SCOPE_TIER)
        summary_fill_tier(summary, tally, index);
    else if (kind == SCOPE_BALANCER)
        summary_fill_balancer(summary, tally, index);
    else if (kind == SCOPE_ALL)
        summary_fill_all(summary, tally, loads);
    else if (kind == SCOPE_CLIENT)
        summary_add_client(summary, &tally->clients[index]);
    else if (kind == SCOPE_GROUP)
        summary_fill_group(summary, tally, index, loads);
    else
        summary_fill_pod(summary, tally, index);
    if (kind == SCOPE_GROUP || kind == SCOPE_POD)
        summary->attempts = loads[0].sent;
}

void summary_add_batch(struct summary *summary, enum scope_kind kind, size_t client,
                       const struct batch_set *set, size_t batch)
{
    const struct batch *part = &set->batches[batch];
    summary->seconds += sim_seconds(batch_length(set, batch));
    if (kind == SCOPE_CLIENT) {
        summary_add_client(summary, &part->clients[client]);
        return;
    }
    summary->attempts += part->attempts;
    for (size_t i = 0; i <= BATCH_CLIENTS_MAX; i++)
        summary_add_client(summary, &part->clients[i]);
}

static void summary_pool_churn(struct churn_count *pooled, const struct churn_count *part)
{
    pooled->keys += part->keys;
    pooled->moved += part->moved;
    pooled->least += part->least;
    pooled->sessions += part->sessions;
    pooled->lost += part->lost;
    pooled->needless += part->needless;
    hits_merge(&pooled->hits.before, part->hits.before);
    hits_merge(&pooled->hits.after, part->hits.after);
    hits_merge(&pooled->hits.lowest, part->hits.lowest);
    pooled->pairs.before += part->pairs.before;
    pooled->pairs.after += part->pairs.after;
    pooled->pairs.opened += part->pairs.opened;
    pooled->pairs.closed += part->pairs.closed;
    pooled->pairs.needless += part->pairs.needless;
}

void summary_pool(struct summary *pooled, const struct summary *part)
{
    pooled->requests += part->requests;
    pooled->attempts += part->attempts;
    for (int i = 0; i < OUTCOME_COUNT; i++)
        pooled->outcomes[i] += part->outcomes[i];
    pooled->seconds += part->seconds;
    pooled->counted += part->counted;
    pooled->latency += part->latency;
    if (part->blame.is_merged)
        blame_merge(&pooled->blame, &part->blame);
    histogram_merge(&pooled->law, &part->law);
    histogram_merge(&pooled->answered, &part->answered);
    bool varies = pooled->load.varies || part->load.varies;
    pooled->load = part->load;
    pooled->load.varies = varies;
    hits_merge(&pooled->hits, part->hits);
    crossing_merge(&pooled->crossing, part->crossing);
    summary_pool_churn(&pooled->churn, &part->churn);
    harm_pool(&pooled->harm, &part->harm);
    for (int span = 0; span < EPISODE_SPANS; span++)
        histogram_merge(&pooled->spans[span], &part->spans[span]);
    if (part->fleet.requests.count > 0)
        pooled->fleet = part->fleet;
    pooled->flight += part->flight;
    pooled->eligible += part->eligible;
}
