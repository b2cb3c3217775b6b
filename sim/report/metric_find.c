/* SPDX-License-Identifier: GPL-3.0-or-later
   Over the rows of the list, one by one: there are few. */
#include "sim/report/metric_find.h"

#include "sim/config/problem.h"
#include "sim/engine/check.h"

#include <stdlib.h>
#include <string.h>

const struct metric_row *metric_find(const char *name)
{
    const struct metric_row *row;
    for (size_t i = 0; (row = metric_row_at(i)) != NULL; i++)
        if (strcmp(row->metric.name, name) == 0)
            return row;
    return NULL;
}

const char *metric_find_nearest(const char *word)
{
    size_t count = 0;
    while (metric_row_at(count) != NULL)
        count++;
    const char **names = memory_zeroed(count + 1, sizeof(*names));
    for (size_t i = 0; i < count; i++)
        names[i] = metric_row_at(i)->metric.name;
    const char *nearest = problem_nearest(word, names);
    free(names);
    return nearest;
}

int metric_find_direction(const struct metric_row *row)
{
    if (strcmp(row->metric.better, "lower") == 0)
        return -1;
    return strcmp(row->metric.better, "higher") == 0;
}
