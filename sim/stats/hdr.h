/* SPDX-License-Identifier: GPL-3.0-or-later
   Counts in the buckets of HdrHistogram with three significant digits, in memory only where
   there are any, and the two forms in which its tools exchange them: compressed V2 in base64,
   and the text of a percentile distribution.  www.hdrhistogram.org */
#ifndef SIM_STATS_HDR_H
#define SIM_STATS_HDR_H

#include "sim/engine/clock.h"
#include "sim/engine/output.h"
#include "sim/stats/histogram.h"

/* The buckets are those of struct histogram; only their pieces in use take memory. */
enum { HDR_PIECE = 128, HDR_PIECES = HISTOGRAM_BUCKETS / HDR_PIECE };

/* Zeroed: empty. */
struct hdr {
    uint64_t *pieces[HDR_PIECES]; /* of HDR_PIECE counts; NULL: all 0 */
    uint64_t count;
    sim_time largest;
};

void hdr_add(struct hdr *hdr, sim_time value);
void hdr_free(struct hdr *hdr); /* leaves it zeroed */

/* Writes the counts as base64 of a compressed V2 histogram; a reader makes room for values up
   to `trackable`, which none is above. */
void hdr_encode(const struct hdr *hdr, sim_time trackable, struct output *output);
/* Writes the percentile distribution, values in units of `unit_ns`: five lines each time that
   the share above is halved. */
void hdr_print(const struct hdr *hdr, double unit_ns, struct output *output);

#endif
