/* SPDX-License-Identifier: GPL-3.0-or-later
   Notes are part of the result and hold no wall clock; the line at the end is talk. */
#include "sim/cli/run_note.h"

#include "models/arrival.h"
#include "models/replay.h"
#include "sim/cli/talk.h"
#include "sim/engine/check.h"
#include "sim/report/figure.h"
#include "sim/report/steady.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RUN_NOTE_SIZE = 2048, RUN_NOTE_MANY = 1000 };

#define RUN_NOTE_PART 0.95 /* of a file: less is no longer nearly all of it */
#define RUN_NOTE_LAPS 100  /* more are hardly meant */

#define RUN_NOTE_HEAVY 0.01 /* share of one request among many from which on it is told */

/* Notes as they come. */
struct run_note_list {
    struct arena *arena;
    const char **items;
    size_t count, room;
};

static void run_note_add(struct run_note_list *list, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void run_note_add(struct run_note_list *list, const char *format, ...)
{
    char text[RUN_NOTE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (list->count == list->room) {
        list->room = list->room ? 2 * list->room : 8;
        list->items = memory_grow(list->items, list->room, sizeof *list->items);
    }
    list->items[list->count++] = arena_copy_text(list->arena, text, strlen(text));
}

static void run_note_take(void *context, const char *text)
{
    run_note_add(context, "%s", text);
}

/* "p2c 10, random 3": replications finished. */
static void run_note_counts(const struct result *result, const char *verb, char *text,
                            size_t size)
{
    int used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < result->policy_count && used < (int)size; i++)
        used += snprintf(text + used, size - (size_t)used, "%s %s%s %" PRIu64, i ? "," : "",
                         result->policies[i].label, i ? "" : verb,
                         result->policies[i].replications);
}

static void run_note_replications(struct run_note_list *list, const struct run *run,
                                  uint64_t replications)
{
    char counts[RUN_NOTE_SIZE / 2];
    const struct result *result = &run->result;
    bool varied = run->loaded.scenario->run.replications == UINT64_MAX;
    for (size_t i = 0; i < result->policy_count; i++)
        varied |= result->policies[i].replications > replications;
    run_note_counts(result, result->partial && !varied ? " finished" : "", counts,
                    sizeof counts);
    if (result->partial && !varied)
        run_note_add(list, "stopped early: of %" PRIu64 " replications%s", replications, counts);
    else if (result->partial)
        run_note_add(list, "stopped early: replications finished:%s", counts);
    else if (varied)
        run_note_add(list, "replications as needed:%s", counts);
}

static void run_note_load(struct run_note_list *list, const struct scenario *scenario)
{
    double load = scenario_load_factor(scenario); /* NaN where unknown */
    bool capped = false;
    scenario_warmup(scenario, &capped);
    if (load >= 1)
        run_note_add(list, "the offered load is %.0f%% of capacity: queues grow as long as "
                     "the run lasts, so the figures depend on its duration", load * 100);
    else if (capped && scenario->run.warmup == SIM_NEVER)
        run_note_add(list, "warm-up was cut to half of the duration; at %.0f%% load a "
                     "longer --duration is needed for a steady state", load * 100);
}

/* Whether all that a policy meets stays as it is over the run. */
static bool run_note_is_even(const struct scenario *scenario)
{
    bool even = scenario->faults.count + scenario->membership.count +
                    scenario->autoscale.count == 0;
    for (size_t i = 0; i < scenario->clients.count; i++) {
        const struct scenario_client *client =
            PARAM_ITEM(scenario->clients, struct scenario_client, i);
        even &= client->rate.kind == NULL &&
                arrival_ops(&client->arrivals)->mode != ARRIVAL_REPLAY;
    }
    return even;
}

/* Policies that had not settled: they differ a hundredfold in how long that takes. */
static void run_note_steady(struct run_note_list *list, const struct result *result,
                            const struct scenario *scenario)
{
    bool capped;
    sim_time warmup = scenario_warmup(scenario, &capped);
    for (size_t i = 0; i < result->policy_count && run_note_is_even(scenario); i++) {
        const char *policy = result->policies[i].label;
        struct steady steady =
            steady_check(&result->report, policy, warmup, scenario->run.duration);
        char settled[FIGURE_SIZE];
        figure_write(settled, FIGURE_TIME, sim_seconds(steady.settled));
        if (steady.grows)
            run_note_add(list, "no steady state under %s: requests under way grow from %.3g to "
                         "%.3g, so its figures depend on the duration", policy, steady.early,
                         steady.late);
        else if (steady.is_cold && warmup > 0)
            run_note_add(list, "the warm-up is short for %s: the first tenth after it has %.0f%% "
                         "fewer requests under way than the rest%s%s", policy,
                         -100 * steady.bias,
                         steady.settled > warmup && steady.settled < SIM_NEVER
                             ? "; it has settled by about " : "",
                         steady.settled > warmup && steady.settled < SIM_NEVER ? settled : "");
    }
}

/* Who is served slowly asks less often: no queue is as long as under open arrivals. */
static void run_note_closed(struct run_note_list *list, const struct scenario *scenario)
{
    size_t closed = 0;
    for (size_t i = 0; i < scenario->clients.count; i++) {
        const struct scenario_client *client =
            PARAM_ITEM(scenario->clients, struct scenario_client, i);
        closed += arrival_ops(&client->arrivals)->mode == ARRIVAL_CLOSED;
    }
    if (closed > 0)
        run_note_add(list, "%s a closed loop, which asks less often where answers are slow: its "
                     "latencies do not compare with those of open arrivals",
                     closed == scenario->clients.count ? "the clients are"
                                                       : "some of the clients are");
}

/* How much of a file was replayed, where that is far from what its user may think: part of it, or
   the same few requests over and over. */
static void run_note_replays(struct run_note_list *list, const struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->clients.count; i++) {
        const struct scenario_client *client =
            PARAM_ITEM(scenario->clients, struct scenario_client, i);
        if (arrival_ops(&client->arrivals)->mode != ARRIVAL_REPLAY)
            continue;
        const struct replay_config *config = client->arrivals.config;
        double takes = sim_seconds(config->data->period) / config->speed_up;
        double laps = sim_seconds(scenario->run.duration) / takes;
        char lap[FIGURE_SIZE];
        figure_write(lap, FIGURE_TIME, takes);
        if (laps < RUN_NOTE_PART)
            run_note_add(list, "%s: the run is over after %.2g%% of what is replayed; --duration "
                         "%.0fs has all of it", client->name, 100 * laps, ceil(takes));
        else if (laps > RUN_NOTE_LAPS && config->at_end == REPLAY_LOOP && takes > 0)
            run_note_add(list, "%s: what is replayed is over after %s and begins again %.3g times",
                         client->name, lap, laps);
    }
}

