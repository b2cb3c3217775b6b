/* SPDX-License-Identifier: GPL-3.0-or-later
   Whether replications of two results belong together one by one. */
#ifndef SIM_CLI_PAIRING_H
#define SIM_CLI_PAIRING_H

#include "sim/cli/result.h"

struct pairing {
    bool paired;
    char text[512]; /* "paired by replication: …" or "not paired, because …" */
};

/* Streams are named and hang on the seed, so with one seed replication r of both results
   draws from the same streams: the values are dependent, and only a paired comparison is
   right, even where the requests are not the same.  With two seeds they are independent. */
struct pairing pairing_of(const struct result *a, const struct result *b);
/* The same of policies within one result. */
struct pairing pairing_within(void);

#endif
