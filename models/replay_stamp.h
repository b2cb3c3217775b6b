/* SPDX-License-Identifier: GPL-3.0-or-later
   Times and quantities as text, read with integers only: no locale, no time zone of the
   machine, no rounding before the last step. */
#ifndef MODELS_REPLAY_STAMP_H
#define MODELS_REPLAY_STAMP_H

#include "sim/engine/clock.h"

#include <stdbool.h>
#include <stddef.h>

/* A time as a calendar has it; zone in seconds east of UTC. */
struct replay_civil {
    int year, month, day, hour, minute, second, nanosecond, zone;
};

/* Nanoseconds since 1970 (UTC); false where the date does not exist or lies outside 1970 to
   2261. */
bool replay_stamp_compose(const struct replay_civil *civil, int64_t *ns);

/* Exactly `width` decimal digits as a number, or -1. */
int replay_stamp_digits(const char *text, size_t width);

/* "2023-11-16 18:17:03.9799600": a blank or T between, up to nine decimals, then nothing, Z
   or a zone such as +02:00 (civil.zone, 0 without). */
bool replay_stamp_iso(const char *text, size_t size, struct replay_civil *civil,
                      int64_t *ns);

/* A decimal number ("12", "0.25", "1.5e-3", sign allowed) times `unit` (1 to SIM_LONGEST),
   rounded half away from 0; digits after the 19th do not count.  False for anything else
   and beyond 63 bits. */
bool replay_stamp_number(const char *text, size_t size, int64_t unit, int64_t *value);
/* Whether it is a decimal number, however large. */
bool replay_stamp_is_number(const char *text, size_t size);

#endif
