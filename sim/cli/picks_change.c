/* SPDX-License-Identifier: GPL-3.0-or-later
   --change AFTER:WHAT.  Read twice: first when, then, in that order, what, because who is
   there by then depends on the changes before. */
#include "sim/cli/picks_change.h"

#include "sim/cli/talk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct option picks_change = {
    .name = "change", .argument = "AFTER:WHAT", .repeatable = true,
    .help = "what happens after so many requests: see above",
};

static const char *const picks_verbs[] = {
    [PICKS_REMOVE] = "remove", [PICKS_ADD] = "add",       [PICKS_DOWN] = "down",
    [PICKS_UP] = "up",         [PICKS_WEIGHT] = "weight", NULL,
};

static const char picks_change_hint[] =
    "as in --change 5:remove=a or --change 5:add=d:2,down=b";

/* One --change. */
struct picks_wish {
    uint64_t after;
    const char *whole, *what; /* as typed; behind the colon */
};

struct picks_change_reader {
    const struct command_line *line;
    struct picks_input *input;
    struct arena *arena;
    struct picks_changes *changes;
    bool *is_member; /* by pod; room for all that may come */
};

static int picks_change_time(const struct command_line *line, uint64_t requests,
                             struct picks_wish *wish)
{
    char *end;
    errno = 0;
    wish->after = strtoull(wish->whole, &end, 10);
    if (wish->whole[0] < '0' || wish->whole[0] > '9' || *end != ':' || errno != 0)
        return talk_usage(line->command, picks_change_hint,
                          "--change takes AFTER:WHAT, not '%s'", wish->whole);
    if (wish->after >= requests)
        return talk_usage(line->command, NULL,
                          "--change %s: comes too late, as there are %llu requests",
                          wish->whole, (unsigned long long)requests);
    wish->what = end + 1;
    return STATUS_FINE;
}

/* All wishes by time, those of one time as typed. */
static int picks_change_sort(const struct command_line *line, uint64_t requests,
                             struct picks_wish *wishes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct picks_wish wish = {.whole = option_value_at(line, &picks_change, i)};
        int status = picks_change_time(line, requests, &wish);
        if (status != STATUS_FINE)
            return status;
        size_t k = i;
        for (; k > 0 && wishes[k - 1].after > wish.after; k--)
            wishes[k] = wishes[k - 1];
        wishes[k] = wish;
    }
    return STATUS_FINE;
}

/* The pod of that name; UINT32_MAX: none.  An unknown name is none of a later pod either,
   because it ends in an error or a new pod. */
static backend_id picks_change_find(const struct picks_change_reader *reader, const char *name)
{
    for (size_t i = 0; i < reader->input->pod_count; i++)
        if (strcmp(reader->input->pods[i].name, name) == 0)
            return (backend_id)i;
    return NO_BACKEND;
}

/* Cuts ":WEIGHT" off a name. */
static int picks_change_weight(const struct picks_change_reader *reader, char *name,
                               double *weight)
{
    char *colon = strrchr(name, ':'), message[256];
    if (colon == NULL)
        return STATUS_FINE;
    if (!picks_parse_weight(colon + 1, weight, message, sizeof message))
        return talk_usage(reader->line->command, picks_change_hint, "weight of pod '%s': %s",
                          name, message);
    *colon = '\0';
    return STATUS_FINE;
}

/* A pod that comes back keeps its weight unless told another. */
static int picks_change_add(struct picks_change_reader *reader, char *name,
                            struct picks_change *change)
{
    double weight = -1;
    change->pod = picks_change_find(reader, name);
    if (change->pod == NO_BACKEND) {
        int status = picks_change_weight(reader, name, &weight);
        if (status != STATUS_FINE)
            return status;
        change->pod = picks_change_find(reader, name);
    }
    if (change->pod == NO_BACKEND) {
        if (name[0] == '\0')
            return talk_usage(reader->line->command, picks_change_hint, "a pod has no name");
        change->pod = (backend_id)reader->input->pod_count;
        picks_add_pod(reader->input, name)->weight = weight < 0 ? 1 : weight;
    }
    if (reader->is_member[change->pod])
        return talk_usage(reader->line->command, NULL,
                          "--change adds pod '%s', which is there already", name);
    change->weight = weight < 0 ? reader->input->pods[change->pod].weight : weight;
    reader->is_member[change->pod] = true;
    return STATUS_FINE;
}

