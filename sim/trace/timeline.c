/* SPDX-License-Identifier: GPL-3.0-or-later
   Writes timeline.csv: first who takes part, in the order of the roster's numbers, so that
   they are the same when read back; then what happened, in order of time. */
#include "sim/trace/timeline.h"

#include "sim/engine/check.h"

#include <stdlib.h>

const char *const timeline_column_names[] = {
    "replication", "at_ns",   "event", "subject", "group",
    "zone",        "workers", "speed", "weight",  "fault",
    "balancer",    NULL,
};

const char *const timeline_event_names[] = {
#define EVENT(name, about) #name,
#include "sim/trace/events.def"
#undef EVENT
    NULL,
};

enum { TIMELINE_LIFE_MAX = 4 }; /* moments of one pod's life */

struct timeline_moment {
    sim_time at;
    enum timeline_event event;
    const char *subject;
    size_t place; /* of the subject, a change or, behind these, a moment in the roster */
    double weight;   /* of pod_weight */
    uint32_t number; /* of a fault, or a balancer */
};

void timeline_write_header(struct output *output)
{
    for (size_t i = 0; i < TIMELINE_COLUMNS; i++)
        output_format(output, "%s%s", i > 0 ? "," : "", timeline_column_names[i]);
    output_text(output, "\n");
}

/* Up to the comma before the columns that only a few events fill. */
static void timeline_write_moment(struct output *output, unsigned replication,
                                  const struct timeline_moment *moment)
{
    output_unsigned(output, replication);
    output_text(output, ",");
    if (moment->at != SIM_NEVER)
        output_signed(output, moment->at);
    output_format(output, ",%s,", timeline_event_names[moment->event]);
    output_field(output, moment->subject);
    output_text(output, ",");
}

static void timeline_write_pod(struct output *output, unsigned replication,
                               const struct roster *roster, size_t pod)
{
    const struct roster_kind *kind = roster_kind(roster, pod);
    struct timeline_moment moment = {.at = roster_life(roster, pod)->joined,
                                     .event = TIMELINE_IS_pod_added,
                                     .subject = roster->pods[pod].name};
    timeline_write_moment(output, replication, &moment);
    output_field(output, kind->group);
    output_text(output, ",");
    output_field(output, kind->zone);
    output_format(output, ",%u,", kind->workers);
    output_double(output, kind->speed);
    output_text(output, ",");
    output_double(output, kind->weight);
    output_text(output, ",,\n");
}

static void timeline_write_client(struct output *output, unsigned replication,
                                  const char *client, const char *zone)
{
    struct timeline_moment moment = {.event = TIMELINE_IS_client_added, .subject = client};
    timeline_write_moment(output, replication, &moment);
    output_text(output, ",");
    output_field(output, zone);
    output_text(output, ",,,,,\n");
}

static void timeline_write_place(struct output *output, unsigned replication,
                                 uint32_t balancer, const char *zone)
{
    struct timeline_moment moment = {
        .event = TIMELINE_IS_balancer_placed, .subject = ""};
    timeline_write_moment(output, replication, &moment);
    output_text(output, ",");
    output_field(output, zone);
    output_format(output, ",,,,,%u\n", balancer);
}

static bool timeline_is_change(enum timeline_event event)
{
    return event == TIMELINE_IS_pod_down || event == TIMELINE_IS_pod_up ||
           event == TIMELINE_IS_pod_weight || event >= TIMELINE_IS_fault_begins;
}

/* Changes of one time stay in the order in which they came. */
static int timeline_compare(const void *left, const void *right)
{
    const struct timeline_moment *a = left, *b = right;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    if (a->event != b->event &&
        !(timeline_is_change(a->event) && timeline_is_change(b->event)))
        return a->event < b->event ? -1 : 1;
    return a->place < b->place ? -1 : a->place > b->place;
}

static const enum timeline_event timeline_changes[] = {
    [ROSTER_DOWN] = TIMELINE_IS_pod_down,
    [ROSTER_UP] = TIMELINE_IS_pod_up,
    [ROSTER_WEIGHT] = TIMELINE_IS_pod_weight,
};

static struct timeline_moment timeline_of_pod(const struct roster *roster, size_t pod,
                                              sim_time at, enum timeline_event event)
{
    return (struct timeline_moment){
        .at = at, .event = event, .subject = roster->pods[pod].name, .place = pod};
}

/* What a pod's being in the list or not does not tell of it. */
static size_t timeline_collect_life(const struct roster *roster, size_t pod,
                                    struct timeline_moment *moments)
{
    const struct roster_life *life = roster_life(roster, pod);
    sim_time created = roster_created(life);
    size_t count = 0;
    if (created != life->joined)
        moments[count++] = timeline_of_pod(roster, pod, created, TIMELINE_IS_pod_created);
    if (life->left != SIM_NEVER)
        moments[count++] = timeline_of_pod(roster, pod, life->left, TIMELINE_IS_pod_removed);
    if (life->ended != SIM_NEVER && life->ended != life->left)
        moments[count++] = timeline_of_pod(roster, pod, life->ended, TIMELINE_IS_pod_ended);
    if (life->is_scaled)
        moments[count++] = timeline_of_pod(roster, pod, created, TIMELINE_IS_pod_scaled);
    return count;
}

/* An autoscaler never made it. */
static bool timeline_is_unborn(const struct roster *roster, size_t pod)
{
    const struct roster_life *life = roster_life(roster, pod);
    return life->is_scaled && roster_created(life) == SIM_NEVER;
}

static const enum timeline_event timeline_kinds[] = {
    [ROSTER_FAULT_BEGINS] = TIMELINE_IS_fault_begins,
    [ROSTER_FAULT_ENDS] = TIMELINE_IS_fault_ends,
    [ROSTER_AVOIDED] = TIMELINE_IS_pod_avoided,
    [ROSTER_TRUSTED] = TIMELINE_IS_pod_trusted,
};

