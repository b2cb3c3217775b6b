/* SPDX-License-Identifier: GPL-3.0-or-later
   The words for where a turn begins. */
#include "models/blocks/start.h"

const char *const start_words[] = {"random", "first", NULL};
