/* SPDX-License-Identifier: GPL-3.0-or-later
   A lane is a policy of a cell; trials stand in the order of lanes.  Who does the last trial of
   a lane makes its report, and the calling thread only joins reports, in order.  A rule that
   asks for more replications is asked between rounds of threads, so what it sees does not
   depend on their number. */
#include "sim/cli/experiment.h"

#include "models/scenario_tiers.h"
#include "models/world.h"
#include "sim/cli/experiment_trace.h"
#include "sim/engine/check.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { EXPERIMENT_NOTE_SIZE = 4096 };

struct experiment_trial {
    struct tally *tally; /* NULL: not run, or stopped before its end */
    struct roster *own;  /* NULL: the tally goes by the roster that trials share */
    struct world_account account;
    _Atomic uint64_t progress; /* simulated nanoseconds */
};

/* Work to take: trials of a lane in order, all in one piece only where they share a trace; none
   where only its report is to be made again. */
struct experiment_unit {
    struct experiment_lane *lane;
    uint64_t first, last;
};

/* One policy of a cell. */
struct experiment_lane {
    const struct experiment_cell *cell;
    const struct param_kind *policy;
    struct experiment_policy *outcome; /* the cell's */
    struct experiment_trial *trials;
    uint64_t done, wanted; /* replications: at the beginning of the round, at its end */
    uint64_t missing;      /* units not done; guarded by the floor's lock, */
    bool folded;           /* as is whether the report was made */
    struct report report;  /* of this lane alone, on its way into the cell's */
    struct experiment_trace trace;
    bool traced;       /* the trace is open */
    bool settled;      /* its cell wants no more */
    uint64_t finished; /* trials in the trace */
};

/* Where the threads meet. */
struct experiment_floor {
    const struct experiment *experiment;
    struct experiment_trial *trials; /* all of them */
    struct experiment_lane *lanes;   /* by cell and policy */
    size_t lane_count;
    struct experiment_unit *units;   /* of the round */
    atomic_size_t next;              /* unit to take */
    size_t unit_count;
    struct watch *watch;     /* NULL: nobody looks on */
    struct watch_lane *seen; /* room for what is shown */
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t news;
    size_t workers;    /* still at work */
    struct roster *shared; /* of the first trial that came to its end; NULL: none has */
    char *message;     /* the first failure; empty: none */
    size_t size;
};

/* Where the rows of a trial go. */
struct experiment_sink {
    struct experiment_trial *trial;
    const struct roster *roster; /* the world's */
    struct trace_file *rows;     /* NULL: no trace */
    unsigned replication;
};

/* The most replications that a policy of the cell may get. */
static uint64_t experiment_most(const struct experiment_cell *cell)
{
    bool grows = cell->extend && cell->replications_max > cell->replications;
    return grows ? cell->replications_max : cell->replications;
}

static void experiment_fail(struct experiment_floor *floor, const char *message)
{
    pthread_mutex_lock(&floor->lock);
    if (!floor->message[0])
        snprintf(floor->message, floor->size, "%s", message);
    pthread_mutex_unlock(&floor->lock);
    atomic_store(floor->experiment->stop, true);
}

static void experiment_take_hopped(void *context, const struct trace_row *rows,
                                   const struct trace_hops *hops, size_t count)
{
    struct experiment_sink *sink = context;
    tally_hopped(sink->trial->tally, rows, hops, count);
    if (sink->rows)
        trace_file_rows(sink->rows, sink->roster, sink->replication, rows, hops, count);
}

