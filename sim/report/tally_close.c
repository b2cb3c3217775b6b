/* SPDX-License-Identifier: GPL-3.0-or-later
   What is left of a tally when its rows are in: many replications wait for the report of
   their policy at once. */
#include "sim/report/batch.h"
#include "sim/report/sparse.h"
#include "sim/report/summary.h"
#include "sim/report/tally.h"

#include "sim/engine/check.h"

#include <stdlib.h>
#include <string.h>

static void tally_close_law(struct tally_law *law, bool marked)
{
    if (marked)
        histogram_settle(&law->answered);
    if (marked && law->late.counts != NULL)
        histogram_settle(&law->late);
    law->answered_packed = sparse_pack(&law->answered);
    law->late_packed = sparse_pack(&law->late);
}

/* Pods that no report lists count only through the loads. */
static void tally_close_pods(struct tally *tally)
{
    struct arena arena = {0};
    struct summary_load *loads = summary_loads(tally, &arena);
    size_t size = tally->group_count * sizeof(*loads);
    tally->loads = memcpy(memory_take(tally->group_count, sizeof(*loads)), loads, size);
    arena_free(&arena);
    if (tally->pod_count <= SCOPE_MEMBERS_MAX)
        return;
    struct tally_pod nobody = tally->pods[0];
    arena_free(&tally->arena);
    tally->pods = arena_take(&tally->arena, 1, sizeof(*tally->pods));
    tally->pods[0] = nobody;
    free(tally->hits);
    tally->hits = NULL;
    tally->hits_count = 0;
}

void tally_close(struct tally *tally)
{
    tally_rows(tally, NULL, 0); /* sees who joined after its last rows */
    if (tally->closed)
        return;
    if (tally->is_lone)
        tally_part(tally);
    for (size_t i = 0; i < tally->client_count; i++)
        tally_close_law(&tally->clients[i].law, false);
    for (size_t i = 0; i < tally->group_count; i++)
        tally_close_law(&tally->groups[i].law, true);
    tally_close_pods(tally);
    for (size_t i = 0; i < tally->group_count; i++) {
        const char *name = tally->groups[i].name;
        tally->groups[i].name = arena_copy_text(&tally->arena, name, strlen(name));
    }
    blame_close(&tally->blame);
    if (tally->churn != NULL)
        churn_close(tally->churn);
    if (tally->harm != NULL)
        harm_close(tally->harm);
    window_close(&tally->windows);
    if (tally->batches != NULL)
        batch_close(tally->batches);
    hop_close(&tally->hops);
    fleet_close(&tally->fleet, tally->roster);
    tally->closed = true;
}

void tally_adopt(struct tally *tally, const struct roster *kept)
{
    CHECK(tally->closed && kept->client_count == tally->roster->client_count &&
          kept->pod_count == (tally->pod_count <= TALLY_PODS_KEPT ? tally->pod_count : 0));
    tally->roster = kept;
}

void tally_merge(struct histogram *into, const struct histogram *from,
                 const unsigned char *packed)
{
    if (packed != NULL)
        sparse_merge(into, from, packed);
    else
        histogram_merge(into, from);
}
