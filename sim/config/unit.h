/* SPDX-License-Identifier: GPL-3.0-or-later
   Quantities with units as text, in both directions, exact. */
#ifndef SIM_CONFIG_UNIT_H
#define SIM_CONFIG_UNIT_H

#include "sim/config/number.h"
#include "sim/engine/param.h"

/* A quantity in base units: ns, bytes, 1/s, 1. */
struct unit_value {
    double real;         /* rounded once; infinite if too large */
    enum number_fit fit; /* whether `whole` is its exact size */
    uint64_t whole;
    bool negative;
};

enum unit_result {
    UNIT_READ,
    UNIT_MISSING, /* a bare number where a unit is needed */
    UNIT_WRONG    /* not a quantity of this type */
};

/* Reads all of `text` as a PARAM_COUNT, NUMBER, RATIO, DURATION, RATE or SIZE. */
enum unit_result unit_read(enum param_type type, const char *text, struct unit_value *value);

/* Writes whole nanoseconds (PARAM_DURATION) or bytes (PARAM_SIZE) in the largest unit that
   leaves a whole number; 32 bytes are enough. */
void unit_write_whole(enum param_type type, uint64_t whole, char *text);
/* Writes a double of any of the types so that it reads back equal; 48 bytes are enough. */
void unit_write(enum param_type type, double value, char *text);

/* Unit names for hints: "ns us ms s m h d"; NULL where the type has none. */
const char *unit_names(enum param_type type);
/* The part of a regular expression for what follows a numeral, for the JSON Schema; NULL
   where nothing does. */
const char *unit_pattern(enum param_type type);

#endif
