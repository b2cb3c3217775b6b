/* SPDX-License-Identifier: GPL-3.0-or-later
   A row comes after all that it met is known, but maybe before the next episode: what is due
   between two episodes waits until there is one that it was before. */
#include "sim/report/harm.h"

#include "sim/report/harm_facts.h"
#include "sim/report/sparse.h"

#include "sim/engine/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct harm_fault {
    char name[24];
    const char *about;
    struct episode_list at;  /* by pod */
    struct episode_list any; /* of pod 0: while any pod is in one */
    uint32_t on;             /* pods that are in one */
    struct histogram laws[EPISODE_SPANS];
    unsigned char *packed[EPISODE_SPANS]; /* once closed */
    struct harm_count count; /* of rows; once closed, all */
};

struct harm {
    const struct roster *roster; /* NULL once closed */
    struct harm_fault *faults;
    size_t count, known; /* those with figures, and all */
    size_t seen; /* moments of the roster */
    struct arena arena;
};

/* -- episodes -- */

/* An episode has come that those who wait were before. */
static void harm_settle_waiting(struct harm_fault *fault)
{
    struct harm_count *count = &fault->count;
    struct histogram *from = &fault->laws[EPISODE_WAITING];
    struct histogram *into = &fault->laws[EPISODE_BEFORE];
    count->requests[EPISODE_BEFORE] += count->requests[EPISODE_WAITING];
    count->failed[EPISODE_BEFORE] += count->failed[EPISODE_WAITING];
    count->requests[EPISODE_WAITING] = count->failed[EPISODE_WAITING] = 0;
    if (from->count == 0)
        return;
    if (into->counts == NULL)
        histogram_init(into);
    histogram_merge(into, from);
    histogram_clear(from);
}

static void harm_follow(struct harm *harm)
{
    const struct roster *roster = harm->roster;
    for (; harm->seen < roster->moment_count; harm->seen++) {
        const struct roster_moment *moment = &roster->moments[harm->seen];
        bool begins = moment->kind == ROSTER_FAULT_BEGINS;
        if ((!begins && moment->kind != ROSTER_FAULT_ENDS) || moment->number >= harm->count)
            continue;
        struct harm_fault *fault = &harm->faults[moment->number];
        if (begins && episode_begin(&fault->at, moment->pod, moment->at)) {
            if (fault->on++ == 0 && episode_begin(&fault->any, 0, moment->at))
                harm_settle_waiting(fault);
        } else if (!begins && episode_end(&fault->at, moment->pod, moment->at)) {
            if (--fault->on == 0)
                episode_end(&fault->any, 0, moment->at);
        }
    }
}

struct harm *harm_open(const struct roster *roster)
{
    if (roster->fault_count == 0)
        return NULL;
    struct harm *harm = memory_zeroed(1, sizeof *harm);
    harm->roster = roster;
    harm->known = roster->fault_count;
    harm->count = roster->fault_count < HARM_FAULTS_MAX ? roster->fault_count : HARM_FAULTS_MAX;
    harm->faults = arena_take(&harm->arena, harm->count, sizeof *harm->faults);
    for (size_t i = 0; i < harm->count; i++) {
        struct harm_fault *fault = &harm->faults[i];
        snprintf(fault->name, sizeof fault->name, "%zu", i + 1);
        fault->about =
            arena_copy_text(&harm->arena, roster->faults[i], strlen(roster->faults[i]));
    }
    harm_follow(harm);
    return harm;
}

void harm_free(struct harm *harm)
{
    if (harm == NULL)
        return;
    for (size_t i = 0; i < harm->count; i++) {
        struct harm_fault *fault = &harm->faults[i];
        episode_free(&fault->at);
        episode_free(&fault->any);
        for (int span = 0; span < EPISODE_SPANS; span++) {
            histogram_free(&fault->laws[span]);
            free(fault->packed[span]);
        }
    }
    arena_free(&harm->arena);
    free(harm);
}

/* -- rows -- */

static bool harm_is_on(struct episode_list *list, uint32_t pod, sim_time at)
{
    const struct episode *episode = episode_at(list, pod, at);
    return episode != NULL && at <= episode->end;
}

