/* SPDX-License-Identifier: GPL-3.0-or-later
   Trials stand in policy-major order.  The calling thread folds each policy into the report
   as soon as its trials are done, in order.  A rule that asks for more replications is
   asked between rounds of threads, so what it sees does not depend on their number. */
#include "sim/cli/experiment.h"

#include "models/world.h"
#include "sim/cli/experiment_trace.h"
#include "sim/engine/check.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { EXPERIMENT_NOTE_SIZE = 4096 };

struct experiment_trial {
    struct tally *tally; /* NULL: not run, or stopped before its end */
    struct roster *own;  /* NULL: the tally goes by the roster that trials share */
    struct world_account account;
    _Atomic uint64_t progress; /* simulated nanoseconds */
};

/* Work to take: trials of a policy in order, all in one piece only where they share a trace. */
struct experiment_unit {
    size_t policy;
    uint64_t first, last;
};

/* Of one policy. */
struct experiment_lane {
    uint64_t done, wanted; /* replications: at the beginning of the round, at its end */
    struct experiment_trace trace;
    bool traced;       /* the trace is open */
    uint64_t finished; /* trials in the trace */
};

/* Where the threads meet. */
struct experiment_floor {
    const struct experiment *experiment;
    struct experiment_trial *trials; /* `stride` of them for each policy */
    uint64_t stride;
    struct experiment_lane *lanes;   /* by policy */
    struct experiment_unit *units;   /* of the round */
    atomic_size_t next;              /* unit to take */
    size_t unit_count;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t news;
    uint64_t *missing; /* by policy: trials not done */
    size_t workers;    /* still at work */
    struct roster *shared; /* of the first trial that came to its end; NULL: none has */
    char *message;     /* the first failure; empty: none */
    size_t size;
};

/* Where the rows of a trial go. */
struct experiment_sink {
    struct experiment_trial *trial;
    const struct roster *roster; /* the world's */
    struct output *rows;         /* NULL: no trace */
    unsigned replication;
};

static const struct param_kind *experiment_policy(const struct experiment *experiment,
                                                  size_t index)
{
    return PARAM_ITEM(*experiment->policies, struct param_kind, index);
}

static struct experiment_trial *experiment_trial(struct experiment_floor *floor,
                                                 size_t policy, uint64_t replication)
{
    return &floor->trials[policy * floor->stride + replication - 1];
}

static void experiment_fail(struct experiment_floor *floor, const char *message)
{
    pthread_mutex_lock(&floor->lock);
    if (!floor->message[0])
        snprintf(floor->message, floor->size, "%s", message);
    pthread_mutex_unlock(&floor->lock);
    atomic_store(floor->experiment->stop, true);
}

static void experiment_take_rows(void *context, const struct trace_row *rows, size_t count)
{
    struct experiment_sink *sink = context;
    tally_rows(sink->trial->tally, rows, count);
    if (sink->rows)
        trace_write_rows(sink->rows, sink->roster, sink->replication, rows, count);
}

/* Lets the tally outlive the world, and so its roster.  That is mostly like all others'. */
static void experiment_close_tally(struct experiment_floor *floor,
                                   struct experiment_trial *trial, const struct roster *roster)
{
    struct roster *kept = memory_take(1, sizeof *kept);
    tally_close(trial->tally);
    roster_keep(kept, roster, TALLY_PODS_KEPT);
    pthread_mutex_lock(&floor->lock);
    if (!floor->shared)
        floor->shared = kept;
    const struct roster *shared = floor->shared;
    pthread_mutex_unlock(&floor->lock);
    if (shared != kept && roster_is_kept(shared, roster, TALLY_PODS_KEPT)) {
        roster_free(kept);
        free(kept);
        kept = NULL;
    }
    trial->own = shared == kept ? NULL : kept;
    tally_adopt(trial->tally, kept ? kept : shared);
}

static void experiment_free_trial(struct experiment_trial *trial)
{
    tally_free(trial->tally);
    trial->tally = NULL;
    if (trial->own)
        roster_free(trial->own);
    free(trial->own);
    trial->own = NULL;
}

/* Runs one trial; its tally stays only if it came to its end. */
static void experiment_run_trial(struct experiment_floor *floor, size_t policy,
                                 uint64_t replication, struct experiment_trace *trace)
{
    const struct experiment *experiment = floor->experiment;
    struct experiment_trial *trial = experiment_trial(floor, policy, replication);
    struct experiment_sink sink = {
        .trial = trial,
        .rows = trace ? trace->rows : NULL,
        .replication = (unsigned)replication,
    };
    struct world_order order = {
        .scenario = experiment->scenario,
        .policy = experiment_policy(experiment, policy),
        .replication = replication,
        .sink = {experiment_take_rows, &sink},
        .stop = experiment->stop,
        .progress = &trial->progress,
    };
    char note[EXPERIMENT_NOTE_SIZE];
    snprintf(note, sizeof note, "%s (policy %s, replication %llu)", experiment->replay,
             order.policy->label, (unsigned long long)replication);
    check_note(note);
    struct world *world = world_build(&order);
    sink.roster = world_roster(world);
    trial->tally = tally_open(sink.roster);
    trial->account = world_run(world);
    if (trial->account.stopped)
        experiment_free_trial(trial);
    else
        experiment_close_tally(floor, trial, sink.roster);
    if (trace && !trial->account.stopped)
        timeline_write(trace->timeline, sink.roster, sink.replication);
    world_free(world);
    check_note(NULL);
}

