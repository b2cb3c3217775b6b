/* SPDX-License-Identifier: GPL-3.0-or-later
   Marks functions that only some worlds call, to keep them out of the hot functions that do:
   those are inlined into one another only while they are small. */
#ifndef MODELS_RARE_H
#define MODELS_RARE_H

#define RARE __attribute__((noinline))

#endif