static void experiment_take_rows(void *context, const struct trace_row *rows, size_t count)
{
    experiment_take_hopped(context, rows, NULL, count);
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
static void experiment_run_trial(struct experiment_floor *floor, struct experiment_lane *lane,
                                 uint64_t replication, struct experiment_trace *trace,
                                 uint64_t **spare)
{
    struct experiment_trial *trial = &lane->trials[replication - 1];
    struct experiment_sink sink = {
        .trial = trial,
        .rows = trace ? trace->rows : NULL,
        .replication = (unsigned)replication,
    };
    struct world_order order = {
        .scenario = lane->cell->scenario,
        .policy = lane->policy,
        .replication = replication,
        .sink = {experiment_take_rows, &sink},
        .hopped = experiment_take_hopped,
        .stop = floor->experiment->stop,
        .progress = &trial->progress,
    };
    char note[EXPERIMENT_NOTE_SIZE];
    snprintf(note, sizeof note, "%s (policy %s, replication %llu)", lane->cell->replay,
             order.policy->label, (unsigned long long)replication);
    check_note(note);
    struct world *world = world_build(&order);
    sink.roster = world_roster(world);
    trial->tally = tally_open(sink.roster);
    tally_reuse(trial->tally, spare);
    if (replication == 1)
        tally_divide(trial->tally);
    trial->account = world_run(world);
    if (trial->account.stopped)
        experiment_free_trial(trial);
    else
        experiment_close_tally(floor, trial, sink.roster);
    if (floor->watch && trial->tally)
        watch_take(floor->watch, (size_t)(lane - floor->lanes), trial->tally);
    if (trace)
        experiment_trace_end(trace, sink.roster, sink.replication, !trial->account.stopped);
    world_free(world);
    check_note(NULL);
}

static void experiment_free_trials(struct experiment_lane *lane)
{
    for (uint64_t i = 0; i < lane->wanted; i++)
        experiment_free_trial(&lane->trials[i]);
}

/* Makes the report of a policy from the trials that came to their end. */
static void experiment_fold(struct experiment_lane *lane)
{
    struct tally **tallies = memory_zeroed(lane->wanted, sizeof *tallies);
    struct experiment_policy *result = lane->outcome;
    *result = (struct experiment_policy){0};
    for (uint64_t i = 0; i < lane->wanted; i++) {
        const struct experiment_trial *trial = &lane->trials[i];
        if (!trial->tally)
            break; /* stopped early: what follows has no place in the order */
        tallies[result->replications++] = trial->tally;
        result->requests += trial->account.requests;
        result->rows += trial->account.rows;
        result->events += trial->account.events;
    }
    if (result->replications)
        report_add_policy(&lane->report, lane->policy->label, tallies, result->replications);
    free(tallies);
    if (!lane->cell->extend)
        experiment_free_trials(lane);
}

/* After each unit of work on a lane. */
static void experiment_finish(struct experiment_floor *floor, struct experiment_lane *lane)
{
    pthread_mutex_lock(&floor->lock);
    bool is_last = --lane->missing == 0;
    pthread_mutex_unlock(&floor->lock);
    if (!is_last)
        return;
    experiment_fold(lane);
    pthread_mutex_lock(&floor->lock);
    lane->folded = true;
    pthread_cond_signal(&floor->news);
    pthread_mutex_unlock(&floor->lock);
}

static void experiment_close_trace(struct experiment_floor *floor,
                                   struct experiment_lane *lane)
{
    char message[1024];
    if (lane->traced &&
        !experiment_trace_close(&lane->trace, lane->finished > 0, message, sizeof message))
        experiment_fail(floor, message);
    lane->traced = false;
}

/* Further trials of a policy, in order, into its trace. */
static void experiment_run_traced(struct experiment_floor *floor,
                                  const struct experiment_unit *unit, uint64_t **spare)
{
    const struct experiment *experiment = floor->experiment;
    struct experiment_lane *lane = unit->lane;
    char message[1024];
    if (!lane->traced &&
        !experiment_trace_open(&lane->trace, lane->cell->trace_folder, lane->policy->label,
                               scenario_tiers_hopped(lane->cell->scenario), message,
                               sizeof message)) {
        experiment_fail(floor, message);
        return;
    }
    lane->traced = true;
    for (uint64_t i = unit->first; i <= unit->last && !atomic_load(experiment->stop); i++) {
        experiment_run_trial(floor, lane, i, &lane->trace, spare);
        lane->finished += !lane->trials[i - 1].account.stopped;
        if (!experiment_trace_check(&lane->trace, message, sizeof message))
            experiment_fail(floor, message);
    }
    if (!lane->cell->extend)
        experiment_close_trace(floor, lane);
}

static void *experiment_work(void *context)
{
    struct experiment_floor *floor = context;
    const struct experiment *experiment = floor->experiment;
    uint64_t *spare = NULL;
    while (!atomic_load(experiment->stop)) {
        size_t next = atomic_fetch_add(&floor->next, 1);
        if (next >= floor->unit_count)
            break;
        const struct experiment_unit *unit = &floor->units[next];
        if (unit->lane->cell->trace_folder)
            experiment_run_traced(floor, unit, &spare);
        else if (unit->first <= unit->last)
            experiment_run_trial(floor, unit->lane, unit->first, NULL, &spare);
        experiment_finish(floor, unit->lane);
    }
    free(spare);
    pthread_mutex_lock(&floor->lock);
    floor->workers--;
    pthread_cond_signal(&floor->news);
    pthread_mutex_unlock(&floor->lock);
    return NULL;
}

/* Tells who looks on how far everything is, of what is wanted so far. */
static void experiment_show(struct experiment_floor *floor, const struct experiment_lane *at)
{
    const struct experiment *experiment = floor->experiment;
    struct watch_view view = {.lanes = floor->seen, .count = floor->lane_count,
                              .cells = experiment->cell_count, .at = (size_t)(at - floor->lanes)};
    double done = 0, all = 0;
    for (size_t i = 0; i < floor->lane_count; i++) {
        struct experiment_lane *lane = &floor->lanes[i];
        double duration = (double)lane->cell->scenario->run.duration, own = 0;
        for (uint64_t k = 0; k < lane->wanted; k++)
            own += fmin((double)atomic_load(&lane->trials[k].progress), duration);
        floor->seen[i] = watch_look(floor->watch, i);
        floor->seen[i].policy = lane->policy->label;
        floor->seen[i].wanted = lane->wanted;
        floor->seen[i].share = own / ((double)lane->wanted * duration);
        done += own;
        all += (double)lane->wanted * duration;
    }
    view.share = done / all;
    experiment->progress(experiment->context, &view);
}

/* Waits until a lane has its report, or nobody is at work any more. */
static void experiment_await(struct experiment_floor *floor, struct experiment_lane *lane)
{
    pthread_mutex_lock(&floor->lock);
    while (!lane->folded && floor->workers) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += 100000000;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&floor->news, &floor->lock, &until);
        if (floor->experiment->progress) {
            pthread_mutex_unlock(&floor->lock);
            experiment_show(floor, lane);
            pthread_mutex_lock(&floor->lock);
        }
    }
    pthread_mutex_unlock(&floor->lock);
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