static size_t timeline_collect_sizes(const struct roster *roster,
                                     struct timeline_moment *moments)
{
    size_t count = 0;
    for (size_t i = 0; i < roster->tier_count; i++)
        for (size_t k = 0; k < roster->tiers[i].size_count; k++, count++)
            moments[count] = (struct timeline_moment){
                .at = roster->tiers[i].sizes[k].at,
                .event = TIMELINE_IS_tier_size,
                .subject = roster->tiers[i].name,
                .place = roster->change_count + roster->moment_count + count,
                .number = roster->tiers[i].sizes[k].count,
            };
    return count;
}

static size_t timeline_collect_changes(const struct roster *roster,
                                       struct timeline_moment *moments)
{
    size_t count = 0;
    for (size_t i = 0; i < roster->change_count; i++) {
        const struct roster_change *change = &roster->changes[i];
        moments[count++] = (struct timeline_moment){
            .at = change->at,
            .event = timeline_changes[change->event],
            .subject = roster->pods[change->pod].name,
            .place = i,
            .weight = change->weight,
        };
    }
    for (size_t i = 0; i < roster->moment_count; i++) {
        const struct roster_moment *moment = &roster->moments[i];
        moments[count++] = (struct timeline_moment){
            .at = moment->at,
            .event = timeline_kinds[moment->kind],
            .subject = roster->pods[moment->pod].name,
            .place = roster->change_count + i,
            .number = moment->number,
        };
    }
    for (size_t i = 0; i < roster->site_count; i++) {
        const struct roster_site *site = &roster->sites[i];
        moments[count++] = (struct timeline_moment){
            .at = site->at,
            .event = site->is_up ? TIMELINE_IS_site_up : TIMELINE_IS_site_down,
            .subject = site->zone,
            .place = roster->change_count + roster->moment_count + i,
        };
    }
    return count + timeline_collect_sizes(roster, &moments[count]);
}

static size_t timeline_collect(const struct roster *roster,
                               struct timeline_moment *moments)
{
    size_t count = timeline_collect_changes(roster, moments);
    const struct {
        sim_time at;
        enum timeline_event event;
    } times[] = {
        {roster->measure_begin, TIMELINE_IS_measure_begin},
        {roster->measure_end, TIMELINE_IS_measure_end},
        {roster->cut, TIMELINE_IS_cut},
    };
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (times[i].at != SIM_NEVER)
            moments[count++] = (struct timeline_moment){
                .at = times[i].at, .event = times[i].event, .subject = ""};
    for (size_t i = 0; i < roster->pod_count; i++)
        if (!timeline_is_unborn(roster, i))
            count += timeline_collect_life(roster, i, &moments[count]);
    qsort(moments, count, sizeof *moments, timeline_compare);
    return count;
}

/* Which columns beside the first few an event fills. */
static void timeline_write_rest(struct output *output, const struct timeline_moment *moment)
{
    enum timeline_event event = moment->event;
    output_text(output, ",,,,");
    if (event == TIMELINE_IS_pod_weight)
        output_double(output, moment->weight);
    output_text(output, ",");
    if (event == TIMELINE_IS_fault || event == TIMELINE_IS_fault_begins ||
        event == TIMELINE_IS_fault_ends)
        output_format(output, "%u", moment->number + 1);
    output_text(output, ",");
    if (event == TIMELINE_IS_guards || event == TIMELINE_IS_tier ||
        event == TIMELINE_IS_tier_size ||
        event == TIMELINE_IS_pod_avoided || event == TIMELINE_IS_pod_trusted)
        output_format(output, "%u", moment->number);
    output_text(output, "\n");
}

static void timeline_write_line(struct output *output, unsigned replication,
                                struct timeline_moment moment)
{
    timeline_write_moment(output, replication, &moment);
    timeline_write_rest(output, &moment);
}

void timeline_write(struct output *output, const struct roster *roster,
                    unsigned replication)
{
    for (size_t i = 0; i < roster->client_count; i++)
        timeline_write_client(output, replication, roster->clients[i],
                              i < roster->home_count ? roster->homes[i] : "");
    for (size_t i = 0; i < roster->pod_count; i++)
        if (!timeline_is_unborn(roster, i))
            timeline_write_pod(output, replication, roster, i);
    for (uint32_t i = 0; i < roster->fault_count; i++)
        timeline_write_line(output, replication,
                            (struct timeline_moment){.event = TIMELINE_IS_fault,
                                                     .subject = roster->faults[i],
                                                     .number = i});
    if (roster->guards > 0)
        timeline_write_line(output, replication,
                            (struct timeline_moment){.event = TIMELINE_IS_guards,
                                                     .subject = "",
                                                     .number = roster->guards});
    for (uint32_t i = 0; i < roster->place_count; i++)
        if (roster->places[i][0] != '\0')
            timeline_write_place(output, replication, i, roster->places[i]);
    for (size_t i = 0; i < roster->tier_count; i++)
        timeline_write_line(output, replication,
                            (struct timeline_moment){.event = TIMELINE_IS_tier,
                                                     .subject = roster->tiers[i].name,
                                                     .number = roster->tiers[i].count});
    size_t room = TIMELINE_LIFE_MAX * roster->pod_count + roster->change_count +
                  roster->moment_count + roster->site_count + 3;
    for (size_t i = 0; i < roster->tier_count; i++)
        room += roster->tiers[i].size_count;
    struct timeline_moment *moments = memory_take(room, sizeof *moments);
    size_t count = timeline_collect(roster, moments);
    for (size_t i = 0; i < count; i++)
        timeline_write_line(output, replication, moments[i]);
    free(moments);
}