static void harm_add_attempt(struct harm_fault *fault, const struct trace_row *row)
{
    if (harm_is_on(&fault->any, 0, row->dispatched)) {
        fault->count.attempts++;
        fault->count.there += harm_is_on(&fault->at, row->pod, row->dispatched);
    }
    if (row->outcome == OUTCOME_OK || row->outcome == OUTCOME_CANCELLED)
        return; /* of two at once only one can answer: the other did not fail */
    const struct episode *met = episode_at(&fault->at, row->pod, row->ended + 1);
    fault->count.errors += met != NULL && met->end >= row->dispatched;
}

static void harm_add_request(struct harm_fault *fault, const struct trace_row *row)
{
    enum episode_span span = episode_span(&fault->any, 0, row->due);
    fault->count.requests[span]++;
    fault->count.failed[span] += row->outcome != OUTCOME_OK;
    if (row->outcome != OUTCOME_OK && row->outcome != OUTCOME_TIMEOUT &&
        row->outcome != OUTCOME_QUEUE_TIMEOUT)
        return;
    if (fault->laws[span].counts == NULL)
        histogram_init(&fault->laws[span]);
    histogram_add(&fault->laws[span], row->ended - row->due);
}

void harm_rows(struct harm *harm, const struct trace_row *rows, size_t count)
{
    harm_follow(harm);
    for (size_t k = 0; k < count; k++)
        for (size_t i = 0; i < harm->count && rows[k].phase == PHASE_MEASURE; i++) {
            if (rows[k].pod != ROW_NO_POD)
                harm_add_attempt(&harm->faults[i], &rows[k]);
            if (rows[k].last)
                harm_add_request(&harm->faults[i], &rows[k]);
        }
}

/* -- what came of it -- */

struct harm_count harm_count(const struct harm *harm, size_t fault)
{
    const struct harm_fault *known = &harm->faults[fault];
    if (harm->roster == NULL)
        return known->count;
    if (harm->roster->cut != SIM_NEVER)
        return (struct harm_count){.unknown = 1};
    struct harm_count count = known->count;
    harm_facts_add(&count, harm->roster, &known->at, &known->any);
    return count;
}

void harm_close(struct harm *harm)
{
    if (harm->roster == NULL)
        return;
    harm_follow(harm);
    for (size_t i = 0; i < harm->count; i++) {
        struct harm_fault *fault = &harm->faults[i];
        fault->count = harm_count(harm, i);
        episode_free(&fault->at);
        episode_free(&fault->any);
        for (int span = 0; span < EPISODE_SPANS; span++)
            fault->packed[span] = sparse_pack(&fault->laws[span]);
    }
    harm->roster = NULL;
}

void harm_merge_law(const struct harm *harm, size_t fault, enum episode_span span,
                    struct histogram *into)
{
    const struct harm_fault *known = &harm->faults[fault];
    if (known->count.unknown || (harm->roster != NULL && harm->roster->cut != SIM_NEVER))
        return;
    if (known->packed[span] != NULL)
        sparse_merge(into, &known->laws[span], known->packed[span]);
    else
        histogram_merge(into, &known->laws[span]);
}

void harm_pool(struct harm_count *pooled, const struct harm_count *part)
{
    for (int span = 0; span < EPISODE_SPANS; span++) {
        pooled->requests[span] += part->requests[span];
        pooled->failed[span] += part->failed[span];
    }
    pooled->attempts += part->attempts;
    pooled->there += part->there;
    pooled->errors += part->errors;
    pooled->episodes += part->episodes;
    pooled->faulty += part->faulty;
    pooled->present += part->present;
    pooled->during += part->during;
    pooled->detected += part->detected;
    pooled->missed += part->missed;
    pooled->detection += part->detection;
    pooled->recovered += part->recovered;
    pooled->shunned += part->shunned;
    pooled->recovery += part->recovery;
    pooled->unknown += part->unknown;
}

size_t harm_faults(const struct harm *harm)
{
    return harm != NULL ? harm->count : 0;
}

bool harm_is_crowded(const struct harm *harm)
{
    return harm != NULL && harm->known > harm->count;
}

const char *harm_name(const struct harm *harm, size_t fault)
{
    return harm->faults[fault].name;
}

const char *harm_about(const struct harm *harm, size_t fault, struct arena *arena)
{
    const char *about = harm->faults[fault].about;
    size_t room = strlen(about) + 64;
    char *text = arena_take(arena, room, 1);
    snprintf(text, room, "%s%s", about,
             harm->faults[fault].count.unknown ? "; no figures: too many episodes" : "");
    return text;
}