static void experiment_finish_trial(struct experiment_floor *floor, size_t policy)
{
    pthread_mutex_lock(&floor->lock);
    if (--floor->missing[policy] == 0)
        pthread_cond_signal(&floor->news);
    pthread_mutex_unlock(&floor->lock);
}

static void experiment_close_trace(struct experiment_floor *floor, size_t policy)
{
    struct experiment_lane *lane = &floor->lanes[policy];
    char message[1024];
    if (lane->traced &&
        !experiment_trace_close(&lane->trace, lane->finished > 0, message, sizeof message))
        experiment_fail(floor, message);
    lane->traced = false;
}

/* Further trials of a policy, in order, into its trace. */
static void experiment_run_traced(struct experiment_floor *floor,
                                  const struct experiment_unit *unit)
{
    const struct experiment *experiment = floor->experiment;
    size_t policy = unit->policy;
    struct experiment_lane *lane = &floor->lanes[policy];
    char message[1024];
    if (!lane->traced &&
        !experiment_trace_open(&lane->trace, experiment->trace_folder,
                               experiment_policy(experiment, policy)->label, message,
                               sizeof message)) {
        experiment_fail(floor, message);
        return;
    }
    lane->traced = true;
    for (uint64_t i = unit->first; i <= unit->last && !atomic_load(experiment->stop); i++) {
        experiment_run_trial(floor, policy, i, &lane->trace);
        lane->finished += !experiment_trial(floor, policy, i)->account.stopped;
        if (!experiment_trace_check(&lane->trace, message, sizeof message))
            experiment_fail(floor, message);
        experiment_finish_trial(floor, policy);
    }
    if (!experiment->extend)
        experiment_close_trace(floor, policy);
}

static void *experiment_work(void *context)
{
    struct experiment_floor *floor = context;
    const struct experiment *experiment = floor->experiment;
    while (!atomic_load(experiment->stop)) {
        size_t next = atomic_fetch_add(&floor->next, 1);
        if (next >= floor->unit_count)
            break;
        const struct experiment_unit *unit = &floor->units[next];
        if (experiment->trace_folder) {
            experiment_run_traced(floor, unit);
        } else {
            experiment_run_trial(floor, unit->policy, unit->first, NULL);
            experiment_finish_trial(floor, unit->policy);
        }
    }
    pthread_mutex_lock(&floor->lock);
    floor->workers--;
    pthread_cond_signal(&floor->news);
    pthread_mutex_unlock(&floor->lock);
    return NULL;
}

unsigned experiment_default_jobs(void)
{
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
    long online = count ? count : sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (unsigned)online : 1;
}

/* The share of the simulated time that is done, of what is wanted so far. */
static double experiment_share(struct experiment_floor *floor)
{
    const struct experiment *experiment = floor->experiment;
    double duration = (double)experiment->scenario->run.duration, share = 0, count = 0;
    for (size_t policy = 0; policy < experiment->policies->count; policy++) {
        uint64_t wanted = floor->lanes[policy].wanted;
        count += (double)wanted;
        for (uint64_t i = 1; i <= wanted; i++) {
            struct experiment_trial *trial = experiment_trial(floor, policy, i);
            double done = (double)atomic_load(&trial->progress) / duration;
            share += done < 1 ? done : 1;
        }
    }
    return share / count;
}

/* Waits until all trials of a policy are done, or nobody is at work any more. */
static void experiment_await(struct experiment_floor *floor, size_t policy)
{
    const struct experiment *experiment = floor->experiment;
    const char *label = experiment_policy(experiment, policy)->label;
    pthread_mutex_lock(&floor->lock);
    while (floor->missing[policy] && floor->workers) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += 100000000;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&floor->news, &floor->lock, &until);
        if (experiment->progress) {
            pthread_mutex_unlock(&floor->lock);
            experiment->progress(experiment->context, label, experiment_share(floor));
            pthread_mutex_lock(&floor->lock);
        }
    }
    pthread_mutex_unlock(&floor->lock);
}

/* Makes the report of a policy from the trials that came to their end. */
static void experiment_fold(struct experiment_floor *floor, size_t policy,
                            struct report *report, struct experiment_policy *result)
{
    const struct experiment *experiment = floor->experiment;
    uint64_t wanted = floor->lanes[policy].wanted;
    struct tally **tallies = memory_zeroed(wanted, sizeof *tallies);
    *result = (struct experiment_policy){0};
    for (uint64_t i = 1; i <= wanted; i++) {
        const struct experiment_trial *trial = experiment_trial(floor, policy, i);
        if (!trial->tally)
            break; /* stopped early: what follows has no place in the order */
        tallies[result->replications++] = trial->tally;
        result->requests += trial->account.requests;
        result->rows += trial->account.rows;
        result->events += trial->account.events;
    }
    if (result->replications)
        report_add_policy(report, experiment_policy(experiment, policy)->label, tallies,
                          result->replications);
    free(tallies);
}

