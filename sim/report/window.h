/* SPDX-License-Identifier: GPL-3.0-or-later
   How a run went over time, warm-up included: up to sixty windows of equal, round length, each
   with the requests that were due in it.  Whole numbers, the same for the same rows in any
   order. */
#ifndef SIM_REPORT_WINDOW_H
#define SIM_REPORT_WINDOW_H

#include "sim/stats/histogram.h"
#include "sim/trace/roster.h"
#include "sim/trace/row.h"

enum { WINDOW_COUNT_MAX = 60, WINDOW_NAME_SIZE = 64 };

struct window {
    struct histogram law;  /* latencies, as of struct tally_law, both kinds: sum and marks, the
                              rest as window_law has it */
    unsigned char *packed; /* of a closed one: see sparse.h */
    uint64_t late;         /* of the law, but not answered */
    uint64_t failed;       /* not in the law */
    wide_uint flight;      /* ns of requests under way: what window_flight adds; may wrap */
    uint64_t crossed;      /* requests under way at its end, less those at its beginning */
    wide_uint eligible;    /* ns of pods, times balancers, that requests could be sent to */
    sim_time begin, end;   /* cut at the end of the run */
    char name[WINDOW_NAME_SIZE]; /* "10s..12s" */
};

/* Where the windows of a run lie. */
struct window_grid {
    sim_time begin, end; /* of the first, of the last; all are `width` long, but the last is cut */
    sim_time width;
    size_t count; /* 0: there are none */
};

/* A zeroed one has no windows. */
struct window_set {
    sim_time from, to;  /* of the window that rows go to at present ... */
    struct window *now; /* ... which is this one */
    struct window *windows; /* and one behind the last, for what ends later */
    struct window_grid grid;
    uint64_t *counts; /* of all laws, while there are rows */
    uint64_t **spare; /* where such memory is taken from and goes to; NULL: nowhere */
    uint32_t balancers;    /* that `eligible` counts each pod for */
    sim_time known;        /* until when who was eligible is known */
    sim_time least, largest; /* bounds of all latencies that window_take_answered did not see */
    bool is_closed;
};

/* Of a run that is measured until `end` and whose first pod is there from `first` on. */
struct window_grid window_grid(sim_time first, sim_time end);
/* "10s..12s": without the cut of the last. */
void window_name(char name[WINDOW_NAME_SIZE], const struct window_grid *grid, size_t index);

/* From when the first pod is there to the end of the measured window; none where that is not
   known. */
void window_open(struct window_set *set, const struct roster *roster);
void window_free(struct window_set *set);
/* Memory for the rows of one set after another, all zero: fresh pages would cost more than the
   rows of a short run.  `*spare` is NULL at first and to be freed at last. */
void window_reuse(struct window_set *set, uint64_t **spare);
/* All latencies that window_take_answered took were within these. */
void window_bound(struct window_set *set, sim_time least, sim_time largest);
/* No more rows: packs.  The bounds must be known. */
void window_close(struct window_set *set);
/* The law of a window, whole, to be merged; its counts stay those of the window. */
struct histogram window_law(const struct window_set *set, const struct window *window);

/* ns that requests were under way within a window, all of them together. */
wide_uint window_flight(const struct window_set *set, size_t index);

/* Takes the last attempt of a request. */
void window_take(struct window_set *set, const struct trace_row *row);
/* What window_take_answered leaves to it. */
void window_take_across(struct window_set *set, const struct trace_row *row, sim_time latency);
/* One that counts with its latency.  Mostly it was due and ended in the window at hand. */
static inline void window_take_answered(struct window_set *set, const struct trace_row *row,
                                        sim_time latency)
{
    if (row->due < set->from || row->ended >= set->to) {
        window_take_across(set, row, latency);
        return;
    }
    histogram_mark(&set->now->law, latency);
    set->now->law.sum += (uint64_t)latency;
}

#endif
