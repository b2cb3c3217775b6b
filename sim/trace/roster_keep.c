/* SPDX-License-Identifier: GPL-3.0-or-later
   The part of a roster that outlives its run.  It is mostly the same for all replications, so
   that they can share one. */
#include "sim/trace/roster.h"

#include "sim/engine/check.h"

#include <string.h>

static const char *roster_keep_text(struct roster *kept, const char *text)
{
    return arena_copy_text(&kept->arena, text, strlen(text));
}

static size_t roster_keep_pods(const struct roster *roster, size_t pods)
{
    return roster->pod_count <= pods ? roster->pod_count : 0;
}

void roster_keep(struct roster *kept, const struct roster *roster, size_t pods)
{
    roster_init(kept);
    kept->measure_begin = roster->measure_begin;
    kept->measure_end = roster->measure_end;
    kept->client_count = kept->client_room = roster->client_count;
    if (kept->client_count > 0)
        kept->clients = memory_take(kept->client_count, sizeof *kept->clients);
    for (size_t i = 0; i < kept->client_count; i++)
        kept->clients[i] = roster_keep_text(kept, roster->clients[i]);
    kept->pod_count = kept->pod_room = roster_keep_pods(roster, pods);
    if (kept->pod_count > 0)
        kept->pods = memory_take(kept->pod_count, sizeof *kept->pods);
    for (size_t i = 0; i < kept->pod_count; i++) {
        struct roster_pod *pod = &kept->pods[i];
        *pod = roster->pods[i];
        pod->name = roster_keep_text(kept, pod->name);
        pod->group = roster_keep_text(kept, pod->group);
        pod->zone = roster_keep_text(kept, pod->zone);
    }
}

static bool roster_is_same_pod(const struct roster_pod *a, const struct roster_pod *b)
{
    return a->joined == b->joined && a->left == b->left && a->created == b->created &&
           a->ended == b->ended && a->is_scaled == b->is_scaled && a->workers == b->workers &&
           a->speed == b->speed && a->weight == b->weight && strcmp(a->name, b->name) == 0 &&
           strcmp(a->group, b->group) == 0 && strcmp(a->zone, b->zone) == 0;
}

bool roster_is_kept(const struct roster *kept, const struct roster *roster, size_t pods)
{
    if (kept->measure_begin != roster->measure_begin ||
        kept->measure_end != roster->measure_end ||
        kept->client_count != roster->client_count ||
        kept->pod_count != roster_keep_pods(roster, pods))
        return false;
    for (size_t i = 0; i < kept->client_count; i++)
        if (strcmp(kept->clients[i], roster->clients[i]) != 0)
            return false;
    for (size_t i = 0; i < kept->pod_count; i++)
        if (!roster_is_same_pod(&kept->pods[i], &roster->pods[i]))
            return false;
    return true;
}
