/* SPDX-License-Identifier: GPL-3.0-or-later
   The memory of one array: it begins at a cache line, and from RANGE_MAPPED bytes on it is a
   mapping of its own, on huge pages where the kernel has them, that grows without a copy. */
#ifndef SIM_ENGINE_RANGE_H
#define SIM_ENGINE_RANGE_H

#include <stddef.h>

enum { RANGE_MAPPED = 1 << 20 };

/* Memory of `bytes` > `from` that begins with what `memory`, of `from` bytes, holds; of none if
   `from` is 0.  The old memory is gone.  What is new in a mapping is zero. */
void *range_grow(void *memory, size_t from, size_t bytes);
void range_free(void *memory, size_t bytes);

#endif
