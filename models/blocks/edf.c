/* SPDX-License-Identifier: GPL-3.0-or-later
   The schedule is a binary heap; the order of its entries is total, so the shape of the heap
   shows in no pick.  Envoy: source/common/upstream/edf_scheduler.h; grpc-go:
   internal/wrr/edf.go. */
#include "models/blocks/edf.h"

#include <stdbool.h>

/* Envoy's constants: the largest number of picks made in advance, and what is added to a
   weight before they are computed. */
enum { EDF_PICKS_LIMIT = 429496729 };
static const double edf_epsilon = 1e-13;

/* Turns lost in one pick, for each item, until the schedule is searched instead: with weights
   far apart a heavy item that may not be picked has very many turns. */
enum { EDF_PATIENCE = 8 };

void edf_init(struct edf *edf, enum edf_tie tie, struct edf_entry *heap)
{
    *edf = (struct edf){.heap = heap, .tie = tie};
}

static bool edf_before(const struct edf_entry *a, const struct edf_entry *b)
{
    return a->deadline < b->deadline || (a->deadline == b->deadline && a->order < b->order);
}

static void edf_rise(struct edf *edf, uint32_t place)
{
    struct edf_entry entry = edf->heap[place];
    while (place > 0 && edf_before(&entry, &edf->heap[(place - 1) / 2])) {
        edf->heap[place] = edf->heap[(place - 1) / 2];
        place = (place - 1) / 2;
    }
    edf->heap[place] = entry;
}

static void edf_sink(struct edf *edf, uint32_t place)
{
    struct edf_entry entry = edf->heap[place];
    for (uint32_t child; (child = 2 * place + 1) < edf->count; place = child) {
        if (child + 1 < edf->count && edf_before(&edf->heap[child + 1], &edf->heap[child]))
            child++;
        if (!edf_before(&edf->heap[child], &entry))
            break;
        edf->heap[place] = edf->heap[child];
    }
    edf->heap[place] = entry;
}

static uint64_t edf_order(struct edf *edf, uint32_t item)
{
    uint64_t inserted = edf->inserted++;
    return edf->tie == EDF_TIE_ITEM ? item : inserted;
}

void edf_add(struct edf *edf, uint32_t item, double weight)
{
    edf->heap[edf->count++] =
        (struct edf_entry){edf->now + 1.0 / weight, edf_order(edf, item), item};
    edf_rise(edf, edf->count - 1);
}

/* An item's entry after its share of the picks, rounded down; returns that share.  Rounding
   may have put it at the end of the time that the picks take, where it does not belong. */
static uint32_t edf_advance(struct edf *edf, uint32_t item, double weight, uint32_t picks,
                            double sum)
{
    uint32_t share = (uint32_t)(weight * picks / sum);
    if (share > 0 && share / weight >= picks / sum)
        share--;
    edf->heap[edf->count++] =
        (struct edf_entry){(share + 1) / weight, edf_order(edf, item), item};
    if (share / weight > edf->now)
        edf->now = share / weight;
    return share;
}

void edf_fill(struct edf *edf, const uint32_t *items, uint32_t count, uint32_t picks,
              struct edf_weights weights)
{
    edf_init(edf, edf->tie, edf->heap);
    picks = count > 0 ? picks % EDF_PICKS_LIMIT : 0;
    double sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += weights.weigh(weights.context, items[i]) + edf_epsilon;
    uint32_t made = 0;
    for (uint32_t i = 0; i < count; i++)
        made += edf_advance(edf, items[i],
                            weights.weigh(weights.context, items[i]) + edf_epsilon, picks,
                            sum);
    for (uint32_t place = count / 2; place-- > 0;)
        edf_sink(edf, place);
    for (; made < picks; made++)
        edf_turn(edf, weights.weigh(weights.context, edf_first(edf)));
}

/* The entry at `place` goes back in from `now`. */
static void edf_again(struct edf *edf, uint32_t place, double weight)
{
    struct edf_entry *entry = &edf->heap[place];
    entry->deadline = edf->now + 1.0 / weight;
    entry->order = edf_order(edf, entry->item);
    edf_sink(edf, place);
}

void edf_turn(struct edf *edf, double weight)
{
    edf->now = edf->heap[0].deadline;
    edf_again(edf, 0, weight);
}

void edf_drop(struct edf *edf)
{
    edf->heap[0] = edf->heap[--edf->count];
    if (edf->count > 0)
        edf_sink(edf, 0);
}

/* The place of the earliest that may be picked, `count` where there is none. */
static uint32_t edf_search(const struct edf *edf, const uint8_t *may)
{
    uint32_t best = edf->count;
    for (uint32_t place = 0; place < edf->count; place++)
        if (may[edf->heap[place].item] &&
            (best == edf->count || edf_before(&edf->heap[place], &edf->heap[best])))
            best = place;
    return best;
}

uint32_t edf_pick(struct edf *edf, const uint8_t *may, struct edf_weights weights)
{
    for (uint64_t turn = 0; turn < (uint64_t)EDF_PATIENCE * edf->count; turn++) {
        uint32_t item = edf_first(edf);
        edf_turn(edf, weights.weigh(weights.context, item));
        if (may[item])
            return item;
    }
    uint32_t place = edf_search(edf, may);
    if (place == edf->count)
        return UINT32_MAX;
    uint32_t item = edf->heap[place].item;
    edf_again(edf, place, weights.weigh(weights.context, item));
    return item;
}
