/* SPDX-License-Identifier: GPL-3.0-or-later
   Runs with several attempts a request: each attempt of a few, worked out by hand, and what
   must hold of all. */
#ifndef TESTS_MODELS_ATTEMPTS_H
#define TESTS_MODELS_ATTEMPTS_H

#include "tests/theory/laws_scene.h"

static inline int attempts_compare(const void *left, const void *right)
{
    const struct trace_row *a = left, *b = right;
    if (a->request != b->request)
        return a->request < b->request ? -1 : 1;
    return a->attempt - b->attempt;
}

static inline void attempts_sort(struct scene_rows *rows)
{
    qsort(rows->rows, rows->count, sizeof *rows->rows, attempts_compare);
}

struct attempt_row {
    uint64_t request;
    uint32_t attempt, pod;
    enum outcome outcome;
    int64_t sent_us, ended_us;
    bool last;
    int64_t served_us; /* 0: not looked at */
};

static inline bool attempts_match(const struct trace_row *row, const struct attempt_row *it)
{
    return row->request == it->request && row->attempt == it->attempt &&
           row->pod == it->pod && row->outcome == it->outcome && row->last == it->last &&
           row->sent == it->sent_us * 1000 && row->ended == it->ended_us * 1000 &&
           (it->served_us == 0 || row->served == it->served_us * 1000);
}

/* `lines` and `timeout` as of scene_open_script. */
static inline void attempts_assert(const char *lines, const char *timeout, const char *rest,
                                   const struct attempt_row *expected, size_t count)
{
    struct scene scene;
    scene_open_script(&scene, lines, timeout, rest);
    struct scene_rows rows = scene_run(&scene, 0, 1);
    attempts_sort(&rows);
    for (size_t i = 0; i < rows.count; i++) {
        const struct trace_row *row = &rows.rows[i];
        if (i >= count || !attempts_match(row, &expected[i]))
            fail_msg("row %zu: request %llu attempt %u pod %d %s last %d sent %lld ended %lld "
                     "served %lld ns", i, (unsigned long long)row->request, row->attempt,
                     (int)row->pod, outcome_names[row->outcome], row->last,
                     (long long)row->sent, (long long)row->ended, (long long)row->served);
    }
    assert_int_equal(rows.count, count);
    free(rows.rows);
    scene_close(&scene);
}

/* Every request ends once: its attempts are numbered without a gap and one of them is the
   last.  Sorts the rows. */
static inline void attempts_check_laws(struct laws *laws)
{
    attempts_sort(&laws->rows);
    uint64_t next = 0;
    uint32_t attempt = 0, last = 0;
    for (size_t i = 0; i < laws->rows.count; i++) {
        const struct trace_row *row = &laws->rows.rows[i];
        if (row->attempt == 0 && i > 0) {
            LAWS_HOLD(laws, row, last == 1);
            next++;
            attempt = last = 0;
        }
        LAWS_HOLD(laws, row, row->request == next && row->attempt == attempt);
        LAWS_HOLD(laws, row, row->ended >= row->due && row->outcome < OUTCOME_COUNT);
        LAWS_HOLD(laws, row, !row->last || row->outcome != OUTCOME_CANCELLED);
        LAWS_HOLD(laws, row, row->last || row->outcome != OUTCOME_OK);
        laws_check_order(laws, row);
        last += row->last;
        attempt++;
    }
    LAWS_HOLD(laws, NULL, laws->rows.count == 0 || last == 1);
    LAWS_HOLD(laws, NULL, next + 1 == laws->rows.account.requests);
}

#endif
