/* SPDX-License-Identifier: GPL-3.0-or-later
   Chrome's trace event format: complete events (X) for service, instants (i) for attempts that
   were never served, counters (C), names as metadata (M).  A trace does not say which worker
   served whom, so each service goes to the first worker that is free when it starts. */
#include "sim/cli/trace_export.h"

#include "sim/cli/command.h"
#include "sim/config/json.h"
#include "sim/engine/check.h"

#include <inttypes.h>
#include <stdlib.h>

struct trace_perfetto {
    struct output *output;
    uint64_t limit;
    struct trace_row *rows;
    size_t count, room;
    unsigned replication; /* of the first attempt; others are left out */
    const struct roster *roster;
    sim_time *free_at;    /* by worker of the pod under way */
    size_t worker_count, worker_room;
    const char *before;   /* the next event */
};

static bool trace_perfetto_take(void *context, const struct trace_seen *seen)
{
    struct trace_perfetto *made = context;
    if (made->count > 0 && seen->replication != made->replication)
        return false;
    made->replication = seen->replication;
    made->roster = seen->roster;
    if (made->count == made->room) {
        made->room = made->room * 2 + 1024;
        made->rows = memory_grow(made->rows, made->room, sizeof *made->rows);
    }
    made->rows[made->count++] = *seen->row;
    return made->count < made->limit;
}

/* -- events -- */

static void trace_perfetto_open(struct trace_perfetto *made, const char *phase, const char *name,
                                size_t process)
{
    output_text(made->output, made->before);
    made->before = ",\n";
    output_format(made->output, "{\"ph\":\"%s\",\"pid\":%zu,\"name\":", phase, process);
    json_quote(made->output, name);
}

/* A key with a time, which the format has in microseconds. */
static void trace_perfetto_time(struct trace_perfetto *made, const char *key, sim_time time)
{
    output_format(made->output, ",\"%s\":%" PRId64 ".%03" PRId64, key, time / SIM_MICROSECOND,
                  time % SIM_MICROSECOND);
}

static void trace_perfetto_about(struct trace_perfetto *made, const struct trace_row *row)
{
    output_format(made->output, ",\"args\":{\"request\":%" PRIu64 ",\"attempt\":%u,\"client\":",
                  row->request, row->attempt);
    json_quote(made->output, made->roster->clients[row->client]);
    output_format(made->output, ",\"outcome\":\"%s\"", outcome_names[row->outcome]);
    trace_perfetto_time(made, "due_us", row->due);
    trace_perfetto_time(made, "latency_us", row->ended - row->due);
    trace_perfetto_time(made, "queue_us", row->started - row->arrived);
    output_text(made->output, "}}");
}

static void trace_perfetto_name(struct trace_perfetto *made, size_t process, const char *name)
{
    trace_perfetto_open(made, "M", "process_name", process);
    output_text(made->output, ",\"args\":{\"name\":");
    json_quote(made->output, name);
    output_text(made->output, "}}");
}

static void trace_perfetto_name_workers(struct trace_perfetto *made, size_t process)
{
    for (size_t i = 0; i < made->worker_count; i++) {
        trace_perfetto_open(made, "M", "thread_name", process);
        output_format(made->output, ",\"tid\":%zu,\"args\":{\"name\":\"worker %zu\"}}", i + 1,
                      i);
    }
}

/* The first worker that is free, a new one if none is. */
static size_t trace_perfetto_worker(struct trace_perfetto *made, const struct trace_row *row)
{
    size_t worker = 0;
    while (worker < made->worker_count && made->free_at[worker] > row->started)
        worker++;
    if (worker == made->worker_room) {
        made->worker_room = made->worker_room * 2 + 16;
        made->free_at = memory_grow(made->free_at, made->worker_room, sizeof *made->free_at);
    }
    if (worker == made->worker_count)
        made->worker_count++;
    made->free_at[worker] = row->served;
    return worker;
}

static void trace_perfetto_attempt(struct trace_perfetto *made, const struct trace_row *row,
                                   size_t process)
{
    bool served = row->served > row->started;
    const char *name =
        served && row->outcome == OUTCOME_OK ? made->roster->clients[row->client]
                                             : outcome_names[row->outcome];
    trace_perfetto_open(made, served ? "X" : "i", name, process);
    if (served) {
        output_format(made->output, ",\"tid\":%zu", trace_perfetto_worker(made, row) + 1);
        trace_perfetto_time(made, "ts", row->started);
        trace_perfetto_time(made, "dur", row->served - row->started);
    } else {
        output_text(made->output, ",\"tid\":0,\"s\":\"p\"");
        trace_perfetto_time(made, "ts", row->pod == ROW_NO_POD ? row->ended : row->arrived);
    }
    trace_perfetto_about(made, row);
}

