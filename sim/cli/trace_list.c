/* SPDX-License-Identifier: GPL-3.0-or-later
   Lines are printed as they come, in columns of fixed width.  The slowest are kept in a heap
   with the fastest of them on top. */
#include "sim/cli/trace_list.h"

#include "sim/cli/command.h"
#include "sim/config/json.h"
#include "sim/engine/check.h"
#include "sim/report/figure.h"
#include "sim/report/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { TRACE_LIST_NAME_MIN = 8, TRACE_LIST_NAME_MAX = 24 };

struct trace_list_kept {
    struct trace_row row;
    struct trace_hops hops;
    bool has_hops;
    unsigned replication;
    const struct roster *roster;
};

struct trace_list {
    const struct trace_list_order *order;
    struct output *output;
    uint64_t printed;
    int client_width, pod_width;
    struct trace_list_kept *heap;
    size_t count, room; /* in the heap */
};

/* -- lines -- */

static int trace_list_width(int width, const char *name)
{
    int wide = (int)table_width(name);
    wide = wide < TRACE_LIST_NAME_MAX ? wide : TRACE_LIST_NAME_MAX;
    return wide > width ? wide : width;
}

static void trace_list_head(struct trace_list *list, const struct roster *roster)
{
    list->client_width = list->pod_width = TRACE_LIST_NAME_MIN;
    for (size_t i = 0; i < roster->client_count; i++)
        list->client_width = trace_list_width(list->client_width, roster->clients[i]);
    for (size_t i = 0; i < roster->pod_count; i++)
        list->pod_width = trace_list_width(list->pod_width, roster->pods[i].name);
    output_format(list->output, "%4s %9s %3s  %-*s  %-*s  %-13s %14s %8s %8s %8s %8s %8s %8s\n",
                  "repl", "request", "try", list->client_width, "client", list->pod_width, "pod",
                  "outcome", "due", "latency", "client", "network", "balancer", "queue",
                  "service");
}

static void trace_list_name(struct trace_list *list, const char *name, int width)
{
    int blank = width - trace_list_width(0, name);
    output_text(list->output, "  ");
    table_print_text(name, TABLE_PLAIN, list->output);
    output_format(list->output, "%*s", blank > 0 ? blank : 0, "");
}

static void trace_list_time(struct trace_list *list, sim_time time)
{
    char figure[FIGURE_SIZE];
    figure_write(figure, FIGURE_TIME, sim_seconds(time));
    output_format(list->output, " %8s", figure);
}

/* The parts are those of `lbsim report`; the network is what the others leave. */
static void trace_list_text(struct trace_list *list, const struct trace_seen *seen)
{
    const struct trace_row *row = seen->row;
    sim_time latency = row->ended - row->due;
    sim_time parts[] = {
        trace_walk_clip(row, row->sent) - row->due,
        trace_walk_clip(row, row->dispatched) - trace_walk_clip(row, row->received),
        trace_walk_clip(row, row->started) - trace_walk_clip(row, row->arrived),
        trace_walk_clip(row, row->served) - trace_walk_clip(row, row->started),
    };
    if (list->printed == 0)
        trace_list_head(list, seen->roster);
    output_format(list->output, "%4u %9" PRIu64 " %3u", seen->replication, row->request,
                  row->attempt);
    trace_list_name(list, seen->roster->clients[row->client], list->client_width);
    trace_list_name(list, row->pod == ROW_NO_POD ? "-" : seen->roster->pods[row->pod].name,
                    list->pod_width);
    output_format(list->output, "  %-13s %6" PRId64 ".%06" PRId64 "s",
                  outcome_names[row->outcome], row->due / SIM_SECOND,
                  row->due % SIM_SECOND / SIM_MICROSECOND);
    trace_list_time(list, latency);
    trace_list_time(list, parts[0]);
    trace_list_time(list, latency - parts[0] - parts[1] - parts[2] - parts[3]);
    for (size_t i = 1; i < sizeof parts / sizeof *parts; i++)
        trace_list_time(list, parts[i]);
    output_text(list->output, "\n");
}

/* The kinds of column in columns.def. */
static void trace_list_count(struct output *output, const struct roster *roster, uint64_t value)
{
    (void)roster;
    output_unsigned(output, value);
}

static void trace_list_client(struct output *output, const struct roster *roster, uint64_t value)
{
    json_quote(output, roster->clients[value]);
}

static void trace_list_pod(struct output *output, const struct roster *roster, uint64_t value)
{
    if (value == ROW_NO_POD)
        output_text(output, "null");
    else
        json_quote(output, roster->pods[value].name);
}

static void trace_list_outcome(struct output *output, const struct roster *roster,
                               uint64_t value)
{
    (void)roster;
    json_quote(output, outcome_names[value]);
}

static void trace_list_phase(struct output *output, const struct roster *roster, uint64_t value)
{
    (void)roster;
    json_quote(output, phase_names[value]);
}

static void trace_list_lookup(struct output *output, const struct roster *roster, uint64_t value)
{
    (void)roster;
    json_quote(output, lookup_names[value]);
}

