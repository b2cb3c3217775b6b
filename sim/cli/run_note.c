/* SPDX-License-Identifier: GPL-3.0-or-later
   Notes are part of the result and hold no wall clock; the line at the end is talk. */
#include "sim/cli/run_note.h"

#include "sim/cli/talk.h"
#include "sim/engine/check.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RUN_NOTES = 4, RUN_NOTE_SIZE = 1024 };

static const char *run_note_text(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static const char *run_note_text(struct arena *arena, const char *format, ...)
{
    char text[RUN_NOTE_SIZE];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    return arena_copy_text(arena, text, strlen(text));
}

/* "stopped early: of 10 replications p2c finished 10, random 3". */
static const char *run_note_partial(struct result *result, uint64_t replications)
{
    char text[RUN_NOTE_SIZE];
    int used = snprintf(text, sizeof text, "stopped early: of %" PRIu64 " replications",
                        replications);
    for (size_t i = 0; i < result->policy_count && used < (int)sizeof text; i++)
        used += snprintf(text + used, sizeof text - (size_t)used, "%s %s finished %" PRIu64,
                         i ? "," : "", result->policies[i].label,
                         result->policies[i].replications);
    return run_note_text(&result->arena, "%s", text);
}

const char **run_note_list(const struct scenario *scenario, struct result *result,
                       uint64_t replications)
{
    const char **notes = arena_take(&result->arena, RUN_NOTES + 1, sizeof *notes);
    size_t count = 0;
    if (result->partial)
        notes[count++] = run_note_partial(result, replications);
    double load = scenario_load_factor(scenario); /* NaN where unknown */
    bool capped = false;
    scenario_warmup(scenario, &capped);
    if (load >= 1)
        notes[count++] = run_note_text(
            &result->arena, "the offered load is %.0f%% of capacity: queues grow as long as "
            "the run lasts, so the figures depend on its duration", load * 100);
    else if (capped && scenario->run.warmup == SIM_NEVER)
        notes[count++] = run_note_text(
            &result->arena, "warm-up was cut to half of the duration; at %.0f%% load a "
            "longer --duration is needed for a steady state", load * 100);
    if (result_is_crowded(&result->report))
        notes[count++] = run_note_text(&result->arena,
                                       "figures of each pod are in metrics.csv alone, not in "
                                       "run.json: more than %d pods", RESULT_PODS_MAX);
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
