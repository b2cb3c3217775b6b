/* SPDX-License-Identifier: GPL-3.0-or-later
   What must hold of the rows of any run of any scenario, held against rows alone: nothing is
   lost, stages are in order, limits are kept, nobody rests while others wait. */
#ifndef TESTS_THEORY_LAWS_H
#define TESTS_THEORY_LAWS_H

#include "models/policy.h"
#include "tests/theory/scene.h"

/* The run, as told when a law is broken. */
struct laws {
    const char *text;   /* the scenario */
    const char *policy;
    const struct policy_ops *ops;
    const struct scenario *scenario;
    struct scene_rows rows; /* sorted by request */
    uint32_t pod_count, workers, queue_limit, discipline; /* of every pod; UINT32_MAX: none */
    double speed;
};

#define LAWS_HOLD(laws, row, condition) \
    ((condition) ? (void)0 : laws_broken(laws, row, #condition, __FILE__, __LINE__))

static inline void laws_broken(const struct laws *laws, const struct trace_row *row,
                               const char *law, const char *file, int line)
{
    print_error("%s\nunder %s: broken: %s\n", laws->text, laws->policy, law);
    if (row != NULL)
        print_error("request %llu: pod %d balancer %u outcome %s phase %s demand %lld\n"
                    "due %lld sent %lld received %lld dispatched %lld arrived %lld started "
                    "%lld served %lld ended %lld\n",
                    (unsigned long long)row->request, (int)row->pod, row->balancer,
                    outcome_names[row->outcome], phase_names[row->phase],
                    (long long)row->demand, (long long)row->due, (long long)row->sent,
                    (long long)row->received, (long long)row->dispatched,
                    (long long)row->arrived, (long long)row->started, (long long)row->served,
                    (long long)row->ended);
    _fail(file, line);
}

static inline struct laws laws_open(const char *text, const struct scene *scene,
                                    size_t policy)
{
    const struct scenario_pods *pods = PARAM_ITEM(scene->scenario->pods, struct scenario_pods, 0);
    assert_int_equal(scene->scenario->pods.count, 1);
    struct laws laws = {
        .text = text,
        .policy = scene_policy(scene, policy)->label,
        .ops = (const struct policy_ops *)scene_policy(scene, policy)->kind,
        .scenario = scene->scenario,
        .rows = scene_run(scene, policy, 1),
        .pod_count = (uint32_t)pods->count,
        .workers = (uint32_t)pods->workers,
        .queue_limit = pods->queue < UINT32_MAX ? (uint32_t)pods->queue : UINT32_MAX,
        .discipline = pods->discipline,
        .speed = pods->speed,
    };
    scene_sort(&laws.rows);
    return laws;
}

static inline void laws_close(struct laws *laws)
{
    free(laws->rows.rows);
}

/* What happens at a place over time: `change` more are there from `at` on.  Those who leave
   at an instant leave before others come, unless they came at the same one. */
struct laws_step {
    sim_time at;
    int change;
    uint32_t place;
};

static inline int laws_compare(const void *left, const void *right)
{
    const struct laws_step *a = left, *b = right;
    if (a->place != b->place)
        return a->place < b->place ? -1 : 1;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return (a->change > b->change) - (a->change < b->change);
}

struct laws_steps {
    struct laws_step *steps;
    size_t count;
};

/* Somebody is at `place` during [from, to): nothing where that is empty. */
static inline void laws_stay(struct laws_steps *steps, uint32_t place, sim_time from,
                             sim_time to)
{
    if (to <= from)
        return;
    steps->steps[steps->count++] = (struct laws_step){from, 1, place};
    steps->steps[steps->count++] = (struct laws_step){to, -1, place};
}

/* The most that were at one place at once, and the area under their number, ns. */
struct laws_crowd {
    int64_t most;
    double area;
};

static inline struct laws_crowd laws_measure(struct laws_steps *steps)
{
    struct laws_crowd crowd = {0, 0};
    int64_t here = 0;
    qsort(steps->steps, steps->count, sizeof *steps->steps, laws_compare);
    for (size_t i = 0; i < steps->count; i++) {
        here += steps->steps[i].change;
        crowd.most = here > crowd.most ? here : crowd.most;
        bool more = i + 1 < steps->count && steps->steps[i + 1].place == steps->steps[i].place;
        if (more)
            crowd.area += (double)here * (double)(steps->steps[i + 1].at - steps->steps[i].at);
        else if (here != 0)
            fail_msg("%lld never leave place %u", (long long)here, steps->steps[i].place);
    }
    return crowd;
}

#endif
