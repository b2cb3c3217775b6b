/* SPDX-License-Identifier: GPL-3.0-or-later
   From the laws of all clients of a tally, closed or not. */
#include "sim/report/glance.h"

#include "sim/engine/check.h"
#include "sim/report/tally.h"

#include <math.h>
#include <stdlib.h>

struct glance glance_of(const struct tally *tally)
{
    struct histogram law;
    histogram_init(&law);
    for (size_t i = 0; i < tally->client_count; i++) {
        const struct tally_law *own = &tally->clients[i].law;
        tally_merge(&law, &own->answered, own->answered_packed);
        tally_merge(&law, &own->late, own->late_packed);
    }
    struct glance glance = {histogram_quantile(&law, 0.99) / 1e9, law.count};
    histogram_free(&law);
    return glance;
}

struct interval glance_pool(const struct glance *glances, size_t count)
{
    double *values = memory_take(count + 1, sizeof(*values));
    double sum = 0, requests = 0;
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        requests += (double)glances[i].requests;
        if (isfinite(glances[i].p99))
            sum += values[used++] = glances[i].p99;
    }
    struct interval interval = interval_of(sum / (double)used, values, used);
    interval.thin = used == 0 || 0.01 * requests < INTERVAL_EXCEEDANCES_MIN;
    if (interval.thin)
        interval.value = interval.low = interval.high = NAN;
    free(values);
    return interval;
}