/* Means that rest on few requests; their intervals are hardly right. */
static void run_note_heavy(struct run_note_list *list, const struct result *result)
{
    for (size_t i = 0; i < result->policy_count; i++) {
        const char *policy = result->policies[i].label;
        const struct measure *mean = report_find(&result->report, policy, "all", "mean");
        const struct measure *most = report_find(&result->report, policy, "all", "max");
        if (!mean || !most || mean->samples < RUN_NOTE_MANY)
            continue;
        double share = most->value / (mean->value * (double)mean->samples);
        if (share > RUN_NOTE_HEAVY)
            run_note_add(list, "under %s one request has %.2g%% of the latency of all: the mean "
                         "rests on a few, and its interval may be too narrow", policy,
                         100 * share);
    }
}

static void run_note_verdicts(struct run_note_list *list, const struct verdict_list *verdicts)
{
    char title[RUN_NOTE_SIZE / 2 + 128], found[VERDICT_FOUND_SIZE];
    for (size_t i = 0; i < verdicts->count; i++) {
        const struct verdict *verdict = &verdicts->items[i];
        verdict_title(verdict, title, sizeof title);
        verdict_found(verdict, found);
        run_note_add(list, "%s: %s: %s", verdict_word(verdict->outcome), title, found);
    }
}

