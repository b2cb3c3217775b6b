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

static void *roster_keep_table(const void *items, size_t count, size_t size)
{
    return memcpy(memory_take(count, size), items, count * size);
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
    if (kept->pod_count == 0)
        return;
    kept->pods = roster_keep_table(roster->pods, kept->pod_count, sizeof *kept->pods);
    for (size_t i = 0; i < kept->pod_count; i++)
        kept->pods[i].name = roster_keep_text(kept, kept->pods[i].name);
    kept->kind_count = kept->kind_room = roster->kind_count;
    kept->kinds = roster_keep_table(roster->kinds, kept->kind_count, sizeof *kept->kinds);
    for (size_t i = 0; i < kept->kind_count; i++) {
        kept->kinds[i].group = roster_keep_text(kept, kept->kinds[i].group);
        kept->kinds[i].zone = roster_keep_text(kept, kept->kinds[i].zone);
    }
    kept->life_count = kept->life_room = roster->life_count;
    kept->lives = roster_keep_table(roster->lives, kept->life_count, sizeof *kept->lives);
}

static bool roster_is_same_life(const struct roster_life *a, const struct roster_life *b)
{
    return a->joined == b->joined && a->left == b->left && a->created == b->created &&
           a->ended == b->ended && a->is_scaled == b->is_scaled;
}

static bool roster_is_same_pod(const struct roster *a, const struct roster *b, size_t pod)
{
    return roster_is_same_life(roster_life(a, pod), roster_life(b, pod)) &&
           roster_is_same_kind(roster_kind(a, pod), roster_kind(b, pod)) &&
           strcmp(a->pods[pod].name, b->pods[pod].name) == 0;
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
        if (!roster_is_same_pod(kept, roster, i))
            return false;
    return true;
}
