/* SPDX-License-Identifier: GPL-3.0-or-later
   An episode is detected by a balancer that avoids the pod before it ends; one that avoided it
   already has nothing to detect.  It is over for good once all who detected it, and avoid the
   pod at its end, trust it again, if no other episode comes first.  Where no balancer watches,
   the checks of sites by DNS do. */
#include "sim/report/harm_facts.h"

#include "sim/engine/check.h"

#include <stdlib.h>
#include <string.h>

/* A balancer begins to avoid a pod, or ends. */
struct harm_turn {
    sim_time at;
    uint32_t pod, balancer;
    bool avoids;
    size_t order;
};

struct harm_turns {
    struct harm_turn *turns; /* by pod, balancer, time */
    size_t count;
};

static sim_time harm_facts_earlier(sim_time a, sim_time b)
{
    return a < b ? a : b;
}

/* How much of [begin, end) is measured, while a pod is there; NULL: any. */
static uint64_t harm_facts_measured(const struct roster *roster,
                                    const struct roster_life *life, sim_time begin,
                                    sim_time end)
{
    sim_time from = roster->measure_begin != SIM_NEVER ? roster->measure_begin : 0;
    sim_time to = harm_facts_earlier(roster->measure_end, end);
    from = begin > from ? begin : from;
    if (life != NULL) {
        from = life->joined > from ? life->joined : from;
        to = harm_facts_earlier(life->left, to);
    }
    return to > from && to != SIM_NEVER ? (uint64_t)to - (uint64_t)from : 0;
}

/* -- who was there -- */

static bool harm_facts_stays(const struct roster_life *life)
{
    return life->joined == 0 && life->left == SIM_NEVER;
}

static void harm_facts_add_presence(struct harm_count *count, const struct roster *roster,
                                    const struct episode_list *any)
{
    uint64_t still = 0;
    for (size_t i = 0; i < roster->pod_count; i++)
        still += harm_facts_stays(roster_life(roster, i));
    for (size_t e = 0; e < any->count; e++) {
        const struct episode *episode = &any->episodes[e];
        uint64_t length = harm_facts_measured(roster, NULL, episode->begin, episode->end);
        count->during += length;
        count->present += (wide_uint)length * still;
        for (size_t i = 0; i < roster->pod_count && still < roster->pod_count; i++) {
            const struct roster_life *life = roster_life(roster, i);
            if (!harm_facts_stays(life))
                count->present +=
                    harm_facts_measured(roster, life, episode->begin, episode->end);
        }
    }
}

/* -- who kept away -- */

static int harm_facts_compare(const void *left, const void *right)
{
    const struct harm_turn *a = left, *b = right;
    if (a->pod != b->pod)
        return a->pod < b->pod ? -1 : 1;
    if (a->balancer != b->balancer)
        return a->balancer < b->balancer ? -1 : 1;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static struct harm_turns harm_facts_turns(const struct roster *roster)
{
    struct harm_turns turns = {memory_take(roster->moment_count + 1, sizeof *turns.turns), 0};
    for (size_t i = 0; i < roster->moment_count; i++) {
        const struct roster_moment *moment = &roster->moments[i];
        if (moment->kind == ROSTER_AVOIDED || moment->kind == ROSTER_TRUSTED)
            turns.turns[turns.count++] =
                (struct harm_turn){moment->at, moment->pod, moment->number,
                                   moment->kind == ROSTER_AVOIDED, i};
    }
    qsort(turns.turns, turns.count, sizeof *turns.turns, harm_facts_compare);
    return turns;
}

/* The turns of one balancer about one pod. */
static struct harm_turns harm_facts_of(const struct harm_turns *turns, uint32_t pod,
                                       uint32_t balancer)
{
    size_t low = 0, high = turns->count, last;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct harm_turn *turn = &turns->turns[middle];
        if (turn->pod < pod || (turn->pod == pod && turn->balancer < balancer))
            low = middle + 1;
        else
            high = middle;
    }
    for (last = low; last < turns->count && turns->turns[last].pod == pod &&
                     turns->turns[last].balancer == balancer;)
        last++;
    return (struct harm_turns){turns->turns + low, last - low};
}