const char **run_note_list(struct run *run, const struct stopping *stopping,
                           uint64_t replications)
{
    struct result *result = &run->result;
    struct run_note_list list = {.arena = &result->arena};
    run_note_replications(&list, run, replications);
    run_note_load(&list, run->loaded.scenario);
    run_note_steady(&list, result, run->loaded.scenario);
    run_note_closed(&list, run->loaded.scenario);
    run_note_replays(&list, run->loaded.scenario);
    run_note_heavy(&list, result);
    if (result_is_crowded(&result->report))
        run_note_add(&list, "figures of each pod are in metrics.csv alone, not in run.json: more "
                     "than %d pods", RESULT_PODS_MAX);
    if (!result->partial)
        stopping_complain(stopping, &result->report, run_note_take, &list);
    run_note_verdicts(&list, &run->verdicts);
    const char **notes = arena_take(&result->arena, list.count + 1, sizeof *notes);
    if (list.count > 0)
        memcpy(notes, list.items, list.count * sizeof *notes);
    free(list.items);
    return notes;
}

/* Digits in groups of three: 1,234,567. */
static const char *run_note_grouped(uint64_t value, char text[32])
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, value);
    char *to = text;
    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0)
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = '\0';
    return text;
}

void run_note_end(const struct run *run, const struct result_log *log)
{
    char requests[32], speed[32];
    run_note_grouped(log->requests, requests);
    run_note_grouped((uint64_t)((double)log->requests / log->elapsed_seconds), speed);
    talk_note("%s: %s requests in %.*f s (%s requests/s)%s",
              run->folder ? run->folder : run->result.scenario, requests,
              log->elapsed_seconds < 10 ? 2 : 0, log->elapsed_seconds, speed,
              run->result.partial ? ", partial" : "");
    size_t counts[VERDICT_FAIL + 1] = {0};
    for (size_t i = 0; i < run->verdicts.count; i++)
        counts[run->verdicts.items[i].outcome]++;
    if (counts[VERDICT_FAIL] + counts[VERDICT_UNDECIDED] > 0)
        talk_note("of %zu expectations %zu failed, %zu undecided", run->verdicts.count,
                  counts[VERDICT_FAIL], counts[VERDICT_UNDECIDED]);
}

/* Appends a word as a shell would need it. */
static void run_note_quote(struct output *output, const char *word)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "0123456789_./:=,@%+-";
    bool is_safe = word[0] != '\0' && word[strspn(word, safe)] == '\0';
    output_text(output, is_safe ? " " : " '");
    for (; *word; word++) {
        if (*word == '\'')
            output_text(output, "'\\''");
        else
            output_bytes(output, (unsigned char)*word < ' ' ? "?" : word, 1);
    }
    output_text(output, is_safe ? "" : "'");
}

char *run_note_replay(const struct command_line *line, const char *path)
{
    struct output *text = output_to_memory();
    output_text(text, "lbsim run");
    run_note_quote(text, path);
    for (size_t i = 0; i < line->given_count; i++) {
        const struct option *option = line->given[i].option;
        bool matters = option == &option_policy || option == &option_set ||
                       option == &option_seed || option == &option_replications ||
                       option == &option_duration;
        if (!matters)
            continue;
        output_format(text, " --%s", option->name);
        run_note_quote(text, line->given[i].value);
    }
    output_text(text, " --jobs 1 -o -");
    size_t size;
    const char *bytes = output_memory(text, &size);
    char *copy = memcpy(memory_take(size + 1, 1), bytes, size + 1);
    output_close(text, false);
    return copy;
}
