/* SPDX-License-Identifier: GPL-3.0-or-later
   A small file of costs in a folder of its own. */
#ifndef TESTS_MODELS_DECISION_TEST_H
#define TESTS_MODELS_DECISION_TEST_H

#include "models/decision.h"
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct costs {
    char folder[64], file[80];
};

static inline void costs_open(struct costs *costs)
{
    *costs = (struct costs){.folder = "/tmp/lbsim-costs-XXXXXX"};
    assert_non_null(mkdtemp(costs->folder));
    snprintf(costs->file, sizeof costs->file, "%s/costs.csv", costs->folder);
}

static inline void costs_write(const struct costs *costs, const char *text, size_t size)
{
    FILE *file = fopen(costs->file, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static inline void costs_close(const struct costs *costs)
{
    unlink(costs->file);
    rmdir(costs->folder);
}

#endif