/* -- counters -- */

struct trace_perfetto_step {
    sim_time at;
    int64_t queue, in_flight; /* what is added */
};

static int trace_perfetto_by_time(const void *left, const void *right)
{
    const struct trace_perfetto_step *a = left, *b = right;
    return (a->at > b->at) - (a->at < b->at);
}

static void trace_perfetto_count(struct trace_perfetto *made, size_t process, const char *name,
                                 sim_time at, int64_t value)
{
    trace_perfetto_open(made, "C", name, process);
    trace_perfetto_time(made, "ts", at);
    output_format(made->output, ",\"args\":{\"attempts\":%" PRId64 "}}", value);
}

/* What changes at one time is one step; a counter that it leaves as it was is not written. */
static void trace_perfetto_counters(struct trace_perfetto *made, const struct trace_row *rows,
                                    size_t count, size_t process)
{
    struct trace_perfetto_step *steps = memory_take(3 * count + 1, sizeof *steps);
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        steps[used++] = (struct trace_perfetto_step){rows[i].arrived, 1, 1};
        steps[used++] = (struct trace_perfetto_step){rows[i].started, -1, 0};
        steps[used++] = (struct trace_perfetto_step){rows[i].served, 0, -1};
    }
    qsort(steps, used, sizeof *steps, trace_perfetto_by_time);
    int64_t queue = 0, in_flight = 0;
    for (size_t i = 0; i < used;) {
        int64_t queue_was = queue, in_flight_was = in_flight;
        sim_time at = steps[i].at;
        for (; i < used && steps[i].at == at; i++) {
            queue += steps[i].queue;
            in_flight += steps[i].in_flight;
        }
        if (queue != queue_was)
            trace_perfetto_count(made, process, "queue", at, queue);
        if (in_flight != in_flight_was)
            trace_perfetto_count(made, process, "in flight", at, in_flight);
    }
    free(steps);
}

/* -- the whole -- */

/* By pod, those without one last; then by start of service. */
static int trace_perfetto_by_pod(const void *left, const void *right)
{
    const struct trace_row *a = left, *b = right;
    if (a->pod != b->pod)
        return a->pod < b->pod ? -1 : 1;
    if (a->started != b->started)
        return a->started < b->started ? -1 : 1;
    if (a->request != b->request)
        return a->request < b->request ? -1 : 1;
    return (a->attempt > b->attempt) - (a->attempt < b->attempt);
}

static void trace_perfetto_pod(struct trace_perfetto *made, const struct trace_row *rows,
                               size_t count)
{
    bool is_pod = rows[0].pod != ROW_NO_POD;
    size_t process = is_pod ? (size_t)rows[0].pod + 1 : made->roster->pod_count + 1;
    made->worker_count = 0;
    trace_perfetto_name(made, process, is_pod ? made->roster->pods[rows[0].pod].name : "no pod");
    for (size_t i = 0; i < count; i++)
        trace_perfetto_attempt(made, &rows[i], process);
    trace_perfetto_name_workers(made, process);
    if (is_pod)
        trace_perfetto_counters(made, rows, count, process);
}

static void trace_perfetto_finish(void *context)
{
    struct trace_perfetto *made = context;
    if (made->count > 0)
        qsort(made->rows, made->count, sizeof *made->rows, trace_perfetto_by_pod);
    output_text(made->output, "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[");
    made->before = "\n";
    for (size_t begin = 0, end; begin < made->count; begin = end) {
        for (end = begin; end < made->count && made->rows[end].pod == made->rows[begin].pod;)
            end++;
        trace_perfetto_pod(made, &made->rows[begin], end - begin);
    }
    output_text(made->output, "\n]}\n");
}

int trace_perfetto(const char *path, const struct trace_select *select, uint64_t limit,
                   struct output *output, uint64_t *count)
{
    struct trace_perfetto made = {.output = output, .limit = limit};
    struct trace_walk walk = {.select = select, .take = trace_perfetto_take,
                              .finish = trace_perfetto_finish, .context = &made};
    int status = trace_walk(path, &walk);
    *count = made.count;
    free(made.free_at);
    free(made.rows);
    return status;
}
