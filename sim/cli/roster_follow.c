/* SPDX-License-Identifier: GPL-3.0-or-later
   Names are copied once, when they appear; figures each time. */
#include "sim/cli/roster_follow.h"

#include "sim/engine/check.h"

#include <string.h>

static const char *roster_follow_text(struct roster *copy, const char *text)
{
    return text ? arena_copy_text(&copy->arena, text, strlen(text)) : NULL;
}

void roster_follow(struct roster *copy, const struct roster *roster)
{
    for (size_t i = copy->client_count; i < roster->client_count; i++)
        CHECK(roster_client(copy, roster->clients[i]) == i);
    for (size_t i = 0; i < roster->pod_count; i++) {
        const struct roster_pod *from = &roster->pods[i];
        bool is_new = i == copy->pod_count;
        if (is_new)
            CHECK(roster_pod(copy, from->name) == i);
        struct roster_pod *to = &copy->pods[i], kept = *to;
        *to = *from;
        to->name = kept.name;
        to->group = is_new ? roster_follow_text(copy, from->group) : kept.group;
        to->zone = is_new ? roster_follow_text(copy, from->zone) : kept.zone;
    }
    copy->measure_begin = roster->measure_begin;
    copy->measure_end = roster->measure_end;
}
