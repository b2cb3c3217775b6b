/* SPDX-License-Identifier: GPL-3.0-or-later
   The key's hash modulo the number of pods: even, and the worst there is when that number
   changes: n to n - 1 moves all keys but one of n.  Hash: xxh64 of the key. */
#include "models/blocks/flow.h"
#include "models/blocks/up_list.h"

static void modulo_init(void *memory, const void *config, const struct view *view,
                        struct rng *rng, struct arena *arena)
{
    (void)config, (void)rng;
    up_list_init(memory, view, arena);
}

static void modulo_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    up_list_update(memory, view);
}

static backend_id modulo_pick(void *memory, const struct view *view,
                              const struct request *request, struct rng *rng)
{
    (void)rng;
    const struct up_list *list = memory;
    return up_list_from(list, view, (uint32_t)(flow_key_hash(request) % list->count));
}

const struct policy_ops policy_modulo = {
    .kind = {.name = "modulo", .summary = "The key's hash modulo the number of pods"},
    .traits = POLICY_UNWEIGHTED,
    .cost = "O(1) a pick; O(n) a change",
    .source = "textbook",
    .state_size = sizeof(struct up_list),
    .init = modulo_init,
    .update = modulo_update,
    .pick = modulo_pick,
};
