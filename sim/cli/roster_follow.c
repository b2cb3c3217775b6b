/* SPDX-License-Identifier: GPL-3.0-or-later
   Names are copied once, when they appear; figures each time. */
#include "sim/cli/roster_follow.h"

#include "sim/engine/check.h"

#include <string.h>

/* A copy of `text`, or `last` where that is one: neighbours are of one group. */
static const char *roster_follow_text(struct roster *copy, const char *text, const char *last)
{
    if (last && strcmp(text, last) == 0)
        return last;
    return arena_copy_text(&copy->arena, text, strlen(text));
}

static void roster_follow_pod(struct roster *copy, const struct roster_pod *from)
{
    uint32_t index = roster_pod(copy, from->name);
    struct roster_pod *to = &copy->pods[index];
    CHECK(index + 1 == copy->pod_count);
    to->group = roster_follow_text(copy, from->group, index ? to[-1].group : NULL);
    to->zone = roster_follow_text(copy, from->zone, index ? to[-1].zone : NULL);
}

void roster_follow(struct roster *copy, const struct roster *roster)
{
    for (size_t i = copy->client_count; i < roster->client_count; i++)
        CHECK(roster_client(copy, roster->clients[i]) == i);
    for (size_t i = 0; i < roster->pod_count; i++) {
        const struct roster_pod *from = &roster->pods[i];
        if (i == copy->pod_count)
            roster_follow_pod(copy, from);
        struct roster_pod *to = &copy->pods[i], kept = *to;
        *to = *from;
        to->name = kept.name;
        to->group = kept.group;
        to->zone = kept.zone;
    }
    copy->measure_begin = roster->measure_begin;
    copy->measure_end = roster->measure_end;
}