/* Whether the balancer avoided the pod before `at`. */
static bool harm_facts_avoids(const struct harm_turns *own, sim_time at)
{
    bool avoids = false;
    for (size_t i = 0; i < own->count && own->turns[i].at < at; i++)
        avoids = own->turns[i].avoids;
    return avoids;
}

/* The first turn of that kind within [from, to]; SIM_NEVER: none. */
static sim_time harm_facts_turn(const struct harm_turns *own, bool avoids, sim_time from,
                                sim_time to)
{
    for (size_t i = 0; i < own->count && own->turns[i].at <= to; i++)
        if (own->turns[i].at >= from && own->turns[i].avoids == avoids)
            return own->turns[i].at;
    return SIM_NEVER;
}

/* Whether it detected the episode; false where the pod was avoided already. */
static bool harm_facts_detect(struct harm_count *count, const struct harm_turns *own,
                              const struct episode *episode)
{
    if (harm_facts_avoids(own, episode->begin))
        return false;
    sim_time at = harm_facts_turn(own, true, episode->begin, episode->end);
    bool found = at != SIM_NEVER;
    count->detected += found;
    count->missed += !found;
    count->detection += found ? (uint64_t)at - (uint64_t)episode->begin : 0;
    return found;
}

/* What DNS made of the site that a pod is in, as one balancer that watches over it. */
static struct harm_turns harm_facts_site(const struct roster *roster, uint32_t pod)
{
    struct harm_turns own = {memory_take(roster->site_count, sizeof *own.turns), 0};
    for (size_t i = 0; i < roster->site_count; i++)
        if (strcmp(roster->sites[i].zone, roster_kind(roster, pod)->zone) == 0)
            own.turns[own.count++] = (struct harm_turn){
                .at = roster->sites[i].at, .pod = pod, .avoids = !roster->sites[i].is_up};
    return own;
}

/* Of an episode: whether somebody kept away at its end, and until when. */
struct harm_away {
    sim_time next; /* the pod's next episode; SIM_NEVER: none */
    sim_time back;
    bool away;
};

static void harm_facts_add_turns(struct harm_count *count, const struct harm_turns *own,
                                 const struct episode *episode, struct harm_away *away)
{
    if (!harm_facts_detect(count, own, episode) || episode->end == SIM_NEVER ||
        !harm_facts_avoids(own, episode->end + 1))
        return;
    sim_time trusted = harm_facts_turn(own, false, episode->end + 1, away->next);
    away->back = trusted > away->back ? trusted : away->back;
    away->away = true;
}

static void harm_facts_add_guards(struct harm_count *count, const struct roster *roster,
                                  const struct harm_turns *turns,
                                  const struct episode_list *at, const struct episode *episode)
{
    struct harm_away away = {.next = SIM_NEVER};
    if (episode->after != SIZE_MAX)
        away.next = at->episodes[episode->after].begin;
    for (uint32_t i = 0; i < roster->guards; i++) {
        struct harm_turns own = harm_facts_of(turns, episode->pod, i);
        harm_facts_add_turns(count, &own, episode, &away);
    }
    if (roster->guards == 0 && roster->site_count > 0) {
        struct harm_turns own = harm_facts_site(roster, episode->pod);
        harm_facts_add_turns(count, &own, episode, &away);
        free(own.turns);
    }
    if (away.away && away.back != SIM_NEVER) {
        count->recovered++;
        count->recovery += (uint64_t)away.back - (uint64_t)episode->end;
    } else if (away.away) {
        count->shunned++;
    }
}

void harm_facts_add(struct harm_count *count, const struct roster *roster,
                    const struct episode_list *at, const struct episode_list *any)
{
    struct harm_turns turns = harm_facts_turns(roster);
    harm_facts_add_presence(count, roster, any);
    for (size_t i = 0; i < at->count; i++) {
        const struct episode *episode = &at->episodes[i];
        uint64_t measured = harm_facts_measured(roster, roster_life(roster, episode->pod),
                                                episode->begin, episode->end);
        if (measured == 0)
            continue;
        count->episodes++;
        count->faulty += measured;
        harm_facts_add_guards(count, roster, &turns, at, episode);
    }
    free(turns.turns);
}
