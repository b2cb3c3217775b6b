/* SPDX-License-Identifier: GPL-3.0-or-later
   Requests are the same where clients, duration and warm-up are, in the canonical text of
   the resolved scenarios. */
#include "sim/cli/pairing.h"

#include "sim/cli/json_tree.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What decides which requests there are and which of them are measured. */
static const struct {
    const char *section, *key; /* key NULL: the whole section */
    const char *shown;
} pairing_parts[] = {
    {"clients", NULL, "clients"},
    {"run", "duration", "run.duration"},
    {"run", "warmup", "run.warmup"},
};

static const struct json_value *pairing_part(const struct json_value *root, size_t part)
{
    const struct json_value *section = json_tree_member(root, pairing_parts[part].section);
    const char *key = pairing_parts[part].key;
    return key == NULL ? section : json_tree_member(section, key);
}

static bool pairing_is_same(const struct json_value *a, const struct json_value *b)
{
    size_t size = a != NULL ? (size_t)(a->end - a->begin) : 0;
    return a != NULL && b != NULL && size == (size_t)(b->end - b->begin) &&
           memcmp(a->begin, b->begin, size) == 0;
}

/* The first part that differs; NULL: the requests are the same. */
static const char *pairing_difference(const struct result *a, const struct result *b)
{
    struct arena arena = {0};
    char message[128];
    const struct json_value *one = json_tree_read(a->resolved, strlen(a->resolved), &arena,
                                                  message, sizeof message);
    const struct json_value *other = json_tree_read(b->resolved, strlen(b->resolved), &arena,
                                                    message, sizeof message);
    const char *found = NULL;
    for (size_t i = 0; i < sizeof pairing_parts / sizeof pairing_parts[0] && !found; i++)
        if (!pairing_is_same(pairing_part(one, i), pairing_part(other, i)))
            found = pairing_parts[i].shown;
    arena_free(&arena);
    return found;
}

struct pairing pairing_within(void)
{
    return (struct pairing){true, "paired by replication: the same requests"};
}

struct pairing pairing_of(const struct result *a, const struct result *b)
{
    struct pairing pairing = {.paired = a->seed == b->seed};
    size_t room = sizeof pairing.text;
    const char *difference = pairing_difference(a, b);
    if (!pairing.paired)
        snprintf(pairing.text, room,
                 "not paired, because the seeds differ (%" PRIu64 " and %" PRIu64 ")",
                 a->seed, b->seed);
    else if (difference != NULL)
        snprintf(pairing.text, room, "paired by replication: the same seed, but other requests "
                 "(`%s` differs)", difference);
    else
        snprintf(pairing.text, room, "paired by replication: the same seed and requests");
    size_t used = strlen(pairing.text);
    if (strcmp(a->version, b->version) != 0)
        snprintf(pairing.text + used, room - used, "; by lbsim %.64s and %.64s", a->version,
                 b->version);
    return pairing;
}
