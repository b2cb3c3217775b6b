/* SPDX-License-Identifier: GPL-3.0-or-later
   The counts of a histogram without its empty buckets: for each bucket in use how many were
   passed over, and its count, both in groups of seven bits.  A few kilobytes in place of half
   a megabyte, for histograms that are only to be merged any more. */
#ifndef SIM_REPORT_SPARSE_H
#define SIM_REPORT_SPARSE_H

#include "sim/stats/histogram.h"

/* Frees the counts of a histogram, which must be settled, and returns their packed form, to be
   freed; NULL where it is empty.  Count, sums, least and largest stay. */
unsigned char *sparse_pack(struct histogram *histogram);
/* The same, but leaves the counts alone. */
unsigned char *sparse_copy(const struct histogram *histogram);
/* As histogram_merge does, for a packed histogram. */
void sparse_merge(struct histogram *into, const struct histogram *from,
                  const unsigned char *packed);

#endif