static void experiment_plan_unit(struct experiment_floor *floor, struct experiment_lane *lane,
                                 uint64_t first, uint64_t last)
{
    floor->units[floor->unit_count++] = (struct experiment_unit){lane, first, last};
    lane->missing++;
}

/* Lists what the lanes of a cell lack, if anything, for the report of all of them is new then.
   Returns whether it is. */
static bool experiment_plan_cell(struct experiment_floor *floor, struct experiment_lane *lanes)
{
    size_t count = lanes->cell->policies->count;
    bool is_open = false;
    for (size_t i = 0; i < count; i++)
        is_open = is_open || lanes[i].wanted > lanes[i].done;
    for (size_t i = 0; i < count && is_open; i++) {
        struct experiment_lane *lane = &lanes[i];
        lane->folded = false;
        if (lane->cell->trace_folder || lane->wanted == lane->done)
            experiment_plan_unit(floor, lane, lane->done + 1, lane->wanted);
        else
            for (uint64_t k = lane->done + 1; k <= lane->wanted; k++)
                experiment_plan_unit(floor, lane, k, k);
    }
    return is_open;
}

/* All that is wanted so far, and the reports of it. */
static void experiment_round(struct experiment_floor *floor)
{
    const struct experiment *experiment = floor->experiment;
    bool *open = memory_zeroed(floor->lane_count, sizeof *open);
    floor->unit_count = 0;
    atomic_store(&floor->next, 0);
    for (size_t i = 0; i < floor->lane_count; i += floor->lanes[i].cell->policies->count) {
        const struct experiment_cell *cell = floor->lanes[i].cell;
        memset(&open[i], experiment_plan_cell(floor, &floor->lanes[i]), cell->policies->count);
        if (open[i])
            report_free(cell->report);
    }
    size_t jobs = experiment->jobs < floor->unit_count ? experiment->jobs : floor->unit_count;
    pthread_t *threads = memory_take(jobs, sizeof *threads);
    size_t started = experiment_start(floor, threads, jobs);
    for (size_t i = 0; i < floor->lane_count; i++) {
        struct experiment_lane *lane = &floor->lanes[i];
        if (!open[i])
            continue;
        experiment_await(floor, lane);
        if (!lane->folded)
            experiment_fold(lane);
        report_join(lane->cell->report, &lane->report);
    }
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    free(threads);
    free(open);
}

