/* SPDX-License-Identifier: GPL-3.0-or-later
   The i-th smallest of k p-values (from 0) is multiplied by k - i, and none may fall below
   the one before it. */
#include "sim/stats/holm.h"

#include "sim/engine/check.h"

#include <math.h>
#include <stdlib.h>

struct holm_item {
    double p;
    size_t index;
};

static int holm_compare(const void *a, const void *b)
{
    const struct holm_item *x = a, *y = b;
    if (x->p != y->p)
        return x->p < y->p ? -1 : 1;
    return x->index < y->index ? -1 : 1;
}

size_t holm_adjust(const double *p, double *adjusted, size_t count)
{
    struct holm_item *items = memory_take(count + 1, sizeof *items);
    size_t family = 0;
    for (size_t i = 0; i < count; i++) {
        if (!isnan(p[i]))
            items[family++] = (struct holm_item){p[i], i};
        adjusted[i] = NAN;
    }
    qsort(items, family, sizeof *items, holm_compare);
    double floor = 0;
    for (size_t i = 0; i < family; i++) {
        double stepped = items[i].p * (double)(family - i);
        floor = stepped > floor ? stepped : floor;
        adjusted[items[i].index] = floor < 1 ? floor : 1;
    }
    free(items);
    return family;
}
