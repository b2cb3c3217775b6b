/* SPDX-License-Identifier: GPL-3.0-or-later
   Messages in one shape.  The words are made safe for a terminal by struct problems. */
#include "sim/cli/talk.h"

#include "models/policy.h"
#include "sim/engine/check.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TALK_SIZE = 2048 };

/* Prints "who: message" and, if there is one, the hint. */
static void talk_print(const char *who, const char *message, const char *hint)
{
    struct problems safe = {0};
    problem_add(&safe, (struct mark){0}, "%s", who);
    problem_add(&safe, (struct mark){0}, "%s", message);
    if (hint)
        problem_hint(&safe, "%s", hint);
    struct output *output = output_to_descriptor(STDERR_FILENO, "standard error");
    output_format(output, "%s: ", safe.items[0].message);
    output_text(output, safe.items[1].message);
    output_text(output, "\n");
    if (hint) {
        output_text(output, "hint: ");
        output_text(output, safe.items[1].hint);
        output_text(output, "\n");
    }
    output_close(output, true);
    problems_free(&safe);
}

int talk_usage(const struct command *command, const char *hint, const char *format, ...)
{
    char message[TALK_SIZE], manual[128], who[64];
    va_list list;
    va_start(list, format);
    vsnprintf(message, sizeof message, format, list);
    va_end(list);
    const char *name = command ? command->name : NULL;
    if (!hint) {
        snprintf(manual, sizeof manual, "'lbsim %s%s--help' shows what works",
                 name ? name : "", name ? " " : "");
        hint = manual;
    }
    snprintf(who, sizeof who, "lbsim%s%s: error", name ? " " : "", name ? name : "");
    talk_print(who, message, hint);
    return STATUS_USAGE;
}

const char *talk_nearest(const char *word, const char *const *candidates)
{
    const char *longer = NULL;
    size_t count = 0, length = strlen(word);
    for (size_t i = 0; length && candidates[i]; i++) {
        if (strncmp(candidates[i], word, length) != 0)
            continue;
        longer = candidates[i];
        count++;
    }
    return count == 1 ? longer : problem_nearest(word, candidates);
}

const char *talk_suggestion(struct arena *arena, const char *nearest)
{
    if (!nearest)
        return NULL;
    char text[256];
    int length = snprintf(text, sizeof text, "did you mean '%s'?", nearest);
    return arena_copy_text(arena, text, (size_t)length);
}

int talk_unknown(const struct command *command, const char *what, const char *word,
                 const char *const *words)
{
    struct arena arena = {0};
    const char *hint = talk_suggestion(&arena, talk_nearest(word, words));
    struct output *list = output_to_memory();
    output_text(list, "it can be ");
    for (size_t i = 0; words[i]; i++)
        output_format(list, "%s%s", i ? ", " : "", words[i]);
    size_t size;
    int status = talk_usage(command, hint ? hint : output_memory(list, &size),
                            "unknown %s '%s'", what, word);
    output_close(list, false);
    arena_free(&arena);
    return status;
}

int talk_unknown_policy(const struct command *command, const char *word)
{
    size_t count = 0;
    while (policy_kinds.at(count))
        count++;
    struct arena arena = {0};
    const char **names = arena_take(&arena, count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = policy_kinds.at(i)->name;
    const char *hint = talk_suggestion(&arena, talk_nearest(word, names));
    int status = talk_usage(command, hint ? hint : "'lbsim list policies' lists them",
                            "unknown policy '%s'", word);
    arena_free(&arena);
    return status;
}

int talk_failure(const char *format, ...)
{
    char message[TALK_SIZE];
    va_list list;
    va_start(list, format);
    vsnprintf(message, sizeof message, format, list);
    va_end(list);
    talk_print("lbsim: error", message, NULL);
    return STATUS_FAILED;
}

int talk_invalid(const char *file, uint64_t number, const char *hint, const char *format, ...)
{
    char message[TALK_SIZE], place[32] = "";
    va_list list;
    va_start(list, format);
    vsnprintf(message, sizeof message, format, list);
    va_end(list);
    if (number > 0)
        snprintf(place, sizeof place, ":%" PRIu64, number);
    size_t size = strlen(file) + sizeof place + 16;
    char *who = memory_take(size, 1);
    snprintf(who, size, "%s%s: error", file, place);
    talk_print(who, message, hint);
    free(who);
    return STATUS_INVALID;
}

int talk_unread(const char *file, int error)
{
    const char *reason = strerror(error);
    return talk_invalid(file, 0, NULL, "cannot be read: %c%s",
                        tolower((unsigned char)reason[0]), reason + 1);
}

void talk_note(const char *format, ...)
{
    char message[TALK_SIZE];
    va_list list;
    va_start(list, format);
    vsnprintf(message, sizeof message, format, list);
    va_end(list);
    talk_print("lbsim", message, NULL);
}

int talk_problems(const struct command_line *line, struct problems *problems)
{
    int status = problems->errors ? STATUS_INVALID : STATUS_FINE;
    if (problems->count) {
        struct output *output = output_to_descriptor(STDERR_FILENO, "standard error");
        problems_print(problems, output, talk_is_colored(line, STDERR_FILENO));
        output_close(output, true);
    }
    problems_free(problems);
    return status;
}

bool talk_is_live(int descriptor)
{
    const char *terminal = getenv("TERM");
    return isatty(descriptor) && terminal && terminal[0] && strcmp(terminal, "dumb") != 0;
}

bool talk_is_colored(const struct command_line *line, int descriptor)
{
    enum { AUTO, ALWAYS, NEVER };
    size_t choice = option_word(line, &option_color, AUTO);
    if (choice != AUTO)
        return choice == ALWAYS;
    const char *none = getenv("NO_COLOR");
    return !(none && none[0]) && talk_is_live(descriptor);
}

struct output *talk_open_stdout(void)
{
    return output_to_descriptor(STDOUT_FILENO, "standard output");
}

int talk_close(struct output *output, const char *name)
{
    int error = output_close(output, true);
    if (!error)
        return STATUS_FINE;
    return talk_failure("cannot write %s: %s", name, strerror(error));
}