static void experiment_free_trials(struct experiment_floor *floor, size_t policy)
{
    for (uint64_t i = 1; i <= floor->lanes[policy].wanted; i++)
        experiment_free_trial(experiment_trial(floor, policy, i));
}

/* Starts the threads; how many, at least one. */
static size_t experiment_start(struct experiment_floor *floor, pthread_t *threads,
                               size_t count)
{
    size_t started = 0;
    pthread_mutex_lock(&floor->lock);
    while (started < count &&
           pthread_create(&threads[started], NULL, experiment_work, floor) == 0)
        started++;
    floor->workers = started;
    pthread_mutex_unlock(&floor->lock);
    CHECK(started > 0);
    return started;
}

/* Lists what the policies lack. */
static void experiment_plan(struct experiment_floor *floor)
{
    const struct experiment *experiment = floor->experiment;
    floor->unit_count = 0;
    atomic_store(&floor->next, 0);
    for (size_t policy = 0; policy < experiment->policies->count; policy++) {
        const struct experiment_lane *lane = &floor->lanes[policy];
        floor->missing[policy] = lane->wanted - lane->done;
        for (uint64_t i = lane->done + 1; i <= lane->wanted; i++) {
            struct experiment_unit unit = {policy, i, i};
            if (experiment->trace_folder)
                unit.last = i = lane->wanted;
            floor->units[floor->unit_count++] = unit;
        }
    }
}

/* All that is wanted so far, and the report of it. */
static void experiment_round(struct experiment_floor *floor, struct report *report,
                             struct experiment_policy *policies)
{
    const struct experiment *experiment = floor->experiment;
    experiment_plan(floor);
    size_t jobs = experiment->jobs < floor->unit_count ? experiment->jobs : floor->unit_count;
    pthread_t *threads = memory_take(jobs, sizeof *threads);
    size_t started = experiment_start(floor, threads, jobs);
    for (size_t i = 0; i < experiment->policies->count; i++) {
        experiment_await(floor, i);
        experiment_fold(floor, i, report, &policies[i]);
        if (!experiment->extend)
            experiment_free_trials(floor, i);
    }
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    free(threads);
}

/* Whether there is another round. */
static bool experiment_extend(struct experiment_floor *floor, const struct report *report)
{
    const struct experiment *experiment = floor->experiment;
    size_t count = experiment->policies->count;
    if (!experiment->extend || atomic_load(experiment->stop))
        return false;
    uint64_t *wanted = memory_take(count, sizeof *wanted);
    for (size_t i = 0; i < count; i++)
        wanted[i] = floor->lanes[i].wanted;
    bool more = experiment->extend(experiment->rule, report, wanted);
    for (size_t i = 0; i < count; i++) {
        CHECK(wanted[i] <= floor->stride);
        floor->lanes[i].done = floor->lanes[i].wanted;
        floor->lanes[i].wanted = wanted[i];
    }
    free(wanted);
    return more;
}

static void experiment_open(struct experiment_floor *floor)
{
    const struct experiment *experiment = floor->experiment;
    size_t count = experiment->policies->count;
    floor->stride = experiment->replications;
    if (experiment->extend && experiment->replications_max > floor->stride)
        floor->stride = experiment->replications_max;
    floor->trials = memory_zeroed(count * floor->stride, sizeof *floor->trials);
    floor->units = memory_take(count * floor->stride, sizeof *floor->units);
    floor->lanes = memory_zeroed(count, sizeof *floor->lanes);
    floor->missing = memory_take(count, sizeof *floor->missing);
    for (size_t i = 0; i < count; i++)
        floor->lanes[i].wanted = experiment->replications;
}

static void experiment_close(struct experiment_floor *floor)
{
    for (size_t i = 0; i < floor->experiment->policies->count; i++) {
        experiment_close_trace(floor, i);
        experiment_free_trials(floor, i);
    }
    if (floor->shared)
        roster_free(floor->shared);
    free(floor->shared);
    free(floor->missing);
    free(floor->lanes);
    free(floor->units);
    free(floor->trials);
}

bool experiment_run(const struct experiment *experiment, struct report *report,
                    struct experiment_policy *policies, char *message, size_t size)
{
    struct experiment_floor floor = {
        .experiment = experiment,
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .news = PTHREAD_COND_INITIALIZER,
        .message = message,
        .size = size,
    };
    message[0] = '\0';
    experiment_open(&floor);
    bool more;
    do {
        report_free(report);
        experiment_round(&floor, report, policies);
        more = experiment_extend(&floor, report);
    } while (more);
    experiment_close(&floor);
    return message[0] == '\0';
}