static int picks_change_other(struct picks_change_reader *reader, char *name,
                              struct picks_change *change)
{
    if (change->verb == PICKS_WEIGHT) {
        if (strrchr(name, ':') == NULL)
            return talk_usage(reader->line->command, "as in --change 5:weight=a:3",
                              "--change weight=%s lacks the weight", name);
        int status = picks_change_weight(reader, name, &change->weight);
        if (status != STATUS_FINE)
            return status;
    }
    change->pod = picks_change_find(reader, name);
    if (change->pod == NO_BACKEND || !reader->is_member[change->pod])
        return talk_usage(reader->line->command, NULL,
                          "--change %s=%s: no pod of that name is there by then",
                          picks_verbs[change->verb], name);
    if (change->verb == PICKS_REMOVE)
        reader->is_member[change->pod] = false;
    return STATUS_FINE;
}

static int picks_change_part(struct picks_change_reader *reader, uint64_t after, char *part)
{
    char *equals = strchr(part, '=');
    struct picks_change change = {.after = after};
    if (equals == NULL)
        return talk_usage(reader->line->command, picks_change_hint,
                          "--change takes VERB=NAME, not '%s'", part);
    *equals = '\0';
    while (picks_verbs[change.verb] != NULL && strcmp(picks_verbs[change.verb], part) != 0)
        change.verb++;
    if (picks_verbs[change.verb] == NULL)
        return talk_unknown(reader->line->command, "change", part, picks_verbs);
    int status = change.verb == PICKS_ADD
                     ? picks_change_add(reader, equals + 1, &change)
                     : picks_change_other(reader, equals + 1, &change);
    reader->changes->list[reader->changes->count++] = change;
    return status;
}

/* The changes of one wish, joined by commas. */
static int picks_change_wish(struct picks_change_reader *reader, const struct picks_wish *wish)
{
    const char *from = wish->what;
    for (;;) {
        size_t length = strcspn(from, ",");
        char *part = arena_copy_text(reader->arena, from, length);
        int status = picks_change_part(reader, wish->after, part);
        if (status != STATUS_FINE || from[length] == '\0')
            return status;
        reader->changes->list[reader->changes->count - 1].together = true;
        from += length + 1;
    }
}

/* At most so many single changes. */
static size_t picks_change_most(const struct command_line *line, size_t *wishes)
{
    const char *text;
    size_t most = 0;
    for (*wishes = 0; (text = option_value_at(line, &picks_change, *wishes)) != NULL; ++*wishes)
        for (most++; (text = strchr(text, ',')) != NULL; text++)
            most++;
    return most;
}

int picks_change_read(const struct command_line *line, uint64_t requests,
                      struct picks_input *input, struct arena *arena,
                      struct picks_changes *changes)
{
    struct picks_change_reader reader = {line, input, arena, changes, NULL};
    size_t count, most = picks_change_most(line, &count);
    struct picks_wish *wishes = arena_take(arena, count + 1, sizeof *wishes);
    changes->list = arena_take(arena, most + 1, sizeof *changes->list);
    reader.is_member = arena_take(arena, input->pod_count + most, sizeof *reader.is_member);
    memset(reader.is_member, 1, input->pod_count);
    int status = picks_change_sort(line, requests, wishes, count);
    for (size_t i = 0; i < count && status == STATUS_FINE; i++)
        status = picks_change_wish(&reader, &wishes[i]);
    return status;
}

/* -- while deciding -- */

static void picks_change_carry_out(const struct picks_change *change,
                                   struct backends *backends, struct backend *pods)
{
    switch (change->verb) {
    case PICKS_ADD:
        pods[change->pod].weight = change->weight;
        backends_set_member(backends, change->pod, true);
        backends_set_up(backends, change->pod, true);
        break;
    case PICKS_REMOVE:
        backends_set_member(backends, change->pod, false);
        break;
    case PICKS_WEIGHT:
        pods[change->pod].weight = change->weight;
        break;
    case PICKS_DOWN:
    case PICKS_UP:
        backends_set_up(backends, change->pod, change->verb == PICKS_UP);
        break;
    }
}

size_t picks_change_apply(const struct picks_changes *changes, size_t next, uint64_t number,
                          struct backends *backends, struct backend *pods)
{
    for (; next < changes->count && changes->list[next].after <= number; next++) {
        picks_change_carry_out(&changes->list[next], backends, pods);
        if (!changes->list[next].together)
            backends_update(backends);
    }
    return next;
}