static void trace_list_json_hops(struct output *output, const struct trace_seen *seen)
{
    const struct trace_hops *hops = seen->hops;
    size_t known = seen->roster->tier_count;
#define HOP(tiers, name, kind, limit, fallback, unit, help, value) \
    if (known >= (tiers)) { \
        output_text(output, ",\"" #name "\":"); \
        trace_list_##kind(output, seen->roster, (uint64_t)(value)); \
    }
#include "sim/trace/hops.def"
#undef HOP
}

static void trace_list_json(struct output *output, const struct trace_seen *seen)
{
    const struct trace_row *row = seen->row;
    unsigned replication = seen->replication;
    const char *before = "{";
#define COLUMN(name, kind, limit, fallback, unit, help, value) \
    output_text(output, before); \
    output_text(output, "\"" #name "\":"); \
    trace_list_##kind(output, seen->roster, (uint64_t)(value)); \
    before = ",";
#include "sim/trace/columns.def"
#undef COLUMN
    if (seen->hops != NULL)
        trace_list_json_hops(output, seen);
    output_text(output, "}\n");
}

/* The header is known when the first row is. */
static void trace_list_csv(struct trace_list *list, const struct trace_seen *seen)
{
    if (list->printed == 0)
        trace_write_header_hopped(list->output,
                                  seen->hops != NULL ? seen->roster->tier_count : 0);
    trace_write_hopped(list->output, seen->roster, seen->replication, seen->row, seen->hops, 1);
}

static void trace_list_print(struct trace_list *list, const struct trace_seen *seen)
{
    switch (list->order->format) {
    case TRACE_LIST_TEXT:
        trace_list_text(list, seen);
        break;
    case TRACE_LIST_CSV:
        trace_list_csv(list, seen);
        break;
    case TRACE_LIST_JSON:
        trace_list_json(list->output, seen);
        break;
    }
    list->printed++;
}

static bool trace_list_take(void *context, const struct trace_seen *seen)
{
    struct trace_list *list = context;
    trace_list_print(list, seen);
    return list->printed < list->order->limit && output_error(list->output) == 0;
}

/* -- the slowest -- */

/* Whether `a` is listed before `b`: it is slower, or as slow and earlier. */
static bool trace_list_is_before(const struct trace_list_kept *a,
                                 const struct trace_list_kept *b)
{
    sim_time slow = a->row.ended - a->row.due, other = b->row.ended - b->row.due;
    if (slow != other)
        return slow > other;
    if (a->replication != b->replication)
        return a->replication < b->replication;
    if (a->row.request != b->row.request)
        return a->row.request < b->row.request;
    return a->row.attempt < b->row.attempt;
}

static void trace_list_swap(struct trace_list *list, size_t i, size_t k)
{
    struct trace_list_kept kept = list->heap[i];
    list->heap[i] = list->heap[k];
    list->heap[k] = kept;
}

/* The last of them is on top. */
static void trace_list_sift_up(struct trace_list *list, size_t i)
{
    while (i > 0 && trace_list_is_before(&list->heap[(i - 1) / 2], &list->heap[i])) {
        trace_list_swap(list, i, (i - 1) / 2);
        i = (i - 1) / 2;
    }
}

static void trace_list_sift_down(struct trace_list *list, size_t count)
{
    for (size_t i = 0, child; (child = 2 * i + 1) < count; i = child) {
        child += child + 1 < count &&
                 trace_list_is_before(&list->heap[child], &list->heap[child + 1]);
        if (!trace_list_is_before(&list->heap[i], &list->heap[child]))
            return;
        trace_list_swap(list, i, child);
    }
}

static bool trace_list_keep(void *context, const struct trace_seen *seen)
{
    struct trace_list *list = context;
    struct trace_list_kept kept = {.row = *seen->row,
                                   .has_hops = seen->hops != NULL,
                                   .replication = seen->replication,
                                   .roster = seen->roster};
    if (kept.has_hops)
        kept.hops = *seen->hops;
    if (list->count == list->order->slowest) {
        if (trace_list_is_before(&kept, &list->heap[0])) {
            list->heap[0] = kept;
            trace_list_sift_down(list, list->count);
        }
        return true;
    }
    if (list->count == list->room) {
        list->room = list->room * 2 + 64;
        list->heap = memory_grow(list->heap, list->room, sizeof *list->heap);
    }
    list->heap[list->count] = kept;
    trace_list_sift_up(list, list->count++);
    return true;
}

static void trace_list_finish(void *context)
{
    struct trace_list *list = context;
    for (size_t count = list->count; count > 1; count--) {
        trace_list_swap(list, 0, count - 1);
        trace_list_sift_down(list, count - 1);
    }
    for (size_t i = 0; i < list->count && i < list->order->limit; i++) {
        const struct trace_list_kept *kept = &list->heap[i];
        trace_list_print(list, &(struct trace_seen){.row = &kept->row,
                                                    .replication = kept->replication,
                                                    .hops = kept->has_hops ? &kept->hops : NULL,
                                                    .roster = kept->roster});
    }
}

int trace_list(const char *path, const struct trace_select *select,
               const struct trace_list_order *order, struct output *output, uint64_t *count)
{
    struct trace_list list = {.order = order, .output = output};
    bool all = order->slowest == 0;
    struct trace_walk walk = {.select = select,
                              .take = all ? trace_list_take : trace_list_keep,
                              .finish = all ? NULL : trace_list_finish,
                              .context = &list};
    int status = trace_walk(path, &walk);
    if (status == STATUS_FINE && order->format == TRACE_LIST_CSV && list.printed == 0)
        trace_write_header(output);
    free(list.heap);
    *count = walk.count;
    return status;
}