/* Whether a cell, whose first lane is given, wants more.  One that does not is not asked
   again and gives back its memory. */
static bool experiment_extend_cell(struct experiment_floor *floor,
                                   struct experiment_lane *lanes)
{
    const struct experiment_cell *cell = lanes->cell;
    size_t count = cell->policies->count;
    if (lanes->settled)
        return false;
    uint64_t *wanted = memory_take(count, sizeof *wanted);
    for (size_t i = 0; i < count; i++)
        wanted[i] = lanes[i].done = lanes[i].wanted;
    bool more = cell->extend && cell->extend(cell->rule, cell->report, wanted);
    for (size_t i = 0; i < count; i++) {
        CHECK(wanted[i] <= experiment_most(cell));
        lanes[i].wanted = wanted[i];
        lanes[i].settled = !more;
        if (more)
            continue;
        experiment_close_trace(floor, &lanes[i]);
        experiment_free_trials(&lanes[i]);
    }
    free(wanted);
    return more;
}

/* Whether there is another round. */
static bool experiment_extend(struct experiment_floor *floor)
{
    bool more = false;
    if (atomic_load(floor->experiment->stop))
        return false;
    for (size_t i = 0; i < floor->lane_count; i += floor->lanes[i].cell->policies->count)
        more |= experiment_extend_cell(floor, &floor->lanes[i]);
    return more;
}

static void experiment_open(struct experiment_floor *floor)
{
    const struct experiment *experiment = floor->experiment;
    uint64_t trials = 0;
    for (size_t i = 0; i < experiment->cell_count; i++) {
        const struct experiment_cell *cell = &experiment->cells[i];
        floor->lane_count += cell->policies->count;
        trials += cell->policies->count * experiment_most(cell);
    }
    floor->trials = memory_zeroed(trials, sizeof *floor->trials);
    floor->units = memory_take(trials, sizeof *floor->units); /* at most one a trial */
    floor->lanes = memory_zeroed(floor->lane_count, sizeof *floor->lanes);
    if (experiment->progress) {
        floor->watch = watch_open(floor->lane_count);
        floor->seen = memory_zeroed(floor->lane_count, sizeof *floor->seen);
    }
    struct experiment_trial *next = floor->trials;
    struct experiment_lane *lane = floor->lanes;
    for (size_t i = 0; i < experiment->cell_count; i++) {
        const struct experiment_cell *cell = &experiment->cells[i];
        for (size_t k = 0; k < cell->policies->count; k++) {
            *lane++ = (struct experiment_lane){
                .cell = cell, .trials = next, .outcome = &cell->outcomes[k],
                .policy = PARAM_ITEM(*cell->policies, struct param_kind, k),
                .wanted = cell->replications};
            next += experiment_most(cell);
        }
    }
}

static void experiment_close(struct experiment_floor *floor)
{
    for (size_t i = 0; i < floor->lane_count; i++) {
        experiment_close_trace(floor, &floor->lanes[i]);
        experiment_free_trials(&floor->lanes[i]);
    }
    if (floor->shared)
        roster_free(floor->shared);
    free(floor->shared);
    watch_close(floor->watch);
    free(floor->seen);
    free(floor->lanes);
    free(floor->units);
    free(floor->trials);
}

bool experiment_run(const struct experiment *experiment, char *message, size_t size)
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
    do
        experiment_round(&floor);
    while (experiment_extend(&floor));
    experiment_close(&floor);
    return message[0] == '\0';
}
